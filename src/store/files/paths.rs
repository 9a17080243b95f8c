//! The files of one record: where they are, and how a connection to them is opened.

use crate::durable_file;
use crate::store::files::sidecars::with_sidecars;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::store::error::Error;
use crate::store::files::identity::{Held, Identity};
use crate::store::files::immutable;
use crate::store::loss::Loss;

/// The archive's file name in the data folder.
const ARCHIVE: &str = "calltrail.db";
/// What takes the place of an archive whose name was taken from it.
const WRITTEN_AGAIN: &str = "calltrail.again.db";
/// How an archive is called while it is made; it gets its name when it is whole.
const UNFINISHED: &str = "calltrail.new.db";
/// How the files of projections are called; a number stands between the two.
const PROJECTION: (&str, &str) = ("projection-", ".db");
/// 3.51.3 mends a bug that can damage a WAL database while a checkpoint runs.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long somebody who only reads waits for a lock.
pub(crate) const READING: Duration = Duration::from_secs(5);
/// How long the writer waits for one while it opens or tidies: its senders wait with it.
pub(crate) const WRITING: Duration = Duration::from_millis(500);
/// How long it waits to begin a transaction: a little less than the 1.5 s in which the listener answers.
pub(crate) const ANSWERING: Duration = Duration::from_millis(1_400);

/// SQLite finds what lies beside a database by its name, and not when the database is opened but when it is first read. If its
/// file got another name in between, what is found belongs to whatever has the name now: a journal there would be rolled back
/// into the old file, which empties it, and the WAL index of the new one would be begun anew under those who use it. So whoever
/// opens a file holds this lock together with others until it has been read, and whoever moves or removes one holds it alone.
/// There is one for all folders, because a name can be opened without a [`Files`] that anybody else knows of.
static NAMES: RwLock<()> = RwLock::new(());

/// Held while a database is opened, until it has been read once: no file of a record gets another name meanwhile.
pub(crate) fn names_stay() -> RwLockReadGuard<'static, ()> {
    NAMES.read().unwrap_or_else(PoisonError::into_inner)
}

/// Held while files of a record are moved or removed: nobody opens one meanwhile.
pub(crate) fn names_change() -> RwLockWriteGuard<'static, ()> {
    NAMES.write().unwrap_or_else(PoisonError::into_inner)
}

/// Where the record of one data folder is. Cheap to copy about.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    vfs: Option<String>,
    held: Held,
}

impl Files {
    /// The files of a folder, reached through SQLite's VFS of this name, or the usual one.
    pub(crate) fn of(folder: &Path, vfs: Option<&str>) -> Self {
        Self { folder: folder.to_owned(), vfs: vfs.map(str::to_owned), held: Held::default() }
    }

    /// What this process has open of them for writing.
    pub(crate) fn held(&self) -> &Held {
        &self.held
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The archive: what may never be lost.
    pub(crate) fn archive(&self) -> PathBuf {
        self.folder.join(ARCHIVE)
    }

    /// Where an archive is written again; what is found there is whole.
    pub(crate) fn written_again(&self) -> PathBuf {
        self.folder.join(WRITTEN_AGAIN)
    }

    /// An archive that is being made.
    pub(crate) fn unfinished(&self) -> PathBuf {
        self.folder.join(UNFINISHED)
    }

    /// True when the last process that wrote the archive did not close it: its log is still there.
    pub(crate) fn were_left_open(&self) -> bool {
        with_sidecars(&self.archive()).nth(1).is_some_and(|log| fs::metadata(log).is_ok_and(|log| log.len() > 0))
    }

    /// Why the archive has lost all of its content, while something that belongs to it is there; `None` when it has not.
    pub(crate) fn were_emptied(&self) -> Option<&'static str> {
        match fs::metadata(self.archive()) {
            Ok(archive) if archive.len() > 0 || !self.were_left_open() && self.projections().is_empty() => None,
            Ok(_) => Some("the file is empty"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.were_left_open() => {
                Some("the file is not there, and its log is")
            }
            Err(_) => None,
        }
    }

    /// One projection of it.
    pub(crate) fn projection(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{}{number}{}", PROJECTION.0, PROJECTION.1))
    }

    /// The numbers of the projections that are there, ascending.
    pub(crate) fn projections(&self) -> Vec<u64> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let mut numbers: Vec<u64> = names
            .filter_map(|name| name.to_str()?.strip_prefix(PROJECTION.0)?.strip_suffix(PROJECTION.1)?.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers
    }

    /// Deletes a projection. One that somebody still reads goes when it can (Windows); it is tried again at the next start.
    pub(crate) fn remove_projection(&self, number: u64) {
        let _alone = names_change();
        for path in with_sidecars(&self.projection(number)) {
            if let Err(error) = fs::remove_file(&path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::info!(%error, "an old projection is still in use; it is deleted at the next start");
            }
        }
    }

    /// Opens a connection that may write, making the file where there is none.
    pub(crate) fn connect(&self, path: &Path, patience: Duration) -> Result<Connection, Error> {
        self.open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, patience)
    }

