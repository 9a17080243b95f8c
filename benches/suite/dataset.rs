//! Records to measure with: filled once through the store's own path, and kept outside the repository.

use std::{
    collections::HashSet,
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use calltrail::{
    callback::delivery::Delivery,
    store::{Store, delivery::Place},
    traffic,
};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::{
    Outcome, crowd,
    figures::{bytes, count, grouped, number, rounded},
};

mod queue;

/// Says where data sets are kept, instead of the platform's folder for such things.
const VARIABLE: &str = "CALLTRAIL_BENCH_DIR";
const SEED: u64 = 1;
/// A data set ends before 2026-10-01, 00:00 UTC.
pub(crate) const END_MS: i64 = 1_790_812_800_000;
const DAY_MS: i64 = 86_400_000;
/// A small record is a team's last days, a large one its last years.
const CALLS_PER_DAY: u64 = 900;
const DAYS: u64 = 1_111;
/// What a call needs on the disk, at most, with its deliveries and everything that follows from them.
const BYTES_PER_CALL: u64 = 14_000;
/// What is left free for everybody else.
const SPARE_BYTES: u64 = 2_000_000_000;
/// Folders that are used once begin with this; a run that was killed leaves them behind.
const USED_ONCE: &str = "work-";
const FACTS: &str = "dataset.json";

/// The data sets of this run.
pub(crate) struct DataSets {
    home: PathBuf,
    key: String,
    sizes: Vec<u64>,
    left_out: Vec<String>,
}

/// What a data set holds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) calls: u64,
    /// Distinct deliveries.
    pub(crate) deliveries: u64,
    /// Bytes of what was sent: bodies, queries and headers, those of repeats included.
    pub(crate) received_bytes: u64,
    /// How long recording them took, in seconds.
    pub(crate) seconds: f64,
}

