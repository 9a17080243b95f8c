//! `kill -9` while the process is still starting, on a new record and on one with a log to recover.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rand::Rng as _;

use super::{assert_sound, kill::loaded_and_killed, load::Answers};
use crate::{
    process::{Serve, command},
    support::length::Length,
};

#[test]
fn kill_9_while_starting_loses_nothing() {
    let length = Length::of("CALLTRAIL_STARTS", 60);
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let ready = how_long_a_start_takes(&home.path().join("other"));
    let mut answers = Answers::default();
    let mut killed = 0;
    for round in length.rounds() {
        let mut chance = length.chance(round);
        // The very first instants (0 to 5 ms) and the whole start take turns.
        let life = if round % 2 == 0 { Duration::from_millis(5) } else { ready };
        start_and_kill(&data_dir, life.mul_f64(chance.random_range(0.0..=1.0)));
        killed += 1;
        if round % 6 == 0 {
            // Leaves a log for the next starts to recover.
            answers.extend(loaded_and_killed(&data_dir, &format!("r{round}"), Duration::from_millis(30)));
        }
    }
    let when = format!("after {killed} broken starts ({})", length.again());
    assert_sound(&data_dir, &when);
    answers.assert_kept(&data_dir, &when);
    assert!(!answers.ok.is_empty(), "there was something to lose");
    length.report(killed, &format!("a start takes {ready:?}; {} answered deliveries were kept", answers.ok.len()));
}

#[test]
fn a_record_whose_first_start_was_killed_can_be_used() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let ready = how_long_a_start_takes(&home.path().join("other"));
    for part in 1..=20 {
        let data_dir = home.path().join(format!("data-{part}"));
        start_and_kill(&data_dir, ready.mul_f64(f64::from(part) / 20.0));
        let serve = Serve::start(&data_dir);
        let mut answers = Answers::default();
        assert_eq!(answers.post_to(&serve, "first"), 200, "killed after {part} twentieths of its first start");
        serve.kill();
        answers.assert_kept(&data_dir, "the next start made what was missing");
    }
}

/// From the start of the process until it is ready, on a new record.
pub(super) fn how_long_a_start_takes(data_dir: &Path) -> Duration {
    let began = Instant::now();
    let serve = Serve::start(data_dir);
    let took = began.elapsed();
    serve.kill();
    took
}

/// Starts it and kills it after this time, ready or not.
pub(super) fn start_and_kill(data_dir: &Path, life: Duration) {
    let mut child = command(data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn().expect("it starts");
    thread::sleep(life);
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
}
