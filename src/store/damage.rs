//! A damaged archive is put aside whole, so that callbacks can be kept at once and its deliveries saved later.
//!
//! Each goes into a folder of its own, `damaged/<when>/`, with what SQLite keeps beside it and a note that says why. The note
//! is written first: where the process ends in between, the next start moves the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Error;
use super::files::{self, Files, with_beside};
use crate::unfinished::NOTE as NOTE_BEGUN;

/// The folder in the data folder.
const FOLDER: &str = "damaged";
const NOTE: &str = "note.json";

/// An archive that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetAside {
    /// The folder that holds it, in `damaged` in the data folder.
    pub name: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What was found, in SQLite's words.
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
    /// Deliveries whose content does not give their digest any more; they were left out.
    pub altered: u64,
    /// Places that could not be read; how much was there is not known.
    pub unreadable: u64,
}

/// Moves the archive's files out of the way.
pub(super) fn set_aside(files: &Files, why: &str) -> Result<(), Error> {
    let now: DateTime<Utc> = SystemTime::now().into();
    let name = now.format("%Y-%m-%dT%H-%M-%S-%3fZ").to_string();
    files::make_folder(&files.folder().join(FOLDER))?;
    let folder = files.folder().join(FOLDER).join(&name);
    files::make_folder(&folder)?;
    let note = SetAside { name, at_ms: now.timestamp_millis(), why: why.to_owned(), saved: None, seen: false };
    write(files.folder(), &note)?;
    files::sync_folder(&folder)?;
    move_into(files, &folder)
}

/// Finishes a move that was begun when the process ended: the database is gone already, but its log is not.
pub(super) fn finish_moving(files: &Files) -> Result<(), Error> {
    let newest = list(files.folder()).pop();
    let Some(folder) = newest.map(|note| files.folder().join(FOLDER).join(note.name)) else { return Ok(()) };
    if !files.archive().exists() { move_into(files, &folder) } else { Ok(()) }
}

fn move_into(files: &Files, folder: &Path) -> Result<(), Error> {
    let archive = files.archive();
    let name = archive.file_name().map(PathBuf::from).unwrap_or_default();
    for (from, to) in with_beside(&archive).zip(with_beside(&folder.join(name))) {
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(from)(error)),
        }
    }
    files::sync_folder(folder)?;
    files::sync_folder(files.folder())
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
pub(super) fn file(data_folder: &Path, note: &SetAside) -> PathBuf {
    data_folder
        .join(FOLDER)
        .join(&note.name)
        .join(Files::of(data_folder, None).archive().file_name().unwrap_or_default())
}

/// Changes the note of an archive that was put aside, as it is now; `false` when there is none of this name.
pub(super) fn change(data_folder: &Path, name: &str, change: impl FnOnce(&mut SetAside)) -> Result<bool, Error> {
    // A person may read about it in the moment in which its deliveries have been saved.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
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
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    };
    replace().map_err(Error::io(&path))
}
