//! After a time in which no callback could be taken, Tencent is asked for what was missed.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    command::{line, start},
    side::{APP, KEY},
};
use crate::{
    process::Serve,
    support::{calltrail, request},
};

#[test]
fn what_was_missed_in_a_pause_is_fetched_when_it_is_over() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (data, key_file) = (home.path().join("data"), home.path().join("key"));
    std::fs::write(&key_file, KEY).expect("a file");
    let key_file = key_file.to_str().expect("UTF-8");
    let (_running, mut out) = start(&["--json", "--app", APP, "--secret-key-file", key_file]);
    let told: Value = serde_json::from_str(&line(&mut out)).expect("JSON");
    let region = told["url"].as_str().expect("an address");
    let mut add = calltrail();
    add.args(["app", "add", APP, "--region", region, "--secret-key-file", key_file, "--data-dir"]).arg(&data);
    assert!(add.status().expect("it runs").success(), "the app is added");

    let serve = Serve::with_web(&data, &[]);
    until("records are read at the start", || {
        serve.api(&format!("/api/backfill?app={APP}"))["last"]["complete"] == true
    });
    let (authority, key) = serve.web();
    let pause = |method| {
        let answer = request(authority, method, "/api/pause", &[("Authorization", &format!("Bearer {key}"))], b"");
        assert_eq!(answer.status, 200, "{method}: {}", answer.body);
    };
    pause("POST");
    let played = format!(r#"{{"app":"{APP}","scenario":"answered"}}"#);
    let tencent = region.strip_prefix("http://").expect("plain");
    assert_eq!(request(tencent, "POST", "/sandbox/play", &[], played.as_bytes()).status, 200, "a call is made");
    until("the pause is noticed", || serve.api("/api/completeness")["gaps"].to_string().contains("port_closed"));
    pause("DELETE");
    until("the call is fetched", || serve.api("/api/completeness")["calls"]["calls"] == 1);
}

/// Waits for what comes within seconds, and not within the half hour after which it would come anyway.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < patience, "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}
