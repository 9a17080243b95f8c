//! The same histories through the real store: recorded in random order, with repeats, in batches of random size, and read back.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::channel;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::callback::codes::Verdict;
use crate::store::delivery::Place;
use crate::store::filter::Filter;
use crate::store::tests::opinion::model::Record;
use crate::store::tests::opinion::{Arrived, shuffled};
use crate::store::{Error, Reader, Store};

/// Far more deliveries than the writer puts into one commit.
const MOST_AT_ONCE: usize = 400;

/// Records the deliveries of many histories in random order; `seed` decides it.
pub(super) fn record(store: &Store, histories: &[Vec<Arrived>], seed: u64) {
    let all = shuffled(&histories.concat(), seed);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rest = &all[..];
    while !rest.is_empty() {
        let most = if random.random_bool(0.2) { 3 } else { MOST_AT_ONCE };
        let (batch, later) = rest.split_at(random.random_range(1..=most).min(rest.len()));
        record_together(store, batch);
        rest = later;
    }
}

/// Records deliveries that wait together, and waits for all of them.
pub(super) fn record_together(store: &Store, batch: &[Arrived]) {
    let (done, answers) = channel();
    for Arrived { delivery, callback, .. } in batch {
        let done = done.clone();
        let answer = move |outcome: Result<_, Error>| done.send(outcome.is_ok()).expect("the test waits");
        store.record(delivery.clone(), callback.clone(), Place::Archive, answer).expect("the queue has room");
    }
    drop(done);
    assert!(answers.iter().all(|stored| stored), "every delivery is stored");
}

/// Everything in the store, history by history: by the number that their calls and rooms carry.
pub(super) fn read(store: &Store, histories: &[Vec<Arrived>], now_ms: i64) -> Vec<Record> {
    let read = |reader: &Reader| {
        let mut whole = Record::default();
        let filter = Filter::default();
        let on = || Ok(ControlFlow::Continue(()));
        reader.each_call(&filter, now_ms, |row| (whole.calls.push(row), on()).1)?;
        reader.each_member(&filter, now_ms, |row| (whole.members.push(row), on()).1)?;
        reader.each_stay(&filter, now_ms, |row| (whole.stays.push(row), on()).1)?;
        reader.each_room(&filter, now_ms, |row| (whole.rooms.push(row), on()).1)?;
        reader.each_delivery(&filter, now_ms, |row| {
            let verdict = Verdict::read(&row.verdict).expect("a verdict");
            whole.readings.insert(row.digest, (row.received_ms, verdict, row.event_ms));
            on()
        })?;
        for call in &whole.calls {
            let detail = reader.call(&call.app, &call.call_id, now_ms)?.expect("a listed call has a detail");
            let sources = serde_json::from_value(detail.sources).expect("fields and their sources");
            whole.sources.insert(call.call_id.clone(), sources);
        }
        for room in &whole.rooms {
            let id = (room.app.clone(), room.product.clone(), room.room_id_type.clone(), room.room_id.clone());
            let detail = reader.room(&id.0, &id.1, &id.2, &id.3, None, now_ms)?.expect("a listed room has a detail");
            whole.details.insert(id, serde_json::from_value(detail.details).expect("registers"));
        }
        Ok(whole)
    };
    store.require_complete().expect("nothing is left to be applied");
    split(store.read(read).expect("the record can be read"), histories)
}

/// Parts a record by history.
fn split(whole: Record, histories: &[Vec<Arrived>]) -> Vec<Record> {
    let mut owner: BTreeMap<String, usize> = BTreeMap::new();
    let mut parts: Vec<Record> = vec![Record::default(); histories.len()];
    for (n, history) in histories.iter().enumerate() {
        owner.extend(history.iter().map(|arrived| (arrived.digest.hex(), n)));
        owner.extend(history.iter().filter_map(|arrived| Some((arrived.told_of()?, n))));
    }
    let of = |key: &str| owner[key];
    whole.calls.into_iter().for_each(|row| parts[of(&row.call_id)].calls.push(row));
    whole.members.into_iter().for_each(|row| parts[of(&row.call_id)].members.push(row));
    whole.stays.into_iter().for_each(|row| parts[of(&row.room_id)].stays.push(row));
    whole.rooms.into_iter().for_each(|row| parts[of(&row.room_id)].rooms.push(row));
    whole.sources.into_iter().for_each(|(id, row)| parts[of(&id)].sources.extend([(id, row)]));
    whole.details.into_iter().for_each(|(id, row)| parts[of(&id.3)].details.extend([(id, row)]));
    whole.readings.into_iter().for_each(|(id, row)| parts[of(&id)].readings.extend([(id, row)]));
    parts
}
