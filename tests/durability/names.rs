//! The files of the record are taken away or exchanged while `calltrail serve` runs, as sync clients, cleaners and second computers
//! do: senders are told to try again until all is safe, by itself, and nothing that was answered is missing afterwards.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{assert_sound, load::Answers, wait_until};
use crate::{process::Serve, support::calltrail};

/// A sender that is turned away is taken again within this.
const SOON: Duration = Duration::from_secs(20);

/// A record with a copy of its file from earlier.
struct Scene {
    home: tempfile::TempDir,
    answers: Answers,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut scene = Self { home, answers: Answers::default() };
        let serve = scene.start();
        for n in 0..3 {
            assert_eq!(scene.answers.post_to(&serve, &format!("early-{n}")), 200, "it is kept");
        }
        serve.terminate();
        fs::copy(scene.file("calltrail.db"), scene.older()).expect("room");
        scene
    }

    fn start(&self) -> Serve {
        Serve::with_web(&self.folder(), &[])
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn older(&self) -> PathBuf {
        self.home.path().join("older.db")
    }

    fn rename(&self, name: &str, to: &str) {
        fs::rename(self.file(name), self.file(to)).expect("it is there");
    }
}

type Deed = (&'static str, fn(&Scene));

const DEEDS: [Deed; 5] = [
    ("the database is deleted with its log", |scene| {
        for name in ["calltrail.db", "calltrail.db-wal", "calltrail.db-shm"] {
            fs::remove_file(scene.file(name)).expect("it is there");
        }
    }),
    ("an older copy takes its place", |scene| {
        scene.rename("calltrail.db", "calltrail (conflicted copy).db");
        fs::copy(scene.older(), scene.file("calltrail.db")).expect("room");
    }),
    ("the log is deleted", |scene| fs::remove_file(scene.file("calltrail.db-wal")).expect("it is there")),
    ("the folder is removed", |scene| remove(&scene.folder())),
    ("the folder is renamed", |scene| {
        let to = tempfile::tempdir_in(scene.home.path()).expect("a temporary folder").keep();
        fs::rename(scene.folder(), to.join("renamed")).expect("it is there");
    }),
];

/// The deliveries that `calltrail export` gives: how many.
fn exported(data_dir: &Path) -> usize {
    let output = calltrail().args(["export", "deliveries", "--format", "jsonl", "--data-dir"]).arg(data_dir).output();
    let output = output.expect("the command starts");
    assert!(output.status.success(), "it exports: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().count()
}

fn verified(data_dir: &Path) -> String {
    let output = calltrail().args(["verify", "--data-dir"]).arg(data_dir).output().expect("the command starts");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "the record is sound: {said}");
    said
}

#[test]
fn what_was_answered_outlives_its_files() {
    for (n, (deed, act)) in DEEDS.iter().enumerate() {
        let mut scene = Scene::new();
        let serve = scene.start();
        let path = serve.path.clone();
        for n in 0..3 {
            assert_eq!(scene.answers.post_to(&serve, &format!("late-{n}")), 200, "{deed}: all is well so far");
        }
        act(&scene);
        let began = Instant::now();
        let mut refused = 0;
        wait_until(&format!("{deed}: callbacks are kept again"), SOON, || {
            refused += 1;
            (scene.answers.post_to(&serve, &format!("after-{refused}")) == 200).then_some(())
        });
        eprintln!("{deed}: kept again after {:?}, {} turned away", began.elapsed(), refused - 1);
        let condition: Value = serve.api("/api/condition");
        assert_eq!(condition["exchanged"], 1, "{deed}: a banner says so: {condition}");
        assert_eq!(condition["failing"], Value::Null, "{deed}: and that all is well again: {condition}");
        assert_eq!(serve.api("/api/damage")[0]["seen"], false, "{deed}: a page tells more");
        // In turn, so that each is ended in both ways over some runs.
        if n % 2 == 0 {
            serve.kill();
        } else {
            assert_eq!(serve.terminate().0.code(), Some(0), "{deed}: it stops as usual");
        }
        let exported = exported(&scene.folder());
        let answered = scene.answers.ok.len();
        assert!(exported >= answered, "{deed}: {exported} are exported, {answered} were answered");
        scene.answers.assert_kept(&scene.folder(), deed);
        let again = scene.start();
        assert_eq!(again.path, path, "{deed}: the callback address is the same");
        assert_eq!(scene.answers.post_to(&again, "again"), 200, "{deed}: and the next start goes on");
        again.terminate();
        assert_sound(&scene.folder(), deed);
        scene.answers.assert_kept(&scene.folder(), deed);
        let said = verified(&scene.folder());
        assert!(said.contains("went away or was exchanged"), "{deed}: it is told: {said}");
    }
}

#[test]
fn it_is_told_although_nobody_posts_and_an_end_loses_nothing() {
    for (deed, act) in DEEDS {
        let mut scene = Scene::new();
        let serve = scene.start();
        assert_eq!(scene.answers.post_to(&serve, "late"), 200, "{deed}: all is well so far");
        act(&scene);
        wait_until(&format!("{deed}: it is noticed"), SOON, || {
            let condition = serve.api("/api/condition");
            let is_over = condition["failing"].is_null() && condition["rebuilding"].is_null();
            (condition["exchanged"] == 1 && is_over).then_some(())
        });
        // What it was at when it was killed, the next start goes on with.
        serve.kill();
        let serve = scene.start();
        assert_eq!(scene.answers.post_to(&serve, "later"), 200, "{deed}: the next start goes on");
        // Now the end comes first.
        act(&scene);
        assert_eq!(serve.terminate().0.code(), Some(0), "{deed}: it stops as usual");
        // Its projection may be made anew by the next start alone.
        let serve = scene.start();
        assert_eq!(scene.answers.post_to(&serve, "last"), 200, "{deed}: the start after it goes on");
        assert_eq!(serve.terminate().0.code(), Some(0), "{deed}: and stops as usual");
        scene.answers.assert_kept(&scene.folder(), &format!("{deed}, ended at once"));
        assert_sound(&scene.folder(), deed);
    }
}

/// Removes a folder, also where a file is made in it at this moment.
fn remove(folder: &Path) {
    while folder.exists() {
        let _ = fs::remove_dir_all(folder);
    }
}
