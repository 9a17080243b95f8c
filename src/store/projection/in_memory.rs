//! The folds without a database: what deliveries are for them, and the rows they make of it. For tests and the fuzzer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::callback::codes::Verdict;
use crate::callback::facts::{Facts, RoomAction, RoomEvent};
use crate::callback::{self, Callback, Query};
use crate::store::delivery::{Delivery, Digest};
use crate::store::projection::doubt;
use crate::store::projection::fold::plausible::{Cell, OwnTime, suffice};
use crate::store::projection::fold::{call, stay, step};

/// Application, product, kind of id, id.
pub(crate) type RoomId = (String, String, String, String);

/// What the deliveries tell of whose own time is doubted, by cell.
struct Doubts(BTreeMap<Cell, Vec<String>>);

impl Doubts {
    fn of<'a>(spoken: impl Iterator<Item = (&'a Delivery, &'a Callback)>) -> Self {
        let mut cells = BTreeMap::<_, Vec<_>>::new();
        for (delivery, callback) in spoken {
            if let OwnTime::Doubted(at_ms) = OwnTime::of(callback.event_ms, delivery.received_ms) {
                // Nobody's deliveries are about nothing, as in the store.
                let facts = callback.facts.as_ref().filter(|_| !delivery.app.is_empty());
                // What has no name is no witness.
                let subject = doubt::subject(&delivery.app, facts).unwrap_or_default();
                cells.entry(Cell::of(delivery.received_ms, at_ms)).or_default().push(subject);
            }
        }
        Self(cells)
    }

    fn believe(&self, cell: Cell) -> bool {
        suffice(cell.around().filter_map(|cell| self.0.get(&cell)).flatten().cloned())
    }
}

/// What the folds are given: the events of each call and of each user in each room, in the order of arrival.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) calls: BTreeMap<(String, String), Vec<step::Event>>,
    pub(crate) stays: BTreeMap<(RoomId, String), Vec<stay::Presence>>,
    pub(crate) boundaries: BTreeMap<RoomId, Vec<i64>>,
    /// By digest: the earliest receipt, the verdict, and the event's own time.
    pub(crate) readings: BTreeMap<String, (i64, Verdict, Option<i64>)>,
}

impl Inputs {
    /// Takes deliveries in the order of their arrival; the earliest receipt speaks for a delivery that came again.
    pub(crate) fn of<'a>(arrived: impl IntoIterator<Item = (&'a Delivery, &'a Callback, Digest)>) -> Self {
        let mut spoken: Vec<(&Delivery, &Callback, Digest)> = Vec::new();
        let receipt = |delivery: &'a Delivery| (delivery.received_ms, &delivery.query);
        for (delivery, callback, digest) in arrived {
            match spoken.iter_mut().find(|(.., known)| *known == digest) {
                Some(known) if receipt(delivery) < receipt(known.0) => known.0 = delivery,
                Some(_) => {}
                None => spoken.push((delivery, callback, digest)),
            }
        }
        let doubts = Doubts::of(spoken.iter().map(|(delivery, callback, _)| (*delivery, *callback)));
        let mut inputs = Self::default();
        spoken.into_iter().for_each(|(delivery, callback, digest)| inputs.take(delivery, callback, digest, &doubts));
        inputs
    }

    fn take(&mut self, delivery: &Delivery, callback: &Callback, digest: Digest, doubts: &Doubts) {
        let (app, received_ms) = (&delivery.app, delivery.received_ms);
        let own_ms = match OwnTime::of(callback.event_ms, received_ms) {
            OwnTime::Doubted(at_ms) => doubts.believe(Cell::of(received_ms, at_ms)).then_some(at_ms),
            own => own.plausible(),
        };
        let unnamed = app.is_empty() && !matches!(callback.verdict, Verdict::Test | Verdict::Empty);
        let verdict = if unnamed { Verdict::NoApp } else { callback.verdict };
        self.readings.insert(digest.hex(), (received_ms, verdict, own_ms));
        let at_ms = own_ms.unwrap_or(received_ms);
        match callback.facts.as_ref().filter(|_| !unnamed) {
            Some(Facts::Call(event)) => {
                let event_of = step::Event {
                    at_ms,
                    digest,
                    flagged: own_ms.is_none(),
                    family: callback.family.code(),
                    command: callback.command.as_str().into(),
                    client_ip: "".into(),
                    platform: callback::platform(&Query::parse(&delivery.query)).into(),
                    body_bytes: delivery.body.len(),
                    detail: event.detail.clone().into(),
                };
                self.calls.entry((app.clone(), event.call_id.clone())).or_default().push(event_of);
            }
            Some(Facts::Room(event)) => self.room_event(app, event, at_ms, digest),
            None => {}
        }
    }

    fn room_event(&mut self, app: &str, event: &RoomEvent, at_ms: i64, digest: Digest) {
        let (product, kind) = (event.product.code().to_owned(), event.room_id_type.code().to_owned());
        let room = (app.to_owned(), product, kind, event.room_id.clone());
        if event.action == RoomAction::Closed {
            self.boundaries.entry(room.clone()).or_default().push(at_ms);
        }
        let Some(what) = stay::What::read(event.action.code()) else { return };
        for user in event.users.iter().collect::<BTreeSet<_>>() {
            self.stays.entry((room.clone(), user.clone())).or_default().push(stay::Presence {
                at_ms,
                what,
                digest,
                cause: event.cause.clone(),
                unique_id: event.unique_id.clone(),
            });
        }
    }

    /// Puts the events of each call into their order, each once.
    pub(crate) fn put_in_order(&mut self) {
        self.calls.values_mut().for_each(|events| *events = step::in_order(std::mem::take(events)));
    }

    /// The boundaries of a room in the order of time.
    pub(crate) fn boundaries_of(&self, room: &RoomId) -> Vec<i64> {
        let mut boundaries = self.boundaries.get(room).cloned().unwrap_or_default();
        boundaries.sort_unstable();
        boundaries
    }

    /// Everything that the folds make of it, as text.
    pub(crate) fn rows(&self) -> String {
        let mut rows = String::new();
        // Writing into a text cannot fail.
        for (call_id, events) in &self.calls {
            let call = call::fold(events);
            let caller = call.as_ref().map(|call| call.caller.clone()).unwrap_or_default();
            let _ = writeln!(rows, "{call_id:?} {call:?} {:?}", step::timeline(events, &caller));
        }
        for ((room, user), events) in &self.stays {
            let stays = stay::fold(events.clone(), &self.boundaries_of(room), &room.1);
            let _ = writeln!(rows, "{room:?} {user:?} {stays:?}");
        }
        for reading in &self.readings {
            let _ = writeln!(rows, "{reading:?}");
        }
        rows
    }
}
