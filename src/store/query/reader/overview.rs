//! What the record holds, and when it was last told something.

use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::callback::codes::Verdict;
use crate::store::error::Error;
use crate::store::files::projection_file::Position;
use crate::store::projection::counters;
use crate::store::projection::numbers::{self, Listed};
use crate::store::query::list::json_of;
use crate::store::query::reader::Reader;
use crate::store::query::sender_clock::{HEARD, Word, clock_off_ms};

/// What the record holds, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// Calls.
    pub calls: u64,
    /// Rooms.
    pub rooms: u64,
    /// Distinct deliveries in the archive.
    pub deliveries: u64,
    /// Deliveries that wait in quarantine.
    pub quarantined: u64,
    /// Deliveries that fell out of the full quarantine.
    pub quarantine_dropped: u64,
    /// When the newest delivery was received, Unix milliseconds; our own test callbacks do not count.
    pub last_received_ms: Option<i64>,
}

impl Reader {
    /// What the record holds, in numbers.
    pub fn overview(&self) -> Result<Overview, Error> {
        let number = |statement: &str| -> Result<u64, Error> {
            let value: i64 = self.connection.prepare_cached(statement)?.query_row([], |row| row.get(0))?;
            Ok(u64::try_from(value).unwrap_or(0))
        };
        Ok(Overview {
            calls: counters::total(&self.connection, Listed::Call)?,
            rooms: counters::total(&self.connection, Listed::Room)?,
            // What is archived and not applied yet is known by its numbers, which have no gaps.
            deliveries: counters::total(&self.connection, Listed::Outcome)?
                + Position::read(&self.connection)?.deliveries_missing(&self.connection)?,
            quarantined: number("select rows from quarantine_size")?,
            quarantine_dropped: number("select dropped from quarantine_size")?,
            last_received_ms: self.last_received_ms()?,
        })
    }

    /// When the newest delivery was received, Unix milliseconds. Calltrail's own test callback is no proof that Tencent reaches
    /// us, so it does not count.
    pub fn last_received_ms(&self) -> Result<Option<i64>, Error> {
        self.last_received_until(i64::MAX)
    }

    /// The same of what was not received after a moment: with a clock that was ahead for a while, some was.
    pub fn last_received_until(&self, until_ms: i64) -> Result<Option<i64>, Error> {
        let tests = numbers::kinds(&self.connection, Listed::Outcome, |kind| kind[0] == Verdict::Test.code())?;
        let tests: Vec<i64> = tests.into_iter().map(|(kind_no, _)| kind_no).collect();
        let newest = "select received_ms from outcome indexed by outcome_newest
                      where received_ms <= ?1 and kind_no not in (select value from json_each(?2))
                      order by received_ms desc limit 1";
        let places = (until_ms, json_of(&tests));
        Ok(self.connection.prepare_cached(newest)?.query_row(places, |row| row.get(0)).optional()?)
    }

    /// By how many milliseconds this computer's clock seems to be ahead at `now_ms` (behind: negative), as
    /// [`Store::clock_off_ms`](crate::store::Store::clock_off_ms) says it, from the last deliveries in the record.
    pub fn clock_off_ms(&self, now_ms: i64) -> Result<Option<i64>, Error> {
        let mut heard = self
            .connection
            .prepare_cached(
                "with newest as (select * from outcome order by delivery_id desc limit 200)
                 select coalesce('call ' || newest.call_no, 'room ' || newest.room_no),
                     newest.received_ms, coalesce(newest.event_ms, doubt.event_ms) as sent_ms
                 from newest left join doubt using (delivery_id)
                 where (call_no is not null or room_no is not null) and sent_ms > 0 order by delivery_id desc limit ?1",
            )?
            .query_map([i64::try_from(HEARD).unwrap_or(i64::MAX)], |row| {
                Ok(Word { subject: row.get(0)?, received_ms: row.get(1)?, sent_ms: row.get(2)? })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        heard.reverse();
        Ok(clock_off_ms(&heard, now_ms))
    }
}
