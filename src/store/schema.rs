//! Opening the database file: settings that are read back, numbered migrations, and the replaceable projection.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use sha2::{Digest as _, Sha256};

use super::{Error, text};

/// The database's file name in the data folder.
pub(super) const FILE: &str = "calltrail.db";
/// "CtrL" in the file's header, so that another program's database is never mistaken for ours.
const APPLICATION_ID: i64 = 0x4374_724C;
/// 3.51.3 mends a bug that can damage a WAL database while a checkpoint runs.
const OLDEST_SQLITE: i32 = 3_051_003;

const MIGRATIONS: &[&str] = &[include_str!("../../migrations/0001_archive.sql")];
const PROJECTION: &str = include_str!("../../migrations/projection.sql");
/// The tables of projection.sql, for dropping and comparing.
pub(super) const PROJECTED: &[&str] =
    &["reading", "call_event", "call", "member", "room_event", "room_detail", "room", "stay"];

/// The version of the archive's schema that this program writes.
pub(super) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Opens the file for the one writing connection: creates and migrates it. Says whether the projection must be replayed.
pub(super) fn open_writer(folder: &Path) -> Result<(Connection, bool), Error> {
    check_sqlite()?;
    let path = folder.join(FILE);
    let mut connection = Connection::open(&path)?;
    private_files(&path)?;
    common_settings(&connection, Duration::from_millis(500))?;
    let version = check_identity(&connection, &path)?;
    if version < known_version() {
        migrate(&mut connection, &path, version)?;
    }
    // EXTRA while the journal mode may change; FULL from then on: with WAL, each commit is synced before it is answered.
    set(&connection, "journal_mode", "WAL", "wal")?;
    set(&connection, "synchronous", "FULL", "2")?;
    set(&connection, "secure_delete", "ON", "1")?;
    // A page that many deliveries change is folded back once per 32 MiB of log, not once per 4: fewer syncs, the same safety.
    set(&connection, "wal_autocheckpoint", "8192", "8192")?;
    set(&connection, "journal_size_limit", "67108864", "67108864")?;
    private_files(&path)?;
    let outdated = !projection_is_current(&connection)?;
    Ok((connection, outdated))
}

/// Opens the file read-only, beside whoever writes it.
pub(super) fn open_reader(folder: &Path) -> Result<Connection, Error> {
    check_sqlite()?;
    let path = folder.join(FILE);
    if !path.exists() {
        return Err(Error::Missing(folder.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags)?;
    common_settings(&connection, Duration::from_secs(5))?;
    let version = check_identity(&connection, &path)?;
    if version < known_version() || !projection_is_current(&connection)? {
        return Err(Error::Outdated);
    }
    connection.pragma_update(None, "query_only", "ON")?;
    text::register(&connection)?;
    Ok(connection)
}

/// Drops the derived tables and makes them anew, empty.
pub(super) fn reset_projection(connection: &Connection) -> Result<(), Error> {
    for table in PROJECTED {
        connection.execute_batch(&format!("drop table if exists {table}"))?;
    }
    connection.execute_batch(PROJECTION)?;
    connection.execute(
        "insert into meta (key, value) values ('projection', ?1) on conflict (key) do update set value = excluded.value",
        [projection_mark()],
    )?;
    Ok(())
}

/// A database in memory with both schemas, for replaying into when a projection is checked.
pub(super) fn scratch() -> Result<Connection, Error> {
    let connection = Connection::open_in_memory()?;
    for migration in MIGRATIONS {
        connection.execute_batch(migration)?;
    }
    reset_projection(&connection)?;
    Ok(connection)
}

fn check_sqlite() -> Result<(), Error> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::OldSqlite(rusqlite::version().to_owned()));
    }
    Ok(())
}

