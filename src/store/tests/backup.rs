//! Backups: whole, checked, rolling, and brought back as a union.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;

use super::*;
use crate::callback::reason::Reason;
use crate::store::{self, Error};
use crate::traffic;

#[test]
fn a_backup_under_load_holds_all_that_was_answered_before_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let deliveries: Vec<_> = (60..70).flat_map(traffic::story).collect();
    let (kept, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for delivery in &deliveries {
                if record(&store, delivery) == Recorded::New {
                    kept.fetch_add(1, Ordering::SeqCst);
                }
                if stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        for n in 0..10 {
            let before = kept.load(Ordering::SeqCst);
            let file = folder.path().join(format!("copy-{n}.db"));
            let held = store::backup(folder.path(), &file).unwrap();
            assert!(usize::try_from(held).unwrap() >= before, "{held} of at least {before} are in the copy");
            let copy = Connection::open(&file).unwrap();
            let sound: String = copy.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(sound, "ok", "and it is sound");
        }
        stop.store(true, Ordering::SeqCst);
    });
    store.close().unwrap();
}

#[test]
fn a_backup_takes_nobodys_place() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path(), "a test").unwrap().close().unwrap();
    let file = folder.path().join("precious.db");
    std::fs::write(&file, b"precious").unwrap();
    assert!(matches!(store::backup(folder.path(), &file), Err(Error::Exists(_))), "it is refused");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious", "and what was there is there");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".backup")), "nothing is left behind: {left:?}");
}

#[test]
fn rolling_backups_keep_the_newest_three() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record(&store, &traffic::story(71)[0]);
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    for day in 1..=4 {
        std::fs::write(backups.join(format!("calltrail-2025-01-0{day}T080000Z.db")), b"old").unwrap();
    }
    std::fs::write(backups.join("mine.db"), b"somebody's own").unwrap();
    let made = store.back_up().unwrap().unwrap();
    let names: Vec<_> = store::backups(folder.path()).into_iter().map(|backup| backup.name).collect();
    assert_eq!(
        names,
        [made.name.as_str(), "calltrail-2025-01-04T080000Z.db", "calltrail-2025-01-03T080000Z.db"],
        "newest first"
    );
    assert!(backups.join("mine.db").exists(), "a file that is not one of them is left alone");
    assert!(store.restore_backup("mine.db").unwrap().is_none(), "and not taken for one");
    assert_eq!(
        store.restore_backup(&made.name).unwrap().unwrap().deliveries,
        1,
        "one of them can be brought back by name"
    );
    store.close().unwrap();
}

#[test]
fn the_backup_from_before_a_damage_stays_until_a_person_has_read_about_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record(&store, &traffic::story(73)[0]);
    store.close().unwrap();
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    let whole = "calltrail-2025-01-01T080000Z.db";
    std::fs::write(backups.join(whole), b"the last whole one").unwrap();
    std::fs::write(backups.join(".backup-abc123"), b"half of one").unwrap();
    std::fs::write(folder.path().join("calltrail.db"), [0; 4096]).unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record(&store, &traffic::story(74)[0]);
    // Newer ones, all of the small record that was begun after the damage. A name tells the second.
    let back_up_again = || {
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        store.back_up().unwrap();
    };
    (0..3).for_each(|_| back_up_again());
    assert!(backups.join(whole).exists(), "it holds what the record has lost");
    assert!(!backups.join(".backup-abc123").exists(), "what a killed process left is gone");
    let name = store::set_aside(folder.path())[0].name.clone();
    store.mark_as_seen(&name).unwrap();
    back_up_again();
    assert!(!backups.join(whole).exists(), "once read about, it rolls away like any other");
    store.close().unwrap();
}

#[cfg(unix)]
#[test]
fn a_backup_belongs_to_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record(&store, &traffic::story(72)[0]);
    let made = store.back_up().unwrap().unwrap();
    let path = folder.path().join("backups");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&path.join(made.name))), (0o700, 0o600), "nobody else reads it");
    store.close().unwrap();
}

#[test]
fn a_restore_is_a_union_in_either_direction() {
    let [left, right] = [0, 1].map(|n| {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "a test").unwrap();
        // Both hold the second of three stories; each delivery comes with its own times and repeats.
        let both = [traffic::story(80 + n), traffic::story(81)].concat();
        record_all(&store, &both);
        let foreign = Place::Quarantine {
            verdict: crate::callback::codes::Verdict::ForeignApp,
            reason: Reason::Sentence { text: n.to_string() },
        };
        let waiting = &traffic::story(90 + n)[0];
        let callback = callback::parse(&Query::parse(&waiting.query), &waiting.headers, &waiting.body);
        store.record_now(waiting.clone(), callback, foreign).unwrap();
        (folder, store)
    });
    let copies = [&left, &right].map(|(folder, _)| {
        let file = folder.path().join("copy.db");
        store::backup(folder.path(), &file).unwrap();
        file
    });
    left.1.restore(&copies[1]).unwrap();
    right.1.restore(&copies[0]).unwrap();
    let text = |store: &Store| {
        store.require_complete().unwrap();
        let overview = store.read(Reader::overview).unwrap();
        (store.read(Reader::dump).unwrap(), overview.deliveries, overview.quarantined)
    };
    assert_eq!(text(&left.1), text(&right.1), "either way gives the same record");
    assert_eq!(text(&left.1).2, 2, "what waits in quarantine is united too");
    for (folder, store) in [left, right] {
        store.close().unwrap();
        assert!(store::verify(folder.path()).unwrap().is_sound(), "and it is sound");
    }
}

#[test]
fn what_is_no_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let theirs = folder.path().join("theirs.db");
    Connection::open(&theirs).unwrap().execute_batch("create table theirs (x)").unwrap();
    assert!(matches!(store.restore(&theirs), Err(Error::Foreign(_))), "another program's database");
    std::fs::write(&theirs, b"just a text file that is long enough to be looked at as a database, is it not?").unwrap();
    assert!(store.restore(&theirs).is_err(), "no database at all");
    assert!(store.restore(&folder.path().join("missing.db")).is_err(), "nothing");
    store.close().unwrap();
}
