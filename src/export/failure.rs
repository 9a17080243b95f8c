//! Why an export came to no end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Error;
use crate::{durable_file::is_full, store};

/// Why an export came to no end, as a code with its arguments; `Display` is an English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = ExportFailure)]
pub enum Failure {
    /// There is no room for the file.
    #[error("There is no room for the file.")]
    NoRoom,
    /// The file could not be written.
    #[error("The file could not be written: {why}.")]
    NotWritten {
        /// The system's words.
        why: String,
    },
    /// What is there under this name is no ordinary file.
    #[error("{path} is not an ordinary file.")]
    NotAFile {
        /// The name.
        path: String,
    },
    /// The folder cannot take the file.
    #[error("{path} could not be written: {why}.")]
    TargetNotWritten {
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// The folder of a scheduled export is not there.
    #[error("The folder {folder} is not there.")]
    FolderGone {
        /// Its name.
        folder: String,
    },
    /// Some deliveries are not in the lists yet.
    #[error("{missing} deliveries are not in the lists yet.")]
    NotWhole {
        /// How many.
        missing: u64,
    },
    /// The record could not be read.
    #[error("The record could not be read: {why}")]
    NotRead {
        /// Why not, in English.
        why: String,
    },
    /// A fault in Calltrail ended it.
    #[error("A fault in Calltrail ended it.")]
    BrokenOff,
}

impl Failure {
    /// What an error is to a person.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Store(store::Error::Rebuilding { missing }) => Self::NotWhole { missing: *missing },
            Error::Store(error) => Self::NotRead { why: error.to_string() },
            Error::Write(why) | Error::Target { why, .. } if is_full(why) => Self::NoRoom,
            Error::Write(why) => Self::NotWritten { why: why.to_string() },
            Error::NotAFile(path) => Self::NotAFile { path: path.clone() },
            Error::Target { path, why } => Self::TargetNotWritten { path: path.clone(), why: why.to_string() },
            // What else there is is found before a job begins, or is no failure.
            other => Self::NotWritten { why: other.to_string() },
        }
    }
}
