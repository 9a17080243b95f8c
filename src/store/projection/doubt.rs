//! Times that this computer's clock speaks against, and what is dated anew when they come to be believed, or no longer are.
//!
//! Whether one is believed follows from the deliveries in its cell and in those around it (`fold/plausible.rs`), so all of a
//! cell are believed or none is. A cell that is settled by itself costs a few look-ups for each further delivery.

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::callback::facts::Facts;
use crate::store::archive::Archived;
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::projection::batch::{DirtySet, Redated};
use crate::store::projection::fold::plausible::{Cell, suffice};
use crate::store::projection::{calls, rooms};

/// The first rows of a cell are enough to know whether it suffices, with its last one: a row more for each subject.
const FIRST: &str =
    "select subject from doubt where day = ?1 and ahead = ?2 and subject <> '' order by subject, digest limit 3";
const LAST: &str = "select subject from doubt where day = ?1 and ahead = ?2 order by subject desc, digest desc limit 1";

/// A time that is doubted.
pub(crate) struct Doubt<'a> {
    pub(crate) archived: &'a Archived,
    pub(crate) received_ms: i64,
    pub(crate) event_ms: i64,
    /// The call or the room that the delivery tells of; empty where it tells of none.
    pub(crate) subject: String,
}

/// Names the call or the room that a delivery of an application tells of.
pub(crate) fn subject(app: &str, facts: Option<&Facts>) -> Result<String, Error> {
    Ok(match facts {
        Some(Facts::Call(event)) => serde_json::to_string(&[app, &event.call_id])?,
        Some(Facts::Room(event)) => {
            let (product, kind) = (event.product.code(), event.room_id_type.code());
            serde_json::to_string(&[app, product, kind, &event.room_id])?
        }
        None => String::new(),
    })
}

/// Notes a doubted time; answers whether it is believed. What is believed together with it from now on is dated anew.
pub(crate) fn add(connection: &Connection, doubt: &Doubt<'_>, dirty: &mut DirtySet) -> Result<bool, Error> {
    let cell = Cell::of(doubt.received_ms, doubt.event_ms);
    let known = is_believed(connection, cell)?;
    let settled = known == Some(true) && suffices(connection, [cell])?;
    connection
        .prepare_cached(
            "insert or replace into doubt (day, ahead, subject, digest, delivery_id, received_ms, event_ms, believed)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            cell.day,
            cell.ahead,
            &doubt.subject,
            doubt.archived.digest.0,
            doubt.archived.id,
            doubt.received_ms,
            doubt.event_ms,
            known.unwrap_or(false),
        ))?;
    if settled {
        return Ok(true);
    }
    settle(connection, cell, dirty)?;
    Ok(is_believed(connection, cell)? == Some(true))
}

/// Takes a delivery's doubted time back, if it has one.
pub(crate) fn take_back(connection: &Connection, archived: &Archived, dirty: &mut DirtySet) -> Result<(), Error> {
    let gone = connection
        .prepare_cached("delete from doubt where delivery_id = ?1 returning day, ahead")?
        .query_row([archived.id], |row| Ok(Cell { day: row.get(0)?, ahead: row.get(1)? }))
        .optional()?;
    match gone {
        Some(cell) if !suffices(connection, [cell])? => settle(connection, cell, dirty),
        _ => Ok(()),
    }
}

/// Whether the rows of a cell are believed at the moment; `None` where it is empty.
fn is_believed(connection: &Connection, cell: Cell) -> Result<Option<bool>, Error> {
    let mut statement =
        connection.prepare_cached("select believed from doubt where day = ?1 and ahead = ?2 limit 1")?;
    Ok(statement.query_row((cell.day, cell.ahead), |row| row.get(0)).optional()?)
}

/// Whether what lies in some cells suffices to be believed.
fn suffices(connection: &Connection, cells: impl IntoIterator<Item = Cell>) -> Result<bool, Error> {
    let mut subjects = Vec::new();
    for cell in cells {
        for statement in [FIRST, LAST] {
            let mut statement = connection.prepare_cached(statement)?;
            let mut rows = statement.query((cell.day, cell.ahead))?;
            let before = subjects.len();
            while let Some(row) = rows.next()? {
                subjects.push(row.get(0)?);
            }
            if subjects.len() < before + 3 {
                // These are all.
                break;
            }
        }
    }
    Ok(suffice(subjects))
}

/// Finds out anew what is believed in a cell and around it, after a row came or went.
fn settle(connection: &Connection, cell: Cell, dirty: &mut DirtySet) -> Result<(), Error> {
    for cell in cell.around() {
        let Some(before) = is_believed(connection, cell)? else { continue };
        let after = suffices(connection, cell.around())?;
        if before == after {
            continue;
        }
        let turned = connection
            .prepare_cached(
                "update doubt set believed = ?3 where day = ?1 and ahead = ?2
                 returning digest, delivery_id, received_ms, event_ms",
            )?
            .query_map((cell.day, cell.ahead, after), turned)?
            .collect::<Result<Vec<_>, _>>()?;
        turned.iter().try_for_each(|one| one.date(connection, after, dirty))?;
    }
    Ok(())
}

/// A delivery that is dated anew.
struct Turned {
    archived: Archived,
    received_ms: i64,
    event_ms: i64,
}

fn turned(row: &Row<'_>) -> rusqlite::Result<Turned> {
    let archived = Archived { digest: Digest(row.get(0)?), id: row.get(1)? };
    Ok(Turned { archived, received_ms: row.get(2)?, event_ms: row.get(3)? })
}

impl Turned {
    /// Writes the other of the two times wherever the delivery has left one. One that has left nothing yet is about to.
    fn date(&self, connection: &Connection, believed: bool, dirty: &mut DirtySet) -> Result<(), Error> {
        let Self { archived, received_ms, event_ms } = self;
        let told = connection
            .prepare_cached("update outcome set event_ms = ?2 where delivery_id = ?1 returning call_no, room_no")?
            .query_row((archived.id, believed.then_some(event_ms)), |row| {
                Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
            })
            .optional()?;
        let Some((call_no, room_no)) = told else { return Ok(()) };
        let (from_ms, to_ms) = if believed { (*received_ms, *event_ms) } else { (*event_ms, *received_ms) };
        let redated = Redated { delivery_id: archived.id, from_ms, to_ms, flagged: !believed };
        if let Some(call_no) = call_no {
            calls::redate(call_no, redated, dirty);
        }
        if let Some(room_no) = room_no {
            rooms::redate(connection, room_no, redated, dirty)?;
        }
        Ok(())
    }
}
