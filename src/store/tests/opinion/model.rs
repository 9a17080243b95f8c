//! The second opinion: what `rules.md` says that deliveries become, written down as literally as possible with plain maps.
//! It uses the parser's facts and nothing of the store's folds or tables.

mod call;
mod member;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::callback::codes::Verdict;
use crate::callback::delivery::Digest;
use crate::callback::facts::Facts;
use crate::callback::{Query, platform};
use crate::store::rows::{CallRow, MemberRow, RoomRow, StayRow};
use crate::store::tests::opinion::Arrived;

const DAY_MS: i64 = 86_400_000;
/// 2015.
const OLDEST_MS: i64 = 1_420_070_400_000;
/// 2100.
const NEWEST_MS: i64 = 4_102_444_800_000;

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

/// The receipt that speaks for each delivery: the earliest, with its query.
fn earliest(history: &[Arrived]) -> BTreeMap<Digest, ((i64, &String), &Arrived)> {
    let mut earliest = BTreeMap::new();
    for arrived in history {
        let receipt = (arrived.delivery.received_ms, &arrived.delivery.query);
        let known = earliest.entry(arrived.digest).or_insert((receipt, arrived));
        if receipt < known.0 {
            *known = (receipt, arrived);
        }
    }
    earliest
}

/// What speaks against the receiver's clock: the receipt of each event that lies more than a day after it, how far it is ahead,
/// and what call or room it is about.
pub(super) struct Witnesses(Vec<(i64, i64, String)>);

impl Witnesses {
    pub(super) fn of(history: &[Arrived]) -> Self {
        let of = |((received_ms, _), arrived): ((i64, &String), &Arrived)| {
            let ahead_ms = arrived.callback.event_ms.filter(|at| (OLDEST_MS..NEWEST_MS).contains(at))? - received_ms;
            let about = arrived.callback.facts.as_ref().filter(|_| !arrived.delivery.app.is_empty())?;
            let about = match about {
                Facts::Call(event) => format!("call {}", event.call_id),
                Facts::Room(event) => {
                    format!("room {} {} {}", event.product.code(), event.room_id_type.code(), event.room_id)
                }
            };
            (ahead_ms > DAY_MS).then(|| (received_ms, ahead_ms, format!("{} {about}", arrived.delivery.app)))
        };
        Self(earliest(history).into_values().filter_map(of).collect())
    }

    /// Three deliveries about two calls or rooms, of the same or neighbouring days, and of the same or neighbouring ten minutes.
    fn bear_out(&self, received_ms: i64, ahead_ms: i64) -> bool {
        let near = |one: i64, other: i64, unit: i64| (one.div_euclid(unit) - other.div_euclid(unit)).abs() <= 1;
        let agree: Vec<&String> = self
            .0
            .iter()
            .filter(|(received, ahead, _)| near(*received, received_ms, DAY_MS) && near(*ahead, ahead_ms, 600_000))
            .map(|(.., about)| about)
            .collect();
        agree.len() > 2 && agree.iter().any(|about| *about != agree[0])
    }
}

/// The record of these deliveries alone, read at `now_ms`.
pub(super) fn record(history: &[Arrived], now_ms: i64) -> Record {
    record_among(history, &Witnesses::of(history), now_ms)
}

/// The record of these deliveries beside others, which may be witnesses.
pub(super) fn record_among(history: &[Arrived], witnesses: &Witnesses, now_ms: i64) -> Record {
    let mut record = Record::default();
    let (mut calls, mut rooms) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<RoomId, Vec<_>>::new());
    for (digest, ((received_ms, query), arrived)) in earliest(history) {
        let (app, callback) = (&arrived.delivery.app, &arrived.callback);
        // Before 2015: not plausible. More than a day ahead: only where others bear it out.
        let believed = |at: i64| at < NEWEST_MS && witnesses.bear_out(received_ms, at - received_ms);
        let own_ms = callback.event_ms.filter(|at| *at >= OLDEST_MS && (*at <= received_ms + DAY_MS || believed(*at)));
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
