//! Damaged files: callbacks are answered at once, what is on sound pages is saved, and a backup brings back the rest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use calltrail::store::{Store, backup, set_aside};
use rand::{Rng as _, RngCore as _};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;

use super::{
    assert_sound, close, fill,
    load::{Answers, kept, walk},
    wait_until,
};
use crate::{
    process::{command, started},
    support::length::Length,
};

const DELIVERIES: usize = 1_200;
const PAGE: usize = 4_096;
/// A sender gives up after 2 s; what the test allows is more, because it does not run alone.
const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// Until what can be saved is saved.
const UPKEEP: Duration = Duration::from_secs(30);

/// A record as a crash left it, a backup of it, and on which pages its deliveries are.
struct Before {
    home: tempfile::TempDir,
    pages: BTreeMap<String, usize>,
    answers: Answers,
}

impl Before {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let data_dir = home.path().join("before");
        fill(&data_dir, DELIVERIES);
        // A little is in the log when the process dies, so that the next start looks whether everything is well.
        let answers = super::kill::loaded_and_killed(&data_dir, "log", Duration::from_millis(20));
        let recovered = home.path().join("recovered");
        copy(&data_dir, &recovered);
        let pages = pages_of_deliveries(&recovered.join("calltrail.db"));
        backup(&recovered, &home.path().join("backup.db")).expect("a backup");
        Self { home, pages, answers }
    }

    fn backup(&self) -> PathBuf {
        self.home.path().join("backup.db")
    }

    /// A copy of the record to damage.
    fn again(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir_in(self.home.path()).expect("a temporary folder");
        copy(&self.home.path().join("before"), folder.path());
        folder
    }

    /// The deliveries of which no page was damaged.
    fn sound(&self, damaged: &BTreeSet<usize>) -> BTreeSet<String> {
        let sound = self.pages.iter().filter(|(_, page)| !damaged.contains(page));
        sound.map(|(digest, _)| digest.clone()).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        // Backups are looked at apart.
        if path.is_file() && !path.to_string_lossy().ends_with("-shm") {
            fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("room");
        }
    }
}

/// Each delivery's page. They are small enough to be on one page each.
fn pages_of_deliveries(database: &Path) -> BTreeMap<String, usize> {
    let database = Connection::open(database).expect("it opens");
    let mut leaves = database
        .prepare("select pageno, ncell from dbstat where name = 'delivery' and pagetype = 'leaf' order by path")
        .expect("SQLite tells where things are");
    let leaves = leaves.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("pages");
    let mut pages = leaves.flat_map(|leaf| leaf.map(|(page, cells)| vec![count(page); count(cells)]).expect("a page"));
    let mut rows = database.prepare("select digest from delivery order by delivery_id").expect("a table");
    let digests = rows.query_map([], |row| row.get::<_, [u8; 32]>(0)).expect("rows");
    let found: BTreeMap<String, usize> =
        digests.map(|digest| (hex::encode(digest.expect("a row")), pages.next().expect("a page of it"))).collect();
    assert!(pages.next().is_none() && found.len() >= DELIVERIES, "{} deliveries on their pages", found.len());
    found
}

fn count(number: i64) -> usize {
    usize::try_from(number).expect("a count")
}

/// Damages a file in one of the ways that disks and people do; answers how, and the pages that are not what they were.
fn damage(file: &Path, chance: &mut ChaCha8Rng) -> (String, BTreeSet<usize>) {
    let mut bytes = fs::read(file).expect("readable");
    let before = bytes.clone();
    let pages = bytes.len() / PAGE;
    let how = match chance.random_range(0..4) {
        0 => {
            let flips = chance.random_range(1..=64);
            for _ in 0..flips {
                let at = chance.random_range(0..bytes.len());
                bytes[at] ^= 1 << chance.random_range(0..8);
            }
            format!("{flips} bits flipped")
        }
        1 | 2 => {
            let (count, zero) = (chance.random_range(1..=8), chance.random());
            for _ in 0..count {
                let page = chance.random_range(0..pages) * PAGE;
                let page = &mut bytes[page..page + PAGE];
                if zero { page.fill(0) } else { chance.fill_bytes(page) }
            }
            format!("{count} pages {}", if zero { "zeroed" } else { "garbled" })
        }
        _ => {
            let length = chance.random_range(0..bytes.len());
            bytes.truncate(length);
            format!("cut off at {length} of {} bytes", before.len())
        }
    };
    fs::write(file, &bytes).expect("room");
    bytes.resize(before.len(), 0);
    let changed = (0..pages).filter(|page| bytes[page * PAGE..][..PAGE] != before[page * PAGE..][..PAGE]);
    // SQLite counts pages from 1.
    (how, changed.map(|page| page + 1).collect())
}

