//! The union of two archives: whatever either holds. Doing it again changes nothing, in either direction.
//!
//! The other archive may be damaged. It is read row by row; where a page cannot be read, the walk goes on behind it, and in the
//! end every page is looked at by itself.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql};

use crate::callback::codes::Verdict;
use crate::callback::reason::Reason;
use crate::store::archive::content::Request;
use crate::store::archive::{self, Alike, coverage, entries, origin};
use crate::store::coverage::{Fetched, Up};
use crate::store::delivery::{Delivery, Digest, Origin, Place, Received, Recorded};
use crate::store::entry::Entry;
use crate::store::error::Error;
use crate::store::files::corrupt::Saved;
use crate::store::files::{archive_file, immutable};
use crate::store::maintenance::salvage;
use crate::store::projection::stored;
use crate::store::writer::edits;
use crate::store::writer::insert;
use crate::store::writer::queue::WriteQueue;

/// Rows that share one commit, at most, and the bytes of their bodies.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 8 << 20;

/// One row of the other archive, and under which digest that has it; a row in quarantine is not looked up.
type Copy = (Option<Digest>, Received);

/// Brings everything that another archive's file holds into the record. `stop` is asked before each commit whether to give up:
/// then [`Error::Interrupted`], and doing it again goes on. [`Error::Commit`]: the record itself is damaged.
pub(crate) fn with(file: &Path, queue: &WriteQueue, stop: &dyn Fn() -> bool) -> Result<Saved, Error> {
    let mut merge = Merge {
        queue,
        stop,
        batch: Vec::new(),
        bytes: 0,
        entries: Vec::new(),
        covered: Covered::default(),
        saved: Saved::default(),
    };
    let walked = merge.everything(file);
    match walked {
        Ok(0) => return Ok(merge.saved),
        Ok(holes) => merge.saved.unreadable = holes,
        Err(ref error) if error.is_damage() => merge.saved.unreadable = 1,
        Err(error) => return Err(error),
    }
    // A file that never was an archive has no such pages, and then the walk has said what is wrong.
    let on_pages = merge.look_at_pages(file)?;
    if on_pages > 0 { Ok(merge.saved) } else { walked.map(|_| merge.saved) }
}

struct Merge<'a> {
    queue: &'a WriteQueue,
    stop: &'a dyn Fn() -> bool,
    batch: Vec<Copy>,
    bytes: usize,
    entries: Vec<Entry>,
    covered: Covered,
    saved: Saved,
}

/// What the other archive knows of its completeness, and this one is to know too.
#[derive(Default)]
struct Covered {
    up: Vec<Up>,
    fetched: Vec<Fetched>,
}

