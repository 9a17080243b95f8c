//! The CSV sink: RFC 4180 with CRLF, minimal quoting, for programs or for spreadsheets.

use std::{borrow::Cow, io::Write};

use super::{
    Error, Profile, Progress, Request, Written,
    columns::{Cell, Column, Each, Exported},
    guard::guard,
    times,
};
use crate::store::{self, Reader};

/// Writes every row of `R` that the request's filter finds.
pub(super) fn write<R: Exported>(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let rows = |row: Each<'_, R>| R::each(reader, &request.filter, now_ms, row);
    write_rows(request, rows, out, progress)
}

/// Writes the rows of any stream.
pub(crate) fn write_rows<R: Exported>(
    request: &Request,
    rows: impl FnOnce(Each<'_, R>) -> Result<(), store::Error>,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let columns = chosen::<R>(request);
    if request.profile == Profile::Spreadsheet {
        // Without the mark Excel reads the file in the code page of the system.
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut csv = ::csv::WriterBuilder::new()
        .delimiter(request.separator.byte())
        .terminator(::csv::Terminator::CRLF)
        .from_writer(out);
    csv.write_record(columns.iter().map(|column| request.headings.call(&column.heading))).map_err(io_error)?;

    let mut written = Written::new(progress);
    rows(&mut |row| Ok(written.row(write_row(&mut csv, request, &columns, &row))))?;
    written.end(|| csv.flush())
}

fn write_row<R, W: Write>(
    csv: &mut ::csv::Writer<W>,
    request: &Request,
    columns: &[&Column<R>],
    row: &R,
) -> Result<(), Error> {
    for column in columns {
        csv.write_field(field((column.cell)(row), request).as_bytes()).map_err(io_error)?;
    }
    csv.write_record(None::<&[u8]>).map_err(io_error)
}

/// The chosen columns in the order they were named; `check` has already refused unknown ones.
fn chosen<R: Exported>(request: &Request) -> Vec<&'static Column<R>> {
    match &request.columns {
        None => R::COLUMNS.iter().collect(),
        Some(names) => {
            let named = |name: &String| R::COLUMNS.iter().find(|column| column.heading.name == name);
            names.iter().filter_map(named).collect()
        }
    }
}

fn field<'a>(cell: Cell<'a>, request: &Request) -> Cow<'a, str> {
    let time = |ms, precision| Cow::Owned(times::format(ms, &request.tz, request.time_format, precision));
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Second(ms) => time(ms, times::Precision::Second),
        Cell::Millisecond(ms) => time(ms, times::Precision::Millisecond),
        Cell::Text(text) => match request.profile {
            Profile::Programs => text,
            // Numbers and times are typed and stay as they are: a negative number is no formula.
            Profile::Spreadsheet => Cow::Owned(guard(&text).into_owned()),
        },
    }
}

fn io_error(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        other => Error::Write(std::io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests;
