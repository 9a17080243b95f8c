//! The second opinion: what `rules.md` says that deliveries become, written down as literally as possible with plain maps.
//! It uses the parser's facts and nothing of the store's folds or tables.

mod call;
mod member;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Arrived;
use crate::callback::codes::Verdict;
use crate::callback::facts::Facts;
use crate::callback::{Query, platform};
use crate::store::rows::{CallRow, MemberRow, RoomRow, StayRow};

const DAY_MS: i64 = 86_400_000;

/// The record of a set of deliveries, as the readers answer it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    pub(super) calls: Vec<CallRow>,
    pub(super) members: Vec<MemberRow>,
    /// For each call where its fields come from.
    pub(super) sources: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) stays: Vec<StayRow>,
    pub(super) rooms: Vec<RoomRow>,
    /// For each room what was last told of it.
    pub(super) details: BTreeMap<RoomId, BTreeMap<String, Value>>,
    /// For each delivery its receipt, its verdict, and its event's own time.
    pub(super) readings: BTreeMap<String, (i64, Verdict, Option<i64>)>,
}

impl Record {
    /// The same in one order of its rows; the readers have their own. Members have an order that tells something.
    pub(super) fn sorted(mut self) -> Self {
        self.calls.sort_by_key(|row| row.call_id.clone());
        self.members.sort_by_key(|row| row.call_id.clone());
        let room = |row: &StayRow| (row.product.clone(), row.room_id_type.clone(), row.room_id.clone());
        self.stays.sort_by_key(|row| (room(row), row.user.clone(), row.n));
        self.rooms.sort_by_key(|row| (row.product.clone(), row.room_id_type.clone(), row.room_id.clone()));
        self
    }

    /// The part that the folds alone can give: the rooms' own rows are made by queries.
    pub(super) fn of_folds(mut self) -> Self {
        self.rooms.clear();
        self.details.clear();
        self.sorted()
    }
}

/// app, product, type of the id, id.
pub(super) type RoomId = (String, String, String, String);

/// A delivery as its earliest receipt tells it.
struct Told<'a> {
    arrived: &'a Arrived,
    at_ms: i64,
    platform: String,
}

/// The record of these deliveries, read at `now_ms`.
pub(super) fn record(history: &[Arrived], now_ms: i64) -> Record {
    let mut earliest = BTreeMap::new();
    for arrived in history {
        let receipt = (arrived.delivery.received_ms, &arrived.delivery.query);
        let known = earliest.entry(arrived.digest).or_insert((receipt, arrived));
        if receipt < known.0 {
            *known = (receipt, arrived);
        }
    }
    let mut record = Record::default();
    let (mut calls, mut rooms) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<RoomId, Vec<_>>::new());
    for (digest, ((received_ms, query), arrived)) in earliest {
        let (app, callback) = (&arrived.delivery.app, &arrived.callback);
        // Before 2015, or more than a day ahead: not plausible.
        let own_ms = callback.event_ms.filter(|at| *at >= 1_420_070_400_000 && *at <= received_ms + DAY_MS);
        let verdict = match callback.verdict {
            Verdict::Empty | Verdict::Test => callback.verdict,
            _ if app.is_empty() => Verdict::NoApp,
            verdict => verdict,
        };
        record.readings.insert(digest.hex(), (received_ms, verdict, own_ms));
        let at_ms = own_ms.unwrap_or(received_ms);
        let told = Told { arrived, at_ms, platform: platform(&Query::parse(query)).to_owned() };
        match &callback.facts {
            _ if app.is_empty() => {}
            Some(Facts::Call(event)) => {
                calls.entry((app, &event.call_id)).or_default().push((told, &event.detail));
            }
            Some(Facts::Room(event)) => {
                let (product, kind) = (event.product.code().to_owned(), event.room_id_type.code().to_owned());
                rooms.entry((app.clone(), product, kind, event.room_id.clone())).or_default().push((told, event));
            }
            None => {}
        }
    }
    for ((app, call_id), events) in calls {
        call::fold(&mut record, app, call_id, events, now_ms);
    }
    for (id, events) in rooms {
        room::fold(&mut record, id, &events, now_ms);
    }
    record
}

/// Whole seconds; clocks that disagree give 0.
fn seconds(from_ms: i64, to_ms: i64) -> i64 {
    (to_ms - from_ms).max(0) / 1_000
}

/// The first of each, without nobody.
fn distinct<'a>(users: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    users.into_iter().filter(|user| !user.is_empty() && seen.insert(*user)).cloned().collect()
}

fn count<T>(of: impl IntoIterator<Item = T>) -> u64 {
    of.into_iter().map(|_| 1).sum()
}
