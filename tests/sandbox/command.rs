//! `calltrail sandbox`: what it prints, and that it works from its first word on.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{calltrail, request};

/// A running `calltrail sandbox`; killed when dropped.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn start(args: &[&str]) -> (Running, BufReader<std::process::ChildStdout>) {
    start_in(calltrail(), args)
}

/// The same by a command that was prepared, such as one with another clock.
pub(crate) fn start_in(mut command: Command, args: &[&str]) -> (Running, BufReader<std::process::ChildStdout>) {
    command.args(["sandbox", "--listen", "127.0.0.1:0"]).args(args);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    (Running(child), out)
}

pub(crate) fn line(out: &mut BufReader<std::process::ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).expect("standard output");
    line
}

#[test]
fn programs_are_told_the_address_in_one_line() {
    let (_running, mut out) = start(&["--json", "--app", "1400000000", "--app", "20000001"]);
    let told: Value = serde_json::from_str(&line(&mut out)).expect("JSON");
    assert_eq!(told["apps"], json!(["1400000000", "20000001"]), "{told}");
    let url = told["url"].as_str().expect("an address").strip_prefix("http://").expect("plain").to_owned();
    let answer = request(&url, "POST", "/sandbox/play", &[], br#"{"app":"20000001","scenario":"answered"}"#);
    assert_eq!(answer.status, 200, "it plays at once: {}", answer.body);
    assert_eq!(answer.json()["deliveries"][0]["outcome"], "not_configured", "and nobody asked for anything yet");
}

#[test]
fn people_are_told_which_key_it_is_and_what_was_played() {
    let (_running, mut out) = start(&["--play", "missed", "--fault", "duplicates=0"]);
    let said: Vec<String> = (0..5).map(|_| line(&mut out)).collect();
    assert!(said[0].starts_with("Tencent is played at  http://127.0.0.1:"), "{said:?}");
    assert!(said[1].contains("1400000000"), "the application that it has when nobody names one: {said:?}");
    assert!(said[2].contains(calltrail::sandbox::DEMO_KEY) && said[2].contains("everybody knows it"), "{said:?}");
    assert!(said[4].contains("missed was played: 0 of 3 callbacks were taken, 3 are not switched on"), "{said:?}");
}

#[test]
fn a_key_from_a_file_is_used_and_not_shown() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("key");
    std::fs::write(&file, "a-key-of-our-own\n").expect("a file");
    let (_running, mut out) = start(&["--secret-key-file", file.to_str().expect("UTF-8")]);
    let said: Vec<String> = (0..3).map(|_| line(&mut out)).collect();
    assert!(!said.concat().contains("a-key-of-our-own"), "{said:?}");
    assert!(!said.concat().contains(calltrail::sandbox::DEMO_KEY), "and not the other one: {said:?}");
}

#[test]
fn what_is_wrong_is_said_at_once() {
    for (args, code, word) in [
        (&["--listen", "0.0.0.0:0"][..], 1, "this computer only"),
        (&["--play", "rain"], 2, "possible values"),
        (&["--fault", "rain"], 2, "is no fault"),
        (&["--every", "5"], 2, "--play"),
        (&["--app", "abc"], 2, "digits"),
        (&["--secret-key-file", "/nowhere/key"], 1, "/nowhere/key"),
    ] {
        let ran = calltrail().arg("sandbox").args(args).stdin(Stdio::null()).output().expect("it runs");
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(word), "{args:?}: {said}");
    }
}

#[test]
fn help_shows_the_whole_walk() {
    let ran = calltrail().args(["sandbox", "--help"]).output().expect("it runs");
    let help = String::from_utf8(ran.stdout).expect("UTF-8");
    for word in [
        "app add 1400000000 --label Demo --region http://127.0.0.1:8790 --secret-key-file demo.key",
        "serve",
        "callbacks set --app 1400000000 --product call",
        "/sandbox/play",
        "duplicates[=PERCENT]",
        "A call rings for half a minute",
    ] {
        assert!(help.contains(word), "{word} is in:\n{help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 130), "it fits a terminal:\n{help}");
}
