//! A clock that jumps while callbacks arrive: they are kept, answered in time, and calls stay in the order of their own times.

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use calltrail::store::{Reader, filter::Filter};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{assert_allows, assert_sound, load::Answers};
use crate::{
    process::{APP, Serve, command, end_call, ready},
    sandbox::command as sandbox,
    support::{calltrail, request},
};

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
    let Some(library) = faketime() else { return };
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

/// Years behind until somebody sets it.
const IN_2016: &str = "@2016-01-01 00:00:00";
const RIGHT: &str = "+0";
const TWO_YEARS_AHEAD: &str = "+2y";

#[test]
fn what_happens_under_a_wrong_clock_is_dated_by_those_who_send_it() {
    let Some(library) = faketime() else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data_dir, clock) = (home.path().join("data"), home.path().join("clock"));
    let serve = start_with_web(&data_dir, &library, &clock, IN_2016);
    let began = Utc::now().timestamp() - 20;
    call_and_stay(&serve, "under-2016", began);
    assert_dated(&data_dir, "under-2016", began);
    assert_said(&serve, Some("years"), "ten years behind");
    let says = doctor(&data_dir, Some((&*library, &*clock)));
    assert!(says.contains("clock") && says.contains("behind"), "doctor says so too: {says}");
    call_and_stay(&serve, "more", began + 5);
    for (name, began) in [("under-2016", began), ("more", began + 5)] {
        assert_dated(&data_dir, name, began);
    }
    set(&clock, RIGHT);
    call_and_stay(&serve, "right", began + 10);
    assert_said(&serve, None, "the clock was set");
    set(&clock, "+1h");
    (0..4).for_each(|n| call_and_stay(&serve, &format!("early-{n}"), began + 15));
    assert_said(&serve, Some("ahead"), "an hour ahead");
    serve.terminate();
    for (name, began) in [("under-2016", began), ("more", began + 5), ("right", began + 10), ("early-3", began + 15)] {
        assert_dated(&data_dir, name, began);
    }
    assert_sound(&data_dir, "after the clock was set");
}

#[test]
fn after_a_sleep_what_was_missed_is_fetched_at_once() {
    let Some(library) = faketime() else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data_dir, clock, key) = (home.path().join("data"), home.path().join("clock"), home.path().join("key"));
    fs::write(&key, "0123456789abcdef0123456789abcdef").expect("room");
    let key = key.to_str().expect("UTF-8");
    let (_tencent, mut out) = sandbox::start(&["--json", "--app", APP, "--secret-key-file", key]);
    let told: Value = serde_json::from_str(&sandbox::line(&mut out)).expect("JSON");
    let region = told["url"].as_str().expect("an address");
    let mut add = calltrail();
    add.args(["app", "add", APP, "--region", region, "--secret-key-file", key, "--data-dir"]).arg(&data_dir);
    assert!(add.status().expect("it runs").success(), "the app is added");

    let serve = start_with_web(&data_dir, &library, &clock, RIGHT);
    let records = || serve.api(&format!("/api/backfill?app={APP}"));
    until("records are read at the start", || records()["last"]["complete"] == true);
    let played = format!(r#"{{"app":"{APP}","scenario":"answered"}}"#);
    let authority = region.strip_prefix("http://").expect("plain");
    assert_eq!(request(authority, "POST", "/sandbox/play", &[], played.as_bytes()).status, 200, "a call is made");
    // Tencent has a record five seconds after the end of its call.
    std::thread::sleep(Duration::from_secs(6));
    assert!(calls(&data_dir).is_empty(), "no callback told of it, and nobody asked");
    // Asleep the one clock stands still and the other one goes on.
    set(&clock, "+60s");
    until("the call is fetched", || calls(&data_dir).len() == 1);
    serve.terminate();
    assert_sound(&data_dir, "after a sleep");
}

/// Waits for what comes within seconds, and not within the half hour after which it would come anyway.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_backup_from_the_future_stops_no_other_and_is_said() {
    let Some(library) = faketime() else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data_dir, clock) = (home.path().join("data"), home.path().join("clock"));
    let serve = start_with_web(&data_dir, &library, &clock, RIGHT);
    call_and_stay(&serve, "first", Utc::now().timestamp() - 20);
    serve.terminate();
    // Whoever starts it next makes the first backup.
    for (now, wanted) in [(TWO_YEARS_AHEAD, 1), (RIGHT, 2)] {
        let serve = start_with_web(&data_dir, &library, &clock, now);
        let began = Instant::now();
        while backups(&data_dir) < wanted {
            assert!(began.elapsed() < Duration::from_secs(20), "{now}: a backup is made");
            std::thread::sleep(Duration::from_millis(20));
        }
        serve.terminate();
    }
    let says = doctor(&data_dir, None);
    assert!(says.contains("2 backups, the newest") && says.contains("1 is dated in the future"), "{says}");
}

fn backups(data_dir: &Path) -> usize {
    let entries = fs::read_dir(data_dir.join("backups")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("calltrail-")).count()
}

