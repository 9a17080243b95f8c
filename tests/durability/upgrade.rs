//! The upgrade of a version-1 database, where the projection was in the same file and requests were not packed: killed at any
//! moment, and refused for a database that is newer than the program.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use calltrail::store::Reader;
use rand::Rng as _;
use rusqlite::{Connection, params};

use super::{
    assert_sound, delivery, ended,
    load::{digest, kept},
    startup::{how_long_a_start_takes, start_and_kill},
};
use crate::{
    process::command,
    support::{fixture, length::Length},
};

const DELIVERIES: usize = 300;
/// The version that a start makes of it.
const NEWEST: usize = 5;
/// "CtrL", as it stands in the file's header.
const APPLICATION_ID: i64 = 0x4374_724C;
/// The tables that version 1 kept in the database itself.
const MOVED: [&str; 8] = ["reading", "call_event", "call", "member", "room_event", "room_detail", "room", "stay"];

#[test]
fn an_upgrade_killed_at_any_moment_leaves_the_old_version_or_the_new_one() {
    let length = Length::of("CALLTRAIL_UPGRADES", 30);
    let home = tempfile::tempdir().expect("a temporary folder");
    let old = home.path().join("old");
    make_version_1(&old);
    let ready = how_long_a_start_takes(&copy_of(&old, &home.path().join("measured")));
    let mut ended_as = [0; NEWEST + 1];
    for round in length.rounds() {
        let data_dir = copy_of(&old, &home.path().join(format!("data-{round}")));
        start_and_kill(&data_dir, ready.mul_f64(length.chance(round).random_range(0.0..=0.5)));
        let when = format!("round {round} ({})", length.again());
        let version = assert_old_or_new(&data_dir, &when);
        ended_as[version] += 1;
        assert_sound(&data_dir, &when);
        assert_eq!(kept(&data_dir).len(), DELIVERIES, "{when}: every delivery is in the record");
        assert_copy_is_whole(&data_dir, &when);
        fs::remove_dir_all(&data_dir).expect("nobody uses it");
    }
    assert!(ended_as[1] > 0 && ended_as[NEWEST] > 0, "kills before and after it: {ended_as:?} ({})", length.again());
    let report = format!(
        "{} ended at version 1, {} at version {NEWEST}; a start takes {ready:?}",
        ended_as[1], ended_as[NEWEST]
    );
    length.report(ended_as.iter().sum(), &report);
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    for with_log in [false, true] {
        let home = tempfile::tempdir().expect("a temporary folder");
        let data_dir = home.path().join("data");
        make_newer(&data_dir, with_log);
        let before = databases(&data_dir);
        let mut child = command(&data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn().expect("it starts");
        let mut stderr = child.stderr.take().expect("piped");
        let status = ended(child, Duration::from_secs(10)).expect("it does not run with that");
        let mut said = String::new();
        stderr.read_to_string(&mut said).expect("standard error");
        assert_eq!(status.code(), Some(1), "it did not work: {said}");
        assert!(said.contains("version 99") && said.contains("Nothing was changed"), "it says what to do: {said}");
        assert!(databases(&data_dir) == before, "every byte is as it was (with a log: {with_log})");
    }
}

/// A database as version 1 left it after a kill: half of its content is still in the log.
fn make_version_1(folder: &Path) {
    let made = folder.with_extension("made");
    fs::create_dir_all(&made).expect("a temporary folder");
    let connection = Connection::open(made.join("calltrail.db")).expect("a new file");
    connection.pragma_update(None, "application_id", APPLICATION_ID).expect("our mark");
    connection.execute_batch("pragma journal_mode = wal; pragma wal_autocheckpoint = 0").expect("its settings");
    let schema = [include_str!("../../migrations/0001_archive.sql").to_owned(), read("version-1/projection.sql")];
    connection
        .execute_batch(&format!("begin; {}; pragma user_version = 1; commit", schema.join(";")))
        .expect("version 1");
    connection.execute("insert into meta (key, value) values ('projection', 'as it was')", []).expect("its mark");
    for n in 0..DELIVERIES {
        insert(&connection, n).expect("a delivery of version 1");
        if n == DELIVERIES / 2 {
            connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).expect("half is in the file");
        }
    }
    copy_of(&made, folder);
}

