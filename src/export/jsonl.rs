//! The JSON Lines sink: deliveries with everything that was kept of them, one line each, to be imported again.

use std::{io::Write, ops::ControlFlow};

use super::{Error, Progress, Request, line::DeliveryLine};
use crate::store::{Reader, delivery::Digest};

/// Writes every delivery that the request's filter finds, quarantined ones included.
pub(super) fn write(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let mut written = 0;
    let mut failure = None;
    reader.each_delivery(&request.filter, now_ms, |row| {
        // The list's row says what became of it; the archive's row, read in the same snapshot, says what it was.
        let Some(digest) = Digest::from_hex(&row.digest) else { return Ok(ControlFlow::Continue(())) };
        let Some((delivery, origin)) = reader.raw_with_origin(&digest)? else { return Ok(ControlFlow::Continue(())) };
        let origin = origin.filter(|_| request.origins).map(|origin| origin.text());
        let line = DeliveryLine { origin, ..DeliveryLine::new(row, delivery) };
        let result = write_line(out, &line);
        Ok(super::counted(result, &mut written, progress, &mut failure))
    })?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    out.flush()?;
    super::finished(written, progress)
}

fn write_line(out: &mut dyn Write, line: &DeliveryLine) -> Result<(), Error> {
    let text = serde_json::to_string(line).map_err(|error| Error::Write(error.into()))?;
    out.write_all(text.as_bytes())?;
    Ok(out.write_all(b"\n")?)
}
