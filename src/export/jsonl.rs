//! The JSON Lines sink: deliveries with everything that was kept of them, and entries, one line each, to be imported again.

use std::{io::Write, ops::ControlFlow};

use serde::Serialize;

use super::{Error, Progress, Request, Written, entry_line::EntryLine, line::DeliveryLine};
use crate::store::{self, Reader, delivery::Digest, entry::Entry, filter::Filter};

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

/// How many entries of the log were written in the period of a filter.
pub(super) fn count_entries(reader: &Reader, filter: &Filter) -> Result<u64, store::Error> {
    if (filter.from, filter.to) == (None, None) {
        return reader.count_entries();
    }
    let mut count = 0;
    reader.each_entry(|entry| {
        count += u64::from(is_in_period(filter, &entry));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(count)
}

fn is_in_period(filter: &Filter, entry: &Entry) -> bool {
    filter.from.is_none_or(|from| entry.at_ms >= from) && filter.to.is_none_or(|to| entry.at_ms < to)
}

/// Writes every entry of the log that was written in the filter's period, in the order of arrival, and no more than `most`.
pub(super) fn write_entries(
    reader: &Reader,
    filter: &Filter,
    most: u64,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let mut written = Written::new(progress);
    reader.each_entry(|entry| {
        if written.rows >= most {
            return Ok(ControlFlow::Break(()));
        }
        if !is_in_period(filter, &entry) {
            return Ok(ControlFlow::Continue(()));
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
