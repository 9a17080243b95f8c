//! The calls of an hour that is over are packed for figures by the projector, when nothing else is to be done. Whatever changes a call
//! empties its hour (`projection/hours.rs`), and it is packed anew.

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::projection::catch_up;
use crate::store::projection::hours::HOUR_MS;
use crate::store::query::figures::kinds::CallKinds;
use crate::store::query::figures::packed::PackedHour;

/// Hours that are packed in one transaction.
const TOGETHER: i64 = 48;
/// A transaction takes no further hour after so many bytes: few enough that nothing that comes meanwhile waits long.
const BYTES_TOGETHER: usize = 100_000;

/// Packs some hours that are not; answers how many those were. The hour of the newest delivery waits until it is over.
pub(crate) fn pack_some(connection: &mut Connection) -> Result<usize, Error> {
    let hours: Vec<i64> = connection
        .prepare_cached(
            "select hour from call_hour indexed by call_hour_unpacked
             where calls is null and hour < (select max(received_ms) / ?1 from outcome) order by hour desc limit ?2",
        )?
        .query_map([HOUR_MS, TOGETHER], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if hours.is_empty() {
        return Ok(0);
    }
    let transaction = catch_up::begin(connection)?;
    let kinds = CallKinds::read(&transaction)?;
    let (mut packed, mut bytes) = (0, 0);
    for hour in hours {
        if bytes >= BYTES_TOGETHER {
            break;
        }
        match PackedHour::of(&transaction, &kinds, hour)? {
            Some(PackedHour { calls, members }) => {
                bytes += calls.len() + members.len();
                transaction
                    .prepare_cached("update call_hour set calls = ?2, members = ?3 where hour = ?1")?
                    .execute((hour, calls, members))?;
            }
            // Its last call went.
            None => {
                transaction.prepare_cached("delete from call_hour where hour = ?1")?.execute([hour])?;
            }
        }
        packed += 1;
    }
    transaction.commit()?;
    Ok(packed)
}

/// True when something else is packed than packing again finds, or an hour with calls has no row.
pub(crate) fn differ(connection: &Connection) -> Result<bool, Error> {
    let missing = "select 1 from call where not exists
        (select 1 from call_hour where hour = (started_ms - (started_ms % ?1 + ?1) % ?1) / ?1)";
    if connection.prepare(missing)?.exists([HOUR_MS])? {
        return Ok(true);
    }
    let kinds = CallKinds::read(connection)?;
    let mut statement = connection.prepare("select hour from call_hour where calls is not null")?;
    let mut hours = statement.query([])?;
    while let Some(row) = hours.next()? {
        let hour = row.get(0)?;
        if PackedHour::stored(connection, hour)? != PackedHour::of(connection, &kinds, hour)? {
            return Ok(true);
        }
    }
    Ok(false)
}
