//! What happened in a room, step by step. What a delivery says beside that is read from the archive again.

use std::collections::HashMap;
use std::collections::hash_map;

use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::callback::facts::Facts;
use crate::callback::{self, Callback, Query};
use crate::store::delivery::{Delivery, Digest};
use crate::store::error::Error;
use crate::store::projection::stored;
use crate::store::rows::StepRow;

/// Steps that a room's detail shows.
const STEPS: i64 = 500;

/// The newest events. Without statistics SQLite would rather read and sort the whole room.
const NEWEST: &str =
    "select at_ms, room_event.delivery_id as delivery_id, digest, action.word as action, cause.word as cause,
         user.user as user, outcome.event_ms is null as flagged
     from room_event indexed by room_event_time
     cross join delivery on delivery.delivery_id = room_event.delivery_id
     cross join outcome on outcome.delivery_id = room_event.delivery_id
     cross join user on user.user_no = room_event.user_no
     cross join word as action on action.word_no = room_event.action_no
     cross join word as cause on cause.word_no = room_event.cause_no
     where room_event.room_no = ?1
     order by at_ms desc, digest desc, user limit ?2";

/// What a delivery says beside what happened to whom and when; all of it empty where the delivery cannot be read.
#[derive(Clone, Default)]
struct Said {
    platform: String,
    client_ip: String,
    family: String,
    command: String,
    sent: Map<String, Value>,
}

impl Said {
    fn read(connection: &Connection, delivery_id: i64) -> Result<Self, Error> {
        let told = stored::read(connection, delivery_id)?;
        Ok(told.map(|told| Self::of(&told.delivery, told.callback)).unwrap_or_default())
    }

    fn of(delivery: &Delivery, callback: Callback) -> Self {
        let query = Query::parse(&delivery.query);
        Self {
            platform: callback::platform(&query).to_owned(),
            client_ip: callback::client_ip(&query).to_owned(),
            family: callback.family.code().to_owned(),
            command: callback.command,
            sent: match callback.facts {
                Some(Facts::Room(event)) => event.sent.into_iter().collect(),
                Some(Facts::Call(_)) | None => Map::new(),
            },
        }
    }
}

/// The newest steps, newest first.
pub(crate) fn steps(connection: &Connection, room_no: i64) -> Result<Vec<StepRow>, Error> {
    let mut statement = connection.prepare_cached(NEWEST)?;
    let mut found = statement.query((room_no, STEPS))?;
    // One delivery may tell of several users.
    let mut deliveries: HashMap<i64, Said> = HashMap::new();
    let mut steps = Vec::new();
    while let Some(row) = found.next()? {
        let delivery_id: i64 = row.get("delivery_id")?;
        let Said { platform, client_ip, family, command, mut sent } = match deliveries.entry(delivery_id) {
            hash_map::Entry::Occupied(known) => known.get().clone(),
            hash_map::Entry::Vacant(place) => place.insert(Said::read(connection, delivery_id)?).clone(),
        };
        let cause: String = row.get("cause")?;
        if !cause.is_empty() {
            sent.insert("cause".to_owned(), cause.into());
        }
        steps.push(StepRow {
            at_ms: row.get("at_ms")?,
            action: row.get("action")?,
            user: row.get("user")?,
            platform,
            client_ip,
            sent: sent.into(),
            family,
            command,
            flagged: row.get("flagged")?,
            delivery: Digest(row.get("digest")?).hex(),
        });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_newest_steps_are_read_in_the_order_of_an_index() {
        let connection = crate::store::files::projection_file::scratch().unwrap();
        let mut statement = connection.prepare(&format!("explain query plan {NEWEST}")).unwrap();
        let plan: Vec<String> =
            statement.query_map((7, STEPS), |row| row.get("detail")).unwrap().map(Result::unwrap).collect();
        expect![[r#"
            SEARCH room_event USING INDEX room_event_time (room_no=?)
            SEARCH delivery USING INTEGER PRIMARY KEY (rowid=?)
            SEARCH outcome USING INTEGER PRIMARY KEY (rowid=?)
            SEARCH user USING INTEGER PRIMARY KEY (rowid=?)
            SEARCH action USING INTEGER PRIMARY KEY (rowid=?)
            SEARCH cause USING INTEGER PRIMARY KEY (rowid=?)
            USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY"#]]
        .assert_eq(&plan.join("\n"));
    }
}
