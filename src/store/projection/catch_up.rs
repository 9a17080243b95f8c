//! A projection follows the archive: slice by slice, the newest deliveries first, until nothing is missing.
//!
//! The same walk catches up what a power cut took, brings a projection in use up to the archive, and replays everything to verify
//! it. One that nobody uses yet is filled by `bulk.rs` first, the oldest deliveries first, and follows by this walk from there.

use std::collections::HashSet;

use rusqlite::{Connection, Transaction};

use crate::store::archive::{self, SPOKEN_FOR};
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, Position};
use crate::store::projection::apply;
use crate::store::projection::batch::DirtySet;
use crate::store::projection::entries;
use crate::store::projection::recent::RecentEvents;
use crate::store::projection::stored::Stored;

/// Repeats that are looked at together, and deliveries that are applied one by one.
const SLICE: i64 = 1_000;
/// Deliveries that are applied together where nobody waits: a page that many of them change is written once.
pub(crate) const LARGE_SLICE: i64 = 4_000;
/// Large slices that share a transaction at most, where it may take a second. More would be faster, but the disk would be busy
/// with them for so long that those who wait for an answer notice.
pub(crate) const MANY_SLICES: u32 = 4;
/// A slice ends earlier when its deliveries are so large, in bytes: all of it is in memory.
const SLICE_BYTES: usize = 16 * 1024 * 1024;

/// Follows the archive with one projection. It remembers what it folded lately, so whoever changes that projection in another
/// way has to begin a new one.
#[derive(Default)]
pub(crate) struct CatchUp {
    recent: RecentEvents,
    /// The number of a projection that is followed only as long as it is not in use, and the archive to ask whether it is.
    candidate: Option<(u64, Connection)>,
}

/// Deliveries that are applied together, or why they could not be read.
pub(crate) type Slice = Result<Vec<Stored>, Error>;

/// How a slice is applied.
type Apply = fn(&Connection, &[Stored], &mut RecentEvents) -> Result<(), Error>;

impl CatchUp {
    /// Fills a candidate. It is left alone from the moment it is in use ([`Error::Interrupted`]): the projector follows it then, and what
    /// two apply is counted twice. The archive is asked over a connection of its own: a transaction that had read it would
    /// keep its log from being checkpointed for as long as slices come.
    pub(crate) fn of_candidate(files: &Files, number: u64) -> Result<Self, Error> {
        Ok(Self { candidate: Some((number, archive_file::open_reader(files)?)), ..Self::default() })
    }

    fn begin<'a>(&self, connection: &'a mut Connection) -> Result<Transaction<'a>, Error> {
        let transaction = begin(connection)?;
        if let Some((number, archive)) = &self.candidate
            && projection_file::in_use(archive)? == Some(*number)
        {
            return Err(Error::Interrupted);
        }
        Ok(transaction)
    }

    /// Applies one slice of what is missing to the projection that `connection` reaches beside the archive, in a transaction of
    /// its own; answers how many deliveries and repeats that were, 0 at the end.
    pub(crate) fn step(&mut self, connection: &mut Connection, at_most: i64) -> Result<i64, Error> {
        self.steps(connection, at_most, &|_| false)
    }

    /// Applies slices in one transaction, as long as another one is wanted after so many.
    pub(crate) fn steps(
        &mut self,
        connection: &mut Connection,
        at_most: i64,
        is_wanted: &dyn Fn(u32) -> bool,
    ) -> Result<i64, Error> {
        self.whole_or_one_by_one(connection, |connection, apply, recent| {
            let mut all = 0;
            for count in 1.. {
                let done = slice(connection, at_most, apply, recent)?;
                all += done;
                if done == 0 || !is_wanted(count) {
                    break;
                }
            }
            Ok(all)
        })
    }

    /// Applies the slices that follow the newest applied delivery as they come, in one transaction. Repeats are left to
    /// [`CatchUp::steps`].
    pub(crate) fn add(
        &mut self,
        connection: &mut Connection,
        slices: &mut dyn Iterator<Item = Slice>,
    ) -> Result<(), Error> {
        let mut recent = std::mem::take(&mut self.recent);
        let transaction = self.begin(connection)?;
        let before = Position::read(&transaction)?;
        let mut high = before.high;
        for slice in slices {
            let slice = slice?;
            high = slice.last().map_or(high, |last| last.archived.id);
            match together(&transaction, &slice, &mut recent) {
                Err(error) if !error.is_of_disk() => {
                    transaction.rollback()?;
                    return self.add_one_by_one(connection, high);
                }
                applied => applied?,
            }
        }
        Position { high, ..before }.write(&transaction)?;
        transaction.commit()?;
        self.recent = recent;
        Ok(())
    }

    /// [`CatchUp::add`] where one of the deliveries up to `high` fails: they are read again.
    fn add_one_by_one(&self, connection: &mut Connection, high: i64) -> Result<(), Error> {
        let transaction = self.begin(connection)?;
        let before = Position::read(&transaction)?;
        let mut after = before.high;
        while after < high {
            let mut slice = read_newer(&transaction, after)?;
            slice.retain(|one| one.archived.id <= high);
            after = slice.last().map_or(high, |last| last.archived.id);
            one_by_one(&transaction, &slice, &mut RecentEvents::default())?;
        }
        Position { high, ..before }.write(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Walks the whole archive from its beginning and applies it to `to`; `each` is told every delivery.
    pub(crate) fn replay(
        mut self,
        from: &Connection,
        to: &mut Connection,
        mut each: impl FnMut(&Stored),
    ) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let slice = read_newer(from, after)?;
            let Some(last) = slice.last() else {
                return self.whole_or_one_by_one(to, |to, _, _| entries::replay(from, to));
            };
            after = last.archived.id;
            slice.iter().for_each(&mut each);
            self.whole_or_one_by_one(to, |to, apply, recent| apply(to, &slice, recent))?;
        }
    }

    /// Applies deliveries as a whole, and one by one only when one of them fails. The whole transaction is given up then: inside
    /// a savepoint, each statement would cost more the more has been written since.
    fn whole_or_one_by_one<T>(
        &mut self,
        connection: &mut Connection,
        work: impl Fn(&Connection, Apply, &mut RecentEvents) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut attempt = |apply| {
            // What is rolled back is not remembered.
            let mut recent = std::mem::take(&mut self.recent);
            let transaction = self.begin(connection)?;
            let done = work(&transaction, apply, &mut recent)?;
            transaction.commit()?;
            self.recent = recent;
            Ok(done)
        };
        match attempt(together) {
            Err(error) if !Error::is_of_disk(&error) => attempt(one_by_one),
            ended => ended,
        }
    }
}