/// A call that is cancelled after five seconds, and a stay of five seconds that begins with it; all times are right.
fn call_and_stay(serve: &Serve, name: &str, began: i64) {
    for (event, at) in [("start_call", began), ("cancel_call", began + 5)] {
        let query = format!("sdkappid={APP}&command=caller_{event}&contenttype=json&optplatform=iOS");
        let body = json!({"UserId": "alice", "RoomId": "77", "MediaType": "audio", "CallType": "single", "CallId": name,
            "Role": "caller", "Event": event, "EventTime": at});
        assert_eq!(serve.post(&query, &[], body.to_string().as_bytes()).status, 200, "{event} is kept");
    }
    for (kind, cause, at) in [("Online", "Enter", began), ("Offline", "Leave", began + 5)] {
        let command = "Live.CallbackAfterMemberStateChanged";
        let query = format!("SdkAppid={APP}&CallbackCommand={command}&contenttype=json");
        let body = json!({"CallbackCommand": command, "EventTime": at * 1_000, "RoomId": name, "EventType": kind,
            "EventCause": cause, "MemberList": [{"Member_Account": "ann"}]});
        assert_eq!(serve.post(&query, &[], body.to_string().as_bytes()).status, 200, "{cause} is kept");
    }
}

/// The exports date the call and the stay by their own times.
fn assert_dated(data_dir: &Path, name: &str, began: i64) {
    let time = |at: i64| DateTime::from_timestamp(at, 0).expect("a time").format("%Y-%m-%dT%H:%M:%S").to_string();
    for (kind, columns) in [("calls", "call_id,started,ended"), ("stays", "room_id,entered,left")] {
        let mut command = calltrail();
        command.args(["export", kind, "--columns", columns, "--tz", "UTC", "--time-format", "iso", "--data-dir"]);
        let output = command.arg(data_dir).output().expect("the command runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{kind} {name} is exported: {text} {output:?}"));
        let mut cells = line.split(',').skip(1);
        for at in [began, began + 5] {
            let cell = cells.next().unwrap_or_default();
            assert!(cell.starts_with(&time(at)), "{kind} {name}: {cell} is not {}", time(at));
        }
    }
}

/// What the condition says of the clock, and the connection in the same words.
fn assert_said(serve: &Serve, wanted: Option<&str>, when: &str) {
    let [condition, connection] = ["/api/condition", "/api/connection"].map(|path| serve.api(path)["clock"].clone());
    assert_eq!(condition, connection, "{when}: one notion");
    let said = condition["message"].as_str();
    assert_eq!(said.is_some(), wanted.is_some(), "{when}: {condition}");
    assert!(said.unwrap_or_default().contains(wanted.unwrap_or_default()), "{when}: {condition}");
}

/// What doctor prints, at the time of another clock.
fn doctor(data_dir: &Path, under: Option<(&Path, &Path)>) -> String {
    let mut command = calltrail();
    command.args(["doctor", "--data-dir"]).arg(data_dir);
    if let Some((library, clock)) = under {
        under_clock(&mut command, library, clock);
    }
    String::from_utf8_lossy(&command.output().expect("the command runs").stdout).into_owned()
}

fn start(data_dir: &Path, library: &Path, clock: &Path, now: &str) -> Serve {
    start_at(command(data_dir, &["--hook", "127.0.0.1:0", "--no-web"]), library, clock, now)
}

pub(super) fn start_with_web(data_dir: &Path, library: &Path, clock: &Path, now: &str) -> Serve {
    start_at(command(data_dir, &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]), library, clock, now)
}

fn start_at(mut command: Command, library: &Path, clock: &Path, now: &str) -> Serve {
    set(clock, now);
    under_clock(&mut command, library, clock);
    ready(command.spawn().expect("it starts"))
}

pub(super) fn under_clock(command: &mut Command, library: &Path, clock: &Path) {
    command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", clock).env("FAKETIME_NO_CACHE", "1");
    // Waiting times are measured by the clock that does not jump.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("NO_FAKE_STAT", "1");
}

/// Sets the clock at once: a file that is being written would be read half.
pub(super) fn set(clock: &Path, now: &str) {
    let new = clock.with_extension("new");
    fs::write(&new, now).expect("room");
    fs::rename(&new, clock).expect("the same folder");
}

/// What sets the clock of one process; where it is not installed, that is said.
pub(super) fn faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.exists());
    if found.is_none() {
        eprintln!("skipped: libfaketime, which sets the clock of one process, is not installed");
    }
    found
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

pub(super) fn calls(data_dir: &Path) -> Vec<String> {
    let reader = Reader::open(data_dir).expect("the record can be read");
    let mut calls = Vec::new();
    let walk = reader.each_call(&Filter::default(), 0, |call| {
        calls.push(call.call_id);
        Ok(ControlFlow::Continue(()))
    });
    walk.expect("every row can be read");
    calls
}
