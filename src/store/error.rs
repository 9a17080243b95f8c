//! What can go wrong with the record, in sentences for people.

use crate::store::entry::Unfit;
use std::path::{Path, PathBuf};

use crate::store::locked::Locked;

use crate::store::loss::Loss;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process writes this record.
    #[error(
        "The record in {folder} is held by {holder}. One process writes at a time; stop it first, or choose another --data-dir."
    )]
    Held {
        /// The data folder.
        folder: PathBuf,
        /// The process, as it described itself.
        holder: String,
    },
    /// The database was written by a newer Calltrail.
    #[error(
        "The database is of version {found}, and this Calltrail knows versions up to {known}. Nothing was changed; please use the newer Calltrail."
    )]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file belongs to another program.
    #[error("{0} is an SQLite database of another program. Nothing was changed; please choose another data folder.")]
    Foreign(PathBuf),
    /// There is no database to read.
    #[error("There is no record in {0} yet. Start Calltrail once, or choose another --data-dir.")]
    Missing(PathBuf),
    /// The tables were derived by another version, and a read-only process may not replay them.
    #[error("The record was derived by another version of Calltrail. Nothing is lost; run `calltrail rebuild` once.")]
    Outdated,
    /// The linked SQLite has a known bug that damages WAL databases.
    #[error("This build links SQLite {0}; at least 3.51.3 is needed, because older ones can damage the record.")]
    OldSqlite(String),
    /// A setting that durability rests on did not take.
    #[error(
        "SQLite did not accept the setting {name}: it is {found}, not {wanted}. The record is not opened, because it would not be safe."
    )]
    Setting {
        /// The pragma.
        name: &'static str,
        /// What was asked for.
        wanted: String,
        /// What SQLite answered.
        found: String,
    },
    /// A backup, or the copy that is made before an upgrade, did not pass its check.
    #[error(
        "The copy of the archive did not pass its check ({0}), so it cannot be relied upon. The record itself was not changed."
    )]
    BackupFailed(String),
    /// A backup would take the place of something.
    #[error("{0} exists already. Nothing was written; please name a file that does not.")]
    Exists(PathBuf),
    /// A backup would fill the disk.
    #[error(
        "There is not enough room for a backup: it wants {} MiB, and {} MiB are free. Nothing was written, so that callbacks can still be kept.",
        wanted / 1_048_576, free / 1_048_576
    )]
    NoRoom {
        /// Bytes that should be free.
        wanted: u64,
        /// Bytes that are.
        free: u64,
    },
    /// An archive of an earlier version is copied and written anew, and there is no room for that.
    #[error(
        "This record was written by an earlier Calltrail. Before it is taken over, a copy is made, and there is not enough room for that: it wants {} MiB, and {} MiB are free. Nothing was changed. Make room, or move the data folder to a larger disk.",
        wanted / 1_048_576, free / 1_048_576
    )]
    NoRoomToUpgrade {
        /// Bytes that should be free.
        wanted: u64,
        /// Bytes that are.
        free: u64,
    },
    /// A file or folder could not be used.
    #[error("{path}: {source}")]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A database file could not be opened.
    #[error(
        "{path} could not be opened: {source}. Check that it and its folder are yours, can be written and have room."
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A database file could not be read, for a reason that is not in its content.
    #[error(
        "{path} could not be read: {source}. That says nothing about what is in it. Check that this user may read it and what lies beside it, and that the disk is well."
    )]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A database that nobody closed lies where nothing can be written.
    #[error(
        "{path} was not closed, so what came last is in a log beside it, and that can only be read where its folder can be written. Nothing is wrong with it. Copy the whole folder to a place that can be written, and name that one with --data-dir."
    )]
    NotClosed {
        /// The file.
        path: PathBuf,
    },
    /// Another program has locked the record.
    #[error(
        "The record in {folder} is locked by {locked}, so nothing can be written to it. Nothing is damaged. End what that program is doing there, or close it, and try again."
    )]
    Locked {
        /// The data folder.
        folder: PathBuf,
        /// The lock.
        locked: Locked,
    },
    /// The database refused.
    #[error("The database could not be used: {}", without_sql(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// Something in the database is not in the form that this program writes.
    #[error("The database holds something unexpected: {0}")]
    Content(String),
    /// A page cursor that this program did not make.
    #[error("The cursor is not one that a list answered. Ask for the first page again.")]
    BadCursor,
    /// A filter value that cannot be.
    #[error("{0}")]
    BadFilter(String),
    /// Something that cannot be written down.
    #[error("Nothing was written: {0}.")]
    BadEdit(#[from] Unfit),
    /// Nothing could be stored yet; the sender is told to try again. The delivery waits in memory meanwhile, and goes into the
    /// record when that is possible.
    #[error("The delivery could not be stored yet: {0}")]
    Commit(String),
    /// A name of the record does not lead to the file that is open under it.
    #[error(
        "{0}. What was stored is still held open and is being written again; callbacks are refused until that is done. See whether a program \
         that synchronizes or cleans up, or another computer, works in the data folder."
    )]
    Exchanged(Loss),
    /// It could not be written again yet.
    #[error(
        "{loss}. What was stored is still held open, but could not be written again yet: {why}. Callbacks are refused until it is; that is tried \
         every second. Leave Calltrail running, and see that its data folder can be written."
    )]
    NotWrittenAgain {
        /// What became of the file.
        loss: Loss,
        /// What was in the way.
        why: Box<Error>,
    },
    /// What must lie beside the record could not be put back.
    #[error("What lies beside the record could not be put back: {0}")]
    Beside(Box<dyn std::error::Error + Send + Sync>),
    /// The store is closing.
    #[error("The record is being closed.")]
    Closed,
    /// An export would miss what the projection has not come to yet.
    #[error(
        "The record is being rebuilt after an upgrade: {missing} of its deliveries are still to come. Nothing is lost; the export would miss them, so please try again when it is whole."
    )]
    Rebuilding {
        /// How many.
        missing: u64,
    },
    /// Whoever asked does not want the answer any more.
    #[error("The question was given up.")]
    Interrupted,
    /// A row callback ended the walk with its own error.
    #[error("{0}")]
    Row(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Adds the path to an error of a database that was being opened.
    pub(crate) fn opening(self, path: PathBuf) -> Self {
        match self {
            Self::Sqlite(source) => Self::Unusable { path, source },
            other => other,
        }
    }

    /// Adds the path to an error of a database that was being read, where the reason is not in its content.
    pub(crate) fn reading(self, path: &Path) -> Self {
        match self {
            Self::Sqlite(source) if Self::is_access(&source) => Self::NotReadable { path: path.to_owned(), source },
            other => other,
        }
    }

    /// What SQLite would say of a file that is corrupt, for corruption that SQLite itself does not see.
    pub(crate) fn damage(why: &str) -> Self {
        let damage = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        rusqlite::Error::SqliteFailure(damage, Some(why.to_owned())).into()
    }

    /// Adds the path to an I/O error.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

impl Error {
    /// True when the disk or the file is at fault, and not what was to be written.
    pub(crate) fn is_of_disk(&self) -> bool {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, FileLockingProtocolFailed,
            NoLargeFileSupport, NotADatabase, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        let of_disk = [
            CannotOpen,
            DatabaseBusy,
            DatabaseCorrupt,
            DatabaseLocked,
            DiskFull,
            FileLockingProtocolFailed,
            NoLargeFileSupport,
            NotADatabase,
            OutOfMemory,
            PermissionDenied,
            ReadOnly,
            SystemIoFailure,
        ];
        match self {
            Self::Io { .. }
            | Self::Exchanged(_)
            | Self::NotWrittenAgain { .. }
            | Self::Held { .. }
            | Self::NotReadable { .. } => true,
            Self::Sqlite(error) => error.sqlite_error_code().is_some_and(|code| of_disk.contains(&code)),
            _ => false,
        }
    }

    /// True when a file could not be opened or written as SQLite wanted to: a matter of rights, and not of what is in it.
    pub(crate) fn is_of_access(&self) -> bool {
        matches!(self, Self::Sqlite(error) if Self::is_access(error))
    }

    /// The same of what SQLite said.
    pub(crate) fn is_access(error: &rusqlite::Error) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
        error.sqlite_error_code().is_some_and(|code| matches!(code, CannotOpen | PermissionDenied | ReadOnly))
    }

    /// True when somebody else's lock was in the way: nothing was written, and nothing is wrong with what was.
    pub(crate) fn is_lock(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        let Self::Sqlite(error) = self else { return false };
        error.sqlite_error_code().is_some_and(|code| matches!(code, DatabaseBusy | DatabaseLocked))
    }

    /// True when a database file is not what SQLite wrote.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        let Self::Sqlite(error) = self else { return false };
        error.sqlite_error_code().is_some_and(|code| matches!(code, DatabaseCorrupt | NotADatabase))
    }
}

/// SQLite's words, without the statement that they are about: that is our own business.
fn without_sql(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Content(error.to_string())
    }
}

/// No more deliveries may wait to be stored: this one is not kept, and the sender is told to try again.
#[derive(Debug, thiserror::Error)]
#[error("Too many deliveries wait to be stored.")]
pub struct QueueFull;
