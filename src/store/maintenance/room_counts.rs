//! Who was in a room that has ended is counted once, by the projector when nothing else is to be done, and kept in the room's row
//! until something more is told of it (`projection/rooms.rs` forgets it then). Rooms that go on are counted by whoever reads
//! them, because silence moves with the clock.

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::projection::catch_up;
use crate::store::query::rooms::attendance::{Attendance, Counts};

/// Rooms that are counted in one transaction: few enough that nothing that comes meanwhile waits long.
const TOGETHER: i64 = 16;

/// Counts some of the rooms that wait for it; answers how many those were.
pub(crate) fn count_some(connection: &mut Connection) -> Result<usize, Error> {
    let waiting = "select room_no from room indexed by room_uncounted where uncounted = 1 limit ?1";
    let rooms: Vec<i64> =
        connection.prepare_cached(waiting)?.query_map([TOGETHER], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if rooms.is_empty() {
        return Ok(0);
    }
    let transaction = catch_up::begin(connection)?;
    for room_no in &rooms {
        // Stays that go on behind the end (of rooms whose ends are told late) stay with whoever reads.
        let counts = final_counts(&transaction, *room_no)?;
        let kept = |count: fn(Counts) -> u64| counts.and_then(|counts| i64::try_from(count(counts)).ok());
        transaction
            .prepare_cached("update room set uncounted = null, users = ?2, stays = ?3, peak = ?4 where room_no = ?1")?
            .execute((room_no, kept(|counts| counts.users), kept(|counts| counts.stays), kept(|counts| counts.peak)))?;
    }
    transaction.commit()?;
    Ok(rooms.len())
}

/// True when counts are kept that counting again does not find.
pub(crate) fn differ(connection: &Connection) -> Result<bool, Error> {
    let mut kept = connection.prepare("select room_no, users, stays, peak from room where users is not null")?;
    let mut rooms = kept.query([])?;
    while let Some(room) = rooms.next()? {
        let counted = final_counts(connection, room.get("room_no")?)?;
        if counted.map(|counts| Counts { peak_ms: None, ..counts }) != Counts::kept(room)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The counts of a room all of whose stays have ended: no moment changes them.
fn final_counts(connection: &Connection, room_no: i64) -> Result<Option<Counts>, Error> {
    // Neither moment has a part in a stay that has ended.
    let attendance = Attendance::read(connection, room_no, 0, 0)?;
    Ok(attendance.have_all_left().then(|| attendance.counts()))
}
