//! Copies of the archive: on request, and a few that roll. Each is made through SQLite's backup API from one moment of the
//! record, checked, and only then given its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::durable_file;
use crate::store::error::Error;
use crate::store::files::copy;
use crate::store::files::paths::{self, Files};
use crate::store::files::{archive_file, corrupt};
use crate::unfinished::{self, BACKUP};

/// The folder in the data folder.
const FOLDER: &str = "backups";
/// How many rolling backups are kept.
const KEPT: usize = 3;
/// How old the newest one may be while Calltrail runs.
const EVERY_MS: i64 = 24 * 3_600_000;
/// What is dated later than now by more than this was dated by another clock.
const SLACK_MS: i64 = 60_000;
const NAME: &str = "calltrail-%Y-%m-%dT%H%M%SZ.db";

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
    copy(&Files::of(folder, None), to, stop)?.ok_or(Error::Interrupted)
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

/// True when the next one is due. What is dated in the future is not recent: this computer's clock was wrong when it was made, or
/// is now, and neither is a reason to go without.
pub(crate) fn is_due(backups: &[Backup], now_ms: i64) -> bool {
    let is_recent = |backup: &Backup| (-SLACK_MS..EVERY_MS).contains(&now_ms.saturating_sub(backup.at_ms));
    !backups.iter().any(is_recent)
}

/// The file of one of the rolling backups; nothing for a name that none of them has.
pub(crate) fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    let known = list(folder).into_iter().find(|backup| backup.name == name)?;
    Some(folder.join(FOLDER).join(known.name))
}

/// Makes the next rolling backup and lets the oldest go. `stop` is asked now and then whether to give up.
pub(crate) fn roll(files: &Files, stop: &dyn Fn() -> bool) -> Result<Option<Backup>, Error> {
    let folder = files.folder().join(FOLDER);
    paths::make_folder(&folder)?;
    BACKUP.clear(&folder);
    enough_room(files, &folder)?;
    let now: DateTime<Utc> = SystemTime::now().into();
    let name = now.format(NAME).to_string();
    let to = folder.join(&name);
    if copy(files, &to, stop)?.is_none() {
        return Ok(None);
    }
    let precious = before_damage(files.folder());
    let backups = list(files.folder());
    for old in surplus(&backups, &name, now.timestamp_millis()).filter(|old| !precious.contains(&old.name)) {
        let path = folder.join(&old.name);
        fs::remove_file(&path).map_err(Error::io(path))?;
    }
    Ok(backups.into_iter().find(|backup| backup.name == name))
}

/// The backups that make room for the one that was just `made`, newest first as `backups` are. Those that are dated in the future
/// are counted apart: whichever clock was the wrong one, the good ones stay.
fn surplus<'a>(backups: &'a [Backup], made: &'a str, now_ms: i64) -> impl Iterator<Item = &'a Backup> {
    let (ahead, others): (Vec<_>, Vec<_>) = backups
        .iter()
        .filter(move |backup| backup.name != made)
        .partition(|backup| backup.at_ms > now_ms.saturating_add(SLACK_MS));
    others.into_iter().skip(KEPT - 1).chain(ahead.into_iter().skip(KEPT))
}

/// The newest backup from before each damage that nobody has read about: it may hold what the record has lost.
fn before_damage(data_folder: &Path) -> Vec<String> {
    let backups = list(data_folder);
    // A name tells the second.
    let newest = |at_ms| backups.iter().find(|backup| backup.at_ms + 999 < at_ms).map(|backup| backup.name.clone());
    corrupt::list(data_folder).iter().filter(|note| !note.seen).filter_map(|note| newest(note.at_ms)).collect()
}

/// A backup that fills the disk would turn callbacks away.
fn enough_room(files: &Files, folder: &Path) -> Result<(), Error> {
    let missing = copy::missing_room(&files.archive(), folder)?;
    missing.map_or(Ok(()), |(wanted, free)| Err(Error::NoRoom { wanted, free }))
}

