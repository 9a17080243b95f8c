//! Deliveries that are searched for by a part of an id or of a command. Few are looked up; where they are many, the list is walked.

use std::collections::HashSet;
use std::ops::ControlFlow;

use rusqlite::{Connection, Rows};

use crate::store::error::Error;
use crate::store::projection::segments;
use crate::store::query::list::{self, List};

/// So many hits are counted by themselves; more are found by walking the window of the list.
pub(crate) const COUNTED_MAX: usize = 100_000;
/// See [`list::few`]: looking a hit up and sorting it takes as long as walking five rows, for each of the 200 rows of a page.
const WEIGHT: i64 = 40;

/// Up to so many hits are looked up for a page.
pub(crate) fn few(connection: &Connection) -> Result<usize, Error> {
    list::few(connection, "select max(delivery_id) from outcome", WEIGHT)
}

/// The numbers of the commands that hold the needle.
fn commands(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    let mut statement = connection
        .prepare_cached("select command_no from command where command_no > 0 and contains_folded(command, ?1)")?;
    Ok(statement.query_map([needle], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The deliveries that a search finds by their commands and by the ids of their calls and rooms, unless they are more than so many.
pub(crate) fn hits(connection: &Connection, needle: &str, most: usize) -> Result<Option<Vec<i64>>, Error> {
    let mut hits = Hits { found: HashSet::new(), most };
    let mut of_command = connection
        .prepare_cached("select delivery_id from outcome indexed by outcome_command where command_no = ?1")?;
    for command_no in commands(connection, needle)? {
        if hits.take(of_command.query([command_no])?)?.is_break() {
            return Ok(None);
        }
    }
    let mut of_calls = connection.prepare_cached(
        "select delivery_id from call cross join outcome indexed by outcome_call on outcome.call_no = call.call_no
         where call.call_no >= ?1 and call.call_no < ?2 and contains_folded(call_id, ?3)",
    )?;
    segments::CALLS
        .each_holding(connection, needle, |(first, end)| hits.take(of_calls.query((first, end, needle))?))?;
    let mut of_rooms = connection.prepare_cached(
        "select delivery_id from room cross join outcome indexed by outcome_room on outcome.room_no = room.room_no
         where contains_folded(room_id, ?1)",
    )?;
    let is_all = hits.found.len() <= most && hits.take(of_rooms.query([needle])?)?.is_continue();
    Ok(is_all.then(|| hits.found.into_iter().collect()))
}

struct Hits {
    found: HashSet<i64>,
    most: usize,
}

impl Hits {
    /// Takes numbers until they are too many.
    fn take(&mut self, mut rows: Rows<'_>) -> Result<ControlFlow<()>, Error> {
        while self.found.len() <= self.most {
            let Some(row) = rows.next()? else { return Ok(ControlFlow::Continue(())) };
            self.found.insert(row.get(0)?);
        }
        Ok(ControlFlow::Break(()))
    }
}

/// What a search asks of a row that is looked at by itself.
pub(crate) fn conditions(connection: &Connection, list: &mut List, needle: Option<&str>) -> Result<Vec<String>, Error> {
    let Some(needle) = needle else { return Ok(Vec::new()) };
    let commands = commands(connection, needle)?;
    let by_command = list.among_numbers("told.command_no", &commands);
    let needle = list.bind(needle.to_owned());
    Ok(vec![format!(
        "({by_command}
          or contains_folded(coalesce((select call_id from call where call.call_no = told.call_no), ''), {needle})
          or contains_folded(coalesce((select room_id from room where room.room_no = told.room_no), ''), {needle}))"
    )])
}
