//! `kill -9` under load: whatever was answered with success is there after the next start, and nothing else is.

use std::{path::Path, thread, time::Duration};

use rand::Rng as _;

use super::{
    assert_sound,
    load::{Answers, Load},
};
use crate::{process::Serve, support::length::Length};

/// Senders at one time.
const SENDERS: usize = 8;
/// Rounds on one record before it is looked at and a new one is begun, so that the looking stays short.
const TOGETHER: usize = 10;

#[test]
fn kill_9_under_load_loses_no_answered_delivery() {
    let length = Length::of("CALLTRAIL_KILLS", 50);
    let mut rounds = length.rounds().peekable();
    let (mut killed, mut answered) = (0, 0);
    while rounds.peek().is_some() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let data_dir = home.path().join("data");
        let mut answers = Answers::default();
        for round in rounds.by_ref().take(TOGETHER) {
            // The same number of decades for short and for long lives: most of what can go wrong does so early.
            let life = Duration::from_secs_f64(10_f64.powf(length.chance(round).random_range(-2.5..-0.7)));
            answers.extend(loaded_and_killed(&data_dir, &format!("r{round}"), life));
            killed += 1;
        }
        let when = format!("after {killed} kills ({})", length.again());
        assert_sound(&data_dir, &when);
        answers.assert_kept(&data_dir, &when);
        answered += answers.ok.len();
    }
    assert!(answered > killed, "only {answered} answers in {killed} rounds: this was no load");
    length.report(killed, &format!("{answered} deliveries were answered, all of them were kept"));
}

/// Starts the process, loads it and kills it.
pub(super) fn loaded_and_killed(data_dir: &Path, name: &str, life: Duration) -> Answers {
    let serve = Serve::start(data_dir);
    let load = Load::start(&serve, SENDERS, name);
    thread::sleep(life);
    serve.kill();
    load.until_broken()
}