fn insert(connection: &Connection, n: usize) -> rusqlite::Result<()> {
    let delivery = delivery(n);
    let digest = hex::decode(digest(&delivery.body)).expect("hexadecimal");
    connection.execute(
        "insert into delivery (digest, received_ms, source, app, remote, method, query, headers, body)
         values (?1, ?2, 'callback', ?3, ?4, ?5, ?6, '[]', ?7)",
        params![
            digest,
            delivery.received_ms,
            delivery.app,
            delivery.remote,
            delivery.method,
            delivery.query,
            delivery.body
        ],
    )?;
    connection.execute(
        "insert into reading values (?1, ?2, ?3, 'call', 'Call.CallbackAfterEndCall', 'applied', '', null, ?4, '', '', '')",
        params![digest, delivery.received_ms, delivery.app, format!("made-{n}")],
    )?;
    Ok(())
}

fn read(name: &str) -> String {
    fs::read_to_string(fixture(name)).expect("a fixture")
}

/// Copies the databases of a folder with what SQLite keeps beside them, but for the shared memory, as a crash leaves them.
fn copy_of(from: &Path, to: &Path) -> PathBuf {
    fs::create_dir_all(to).expect("a temporary folder");
    for (name, bytes) in databases(from) {
        fs::write(to.join(name), bytes).expect("room");
    }
    to.to_owned()
}

/// Every database file of a folder that is not empty, with its bytes.
fn databases(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().expect("Unicode")).collect();
    names.retain(|name| name.contains(".db") && !name.ends_with("-shm"));
    names.sort_unstable();
    let read = names.into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).expect("readable")));
    read.filter(|(_, bytes)| !bytes.is_empty()).collect()
}

/// Looks at a database after the kill, as SQLite recovers it, and answers its version.
fn assert_old_or_new(folder: &Path, when: &str) -> usize {
    let database = Connection::open(folder.join("calltrail.db")).expect("it opens");
    let version = version(&database);
    let moved = MOVED.iter().filter(|table| has_table(&database, table)).count();
    match version {
        1 => assert_eq!(moved, MOVED.len(), "{when}: at version 1, every old table is there"),
        NEWEST => {
            assert_eq!(moved, 0, "{when}: at version {NEWEST}, no old table is there");
            assert_copy_is_whole(folder, when);
        }
        other => panic!("{when}: {other} is between the versions"),
    }
    assert_eq!(count(&database), DELIVERIES, "{when}: every delivery is there");
    version
}

/// The copy that was made before the upgrade is version 1 with everything in it.
fn assert_copy_is_whole(folder: &Path, when: &str) {
    let copy = Connection::open(folder.join(format!("calltrail.before-{NEWEST}.db"))).expect("it opens");
    let verdict: String = copy.query_row("pragma integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(verdict, "ok", "{when}: the copy is sound");
    assert_eq!((version(&copy), count(&copy)), (1, DELIVERIES), "{when}: the copy is of before, with every delivery");
    assert!(MOVED.iter().all(|table| has_table(&copy, table)), "{when}: the copy has every table");
}

fn version(database: &Connection) -> usize {
    let version: i64 = database.query_row("pragma user_version", [], |row| row.get(0)).expect("a number");
    usize::try_from(version).expect("a small number")
}

fn has_table(database: &Connection, table: &str) -> bool {
    let found = database.prepare("select 1 from sqlite_schema where type = 'table' and name = ?1");
    found.and_then(|mut found| found.exists([table])).expect("an answer")
}

fn count(database: &Connection) -> usize {
    let count: i64 = database.query_row("select count(*) from delivery", [], |row| row.get(0)).expect("an answer");
    usize::try_from(count).expect("a count")
}

/// A database of a version that does not exist yet, with its newest content in the file or still in the log.
fn make_newer(folder: &Path, with_log: bool) {
    let made = folder.with_extension("made");
    make_version_1(&made);
    let database = Connection::open(made.join("calltrail.db")).expect("it opens");
    database.execute_batch("pragma wal_autocheckpoint = 0; pragma user_version = 99").expect("it is newer");
    if !with_log {
        database.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).expect("all is in the file");
    }
    copy_of(&made, folder);
    drop(database);
    assert!(Reader::open(folder).is_err(), "the library refuses to read it too");
}
