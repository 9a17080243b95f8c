//! The archive's file: its identity, its numbered migrations, and the settings that durability rests on.

use crate::store::files::sidecars::with_sidecars;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::durable_file;
use crate::store::archive::{content, origin};
use crate::store::case_fold;
use crate::store::error::Error;
use crate::store::files::copy;
use crate::store::files::paths::{self, Files, set};
use crate::store::options::Options;

/// "CtrL" in the file's header, so that another program's database is never mistaken for ours.
const APPLICATION_ID: i64 = 0x4374_724C;

/// The fact in `meta` that names the archive.
const IDENTITY: &str = "archive";

/// What every version of the archive has.
const TABLES: &[&str] = &["delivery", "receipt", "quarantine", "meta"];
/// What it has since version 3.
const TABLES_3: &[&str] = &["origin", "dictionary"];
/// And since version 4.
const TABLES_4: &[&str] = &["entry"];
/// And since version 5.
const TABLES_5: &[&str] = &["up", "fetched"];

const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_archive.sql"),
    include_str!("../../../migrations/0002_projection_elsewhere.sql"),
    include_str!("../../../migrations/0003_packed.sql"),
    include_str!("../../../migrations/0004_entries.sql"),
    include_str!("../../../migrations/0005_coverage.sql"),
];

/// The version of the archive's schema that this program writes.
pub(crate) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Opens the archive for the one writing connection: creates and migrates it.
pub(crate) fn open_writer(files: &Files, options: &Options) -> Result<Connection, Error> {
    let connection = open_for_writing(files, &files.archive(), options)?;
    // By now all of its files are open.
    files.held().note(&files.archive());
    Ok(connection)
}

/// Makes an archive that is to take the place of another, under a name that nobody opens, and answers its path. While its first
/// tables are made, a journal lies beside it, and a name beside which a journal lies is dangerous to whoever has opened the file
/// that had this name before: see [`paths::names_stay`], which other processes do not heed.
pub(crate) fn begin(files: &Files, options: &Options) -> Result<PathBuf, Error> {
    let path = files.unfinished();
    for left in with_sidecars(&path).filter(|left| left.exists()) {
        std::fs::remove_file(&left).map_err(Error::io(&left))?;
    }
    open_for_writing(files, &path, options)?.close().map_err(|(_, error)| error)?;
    Ok(path)
}

