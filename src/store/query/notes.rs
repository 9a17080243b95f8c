//! What people have put on calls, rooms and people: notes and tags.

use rusqlite::{Connection, Row};
use serde_json::Value;

use crate::store::entry::{COLOUR, Subject};
use crate::store::error::Error;
use crate::store::projection::team;
use crate::store::rows::{NoteRow, TagRow};

/// The notes on something, oldest first.
pub(crate) fn of(connection: &Connection, subject: &Subject) -> Result<Vec<NoteRow>, Error> {
    let mut statement = connection.prepare_cached(
        "select note.* from subject cross join note using (subject_no) where subject = ?1 order by at_ms, id",
    )?;
    let mut rows = statement.query([subject.text()])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        notes.push(note_row(row, subject)?);
    }
    Ok(notes)
}

fn note_row(row: &Row<'_>, on: &Subject) -> Result<NoteRow, Error> {
    Ok(NoteRow {
        id: row.get("id")?,
        on: on.clone(),
        text: row.get("text")?,
        person: serde_json::from_str(&row.get::<_, String>("person")?)?,
        device: row.get("device")?,
        at_ms: row.get("at_ms")?,
        edited_ms: row.get("edited_ms")?,
        edited_by: row.get("edited_by")?,
    })
}

/// The tags of something, in order.
pub(crate) fn tags_of(connection: &Connection, subject: &Subject) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "select tag from subject cross join tagged using (subject_no) cross join tag using (tag_no)
         where subject = ?1 order by tag",
    )?;
    let tags = statement.query_map([subject.text()], |row| row.get(0))?;
    Ok(tags.collect::<Result<_, _>>()?)
}

/// What a tag is on.
pub(crate) fn tagged(connection: &Connection, tag: &str) -> Result<Vec<Subject>, Error> {
    let mut statement = connection.prepare_cached(
        "select subject from tag cross join tagged using (tag_no) cross join subject using (subject_no) where tag = ?1",
    )?;
    let subjects = statement.query_map([tag], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(subjects.iter().filter_map(|subject| Subject::read(subject)).collect())
}

/// All tags that are on something, in order.
pub(crate) fn tags(connection: &Connection) -> Result<Vec<TagRow>, Error> {
    let mut statement = connection.prepare_cached(
        "select tag, count(call_no) from tag cross join tagged using (tag_no) group by tag order by tag",
    )?;
    let mut rows = statement.query([])?;
    let mut tags = Vec::new();
    while let Some(row) = rows.next()? {
        let (tag, calls): (String, i64) = (row.get(0)?, row.get(1)?);
        let colour = colour(connection, &tag)?;
        tags.push(TagRow { tag, colour, calls: u64::try_from(calls).unwrap_or(0) });
    }
    Ok(tags)
}

/// The colour that the team has given a tag; empty without one.
pub(crate) fn colour(connection: &Connection, tag: &str) -> Result<String, Error> {
    let said = team::said(connection, &format!("{COLOUR}{tag}"))?;
    Ok(said.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned())
}