    /// [`Files::connect`] to a file that is there.
    pub(crate) fn connect_existing(&self, path: &Path, patience: Duration) -> Result<Connection, Error> {
        self.open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)
    }

    /// Opens a connection that only reads. What is attached to it ([`immutable::attach`]) can only be read too.
    pub(crate) fn connect_read_only(&self, path: &Path) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        immutable::open(path, |name| self.open(name, flags, READING))
    }

    fn open(&self, path: &Path, flags: OpenFlags, patience: Duration) -> Result<Connection, Error> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(Error::OldSqlite(rusqlite::version().to_owned()));
        }
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let _until_read = names_stay();
        let connection = self.still(path, || {
            Ok(match &self.vfs {
                Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str())?,
                None => Connection::open_with_flags(path, flags)?,
            })
        })?;
        connection.busy_timeout(patience)?;
        connection.set_prepared_statement_cache_capacity(128);
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        set(&connection, "foreign_keys", "ON", "1")?;
        set(&connection, "trusted_schema", "OFF", "0")?;
        set(&connection, "cell_size_check", "ON", "1")?;
        set(&connection, "mmap_size", "0", "0")?;
        // What a transaction may have to undo stays in memory, and so do the pages that a batch touches: 64 MiB at most.
        set(&connection, "temp_store", "MEMORY", "2")?;
        set(&connection, "cache_size", "-65536", "-65536")?;
        if cfg!(target_os = "macos") {
            set(&connection, "fullfsync", "ON", "1")?;
            set(&connection, "checkpoint_fullfsync", "ON", "1")?;
        }
        connection.query_row("pragma schema_version", [], |_| Ok(()))?;
        Ok(connection)
    }

    /// Attaches a database under a name. What is written to it is written with the connection's own rights.
    pub(crate) fn attach(&self, connection: &Connection, path: &Path, name: &str) -> Result<(), Error> {
        let text = path.to_str().ok_or_else(|| Error::Content(format!("{} is not Unicode", path.display())))?;
        // Attaching reads the tables.
        let _until_read = names_stay();
        self.still(path, || {
            connection.execute(&format!("attach ?1 as {name}"), [text])?;
            Ok(())
        })
    }

    /// Attaches a database for reading under a name.
    pub(crate) fn attach_read_only(&self, connection: &Connection, path: &Path, name: &str) -> Result<(), Error> {
        let _until_read = names_stay();
        self.still(path, || immutable::attach(connection, path, name))
    }

    /// Opens what a name leads to. It must lead to the same file before and after, and to the one that is held open.
    fn still<T>(&self, path: &Path, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let identity = || Identity::of(path).ok().flatten();
        self.held.check(path)?;
        let before = identity();
        let opened = open()?;
        if before.is_some() && identity() != before {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(Error::Exchanged(Loss::Exchanged(name)));
        }
        self.held.check(path)?;
        Ok(opened)
    }
}

/// Sets a pragma and reads it back, because SQLite passes over what it does not accept.
pub(crate) fn set(connection: &Connection, name: &'static str, value: &str, wanted: &str) -> Result<(), Error> {
    // To its last step: a journal mode answers with a row before it commits, and that commit may fail.
    let mut setting = connection.prepare(&format!("pragma {name} = {value}"))?;
    let mut steps = setting.query([])?;
    while steps.next()?.is_some() {}
    let found = connection.query_row(&format!("pragma {name}"), [], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            rusqlite::types::ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        })
    });
    let found = found.optional()?.unwrap_or_else(|| "0".to_owned());
    if found.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(Error::Setting { name, wanted: wanted.to_owned(), found })
}

/// The database and the files beside it belong to their user alone.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    for file in with_sidecars(path).filter(|file| file.exists()) {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(Error::io(&file))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make_private(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// Makes a folder of the record, for its user alone; one that exists keeps the rights that its owner gave it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(Error::io(folder))?;
    }
    Ok(())
}

/// Makes a folder of the record again that is gone. Its parent must be there: where a disk was taken away, a folder that is
/// made in its place would be another one.
pub(crate) fn make_folder_again(folder: &Path) -> Result<(), Error> {
    if folder.parent().is_none_or(|parent| parent.as_os_str().is_empty() || parent.is_dir()) {
        return make_folder(folder);
    }
    let why = std::io::Error::new(std::io::ErrorKind::NotFound, "the folder that it was in is not there");
    Err(Error::io(folder)(why))
}

/// The names in a folder are durable only when the folder is.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    durable_file::sync_folder(folder).map_err(Error::io(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_does_not_take_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        let refused = set(&connection, "journal_mode", "WAL", "wal");
        assert!(matches!(refused, Err(Error::Setting { found, .. }) if found == "memory"), "memory has no WAL");
    }

    #[test]
    fn projections_are_known_by_their_number_alone() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["projection-2.db", "projection-10.db", "projection-10.db-wal", "projection-x.db", "calltrail.db"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let files = Files::of(folder.path(), None);
        assert_eq!(files.projections(), [2, 10], "in the order of their numbers, and nothing else");
        files.remove_projection(10);
        assert_eq!(files.projections(), [2], "gone");
        assert!(!folder.path().join("projection-10.db-wal").exists(), "with what SQLite keeps beside it");
    }
}