impl DataSets {
    /// Finds the folder, and out which sizes there is room for.
    pub(crate) fn open(sizes: &[u64]) -> Outcome<Self> {
        let home = home()?;
        fs::create_dir_all(&home)?;
        for entry in fs::read_dir(&home)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(USED_ONCE) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        let mut sets = Self { home, key: key()?, sizes: Vec::new(), left_out: Vec::new() };
        for &calls in sizes {
            sets.remove_stale(calls)?;
            match sets.is_filled(calls) || sets.has_room(calls * BYTES_PER_CALL)? {
                true => sets.sizes.push(calls),
                false => {
                    let free = bytes(fs4::available_space(&sets.home)?);
                    let wanted = bytes(calls * BYTES_PER_CALL);
                    let why = format!(
                        "{} calls are left out: they need about {wanted}, and {} has {free} free. Make room, or name \
                         another folder with {VARIABLE}.",
                        grouped(calls),
                        sets.home.display()
                    );
                    println!("{why}");
                    sets.left_out.push(why);
                }
            }
        }
        Ok(sets)
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The sizes that can be measured, smallest first.
    pub(crate) fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// Sentences about sizes that cannot.
    pub(crate) fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// A record of so many calls, filled if it is not there. Whoever uses it leaves it as it was, as far as lists can tell.
    pub(crate) fn folder(&self, calls: u64) -> Outcome<PathBuf> {
        let folder = self.path(calls);
        if !self.is_filled(calls) {
            let unfinished = folder.with_extension("part");
            if unfinished.exists() {
                fs::remove_dir_all(&unfinished)?;
            }
            let facts = fill(&unfinished, calls)?;
            fs::write(unfinished.join(FACTS), serde_json::to_vec(&facts)?)?;
            fs::rename(&unfinished, &folder)?;
        }
        back_up_today(&folder)?;
        Ok(folder)
    }

    /// What [`DataSets::folder`] holds.
    pub(crate) fn facts(&self, calls: u64) -> Outcome<Facts> {
        Ok(serde_json::from_slice(&fs::read(self.folder(calls)?.join(FACTS))?)?)
    }

    /// A copy to write into, removed when dropped.
    pub(crate) fn copy(&self, calls: u64) -> Outcome<TempDir> {
        let from = self.folder(calls)?;
        let files: Vec<PathBuf> = fs::read_dir(&from)?.flatten().map(|entry| entry.path()).collect();
        let files: Vec<&PathBuf> = files.iter().filter(|file| file.is_file()).collect();
        let needed = files.iter().filter_map(|file| Some(file.metadata().ok()?.len())).sum();
        self.must_have_room(needed)?;
        println!("  copying {} calls ({})", grouped(calls), bytes(needed));
        let copy = self.temporary()?;
        for file in files {
            let name = file.file_name().ok_or("a file has no name")?;
            fs::copy(file, copy.path().join(name))?;
        }
        back_up_today(copy.path())?;
        Ok(copy)
    }

    /// An empty folder on the same disk, removed when dropped.
    pub(crate) fn temporary(&self) -> Outcome<TempDir> {
        Ok(tempfile::Builder::new().prefix(USED_ONCE).tempdir_in(&self.home)?)
    }

    /// Fails with a sentence where the disk has too little room.
    pub(crate) fn must_have_room(&self, needed: u64) -> Outcome<()> {
        if self.has_room(needed)? {
            return Ok(());
        }
        let (needed, free) = (bytes(needed), bytes(fs4::available_space(&self.home)?));
        Err(format!("{needed} are needed in {}, and {free} are free there", self.home.display()).into())
    }

    fn has_room(&self, needed: u64) -> Outcome<bool> {
        Ok(fs4::available_space(&self.home)? > needed + SPARE_BYTES)
    }

    fn path(&self, calls: u64) -> PathBuf {
        self.home.join(format!("calls-{calls}-{}", self.key))
    }

    fn is_filled(&self, calls: u64) -> bool {
        self.path(calls).join(FACTS).is_file()
    }

    /// Removes data sets of this size that other sources made.
    fn remove_stale(&self, calls: u64) -> Outcome<()> {
        let (size, current) = (format!("calls-{calls}-"), self.path(calls));
        for entry in fs::read_dir(&self.home)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&size) && entry.path() != current {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Callbacks that no data set holds, of the same office.
pub(crate) fn later(seed: u64) -> impl Iterator<Item = Delivery> {
    let customers = crowd::customers(1_000_000);
    traffic::fortnight(SEED + 1 + seed, END_MS, 3_650, 4_000)
        .map(move |delivery| crowd::with_customers(delivery, customers))
}

/// The deliveries of a data set, in the order of their receipt; more than are needed.
pub(crate) fn deliveries(calls: u64) -> Outcome<impl Iterator<Item = Delivery>> {
    let per_day = (calls / DAYS).max(CALLS_PER_DAY);
    let days = calls.div_ceil(per_day) + 1;
    let start_ms = END_MS - i64::try_from(days)? * DAY_MS;
    let customers = crowd::customers(calls);
    Ok(traffic::fortnight(SEED, start_ms, u32::try_from(days)?, u32::try_from(per_day)?)
        .map(move |delivery| crowd::with_customers(delivery, customers)))
}

/// Records deliveries until they tell of so many calls.
fn fill(folder: &Path, calls: u64) -> Outcome<Facts> {
    println!("  filling a record of {} calls in {}", grouped(calls), folder.display());
    let store = Store::open(folder, "the benchmark")?;
    let waiting = queue::Waiting::default();
    let mut told = HashSet::new();
    let (begin, mut news, mut sent, mut received_bytes) = (Instant::now(), Instant::now(), 0_u64, 0);
    for delivery in deliveries(calls)? {
        if let Some(call_id) = crowd::call_id(&delivery.body) {
            told.insert(crowd::number(call_id));
        }
        if count(told.len()) > calls {
            break;
        }
        received_bytes += received(&delivery);
        let callback = traffic::read(&delivery);
        let place = waiting.place()?;
        store.record(delivery, callback, Place::Archive, move |kept| place.free(kept)).map_err(|_| queue::FULL)?;
        sent += 1;
        if news.elapsed() > Duration::from_secs(10) {
            news = Instant::now();
            let rate = rounded(number(sent) / begin.elapsed().as_secs_f64());
            println!("    {} calls, {} deliveries, {rate} a second", grouped(count(told.len())), grouped(sent));
        }
    }
    waiting.until_empty()?;
    let seconds = begin.elapsed().as_secs_f64();
    let overview = store.read(|reader| reader.overview())?;
    store.close()?;
    if overview.calls != calls {
        return Err(format!("{calls} calls were told, but the record holds {}", overview.calls).into());
    }
    Ok(Facts { calls, deliveries: overview.deliveries, received_bytes, seconds })
}

fn received(delivery: &Delivery) -> u64 {
    let headers: usize = delivery.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    count(delivery.body.len() + delivery.query.len() + headers)
}

/// The service makes a backup each day, at the first start before anything else. Its size would be measured with everything that
/// follows, so this stands for a day on which it was already made.
fn back_up_today(folder: &Path) -> Outcome<()> {
    let backups = folder.join("backups");
    if backups.exists() {
        fs::remove_dir_all(&backups)?;
    }
    fs::create_dir(&backups)?;
    fs::write(backups.join(Utc::now().format("calltrail-%Y-%m-%dT%H%M%SZ.db").to_string()), "")?;
    Ok(())
}

fn home() -> Outcome<PathBuf> {
    match env::var_os(VARIABLE) {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => {
            let platform = directories::BaseDirs::new();
            let platform = platform.ok_or_else(|| format!("there is no home folder; name a folder with {VARIABLE}"))?;
            Ok(platform.cache_dir().join("calltrail-bench"))
        }
    }
}

/// Names what decides about a data set's content: the tables, the version of the rules, and who plays.
fn key() -> Outcome<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("src/traffic.rs"), root.join("benches/suite/crowd.rs")];
    for folder in ["migrations", "src/traffic"] {
        files.extend(fs::read_dir(root.join(folder))?.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files.iter().filter(|file| file.is_file()) {
        hash.update(fs::read(file)?);
    }
    let projection = fs::read_to_string(root.join("src/store/projection.rs"))?;
    hash.update(projection.lines().find(|line| line.contains("const RULES")).ok_or("the rules have no version")?);
    hash.update(format!("{SEED} {END_MS} {CALLS_PER_DAY} {DAYS}"));
    Ok(hex::encode(hash.finalize()).chars().take(12).collect())
}
