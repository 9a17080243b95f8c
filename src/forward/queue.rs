//! What is remembered of passing on: the targets, how far each has come in the archive, and what has to be tried again.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use super::{
    post::{Answer, Attempt},
    schedule,
    target::{COLUMNS, Fate, Outcome, Paused, Target, goes_to, target},
};
use crate::store::{self, Newest, delivery::Delivery};

#[cfg(test)]
mod tests;

/// The file, beside the record.
const FILE: &str = "forward.db";
const TABLES: &str = include_str!("../../migrations/forward.sql");
/// Of the tables.
const VERSION: i64 = 3;
/// From version 1.
const TO_VERSION_2: &str = "alter table target add column answers integer not null default 0;
    alter table attempt add column signed integer not null default 0;";
/// From version 2, which gave the number of a target that was removed to another one.
const TO_VERSION_3: &str = "alter table target rename to target_2;
    create table target (
        target_no  integer primary key autoincrement,
        app        text    not null,
        url        text    not null,
        private    integer not null,
        added_ms   integer not null,
        paused     text    not null default '',
        archive    text    not null,
        since      integer not null,
        after      integer not null,
        taken_ms   integer,
        missed_ms  integer,
        missed     text,
        answers    integer not null default 0,
        unique (app, url)
    ) strict;
    insert into target (target_no, app, url, private, added_ms, paused, archive, since, after, taken_ms, missed_ms, missed, answers)
        select target_no, app, url, private, added_ms, paused, archive, since, after, taken_ms, missed_ms, missed, answers from target_2;
    drop table target_2;
    delete from attempt where target_no not in (select target_no from target);";
/// "CtrF" in the file's header.
const APPLICATION_ID: i64 = 0x4374_7246;

/// Why the queue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its file.
    #[error(
        "forward.db, which remembers what goes on to other addresses, cannot be used: {0}. The record is not concerned."
    )]
    Sqlite(#[from] rusqlite::Error),
    /// The same.
    #[error(
        "forward.db, which remembers what goes on to other addresses, cannot be opened: {0}. The record is not concerned."
    )]
    Io(#[from] io::Error),
    /// It is of another program, or of a later version.
    #[error("forward.db is of another program, or of a later version of Calltrail. The record is not concerned.")]
    Foreign,
    /// The record.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A delivery that is to be tried again, or waits behind one of its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: i64,
    pub(super) lane: String,
    pub(super) tried: Tried,
}

/// The attempts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tried {
    pub(super) attempts: u32,
    pub(super) first_ms: Option<i64>,
}

/// What came of a delivery in one turn.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) waiting: Waiting,
    /// When that was known, Unix milliseconds.
    pub(super) at_ms: i64,
    /// What came of it; `None`: it was not tried, because one of its lane before it was not taken.
    pub(super) attempt: Option<Attempt>,
}

/// The file; nothing but memory as long as there is no target, so that whoever has none pays for no open file.
#[derive(Debug)]
pub(super) struct Queue {
    connection: Connection,
    path: PathBuf,
    is_kept: bool,
}

