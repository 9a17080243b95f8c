//! Damaged archives: put aside, saved from, brought back.

mod projection;

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::store::{self, Options, Saved};
use crate::traffic;

fn archive(folder: &Path) -> std::path::PathBuf {
    folder.join("calltrail.db")
}

/// A closed record of these deliveries.
fn kept(deliveries: &[Delivery]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, deliveries);
    store.close().unwrap();
    folder
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn count(store: &Store) -> u64 {
    store.read(Reader::overview).unwrap().deliveries
}

/// Sends deliveries at once, as the listener does; answers how many were kept.
fn kept_by(store: &Store, deliveries: &[Delivery]) -> usize {
    let (done, answers) = std::sync::mpsc::channel();
    for delivery in deliveries {
        let done = done.clone();
        let answer = move |outcome: Result<Recorded, _>| done.send(outcome.is_ok()).unwrap();
        store.record(delivery.clone(), stored::parse(delivery), Place::Archive, answer).unwrap();
    }
    drop(done);
    answers.iter().filter(|kept| *kept).count()
}

/// Waits until everything that was put aside has been looked through.
fn saved(store: &Store) -> Saved {
    let began = Instant::now();
    loop {
        let notes = store::set_aside(store.folder());
        if let Some(saved) = notes.last().and_then(|note| note.saved) {
            return saved;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "saving takes too long: {notes:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_file_that_does_not_open_is_put_aside_and_a_backup_brings_all_back() {
    let (old, new) = (traffic::story(20), traffic::story(21));
    let folder = kept(&old);
    let backup = folder.path().join("copy.db");
    let held = store::backup(folder.path(), &backup).unwrap();
    overwrite(&archive(folder.path()), 0, &[0xff; 4096]);
    let damaged = fs::read(archive(folder.path())).unwrap();

    let began = Instant::now();
    let store = Store::open(folder.path(), "a test").unwrap();
    record(&store, &new[0]);
    assert!(began.elapsed() < Duration::from_secs(2), "callbacks are kept again at once");
    let notes = store::set_aside(folder.path());
    assert_eq!(notes.len(), 1, "what happened is written down");
    let aside = folder.path().join("damaged").join(&notes[0].name).join("calltrail.db");
    assert_eq!(fs::read(aside).unwrap(), damaged, "the damaged file is kept as it was");
    store.start_maintenance().unwrap();
    let found = saved(&store);
    assert!(found.deliveries + 20 > held, "without its first page, the others are looked at one by one: {found:?}");

    let epoch = store.epoch();
    record_all(&store, &new);
    let brought = store.restore(&backup).unwrap();
    assert_eq!(brought.deliveries, held, "every delivery of the backup can be read");
    assert!(brought.new + found.new > held / 2, "and comes back; a few are the same in both stories: {brought:?}");
    assert_ne!(store.epoch(), epoch, "whoever watches asks for everything anew");
    let all: Vec<_> = old.iter().chain(&new).cloned().collect();
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&all), "old and new, nothing is missing");
    let again = store.restore(&backup).unwrap();
    assert_eq!((again.new, again.repeats), (0, 0), "bringing it back again changes nothing");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and the record is sound");
}

#[test]
fn pages_in_the_middle_cost_only_what_is_on_them() {
    let deliveries: Vec<_> = (30..36).flat_map(traffic::story).collect();
    let folder = kept(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    let all = count(&store);
    store.close().unwrap();
    let pages = fs::metadata(archive(folder.path())).unwrap().len() / 4096;
    for page in [pages / 3, pages / 2, pages * 2 / 3] {
        overwrite(&archive(folder.path()), page * 4096, &[0xa5; 4096]);
    }
    // As after a crash: the log is there, so the file is checked in the background.
    fs::write(folder.path().join("calltrail.db-wal"), b"x").unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    let saved = saved(&store);
    assert!(saved.unreadable + saved.altered > 0, "the damage was met: {saved:?}");
    assert!(saved.new + 150 > all, "{} of {all} were saved; three pages hold no more than that", saved.new);
    assert_eq!(count(&store), saved.new, "and they are in the record");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "which is sound");
}

