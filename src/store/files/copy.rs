//! A copy of the archive, made through SQLite's backup API and checked.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::store::error::Error;
use crate::store::files::paths::{self, set};
use crate::store::files::sidecars::with_sidecars;

/// Pages that are copied between two looks at whether to go on.
const PAGES: std::ffi::c_int = 1_000;

/// How many bytes should be free where an archive is copied to, and how many are, where that is too little.
pub(crate) fn missing_room(archive: &Path, folder: &Path) -> Result<Option<(u64, u64)>, Error> {
    let size: u64 = with_sidecars(archive).filter_map(|path| path.metadata().ok()).map(|file| file.len()).sum();
    let wanted = size.saturating_mul(2).saturating_add(64 * 1024 * 1024);
    let free = fs4::available_space(folder).map_err(Error::io(folder))?;
    Ok((free < wanted).then_some((wanted, free)))
}

/// Copies an archive that is open into an empty file, page by page; `false`: it was given up.
pub(crate) fn write(archive: &Connection, to: &Path, stop: &dyn Fn() -> bool) -> Result<bool, Error> {
    let mut copied = Connection::open(to)?;
    {
        let copying = Backup::new(archive, &mut copied)?;
        while copying.step(PAGES)? != StepResult::Done {
            if stop() {
                return Ok(false);
            }
        }
    }
    // One file that needs nothing beside it.
    set(&copied, "journal_mode", "DELETE", "delete")?;
    copied.close().map_err(|(_, error)| error)?;
    paths::make_private(to)?;
    Ok(true)
}

/// [`Error::BackupFailed`] where a copy is not sound.
pub(crate) fn check(copy: &Path) -> Result<(), Error> {
    found_in(&open(copy)?)?.map_or(Ok(()), |found| Err(Error::BackupFailed(found)))
}

/// What SQLite finds wrong with a database; `None` when it is sound.
pub(crate) fn found_in(database: &Connection) -> Result<Option<String>, Error> {
    let verdict: String = database.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    Ok(Some(verdict).filter(|verdict| verdict != "ok"))
}

/// Opens a copy to read from it.
pub(crate) fn open(copy: &Path) -> Result<Connection, Error> {
    Ok(Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}
