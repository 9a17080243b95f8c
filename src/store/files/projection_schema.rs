//! What a projection is made of: its tables, indexes and views, whether a file still has them, and the indexes that are made last.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::store::error::Error;
use crate::store::files::paths::{self, Files};

/// The statements that make one.
pub(crate) const TABLES: &str = include_str!("../../../migrations/projection.sql");
/// Indexes by the users of calls, who come in no order: each delivery changes pages all over them. A projection that is filled at
/// once does without them until all rows are there.
const MADE_LAST: [&str; 2] = ["member_user", "member_kind"];

/// Names the tables that this program writes.
pub(crate) fn schema_hash() -> String {
    hex::encode(Sha256::digest(TABLES))
}

/// Fails as damage does when a projection has not the tables, indexes and views that it was made with: SQLite does not notice a
/// bit that turned over in the statement of one, and reads columns of other names then. Indexes that are made last may be missing.
pub(crate) fn has_schema(projection: &Connection) -> Result<(), Error> {
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(TABLES)?;
    let found = statements(projection)?;
    let is_harmed = |(name, made): &(String, String)| match found.get(name) {
        Some(statement) => statement != made,
        None => !MADE_LAST.contains(&name.as_str()),
    };
    match statements(&fresh)?.into_iter().find(is_harmed) {
        Some((name, _)) => Err(Error::damage(&format!("{name} is missing, or not as it was made"))),
        None => Ok(()),
    }
}

/// What SQLite notes of each table, index and view: the statement that made it.
fn statements(projection: &Connection) -> Result<BTreeMap<String, String>, Error> {
    let mut statement = projection.prepare("select name, sql from main.sqlite_schema where sql is not null")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Takes from an empty projection the indexes that are made last.
pub(crate) fn drop_late_indexes(projection: &Connection) -> Result<(), Error> {
    for index in MADE_LAST {
        projection.execute_batch(&format!("drop index if exists main.{index}"))?;
    }
    Ok(())
}

/// Makes the indexes that a projection lacks which was filled at once.
pub(crate) fn make_late_indexes(projection: &Connection) -> Result<(), Error> {
    for index in MADE_LAST {
        let begin = format!("create index {index} ");
        let statement =
            TABLES.find(&begin).and_then(|place| TABLES.get(place..)).and_then(|rest| rest.split(';').next());
        if let Some(statement) = statement
            && !has_index(projection, index)?
        {
            projection.execute_batch(statement)?;
        }
    }
    Ok(())
}

/// False while a projection is filled at once that has not got its last indexes yet.
pub(crate) fn has_all_indexes(projection: &Connection) -> Result<bool, Error> {
    for index in MADE_LAST {
        if !has_index(projection, index)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// False for a projection that was to get its last indexes when the process ended, and for one that cannot be read.
pub(crate) fn has_late_indexes(files: &Files, number: u64) -> bool {
    let Ok(projection) = files.connect_existing(&files.projection(number), paths::WRITING) else { return false };
    has_all_indexes(&projection).unwrap_or(false)
}

fn has_index(projection: &Connection, index: &str) -> Result<bool, Error> {
    let mut known = projection.prepare_cached("select 1 from main.sqlite_schema where type = 'index' and name = ?1")?;
    Ok(known.exists([index])?)
}
