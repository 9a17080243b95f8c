//! The JSON Lines sink: deliveries with everything that was kept of them, and entries, one line each, to be imported again.

use std::{io::Write, ops::ControlFlow};

use serde::Serialize;

use super::{Error, Progress, Request, Written, entry_line::EntryLine, line::DeliveryLine};
use crate::store::{Reader, delivery::Digest};

/// Writes every delivery that the request's filter finds, quarantined ones included, and no more than `most`.
pub(super) fn write(
    reader: &Reader,
    request: &Request,
    (now_ms, most): (i64, u64),
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let mut written = Written::new(progress);
    reader.each_delivery(&request.filter, now_ms, |row| {
        if written.rows >= most {
            return Ok(ControlFlow::Break(()));
        }
        // The list's row says what became of it; the archive's row, read in the same snapshot, says what it was.
        let Some(digest) = Digest::from_hex(&row.digest) else { return Ok(ControlFlow::Continue(())) };
        let Some((delivery, origin)) = reader.raw_with_origin(&digest)? else { return Ok(ControlFlow::Continue(())) };
        let origin = origin.filter(|_| request.origins).map(|origin| origin.text());
        let line = DeliveryLine { origin, ..DeliveryLine::new(row, delivery) };
        Ok(written.row(write_line(out, &line)))
    })?;
    written.end(|| out.flush())
}

/// Writes every entry of the log, in the order of arrival, and no more than `most`.
pub(super) fn write_entries(
    reader: &Reader,
    most: u64,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let mut written = Written::new(progress);
    reader.each_entry(|entry| {
        if written.rows >= most {
            return Ok(ControlFlow::Break(()));
        }
        Ok(written.row(write_line(out, &EntryLine::from(entry))))
    })?;
    written.end(|| out.flush())
}

pub(super) fn write_line(out: &mut dyn Write, line: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(line).map_err(|error| Error::Write(error.into()))?;
    out.write_all(text.as_bytes())?;
    Ok(out.write_all(b"\n")?)
}
