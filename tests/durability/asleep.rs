//! A computer that sleeps, and a Calltrail that is closed or killed, while calls go on at Tencent: afterwards every call that Tencent
//! has a record of is there, the gaps are shown, and what the record says of its own completeness is what the sandbox counts.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    assert_sound,
    clock::{faketime, set, start_with_web, under_clock},
};
use crate::{
    process::{APP, Serve},
    sandbox::command::{line, start_in},
    support::{calltrail, request},
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
/// What is asked of Tencent's side, at its address.
struct Tencent<'a> {
    authority: &'a str,
}

impl Tencent<'_> {
    fn ask(&self, path: &str, body: &Value) -> Value {
        let answer = request(self.authority, "POST", path, &[], body.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// Has the callbacks of calls sent to where it listens now.
    fn sends_to(&self, serve: &Serve) {
        let url = format!("http://{}{}", serve.address, serve.path);
        let configuration = json!({ "url": url, "actions": ["Call.CallbackAfterEndCall"] });
        self.ask("/sandbox/configuration", &json!({ "app": APP, "product": "call", "configuration": configuration }));
    }

    /// Plays one call.
    fn plays(&self, scenario: &str, seed: u64) {
        self.ask("/sandbox/play", &json!({ "app": APP, "scenario": scenario, "seed": seed }));
    }
}

#[test]
fn after_twelve_hours_asleep_every_call_is_there_and_the_gaps_are_shown() {
    let Some(library) = faketime() else { return };
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data_dir, clock, key) = (home.path().join("data"), home.path().join("clock"), home.path().join("key"));
    fs::write(&key, KEY).expect("room");
    let key = key.to_str().expect("UTF-8");
    set(&clock, "+0");
    let mut tencent = calltrail();
    under_clock(&mut tencent, &library, &clock);
    let (_running, mut out) = start_in(tencent, &["--json", "--app", APP, "--secret-key-file", key]);
    let told: Value = serde_json::from_str(&line(&mut out)).expect("JSON");
    let region = told["url"].as_str().expect("an address");
    let tencent = Tencent { authority: region.strip_prefix("http://").expect("plain") };
    let mut add = calltrail();
    add.args(["app", "add", APP, "--region", region, "--secret-key-file", key, "--data-dir"]).arg(&data_dir);
    assert!(add.status().expect("it runs").success(), "the app is added");

    let serve = start_with_web(&data_dir, &library, &clock, "+0");
    tencent.sends_to(&serve);
    tencent.plays("answered", 1);
    // Closed: an hour passes.
    serve.terminate();
    set(&clock, "+30m");
    tencent.plays("missed", 2);
    let serve = start_with_web(&data_dir, &library, &clock, "+1h");
    tencent.sends_to(&serve);
    // Killed: another one.
    serve.kill();
    set(&clock, "+90m");
    tencent.plays("declined", 3);
    let serve = start_with_web(&data_dir, &library, &clock, "+2h");
    tencent.sends_to(&serve);
    tencent.plays("answered", 4);
    // Asleep for twelve hours.
    signal(serve.id(), "-STOP");
    set(&clock, "+8h");
    tencent.plays("answered", 5);
    tencent.plays("busy", 6);
    set(&clock, "+14h");
    signal(serve.id(), "-CONT");
    until("it is noticed", || ends(&data_dir).contains("slept"));
    // Tencent has a record five seconds after the end of its call; and of what ended just now it may have none.
    set(&clock, "+15h");
    until("it is noticed again", || gaps(&serve, "slept").len() == 2);
    until("all that Tencent knows is there", || {
        let state = serve.api(&format!("/api/backfill?app={APP}&wait=true"));
        state["running"].is_null() && serve.api("/api/completeness")["calls"]["calls"] == 6
    });
    until("records of the sleep are read", || gaps(&serve, "slept")[0]["calls"] == "fetched");

    let said = serve.api("/api/completeness");
    let counted = told_calls(tencent.authority);
    assert_eq!(calls(&data_dir), counted, "the sandbox's own log names the same calls");
    assert_eq!(counted.len(), 6);
    let counts = &said["calls"];
    assert_eq!(counts["only_callbacks"], 0, "a record confirms each: {counts}");
    assert_eq!(
        counts["confirmed"].as_u64().zip(counts["only_fetched"].as_u64()).map(|(a, b)| a + b),
        Some(6),
        "{counts}"
    );
    assert!(counts["only_fetched"].as_u64() >= Some(2), "nobody heard of the calls while it did not run: {counts}");
    for (why, hours) in [("stopped", 1), ("killed", 1), ("slept", 12)] {
        let gap = &gaps(&serve, why)[0];
        let long = Duration::from_millis(gap["to_ms"].as_u64().unwrap() - gap["from_ms"].as_u64().unwrap());
        let wanted = Duration::from_secs(hours * 3_600);
        assert!(long.abs_diff(wanted) < Duration::from_secs(180), "{why}: {hours} hours, but for moments: {gap}");
        assert_eq!(gap["calls"], "fetched", "{why}: its calls are there; who was in rooms is not known: {gap}");
    }
    let mut command = calltrail();
    under_clock(&mut command, &library, &clock);
    let printed = command.args(["completeness", "--json", "--tz", "utc", "--data-dir"]).arg(&data_dir).output();
    let printed: Value = serde_json::from_slice(&printed.expect("it runs").stdout).expect("JSON");
    assert_eq!(printed["calls"], said["calls"], "the command says the same");
    serve.terminate();
    assert_sound(&data_dir, "after a sleep");
}

/// The calls that the sandbox has records of, by its own log.
fn told_calls(authority: &str) -> BTreeSet<String> {
    let now = calltrail::clock::Clock::system().now_ms() / 1_000;
    let key = calltrail::secret::Secret::from(KEY.to_owned());
    let sig = calltrail::tencent::usersig::sign(APP, &key, "administrator", now, 7 * 86_400);
    let path = format!(
        "/v4/call_record_http_srv/get_record_by_filter?sdkappid={APP}&identifier=administrator&random=1&contenttype=json&usersig={sig}"
    );
    let answer =
        request(authority, "POST", &path, &[("Content-Type", "application/json")], br#"{"NumberPerPage":100}"#);
    let list = answer.json()["Response"]["CallRecordList"].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(|call| call["CallId"].as_str().map(str::to_owned)).collect()
}

fn calls(data_dir: &Path) -> BTreeSet<String> {
    super::clock::calls(data_dir).into_iter().collect()
}

/// The gaps that are shown and have this reason, oldest first.
fn gaps(serve: &Serve, why: &str) -> Vec<Value> {
    let gaps = serve.api("/api/completeness")["gaps"].as_array().cloned().unwrap_or_default();
    gaps.into_iter().filter(|gap| gap["why"] == why).collect()
}

/// Why periods in which callbacks could be taken have ended.
fn ends(data_dir: &Path) -> String {
    let reader = calltrail::store::Reader::open(data_dir).expect("it can be read");
    let up = reader.up_since(i64::MIN).expect("it can be read");
    up.iter().filter_map(|up| up.ended.map(|end| format!("{} ", end.code()))).collect()
}

fn signal(id: u32, name: &str) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status().expect("the kill command");
    assert!(sent.success(), "{id} takes {name}");
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}
