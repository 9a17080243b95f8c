//! A disk that fails while the service runs or starts, seen from outside: strace makes the system calls fail.

use std::{process::Command, time::Duration};

use super::{assert_allows, assert_sound, health, load::Answers, trace::Failing, wait_until};
use crate::{
    process::{Serve, started, with_arguments},
    support::calltrail,
};

/// What fails, and how. SQLite syncs by `fsync` and writes by `pwrite64`.
const FAULTS: [(&str, &str); 6] = [
    ("fsync", "EIO"),
    ("fsync", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EROFS"),
    ("fsync,pwrite64,pread64,ftruncate", "EIO"),
];

#[test]
fn a_failing_disk_turns_senders_away_until_it_works_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let mut answers = Answers::default();
    for (calls, error) in FAULTS {
        let when = format!("while {calls} fails with {error}");
        assert_eq!(answers.post_to(&serve, &format!("before {calls} {error}")), 200, "before it fails");
        let Some(failing) = Failing::attach(&serve, calls, error) else { return };
        for n in 0..5 {
            assert_eq!(answers.post_to(&serve, &format!("{n} {when}")), 503, "{when}: nothing can be on disk");
        }
        assert_eq!(health(&serve).status, 200, "{when}: the listener itself is well");
        assert_allows(&serve, &when);
        drop(failing);
        wait_until(&format!("what was turned away is stored, after {calls} failed"), Duration::from_secs(5), || {
            answers.are_all_kept(&data_dir).then_some(())
        });
        wait_until(&format!("kept again, after {calls} failed"), Duration::from_secs(1), || {
            (answers.post_to(&serve, &format!("again {when}")) == 200).then_some(())
        });
        answers.assert_kept(&data_dir, &when);
    }
    assert_eq!(answers.post_to(&serve, "at the end"), 200, "and it stays like that");
    serve.kill();
    answers.assert_all_kept_once(&data_dir, "after all faults and a kill");
    assert_sound(&data_dir, "after all faults");
}

#[test]
fn a_disk_that_fails_for_a_while_during_the_start_loses_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let mut answers = Answers::default();
    let (mut refused, mut ran) = (0, 0);
    for first in 1..=14 {
        let when = format!("with calls {first} to {} of fsync failing", first + 3);
        let mut strace = Command::new("strace");
        // -D: the test's child is calltrail itself, and the tracer goes when it does.
        strace.args(["-D", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e"]);
        strace.arg(format!("inject=fsync:error=EIO:when={first}..{}", first + 3)).arg(calltrail().get_program());
        let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
        let Ok(child) = with_arguments(strace, &data_dir, &arguments).spawn() else {
            eprintln!("skipped: strace, which makes system calls fail, cannot be started");
            return;
        };
        match started(child) {
            Err(refusal) => {
                refused += 1;
                assert_eq!(refusal.code, Some(1), "{when}: it ends in order: {refusal:?}");
                assert!(refusal.said.contains("calltrail: "), "{when}: it says why: {}", refusal.said);
                assert!(!refusal.said.contains("panicked"), "{when}: in order: {}", refusal.said);
            }
            Ok(serve) => {
                ran += 1;
                let statuses: Vec<_> = (0..25).map(|n| answers.post_to(&serve, &format!("{n} {when}"))).collect();
                assert_eq!(statuses.last(), Some(&200), "{when}: it goes on when the disk does: {statuses:?}");
                serve.kill();
            }
        }
    }
    assert!(ran > 0, "{refused} starts were refused, and none came through");
    eprintln!("{refused} starts were refused in order, {ran} ran; {} posts were turned away", answers.refused);
    assert_sound(&data_dir, "after all starts");
    answers.assert_kept(&data_dir, "after all starts");
}
