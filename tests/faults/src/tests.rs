//! The recording, the faults and the power cuts, tried with plain SQLite.

mod cuts;
mod refusals;

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Vfs;

/// Opens a database of two columns through a VFS, with these settings.
fn open(vfs: &Vfs, folder: &Path, settings: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags_and_vfs(folder.join("a.db"), OpenFlags::default(), vfs.name())?;
    connection.execute_batch(settings)?;
    connection
        .execute_batch("create table if not exists kept (id integer primary key, filling blob not null) strict")?;
    Ok(connection)
}

fn insert(connection: &Connection, id: u64) -> rusqlite::Result<()> {
    let filling = vec![u8::try_from(id % 251).unwrap_or(0); 900];
    connection.execute("insert into kept values (?1, ?2)", (i64::try_from(id).unwrap_or(0), filling))?;
    Ok(())
}

/// The ids that a database holds for SQLite as it comes; an error where the file is not sound.
fn stored(folder: &Path) -> Result<Vec<u64>, String> {
    let words = |error: rusqlite::Error| error.to_string();
    let connection = Connection::open(folder.join("a.db")).map_err(words)?;
    let verdict: String = connection.query_row("pragma integrity_check", [], |row| row.get(0)).map_err(words)?;
    if verdict != "ok" {
        return Err(verdict);
    }
    if !connection.table_exists(None, "kept").map_err(words)? {
        return Ok(Vec::new());
    }
    let mut rows = connection.prepare("select id from kept order by id").map_err(words)?;
    let ids = rows.query_map([], |row| row.get::<_, i64>(0)).map_err(words)?;
    ids.map(|id| id.map_err(words).and_then(|id| u64::try_from(id).map_err(|error| error.to_string()))).collect()
}
