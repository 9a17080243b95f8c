//! The log of what people add. Whatever writes runs inside the writer's transaction.

use rusqlite::{Connection, Params, Row, params};
use serde_json::Value;
use uuid::Uuid;

use crate::store::entry::{Entry, Person, Subject};
use crate::store::error::Error;

/// Adds an entry; `false`: the log has it already.
pub(crate) fn insert(connection: &Connection, entry: &Entry) -> Result<bool, Error> {
    let Entry { id, at_ms, person, device, subject, field, value, replaces } = entry;
    let added = connection
        .prepare_cached(
            "insert into entry (id, at_ms, person, person_name, device, subject, field, value, replaces, digest)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) on conflict (id, digest) do nothing",
        )?
        .execute(params![
            id.as_bytes(),
            at_ms,
            person.id,
            person.name,
            device,
            subject.text(),
            field,
            value.to_string(),
            serde_json::to_string(replaces)?,
            entry.digest(),
        ])?;
    Ok(added == 1)
}

/// The entries of one field of one subject, in no order that means something.
pub(crate) fn of_field(connection: &Connection, subject: &Subject, field: &str) -> Result<Vec<Entry>, Error> {
    found(connection, "select * from entry where subject = ?1 and field = ?2", (subject.text(), field))
}

/// The history of a subject, the newest entries first.
pub(crate) fn history(connection: &Connection, subject: &Subject, at_most: u32) -> Result<Vec<Entry>, Error> {
    let newest = "select * from entry where subject = ?1 order by at_ms desc, entry_no desc limit ?2";
    found(connection, newest, (subject.text(), at_most))
}

fn found(connection: &Connection, which: &str, places: impl Params) -> Result<Vec<Entry>, Error> {
    let mut statement = connection.prepare_cached(which)?;
    let mut rows = statement.query(places)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        // What cannot be read says nothing; `verify` tells of it.
        entries.extend(read(row)?);
    }
    Ok(entries)
}

/// The entry of an id.
pub(crate) fn find(connection: &Connection, id: Uuid) -> Result<Option<Entry>, Error> {
    let first = "select * from entry where id = ?1 order by digest limit 1";
    Ok(found(connection, first, [id.as_bytes()])?.pop())
}

/// The entries that came after one of them, each with its place, in the order of arrival.
pub(crate) fn after(connection: &Connection, entry_no: i64, at_most: i64) -> Result<Vec<(i64, Option<Entry>)>, Error> {
    let mut statement =
        connection.prepare_cached("select * from entry where entry_no > ?1 order by entry_no limit ?2")?;
    let mut rows = statement.query((entry_no, at_most))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push((row.get("entry_no")?, read(row)?));
    }
    Ok(entries)
}

/// Reads a row of `entry`; none for one that a damaged disk has changed.
pub(crate) fn read(row: &Row<'_>) -> Result<Option<Entry>, Error> {
    let Some(entry) = said(row) else { return Ok(None) };
    let digest: Vec<u8> = row.get("digest")?;
    Ok(Some(entry).filter(|entry| digest == entry.digest()))
}

fn said(row: &Row<'_>) -> Option<Entry> {
    let text = |column: &str| row.get::<_, String>(column).ok();
    Some(Entry {
        id: Uuid::from_bytes(row.get("id").ok()?),
        at_ms: row.get("at_ms").ok()?,
        person: Person { id: text("person")?, name: text("person_name")? },
        device: text("device")?,
        subject: Subject::read(&text("subject")?)?,
        field: text("field")?,
        value: serde_json::from_str::<Value>(&text("value")?).ok()?,
        replaces: serde_json::from_str(&text("replaces")?).ok()?,
    })
}

/// The ids of entries that do not give their digests.
pub(crate) fn altered(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare("select * from entry")?;
    let mut rows = statement.query([])?;
    let mut altered = Vec::new();
    while let Some(row) = rows.next()? {
        if read(row)?.is_none() {
            altered.push(hex::encode(row.get::<_, Vec<u8>>("id").unwrap_or_default()));
        }
    }
    Ok(altered)
}
