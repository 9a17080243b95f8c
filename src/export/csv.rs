//! The CSV sink: RFC 4180 with CRLF, minimal quoting, for programs or for spreadsheets.

use std::{borrow::Cow, io::Write};

use super::{
    Error, Profile, Progress, Request, Written,
    columns::{self, Cell, Column, Each, Exported},
    guard::guard,
    times,
};
use crate::store;

/// Writes the rows of any stream.
pub(crate) fn write_rows<R: Exported>(
    request: &Request,
    rows: impl FnOnce(Each<'_, R>) -> Result<(), store::Error>,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let columns = columns::chosen::<R>(request.columns.as_deref());
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

fn field<'a>(cell: Cell<'a>, request: &Request) -> Cow<'a, str> {
    let time = |ms, precision| Cow::Owned(times::format(ms, &request.tz, request.time_format, precision));
    // Numbers and times are typed and stay as they are: a negative number is no formula.
    let text = |text: Cow<'a, str>| match request.profile {
        Profile::Programs => text,
        Profile::Spreadsheet => Cow::Owned(guard(&text).into_owned()),
    };
    match cell {
        Cell::Empty | Cell::Flag(false) => Cow::Borrowed(""),
        Cell::Flag(true) => text(Cow::Borrowed("yes")),
        Cell::Number(number) | Cell::Seconds(number) => Cow::Owned(number.to_string()),
        Cell::Second(ms) => time(ms, times::Precision::Second),
        Cell::Millisecond(ms) => time(ms, times::Precision::Millisecond),
        Cell::Text(value) => text(value),
        Cell::List(values) => columns::joined(values).map_or(Cow::Borrowed(""), |value| text(Cow::Owned(value))),
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
