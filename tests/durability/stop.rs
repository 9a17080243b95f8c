//! A polite stop (SIGTERM) under load: who was answered before is kept, who was not is turned away, and the record is closed.

use std::{thread, time::Duration};

use super::{
    assert_sound,
    load::{Answers, Load},
};
use crate::process::Serve;

#[test]
fn sigterm_under_load_loses_no_answered_delivery() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let mut answers = Answers::default();
    for round in 0..5 {
        let serve = Serve::start(&data_dir);
        let load = Load::start(&serve, 8, &format!("r{round}"));
        thread::sleep(Duration::from_millis(100));
        let (status, took) = serve.terminate();
        answers.extend(load.until_broken());
        assert_eq!(status.code(), Some(0), "round {round}: a stop that was asked for is no failure");
        assert!(took < Duration::from_secs(5), "round {round}: whoever shuts down does not wait: {took:?}");
        assert!(!data_dir.join("calltrail.db-wal").exists(), "round {round}: the record was closed, not left");
        answers.assert_kept(&data_dir, &format!("after stop {round}"));
    }
    assert!(answers.ok.len() > 100, "only {} answers: this was no load", answers.ok.len());
    assert_sound(&data_dir, "after the last stop");
}

#[test]
fn a_stop_after_a_burst_does_not_wait_for_the_lists_and_nothing_is_missing_from_them_later() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let load = Load::start(&serve, 64, "burst");
    thread::sleep(Duration::from_secs(3));
    let (status, took) = serve.terminate();
    let answers = load.until_broken();
    assert_eq!(status.code(), Some(0), "a stop that was asked for is no failure");
    assert!(took < Duration::from_secs(4), "a desktop that logs out does not wait: {took:?}");
    eprintln!("{} answered, stopped after {} ms", answers.ok.len(), took.as_millis());
    assert!(answers.ok.len() > 500, "only {} answers: this was no burst", answers.ok.len());
    answers.assert_kept(&data_dir, "after the stop");
    assert_sound(&data_dir, "after it was caught up with");
}