#[test]
fn a_tree_that_leads_in_a_circle_is_left() {
    let deliveries: Vec<_> = (36..40).flat_map(traffic::story).collect();
    let folder = kept(&deliveries);
    let file = rusqlite::Connection::open(archive(folder.path())).unwrap();
    let root: u64 = file
        .query_row("select rootpage from sqlite_schema where name = 'delivery'", [], |row| row.get::<_, i64>(0))
        .map(|page| u64::try_from(page).unwrap() - 1)
        .unwrap();
    drop(file);
    let mut bytes = fs::read(archive(folder.path())).unwrap();
    let at = usize::try_from(root * 4096).unwrap();
    assert_eq!(bytes[at], 5, "the table is large enough to have an inner page");
    let cells = usize::from(u16::from_be_bytes([bytes[at + 3], bytes[at + 4]]));
    let cell =
        |n: usize, bytes: &[u8]| at + usize::from(u16::from_be_bytes([bytes[at + 12 + 2 * n], bytes[at + 13 + 2 * n]]));
    let first: [u8; 4] = bytes[cell(0, &bytes)..][..4].try_into().unwrap();
    // Every branch leads to the first leaf.
    for n in 1..cells {
        let place = cell(n, &bytes);
        bytes[place..place + 4].copy_from_slice(&first);
    }
    fs::write(archive(folder.path()), &bytes).unwrap();
    fs::write(folder.path().join("calltrail.db-wal"), b"x").unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let all = u64::try_from(deliveries.len()).unwrap();
    store.start_maintenance().unwrap();
    let saved = saved(&store);
    assert!(saved.unreadable > 0, "the circle was met: {saved:?}");
    assert!(saved.deliveries > 0 && saved.deliveries < all, "the walk ends, with what is behind it: {saved:?}");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and the new record is sound");
}

#[test]
fn damage_that_the_writer_meets_costs_no_sender_an_answer() {
    let deliveries = traffic::story(40);
    let folder = kept(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    // Every page but the first: whatever the writer reads next is garbage.
    let length = usize::try_from(fs::metadata(archive(folder.path())).unwrap().len()).unwrap();
    overwrite(&archive(folder.path()), 4096, &vec![0xa5; length - 4096]);
    let new = traffic::story(41);
    assert_eq!(kept_by(&store, &new), new.len(), "each delivery is kept in what takes the place of the damaged file");
    assert_eq!(store::set_aside(folder.path()).len(), 1, "which was put aside, and only that");
    saved(&store);
    let digests: std::collections::BTreeSet<_> = new
        .iter()
        .map(|one| {
            let callback = callback::parse(&Query::parse(&one.query), &one.headers, &one.body);
            crate::store::delivery::Digest::of(&one.app, &callback, &one.body)
        })
        .collect();
    let found = digests.iter().filter(|digest| store.read(|reader| reader.raw_delivery(digest)).unwrap().is_some());
    assert_eq!(found.count(), digests.len(), "every one of them can be read back");
    store.close().unwrap();
}

#[test]
fn a_log_that_was_cut_is_noticed_before_anybody_is_told_that_something_is_kept() {
    let (old, lost, new) = (traffic::story(49), traffic::story(50), traffic::story(51));
    let folder = kept(&old);
    let held = with(&old, count);
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    record(&store, &lost[0]);
    // SQLite goes on behind the end of what it believes to be there, and reads its own memory of it.
    OpenOptions::new().write(true).open(folder.path().join("calltrail.db-wal")).unwrap().set_len(0).unwrap();
    assert_eq!(kept_by(&store, &new), new.len(), "each delivery is kept in what takes the place of the file");
    assert_eq!(store::set_aside(folder.path()).len(), 1, "which was put aside");
    let saved = saved(&store);
    assert!(saved.deliveries >= held, "with all {held} that had been checkpointed: {saved:?}");
    store.close().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    for delivery in old.iter().chain(&new) {
        assert_eq!(record(&store, delivery), Recorded::Repeat, "it is there: {delivery:?}");
    }
    store.close().unwrap();
}

#[test]
fn what_a_file_without_tables_has_on_its_pages_is_saved() {
    let deliveries = traffic::story(45);
    let folder = kept(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    let held = count(&store);
    store.close().unwrap();
    rusqlite::Connection::open(archive(folder.path()))
        .unwrap()
        .execute_batch("pragma writable_schema = on; delete from sqlite_schema; pragma wal_checkpoint(truncate)")
        .unwrap();
    store::files::corrupt::set_aside(&store::files::paths::Files::of(folder.path(), None), "a test", None).unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    let saved = saved(&store);
    assert_eq!(saved.unreadable, 1, "it is told that something was wrong");
    assert_eq!(saved.new, held, "and every delivery is there again");
    assert_eq!(count(&store), held, "in the record");
    store.close().unwrap();
}

/// Whoever has opened a file finds what lies beside it by its name, and only when it is first read. A journal of the new archive
/// would be rolled back into the old one: emptied, it answered "no such table", and the new one lost its journal.
#[test]
fn whoever_reads_late_what_was_put_aside_harms_neither_it_nor_what_took_its_place() {
    let folder = kept(&traffic::story(46));
    let store = Store::open(folder.path(), "a test").unwrap();
    let length = fs::metadata(archive(folder.path())).unwrap().len();
    let journal = folder.path().join("calltrail.db-journal");
    // As another process, a database browser for one, may have it open.
    let opened: Vec<_> = (0..200).map(|_| rusqlite::Connection::open(archive(folder.path())).unwrap()).collect();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (over, journal) = (&over, &journal);
        scope.spawn(move || {
            for connection in opened {
                while !journal.exists() {
                    if over.load(Ordering::Acquire) {
                        return;
                    }
                }
                let _ = connection.query_row("select count(*) from delivery", [], |_| Ok(()));
            }
        });
        let set_aside = store.write(|databases| databases.set_aside("a test"));
        over.store(true, Ordering::Release);
        assert!(set_aside.is_ok(), "a new one is begun: {set_aside:?}");
    });
    let aside = folder.path().join("damaged").join(&store::set_aside(folder.path())[0].name).join("calltrail.db");
    assert_eq!(fs::metadata(aside).unwrap().len(), length, "the old one is whole");
    record(&store, &traffic::story(47)[0]);
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and so is the new one");
}

