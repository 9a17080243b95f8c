//! What the record knows of its own completeness.

use std::collections::BTreeMap;

use crate::store::archive::coverage;
use crate::store::coverage::{Fetched, KnownFrom, Up};
use crate::store::error::Error;
use crate::store::query::known_from;
use crate::store::query::reader::Reader;

impl Reader {
    /// The periods in which callbacks could be taken that end at `from_ms` (Unix milliseconds) or later, in their order, and the
    /// last one before.
    pub fn up_since(&self, from_ms: i64) -> Result<Vec<Up>, Error> {
        coverage::up_since(&self.connection, from_ms)
    }

    /// The periods that Tencent's records were read for which end after `from_ms`, Unix milliseconds.
    pub fn fetched_since(&self, from_ms: i64) -> Result<Vec<Fetched>, Error> {
        coverage::fetched_since(&self.connection, from_ms)
    }

    /// From where the calls are known that began in a window [from, to) of Unix milliseconds, by the beginning of each quarter of an
    /// hour.
    pub fn known_from(&self, window: (i64, i64), app: Option<&str>) -> Result<BTreeMap<i64, KnownFrom>, Error> {
        known_from::by_quarter(&self.connection, window, app)
    }

    /// When the first call began, Unix milliseconds.
    pub fn first_call_ms(&self) -> Result<Option<i64>, Error> {
        known_from::first(&self.connection)
    }
}
