//! The only writer of what is derived: one delivery applied, and the small unit that it concerns folded again.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::{Connection, OptionalExtension as _};

use crate::callback::codes::Verdict;
use crate::callback::facts::Facts;
use crate::callback::{self, AppClaim, Callback, Query};
use crate::store::archive::{self, Entry};
use crate::store::delivery::{Delivery, Digest, Source};
use crate::store::error::Error;
use crate::store::projection::batch::{DerivedIndexes, DirtySet, Told};
use crate::store::projection::counters::Counted;
use crate::store::projection::doubt::{self, Doubt};
use crate::store::projection::fold::plausible::OwnTime;
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::{calls, rooms};

/// Parses a stored delivery again.
pub(crate) fn parse(delivery: &Delivery) -> Callback {
    let query = Query::parse(&delivery.query);
    match delivery.source {
        Source::Callback => callback::parse_or_keep(&query, &delivery.headers, &delivery.body),
        Source::Backfill => callback::parse_fetched(&delivery.body),
    }
}

/// A panic while recording is an error like any other: it must end neither the writer nor a replay.
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::Content("a fault while recording".to_owned())))
}

/// Folds everything that a batch has touched, and counts what came of it.
pub(crate) fn flush(dirty: DirtySet, connection: &Connection) -> Result<(), Error> {
    let mut derived = dirty.derived;
    dirty
        .calls
        .iter()
        .try_for_each(|((app, call_id), events)| calls::fold(connection, app, call_id, events, &mut derived))?;
    let tally = &mut derived.tally;
    dirty.stays.iter().try_for_each(|(room, user)| rooms::fold_stays(connection, room, user, tally))?;
    dirty.rooms.iter().try_for_each(|room| rooms::fold_room(connection, room, tally))?;
    derived.write(connection)
}

/// Applies a delivery whose tables know nothing of it yet. What it did is undone to a savepoint where it fails, and the fault
/// becomes its verdict. Savepoints cost more than a delivery, so this is for those that [`write`] has failed with.
pub(crate) fn apply_guarded(
    connection: &Connection,
    entry: &Entry,
    delivery: &Delivery,
    callback: &Callback,
) -> Result<(), Error> {
    connection.prepare_cached("savepoint one")?.execute([])?;
    let mut dirty = DirtySet::default();
    let applied = catch_panic(|| {
        write(connection, entry, delivery, callback, &mut dirty)?;
        flush(dirty, connection)
    });
    if let Err(fault) = applied {
        if fault.is_of_disk() {
            // Not this delivery's fault: the whole transaction fails, and is tried again.
            return Err(fault);
        }
        connection.prepare_cached("rollback to one")?.execute([])?;
        tracing::error!(delivery = %entry.digest.hex(), %fault, "projection failed");
        let reason = "Calltrail could not make a record of it; it is kept, and tried again at the next rebuild.";
        let kept = Callback { verdict: Verdict::Fault, reason: reason.to_owned(), facts: None, ..callback.clone() };
        let mut derived = DerivedIndexes::default();
        let own_ms = OwnTime::of(kept.event_ms, delivery.received_ms).plausible();
        write_reading(connection, entry, delivery, &kept, own_ms, &mut derived)?;
        derived.write(connection)?;
    }
    connection.prepare_cached("release one")?.execute([])?;
    Ok(())
}

/// Applies a delivery again whose earliest receipt has changed.
pub(crate) fn apply_again(connection: &Connection, digest: &Digest) -> Result<(), Error> {
    let Some(entry) = archive::entry(connection, digest)? else { return Ok(()) };
    forget(connection, &entry)?;
    if let Some(delivery) = archive::earliest(connection, digest)? {
        apply_guarded(connection, &entry, &delivery, &parse(&delivery))?;
    }
    Ok(())
}

/// The receipt that speaks for a delivery now.
pub(crate) fn received_ms(connection: &Connection, digest: &Digest) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "select reading.received_ms from delivery join reading using (delivery_id) where delivery.digest = ?1",
    )?;
    Ok(statement.query_row([digest.0], |row| row.get(0)).optional()?)
}

/// Writes what one delivery tells, and notes what must be folded for it. An error goes up, and whoever began the transaction
/// rolls it back.
pub(crate) fn write(
    connection: &Connection,
    entry: &Entry,
    delivery: &Delivery,
    callback: &Callback,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let delivery = &*with_app(delivery);
    let callback = &*without_app(delivery, callback);
    let own_ms = own_time(connection, entry, delivery, callback, dirty)?;
    write_reading(connection, entry, delivery, callback, own_ms, &mut dirty.derived)?;
    let told = Told {
        digest: &entry.digest,
        delivery,
        callback,
        at_ms: own_ms.unwrap_or(delivery.received_ms),
        flagged: own_ms.is_none(),
    };
    match &callback.facts {
        Some(Facts::Call(event)) => calls::write(connection, told, event, dirty),
        Some(Facts::Room(event)) => rooms::write(connection, told, event, dirty),
        None => Ok(()),
    }
}

