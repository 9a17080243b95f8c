//! Cases of missed callers (rules.md section 12): what people have said of them. How they follow is in `derive`, and whose are to be
//! derived again in `stale`.

pub(crate) mod derive;
mod gather;

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::entry::{Entry, Subject};
use crate::store::error::Error;
use crate::store::projection::batch::DirtySet;
use crate::store::projection::subjects;

/// The fields of a call by which a case is followed up begin so.
pub(crate) const FIELD: &str = "case.";

/// Writes what is shown of a field of a call; none, or null, where nothing is said of it any more.
pub(crate) fn write_entry(
    connection: &Connection,
    subject: &Subject,
    field: &str,
    shown: Option<&Entry>,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let subject_no = subjects::number(connection, subject, dirty)?;
    match shown.filter(|entry| !entry.value.is_null()) {
        Some(Entry { id, at_ms, person, value, .. }) => connection
            .prepare_cached(
                "insert or replace into case_entry (subject_no, field, value, at_ms, id, person) values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((
                subject_no,
                field,
                value.to_string(),
                at_ms,
                id.to_string(),
                serde_json::to_string(person)?,
            ))?,
        None => connection
            .prepare_cached("delete from case_entry where subject_no = ?1 and field = ?2")?
            .execute((subject_no, field))?,
    };
    let caller = "select member.user_no, member.started_ms from subject
        cross join member on member.call_no = subject.call_no where subject_no = ?1 and role = 1";
    let caller = connection.prepare_cached(caller)?.query_row([subject_no], |row| Ok((row.get(0)?, row.get(1)?)));
    if let Some((user_no, started_ms)) = caller.optional()? {
        dirty.cases.call(&[user_no], started_ms);
    }
    Ok(())
}

/// The misses of a case of which people have said something, each with the fields.
pub(crate) fn said_of(connection: &Connection, case_no: i64) -> Result<Vec<(Subject, Vec<String>)>, Error> {
    let mut statement = connection.prepare_cached(
        "select subject, json_group_array(field order by field) from follow_up_miss cross join subject using (call_no)
         cross join case_entry using (subject_no) where case_no = ?1 group by subject_no order by position",
    )?;
    let mut rows = statement.query([case_no])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(subject) = Subject::read(&row.get::<_, String>(0)?) else { continue };
        let fields: Vec<String> = serde_json::from_str(&row.get::<_, String>(1)?)?;
        said.push((subject, fields.into_iter().map(|field| format!("{FIELD}{field}")).collect()));
    }
    Ok(said)
}
