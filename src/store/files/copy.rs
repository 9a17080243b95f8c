//! A copy of the archive, made through SQLite's backup API and checked.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::store::error::Error;
use crate::store::files::paths::{self, set};

/// Pages that are copied between two looks at whether to go on.
const PAGES: std::ffi::c_int = 1_000;

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
    let verdict: String = open(copy)?.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Error::BackupFailed(verdict)) }
}

/// Opens a copy to read from it.
pub(crate) fn open(copy: &Path) -> Result<Connection, Error> {
    Ok(Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}
