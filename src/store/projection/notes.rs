//! Notes on calls, rooms and users, as they are shown.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::entry::{Entry, Subject};
use crate::store::error::Error;
use crate::store::projection::batch::DirtySet;
use crate::store::projection::{contacts, subjects};

/// The fields of a note: what it is on, what it says, and `true` when it was deleted.
pub(crate) use crate::store::entry::ON;
pub(crate) const TEXT: &str = "text";
pub(crate) const DELETED: &str = "deleted";

/// A note that is shown.
pub(crate) struct Note {
    on: Subject,
    text: String,
    /// When it was first written, by whom and where.
    at_ms: i64,
    person: String,
    device: String,
    /// When the text was written that is shown, and by whom, where it is another one.
    edited: Option<(i64, String)>,
}

impl Note {
    /// From the entry whose text is shown, and the first one.
    pub(crate) fn new(on: Subject, shown: &Entry, first: &Entry) -> Self {
        let edited = (shown.id != first.id).then(|| (shown.at_ms, shown.person.name.clone()));
        Self {
            on,
            text: contacts::text_of(&shown.value).unwrap_or_default(),
            at_ms: first.at_ms,
            person: serde_json::json!(first.person).to_string(),
            device: first.device.clone(),
            edited,
        }
    }
}

/// Writes a note down as it is shown now; none where it is not shown any more.
pub(crate) fn write(connection: &Connection, id: &str, note: Option<&Note>, dirty: &mut DirtySet) -> Result<(), Error> {
    let mut known = connection.prepare_cached("select note_no, subject_no from note where id = ?1")?;
    let known: Option<(i64, i64)> = known.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    if let Some((_, subject_no)) = known {
        subjects::noted(connection, subject_no, -1)?;
    }
    let known = known.map(|(note_no, _)| note_no);
    let Some(note) = note else {
        connection.prepare_cached("delete from note where note_no = ?1")?.execute([known])?;
        known.into_iter().for_each(|note_no| dirty.touched.note(note_no));
        return Ok(());
    };
    let subject_no = subjects::number(connection, &note.on, dirty)?;
    subjects::noted(connection, subject_no, 1)?;
    let (edited_ms, edited_by) = note.edited.as_ref().map_or((None, ""), |(at_ms, by)| (Some(at_ms), by.as_str()));
    connection
        .prepare_cached(
            "insert into note (note_no, id, subject_no, text, at_ms, person, device, edited_ms, edited_by)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             on conflict (note_no) do update set subject_no = excluded.subject_no, text = excluded.text, at_ms = excluded.at_ms,
                 person = excluded.person, device = excluded.device, edited_ms = excluded.edited_ms, edited_by = excluded.edited_by",
        )?
        .execute(params![known, id, subject_no, note.text, note.at_ms, note.person, note.device, edited_ms, edited_by])?;
    dirty.touched.note(known.unwrap_or_else(|| connection.last_insert_rowid()));
    Ok(())
}
