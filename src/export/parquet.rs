//! The Parquet sink: columns with types of their own, for DuckDB, pandas and whatever else reads it. Times are moments in UTC.

mod columns;

use std::{io::Write, sync::Arc};

use ::parquet::{
    basic::Compression,
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};

use self::columns::Values;
use super::{
    Error, Progress, Request, Written,
    about::WRITTEN_BY,
    columns::{Each, Exported},
    outlet::Outlet,
};
use crate::store;

/// Rows that wait in memory until they are written together, at most.
const MOST_ROWS: usize = 65_536;
/// Bytes of values that wait, at most.
const MOST_BYTES: usize = 16 << 20;

/// Writes the rows of a stream.
pub(super) fn write_rows<R: Exported>(
    request: &Request,
    rows: impl FnOnce(Each<'_, R>) -> Result<(), store::Error>,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let columns = super::columns::named_once::<R>(request.columns.as_deref());
    let schema = columns.iter().map(|column| columns::declared(column.heading.name, column.sort)).collect::<String>();
    let schema = parse_message_type(&format!("message {} {{ {schema} }}", request.kind.code())).map_err(error)?;
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by(WRITTEN_BY.to_owned()).build();
    let mut outlet = Outlet::of(out);
    let mut written = Written::new(progress);
    let result = (|| {
        let mut file = SerializedFileWriter::new(&mut outlet, Arc::new(schema), Arc::new(properties)).map_err(error)?;
        let mut group: Vec<Values> = columns.iter().map(|column| Values::of(column.sort)).collect();
        let mut size = (0, 0);
        rows(&mut |row| {
            for (values, column) in group.iter_mut().zip(&columns) {
                size.1 += values.push((column.cell)(&row));
            }
            size.0 += 1;
            let is_full = size.0 >= MOST_ROWS || size.1 >= MOST_BYTES;
            Ok(written.row(if is_full { flush(&mut file, &mut group, &mut size) } else { Ok(()) }))
        })?;
        let rows = written.end(|| Ok(()))?;
        if size.0 > 0 {
            flush(&mut file, &mut group, &mut size)?;
        }
        file.close().map_err(error)?;
        Ok(rows)
    })();
    let rows = outlet.said(result)?;
    outlet.flush()?;
    Ok(rows)
}

/// Writes what waits.
fn flush<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    group: &mut [Values],
    size: &mut (usize, usize),
) -> Result<(), Error> {
    let mut rows: SerializedRowGroupWriter<'_, W> = file.next_row_group().map_err(error)?;
    for values in group {
        let Some(mut column) = rows.next_column().map_err(error)? else { break };
        values.write(&mut column).map_err(error)?;
        column.close().map_err(error)?;
    }
    rows.close().map_err(error)?;
    *size = (0, 0);
    Ok(())
}

fn error(error: ParquetError) -> Error {
    Error::Write(std::io::Error::other(error))
}

#[cfg(test)]
mod tests;