#[test]
fn files_are_moved_while_others_open_them_and_all_stay_whole() {
    let deliveries = traffic::story(48);
    let folder = kept(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    let over = AtomicBool::new(false);
    let held_now = || {
        let count = |databases: &mut crate::store::writer::databases::Databases| {
            databases.write(|archive| {
                let rows = archive.query_row("select count(*) from delivery", [], |row| row.get::<_, i64>(0))?;
                Ok(rows.to_string())
            })
        };
        store.write(count).unwrap()
    };
    let mut held = vec![held_now()];
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::Acquire) {
                    // It may come between an archive and its first projection, or have the projection of the one before.
                    let _ = Reader::open(folder.path()).and_then(|reader| reader.overview());
                }
            });
        }
        for round in 0..8 {
            store.write(|databases| databases.set_aside("a test")).unwrap();
            for delivery in deliveries.iter().skip(round).take(5) {
                record(&store, delivery);
            }
            held.push(held_now());
        }
        over.store(true, Ordering::Release);
    });
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "the newest is sound");
    for (note, held) in store::set_aside(folder.path()).iter().zip(held) {
        let aside = folder.path().join("damaged").join(&note.name).join("calltrail.db");
        let of_it = rusqlite::Connection::open(aside).unwrap();
        let text = |query: &str| of_it.query_row(query, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(text("pragma integrity_check"), "ok", "{}", note.name);
        assert_eq!(text("select cast(count(*) as text) from delivery"), held, "{}", note.name);
    }
}

/// Takes tables out of a file under those who have it open.
fn lose(file: &Path, tables: &str) {
    rusqlite::Connection::open(file)
        .unwrap()
        .execute_batch(&format!(
            "pragma writable_schema = on; delete from sqlite_schema where tbl_name in ({tables}); pragma schema_version = 1000"
        ))
        .unwrap();
}

#[test]
fn tables_that_are_lost_under_the_writer_are_damage_and_no_sender_notices() {
    for tables in ["'delivery'", "'receipt'", "'delivery', 'receipt', 'quarantine', 'meta'"] {
        let (old, new) = (traffic::story(45), traffic::story(49));
        let folder = kept(&old);
        let store = Store::open(folder.path(), "a test").unwrap();
        lose(&archive(folder.path()), tables);
        let recorded = kept_by(&store, &new);
        assert_eq!(recorded, new.len(), "{tables}: each delivery is kept in what takes the place of the damaged file");
        assert_eq!(store::set_aside(folder.path()).len(), 1, "{tables}: which was put aside");
        store.start_maintenance().unwrap();
        assert!(saved(&store).new > 0, "{tables}: what it held is brought over");
        let missing = old.iter().chain(&new).filter(|one| {
            let digest = crate::store::delivery::Digest::of(&one.app, &stored::parse(one), &one.body);
            store.read(|reader| reader.raw_delivery(&digest)).unwrap().is_none()
        });
        assert_eq!(missing.count(), 0, "{tables}: nothing is lost");
        store.close().unwrap();
        assert!(store::verify(folder.path()).unwrap().is_sound(), "{tables}: the record is sound");
    }
}