impl Merge<'_> {
    /// Walks the tables; answers how many places could not be read.
    fn everything(&mut self, file: &Path) -> Result<u64, Error> {
        if !file.is_file() {
            return Err(Error::damage("there is no database, or something else has its name"));
        }
        let other = immutable::open_plainly(file)?;
        archive_file::check_identity(&other, file)?;
        // A file that is empty is not refused by its identity.
        archive_file::has_tables(&other)?;
        let mut holes = walk(&other, "delivery", "delivery_id", |row| self.delivery(&other, row))?;
        holes += walk(&other, "receipt", "receipt_id", |row| self.receipt(&other, row))?;
        holes += walk(&other, "quarantine", "quarantine_id", |row| self.quarantined(row))?;
        if archive_file::has_entries(&other)? {
            holes += walk(&other, "entry", "entry_no", |row| self.entry(row))?;
        }
        if archive_file::has_coverage(&other)? {
            holes += walk(&other, "up", "up_no", |row| self.up(row))?;
            holes += walk(&other, "fetched", "fetched_no", |row| self.fetched(row))?;
        }
        self.commit()?;
        Ok(holes)
    }

    /// Takes what stands on sound pages, which the walk may not have reached; answers how many deliveries do.
    fn look_at_pages(&mut self, file: &Path) -> Result<u64, Error> {
        let before = self.saved;
        let mut looked_at = 0;
        salvage::each_delivery(file, |digest, delivery| {
            looked_at += 1;
            self.received(digest, delivery, None)
        })?;
        self.commit()?;
        let altered = std::mem::replace(&mut self.saved.altered, before.altered) - before.altered;
        // What the walk has read already is not counted again.
        self.saved.deliveries += self.saved.new - before.new;
        Ok(looked_at - altered)
    }

    fn delivery(&mut self, other: &Connection, row: &Row<'_>) -> Result<(), Error> {
        self.saved.deliveries += 1;
        let read = || Ok::<_, Error>((Digest(row.get("digest")?), archive::delivery_of(row)?));
        match read() {
            Ok((digest, delivery)) => self.received(digest, delivery, origin::of_row(other, row)),
            Err(_) => self.is_altered(),
        }
    }

    /// A repeat is its delivery, received another time.
    fn receipt(&mut self, other: &Connection, row: &Row<'_>) -> Result<(), Error> {
        match repeat(other, row) {
            Ok(Some((digest, repeat))) => self.received(digest, repeat, origin::of_row(other, row)),
            // The delivery itself could not be read, and has been counted so.
            Ok(None) => Ok(()),
            Err(_) => self.is_altered(),
        }
    }

    fn quarantined(&mut self, row: &Row<'_>) -> Result<(), Error> {
        match quarantined(row) {
            Ok(waiting) => self.add((None, waiting)),
            Err(_) => self.is_altered(),
        }
    }

    fn is_altered(&mut self) -> Result<(), Error> {
        self.saved.altered += 1;
        Ok(())
    }

    fn received(&mut self, digest: Digest, delivery: Delivery, origin: Option<Origin>) -> Result<(), Error> {
        let callback = stored::parse(&delivery);
        if !digest.is_of(&delivery.app, &callback, &delivery.body) {
            return self.is_altered();
        }
        self.add((Some(digest), Received { delivery, callback, place: Place::Archive, repeats: 0, origin }))
    }

    fn entry(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let Some(entry) = entries::read(row)? else { return self.is_altered() };
        self.entries.push(entry);
        if self.entries.len() < BATCH { Ok(()) } else { self.commit() }
    }

    fn up(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let Some(up) = coverage::read_up(row) else { return self.is_altered() };
        self.covered.up.push(up);
        if self.covered.up.len() < BATCH { Ok(()) } else { self.commit() }
    }

    fn fetched(&mut self, row: &Row<'_>) -> Result<(), Error> {
        let Some(fetched) = coverage::read_fetched(row) else { return self.is_altered() };
        self.covered.fetched.push(fetched);
        if self.covered.fetched.len() < BATCH { Ok(()) } else { self.commit() }
    }

    fn add(&mut self, copy: Copy) -> Result<(), Error> {
        self.bytes += copy.1.delivery.body.len();
        self.batch.push(copy);
        if self.batch.len() < BATCH && self.bytes < BATCH_BYTES { Ok(()) } else { self.commit() }
    }

    fn commit(&mut self) -> Result<(), Error> {
        if (self.stop)() {
            return Err(Error::Interrupted);
        }
        let (batch, entries) = (std::mem::take(&mut self.batch), std::mem::take(&mut self.entries));
        let covered = std::mem::take(&mut self.covered);
        self.bytes = 0;
        let saved = self.queue.run(move |databases| {
            let (saved, mended) = databases.write(|connection| {
                let (saved, mended) = take(connection, &batch)?;
                covered.up.iter().try_for_each(|up| coverage::put_up(connection, up))?;
                covered.fetched.iter().try_for_each(|fetched| coverage::put_fetched(connection, fetched))?;
                Ok((Saved { entries: edits::absorb(connection, &entries)?, ..saved }, mended))
            })?;
            databases.lag().mended(mended);
            Ok(saved)
        });
        // Damage of the record itself must not be taken for damage of what is read.
        let saved = saved.map_err(|error| if error.is_damage() { Error::Commit(error.to_string()) } else { error })?;
        self.saved.new += saved.new;
        self.saved.repeats += saved.repeats;
        self.saved.quarantined += saved.quarantined;
        self.saved.entries += saved.entries;
        Ok(())
    }
}

/// A repeat as a delivery; `None` where its delivery cannot be read.
fn repeat(other: &Connection, row: &Row<'_>) -> Result<Option<(Digest, Delivery)>, Error> {
    let Some((digest, first)) = repeated(other, row)? else { return Ok(None) };
    let damaged = || Error::Content("a repeat cannot be unpacked".to_owned());
    let Request { remote, query, headers, .. } = archive::repeat(row)?.ok_or_else(damaged)?;
    Ok(Some((digest, Delivery { received_ms: row.get("received_ms")?, remote, query, headers, ..first })))
}

/// The delivery that a receipt repeats; `None` where that cannot be read.
fn repeated(other: &Connection, row: &Row<'_>) -> Result<Option<(Digest, Delivery)>, Error> {
    let first = match row.get::<_, i64>("delivery_id") {
        Ok(delivery_id) => delivery_where(other, "delivery_id = ?1", delivery_id),
        // Versions 1 and 2 name it by its digest.
        Err(_) => delivery_where(other, "digest = ?1", row.get::<_, [u8; 32]>("digest")?),
    };
    Ok(first.ok().flatten())
}

fn delivery_where(other: &Connection, which: &str, key: impl ToSql) -> Result<Option<(Digest, Delivery)>, Error> {
    let mut statement = other.prepare_cached(&format!("select * from delivery where {which}"))?;
    let found =
        statement.query_row([key], |row| Ok((Digest(row.get("digest")?), archive::delivery_of(row)))).optional()?;
    found.map(|(digest, delivery)| Ok((digest, delivery?))).transpose()
}