/// Whether the file can be read, where there is one. Nothing is changed.
pub(super) fn look(folder: &Path) -> Result<(), Error> {
    let path = folder.join(FILE);
    if !path.try_exists()? {
        return Ok(());
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    match made_by(&connection)? {
        (APPLICATION_ID, 1..=VERSION) => Ok(()),
        _ => Err(Error::Foreign),
    }
}

impl Queue {
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        if path.try_exists()? {
            let kept = Self { connection: on_disk(&path)?, path: path.clone(), is_kept: true };
            if !kept.targets()?.is_empty() {
                return Ok(kept);
            }
        }
        Ok(Self { connection: with_tables(Connection::open_in_memory()?)?, path, is_kept: false })
    }

    /// From now on there is something to remember.
    fn keep(&mut self) -> Result<(), Error> {
        if !self.is_kept {
            self.connection = on_disk(&self.path)?;
            self.is_kept = true;
        }
        Ok(())
    }
    pub(super) fn targets(&self) -> Result<Vec<Target>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("select {COLUMNS} from target order by target_no"))?;
        let targets = statement.query_map([], target)?;
        Ok(targets.collect::<Result<_, _>>()?)
    }

    pub(super) fn target(&self, no: i64) -> Result<Option<Target>, Error> {
        let mut statement =
            self.connection.prepare_cached(&format!("select {COLUMNS} from target where target_no = ?1"))?;
        Ok(statement.query_row([no], target).optional()?)
    }

    pub(super) fn add(
        &mut self,
        app: &str,
        url: &str,
        private: bool,
        now_ms: i64,
        newest: &Newest,
    ) -> Result<i64, Error> {
        self.keep()?;
        let no = self.connection.query_row(
            "insert into target (app, url, private, added_ms, archive, since, after) values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             on conflict (app, url) do update set private = excluded.private returning target_no",
            params![app, url, private, now_ms, newest.archive, newest.id],
            |row| row.get(0),
        )?;
        Ok(no)
    }

    /// Whether what a target answers is Tencent's answer. Where it is, that of no other one of its application is.
    pub(super) fn answers(&mut self, no: i64, answers: bool) -> Result<bool, Error> {
        let transaction = self.connection.transaction()?;
        if answers {
            transaction.execute(
                "update target set answers = 0 where app = (select app from target where target_no = ?1)",
                [no],
            )?;
        }
        let changed = transaction.execute("update target set answers = ?2 where target_no = ?1", (no, answers))?;
        transaction.commit()?;
        Ok(changed > 0)
    }

    pub(super) fn remove(&mut self, no: i64) -> Result<bool, Error> {
        let transaction = self.connection.transaction()?;
        transaction.execute("delete from attempt where target_no = ?1", [no])?;
        let removed = transaction.execute("delete from target where target_no = ?1", [no])?;
        transaction.commit()?;
        Ok(removed > 0)
    }

    pub(super) fn pause(&self, no: i64, paused: Option<Paused>) -> Result<bool, Error> {
        let code = paused.map_or("", Paused::code);
        Ok(self.connection.execute("update target set paused = ?2 where target_no = ?1", (no, code))? > 0)
    }

    /// The numbers of another archive mean nothing: what waited is forgotten, and the target goes on with what comes now.
    pub(super) fn begin_anew(&mut self, no: i64, newest: &Newest) -> Result<(), Error> {
        let transaction = self.connection.transaction()?;
        transaction.execute("delete from attempt where target_no = ?1", [no])?;
        transaction.execute(
            "update target set archive = ?2, since = ?3, after = ?3 where target_no = ?1",
            params![no, newest.archive, newest.id],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// How many deliveries wait that were taken from the archive, and how many were given up.
    pub(super) fn counts(&self, no: i64) -> Result<(u64, u64), Error> {
        let mut statement = self.connection.prepare_cached(
            "select (select count(*) from attempt where target_no = ?1 and state = 0),
                 (select count(*) from attempt where target_no = ?1 and state = 2)",
        )?;
        let (waiting, given_up): (i64, i64) = statement.query_row([no], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((u64::try_from(waiting).unwrap_or(0), u64::try_from(given_up).unwrap_or(0)))
    }

    /// What is due, in the order of arrival. Everything that waits in one lane is due at the same moment, so none overtakes another.
    pub(super) fn due(&self, no: i64, now_ms: i64, most: u32) -> Result<Vec<Waiting>, Error> {
        let mut statement = self.connection.prepare_cached(
            "select delivery_id, lane, attempts, first_ms from attempt
             where target_no = ?1 and state = 0 and next_ms <= ?2 order by delivery_id limit ?3",
        )?;
        let due = statement.query_map((no, now_ms, most), |row| {
            let tried = Tried { attempts: row.get(2)?, first_ms: row.get(3)? };
            Ok(Waiting { id: row.get(0)?, lane: row.get(1)?, tried })
        })?;
        Ok(due.collect::<Result<_, _>>()?)
    }

    /// When the first of those that wait is due.
    pub(super) fn next_ms(&self, no: i64) -> Result<Option<i64>, Error> {
        let mut statement =
            self.connection.prepare_cached("select min(next_ms) from attempt where target_no = ?1 and state = 0")?;
        Ok(statement.query_row([no], |row| row.get(0))?)
    }

    /// When whoever waits in a lane is tried; `None` where nobody does.
    pub(super) fn lane_waits(&self, no: i64, lane: &str) -> Result<Option<i64>, Error> {
        let mut statement = self
            .connection
            .prepare_cached("select max(next_ms) from attempt where target_no = ?1 and lane = ?2 and state = 0")?;
        Ok(statement.query_row((no, lane), |row| row.get(0))?)
    }

    /// Has deliveries tried at the next opportunity, whatever became of them before; answers how many.
    pub(super) fn enqueue(
        &mut self,
        no: i64,
        deliveries: impl Iterator<Item = (i64, String)>,
        now_ms: i64,
    ) -> Result<u64, Error> {
        let transaction = self.connection.transaction()?;
        let mut queued = 0;
        if is_there(&transaction, no)? {
            let mut insert = transaction.prepare_cached(
                "insert or replace into attempt (target_no, delivery_id, lane, state, attempts, next_ms)
                 values (?1, ?2, ?3, 0, 0, ?4)",
            )?;
            let mut lanes = BTreeSet::new();
            for (id, lane) in deliveries {
                insert.execute((no, id, &lane, now_ms))?;
                lanes.insert(lane);
                queued += 1;
            }
            // Those of the same call that wait already go with them, in their order.
            let mut hurried = transaction.prepare_cached(NEXT_OF_LANE)?;
            lanes.iter().try_for_each(|lane| hurried.execute((no, lane, now_ms)).map(drop))?;
        }
        transaction.commit()?;
        Ok(queued)
    }

    /// Has what was given up tried again, and whoever waits behind it; answers how many were given up.
    pub(super) fn retry(&mut self, no: i64, now_ms: i64) -> Result<u64, Error> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "update attempt set next_ms = ?2 where target_no = ?1 and state = 0
                 and lane in (select lane from attempt where target_no = ?1 and state = 2)",
            (no, now_ms),
        )?;
        let retried = transaction.execute(
            "update attempt set state = 0, attempts = 0, first_ms = null, next_ms = ?2 where target_no = ?1 and state = 2",
            (no, now_ms),
        )?;
        transaction.commit()?;
        Ok(u64::try_from(retried).unwrap_or(u64::MAX))
    }

    /// Has everything that waits tried soon, because the target is back: at once what was tried once, and whole lanes by their first.
    pub(super) fn hurry(&self, no: i64, now_ms: i64) -> Result<(), Error> {
        self.connection.execute(
            "update attempt set next_ms = min(next_ms, ?2 + (
                 select iif(attempts <= 1, 0, min(?3, ?4 << min(attempts - 1, 8))) from attempt as first
                 where first.target_no = ?1 and first.lane = attempt.lane and first.state = 0 order by delivery_id limit 1))
             where target_no = ?1 and state = 0 and next_ms > ?2",
            (no, now_ms, schedule::HURRIED_MS, schedule::FIRST_MS),
        )?;
        Ok(())
    }

    /// A moment that is still to come was written by a clock that was ahead. What comes after it was set right came after the target.
    pub(super) fn added_by(&self, no: i64, added_ms: i64) -> Result<(), Error> {
        self.connection.execute("update target set added_ms = ?2 where target_no = ?1", (no, added_ms))?;
        Ok(())
    }

    /// Writes what came of one turn, and how far the archive was taken; all of it or nothing. Nothing where the target was removed
    /// meanwhile.
    pub(super) fn settle(&mut self, no: i64, sent: &[Sent], after: Option<i64>) -> Result<(), Error> {
        let transaction = self.connection.transaction()?;
        if !is_there(&transaction, no)? {
            return Ok(());
        }
        let mut taken_ms = None;
        for Sent { waiting, at_ms, attempt } in sent {
            match attempt {
                Some(Attempt { answer: Answer::Taken, signed_anew }) => {
                    taken(&transaction, no, waiting, *signed_anew, *at_ms)?;
                    taken_ms = taken_ms.max(Some(*at_ms));
                }
                Some(attempt) => missed(&transaction, no, waiting, attempt, *at_ms)?,
                None => held(&transaction, no, waiting, *at_ms)?,
            }
        }
        if let Some(taken_ms) = taken_ms {
            transaction.execute("update target set taken_ms = ?2 where target_no = ?1", (no, taken_ms))?;
        }
        if let Some(after) = after {
            transaction.execute("update target set after = ?2 where target_no = ?1", (no, after))?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// What became of a delivery; `None` where it does not go to this target.
    pub(super) fn outcome(&self, target: &Target, id: i64, delivery: &Delivery) -> Result<Option<Outcome>, Error> {
        let known = self
            .connection
            .prepare_cached(
                "select state, attempts, last_ms, next_ms, answer, signed from attempt where target_no = ?1 and delivery_id = ?2",
            )?
            .query_row((target.no, id), |row| {
                let fate = Fate::read(row.get(0)?);
                Ok(Outcome {
                    fate,
                    attempts: row.get(1)?,
                    last_ms: row.get(2)?,
                    next_ms: Some(row.get(3)?).filter(|_| fate == Fate::Waiting),
                    answer: row.get::<_, Option<String>>(4)?.and_then(|answer| serde_json::from_str(&answer).ok()),
                    signed_anew: row.get(5)?,
                })
            })
            .optional()?;
        if known.is_some() || !goes_to(target, delivery) || id <= target.since {
            return Ok(known);
        }
        let is_taken = id <= target.after;
        let fate = if is_taken { Fate::Taken } else { Fate::Waiting };
        let attempts = u32::from(is_taken);
        Ok(Some(Outcome { fate, attempts, last_ms: None, next_ms: None, answer: None, signed_anew: false }))
    }
}

/// Everything that waits in one lane is tried at the same moment.
const NEXT_OF_LANE: &str = "update attempt set next_ms = ?3 where target_no = ?1 and lane = ?2 and state = 0";

/// Whether there still is such a target.
fn is_there(connection: &Connection, no: i64) -> Result<bool, rusqlite::Error> {
    connection.prepare_cached("select 1 from target where target_no = ?1")?.exists([no])
}

fn on_disk(path: &Path) -> Result<Connection, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path)?);
    with_tables(Connection::open(path)?)
}

