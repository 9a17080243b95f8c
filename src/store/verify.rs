//! Whether the record can be trusted: the files, the archive, and that the projection equals a replay.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::generation::{NUMBERED, PROJECTED};
use super::{Error, FileCheck, Reader, follow, generation};

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Deliveries in the archive.
    pub deliveries: u64,
    /// What SQLite says of the files; `ok` alone when they are sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
    /// Deliveries whose content does not give their digest.
    pub altered: Vec<String>,
    /// Tables whose rows are not what a replay gives.
    pub differing: Vec<String>,
    /// Deliveries that the projection has not come to yet: it is being filled.
    pub missing: u64,
    /// True when the projection was filled by other rules than those of this program: a newer reading waits for a person.
    pub other_rules: bool,
}

impl Verified {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.integrity == ["ok"] && self.dangling == 0 && self.altered.is_empty() && self.differing.is_empty()
    }
}

/// Checks the files, the archive, and that the projection equals a replay. A projection that is still being filled is not
/// compared ([`Verified::missing`] says so), and neither is one that was filled by other rules ([`Verified::other_rules`]).
pub fn verify(folder: &Path) -> Result<Verified, Error> {
    let reader = Reader::open(folder)?;
    let file = match reader.check_file() {
        // So damaged that the check itself cannot be carried out: what SQLite says then is what it found.
        Err(error) if error.is_damage() => FileCheck { integrity: vec![error.to_string()], dangling: 0 },
        checked => checked?,
    };
    let mut verified = Verified { integrity: file.integrity, dangling: file.dangling, ..Verified::default() };
    match reader.at_a_whole_moment(|reader| compare(reader, true, &mut verified)) {
        Err(Error::Rebuilding { missing }) => {
            verified.missing = missing;
            reader.at_one_moment(|reader| compare(reader, false, &mut verified))?;
        }
        Err(error) if error.is_damage() => verified.integrity.push(error.to_string()),
        compared => compared?,
    }
    verified.integrity.dedup();
    Ok(verified)
}

/// Replays the archive, checks each delivery and, where the projection is whole, compares it with the replay.
fn compare(reader: &Reader, is_whole: bool, verified: &mut Verified) -> Result<(), Error> {
    verified.other_rules = generation::other_rules(reader.connection())?;
    let mut scratch = generation::scratch()?;
    follow::replay(reader.connection(), &mut scratch, |one| {
        verified.deliveries += 1;
        if !one.entry.digest.is_of(&one.delivery.app, &one.callback, &one.delivery.body) {
            verified.altered.push(one.entry.digest.hex());
        }
    })?;
    for table in PROJECTED.iter().chain(NUMBERED).filter(|_| is_whole && !verified.other_rules) {
        if !same_rows(reader.connection(), &scratch, table)? {
            verified.differing.push((*table).to_owned());
        }
    }
    Ok(())
}

/// Every derived table as text.
pub(super) fn dump(connection: &Connection) -> Result<String, Error> {
    let mut text = String::new();
    for table in PROJECTED {
        text.push_str(&format!("== {table}\n"));
        each_row(connection, table, |row| {
            text.push_str(row);
            Ok(true)
        })?;
    }
    Ok(text)
}

/// Compares a table of two projections row by row, however long it is.
fn same_rows(one: &Connection, other: &Connection, table: &str) -> Result<bool, Error> {
    let mut statement = other.prepare(&in_key_order(other, table)?)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut same = true;
    each_row(one, table, |text| {
        same = match rows.next()? {
            Some(row) => row_text(row, columns)? == text,
            None => false,
        };
        Ok(same)
    })?;
    Ok(same && rows.next()?.is_none())
}

fn each_row(
    connection: &Connection,
    table: &str,
    mut visit: impl FnMut(&str) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(&in_key_order(connection, table)?)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !visit(&row_text(row, columns)?)? {
            break;
        }
    }
    Ok(())
}

/// A table walks in the order of its natural key, so its text depends on its rows alone. What a delivery says has the digest for
/// a key; its place in the archive is an accident of the order of arrival.
fn in_key_order(connection: &Connection, table: &str) -> Result<String, Error> {
    let names = |which: &str| -> Result<String, Error> {
        let names: Vec<String> = connection
            .prepare(&format!("select name from pragma_table_info(?1) where name <> 'delivery_id' {which}"))?
            .query_map([table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(names.join(", "))
    };
    let (columns, key) = (names("order by cid")?, names("and pk > 0 order by pk")?);
    Ok(format!("select {columns} from {table} order by {}", if key.is_empty() { "digest" } else { &key }))
}

fn row_text(row: &rusqlite::Row<'_>, columns: usize) -> Result<String, Error> {
    let mut text = String::new();
    for column in 0..columns {
        let separator = if column == 0 { "" } else { " | " };
        match row.get_ref(column)? {
            ValueRef::Null => write!(text, "{separator}-"),
            ValueRef::Integer(number) => write!(text, "{separator}{number}"),
            ValueRef::Real(number) => write!(text, "{separator}{number}"),
            ValueRef::Text(bytes) => write!(text, "{separator}{}", String::from_utf8_lossy(bytes)),
            ValueRef::Blob(bytes) => write!(text, "{separator}{}", hex::encode(bytes)),
        }
        .map_err(|error| Error::Content(error.to_string()))?;
    }
    text.push('\n');
    Ok(text)
}
