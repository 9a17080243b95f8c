//! The JSON Lines sink of lists: one object a row, by the columns' names. Deliveries and entries have lines of their own, which
//! can be imported again (`jsonl.rs`).

use std::io::Write;

use serde::{Serialize, Serializer};

use super::{
    Error, Progress, Request, TimeFormat, Written,
    columns::{self, Cell, Column, Each, Exported},
    jsonl::write_line,
    times::{self, Precision},
};
use crate::{store, zone::Zone};

/// Writes the rows of a stream.
pub(super) fn write_rows<R: Exported>(
    request: &Request,
    rows: impl FnOnce(Each<'_, R>) -> Result<(), store::Error>,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let columns = columns::named_once::<R>(request.columns.as_deref());
    let mut written = Written::new(progress);
    rows(&mut |row| Ok(written.row(write_line(out, &Object { columns: &columns, row: &row }))))?;
    written.end(|| out.flush())
}

/// A row, by the names of its columns.
struct Object<'a, R: 'static> {
    columns: &'a [&'static Column<R>],
    row: &'a R,
}

impl<R> Serialize for Object<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().map(|column| (column.heading.name, Plain((column.cell)(self.row)))))
    }
}

/// A value as JSON has it: times in UTC, and null where nothing is known.
struct Plain<'a>(Cell<'a>);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Cell::Empty => serializer.serialize_none(),
            Cell::Text(text) => a_text(text, serializer),
            Cell::List(texts) => serializer.collect_seq(texts.iter()),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
            Cell::Number(number) | Cell::Seconds(number) => serializer.serialize_i64(*number),
            Cell::Second(ms) => a_time(*ms, Precision::Second, serializer),
            Cell::Millisecond(ms) => a_time(*ms, Precision::Millisecond, serializer),
        }
    }
}

fn a_text<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(text) }
}

/// Nothing where the calendar ends, which it does before the numbers.
fn a_time<S: Serializer>(ms: i64, precision: Precision, serializer: S) -> Result<S::Ok, S::Error> {
    a_text(&times::format(ms, &Zone::utc(), TimeFormat::Iso, precision), serializer)
}
