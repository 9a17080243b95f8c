//! Reading the record: read-only connections that never hold up the writer.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, InterruptHandle, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::callback::codes::Verdict;
use crate::store::archive;
use crate::store::delivery::{Delivery, Digest, Origin};
use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, Position};
use crate::store::filter::{Filter, PageRequest};
use crate::store::lag;
use crate::store::projection::numbers::{self, Listed};
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::{counters, dump};
use crate::store::query::list::{days, json_of};
use crate::store::query::sender_clock::{HEARD, Word, clock_off_ms};
use crate::store::query::{calls, deliveries, facets, rooms};
use crate::store::rows::{
    CallDetailRow, CallRow, Days, DeliveryDetailRow, DeliveryRow, Facets, MemberRow, Page, RoomDetailRow, RoomRow,
    StayRow,
};
use crate::zone::Zone;

/// A read-only view of the record. One query at a time; lists and details see what was committed when they began.
pub struct Reader {
    connection: Connection,
}

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

/// What `verify` found out about the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCheck {
    /// SQLite's own words; `ok` alone when the file is sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
}

/// A projection that has not come nearer to the archive for so long is not waited for; a batch of a slow machine takes less.
const STANDSTILL: Duration = Duration::from_secs(2);

/// Called with each row of a walk; `Break` ends it.
pub type Flow = Result<ControlFlow<()>, Error>;

