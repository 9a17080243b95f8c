//! Copies of the archive: on request, and a few that roll. Each is made through SQLite's backup API from one moment of the
//! record, checked, and only then given its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::backup::{Backup as Copying, StepResult};
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::files::{self, Files, set, with_beside};
use super::{Error, damage, schema};

/// The folder in the data folder.
const FOLDER: &str = "backups";
/// How many rolling backups are kept.
const KEPT: usize = 3;
/// How old the newest one may be while Calltrail runs.
pub(super) const EVERY: Duration = Duration::from_hours(24);
const NAME: &str = "calltrail-%Y-%m-%dT%H%M%SZ.db";
/// How a backup is called while it is made.
const UNFINISHED: &str = ".backup-";
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
    copy(&Files::of(folder, None), to, &|| false)?.ok_or(Error::GivenUp)
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
    remove_unfinished(&folder);
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

/// What a process left that ended while it made a backup.
fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED)
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::info!(%error, "an unfinished backup could not be removed");
        }
    }
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
    let temporary =
        tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder).map_err(Error::io(folder))?.into_temp_path();
    let Some(deliveries) = copy_into(files, &temporary, stop)? else { return Ok(None) };
    fs::File::open(&temporary).and_then(|file| file.sync_all()).map_err(Error::io(to))?;
    temporary.persist_noclobber(to).map_err(|error| Error::io(to)(error.error))?;
    files::sync_folder(folder)?;
    Ok(Some(deliveries))
}

fn copy_into(files: &Files, to: &Path, stop: &dyn Fn() -> bool) -> Result<Option<u64>, Error> {
    let record = schema::open_reader(files)?;
    // One moment of the record: without it, each commit of the writer would make the copy begin anew.
    let moment = record.unchecked_transaction()?;
    let count: i64 = moment.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    if !copy_of(&moment, to, stop)? {
        return Ok(None);
    }
    check(to)?;
    let found: i64 = open(to)?.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    if found != count {
        return Err(Error::BackupFailed(format!("{found} of {count} deliveries")));
    }
    Ok(Some(u64::try_from(count).unwrap_or(0)))
}

/// Copies an archive that is open into an empty file, page by page; `false`: it was given up.
pub(super) fn copy_of(archive: &Connection, to: &Path, stop: &dyn Fn() -> bool) -> Result<bool, Error> {
    let mut copied = Connection::open(to)?;
    {
        let copying = Copying::new(archive, &mut copied)?;
        while copying.step(PAGES)? != StepResult::Done {
            if stop() {
                return Ok(false);
            }
        }
    }
    // One file that needs nothing beside it.
    set(&copied, "journal_mode", "DELETE", "delete")?;
    copied.close().map_err(|(_, error)| error)?;
    files::make_private(to)?;
    Ok(true)
}

/// [`Error::BackupFailed`] where a copy is not sound.
pub(super) fn check(copy: &Path) -> Result<(), Error> {
    let verdict: String = open(copy)?.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Error::BackupFailed(verdict)) }
}

fn open(copy: &Path) -> Result<Connection, Error> {
    Ok(Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}
