//! Deliveries in, the record as text out.

mod backup;
mod broken;
mod call_hours;
mod calls;
mod cases;
mod clock;
mod damage;
mod durable;
mod entries;
mod exports;
mod faults;
mod figures;
mod inspection;
mod lists;
mod names;
mod opinion;
mod order;
mod people;
mod power;
mod rebuild;
mod room_counts;
mod rooms;
mod script;
mod spelling;
mod times;
mod undo;
mod versions;
mod waiting;

use std::path::Path;

use crate::callback::{self, AppClaim, Query};
use crate::environment;
use crate::store::delivery::{Delivery, Place, Received, Recorded, Source};
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::stored;
use crate::store::{Reader, Store};

/// 2025-10-09 10:00 UTC, shortly after the events of the samples.
const NOW: i64 = 1_760_004_000_000;

/// A callback as it arrives one second after `at_ms`.
fn delivery(at_ms: i64, query: &str, body: &str) -> Delivery {
    let parsed = Query::parse(query);
    let app = match callback::claimed_app(&parsed, &[]) {
        AppClaim::One(app) => app,
        AppClaim::Absent => String::new(),
        AppClaim::Conflict(apps) => panic!("a test request names two apps: {apps:?}"),
    };
    Delivery {
        received_ms: at_ms + 1_000,
        source: Source::Callback,
        remote: "127.0.0.1".to_owned(),
        method: "POST".to_owned(),
        app,
        query: query.to_owned(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

/// A CallKit v1 callback of app 1; `at` in seconds.
fn v1(at: i64, command: &str, body: &str) -> Delivery {
    let query = format!("sdkappid=1&command={command}&contenttype=json&clientip=203.0.113.7&optplatform=iOS");
    delivery(at * 1_000, &query, body)
}

/// A v2 callback of app 1; `at_ms` in milliseconds.
fn v2(at_ms: i64, command: &str, body: &str) -> Delivery {
    let query =
        format!("SdkAppid=1&CallbackCommand={command}&contenttype=json&ClientIP=203.0.113.7&OptPlatform=Android");
    delivery(at_ms, &query, body)
}

/// A delivery as another record has it, with so many repeats.
fn absorbed(delivery: &Delivery, repeats: u64) -> Received {
    let callback = stored::parse(delivery);
    Received { delivery: delivery.clone(), callback, place: Place::Archive, repeats, origin: None }
}

/// Records a delivery as the listener would.
fn record(store: &Store, delivery: &Delivery) -> Recorded {
    let callback = stored::parse(delivery);
    store.record_now(delivery.clone(), callback, Place::Archive).expect("the record takes the delivery")
}

/// Records deliveries one after the other.
fn record_all(store: &Store, deliveries: &[Delivery]) {
    for delivery in deliveries {
        record(store, delivery);
    }
}

/// What these deliveries give in a record of their own.
fn wanted(deliveries: &[Delivery]) -> String {
    with(deliveries, |store| store.read(Reader::dump).unwrap())
}

/// A store in a folder of its own with these deliveries; what is asked of it. They arrive at once and share commits.
fn with<T>(deliveries: &[Delivery], ask: impl FnOnce(&Store) -> T) -> T {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path(), "a test").expect("a new record opens");
    let (done, answers) = std::sync::mpsc::channel();
    for delivery in deliveries {
        let callback = stored::parse(delivery);
        let done = done.clone();
        let answer = move |outcome: Result<Recorded, _>| done.send(outcome.is_ok()).expect("the test waits");
        store.record(delivery.clone(), callback, Place::Archive, answer).expect("the queue has room");
    }
    drop(done);
    assert!(answers.iter().all(|stored| stored), "every delivery is stored");
    store.require_complete().expect("what was archived together is applied soon");
    let answer = ask(&store);
    store.close().expect("the record closes");
    answer
}

fn open_reader(folder: &Path) -> Reader {
    Reader::open(folder).expect("the record can be read")
}

/// Calls, members and steps as text.
fn calls_text(store: &Store, now_ms: i64) -> String {
    let read = |reader: &Reader| {
        let mut lines = Vec::new();
        for call in reader.calls(&Filter::default(), &PageRequest::default(), now_ms)?.rows {
            let detail = reader.call(&call.app, &call.call_id, now_ms)?.expect("a listed call has a detail");
            lines.push(format!(
                "{} {} {} {} {}->{} start {} answer {:?} end {:?} ring {:?} talk {:?} members {} room {} {} {}",
                call.call_id,
                call.result,
                call.media,
                call.call_type,
                call.caller,
                call.callees.join("+"),
                call.started_ms,
                call.answered_ms,
                call.ended_ms,
                call.ring_seconds,
                call.talk_seconds,
                call.members,
                call.room_id,
                call.room_id_type,
                call.source,
            ));
            lines.extend(detail.members.iter().map(|member| {
                format!(
                    "  {} [{}] invited {:?} joined {:?} left {:?} {} ring {:?} talk {:?} {}",
                    member.user,
                    member.role,
                    member.invited_ms,
                    member.joined_ms,
                    member.left_ms,
                    member.outcome,
                    member.ring_seconds,
                    member.talk_seconds,
                    member.platform
                )
            }));
            lines.extend(detail.steps.iter().map(|step| format!("  @{} {} {}", step.at_ms, step.action, step.user)));
        }
        Ok(lines.join("\n").replace("Some(", "").replace(')', "").replace("None", "-"))
    };
    store.read(read).expect("the record can be read")
}
