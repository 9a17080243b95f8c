//! Back-pressure: whoever fills a record waits here while the store's queue has enough to do.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use calltrail::{
    lock::lock,
    store::{Error, delivery::Recorded},
};

use crate::Outcome;

/// Deliveries on their way at once: enough for full batches, and less than the store's queue takes.
const MOST: usize = 2_048;
/// Who waits for a place is woken when so few are left.
const HALF: usize = MOST / 2;
/// What cannot happen while there are never more on their way.
pub(super) const FULL: &str = "the store's queue is full";

/// Deliveries on their way to the disk.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    on_the_way: usize,
    failed: Option<String>,
}

/// One delivery's place among them.
pub(super) struct Place(Waiting);

impl Waiting {
    /// Waits for a free place. Fails with what went wrong with any delivery so far.
    pub(super) fn place(&self) -> Outcome<Place> {
        self.wait_while(|state| state.on_the_way >= MOST)?.on_the_way += 1;
        Ok(Place(self.clone()))
    }

    /// Waits until all are on the disk.
    pub(super) fn until_empty(&self) -> Outcome<()> {
        self.wait_while(|state| state.on_the_way > 0).map(drop)
    }

    fn wait_while(&self, busy: impl Fn(&State) -> bool) -> Outcome<MutexGuard<'_, State>> {
        let (state, freed) = &*self.0;
        let state = freed
            .wait_while(lock(state), |state| state.failed.is_none() && busy(state))
            .unwrap_or_else(PoisonError::into_inner);
        match &state.failed {
            Some(why) => Err(why.clone().into()),
            None => Ok(state),
        }
    }
}

impl Place {
    pub(super) fn free(self, kept: Result<Recorded, Error>) {
        let (state, freed) = &*self.0.0;
        let mut state = lock(state);
        state.on_the_way -= 1;
        if let Err(error) = kept {
            state.failed = Some(error.to_string());
        }
        // Not for each place: waking up costs more than recording.
        if matches!(state.on_the_way, 0 | HALF) || state.failed.is_some() {
            freed.notify_all();
        }
    }
}