macro_rules! list_of {
    ($(#[$meta:meta])* $page:ident, $each:ident, $days:ident, $row:ty, $list:expr, $read:expr) => {
        list_of!($(#[$meta])* $page, $each, $days, $row, $list, $read, counted by $list);
    };
    ($(#[$meta:meta])* $page:ident, $each:ident, $days:ident, $row:ty, $list:expr, $read:expr, counted by $counted:expr) => {
        $(#[$meta])*
        pub fn $page(&self, filter: &Filter, page: &PageRequest, now_ms: i64) -> Result<Page<$row>, Error> {
            let list = $list(&self.connection, filter, now_ms)?;
            list.page(&self.connection, page, |row| $read(&self.connection, row, now_ms))
        }

        /// Every row that the filter finds, newest first, from one read snapshot.
        pub fn $each(&self, filter: &Filter, now_ms: i64, visit: impl FnMut($row) -> Flow) -> Result<(), Error> {
            self.in_complete_snapshot(|reader| {
                let list = $list(&reader.connection, filter, now_ms)?;
                list.each(&reader.connection, |row| $read(&reader.connection, row, now_ms), visit)
            })
        }

        /// How many of these rows each day of a time zone has.
        pub fn $days(&self, filter: &Filter, zone: &Zone, now_ms: i64) -> Result<Days, Error> {
            let list = $counted(&self.connection, filter, now_ms)?;
            Ok(days::of_quarters(&list.quarters(&self.connection)?, zone))
        }
    };
}

impl Reader {
    /// Opens the record of a data folder beside whoever writes it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::of(&Files::of(folder, None))
    }

    pub(crate) fn of(files: &Files) -> Result<Self, Error> {
        let mut tries = 0;
        loop {
            let connection = archive_file::open_reader(files)?;
            let number = projection_file::in_use(&connection)?.ok_or(Error::Outdated)?;
            match projection_file::attach_to_read(&connection, files, number) {
                Ok(()) => return Ok(Self { connection }),
                // Another one was put into use between the two lines above.
                Err(Error::Sqlite(_) | Error::NotReadable { .. }) if tries < 3 => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Runs a query that sees archive and projection as they are at one moment. The projection is looked at first: it is never
    /// ahead of the archive, so whatever it tells of can be found there.
    pub(crate) fn in_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        if !self.connection.is_autocommit() {
            return query(self);
        }
        let _ends_when_dropped = self.connection.unchecked_transaction()?;
        Position::read(&self.connection)?;
        query(self)
    }

    /// [`Reader::in_snapshot`] for what must not miss anything that was answered before it was asked; what comes meanwhile may be
    /// in it or not. [`Error::Rebuilding`] while the projection has not come so far.
    pub(crate) fn in_complete_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        let asked = Position::end_of_archive(&self.connection)?;
        let missing = |reader: &Self| {
            let missing = Position::read(&reader.connection)?.missing_until(asked);
            Ok(u64::try_from(missing).unwrap_or(0))
        };
        self.in_snapshot_without(missing, query)
    }

    /// [`Reader::in_snapshot`] for what compares the projection with the archive: neither has what the other has not.
    pub(crate) fn in_whole_snapshot<T>(&self, query: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.in_snapshot_without(Self::lag, query)
    }

    /// Waits for a snapshot in which nothing is `missing`, as long as the projection comes nearer.
    fn in_snapshot_without<T>(
        &self,
        missing: impl Fn(&Self) -> Result<u64, Error>,
        query: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (mut least, mut since) = (u64::MAX, Instant::now());
        while self.connection.is_autocommit() {
            let missing = self.in_snapshot(&missing)?;
            if missing < least {
                (least, since) = (missing, Instant::now());
            }
            // One that is filled from the beginning takes longer than anybody waits.
            if missing == 0 || missing > lag::WAITED_FOR_MAX || since.elapsed() > STANDSTILL {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.in_snapshot(|reader| match missing(reader)? {
            0 => query(reader),
            missing => Err(Error::Rebuilding { missing }),
        })
    }

    /// [`Error::Rebuilding`] while a walk over all rows would miss some.
    pub fn require_complete(&self) -> Result<(), Error> {
        self.in_complete_snapshot(|_| Ok(()))
    }

    /// How many deliveries and repeats of the archive the projection has not come to; 0 when it is whole.
    pub fn lag(&self) -> Result<u64, Error> {
        let missing = Position::read(&self.connection)?.missing(&self.connection)?;
        Ok(u64::try_from(missing).unwrap_or(0))
    }

    /// Breaks off, from any thread, whatever this reader is busy with.
    pub(crate) fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// A query without an end of its own.
    #[cfg(test)]
    pub(crate) fn never_ends(&self) -> Result<i64, Error> {
        let sql = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Calls, newest first.
    pub fn calls(&self, filter: &Filter, page: &PageRequest, now_ms: i64) -> Result<Page<CallRow>, Error> {
        calls::page(&self.connection, filter, page, now_ms)
    }

    /// Every call that the filter finds, newest first, from one read snapshot.
    pub fn each_call(&self, filter: &Filter, now_ms: i64, visit: impl FnMut(CallRow) -> Flow) -> Result<(), Error> {
        self.in_complete_snapshot(|reader| {
            let list = calls::list(&reader.connection, filter, now_ms)?;
            list.each(&reader.connection, |row| calls::rows::call_row(row, now_ms), visit)
        })
    }

    /// How many calls each day of a time zone has.
    pub fn days_of_calls(&self, filter: &Filter, zone: &Zone, now_ms: i64) -> Result<Days, Error> {
        Ok(days::of_quarters(&calls::quarters(&self.connection, filter, now_ms)?, zone))
    }

    list_of!(
        /// Members of the calls that the filter finds.
        members, each_member, days_of_members, MemberRow, calls::members, |_, row, _| calls::rows::member_row(row)
    );
    list_of!(
        /// Rooms, newest first.
        rooms, each_room, days_of_rooms, RoomRow, |connection, filter, _| rooms::list(connection, filter), rooms::room_row
    );
    list_of!(
        /// Stays, newest first.
        stays, each_stay, days_of_stays, StayRow, |connection, filter, _| rooms::stays(connection, filter), |_, row, now_ms| rooms::stay_row(row, now_ms)
    );
    list_of!(
        /// Deliveries of the archive and the quarantine, newest first.
        deliveries, each_delivery, days_of_deliveries, DeliveryRow, |connection, filter, _| deliveries::list(connection, filter),
        |_, row, _| deliveries::delivery_row(row), counted by |connection, filter, _| deliveries::counted(connection, filter)
    );

    /// How many calls each choice of a filter would give.
    pub fn facets(&self, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
        facets::facets(&self.connection, filter, now_ms)
    }

    /// A call with its members, timeline and deliveries.
    pub fn call(&self, app: &str, call_id: &str, now_ms: i64) -> Result<Option<CallDetailRow>, Error> {
        calls::detail(&self.connection, app, call_id, now_ms)
    }

    /// A room with its details, lives, occupancy (of one life, or of its whole time) and newest steps.
    pub fn room(
        &self,
        app: &str,
        product: &str,
        room_id_type: &str,
        room_id: &str,
        life: Option<u32>,
        now_ms: i64,
    ) -> Result<Option<RoomDetailRow>, Error> {
        let key = RoomKey {
            app: app.to_owned(),
            product: product.to_owned(),
            room_id_type: room_id_type.to_owned(),
            room_id: room_id.to_owned(),
        };
        rooms::detail(&self.connection, &key, life, now_ms)
    }

    /// A delivery with everything that was kept of it.
    pub fn delivery(&self, digest: &Digest) -> Result<Option<DeliveryDetailRow>, Error> {
        deliveries::detail(&self.connection, digest)
    }

    /// A delivery exactly as received, for JSON Lines.
    pub fn raw_delivery(&self, digest: &Digest) -> Result<Option<Delivery>, Error> {
        deliveries::raw(&self.connection, digest)
    }

    /// Which receipt of which record speaks for a delivery, the earliest one; `None` while it waits in quarantine.
    pub fn origin(&self, digest: &Digest) -> Result<Option<Origin>, Error> {
        archive::origin_of_earliest(&self.connection, digest)
    }

    /// How many rows an export of this filter will have.
    pub fn count_calls(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        Ok(calls::quarters(&self.connection, filter, now_ms)?.values().sum())
    }

    /// How many members.
    pub fn count_members(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        calls::members(&self.connection, filter, now_ms)?.count(&self.connection)
    }

    /// How many rooms.
    pub fn count_rooms(&self, filter: &Filter) -> Result<u64, Error> {
        rooms::list(&self.connection, filter)?.count(&self.connection)
    }

    /// How many stays.
    pub fn count_stays(&self, filter: &Filter) -> Result<u64, Error> {
        rooms::stays(&self.connection, filter)?.count(&self.connection)
    }

    /// How many deliveries.
    pub fn count_deliveries(&self, filter: &Filter) -> Result<u64, Error> {
        deliveries::counted(&self.connection, filter)?.count(&self.connection)
    }

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

    /// SQLite's full integrity check, and the foreign keys. [`health`](crate::store::health()) has the quick one.
    pub fn check_file(&self) -> Result<FileCheck, Error> {
        let integrity = self
            .connection
            .prepare("pragma integrity_check(20)")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let mut dangling = 0;
        let mut statement = self.connection.prepare("pragma foreign_key_check")?;
        let mut found = statement.query([])?;
        while found.next()?.is_some() {
            dangling += 1;
        }
        Ok(FileCheck { integrity, dangling })
    }

    /// SQLite's check of one of the two files, indexes included: an entry that is missing there hides a row. `None` when it is
    /// sound.
    pub(crate) fn check(&self, schema: &str) -> Result<Option<String>, Error> {
        let verdict: String =
            self.connection.query_row(&format!("pragma {schema}.integrity_check(1)"), [], |row| row.get(0))?;
        Ok(Some(verdict).filter(|verdict| verdict != "ok"))
    }

    /// True when no delivery has come yet.
    pub(crate) fn holds_nothing(&self) -> Result<bool, Error> {
        Ok(!self.connection.prepare("select 1 from delivery union all select 1 from quarantine")?.exists([])?)
    }

    /// The projection as text, row by row in key order: the same deliveries give the same text.
    pub fn dump(&self) -> Result<String, Error> {
        dump::dump(&self.connection)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}
