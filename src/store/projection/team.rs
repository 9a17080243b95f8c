//! What the team has agreed on: who is ours, and which calls are missed (rules.md sections 10 and 12).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;

use crate::store::archive::entries;
use crate::store::entry::{CANCEL_AFTER, COUNTED, COUNTS, Subject};
use crate::store::error::Error;
use crate::store::projection::fold::heads::shown;
use crate::store::rows::Missed;

/// The fields of the team by which calls are missed begin so.
pub(crate) const FIELD: &str = "follow_up.";
/// A call that was cancelled earlier is no miss, unless the team says otherwise.
const CANCEL_AFTER_MS: i64 = 5_000;

/// Which calls are missed, as the team has it. Without a word all results count but a reject.
pub(crate) fn missed(archive: &Connection) -> Result<Missed, Error> {
    let mut results = BTreeMap::new();
    for code in COUNTED {
        let said = said(archive, &format!("{COUNTS}{code}"))?.and_then(|value| value.as_bool());
        results.insert(code.to_owned(), said.unwrap_or(code != "reject"));
    }
    let cancel_after_ms = said(archive, CANCEL_AFTER)?.and_then(|value| value.as_i64()).unwrap_or(CANCEL_AFTER_MS);
    Ok(Missed { results, cancel_after_ms })
}

/// What is shown of a field of the team.
pub(crate) fn said(archive: &Connection, field: &str) -> Result<Option<Value>, Error> {
    Ok(shown(&entries::of_field(archive, &Subject::Team, field)?).map(|entry| entry.value.clone()))
}

/// The numbers of the users that are ours: all ids of each person of whom one is marked.
pub(crate) fn ours(connection: &Connection) -> Result<BTreeSet<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "with ours (person_no) as materialized (select distinct person_no from contact where ours = 1)
         select person_no from ours union select user_no from ours cross join contact indexed by contact_person using (person_no)",
    )?;
    let users = statement.query_map([], |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}
