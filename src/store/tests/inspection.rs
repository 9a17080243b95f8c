//! What an image holds, for SQLite as it comes and for the store itself.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::Connection;

use crate::store::delivery::Digest;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::{self, Store};

/// What was found in an image.
#[derive(Debug)]
pub(super) enum Found {
    /// Everything that must be there, and no damage.
    Sound,
    /// So many acknowledged deliveries are missing.
    Lost(usize),
    /// What is wrong with the file.
    Corrupt(String),
}

/// True for the files that SQLite alone makes the archive of.
pub(super) fn is_archive(name: &str) -> bool {
    name.starts_with("calltrail.db")
}

/// Opens the archive with SQLite as it comes: it is sound, of a known version, and holds what was acknowledged.
pub(super) fn inspect(folder: &Path, acked: &[u64], digests: &[Digest]) -> Found {
    match stored(&Files::of(folder, None).archive()) {
        Ok(stored) => {
            let name = |id: &u64| digests[usize::try_from(*id).expect("an id is an index")];
            match acked.iter().filter(|id| !stored.contains(&name(id))).count() {
                0 => Found::Sound,
                lost => Found::Lost(lost),
            }
        }
        Err(why) => Found::Corrupt(why),
    }
}

/// The digests in the archive, after every check of the file that SQLite has.
fn stored(file: &Path) -> Result<HashSet<Digest>, String> {
    if !file.exists() {
        return Ok(HashSet::new());
    }
    let read = || -> rusqlite::Result<Result<HashSet<Digest>, String>> {
        let connection = Connection::open(file)?;
        let verdict: String = connection.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(Err(verdict));
        }
        if connection.prepare("pragma foreign_key_check")?.exists([])? {
            return Ok(Err("a reference leads nowhere".to_owned()));
        }
        let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
        if version == 0 && !connection.table_exists(None, "delivery")? {
            return Ok(Ok(HashSet::new()));
        }
        if version != archive_file::known_version() {
            return Ok(Err(format!("the version is {version}, between two that there are")));
        }
        let mut rows = connection.prepare("select digest from delivery")?;
        let digests = rows.query_map([], |row| Ok(Digest(row.get(0)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Ok(digests))
    };
    read().unwrap_or_else(|error| Err(error.to_string()))
}

/// Opens the record as the next start does: it opens, `verify` finds nothing wrong, and what was acknowledged is still there.
pub(super) fn reopen(folder: &Path, acked: &[u64], digests: &[Digest]) -> Found {
    let outcome = Store::open(folder, "a test").and_then(Store::close).and_then(|()| store::verify(folder));
    match outcome {
        Ok(verified) if verified.is_sound() && verified.missing == 0 => inspect(folder, acked, digests),
        Ok(verified) => Found::Corrupt(format!("the store verifies: {verified:?}")),
        Err(error) => Found::Corrupt(format!("the store says: {error}")),
    }
}
