//! What people have put tags or notes on. It has a number, like everything in a projection; a call, room or user that nothing was
//! put on has none.

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::entry::Subject;
use crate::store::error::Error;
use crate::store::projection::batch::DirtySet;

/// The number of a subject, where something was put on it before.
pub(crate) fn find(connection: &Connection, subject: &Subject) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached("select subject_no from subject where subject = ?1")?;
    Ok(statement.query_row([subject.text()], |row| row.get(0)).optional()?)
}

/// The number of a subject, given now where it has none.
pub(crate) fn number(connection: &Connection, subject: &Subject, dirty: &mut DirtySet) -> Result<i64, Error> {
    if let Some(known) = find(connection, subject)? {
        return Ok(known);
    }
    let (mut call, mut user_no) = (None, None);
    match subject {
        Subject::Call { app, call_id } => call = Some((dirty.numbers.word(connection, app)?, call_id)),
        Subject::User(user) => user_no = Some(dirty.numbers.user(connection, user)?),
        _ => {}
    }
    let (app_no, call_id) = (call.map(|(app_no, _)| app_no), call.map(|(_, call_id)| call_id));
    connection
        .prepare_cached(
            "insert into subject (subject, app_no, call_id, call_no, started_ms, kind_no, user_no)
             select ?1, ?2, ?3, call_no, started_ms, kind_no, ?4
             from (select 1) left join call on call_id = ?3 and app_no = ?2",
        )?
        .execute((subject.text(), app_no, call_id, user_no))?;
    Ok(connection.last_insert_rowid())
}

/// A call has come, after something may have been put on it.
pub(crate) fn call_came(connection: &Connection, call_no: i64, app_no: i64, call_id: &str) -> Result<(), Error> {
    let found = connection
        .prepare_cached("update subject set call_no = ?1 where call_id = ?2 and app_no = ?3")?
        .execute((call_no, call_id, app_no))?;
    if found > 0 { call_changed(connection, call_no) } else { Ok(()) }
}

/// A call has another moment or is of another kind: what lists know of it where something was put on it.
pub(crate) fn call_changed(connection: &Connection, call_no: i64) -> Result<(), Error> {
    let found = connection
        .prepare_cached(
            "update subject set (started_ms, kind_no) = (select started_ms, kind_no from call where call_no = ?1)
             where call_no = ?1",
        )?
        .execute([call_no])?;
    if found > 0 {
        connection
            .prepare_cached(
                "update tagged set (call_no, started_ms, kind_no) = (select call_no, started_ms, kind_no from call where call_no = ?1)
                 where subject_no = (select subject_no from subject where call_no = ?1)",
            )?
            .execute([call_no])?;
    }
    Ok(())
}

/// A call is none any more. It has no row already.
pub(crate) fn call_went(connection: &Connection, call_no: i64) -> Result<(), Error> {
    call_changed(connection, call_no)?;
    connection.prepare_cached("update subject set call_no = null where call_no = ?1")?.execute([call_no])?;
    Ok(())
}

/// A subject has so many more notes, or fewer.
pub(crate) fn noted(connection: &Connection, subject_no: i64, more: i64) -> Result<(), Error> {
    connection
        .prepare_cached("update subject set notes = notes + ?2 where subject_no = ?1")?
        .execute((subject_no, more))?;
    Ok(())
}

/// The number of a tag, where it was ever put on something.
pub(crate) fn tag_no(connection: &Connection, tag: &str) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached("select tag_no from tag where tag = ?1")?;
    Ok(statement.query_row([tag], |row| row.get(0)).optional()?)
}

/// Puts a tag on a subject, or takes it away.
pub(crate) fn tag(
    connection: &Connection,
    subject: &Subject,
    tag: &str,
    is_set: bool,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let known = tag_no(connection, tag)?;
    if !is_set {
        let subject_no = find(connection, subject)?;
        connection
            .prepare_cached("delete from tagged where tag_no = ?1 and subject_no = ?2")?
            .execute((known, subject_no))?;
        return Ok(());
    }
    let tag_no = match known {
        Some(known) => known,
        None => {
            connection.prepare_cached("insert into tag (tag) values (?1)")?.execute([tag])?;
            connection.last_insert_rowid()
        }
    };
    let subject_no = number(connection, subject, dirty)?;
    connection
        .prepare_cached(
            "insert or ignore into tagged (tag_no, subject_no, call_no, started_ms, kind_no)
             select ?1, subject_no, call_no, started_ms, kind_no from subject where subject_no = ?2",
        )?
        .execute((tag_no, subject_no))?;
    Ok(())
}
