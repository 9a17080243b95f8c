//! Files of the record that are taken away or exchanged while it is in use: whatever is done to them, what was answered is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::*;
use crate::store::delivery::Digest;
use crate::store::entry::{Author, Edit, Subject};
use crate::store::{self, AsideKind};
use crate::traffic;

/// A record in use, copies of it as it was earlier, and another record.
struct Scene {
    home: tempfile::TempDir,
    store: Store,
    answered: BTreeSet<String>,
    rest: std::vec::IntoIter<Delivery>,
}

/// Deliveries that are in the older copy too.
const EARLIER: usize = 10;

/// What is done to the files.
type Deed = (&'static str, fn(&Scene));

/// Until something is noticed, or brought over.
const SOON: Duration = Duration::from_secs(60);

const DEEDS: &[Deed] = &[
    ("nothing", |_| {}),
    ("deleted with log", |scene| ["", "-wal", "-shm"].iter().for_each(|end| scene.delete(end))),
    ("deleted, log left", |scene| scene.delete("")),
    ("log deleted", |scene| scene.delete("-wal")),
    ("index deleted", |scene| scene.delete("-shm")),
    ("renamed", |scene| ["", "-wal", "-shm"].iter().for_each(|end| scene.rename(end))),
    ("renamed, an older copy in its place", |scene| {
        scene.rename("");
        scene.put("older/calltrail.db");
    }),
    ("renamed with log, an older copy in its place", |scene| {
        ["", "-wal", "-shm"].iter().for_each(|end| scene.rename(end));
        scene.put("older/calltrail.db");
    }),
    ("another record in its place", |scene| {
        scene.delete("");
        scene.put("other/calltrail.db");
    }),
    ("another log in the log's place", |scene| {
        scene.rename("-wal");
        fs::write(scene.file("-wal"), vec![0x5a; 10_000]).unwrap();
    }),
    ("another program's database in its place", |scene| {
        scene.delete("");
        let other = rusqlite::Connection::open(scene.file("")).unwrap();
        other.execute_batch("create table bookmarks (url text); pragma user_version = 3").unwrap();
    }),
    ("something else in its place", |scene| {
        scene.delete("");
        fs::write(scene.file(""), vec![b'x'; 20_000]).unwrap();
    }),
    ("an empty file in its place", |scene| {
        scene.delete("");
        fs::write(scene.file(""), b"").unwrap();
    }),
    ("a folder in its place", |scene| {
        scene.delete("");
        fs::create_dir(scene.file("")).unwrap();
    }),
    ("the folder removed", |scene| remove(&scene.folder())),
    ("the folder renamed", |scene| fs::rename(scene.folder(), scene.home.path().join("elsewhere")).unwrap()),
    ("an older folder in its place", |scene| {
        fs::rename(scene.folder(), scene.home.path().join("elsewhere")).unwrap();
        copy(&scene.home.path().join("older"), &scene.folder());
    }),
    ("another record's folder in its place", |scene| {
        remove(&scene.folder());
        copy(&scene.home.path().join("other"), &scene.folder());
    }),
    ("the lock deleted", |scene| fs::remove_file(scene.folder().join("calltrail.lock")).unwrap()),
    ("the projection deleted", |scene| fs::remove_file(scene.projection()).unwrap()),
    ("the projection's log deleted", |scene| {
        fs::remove_file(scene.projection().with_extension("db-wal")).unwrap();
    }),
    ("an older projection in its place", |scene| {
        fs::remove_file(scene.projection()).unwrap();
        fs::copy(scene.home.path().join("older/projection-1.db"), scene.projection()).unwrap();
    }),
    ("another record's projection in its place", |scene| {
        fs::remove_file(scene.projection()).unwrap();
        fs::copy(scene.home.path().join("other/projection-1.db"), scene.projection()).unwrap();
    }),
];

impl Scene {
    fn new() -> Self {
        // Made once, because each commit of it waits for the disk.
        static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
            let home = tempfile::tempdir().unwrap();
            import(&home.path().join("other"), &traffic::story(61));
            import(&home.path().join("older"), &traffic::story(60)[..EARLIER]);
            home
        });
        let home = tempfile::tempdir().unwrap();
        copy(MADE.path(), home.path());
        let folder = home.path().join("data");
        copy(&home.path().join("older"), &folder);
        let deliveries = traffic::story(60);
        let (before, rest) = deliveries.split_at(EARLIER);
        let store = Store::open(&folder, "a test").unwrap();
        store.start_maintenance().unwrap();
        let answered = before.iter().map(digest).collect();
        let mut scene = Self { home, store, answered, rest: Vec::from(rest).into_iter() };
        for _ in 0..3 {
            assert!(scene.post(), "all is well so far");
        }
        scene
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The archive, or what SQLite keeps beside it.
    fn file(&self, end: &str) -> PathBuf {
        self.folder().join(format!("calltrail.db{end}"))
    }

    fn projection(&self) -> PathBuf {
        self.folder().join("projection-1.db")
    }

    fn delete(&self, end: &str) {
        fs::remove_file(self.file(end)).unwrap();
    }

    fn rename(&self, end: &str) {
        fs::rename(self.file(end), self.folder().join(format!("calltrail (conflicted copy).db{end}"))).unwrap();
    }

    fn put(&self, copy: &str) {
        fs::copy(self.home.path().join(copy), self.file("")).unwrap();
    }

    /// Has one more delivery recorded; true when it was answered with success.
    fn post(&mut self) -> bool {
        let delivery = self.rest.next().unwrap();
        let callback = stored::parse(&delivery);
        let (done, answer) = std::sync::mpsc::channel();
        let told = move |outcome: Result<Recorded, _>| done.send(outcome.is_ok()).unwrap();
        self.store.record(delivery.clone(), callback, Place::Archive, told).unwrap();
        let stored = answer.recv().unwrap();
        if stored {
            self.answered.insert(digest(&delivery));
        }
        stored
    }

    /// Reads and posts until that is answered again; never is anybody shown less than what was answered.
    fn goes_on(&mut self, when: &str) {
        let began = Instant::now();
        loop {
            if let Ok(overview) = self.store.read(Reader::overview) {
                let answered = u64::try_from(self.answered.len()).unwrap();
                assert!(overview.deliveries >= answered, "{when}: {overview:?} and {answered} were answered");
            }
            if self.post() {
                return;
            }
            assert!(began.elapsed() < SOON, "{when}: {:?}", self.store.condition());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A closed record of these deliveries.
fn import(folder: &Path, deliveries: &[Delivery]) {
    let store = Store::open(folder, "a test").unwrap();
    store.absorb(deliveries.iter().map(|one| absorbed(one, 0)).collect()).unwrap();
    store.close().unwrap();
}

fn digest(delivery: &Delivery) -> String {
    Digest::of(&delivery.app, &stored::parse(delivery), &delivery.body).hex()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else if let Err(error) = fs::copy(&path, &to) {
            // A note is replaced while it is read.
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{} can be copied", path.display());
        }
    }
}

/// Opens the record as the next process would, lets it bring over what was put aside, and looks whether everything is there.
/// Answers what happened, in short.
fn assert_kept(folder: &Path, answered: &BTreeSet<String>, when: &str) -> String {
    let store = Store::open(folder, "a test").unwrap();
    let began = Instant::now();
    let whole = |store: &Store| store.condition().rebuilding.is_none();
    // Already now: what was answered is in the record itself, and not only in what is brought over.
    while !whole(&store) {
        assert!(began.elapsed() < SOON, "{when}: {:?}", store.condition());
        std::thread::sleep(Duration::from_millis(5));
    }
    let held = kept(&store).unwrap();
    let missing = answered.difference(&held).count();
    assert_eq!(missing, 0, "{when}: {missing} of {} are missing: {:?}", answered.len(), store::set_aside(folder));
    store.start_maintenance().unwrap();
    while store::set_aside(folder).iter().any(|aside| aside.saved.is_none()) {
        assert!(began.elapsed() < SOON, "{when}: {:?}", store::set_aside(folder));
        std::thread::sleep(Duration::from_millis(5));
    }
    while !whole(&store) {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Whoever was killed may have brought them over already, and not yet have said so.
    let has_others = kept(&store).unwrap().iter().any(|one| OF_THE_OTHER.contains(one));
    store.close().unwrap();
    let verified = store::verify(folder).unwrap();
    assert!(verified.is_sound() && verified.missing == 0, "{when}: {verified:?}");
    let kinds: Vec<&str> = store::set_aside(folder)
        .iter()
        .map(|aside| match aside.kind {
            AsideKind::Damaged => "damaged",
            AsideKind::WentAway => "went away",
            AsideKind::Exchanged => "exchanged",
        })
        .collect();
    match has_others {
        _ if kinds.is_empty() => "-".to_owned(),
        false => kinds.join(", "),
        true => format!("{}, with deliveries of its own", kinds.join(", ")),
    }
}

/// What the record holds; an error while it is put together.
fn kept(store: &Store) -> Result<BTreeSet<String>, store::Error> {
    let mut kept = BTreeSet::new();
    store.read(|reader| {
        reader.each_delivery(&Filter::default(), NOW, |row| {
            kept.insert(row.digest);
            Ok(std::ops::ControlFlow::Continue(()))
        })
    })?;
    Ok(kept)
}

/// What the other record holds.
static OF_THE_OTHER: LazyLock<BTreeSet<String>> = LazyLock::new(|| traffic::story(61).iter().map(digest).collect());

/// What each deed is called by the record: the same, however it goes on.
fn told() -> expect_test::Expect {
    expect_test::expect![[r#"
        nothing: -
        deleted with log: went away
        deleted, log left: went away
        log deleted: went away
        index deleted: went away
        renamed: went away
        renamed, an older copy in its place: exchanged
        renamed with log, an older copy in its place: exchanged
        another record in its place: exchanged, with deliveries of its own
        another log in the log's place: exchanged
        another program's database in its place: exchanged
        something else in its place: exchanged
        an empty file in its place: exchanged
        a folder in its place: exchanged
        the folder removed: went away
        the folder renamed: went away
        an older folder in its place: exchanged
        another record's folder in its place: exchanged, with deliveries of its own
        the lock deleted: -
        the projection deleted: -
        the projection's log deleted: -
        an older projection in its place: -
        another record's projection in its place: -"#]]
}

fn each(mut ending: impl FnMut(Scene, &str) -> (PathBuf, BTreeSet<String>, tempfile::TempDir)) {
    let lines = DEEDS.iter().map(|(name, deed)| {
        let scene = Scene::new();
        deed(&scene);
        let (folder, answered, _home) = ending(scene, name);
        format!("{name}: {}", assert_kept(&folder, &answered, name))
    });
    told().assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn answers_go_on_after_whatever_is_done_to_the_files() {
    each(|mut scene, name| {
        scene.goes_on(name);
        assert!(scene.post() && scene.post(), "{name}: and it stays like that");
        let folder = scene.folder();
        scene.store.close().unwrap();
        (folder, scene.answered, scene.home)
    });
}

#[test]
fn nothing_is_missing_where_the_process_is_killed_later() {
    each(|mut scene, name| {
        scene.goes_on(name);
        // What a kill leaves is what is in the folder.
        let killed = scene.home.path().join("killed");
        copy(&scene.folder(), &killed);
        scene.store.close().unwrap();
        (killed, scene.answered, scene.home)
    });
}

#[test]
fn nothing_is_missing_where_the_process_ends_at_once() {
    each(|scene, _| {
        let folder = scene.folder();
        scene.store.close().unwrap();
        (folder, scene.answered, scene.home)
    });
}

#[test]
fn it_is_noticed_although_nobody_comes() {
    each(|scene, name| {
        let began = Instant::now();
        let harmless = told().data().lines().any(|line| line.trim() == format!("{name}: -"));
        while !harmless && store::set_aside(&scene.folder()).is_empty() {
            assert!(began.elapsed() < SOON, "{name}: {:?}", scene.store.condition());
            std::thread::sleep(Duration::from_millis(10));
        }
        while scene.store.condition().failing.is_some() || scene.store.read(Reader::overview).is_err() {
            assert!(began.elapsed() < SOON, "{name}: {:?}", scene.store.condition());
            std::thread::sleep(Duration::from_millis(10));
        }
        let folder = scene.folder();
        scene.store.close().unwrap();
        (folder, scene.answered, scene.home)
    });
}

#[test]
fn a_folder_that_cannot_be_made_again_is_waited_for() {
    let mut scene = Scene::new();
    let disk = scene.home.path().join("disk");
    // The record of another folder, whose parent is taken away like a disk.
    scene.store.close().unwrap();
    fs::create_dir(&disk).unwrap();
    fs::rename(scene.home.path().join("data"), disk.join("data")).unwrap();
    scene.store = Store::open(&disk.join("data"), "a test").unwrap();
    assert!(scene.post(), "all is well so far");
    fs::rename(&disk, scene.home.path().join("unplugged")).unwrap();
    for _ in 0..3 {
        assert!(!scene.post(), "nobody is told what is not so");
    }
    let why = scene.store.condition().failing.unwrap().why;
    assert!(why.contains("Leave Calltrail running"), "what must not be done is said: {why}");
    assert!(!disk.exists(), "nothing is made in the place of a disk");
    fs::rename(scene.home.path().join("unplugged"), &disk).unwrap();
    scene.goes_on("it is there again");
    scene.store.close().unwrap();
    assert_kept(&disk.join("data"), &scene.answered, "it is there again");
}

#[test]
fn a_folder_that_another_process_writes_is_left_to_it() {
    let mut scene = Scene::new();
    fs::rename(scene.folder(), scene.home.path().join("elsewhere")).unwrap();
    let other = Store::open(&scene.folder(), "another computer").unwrap();
    assert!(!scene.post() && !scene.post(), "two must not write one record");
    let why = scene.store.condition().failing.unwrap().why;
    assert!(why.contains("held by another computer"), "it is said who does: {why}");
    other.close().unwrap();
    scene.goes_on("the other one has ended");
    let folder = scene.folder();
    scene.store.close().unwrap();
    assert_kept(&folder, &scene.answered, "the other one has ended");
}

/// Nothing can bring back what is neither in the log nor in memory; what can be had is brought over.
#[test]
fn a_file_that_is_emptied_in_use_costs_nothing_that_was_answered_since() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(home.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    let mut scene = Scene { home, store, answered: BTreeSet::new(), rest: traffic::story(62).into_iter() };
    (0..5).for_each(|_| assert!(scene.post(), "all is well so far"));
    // Whatever has not been in use since the start is not in SQLite's memory, and cannot be written again from there.
    let edit = Edit { subject: Subject::Team, field: "tag_colour:a".to_owned(), value: "red".into() };
    scene.store.edit(&Author::default(), 1, &[edit]).unwrap();
    let archive = scene.home.path().join("calltrail.db");
    fs::write(archive, b"").unwrap();
    while !scene.post() {}
    let began = Instant::now();
    let missing =
        |scene: &Scene| kept(&scene.store).map_or(usize::MAX, |kept| scene.answered.difference(&kept).count());
    while store::set_aside(scene.home.path()).iter().any(|aside| aside.saved.is_none()) || missing(&scene) > 0 {
        assert!(began.elapsed() < SOON, "{} are missing: {:?}", missing(&scene), store::set_aside(scene.home.path()));
        std::thread::sleep(Duration::from_millis(20));
    }
    let aside = store::set_aside(scene.home.path());
    assert_eq!(aside[0].kind, AsideKind::Exchanged, "and it is told: {aside:?}");
    scene.store.close().unwrap();
}

#[test]
fn what_was_begun_when_the_process_ended_is_finished() {
    let scene = Scene::new();
    let (folder, answered) = (scene.folder(), scene.answered.clone());
    scene.store.close().unwrap();
    // The copy was whole, and the file that was found instead had not been moved yet.
    fs::rename(folder.join("calltrail.db"), folder.join("calltrail.again.db")).unwrap();
    fs::write(folder.join(".calltrail-again-x"), b"half of a copy").unwrap();
    fs::copy(scene.home.path().join("other/calltrail.db"), folder.join("calltrail.db")).unwrap();
    let found = assert_kept(&folder, &answered, "begun");
    assert_eq!(found, "exchanged, with deliveries of its own", "it went on where it was");
    assert!(!folder.join(".calltrail-again-x").exists(), "and nothing is left lying about");
}

#[test]
fn a_log_without_its_file_is_not_thrown_away() {
    let mut scene = Scene::new();
    let folder = scene.home.path().join("left");
    assert!(scene.post(), "it is in the log");
    fs::create_dir(&folder).unwrap();
    fs::copy(scene.file("-wal"), folder.join("calltrail.db-wal")).unwrap();
    let newest = scene.answered.len() - EARLIER;
    scene.store.close().unwrap();
    let store = Store::open(&folder, "a test").unwrap();
    store.start_maintenance().unwrap();
    let began = Instant::now();
    while store::set_aside(&folder).iter().any(|aside| aside.saved.is_none()) {
        assert!(began.elapsed() < SOON, "{:?}", store::set_aside(&folder));
        std::thread::sleep(Duration::from_millis(5));
    }
    let found = kept(&store).unwrap().intersection(&scene.answered).count();
    assert!(found >= newest, "{found} of the {newest} that only the log had are in the record");
    store.close().unwrap();
}

/// Removes a folder, also where a file is made in it at this moment.
fn remove(folder: &Path) {
    while folder.exists() {
        let _ = fs::remove_dir_all(folder);
    }
}
