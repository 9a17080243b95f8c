//! The projection from the archive: dropped and replayed, or replayed beside and compared.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior};

use super::delivery::{Delivery, Digest};
use super::projection::{self, Care, Touched};
use super::{Error, Reader, archive, schema};
use crate::callback::Callback;

/// Deliveries that are looked at together.
const SLICE: usize = 1_000;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Deliveries that were replayed.
    pub deliveries: u64,
    /// Deliveries among them whose projection failed.
    pub faults: u64,
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Deliveries in the archive.
    pub deliveries: u64,
    /// What SQLite says of the file; `ok` alone when it is sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
    /// Deliveries whose content does not give their digest.
    pub altered: Vec<String>,
    /// Tables whose rows are not what a replay gives.
    pub differing: Vec<String>,
}

impl Verified {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.integrity == ["ok"] && self.dangling == 0 && self.altered.is_empty() && self.differing.is_empty()
    }
}

/// Drops the projection and replays the archive, in one transaction: nobody ever sees half of it.
pub(super) fn rebuild(connection: &mut Connection) -> Result<Rebuilt, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::reset_projection(&transaction)?;
    let mut rebuilt = Rebuilt::default();
    replay(&transaction, &transaction, |_, _| {
        rebuilt.deliveries += 1;
    })?;
    let faults: i64 =
        transaction.query_row("select count(*) from reading where verdict = 'fault'", [], |row| row.get(0))?;
    rebuilt.faults = u64::try_from(faults).unwrap_or(0);
    transaction.commit()?;
    Ok(rebuilt)
}

/// Applies every delivery of `from` to the projection of `to`, oldest in the file first.
fn replay(from: &Connection, to: &Connection, mut each: impl FnMut(&Digest, bool)) -> Result<(), Error> {
    let mut after = 0_i64;
    loop {
        let slice = from
            .prepare_cached(
                "select delivery_id, digest from delivery where delivery_id > ?1 order by delivery_id limit ?2",
            )?
            .query_map((after, i64::try_from(SLICE).unwrap_or(i64::MAX)), |row| Ok((row.get(0)?, Digest(row.get(1)?))))?
            .collect::<Result<Vec<(i64, Digest)>, _>>()?;
        let Some((last, _)) = slice.last() else { return Ok(()) };
        after = *last;
        let mut deliveries = Vec::with_capacity(slice.len());
        for (_, digest) in slice {
            let Some(delivery) = archive::earliest(from, &digest)? else { continue };
            let callback = projection::parse(&delivery);
            each(&digest, Digest::of(&delivery.app, &callback, &delivery.body) == digest);
            deliveries.push((digest, delivery, callback));
        }
        apply_slice(to, &deliveries)?;
    }
}

/// Applies a slice as a whole, and one by one only when one of it fails, as the writer does with what arrives.
fn apply_slice(to: &Connection, slice: &[(Digest, Delivery, Callback)]) -> Result<(), Error> {
    to.execute_batch("savepoint slice")?;
    let mut touched = Touched::default();
    let whole = slice
        .iter()
        .try_for_each(|(digest, delivery, callback)| {
            projection::apply(to, digest, delivery, callback, Care::Together(&mut touched))
        })
        .and_then(|()| touched.fold(to));
    if whole.is_err() {
        to.execute_batch("rollback to slice")?;
        for (digest, delivery, callback) in slice {
            projection::apply(to, digest, delivery, callback, Care::Guarded)?;
        }
    }
    to.execute_batch("release slice")?;
    Ok(())
}

/// Checks the file, the archive, and that the projection equals a replay.
pub fn verify(folder: &Path) -> Result<Verified, Error> {
    let reader = Reader::open(folder)?;
    let file = reader.check_file()?;
    let snapshot = reader.connection().unchecked_transaction()?;
    let scratch = schema::scratch()?;
    let (mut deliveries, mut altered) = (0, Vec::new());
    replay(&snapshot, &scratch, |digest, unaltered| {
        deliveries += 1;
        if !unaltered {
            altered.push(digest.hex());
        }
    })?;
    let mut differing = Vec::new();
    for table in schema::PROJECTED {
        if dump_table(&snapshot, table)? != dump_table(&scratch, table)? {
            differing.push((*table).to_owned());
        }
    }
    Ok(Verified { deliveries, integrity: file.integrity, dangling: file.dangling, altered, differing })
}

/// Every derived table as text.
pub(super) fn dump(connection: &Connection) -> Result<String, Error> {
    let mut text = String::new();
    for table in schema::PROJECTED {
        text.push_str(&format!("== {table}\n"));
        text.push_str(&dump_table(connection, table)?);
    }
    Ok(text)
}

/// A table without row ids walks in the order of its natural key, so its text depends on its rows alone.
fn dump_table(connection: &Connection, table: &str) -> Result<String, Error> {
    let keys: Vec<String> = connection
        .prepare("select name from pragma_table_info(?1) where pk > 0 order by pk")?
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut statement = connection.prepare(&format!("select * from {table} order by {}", keys.join(", ")))?;
    let columns = statement.column_count();
    let mut text = String::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
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
    }
    Ok(text)
}
