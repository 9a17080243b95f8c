//! What people write, into the log of entries: each edit with what held before it, inside the writer's transaction.

use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

use crate::store::archive::entries;
use crate::store::entry::{Author, Edit, Entry, undo as undoing};
use crate::store::error::Error;
use crate::store::projection::fold::heads::heads;

/// Edits that share a transaction, at most: it takes a fraction of the time that a sender waits for its answer.
pub(crate) const TOGETHER: usize = 2_000;

/// How a part is written: by whom, and at which moment.
pub(crate) type Write<T> = fn(&Connection, &Author, i64, &[T]) -> Result<Vec<Entry>, Error>;

/// Writes edits as entries; answers those that were written. What holds already is not written again.
pub(crate) fn write(connection: &Connection, author: &Author, at_ms: i64, edits: &[Edit]) -> Result<Vec<Entry>, Error> {
    let mut written = Vec::new();
    for edit in edits {
        written.extend(write_one(connection, author, at_ms, edit, None)?);
    }
    Ok(written)
}

/// Writes one edit. `back_to` is the entry that an undo goes back to.
fn write_one(
    connection: &Connection,
    author: &Author,
    at_ms: i64,
    edit: &Edit,
    back_to: Option<Uuid>,
) -> Result<Option<Entry>, Error> {
    let Edit { subject, field, value } = edit;
    let known = entries::of_field(connection, subject, field)?;
    let held = heads(&known);
    let holds = match held.as_slice() {
        [] => value.is_null(),
        [only] => only.value == *value,
        // Whoever writes over several ends their disagreement.
        _ => false,
    };
    if holds {
        return Ok(None);
    }
    let mut entry = Entry {
        id: Uuid::new_v4(),
        at_ms,
        person: author.person.clone(),
        device: author.device.clone(),
        subject: subject.clone(),
        field: field.clone(),
        value: value.clone(),
        replaces: held.iter().map(|held| held.id).collect(),
    };
    if let Some(back_to) = back_to {
        entry.id = undoing::id(&entry, back_to);
    }
    entries::insert(connection, &entry)?;
    Ok(Some(entry))
}

/// Writes what held before these entries, as new ones, the last of them first. An entry stands as long as nobody has written over
/// it, and again when whatever was written over it has been undone. What does not stand is left alone.
pub(crate) fn undo(connection: &Connection, author: &Author, at_ms: i64, ids: &[Uuid]) -> Result<Vec<Entry>, Error> {
    let mut written = Vec::new();
    for id in ids.iter().rev() {
        let Some(entry) = entries::find(connection, *id)? else { continue };
        let known = entries::of_field(connection, &entry.subject, &entry.field)?;
        if !heads(&known).into_iter().any(|held| undoing::trail(held, &known).any(|stands| stands.id == entry.id)) {
            continue;
        }
        let before: Vec<Entry> = known.into_iter().filter(|known| entry.replaces.contains(&known.id)).collect();
        let before = heads(&before).first().map(|before| (before.value.clone(), before.id));
        let (value, back_to) = before.map_or((Value::Null, None), |(value, id)| (value, Some(id)));
        let edit = Edit { subject: entry.subject, field: entry.field, value };
        written.extend(write_one(connection, author, at_ms, &edit, back_to)?);
    }
    Ok(written)
}

/// Takes entries that were written elsewhere, or here before; answers how many were not known.
pub(crate) fn absorb(connection: &Connection, others: &[Entry]) -> Result<u64, Error> {
    let mut new = 0;
    for entry in others {
        new += u64::from(entries::insert(connection, entry)?);
    }
    Ok(new)
}
