//! A full disk, and a limit on the size of files: senders are told to try again, and it is over as soon as there is room.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use super::{assert_allows, assert_not_saved, assert_sound, health, load::Answers, tmpfs::Tmpfs, wait_until};
use crate::process::{Serve, ready, with_limit};

#[test]
fn a_full_disk_turns_senders_away_until_there_is_room() {
    let Some(disk) = Tmpfs::mount("16m") else { return };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 7 << 20]).expect("there is still room");
    let data_dir = disk.path().join("data");
    let serve = Serve::start(&data_dir);
    let answers = filled_and_emptied(&serve, &data_dir, || fs::remove_file(&ballast).expect("it is there"));
    let (status, _) = serve.terminate();
    assert_eq!(status.code(), Some(0), "it stops as usual");
    finish(&answers, &data_dir);
}

#[test]
fn whoever_writes_on_a_full_disk_is_told_and_writes_again_when_there_is_room() {
    let Some(disk) = Tmpfs::mount("16m") else { return };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 7 << 20]).expect("there is still room");
    let data_dir = disk.path().join("data");
    let serve = Serve::with_web(&data_dir, &[]);
    let named = |n: usize| serve.name("007", &format!("{n} {}", "James".repeat(100)));
    let refused = (0..40_000).map(named).find(|answer| answer.status != 200).expect("the disk was never full");
    assert_not_saved(&refused, "disk_full");
    fs::remove_file(&ballast).expect("it is there");
    wait_until("a name is saved again", Duration::from_secs(5), || {
        (serve.name("007", "James").status == 200).then_some(())
    });
    drop(serve.last_words());
    assert_sound(&data_dir, "after the disk was full");
}

#[test]
fn a_limit_on_the_size_of_files_is_like_a_full_disk() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    // 16,384 blocks of 512 bytes. Unless a program sees to it, the first write beyond the limit ends it by SIGXFSZ.
    let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
    let serve = ready(with_limit("-S -f 16384", &data_dir, &arguments).spawn().expect("it starts"));
    let id = serve.id().to_string();
    let answers = filled_and_emptied(&serve, &data_dir, || {
        let lifted = Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status().expect("prlimit");
        assert!(lifted.success(), "the limit of {id} can be lifted");
    });
    let (status, _) = serve.terminate();
    assert_eq!(status.code(), Some(0), "it stops as usual");
    finish(&answers, &data_dir);
}

/// Posts until nothing can be kept any more, makes room, and posts on.
fn filled_and_emptied(serve: &Serve, data_dir: &Path, make_room: impl FnOnce()) -> Answers {
    let mut answers = Answers::default();
    let full = (0..40_000).find(|n| answers.post_to(serve, &format!("filling-{n}")) == 503);
    assert!(full.is_some(), "the disk was never full");
    let before = answers.ok.len();
    assert!(before > 50, "only {before} were kept before it was full");
    for n in 0..30 {
        let began = Instant::now();
        answers.post_to(serve, &format!("full-{n}"));
        assert!(began.elapsed() < Duration::from_secs(2), "an answer in time also now: {:?}", began.elapsed());
        assert_eq!(health(serve).status, 200, "the listener itself is well");
        assert_allows(serve, "while the disk is full");
    }
    make_room();
    wait_until("what was turned away is stored, though nobody sends it again", Duration::from_secs(5), || {
        answers.are_all_kept(data_dir).then_some(())
    });
    wait_until("callbacks are kept again", Duration::from_secs(1), || {
        (answers.post_to(serve, "room-again") == 200).then_some(())
    });
    for n in 0..50 {
        assert_eq!(answers.post_to(serve, &format!("after-{n}")), 200, "and it stays like that");
    }
    eprintln!("{before} kept, then {} turned away, then kept again", answers.refused);
    answers
}

fn finish(answers: &Answers, data_dir: &Path) {
    answers.assert_all_kept_once(data_dir, "after the disk was full");
    assert_sound(data_dir, "after the disk was full");
}
