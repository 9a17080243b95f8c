//! Where a library writes that tells its own errors and not the system's: what went wrong is kept here.

use std::io::{self, Write};

use super::{Error, Progress};

/// The output of an export.
pub(super) struct Outlet<'a> {
    out: &'a mut (dyn Write + Send),
    /// Who may cancel while the last of it is written, and the rows that are told.
    cancel: Option<(Progress<'a>, u64)>,
    failure: Option<Error>,
}

impl<'a> Outlet<'a> {
    /// One that is written row by row.
    pub(super) const fn of(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, cancel: None, failure: None }
    }

    /// One that is written when all rows are known, which takes a while too, and can be cancelled.
    pub(super) const fn at_the_end(out: &'a mut (dyn Write + Send), progress: Progress<'a>, rows: u64) -> Self {
        Self { out, cancel: Some((progress, rows)), failure: None }
    }

    /// What the library says, or what is known better.
    pub(super) fn said<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.failure.take().map_or(result, Err)
    }

    fn kept<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            self.failure = Some(error.into());
            kind.into()
        })
    }
}

impl Write for Outlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A library that cleans up after it has failed would print that this fails too.
        if self.failure.is_some() {
            return Ok(bytes.len());
        }
        if self.cancel.is_some_and(|(progress, rows)| progress(rows).is_break()) {
            self.failure = Some(Error::Cancelled);
            return Err(io::ErrorKind::Other.into());
        }
        let result = self.out.write(bytes);
        self.kept(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failure.is_some() {
            return Ok(());
        }
        let result = self.out.flush();
        self.kept(result)
    }
}
