//! How the record is doing: whether it stores what arrives, what is being rebuilt, and what was found damaged.

use std::io;
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::callback::{reason::Reason, words};
use crate::durable_file::is_full;
use crate::lock::lock;
use crate::store::error::Error;
pub use crate::store::locked::{Locked, Process};

/// How the record is doing, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct State {
    /// Why nothing can be stored at the moment; senders are answered 503 and try again. Null while all is well.
    pub failing: Option<Failure>,
    /// Another program's lock, where that is why; null when it is something else.
    pub locked: Option<Locked>,
    /// Deliveries that could not be stored when they came. They wait in memory and go into the record when that is possible.
    pub waiting: u64,
    /// Deliveries that were turned away since the start, because too many waited already: those are not kept.
    pub turned_away: u64,
    /// The projection that is being filled; null when none is.
    pub rebuilding: Option<Rebuilding>,
    /// What a newer reading of the archive would change, waiting for a person; null when there is none.
    pub review: Option<Review>,
    /// True while the files are checked after an unclean stop.
    pub checking: bool,
    /// Why the last daily backup could not be made; null when it could.
    pub backup_failed: Option<Failure>,
    /// What kept the last rebuild from ending; null when nothing did.
    pub rebuild_failed: Option<Failure>,
}

/// What kept the record from being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// What kind of thing.
    pub cause: FailureCause,
    /// What happened, in English and in the words of the system.
    pub why: String,
}

/// What kinds of things keep a record from being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureCause {
    /// There is no room on the disk.
    DiskFull,
    /// The disk gives errors.
    DiskError,
    /// A file or folder may not be written, or is not there.
    NoAccess,
    /// Another program has locked a file.
    Locked,
    /// A file is not what SQLite wrote.
    Damaged,
    /// A file was taken away or replaced, and is being written again.
    Exchanged,
    /// Another Calltrail writes this record.
    Held,
    /// Something else; `why` says what.
    Other,
}

/// In English, to go on after a colon.
impl std::fmt::Display for FailureCause {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self {
            Self::DiskFull => "the disk is full",
            Self::DiskError => "the disk reports an error",
            Self::NoAccess => "a file or folder is missing, or cannot be read or written",
            Self::Locked => "another program has locked a file",
            Self::Damaged => "a file is damaged",
            Self::Exchanged => "a file of the record was removed or replaced, and is being written again",
            Self::Held => "another Calltrail is writing to this record",
            Self::Other => "the log says why",
        })
    }
}

impl Failure {
    /// What an error is to a person.
    pub(crate) fn of(error: &Error) -> Self {
        use rusqlite::ErrorCode::{DiskFull, SystemIoFailure};
        let cause = match error {
            error if error.is_lock() => FailureCause::Locked,
            error if error.is_damage() => FailureCause::Damaged,
            Error::Locked { .. } => FailureCause::Locked,
            Error::Exchanged(_) | Error::NotWrittenAgain { .. } => FailureCause::Exchanged,
            Error::Held { .. } => FailureCause::Held,
            Error::NoRoom { .. } | Error::NoRoomToUpgrade { .. } => FailureCause::DiskFull,
            Error::NotReadable { .. } => FailureCause::NoAccess,
            Error::Sqlite(error) | Error::Unusable { source: error, .. } if Error::is_access(error) => {
                FailureCause::NoAccess
            }
            Error::Sqlite(error) | Error::Unusable { source: error, .. } => match error.sqlite_error_code() {
                Some(DiskFull) => FailureCause::DiskFull,
                Some(SystemIoFailure) => FailureCause::DiskError,
                _ => FailureCause::Other,
            },
            Error::Io { source, .. } if is_full(source) => FailureCause::DiskFull,
            Error::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound | io::ErrorKind::ReadOnlyFilesystem => {
                    FailureCause::NoAccess
                }
                _ => FailureCause::Other,
            },
            _ => FailureCause::Other,
        };
        Self { cause, why: error.to_string() }
    }
}

/// A projection that is being filled from the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rebuilding {
    /// Deliveries that are in it.
    pub done: u64,
    /// Deliveries in the archive.
    pub total: u64,
    /// True while lists show only what is in it so far: the newest deliveries come first. False while they show the old one.
    pub partial: bool,
    /// True when a person asks first what would change.
    pub for_review: bool,
}

/// What a newer reading of the archive would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Review {
    /// Deliveries that would be read differently.
    pub deliveries: u64,
    /// Calls that would change, appear or go.
    pub calls: u64,
    /// Rooms that would.
    pub rooms: u64,
    /// Stays that would.
    pub stays: u64,
    /// The newest of the deliveries that would be read differently, at most 200.
    pub examples: Vec<Rereading>,
}

/// One delivery, as it is read now and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rereading {
    /// Hexadecimal digest of the delivery.
    pub digest: String,
    /// The earliest known receipt, Unix milliseconds.
    pub received_ms: i64,
    /// The command as sent.
    pub command: String,
    /// As in use.
    pub before: ReadAs,
    /// As it would be.
    pub after: ReadAs,
}

/// What was made of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadAs {
    /// The verdict.
    #[schema(value_type = words::Verdict)]
    pub verdict: String,
    /// Why; null where there is nothing to say.
    pub reason: Option<Reason>,
}

/// The state, shared between the writer, who fills projections, and who asks.
#[derive(Default)]
pub(crate) struct Condition(Mutex<State>);

impl Condition {
    pub(crate) fn state(&self) -> State {
        self.lock().clone()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
    }

    /// Something was stored.
    pub(crate) fn stores(&self) {
        let mut state = self.lock();
        state.locked = None;
        if state.failing.take().is_some() {
            tracing::warn!("deliveries can be stored again");
        }
    }

    /// Nothing could be stored, because of another program's lock or for another reason.
    pub(crate) fn fails(&self, error: &Error, locked: Option<Locked>) {
        let mut state = self.lock();
        state.failing = Some(Failure::of(error));
        state.locked = locked;
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.lock().failing.is_some()
    }

    /// So many could not be stored when they came, and wait; true when that is news.
    pub(crate) fn holds_back(&self, waiting: usize) -> bool {
        let waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
        std::mem::replace(&mut self.lock().waiting, waiting) != waiting
    }

    /// One more found no room to wait.
    pub(crate) fn turns_away(&self) {
        let mut state = self.lock();
        state.turned_away += 1;
        if state.turned_away.is_power_of_two() {
            tracing::error!(
                turned_away = state.turned_away,
                "no more deliveries can wait to be stored; some are not kept"
            );
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}