fn open_for_writing(files: &Files, path: &Path, options: &Options) -> Result<Connection, Error> {
    // Before SQLite opens them: what it opens for reading only, it would not write later either.
    paths::make_private(path)?;
    let mut connection = files.connect(path, paths::WRITING)?;
    paths::make_private(path)?;
    // Whoever closes a file last checkpoints its log; one that turns out not to be for us must stay as it is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let version = check_identity(&connection, path)?;
    origin::register(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    if version < known_version() {
        migrate(&mut connection, path, version)?;
    }
    // EXTRA while the journal mode may change; FULL from then on: with WAL, each commit is synced before it is answered.
    let durability = options.durability();
    set(&connection, "journal_mode", durability.journal, durability.journal)?;
    set(&connection, "synchronous", durability.synchronous.0, durability.synchronous.1)?;
    set(&connection, "secure_delete", "ON", "1")?;
    // Checkpoints are asked for (`writer/checkpoint.rs`), because SQLite's own keep it to themselves when they fail.
    set(&connection, "wal_autocheckpoint", "0", "0")?;
    set(&connection, "journal_size_limit", "67108864", "67108864")?;
    paths::make_private(path)?;
    if fact(&connection, IDENTITY)?.is_none() {
        set_fact(&connection, IDENTITY, &format!("{:032x}", rand::random::<u128>()))?;
    }
    // The last: what it reads stays in memory, and with it the archive can be written again when its file is taken away.
    has_schema(&connection)?;
    Ok(connection)
}

/// What tells this archive from any other, so that no projection of another one is taken for its own.
pub(crate) fn identity(archive: &Connection) -> Result<String, Error> {
    Ok(fact(archive, IDENTITY)?.unwrap_or_default())
}

/// Opens the archive read-only, beside whoever writes it.
pub(crate) fn open_reader(files: &Files) -> Result<Connection, Error> {
    let path = files.archive();
    if !path.try_exists().map_err(Error::io(&path))? {
        return Err(Error::Missing(files.folder().to_owned()));
    }
    let connection = files.connect_read_only(&path)?;
    if check_identity(&connection, &path)? < known_version() {
        return Err(Error::Outdated);
    }
    connection.pragma_update(None, "query_only", "ON")?;
    case_fold::register(&connection)?;
    // A list with a filter is a few statements, and their text depends on which kinds of rows there are.
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// An archive without a row, in a file that only SQLite knows of and that is gone when it is closed. A small one stays in memory.
pub(crate) fn scratch() -> Result<Connection, Error> {
    let connection = Connection::open("")?;
    origin::register(&connection)?;
    content::register(&connection)?;
    for migration in MIGRATIONS {
        connection.execute_batch(migration)?;
    }
    Ok(connection)
}

/// A fact about this file itself.
pub(crate) fn fact(connection: &Connection, key: &str) -> Result<Option<String>, Error> {
    let mut statement = connection.prepare_cached("select value from meta where key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Writes down a fact about this file.
pub(crate) fn set_fact(connection: &Connection, key: &str, value: &str) -> Result<(), Error> {
    connection
        .prepare_cached(
            "insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = excluded.value",
        )?
        .execute((key, value))?;
    Ok(())
}

/// Checks that the file is ours and not newer than this program; answers its version (0 for a new file).
pub(crate) fn check_identity(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let id: i64 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    let version = version(connection)?;
    let tables: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && !(id == 0 && version == 0 && tables == 0) {
        return Err(Error::Foreign(path.to_owned()));
    }
    if version > known_version() {
        return Err(Error::Newer { found: version, known: known_version() });
    }
    if id == APPLICATION_ID {
        has_tables(connection)?;
    }
    Ok(version)
}

/// Fails as damage does when the archive's tables are not made as this program makes them: a bit that turned over in the statement of
/// one is no damage to SQLite, which knows columns of other names then. Comments may differ.
pub(crate) fn has_schema(archive: &Connection) -> Result<(), Error> {
    let found = shape(archive)?;
    match shape(&scratch()?)?.into_iter().find(|(table, made)| found.get(table) != Some(made)) {
        Some((table, _)) => Err(Error::damage(&format!("the table {table} is missing, or not as it was made"))),
        None => Ok(()),
    }
}

/// The columns, references and indexes of each table.
fn shape(archive: &Connection) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut statement = archive.prepare(
        "with made as (select name from main.sqlite_schema where type = 'table' and name not like 'sqlite%')
         select made.name, 'column ' || one.name || ' ' || one.type || ' ' || one.\"notnull\" || ' ' || one.pk
             from made join pragma_table_info(made.name) as one
         union all select made.name, 'reference ' || one.\"from\" || ' ' || one.\"table\" || ' ' || one.\"to\"
             from made join pragma_foreign_key_list(made.name) as one
         union all select made.name, 'index ' || one.name || ' ' || one.\"unique\"
             from made join pragma_index_list(made.name) as one
         order by 1, 2",
    )?;
    let mut shape = BTreeMap::<String, Vec<String>>::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // A name may be no text any more.
        let text =
            |n| Ok::<_, Error>(String::from_utf8_lossy(row.get_ref(n)?.as_bytes().unwrap_or_default()).into_owned());
        shape.entry(text(0)?).or_default().push(text(1)?);
    }
    Ok(shape)
}

/// Fails as damage does when the archive has lost its tables: its first page may be sound and yet name none.
pub(crate) fn has_tables(archive: &Connection) -> Result<(), Error> {
    has_all(archive, TABLES)?;
    let version = version(archive)?;
    for (since, tables) in [(3, TABLES_3), (4, TABLES_4), (5, TABLES_5)] {
        if version >= since {
            has_all(archive, tables)?;
        }
    }
    Ok(())
}

/// True for an archive of a version in which people could add something.
pub(crate) fn has_entries(archive: &Connection) -> Result<bool, Error> {
    Ok(version(archive)? >= 4)
}

/// True for an archive of a version that knows when callbacks could be taken.
pub(crate) fn has_coverage(archive: &Connection) -> Result<bool, Error> {
    Ok(version(archive)? >= 5)
}

fn version(archive: &Connection) -> Result<i64, Error> {
    Ok(archive.query_row("pragma user_version", [], |row| row.get(0))?)
}

/// Fails as damage does when an archive has not all of these tables.
fn has_all(archive: &Connection, tables: &[&str]) -> Result<(), Error> {
    let mut statement = archive.prepare("select 1 from main.sqlite_schema where type = 'table' and name = ?1")?;
    for table in tables {
        if !statement.exists([table])? {
            return Err(Error::damage(&format!("the table {table} is missing")));
        }
    }
    Ok(())
}

fn migrate(connection: &mut Connection, path: &Path, from: i64) -> Result<(), Error> {
    if from > 0 {
        enough_room(path)?;
        verified_copy(connection, &path.with_extension(format!("before-{}.db", known_version())))?;
    }
    content::register(connection)?;
    set(connection, "synchronous", "EXTRA", "3")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known_version())?;
    transaction.commit()?;
    Ok(())
}

/// For the copy, and for the new tables beside the old ones.
fn enough_room(path: &Path) -> Result<(), Error> {
    let missing = copy::missing_room(path, durable_file::folder_of(path))?;
    missing.map_or(Ok(()), |(wanted, free)| Err(Error::NoRoomToUpgrade { wanted, free }))
}

/// Copies the database and checks the copy before anything is changed. It is opened for writing: SQLite looks at the constraints of
/// a table only then.
fn verified_copy(connection: &Connection, to: &Path) -> Result<(), Error> {
    copy::write(connection, to, &|| false)?;
    let Some(found) = copy::found_in(&Connection::open(to)?)? else { return Ok(()) };
    std::fs::remove_file(to).map_err(Error::io(to))?;
    // What is wrong with the archive itself is no fault of the copy: it is put aside, and what can be read is brought over.
    Err(copy::found_in(connection)?.map_or(Error::BackupFailed(found), |own| Error::damage(&own)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn the_copy_before_an_upgrade_is_whole_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&Files::of(folder.path(), None), &Options::default()).unwrap();
        connection.execute("insert into meta (key, value) values ('a', 'b')", []).unwrap();
        let copy = folder.path().join("copy.db");
        verified_copy(&connection, &copy).unwrap();
        let value: String = Connection::open(&copy)
            .unwrap()
            .query_row("select value from meta where key = 'a'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(value, "b", "what was committed but is still in the WAL is in the copy too");
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
