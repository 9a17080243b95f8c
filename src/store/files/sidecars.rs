//! What SQLite keeps beside a database: its log, the index of the log, and a journal.

use std::path::{Path, PathBuf};

/// What SQLite keeps beside a database. All of them belong together; the database itself comes first.
const SIDECARS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// A database file and what SQLite keeps beside it.
pub(crate) fn with_sidecars(path: &Path) -> impl Iterator<Item = PathBuf> {
    SIDECARS.into_iter().map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}