fn with_tables(connection: Connection) -> Result<Connection, Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    match made_by(&connection)? {
        (APPLICATION_ID, VERSION) => {}
        (APPLICATION_ID, 1) => migrate(&connection, &[TO_VERSION_2, TO_VERSION_3])?,
        (APPLICATION_ID, 2) => migrate(&connection, &[TO_VERSION_3])?,
        (0, 0) => connection.execute_batch(&format!(
            "begin immediate; {TABLES} pragma user_version = {VERSION}; pragma application_id = {APPLICATION_ID}; commit;"
        ))?,
        _ => return Err(Error::Foreign),
    }
    // What a power cut takes away is sent again: each delivery goes at least once.
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on;")?;
    Ok(connection)
}

/// Which program has made the file, and of which version its tables are.
fn made_by(connection: &Connection) -> Result<(i64, i64), rusqlite::Error> {
    let of = |name: &str| connection.query_row(&format!("pragma {name}"), [], |row| row.get(0));
    Ok((of("application_id")?, of("user_version")?))
}

fn migrate(connection: &Connection, steps: &[&str]) -> Result<(), rusqlite::Error> {
    let steps = steps.join("\n");
    connection.execute_batch(&format!("begin immediate; {steps} pragma user_version = {VERSION}; commit;"))
}