/// `None`: it was given up.
fn copy(files: &Files, to: &Path, stop: &dyn Fn() -> bool) -> Result<Option<u64>, Error> {
    if to.exists() {
        return Err(Error::Exists(to.to_owned()));
    }
    let folder = durable_file::folder_of(to);
    let temporary = BACKUP.begin(folder).map_err(Error::io(folder))?;
    let _noted = unfinished::noted(files.folder(), temporary.path());
    if cfg!(windows) {
        // There a lock keeps SQLite out too; what SQLite has opened cannot be deleted there anyway.
        temporary.as_file().unlock().map_err(Error::io(to))?;
    }
    let Some(deliveries) = copy_into(files, temporary.path(), stop)? else { return Ok(None) };
    durable_file::take_free_place(temporary, to).map_err(Error::io(to))?;
    paths::sync_folder(folder)?;
    Ok(Some(deliveries))
}

fn copy_into(files: &Files, to: &Path, stop: &dyn Fn() -> bool) -> Result<Option<u64>, Error> {
    let record = archive_file::open_reader(files)?;
    // One moment of the record: without it, each commit of the writer would make the copy begin anew.
    let moment = record.unchecked_transaction()?;
    let count: i64 = moment.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    if !copy::write(&moment, to, stop)? {
        return Ok(None);
    }
    copy::check(to)?;
    let found: i64 = copy::open(to)?.query_row("select count(*) from delivery", [], |row| row.get(0))?;
    if found != count {
        return Err(Error::BackupFailed(format!("{found} of {count} deliveries")));
    }
    Ok(Some(u64::try_from(count).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_760_000_000_000;
    const DAY_MS: i64 = 24 * 3_600_000;
    const YEAR_MS: i64 = 365 * DAY_MS;

    /// Backups of so many milliseconds ago, newest first.
    fn backups(ages_ms: &[i64]) -> Vec<Backup> {
        let backup = |age: &i64| Backup { name: age.to_string(), at_ms: NOW_MS - age, bytes: 1 };
        ages_ms.iter().map(backup).collect()
    }

    #[test]
    fn a_backup_is_due_unless_one_of_the_last_day_is_there() {
        for (ages_ms, want) in [
            (&[][..], true),
            (&[DAY_MS - 1], false),
            (&[DAY_MS], true),
            (&[0], false),
            (&[-30_000], false),
            (&[-3_600_000], true),
            (&[-2 * YEAR_MS], true),
            (&[-2 * YEAR_MS, DAY_MS], true),
            (&[-2 * YEAR_MS, 3_600_000], false),
            (&[i64::MIN / 2], true),
        ] {
            assert_eq!(is_due(&backups(ages_ms), NOW_MS), want, "made {ages_ms:?} ms ago");
        }
    }

    #[test]
    fn whichever_clock_was_wrong_the_good_ones_stay() {
        let cases: [(&str, &[i64], i64, &[i64]); 5] = [
            ("as usual", &[0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS], 0, &[3 * DAY_MS]),
            ("one was made two years ahead", &[-2 * YEAR_MS, 0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS], 0, &[3 * DAY_MS]),
            ("the clock is years behind now", &[-YEAR_MS, -YEAR_MS + DAY_MS, -YEAR_MS + 2 * DAY_MS, 0], 0, &[]),
            (
                "and some days later",
                &[-YEAR_MS, -YEAR_MS + DAY_MS, -YEAR_MS + 2 * DAY_MS, 0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS],
                0,
                &[3 * DAY_MS],
            ),
            ("the one that was just made is never the oldest", &[0, 1, 2, 5], 5, &[2]),
        ];
        for (what, ages_ms, made, want) in cases {
            let (backups, made) = (backups(ages_ms), made.to_string());
            let gone: Vec<&str> = surplus(&backups, &made, NOW_MS).map(|backup| backup.name.as_str()).collect();
            assert_eq!(gone, want.iter().map(ToString::to_string).collect::<Vec<_>>(), "{what}");
        }
    }
}
