//! Lists as files: one column list and one row stream per kind ([`columns`]), and a sink per format.
//!
//! [`write()`] streams into any writer, [`to_file`] replaces a file as a whole, and [`Jobs`] does that beside the window.

pub(crate) mod about;
pub mod columns;
mod csv;
mod digest;
pub mod entry_line;
mod failure;
mod file;
pub mod guard;
mod headings;
mod jobs;
mod jsonl;
mod kind;
pub mod line;
mod objects;
mod outlet;
mod parquet;
mod preview;
mod request;
mod rows;
mod separator;
pub mod times;
mod view;
mod words;
pub(crate) mod xlsx;

use std::{io, ops::ControlFlow};

#[cfg(any(test, fuzzing))]
pub(crate) use self::csv::write_rows;
pub(crate) use self::file::{Announce, Ready, replace, to_file_announced};
#[cfg(test)]
pub(crate) use self::xlsx::workbook;
pub use self::{
    failure::Failure,
    file::{side_car, to_file},
    headings::Headings,
    jobs::{Job, JobState, Jobs},
    kind::{Format, Kind},
    preview::{Preview, preview},
    request::{Around, Profile, Request, TimeFormat, check},
    rows::{count, write},
    separator::Separator,
    view::{LONGEST_NAME_OF_VIEW, Unfit, View, is_name_of_view},
    words::is_about_sheet,
};
use crate::store;

/// Why there is no export, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The output could not be written.
    #[error(
        "The export could not be written: {0}. Nothing is missing from the record; free some space or choose another place, then export again."
    )]
    Write(#[source] io::Error),
    /// The reader of a pipe or download went away; nothing that a person needs to hear about.
    #[error("The export was not read to its end.")]
    Closed,
    /// Somebody cancelled it.
    #[error("The export was cancelled; no file was written.")]
    Cancelled,
    /// A column that the kind does not have.
    #[error("{} have no column \"{name}\". The columns are: {}.", .kind.code(), .kind.columns().join(", "))]
    UnknownColumn {
        /// Of which kind.
        kind: Kind,
        /// The name that was asked for.
        name: String,
    },
    /// Entries in columns.
    #[error("Entries are written as jsonl: what they say is not of one shape, and so it can be imported again.")]
    OnlyLines,
    /// Columns of JSON Lines.
    #[error(
        "JSON Lines of deliveries and entries always hold every field, so that they can be imported again; choose columns with csv or xlsx."
    )]
    NoColumns,
    /// The target exists and is no ordinary file.
    #[error("{0} is not an ordinary file, so it was not replaced. Choose another name.")]
    NotAFile(String),
    /// The target's folder cannot take the file.
    #[error("{path} could not be written: {why}. What was there before is unchanged.")]
    Target {
        /// The target.
        path: String,
        /// What the system said.
        why: io::Error,
    },
}

impl Error {
    /// True when the request itself was wrong, so that asking again the same way cannot work.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::UnknownColumn { .. } | Self::OnlyLines | Self::NoColumns)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Write(error) }
    }
}

/// How often progress is reported and a cancellation noticed, in rows.
const PROGRESS_EVERY: u64 = 256;

/// Is told how many rows are written; `Break` cancels.
pub type Progress<'a> = &'a (dyn Fn(u64) -> ControlFlow<()> + Sync);

/// What a sink has written. What went wrong is kept here, because a row stream only carries the store's own errors.
struct Written<'a> {
    rows: u64,
    failure: Option<Error>,
    progress: Progress<'a>,
}

impl<'a> Written<'a> {
    fn new(progress: Progress<'a>) -> Self {
        Self { rows: 0, failure: None, progress }
    }

    /// Counts a row that was written, or was not, reports progress now and then, and says whether to go on.
    fn row(&mut self, result: Result<(), Error>) -> ControlFlow<()> {
        if let Err(error) = result {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        self.rows += 1;
        if self.rows.is_multiple_of(PROGRESS_EVERY) && (self.progress)(self.rows).is_break() {
            self.failure = Some(Error::Cancelled);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Tells the final count; a cancellation still counts, because nothing has been put in its place yet.
    fn end(self, mut flush: impl FnMut() -> io::Result<()>) -> Result<u64, Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        flush()?;
        if (self.progress)(self.rows).is_break() { Err(Error::Cancelled) } else { Ok(self.rows) }
    }
}