fn common_settings(connection: &Connection, patience: Duration) -> Result<(), Error> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    set(connection, "foreign_keys", "ON", "1")?;
    set(connection, "trusted_schema", "OFF", "0")?;
    set(connection, "cell_size_check", "ON", "1")?;
    set(connection, "mmap_size", "0", "0")?;
    // What a transaction may have to undo stays in memory, and so do the pages that a batch touches: 64 MiB at most.
    set(connection, "temp_store", "MEMORY", "2")?;
    set(connection, "cache_size", "-65536", "-65536")?;
    if cfg!(target_os = "macos") {
        set(connection, "fullfsync", "ON", "1")?;
        set(connection, "checkpoint_fullfsync", "ON", "1")?;
    }
    Ok(())
}

/// Sets a pragma and reads it back, because SQLite passes over what it does not accept.
fn set(connection: &Connection, name: &'static str, value: &str, wanted: &str) -> Result<(), Error> {
    connection.execute_batch(&format!("pragma {name} = {value}"))?;
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

/// Checks that the file is ours and not newer than this program; answers its version (0 for a new file).
fn check_identity(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let id: i64 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && !(id == 0 && version == 0 && tables == 0) {
        return Err(Error::Foreign(path.to_owned()));
    }
    if version > known_version() {
        return Err(Error::Newer { found: version, known: known_version() });
    }
    Ok(version)
}

fn migrate(connection: &mut Connection, path: &Path, from: i64) -> Result<(), Error> {
    if from > 0 {
        verified_copy(connection, &path.with_extension(format!("before-{}.db", known_version())))?;
    }
    set(connection, "synchronous", "EXTRA", "3")?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known_version())?;
    transaction.commit()?;
    Ok(())
}

/// Copies the database through SQLite's backup API and checks the copy before anything is changed.
fn verified_copy(connection: &Connection, to: &PathBuf) -> Result<(), Error> {
    let mut copy = Connection::open(to)?;
    Backup::new(connection, &mut copy)?.run_to_completion(1_000, Duration::ZERO, None)?;
    private_files(to)?;
    let verdict: String = copy.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Error::BackupFailed(verdict)) }
}

/// True when the tables hold the projection that this program writes.
fn projection_is_current(connection: &Connection) -> Result<bool, Error> {
    let has_meta: i64 =
        connection.query_row("select count(*) from sqlite_schema where name = 'meta'", [], |row| row.get(0))?;
    if has_meta == 0 {
        return Ok(false);
    }
    let mark: Option<String> =
        connection.query_row("select value from meta where key = 'projection'", [], |row| row.get(0)).optional()?;
    Ok(mark.is_some_and(|mark| mark == projection_mark()))
}

/// Names the projection that this program writes: its tables, and the version of the rules that fill them.
fn projection_mark() -> String {
    let mut hash = Sha256::new();
    hash.update(PROJECTION);
    hash.update(super::projection::RULES.to_be_bytes());
    hex::encode(hash.finalize())
}

/// The database and the files beside it belong to their user alone.
#[cfg(unix)]
fn private_files(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        if file.exists() {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(Error::io(&file))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn private_files(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// Makes the data folder, for its user alone; a folder that exists keeps the rights that its owner gave it.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_before_an_upgrade_is_whole_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let (connection, _) = open_writer(folder.path()).unwrap();
        connection.execute("insert into meta (key, value) values ('a', 'b')", []).unwrap();
        let copy = folder.path().join("copy.db");
        verified_copy(&connection, &copy).unwrap();
        let value: String = Connection::open(&copy)
            .unwrap()
            .query_row("select value from meta where key = 'a'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(value, "b", "what was committed but is still in the WAL is in the copy too");
    }

    #[test]
    fn a_setting_that_does_not_take_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        let refused = set(&connection, "journal_mode", "WAL", "wal");
        assert!(matches!(refused, Err(Error::Setting { found, .. }) if found == "memory"), "memory has no WAL");
    }

    #[cfg(unix)]
    #[test]
    fn the_files_belong_to_their_user_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        let store = crate::store::Store::open(&folder, "a test").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700, "nobody else looks into the folder");
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{} holds what others must not read", path.display());
        }
        store.close().unwrap();
    }
}
