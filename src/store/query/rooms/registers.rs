//! What was told of a room, each thing in a register of its own: what holds is what was told last.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};
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
    let mut last = BTreeMap::<String, Told>::new();
    while let Some(row) = rows.next()? {
        let told = Told { value: row.get(1)?, at_ms: row.get(2)?, delivery_id: row.get(3)? };
        let register: String = row.get(0)?;
        let holds = match last.get(&register) {
            None => true,
            Some(other) => told.at_ms == other.at_ms && is_after(connection, &told, other)?,
        };
        if holds {
            last.insert(register, told);
        }
    }
    Ok(last)
}

/// Of two that were told at the same time, the one with the larger digest holds. Digests are in the archive, each on a page of its
/// own, so nobody else reads them.
fn is_after(connection: &Connection, one: &Told, other: &Told) -> Result<bool, Error> {
    let mut digest = connection.prepare_cached("select digest from delivery where delivery_id = ?1")?;
    // One that is lost from a damaged archive comes before any other.
    let mut of = |told: &Told| digest.query_row([told.delivery_id], |row| row.get::<_, Vec<u8>>(0)).optional();
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_told_last_holds_and_of_the_same_time_the_larger_digest_that_is_not_lost() {
        let connection = Connection::open_in_memory().expect("memory");
        let tables = "create table word (word_no integer primary key, word text);
            create table room_detail (room_no integer, register_no integer, at_ms integer, delivery_id integer, value text);
            create table delivery (delivery_id integer primary key, digest blob);
            insert into word values (1, 'name'), (2, 'owner');
            insert into delivery values (1, x'aa'), (2, x'bb'), (3, x'00'), (4, x'ff');
            insert into room_detail values (7, 1, 10, 1, '\"a\"'), (7, 1, 10, 2, '\"b\"'), (7, 1, 9, 4, '\"old\"'),
                (7, 2, 5, 3, '\"kept\"'), (7, 2, 5, 99, '\"lost\"'), (8, 1, 99, 4, '\"elsewhere\"')";
        connection.execute_batch(tables).expect("tables");
        let (values, times) = all(&connection, 7).expect("they can be read");
        assert_eq!((values, times), (json!({ "name": "b", "owner": "kept" }), json!({ "name": 10, "owner": 5 })));
        let some = told_last(&connection, 7, Some(&["name", "end_reason"])).expect("they can be read");
        assert_eq!(
            some.into_iter().map(|(name, told)| (name, told.value)).collect::<Vec<_>>(),
            [("name".to_owned(), "\"b\"".to_owned())]
        );
    }
}
