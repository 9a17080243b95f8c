//! How the record is doing: whether it stores what arrives, what is being rebuilt, and what was found damaged.

use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::lock::lock;
use crate::store::error::Error;
pub use crate::store::locked::{Locked, Process};

/// How the record is doing, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct State {
    /// Why nothing can be stored at the moment; senders are answered 503 and try again. Null while all is well.
    pub failing: Option<String>,
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
    pub backup_failed: Option<String>,
    /// What kept the last rebuild from ending; null when nothing did.
    pub rebuild_failed: Option<String>,
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
    /// Verdict, and reason if there is one, as in use; empty when it has not been read at all.
    pub before: String,
    /// The same, as it would be.
    pub after: String,
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
        state.failing = Some(error.to_string());
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
