//! A look at the database file from outside, for `doctor`: it works also where the record itself cannot be read.

use std::{fs, io, path::Path};

use crate::store::error::Error;
use crate::store::files::paths::Files;

/// The state of the database file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The version of the linked SQLite.
    pub sqlite: String,
    /// The version of the archive's schema in the file.
    pub version: i64,
    /// Bytes on disk, the write-ahead log included.
    pub bytes: u64,
    /// What SQLite's quick check found; empty when the file is sound.
    pub faults: Vec<String>,
}

/// Looks at the database of a data folder, also beside whoever writes it; `None` when there is none yet.
pub fn health(folder: &Path) -> Result<Option<Health>, Error> {
    let files = Files::of(folder, None);
    let path = files.archive();
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path)(error)),
    };
    let wal = fs::metadata(path.with_extension("db-wal")).map_or(0, |metadata| metadata.len());
    let connection = files.connect_read_only(&path)?;
    let version = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    let answers = connection
        .prepare("pragma quick_check(10)")?
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Health {
        sqlite: rusqlite::version().to_owned(),
        version,
        bytes: metadata.len() + wal,
        faults: answers.into_iter().filter(|answer| answer != "ok").collect(),
    }))
}
