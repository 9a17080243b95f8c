//! Durability from outside, on the real `calltrail`: whatever happens to the process, the disk or the clock, nothing that was
//! answered with success is missing. What happens to SQLite's own calls is tested inside the library.

mod asleep;
mod clock;
mod damage;
mod entries;
mod faults;
mod full;
mod instance;
mod kill;
pub(crate) mod load;
mod locked;
mod names;
mod rebuild;
mod sealed;
mod startup;
mod stop;
mod tmpfs;
mod trace;
mod unwritable;
mod upgrade;

use std::{
    fs,
    path::Path,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use calltrail::{
    callback::{self, Query},
    store::{
        Store,
        delivery::{Delivery, Place, Received, Source},
        is_held, verify,
    },
};

use super::{
    process::{APP, Serve, end_call},
    support::{Answer, request},
};

/// Opens the record for writing, which recovers what the last process left, and checks everything in it.
fn assert_sound(data_dir: &Path, when: &str) {
    let store = Store::open(data_dir, "a test").unwrap_or_else(|error| panic!("{when}: it does not open: {error}"));
    wait_until(&format!("{when}: the record is whole"), Duration::from_secs(60), || {
        store.condition().rebuilding.is_none().then_some(())
    });
    close(store);
    let verified = verify(data_dir).unwrap_or_else(|error| panic!("{when}: it cannot be verified: {error}"));
    assert!(verified.is_sound() && verified.missing == 0, "{when}: {verified:?}");
}

/// Closes a record that this process had open, so that another one can open it.
fn close(store: Store) {
    let data_dir = store.folder().to_owned();
    store.close().expect("it closes");
    // A process that another test is just starting has the lock too, until it has become that program.
    wait_until("the record is free", Duration::from_secs(10), || (!is_held(&data_dir)).then_some(()));
}

/// Asks again and again until there is an answer.
fn wait_until<T>(what: &str, at_most: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < at_most, "{what}: not within {at_most:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for the end of a process that should end by itself; ends it where it does not.
fn ended(mut child: Child, at_most: Duration) -> Option<ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < at_most {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    None
}

/// `GET /healthz`.
fn health(serve: &Serve) -> Answer {
    request(&serve.address.to_string(), "GET", "/healthz", &[], b"")
}

/// A command that blocks the customer's users until it is answered: the sender must always be allowed.
fn assert_allows(serve: &Serve, when: &str) {
    let began = Instant::now();
    let gift = br#"{"CallbackCommand":"Live.CallbackBeforeSendGift","RoomId":"r"}"#;
    let answer = serve.post(&format!("SdkAppid={APP}&CallbackCommand=Live.CallbackBeforeSendGift"), &[], gift);
    assert_eq!(answer.status, 200, "{when}: a user waits for this");
    assert_eq!(answer.json()["ErrorCode"], 0, "{when}: 0 allows the gift: {}", answer.body);
    assert!(began.elapsed() < Duration::from_secs(2), "{when}: Tencent waits 2 s, this took {:?}", began.elapsed());
}

/// What a person wrote and nothing could keep: they are told that, and why.
fn assert_not_saved(answer: &Answer, cause: &str) {
    assert_eq!(answer.status, 503, "it can be tried again: {}", answer.body);
    assert_eq!(answer.json()["problem"]["code"], "not_saved", "it is said that it was not: {}", answer.body);
    assert_eq!(answer.json()["problem"]["cause"], cause, "and why: {}", answer.body);
}

/// Deliveries as the archive keeps them, made without a sender; the `n`-th is always the same.
fn delivery(n: usize) -> Delivery {
    Delivery {
        received_ms: 1_741_231_146_000 + i64::try_from(n).expect("a small number"),
        source: Source::Callback,
        remote: "127.0.0.1".to_owned(),
        method: "POST".to_owned(),
        app: APP.to_owned(),
        query: format!("SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall"),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: end_call(&format!("made-{n}")).into_bytes(),
    }
}

/// Puts the first `count` of them into the record of a folder.
fn fill(data_dir: &Path, count: usize) {
    let store = Store::open(data_dir, "a test").expect("a new record");
    let rows = (0..count).map(|n| {
        let delivery = delivery(n);
        let callback = callback::parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body);
        Received { delivery, callback, place: Place::Archive, repeats: 0, origin: None }
    });
    store.absorb(rows.collect()).expect("they go in");
    close(store);
}

/// The numbers of the projections in a folder.
fn projections(data_dir: &Path) -> Vec<u64> {
    let names = fs::read_dir(data_dir).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut numbers: Vec<u64> = names
        .filter_map(|name| name.to_str()?.strip_prefix("projection-")?.strip_suffix(".db")?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers
}
