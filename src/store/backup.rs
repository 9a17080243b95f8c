//! Copies of the archive: on request, and a few that roll. Each is made through SQLite's backup API from one moment of the
//! record, checked, and only then given its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::{Backup as Copying, StepResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::files::{self, Files, set, with_beside};
use super::{Error, damage, schema};
use crate::unfinished::{self, BACKUP};

/// The folder in the data folder.
const FOLDER: &str = "backups";
/// How many rolling backups are kept.
const KEPT: usize = 3;
/// How old the newest one may be while Calltrail runs.
pub(super) const EVERY: Duration = Duration::from_hours(24);
const NAME: &str = "calltrail-%Y-%m-%dT%H%M%SZ.db";
/// Pages that are copied between two looks at whether to go on.
const PAGES: std::ffi::c_int = 1_000;

/// A backup that lies in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Backup {
    /// Its file name.
    pub name: String,
    /// When it was made, Unix milliseconds.
    pub at_ms: i64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Writes a checked copy of a data folder's archive to a new file, also beside whoever writes the record. Answers how many
/// deliveries it holds. It never takes the place of another file.
pub fn backup(folder: &Path, to: &Path) -> Result<u64, Error> {
    backup_unless(folder, to, &|| false)
}

/// The same; `stop` is asked now and then whether to give up, and then there is no file.
pub fn backup_unless(folder: &Path, to: &Path, stop: &dyn Fn() -> bool) -> Result<u64, Error> {
    unfinished::clear_noted(folder);
    copy(&Files::of(folder, None), to, stop)?.ok_or(Error::GivenUp)
}

/// The rolling backups of a data folder, newest first.
pub fn list(folder: &Path) -> Vec<Backup> {
    let entries = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    let mut found: Vec<Backup> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let at = NaiveDateTime::parse_from_str(&name, NAME).ok()?.and_utc();
            Some(Backup { name, at_ms: at.timestamp_millis(), bytes: entry.metadata().ok()?.len() })
        })
        .collect();
    found.sort_by(|a, b| b.name.cmp(&a.name));
    found
}

/// The file of one of the rolling backups; nothing for a name that none of them has.
pub(super) fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    let known = list(folder).into_iter().find(|backup| backup.name == name)?;
    Some(folder.join(FOLDER).join(known.name))
}

/// Makes the next rolling backup and lets the oldest go. `stop` is asked now and then whether to give up.
pub(super) fn roll(files: &Files, stop: &dyn Fn() -> bool) -> Result<Option<Backup>, Error> {
    let folder = files.folder().join(FOLDER);
    files::make_folder(&folder)?;
    BACKUP.clear(&folder);
    enough_room(files, &folder)?;
    let now: DateTime<Utc> = SystemTime::now().into();
    let name = now.format(NAME).to_string();
    let to = folder.join(&name);
    if copy(files, &to, stop)?.is_none() {
        return Ok(None);
    }
    let precious = before_damage(files.folder());
    for old in list(files.folder()).into_iter().skip(KEPT).filter(|old| !precious.contains(&old.name)) {
        let path = folder.join(old.name);
        fs::remove_file(&path).map_err(Error::io(path))?;
    }
    Ok(list(files.folder()).into_iter().find(|backup| backup.name == name))
}

/// The newest backup from before each damage that nobody has read about: it may hold what the record has lost.
fn before_damage(data_folder: &Path) -> Vec<String> {
    let backups = list(data_folder);
    // A name tells the second.
    let newest = |at_ms| backups.iter().find(|backup| backup.at_ms + 999 < at_ms).map(|backup| backup.name.clone());
    damage::list(data_folder).iter().filter(|note| !note.seen).filter_map(|note| newest(note.at_ms)).collect()
}

/// A backup that fills the disk would turn callbacks away.
fn enough_room(files: &Files, folder: &Path) -> Result<(), Error> {
    let size: u64 =
        with_beside(&files.archive()).filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum();
    let wanted = size.saturating_mul(2).saturating_add(64 * 1024 * 1024);
    let free = fs4::available_space(folder).map_err(Error::io(folder))?;
    if free >= wanted { Ok(()) } else { Err(Error::NoRoom { wanted, free }) }
}

/// `None`: it was given up.
fn copy(files: &Files, to: &Path, stop: &dyn Fn() -> bool) -> Result<Option<u64>, Error> {
    if to.exists() {
        return Err(Error::Exists(to.to_owned()));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = BACKUP.begin(folder).map_err(Error::io(folder))?;
    let _noted = unfinished::noted(files.folder(), temporary.path());
    if cfg!(windows) {
        // There a lock keeps SQLite out too; what SQLite has opened cannot be deleted there anyway.
        temporary.as_file().unlock().map_err(Error::io(to))?;
    }
    let Some(deliveries) = copy_into(files, temporary.path(), stop)? else { return Ok(None) };
    temporary.as_file().sync_all().map_err(Error::io(to))?;
    temporary.persist_noclobber(to).map_err(|error| Error::io(to)(error.error))?;
    files::sync_folder(folder)?;
    Ok(Some(deliveries))
}

fn copy_into(files: &Files, to: &Path, stop: &dyn Fn() -> bool) -> Result<Option<u64>, Error> {
    let record = schema::open_reader(files)?;
    // One moment of the record: without it, each commit of the writer would make the copy begin anew.
    let moment = record.unchecked_transaction()?;
    let count: i64 = moment.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    let mut copied = Connection::open(to)?;
    {
        let copying = Copying::new(&moment, &mut copied)?;
        while copying.step(PAGES)? != StepResult::Done {
            if stop() {
                return Ok(None);
            }
        }
    }
    // One file that needs nothing beside it.
    set(&copied, "journal_mode", "DELETE", "delete")?;
    check(&copied, count)?;
    copied.close().map_err(|(_, error)| error)?;
    files::make_private(to)?;
    Ok(Some(u64::try_from(count).unwrap_or(0)))
}

fn check(copy: &Connection, count: i64) -> Result<(), Error> {
    let verdict: String = copy.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Error::BackupFailed(verdict));
    }
    let found: i64 = copy.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    if found == count { Ok(()) } else { Err(Error::BackupFailed(format!("{found} of {count} deliveries"))) }
}
