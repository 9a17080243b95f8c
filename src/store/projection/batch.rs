//! What a batch of deliveries has changed and what is still to be derived from it, in memory until it is written once for all of
//! them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::callback::Callback;
use crate::store::delivery::{Delivery, Digest};
use crate::store::error::Error;
use crate::store::projection::counters::Counters;
use crate::store::projection::fold::step;
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::search::Ids;
use crate::store::projection::search::segment::Segments;

/// What deliveries have touched and what must be folded again for it: each call, stay and room once.
#[derive(Default)]
pub(crate) struct DirtySet {
    /// Each with the events that were written for it.
    pub(crate) calls: BTreeMap<(String, String), Vec<step::Event>>,
    pub(crate) stays: BTreeSet<(RoomKey, String)>,
    pub(crate) rooms: BTreeSet<RoomKey>,
    pub(crate) derived: DerivedIndexes,
}

/// What is kept beside the rows for those who list, count and search them. It is written once for a whole batch.
#[derive(Default)]
pub(crate) struct DerivedIndexes {
    /// Rows that came and went.
    pub(crate) tally: Counters,
    /// Calls whose ids changed.
    pub(crate) ids: Ids,
    /// Where deliveries are whose ids changed.
    pub(crate) segments: Segments,
}

impl DerivedIndexes {
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        self.tally.write(connection)?;
        self.ids.write(connection)?;
        self.segments.write(connection)
    }
}

/// A delivery that tells of a call or a room.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) digest: &'a Digest,
    pub(crate) delivery: &'a Delivery,
    pub(crate) callback: &'a Callback,
    /// When it happened.
    pub(crate) at_ms: i64,
    /// The time of receipt stands in for the event's own.
    pub(crate) flagged: bool,
}

/// When a delivery's event happened, before and after it was dated anew.
#[derive(Clone, Copy)]
pub(crate) struct Redated {
    pub(crate) digest: Digest,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    /// Whether the time of receipt stands in for the event's own.
    pub(crate) flagged: bool,
}
