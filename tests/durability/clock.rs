//! A clock that jumps while callbacks arrive: they are kept, answered in time, and calls stay in the order of their own times.

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use calltrail::store::{Reader, filter::Filter};

use super::{assert_allows, assert_sound, load::Answers};
use crate::process::{Serve, command, end_call, ready};

/// What the process takes for now, one after another: an hour forth and back, then much farther.
const CLOCKS: [&str; 8] = [
    "@2025-03-06 12:00:00",
    "@2025-03-06 13:00:00",
    "@2025-03-06 11:00:00",
    "@2038-01-19 03:14:06",
    "@1970-01-01 00:00:01",
    "@2100-02-28 23:59:59",
    "@2025-03-06 12:30:00",
    "@1970-01-01 00:00:00",
];
const CALLS: usize = 4;

#[test]
fn a_clock_that_jumps_delays_and_loses_nothing_and_calls_stay_in_their_order() {
    let Some(library) = faketime() else {
        eprintln!("skipped: libfaketime, which sets the clock of one process, is not installed");
        return;
    };
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data_dir, clock) = (home.path().join("data"), home.path().join("clock"));
    let mut serve = start(&data_dir, &library, &clock, CLOCKS[0]);
    let mut answers = Answers::default();
    for (jump, now) in CLOCKS.iter().enumerate() {
        set(&clock, now);
        for call in 0..CALLS {
            let began = Instant::now();
            let body = call_of(jump * CALLS + call);
            assert_eq!(answers.post_body_to(&serve, &body), 200, "{now}: it is kept");
            assert!(began.elapsed() < Duration::from_secs(1), "{now}: in time, not after {:?}", began.elapsed());
        }
        assert_allows(&serve, now);
        if jump % 3 == 2 {
            // A start under each kind of clock, too.
            serve.kill();
            serve = start(&data_dir, &library, &clock, now);
        }
    }
    let (status, took) = serve.terminate();
    assert_eq!(status.code(), Some(0), "it stops as usual");
    assert!(took < Duration::from_secs(5), "no wait is as long as a jump: {took:?}");
    answers.assert_kept(&data_dir, "after the clock jumped");
    assert_sound(&data_dir, "after the clock jumped");
    let wanted: Vec<String> = (0..CLOCKS.len() * CALLS).rev().map(|n| format!("in-order-{n}")).collect();
    assert_eq!(calls(&data_dir), wanted, "newest first by the time of the call, whenever it was received");
}

fn start(data_dir: &Path, library: &Path, clock: &Path, now: &str) -> Serve {
    set(clock, now);
    let mut command = command(data_dir, &["--hook", "127.0.0.1:0", "--no-web"]);
    command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", clock).env("FAKETIME_NO_CACHE", "1");
    // Waiting times are measured by the clock that does not jump.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("NO_FAKE_STAT", "1");
    ready(command.spawn().expect("it starts"))
}

/// Sets the clock at once: a file that is being written would be read half.
fn set(clock: &Path, now: &str) {
    let new = clock.with_extension("new");
    fs::write(&new, now).expect("room");
    fs::rename(&new, clock).expect("the same folder");
}

fn faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.exists())
}

/// The `n`-th call: each began a minute after the one before.
fn call_of(n: usize) -> String {
    let began = 1_741_200_000 + 60 * n;
    end_call(&format!("in-order-{n}"))
        .replace("\"StartTime\":1741231140", &format!("\"StartTime\":{began}"))
        .replace("\"AcceptTime\":1741231142", &format!("\"AcceptTime\":{}", began + 2))
        .replace("\"EndTime\":1741231146", &format!("\"EndTime\":{}", began + 6))
        .replace("\"EventTime\":1741231146000", &format!("\"EventTime\":{}", (began + 6) * 1_000))
}

fn calls(data_dir: &Path) -> Vec<String> {
    let reader = Reader::open(data_dir).expect("the record can be read");
    let mut calls = Vec::new();
    let walk = reader.each_call(&Filter::default(), 0, |call| {
        calls.push(call.call_id);
        Ok(ControlFlow::Continue(()))
    });
    walk.expect("every row can be read");
    calls
}
