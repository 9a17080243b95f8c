//! What arrived since the start, by application and family: the proof that something comes in at all.

use std::{collections::HashMap, sync::Mutex};

use crate::{callback::codes::Family, lock::lock};

/// What arrived of one family for one application since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// When the last one came of which nothing was wrong, Unix milliseconds.
    pub last_ms: Option<i64>,
    /// How many were refused for their signature.
    pub refused: u64,
}

/// What arrived, by application and family. Only applications that are ours are in it, so that strangers cannot fill it.
#[derive(Debug, Default)]
pub(super) struct Arrivals(Mutex<HashMap<(String, Family), Arrived>>);

impl Arrivals {
    /// Notes a delivery of which nothing is wrong.
    pub(super) fn came(&self, app: &str, family: Family, at_ms: i64) {
        self.change(app, family, |arrived| arrived.last_ms = Some(at_ms));
    }

    /// Notes a delivery whose signature was not accepted.
    pub(super) fn refused(&self, app: &str, family: Family) {
        self.change(app, family, |arrived| arrived.refused += 1);
    }

    /// What arrived of a family for an application.
    pub(super) fn of(&self, app: &str, family: Family) -> Arrived {
        let arrivals = lock(&self.0);
        arrivals.get(&(app.to_owned(), family)).copied().unwrap_or_default()
    }

    /// When the last one came, of any family for any application.
    pub(super) fn last_ms(&self) -> Option<i64> {
        lock(&self.0).values().filter_map(|arrived| arrived.last_ms).max()
    }

    fn change(&self, app: &str, family: Family, change: impl FnOnce(&mut Arrived)) {
        let mut arrivals = lock(&self.0);
        change(arrivals.entry((app.to_owned(), family)).or_default());
    }
}
