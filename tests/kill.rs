//! Durability from outside: whatever was answered with success is there after `kill -9`, and nothing else is.

use std::{collections::BTreeSet, ops::ControlFlow, path::Path, sync::mpsc, thread, time::Duration};

use calltrail::{
    callback::{self, Query},
    store::{Reader, Store, delivery::Digest, filter::Filter, verify},
};
use rand::Rng as _;

use super::process::{APP, Sender, Serve, end_call};

/// How often the process is killed.
const ROUNDS: usize = 20;
/// Senders at one time, each on a connection that it keeps.
const SENDERS: usize = 8;

/// What one sender did until its connection broke.
#[derive(Default)]
struct Log {
    sent: Vec<String>,
    answered: Vec<String>,
}

#[test]
fn kill_9_under_load_loses_no_answered_delivery() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let (mut sent, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..ROUNDS {
        for log in one_round(&data_dir, round) {
            sent.extend(log.sent.iter().map(|body| digest(body)));
            answered.extend(log.answered.iter().map(|body| digest(body)));
        }
    }
    assert!(answered.len() > ROUNDS * SENDERS, "only {} answers: this was no load", answered.len());
    let kept = kept(&data_dir);
    let lost: Vec<_> = answered.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} answered deliveries are lost", lost.len(), answered.len());
    let invented: Vec<_> = kept.difference(&sent).collect();
    assert!(invented.is_empty(), "{} deliveries were never sent like that", invented.len());
    // Opening it for writing recovers what the last kill left; then the record must equal a replay of the archive.
    drop(Store::open(&data_dir, "a test").expect("the record opens after the last kill"));
    let verified = verify(&data_dir).expect("readable");
    assert!(verified.is_sound(), "the file and the projection are sound: {verified:?}");
}

/// Starts the process, loads it and kills it after a random time.
fn one_round(data_dir: &Path, round: usize) -> Vec<Log> {
    let serve = Serve::start(data_dir);
    let (address, path) = (serve.address, serve.path.clone());
    let (logs, received) = mpsc::channel();
    for sender in 0..SENDERS {
        let (logs, path) = (logs.clone(), path.clone());
        thread::spawn(move || {
            let mut log = Log::default();
            if let Ok(wire) = Sender::connect(address, &path) {
                send_until_broken(wire, &format!("r{round}-s{sender}"), &mut log);
            }
            logs.send(log).expect("the test waits for it");
        });
    }
    drop(logs);
    thread::sleep(Duration::from_millis(rand::rng().random_range(30..=200)));
    serve.kill();
    received.iter().collect()
}

fn send_until_broken(mut wire: Sender, name: &str, log: &mut Log) {
    for call in 0.. {
        let body = end_call(&format!("{name}-{call}"));
        log.sent.push(body.clone());
        match wire.post(&body) {
            Ok(200) => log.answered.push(body),
            Ok(503) => {}
            Ok(status) => panic!("{name}: {status} is neither kept nor busy"),
            Err(_) => return,
        }
    }
}

/// A delivery's identity, which its whole body goes into.
fn digest(body: &str) -> String {
    let understood = callback::parse(&Query::parse(""), &[], body.as_bytes());
    Digest::of(APP, &understood, body.as_bytes()).hex()
}

/// What the archive holds, read as another process reads it.
fn kept(data_dir: &Path) -> BTreeSet<String> {
    let reader = Reader::open(data_dir).expect("the record opens beside nobody");
    let mut kept = BTreeSet::new();
    let walk = reader.each_delivery(&Filter::default(), 0, |row| {
        assert!(!row.quarantined, "{}: all of them are ours", row.digest);
        kept.insert(row.digest);
        Ok(ControlFlow::Continue(()))
    });
    walk.expect("every row can be read");
    kept
}
