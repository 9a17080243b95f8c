//! Whose cases are to be derived again. They follow from all calls of a person, so they are not derived with every delivery, but
//! when nothing else is to be done.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::projection_schema;
use crate::store::projection::people::person_of;

/// Whose cases may have changed, collected for a batch and written at its end.
#[derive(Default)]
pub(crate) struct DirtyCases {
    /// Users, and from which moment on.
    users: BTreeMap<i64, i64>,
    /// Everybody's, from the beginning.
    all: bool,
}

impl DirtyCases {
    /// A call that started then has come, changed or gone.
    pub(crate) fn call(&mut self, members: &[i64], started_ms: i64) {
        for user_no in members {
            let from_ms = self.users.entry(*user_no).or_insert(started_ms);
            *from_ms = started_ms.min(*from_ms);
        }
    }

    /// Who is ours has changed, or which calls are missed.
    pub(crate) fn all(&mut self) {
        self.all = true;
    }

    /// Notes whose cases are to be derived. A projection that is filled at once has not the indexes yet that find a person's
    /// calls: everybody's cases follow then.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        if self.all {
            sweep_all(connection)?;
        }
        if self.users.is_empty() || !projection_schema::has_all_indexes(connection)? {
            return Ok(());
        }
        let mut note = connection.prepare_cached(
            "insert into follow_up_stale (person_no, from_ms) values (?1, ?2)
             on conflict (person_no) do update set from_ms = min(from_ms, excluded.from_ms)",
        )?;
        for (user_no, from_ms) in self.users {
            note.execute((person_of(connection, user_no)?, from_ms))?;
        }
        Ok(())
    }
}

/// Everybody's cases are to be derived again.
pub(crate) fn sweep_all(connection: &Connection) -> Result<(), Error> {
    connection.prepare_cached("update follow_up_sweep set next_user = 0")?.execute([])?;
    Ok(())
}

/// Of how many people the cases are still to be derived.
pub(crate) fn count(connection: &Connection) -> Result<u64, Error> {
    let waiting = "select (select count(*) from follow_up_stale)
        + coalesce((select max(user_no) + 1 - next_user from follow_up_sweep join user where next_user is not null), 0)";
    let waiting: i64 = connection.prepare_cached(waiting)?.query_row([], |row| row.get(0))?;
    Ok(u64::try_from(waiting).unwrap_or(0))
}