#[test]
fn a_backup_is_brought_back_into_a_record_that_turns_out_to_be_damaged() {
    let old: Vec<_> = (30..36).flat_map(traffic::story).collect();
    let folder = kept(&old);
    let backup = folder.path().join("copy.db");
    store::backup(folder.path(), &backup).unwrap();
    // What only the merge needs: which repeats there are.
    let page: u64 = {
        let archive = rusqlite::Connection::open(archive(folder.path())).unwrap();
        let find = "select pageno from dbstat where name = 'delivery_digest' and pagetype = 'leaf' limit 1";
        let page: i64 = archive.query_row(find, [], |row| row.get(0)).unwrap();
        u64::try_from(page).unwrap()
    };
    overwrite(&archive(folder.path()), (page - 1) * 4096, &[0xff; 4096]);

    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    store.restore(&backup).expect("the damaged archive is put aside, and the backup goes into the new one");
    assert_eq!(store::set_aside(folder.path()).len(), 1, "what was damaged is kept");
    saved(&store);
    store.require_complete().unwrap();
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&old), "nothing is missing");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and the record is sound");
}

#[test]
fn a_record_without_tables_is_put_aside_at_the_start() {
    let folder = kept(&traffic::story(45));
    lose(&archive(folder.path()), "'delivery'");
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    assert!(saved(&store).new > 0, "what is on its pages is brought over");
    assert!(store::set_aside(folder.path())[0].why.contains("delivery"), "and it is said what is wrong");
    store.close().unwrap();
}

#[test]
fn an_emptied_file_is_damage_and_not_a_new_record() {
    let folder = kept(&traffic::story(42));
    fs::write(archive(folder.path()), b"").unwrap();
    Store::open(folder.path(), "a test").unwrap().close().unwrap();
    assert_eq!(store::set_aside(folder.path())[0].why, "the file is empty", "it is said, not passed over");
}

#[test]
fn a_move_that_was_cut_short_is_finished() {
    let folder = kept(&traffic::story(43));
    let files = store::files::paths::Files::of(folder.path(), None);
    store::files::corrupt::set_aside(&files, "a test", None).unwrap();
    let aside = folder.path().join("damaged").join(&store::set_aside(folder.path())[0].name);
    // The process ended between the database and its log.
    fs::write(folder.path().join("calltrail.db-wal"), b"the log").unwrap();
    Store::open(folder.path(), "a test").unwrap().close().unwrap();
    assert_eq!(fs::read(aside.join("calltrail.db-wal")).unwrap(), b"the log", "it belongs to the old database");
}

#[test]
fn a_page_that_a_person_has_read_is_remembered() {
    let folder = kept(&traffic::story(44));
    overwrite(&archive(folder.path()), 0, &[0; 100]);
    let store = Store::open(folder.path(), "a test").unwrap();
    let name = store::set_aside(folder.path())[0].name.clone();
    assert!(store.mark_as_seen(&name).unwrap(), "it is there");
    assert!(store::set_aside(folder.path())[0].seen, "and seen");
    assert!(!store.mark_as_seen("../..").unwrap(), "a name is looked up, never made a path of");
    store.close().unwrap();
}

#[test]
fn random_damage_never_ends_in_a_panic_or_a_refusal() {
    use rand::{Rng as _, SeedableRng as _};
    let deliveries = traffic::story(50);
    let pristine = kept(&deliveries);
    let bytes = fs::read(archive(pristine.path())).unwrap();
    for seed in 0..150_u64 {
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let mut damaged = bytes.clone();
        match seed % 3 {
            0 => (0..dice.random_range(1..=64)).for_each(|_| {
                let at = dice.random_range(0..damaged.len());
                damaged[at] ^= 1 << dice.random_range(0..8);
            }),
            1 => {
                let page = dice.random_range(0..damaged.len() / 4096) * 4096;
                dice.fill(&mut damaged[page..page + 4096]);
            }
            _ => damaged.truncate(dice.random_range(0..damaged.len())),
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(archive(folder.path()), &damaged).unwrap();
        fs::copy(pristine.path().join("projection-1.db"), folder.path().join("projection-1.db")).unwrap();
        let store = match Store::open_with(folder.path(), Options::held_by("a test")) {
            Ok(store) => store,
            // A header that names another program or a newer version is not ours to touch.
            Err(store::Error::Foreign(_) | store::Error::Newer { .. }) => continue,
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let new = &deliveries[0];
        let callback = callback::parse(&Query::parse(&new.query), &new.headers, &new.body);
        let (done, answer) = std::sync::mpsc::channel();
        store
            .record(new.clone(), callback, Place::Archive, move |kept| {
                done.send(kept.map_err(|why| why.to_string())).unwrap()
            })
            .unwrap();
        assert_eq!(answer.recv().unwrap().err(), None, "seed {seed}: a callback is kept");
        store.start_maintenance().unwrap();
        store.close().unwrap();
    }
}