fn quarantined(row: &Row<'_>) -> Result<Received, Error> {
    let delivery = archive::delivery_of(row)?;
    let (verdict, reason): (String, String) = (row.get("verdict")?, row.get("reason")?);
    let repeats: i64 = row.get("repeats")?;
    let verdict = Verdict::read(&verdict).filter(|verdict| verdict.is_quarantine()).unwrap_or(Verdict::ForeignApp);
    let callback = stored::parse(&delivery);
    let reason = Reason::read(&reason).unwrap_or(Reason::Sentence { text: reason });
    let place = Place::Quarantine { verdict, reason };
    Ok(Received { delivery, callback, place, repeats: u64::try_from(repeats).unwrap_or(0), origin: None })
}

fn take(connection: &Connection, batch: &[Copy]) -> Result<(Saved, Vec<Digest>), Error> {
    let mut mended = Vec::new();
    let mut take_one = |(digest, received): &Copy| {
        if let Some(digest) = digest {
            if let Some(damaged) = damaged(connection, digest)? {
                archive::mend(connection, damaged, digest, &received.delivery)?;
                mended.push(*digest);
            }
            if archive::has_receipt(connection, digest, &received.delivery)? {
                return Ok(None);
            }
        }
        let recorded = insert::absorb(connection, received)?;
        // What waits in quarantine here too is no repeat that came to be known.
        Ok((digest.is_some() || recorded != Recorded::Repeat).then_some(recorded))
    };
    let taken = batch.iter().map(&mut take_one).collect::<Result<Vec<_>, Error>>()?;
    let count = |what| {
        let found = taken.iter().filter(|recorded| **recorded == Some(what)).count();
        u64::try_from(found).unwrap_or(u64::MAX)
    };
    let saved = Saved {
        new: count(Recorded::New),
        repeats: count(Recorded::Repeat),
        quarantined: count(Recorded::Quarantined),
        ..Saved::default()
    };
    Ok((saved, mended))
}

/// The row in which the record has this delivery, but not as it was received, or under a digest that is not its own any more: a
/// bit that turned over in a row is no damage to SQLite.
fn damaged(connection: &Connection, digest: &Digest) -> Result<Option<i64>, Error> {
    for Alike { archived, delivery } in archive::alike(connection, digest)? {
        let is_as_received = match delivery {
            Ok(stored) => digest.is_of(&stored.app, &stored::parse(&stored), &stored.body),
            Err(error) if error.is_of_disk() => return Err(error),
            Err(_) => false,
        };
        if (archived.digest == *digest) != is_as_received {
            return Ok(Some(archived.id));
        }
    }
    Ok(None)
}

/// Visits every row that can be read, in the order of its id or, behind a place that cannot be read, against it. Answers how
/// many such places there are.
fn walk(
    other: &Connection,
    table: &str,
    id: &str,
    mut visit: impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<u64, Error> {
    let upwards = format!("select * from {table} where {id} > ?1 and {id} < ?2 order by {id}");
    let downwards = format!("{upwards} desc");
    let (mut after, mut holes) = (i64::MIN, 0);
    loop {
        let (last, ended) = stretch(other, &upwards, (after, i64::MAX), id, &mut visit)?;
        if ended {
            return Ok(holes);
        }
        holes += 1;
        let last = last.unwrap_or(after);
        let next = next_readable(other, table, id, last);
        stretch(other, &downwards, (last, next.unwrap_or(i64::MAX)), id, &mut visit)?;
        match next {
            Some(next) => after = next - 1,
            None => return Ok(holes),
        }
    }
}

/// Visits rows until the end (`true`) or until one that cannot be read; answers the last id. Ids that are not between the two
/// or do not go one way are no rows: a damaged tree may lead back to where it came from, and the walk would never end.
fn stretch(
    other: &Connection,
    statement: &str,
    (after, before): (i64, i64),
    id: &str,
    visit: &mut impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(Option<i64>, bool), Error> {
    let mut statement = other.prepare_cached(statement)?;
    let mut rows = statement.query((after, before))?;
    let (mut last, mut way) = (None, None);
    loop {
        let Ok(next) = rows.next() else { return Ok((last, false)) };
        let Some(row) = next else { return Ok((last, true)) };
        let Ok(here) = row.get::<_, i64>(id) else { return Ok((last, false)) };
        let onward = last.map(|last| here.cmp(&last));
        let turns = onward.is_some_and(|onward| onward.is_eq() || way.is_some_and(|way| way != onward));
        if here <= after || here >= before || turns {
            return Ok((last, false));
        }
        visit(row)?;
        (last, way) = (Some(here), onward);
    }
}

/// The next id behind a place that cannot be read, in steps that double.
fn next_readable(other: &Connection, table: &str, id: &str, last: i64) -> Option<i64> {
    let mut statement = other.prepare(&format!("select min({id}) from {table} where {id} > ?1")).ok()?;
    for power in 0..40 {
        let from = last.saturating_add(1_i64 << power);
        match statement.query_row([from], |row| row.get::<_, Option<i64>>(0)) {
            Ok(Some(found)) if found <= from => {}
            Ok(found) => return found,
            Err(_) => {}
        }
    }
    None
}