/// Begins a transaction that writes the projection. Not an immediate one: that would take the right to write the archive too, and
/// hold the writer up. Its first statement writes, though, and changes nothing: where another program has locked the projection,
/// SQLite waits for it only before anything has been read.
pub(crate) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    let transaction = connection.transaction()?;
    transaction.prepare_cached("update applied set low = low where false")?.execute([])?;
    Ok(transaction)
}

/// Applies what is left, inside a transaction that has other things to do with it.
pub(crate) fn finish(connection: &Connection) -> Result<(), Error> {
    while slice(connection, SLICE, one_by_one, &mut RecentEvents::default())? > 0 {}
    Ok(())
}

fn slice(connection: &Connection, at_most: i64, apply: Apply, recent: &mut RecentEvents) -> Result<i64, Error> {
    let mut applied = Position::read(connection)?;
    if applied.missing(connection)? == 0 {
        return Ok(0);
    }
    let looked_at = repeats(connection, &mut applied, recent)? + entries::apply_new(connection, &mut applied)?;
    let mut found = read(connection, "delivery_id > ?1 order by delivery_id", applied.high, at_most)?;
    if let Some(last) = found.last() {
        applied.high = last.archived.id;
    } else {
        found = read(connection, "delivery_id <= ?1 order by delivery_id desc", applied.low, at_most)?;
        // Ids below the last one of a short slice are not there.
        applied.low = found.last().map_or(0, |last| last.archived.id - 1);
    }
    apply(connection, &found, recent)?;
    applied.write(connection)?;
    Ok(looked_at + i64::try_from(found.len()).unwrap_or(i64::MAX))
}

/// Repeats that came since: an earlier receipt may speak for a delivery that is applied already, or one of the same moment.
fn repeats(connection: &Connection, applied: &mut Position, recent: &mut RecentEvents) -> Result<i64, Error> {
    let found = connection
        .prepare_cached(
            "select receipt_id, digest, receipt.received_ms from receipt join delivery using (delivery_id)
             where receipt_id > ?1 order by receipt_id limit ?2",
        )?
        .query_map((applied.receipts, SLICE), |row| {
            Ok((row.get::<_, i64>(0)?, Digest(row.get(1)?), row.get::<_, i64>(2)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut again = HashSet::new();
    for (receipt, digest, received_ms) in &found {
        applied.receipts = *receipt;
        // However many of a moment came: what speaks for a delivery is found at once.
        if !again.contains(digest) && apply::received_ms(connection, digest)?.is_some_and(|known| *received_ms <= known)
        {
            apply::apply_again(connection, digest)?;
            again.insert(*digest);
            *recent = RecentEvents::default();
        }
    }
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

/// Reads the deliveries of an archive after one, as many as are applied together; none at its end.
pub(crate) fn read_newer(archive: &Connection, after: i64) -> Result<Vec<Stored>, Error> {
    read(archive, "delivery_id > ?1 order by delivery_id", after, LARGE_SLICE)
}

/// Reads a slice of the archive, each delivery with the time and the query of its earliest receipt.
fn read(connection: &Connection, which: &str, from: i64, at_most: i64) -> Result<Vec<Stored>, Error> {
    let mut statement =
        connection.prepare_cached(&format!("select {SPOKEN_FOR} from delivery where {which} limit ?2"))?;
    let mut rows = statement.query((from, at_most))?;
    let (mut slice, mut bytes) = (Vec::new(), 0);
    while bytes < SLICE_BYTES
        && let Some(row) = rows.next()?
    {
        let (archived, delivery) = archive::spoken_for(connection, row)?;
        bytes += delivery.body.len() + delivery.query.len();
        bytes += delivery.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        slice.push(Stored::of(archived, delivery));
    }
    Ok(slice)
}

fn together(to: &Connection, slice: &[Stored], recent: &mut RecentEvents) -> Result<(), Error> {
    *recent = apply::catch_panic(|| {
        let mut dirty = DirtySet { recent: std::mem::take(recent), ..DirtySet::default() };
        slice.iter().try_for_each(|one| apply::write(to, one, &mut dirty))?;
        apply::flush(dirty, to)
    })?;
    Ok(())
}

fn one_by_one(to: &Connection, slice: &[Stored], recent: &mut RecentEvents) -> Result<(), Error> {
    *recent = RecentEvents::default();
    slice.iter().try_for_each(|one| apply::apply_guarded(to, one))
}
