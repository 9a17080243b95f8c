//! What a batch of deliveries has changed and what is still to be derived from it, in memory until it is written once for all of
//! them.

use std::collections::{BTreeMap, BTreeSet};

use crate::callback::Callback;
use crate::store::archive::Archived;
use crate::store::delivery::Delivery;
use crate::store::projection::counters::Counters;
use crate::store::projection::fold::step;
use crate::store::projection::hours::Hours;
use crate::store::projection::numbers::Numbers;
use crate::store::projection::people::DirtyPeople;
use crate::store::projection::recent::{Events, RecentEvents};
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::segments::Touched;
use crate::store::projection::stale::DirtyCases;

/// What deliveries have touched and what must be folded again for it: each call, stay and room once. It is of one transaction.
#[derive(Default)]
pub(crate) struct DirtySet {
    pub(crate) numbers: Numbers,
    /// By their numbers.
    pub(crate) calls: BTreeMap<i64, DirtyCall>,
    /// Room and user. Each room is among the `rooms` too.
    pub(crate) stays: BTreeSet<(i64, i64)>,
    /// By their numbers.
    pub(crate) rooms: BTreeMap<i64, RoomKey>,
    /// Rows that came and went.
    pub(crate) counters: Counters,
    /// When the calls that changed were started.
    pub(crate) hours: Hours,
    /// Who was in a call or a room, or of whom something is said.
    pub(crate) people: DirtyPeople,
    /// Whose cases are to be derived again.
    pub(crate) cases: DirtyCases,
    /// Calls, users and notes whose texts came or changed.
    pub(crate) touched: Touched,
    /// What was folded before this batch.
    pub(crate) recent: RecentEvents,
}

/// A call that is to be folded again.
#[derive(Default)]
pub(crate) struct DirtyCall {
    /// Application and id, where a delivery of this batch names them.
    pub(crate) key: Option<(String, String)>,
    /// Its events that came with this batch, by `delivery_id`: they need not be read from the archive.
    pub(crate) at_hand: Events,
}

/// What a delivery tells.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) archived: &'a Archived,
    pub(crate) delivery: &'a Delivery,
    pub(crate) callback: &'a Callback,
    /// What happened in a call, where it tells of one.
    pub(crate) call: Option<&'a step::Event>,
    /// The event's own time, where it is believed.
    pub(crate) own_ms: Option<i64>,
}

impl<'a> Told<'a> {
    /// One that tells of no call.
    pub(crate) fn of(
        archived: &'a Archived,
        delivery: &'a Delivery,
        callback: &'a Callback,
        own_ms: Option<i64>,
    ) -> Self {
        Self { archived, delivery, callback, call: None, own_ms }
    }

    /// When it happened: the time of receipt stands in for the event's own.
    pub(crate) fn at_ms(&self) -> i64 {
        self.own_ms.unwrap_or(self.delivery.received_ms)
    }
}

/// When a delivery's event happened, before and after it was dated anew.
#[derive(Clone, Copy)]
pub(crate) struct Redated {
    pub(crate) delivery_id: i64,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    /// Whether the time of receipt stands in for the event's own.
    pub(crate) flagged: bool,
}
