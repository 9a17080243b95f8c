//! What is found at the archive's name and cannot be the record is put aside whole, so that callbacks can be kept at once and its
//! deliveries saved later: a damaged archive, or a file that took the place of the one that was open.
//!
//! Each goes into a folder of its own, `damaged/<when>/`, with what SQLite keeps beside it and a note that says why. The note
//! is written first: where the process ends in between, the next start moves the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::durable_file;
use crate::lock::lock;
use crate::store::error::Error;
use crate::store::files::paths::{self, Files};
use crate::store::files::sidecars::with_sidecars;
use crate::unfinished::NOTE as NOTE_BEGUN;

/// The folder in the data folder.
const FOLDER: &str = "damaged";
const NOTE: &str = "note.json";

/// Why something was put aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AsideKind {
    /// The archive could not be read correctly any more.
    #[default]
    Damaged,
    /// The archive, or its log, was deleted, moved or renamed while it was in use. It was written again from what was still open;
    /// the folder holds no archive.
    WentAway,
    /// Another file took the place of the archive, or of its log, while that was in use. The archive was written again from what
    /// was still open, and the folder holds the other file.
    Exchanged,
}

/// An archive that was put aside, or one that went away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetAside {
    /// The folder that holds it, in `damaged` in the data folder.
    pub name: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What happened to it.
    #[serde(default)]
    #[schema(required = true)]
    pub kind: AsideKind,
    /// What was found, in words.
    pub why: String,
    /// What could be saved from it; null until that was tried to the end.
    pub saved: Option<Saved>,
    /// True once a person has read about it.
    pub seen: bool,
}

/// What was brought from one archive into another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Saved {
    /// Deliveries that could be read.
    pub deliveries: u64,
    /// Those among them that the record did not have.
    pub new: u64,
    /// Repeats that the record did not know of.
    pub repeats: u64,
    /// Deliveries that went into quarantine.
    pub quarantined: u64,
    /// What people had added, and the record did not have.
    #[serde(default)]
    pub entries: u64,
    /// Deliveries whose content does not give their digest any more; they were left out.
    pub altered: u64,
    /// Places that could not be read; how much was there is not known.
    pub unreadable: u64,
}

/// Moves a damaged archive's files out of the way, and puts into their place what [`crate::store::files::archive_file::begin`] has made.
pub(crate) fn set_aside(files: &Files, why: &str, new: Option<&Path>) -> Result<(), Error> {
    let moved: Vec<_> = with_sidecars(&files.archive()).collect();
    put_aside(files, AsideKind::Damaged, why, &moved, new)
}

/// Moves these files out of the way, those of them that are there, notes why, and gives `new` the archive's name.
pub(crate) fn put_aside(
    files: &Files,
    kind: AsideKind,
    why: &str,
    moved: &[PathBuf],
    new: Option<&Path>,
) -> Result<(), Error> {
    let mut now: DateTime<Utc> = SystemTime::now().into();
    let name = |now: DateTime<Utc>| now.format("%Y-%m-%dT%H-%M-%S-%3fZ").to_string();
    let damaged = files.folder().join(FOLDER);
    paths::make_folder(&damaged)?;
    while damaged.join(name(now)).exists() {
        // A clock that was set back names a moment twice, and nothing that was put aside is to be written over.
        now += TimeDelta::milliseconds(1);
    }
    let name = name(now);
    let folder = damaged.join(&name);
    paths::make_folder(&folder)?;
    // Where nothing is put aside there is nothing to save.
    let saved = moved.is_empty().then(Saved::default);
    write(
        files.folder(),
        &SetAside { name, at_ms: now.timestamp_millis(), kind, why: why.to_owned(), saved, seen: false },
    )?;
    paths::sync_folder(&folder)?;
    paths::sync_folder(&damaged)?;
    let _alone = paths::names_change();
    let done = move_into(files, &folder, moved);
    if done.is_err() && fs::read_dir(&folder).is_ok_and(|entries| entries.count() == 1) {
        // It is tried again, and would be noted again.
        let _ = fs::remove_dir_all(&folder);
    }
    done?;
    let Some(new) = new else { return Ok(()) };
    fs::rename(new, files.archive()).map_err(Error::io(new))?;
    paths::sync_folder(files.folder())
}

/// Finishes a move that was begun when the process ended: the database is gone already, but its log is not.
pub(crate) fn finish_moving(files: &Files) -> Result<(), Error> {
    let newest = list(files.folder()).pop().filter(|note| note.saved.is_none());
    let Some(folder) = newest.map(|note| files.folder().join(FOLDER).join(note.name)) else { return Ok(()) };
    let _alone = paths::names_change();
    if files.archive().exists() {
        return Ok(());
    }
    move_into(files, &folder, &with_sidecars(&files.archive()).collect::<Vec<_>>())
}

fn move_into(files: &Files, folder: &Path, moved: &[PathBuf]) -> Result<(), Error> {
    for from in moved {
        match fs::rename(from, folder.join(from.file_name().unwrap_or_default())) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(from)(error)),
        }
    }
    paths::sync_folder(folder)?;
    paths::sync_folder(files.folder())
}

/// The archives that were put aside, oldest first.
pub fn list(data_folder: &Path) -> Vec<SetAside> {
    let entries = fs::read_dir(data_folder.join(FOLDER)).into_iter().flatten().flatten();
    let mut notes: Vec<SetAside> =
        entries.filter_map(|entry| serde_json::from_slice(&fs::read(entry.path().join(NOTE)).ok()?).ok()).collect();
    notes.sort_by(|a, b| a.name.cmp(&b.name));
    notes
}

/// The file of an archive that was put aside.
pub(crate) fn file(data_folder: &Path, note: &SetAside) -> PathBuf {
    data_folder
        .join(FOLDER)
        .join(&note.name)
        .join(Files::of(data_folder, None).archive().file_name().unwrap_or_default())
}

/// Changes the note of an archive that was put aside, as it is now; `false` when there is none of this name.
pub(crate) fn change(data_folder: &Path, name: &str, change: impl FnOnce(&mut SetAside)) -> Result<bool, Error> {
    // A person may read about it in the moment in which its deliveries have been saved.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = lock(&ONE_AT_A_TIME);
    let Some(mut note) = list(data_folder).into_iter().find(|note| note.name == name) else { return Ok(false) };
    change(&mut note);
    write(data_folder, &note)?;
    Ok(true)
}

fn write(data_folder: &Path, note: &SetAside) -> Result<(), Error> {
    let folder = data_folder.join(FOLDER).join(&note.name);
    let path = folder.join(NOTE);
    let replace = || -> std::io::Result<()> {
        let mut file = NOTE_BEGUN.begin(&folder)?;
        std::io::Write::write_all(&mut file, &serde_json::to_vec_pretty(note)?)?;
        durable_file::take_place(file, &path)
    };
    replace().map_err(Error::io(&path))
}
