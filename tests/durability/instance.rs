//! One process writes a record: a second one is refused at once, and one that died is in nobody's way.

use std::{
    io::Read as _,
    time::{Duration, Instant},
};

use super::{ended, load::Answers};
use crate::process::{Serve, command};

#[test]
fn a_second_instance_is_refused_within_a_second_and_the_first_goes_on() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let first = Serve::start(&data_dir);
    let began = Instant::now();
    let mut second = command(&data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn().expect("it starts");
    let mut stderr = second.stderr.take().expect("piped");
    let status = ended(second, Duration::from_secs(10)).expect("it does not wait for the first one");
    assert!(began.elapsed() < Duration::from_secs(1), "at once, not after {:?}", began.elapsed());
    assert_eq!(status.code(), Some(1), "it did not work");
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("standard error");
    let holder = format!("calltrail serve (process {})", first.id());
    assert!(said.contains(&holder), "it names who holds the record: {said}");
    let mut answers = Answers::default();
    assert_eq!(answers.post_to(&first, "after"), 200, "the first one did not notice");
    answers.assert_kept(&data_dir, "beside the first one");
}

#[test]
fn a_lock_of_the_dead_never_blocks() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let mut answers = Answers::default();
    for round in 0..5 {
        let serve = Serve::start(&data_dir);
        assert_eq!(answers.post_to(&serve, &format!("r{round}")), 200, "round {round}: started after a kill -9");
        serve.kill();
    }
    answers.assert_kept(&data_dir, "after the last kill");
}

#[test]
fn two_folders_are_two_records() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folders = [home.path().join("one"), home.path().join("two")];
    let serves = folders.each_ref().map(|folder| Serve::start(folder));
    let mut answers = [Answers::default(), Answers::default()];
    for (n, serve) in serves.iter().enumerate() {
        assert_eq!(answers[n].post_to(serve, &format!("for-{n}")), 200, "both run at the same time");
    }
    for (folder, answers) in folders.iter().zip(&answers) {
        answers.assert_kept(folder, "each has its own, and nothing of the other");
    }
}