fn taken(
    connection: &Connection,
    no: i64,
    Waiting { id, lane, .. }: &Waiting,
    signed_anew: bool,
    now_ms: i64,
) -> Result<(), Error> {
    // What goes at the first attempt has no row, unless it went otherwise than it came.
    let taken = Fate::Taken.number();
    let noted = connection
        .prepare_cached(
            "update attempt set state = ?3, attempts = attempts + 1, first_ms = coalesce(first_ms, ?4), last_ms = ?4,
                 answer = null, signed = ?5 where target_no = ?1 and delivery_id = ?2",
        )?
        .execute((no, id, taken, now_ms, signed_anew))?;
    if signed_anew && noted == 0 {
        connection
            .prepare_cached(
                "insert into attempt (target_no, delivery_id, lane, state, attempts, first_ms, last_ms, next_ms, signed)
                 values (?1, ?2, ?3, ?4, 1, ?5, ?5, ?5, 1)",
            )?
            .execute((no, id, lane, taken, now_ms))?;
    }
    Ok(())
}

/// One attempt was in vain. Whoever waits in its lane waits as long.
fn missed(
    connection: &Connection,
    no: i64,
    waiting: &Waiting,
    Attempt { answer, signed_anew }: &Attempt,
    now_ms: i64,
) -> Result<(), Error> {
    let Waiting { id, lane, tried } = waiting;
    // A first attempt that is still to come was written by a clock that was ahead.
    let first_ms = tried.first_ms.filter(|first_ms| *first_ms <= now_ms).unwrap_or(now_ms);
    let attempts = tried.attempts.saturating_add(1);
    let next_ms = schedule::next_ms(attempts, first_ms, now_ms).filter(|_| *answer != Answer::Unreadable);
    let fate = if next_ms.is_some() { Fate::Waiting } else { Fate::GivenUp };
    let said = serde_json::to_string(answer).unwrap_or_default();
    connection
        .prepare_cached(
            "insert into attempt (target_no, delivery_id, lane, state, attempts, first_ms, last_ms, next_ms, answer, signed)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             on conflict (target_no, delivery_id) do update set state = excluded.state, attempts = excluded.attempts,
                 first_ms = excluded.first_ms, last_ms = excluded.last_ms, next_ms = excluded.next_ms, answer = excluded.answer,
                 signed = excluded.signed",
        )?
        .execute(params![
            no,
            id,
            lane,
            fate.number(),
            attempts,
            first_ms,
            now_ms,
            next_ms.unwrap_or(now_ms),
            said,
            signed_anew
        ])?;
    connection.prepare_cached(NEXT_OF_LANE)?.execute((no, lane, next_ms.unwrap_or(now_ms)))?;
    connection
        .prepare_cached("update target set missed_ms = ?2, missed = ?3 where target_no = ?1")?
        .execute((no, now_ms, said))?;
    Ok(())
}

/// It waits behind one of its lane.
fn held(connection: &Connection, no: i64, Waiting { id, lane, .. }: &Waiting, now_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "insert into attempt (target_no, delivery_id, lane, state, attempts, next_ms)
             values (?1, ?2, ?3, 0, 0,
                 coalesce((select max(next_ms) from attempt where target_no = ?1 and lane = ?3 and state = 0), ?4))
             on conflict do nothing",
        )?
        .execute((no, id, lane, now_ms))?;
    Ok(())
}
