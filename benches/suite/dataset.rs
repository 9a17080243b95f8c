//! Records to measure with: filled once through the store's own path, and kept outside the repository.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use chrono::Utc;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::{
    Outcome,
    figures::{bytes, grouped},
};

mod fill;
mod queue;

pub(crate) use fill::{END_MS, Facts, deliveries, later};

/// Says where data sets are kept, instead of the platform's folder for such things.
const VARIABLE: &str = "CALLTRAIL_BENCH_DIR";
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
            let facts = fill::fill(&unfinished, calls)?;
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
            let to = copy.path().join(name);
            fs::copy(file, &to)?;
            // Else the disk would still be writing it while something is measured.
            fs::OpenOptions::new().write(true).open(to)?.sync_all()?;
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
    let own = ["src/traffic.rs", "benches/suite/crowd.rs", "benches/suite/dataset/fill.rs"];
    let mut files: Vec<PathBuf> = own.iter().map(|file| root.join(file)).collect();
    for folder in ["migrations", "src/traffic"] {
        files.extend(fs::read_dir(root.join(folder))?.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files.iter().filter(|file| file.is_file()) {
        hash.update(fs::read(file)?);
    }
    let projection = fs::read_to_string(root.join("src/store/files/projection_file.rs"))?;
    hash.update(projection.lines().find(|line| line.contains("const RULES")).ok_or("the rules have no version")?);
    Ok(hex::encode(hash.finalize()).chars().take(12).collect())
}
