//! What people have put on calls, rooms and people: notes and tags.

use std::ops::ControlFlow;

use rusqlite::{Connection, Row, types::FromSql};
use serde_json::Value;

use crate::store::entry::{COLOUR, Subject};
use crate::store::error::Error;
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::{segments, team};
use crate::store::query::list::json_of;
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

/// The notes that hold a text, which is folded.
pub(crate) fn holding(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    segments::NOTES.each_holding(connection, needle, |(first, end)| {
        let mut statement = connection.prepare_cached(
            "select note_no from note where note_no >= ?1 and note_no < ?2 and contains_folded(text, ?3)",
        )?;
        let notes = statement.query_map((first, end, needle), |row| row.get(0))?;
        for note in notes {
            found.push(note?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// The user ids with a note or a tag that holds a text, which is folded. One may come twice.
pub(crate) fn users_with(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    subjects_with(connection, needle, "user_no", "user_no is not null")
}

/// The rooms with a note or a tag that holds a text, which is folded. One may come twice.
pub(crate) fn rooms_with(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    for subject in subjects_with::<String>(connection, needle, "subject", "user_no is null and call_id is null")? {
        if let Some(Subject::Room { app, product, room_id_type, room_id }) = Subject::read(&subject) {
            found.extend(RoomKey { app, product, room_id_type, room_id }.number(connection)?);
        }
    }
    Ok(found)
}

/// A column of the subjects of some kind, other than calls, that have a note or a tag that holds a text.
fn subjects_with<T: FromSql>(connection: &Connection, needle: &str, column: &str, kind: &str) -> Result<Vec<T>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "select {column} from json_each(?1) as hit cross join note on note_no = hit.value
             cross join subject using (subject_no) where {kind}
         union all select {column} from tag cross join tagged using (tag_no) cross join subject using (subject_no)
             where contains_folded(tag, ?2) and tagged.call_no is null and {kind}"
    ))?;
    let subjects = statement.query_map((json_of(&holding(connection, needle)?), needle), |row| row.get(0))?;
    Ok(subjects.collect::<Result<_, _>>()?)
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