/// A delivery in which no application was found when it came, and one is found now: earlier versions did not look behind a second
/// question mark. What is archived stays, and so does its digest.
fn with_app(delivery: &Delivery) -> Cow<'_, Delivery> {
    if !delivery.app.is_empty() || delivery.source == Source::Backfill {
        return Cow::Borrowed(delivery);
    }
    match callback::claimed_app(&Query::parse(&delivery.query), &delivery.headers) {
        AppClaim::One(app) => Cow::Owned(Delivery { app, ..delivery.clone() }),
        AppClaim::Absent | AppClaim::Conflict(_) => Cow::Borrowed(delivery),
    }
}

/// The event's own time, where it is believed.
fn own_time(
    connection: &Connection,
    entry: &Entry,
    delivery: &Delivery,
    callback: &Callback,
    dirty: &mut DirtySet,
) -> Result<Option<i64>, Error> {
    let received_ms = delivery.received_ms;
    let own = OwnTime::of(callback.event_ms, received_ms);
    let OwnTime::Doubted(event_ms) = own else { return Ok(own.plausible()) };
    let subject = doubt::subject(&delivery.app, callback.facts.as_ref())?;
    let is_believed = doubt::add(connection, &Doubt { entry, received_ms, event_ms, subject }, dirty)?;
    Ok(is_believed.then_some(event_ms))
}

/// A delivery that names no application is kept and not applied (rules.md 1.1).
fn without_app<'a>(delivery: &Delivery, callback: &'a Callback) -> Cow<'a, Callback> {
    if !delivery.app.is_empty() || matches!(callback.verdict, Verdict::Test | Verdict::Empty) {
        return Cow::Borrowed(callback);
    }
    let reason = "The request names no application (SDKAppID), so it cannot be told whose call it is.";
    Cow::Owned(Callback { verdict: Verdict::NoApp, reason: reason.to_owned(), facts: None, ..callback.clone() })
}

fn write_reading(
    connection: &Connection,
    entry: &Entry,
    delivery: &Delivery,
    callback: &Callback,
    own_ms: Option<i64>,
    derived: &mut DerivedIndexes,
) -> Result<(), Error> {
    let kind = [callback.verdict.code(), callback.family.code(), &delivery.app, ""];
    derived.tally.add(Counted::Reading, delivery.received_ms, kind);
    derived.segments.touch(entry.id);
    let (call_id, room) = match &callback.facts {
        Some(Facts::Call(event)) => (event.call_id.as_str(), None),
        Some(Facts::Room(event)) => ("", Some(event)),
        None => ("", None),
    };
    // By position: looking names up costs more than the row.
    connection
        .prepare_cached(
            "insert or replace into reading
                 (delivery_id, digest, received_ms, app, family, command, verdict, reason, event_ms, call_id, product,
                  room_id_type, room_id)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute((
            entry.id,
            entry.digest.0,
            delivery.received_ms,
            &delivery.app,
            callback.family.code(),
            &callback.command,
            callback.verdict.code(),
            &callback.reason,
            own_ms,
            call_id,
            room.map_or("", |room| room.product.code()),
            room.map_or("", |room| room.room_id_type.code()),
            room.map_or("", |room| room.room_id.as_str()),
        ))?;
    Ok(())
}

/// Takes back everything that one delivery told, before it is applied again.
fn forget(connection: &Connection, entry: &Entry) -> Result<(), Error> {
    let Entry { id, digest } = entry;
    let mut derived = DerivedIndexes::default();
    derived.segments.touch(*id);
    let told = connection
        .prepare_cached("delete from reading where delivery_id = ?1 returning *")?
        .query_row([id], |row| {
            let key = RoomKey {
                app: row.get("app")?,
                product: row.get("product")?,
                room_id_type: row.get("room_id_type")?,
                room_id: row.get("room_id")?,
            };
            let (verdict, family): (String, String) = (row.get("verdict")?, row.get("family")?);
            derived.tally.take(Counted::Reading, row.get("received_ms")?, [&verdict, &family, &key.app, ""]);
            Ok((row.get::<_, String>("call_id")?, key))
        })
        .optional()?;
    let Some((call_id, key)) = told else { return Ok(()) };
    if !call_id.is_empty() {
        calls::forget(connection, &key.app, &call_id, digest, &mut derived)?;
    }
    if !key.room_id.is_empty() {
        rooms::forget(connection, &key, digest, &mut derived.tally)?;
    }
    derived.write(connection)?;
    let mut dirty = DirtySet::default();
    doubt::take_back(connection, entry, &mut dirty)?;
    flush(dirty, connection)
}