#[test]
fn a_damaged_archive_delays_nobody_and_loses_only_what_was_on_damaged_pages() {
    let length = Length::of("CALLTRAIL_DAMAGES", 30);
    let before = Before::new();
    let (mut done, mut slowest) = (0, Duration::ZERO);
    for case in length.rounds() {
        let mut chance = length.chance(case);
        let data = before.again();
        let (how, damaged) = damage(&data.path().join("calltrail.db"), &mut chance);
        let when = format!("case {case}, {how} ({})", length.again());
        let mut since = Answers::default();
        slowest = slowest.max(answer_and_save(data.path(), &before.sound(&damaged), &mut since, &when));
        restore(&before, data.path(), &since, &when);
        done += 1;
    }
    length.report(done, &format!("the first answer came after {slowest:?} at the latest"));
}

#[test]
fn a_damaged_projection_is_made_anew_and_nothing_is_lost() {
    let length = Length::of("CALLTRAIL_DAMAGED_PROJECTIONS", 10);
    let before = Before::new();
    let (mut done, mut slowest) = (0, Duration::ZERO);
    for case in length.rounds() {
        let data = before.again();
        let used = super::projections(data.path()).pop().expect("one is in use");
        let (how, _) = damage(&data.path().join(format!("projection-{used}.db")), &mut length.chance(case));
        let when = format!("projection, case {case}, {how} ({})", length.again());
        let mut since = Answers::default();
        slowest = slowest.max(answer_and_save(data.path(), &before.sound(&BTreeSet::new()), &mut since, &when));
        mend_what_verify_names(data.path(), &when);
        assert_sound(data.path(), &when);
        done += 1;
    }
    length.report(done, &format!("the first answer came after {slowest:?} at the latest"));
}

/// A bit that turned over in a value is no damage to SQLite. `verify` names the table, and a rebuild mends it.
fn mend_what_verify_names(data_dir: &Path, when: &str) {
    let verified = calltrail::store::verify(data_dir).unwrap_or_else(|error| panic!("{when}: not verified: {error}"));
    if verified.differing.is_empty() {
        return;
    }
    assert!(verified.altered.is_empty(), "{when}: the archive was not touched: {verified:?}");
    let store = Store::open(data_dir, "a test").unwrap_or_else(|error| panic!("{when}: it does not open: {error}"));
    store.rebuild().unwrap_or_else(|error| panic!("{when}: no rebuild: {error}"));
    close(store);
}

/// Starts on damaged files, posts, and waits until everything that should be there is. Answers when the first was kept.
fn answer_and_save(data_dir: &Path, sound: &BTreeSet<String>, since: &mut Answers, when: &str) -> Duration {
    let began = Instant::now();
    let child = command(data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn().expect("it starts");
    let serve = started(child).unwrap_or_else(|refusal| panic!("{when}: it does not start: {refusal:?}"));
    wait_until(&format!("{when}: a callback is kept"), FIRST_ANSWER, || {
        (since.post_to(&serve, "since-first") == 200).then_some(())
    });
    let first = began.elapsed();
    for n in 0..5 {
        assert_eq!(since.post_to(&serve, &format!("since-{n}")), 200, "{when}: and so are those after it");
    }
    wait_for_what_is_saved(data_dir, &sound.union(&since.ok).cloned().collect(), when);
    let (status, took) = serve.terminate();
    assert_eq!(status.code(), Some(0), "{when}: it stops as usual");
    assert!(took < Duration::from_secs(10), "{when}: and soon: {took:?}");
    first
}

/// Waits until the record holds all of these.
fn wait_for_what_is_saved(data_dir: &Path, wanted: &BTreeSet<String>, when: &str) {
    let began = Instant::now();
    loop {
        let missing = walk(data_dir).map(|kept| wanted.difference(&kept).count());
        if matches!(missing, Ok(0)) {
            return;
        }
        let aside = set_aside(data_dir);
        let wanted = wanted.len();
        assert!(
            began.elapsed() < UPKEEP,
            "{when}: of {wanted} on sound pages, {missing:?} are missing; put aside: {aside:?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// With a backup, nothing at all is missing.
fn restore(before: &Before, data_dir: &Path, since: &Answers, when: &str) {
    let store = Store::open(data_dir, "a test").unwrap_or_else(|error| panic!("{when}: it does not open: {error}"));
    // Damage that shows only now is put aside now; what was answered since is then saved in the background, as at any start.
    store.start_maintenance().unwrap_or_else(|error| panic!("{when}: nothing is done in the background: {error}"));
    store.restore(&before.backup()).unwrap_or_else(|error| panic!("{when}: no restore: {error}"));
    let wanted: BTreeSet<String> =
        before.sound(&BTreeSet::new()).iter().chain(&since.ok).chain(&before.answers.ok).cloned().collect();
    wait_for_what_is_saved(data_dir, &wanted, &format!("{when}, restored"));
    // A time of receipt has no digest: where that was damaged, the projection must follow.
    store.rebuild().unwrap_or_else(|error| panic!("{when}: no rebuild: {error}"));
    close(store);
    assert_sound(data_dir, &format!("{when}, restored"));
    let kept = kept(data_dir);
    let lost = wanted.difference(&kept).count();
    assert_eq!(lost, 0, "{when}: {lost} are missing although there was a backup");
}
