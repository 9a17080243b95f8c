//! What was told of a room, each thing in a register of its own: what holds is what was told last.

use std::collections::{BTreeMap, btree_map::Entry};

use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::store::error::Error;

/// What was told last of a register of a room.
pub(super) struct Told {
    at_ms: i64,
    delivery_id: i64,
    /// JSON.
    pub(super) value: String,
}

/// What was told last of a room's registers: of some, or of all of them.
pub(super) fn told_last(
    connection: &Connection,
    room_no: i64,
    registers: Option<&[&str]>,
) -> Result<BTreeMap<String, Told>, Error> {
    let which = match registers {
        Some(_) => "register_no in (select word_no from json_each(?2) cross join word as named on named.word = value)",
        None => "?2 is null",
    };
    let mut statement = connection.prepare_cached(&format!(
        "select word.word, room_detail.value, at_ms, delivery_id from room_detail
             cross join word on word.word_no = register_no
         where room_no = ?1 and {which} order by register_no, at_ms desc"
    ))?;
    let mut rows = statement.query((room_no, registers.map(|registers| Value::from(registers).to_string())))?;
    let mut last = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let told = Told { value: row.get(1)?, at_ms: row.get(2)?, delivery_id: row.get(3)? };
        match last.entry(row.get(0)?) {
            Entry::Vacant(place) => drop(place.insert(told)),
            Entry::Occupied(mut place) => {
                if place.get().at_ms == told.at_ms && is_after(connection, &told, place.get())? {
                    place.insert(told);
                }
            }
        }
    }
    Ok(last)
}

/// Of two that were told at the same time, the one with the larger digest holds. Digests are in the archive, each on a page of its
/// own, so nobody else reads them.
fn is_after(connection: &Connection, one: &Told, other: &Told) -> Result<bool, Error> {
    let mut digest = connection.prepare_cached("select digest from delivery where delivery_id = ?1")?;
    let mut of = |told: &Told| digest.query_row([told.delivery_id], |row| row.get::<_, Vec<u8>>(0));
    Ok(of(one)? > of(other)?)
}

/// Every register's newest value and when it was told; a register that was removed is not there.
pub(super) fn all(connection: &Connection, room_no: i64) -> Result<(Value, Value), Error> {
    let (mut values, mut times) = (Map::new(), Map::new());
    for (register, told) in told_last(connection, room_no, None)? {
        let value: Value = serde_json::from_str(&told.value)?;
        if !value.is_null() {
            times.insert(register.clone(), Value::from(told.at_ms));
            values.insert(register, value);
        }
    }
    Ok((values.into(), times.into()))
}
