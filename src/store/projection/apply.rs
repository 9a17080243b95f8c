//! The only writer of what is derived: one delivery applied, and the small unit that it concerns folded again.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::{Connection, OptionalExtension as _};

use crate::callback::codes::Verdict;
use crate::callback::facts::Facts;
use crate::callback::reason::Reason;
use crate::callback::{self, AppClaim, Callback, Query};
use crate::store::archive::{self, Archived, of_digest};
use crate::store::delivery::{Delivery, Digest, Source};
use crate::store::error::Error;
use crate::store::projection::batch::{DirtySet, Told};
use crate::store::projection::doubt::{self, Doubt};
use crate::store::projection::fold::plausible::OwnTime;
use crate::store::projection::numbers::Listed;
use crate::store::projection::recent::RecentEvents;
use crate::store::projection::stored::Stored;
use crate::store::projection::{calls, rooms};

/// A panic while recording is an error like any other: it must end neither the writer nor a replay.
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::Content("a fault while recording".to_owned())))
}

/// Folds everything that a batch has touched, and writes what is kept beside the rows for those who list, count and search them.
/// Answers what the next batch need not read again.
pub(crate) fn flush(mut dirty: DirtySet, connection: &Connection) -> Result<RecentEvents, Error> {
    for (call_no, call) in std::mem::take(&mut dirty.calls) {
        calls::fold(connection, call_no, call, &mut dirty)?;
    }
    let DirtySet { mut numbers, stays, rooms, mut counters, hours, mut people, cases, mut touched, recent, .. } = dirty;
    for (room_no, user_no) in stays {
        if let Some(key) = rooms.get(&room_no) {
            rooms::fold_stays(connection, (room_no, user_no), key, &mut numbers, &mut counters)?;
            people.touch(user_no);
        }
    }
    for (room_no, key) in &rooms {
        rooms::fold_room(connection, *room_no, key, &mut numbers, &mut counters)?;
    }
    people.write(connection, &mut numbers, &mut counters)?;
    cases.write(connection)?;
    numbers.new_users.iter().for_each(|user_no| touched.user(*user_no));
    counters.write(connection)?;
    hours.write(connection)?;
    touched.write(connection)?;
    Ok(recent)
}

/// Applies a delivery whose tables know nothing of it yet. What it did is undone to a savepoint where it fails, and the fault
/// becomes its verdict. Savepoints cost more than a delivery, so this is for those that [`write()`] has failed with.
pub(crate) fn apply_guarded(connection: &Connection, one: &Stored) -> Result<(), Error> {
    let Stored { archived, delivery, callback, .. } = one;
    connection.prepare_cached("savepoint one")?.execute([])?;
    let mut dirty = DirtySet::default();
    let applied = catch_panic(|| {
        write(connection, one, &mut dirty)?;
        flush(dirty, connection).map(drop)
    });
    if let Err(fault) = applied {
        if fault.is_of_disk() {
            // Not this delivery's fault: the whole transaction fails, and is tried again.
            return Err(fault);
        }
        connection.prepare_cached("rollback to one")?.execute([])?;
        tracing::error!(delivery = %archived.digest.hex(), %fault, "projection failed");
        let reason = Some(Reason::DerivingFailed);
        let kept = Callback { verdict: Verdict::Fault, reason, facts: None, ..callback.clone() };
        let mut dirty = DirtySet::default();
        let own_ms = OwnTime::of(kept.event_ms, delivery.received_ms).plausible();
        write_outcome(connection, Told::of(archived, delivery, &kept, own_ms), &mut dirty)?;
        flush(dirty, connection)?;
    }
    connection.prepare_cached("release one")?.execute([])?;
    Ok(())
}

/// Applies a delivery again whose earliest receipt has changed.
pub(crate) fn apply_again(connection: &Connection, digest: &Digest) -> Result<(), Error> {
    let Some(archived) = archive::find(connection, digest)? else { return Ok(()) };
    forget(connection, &archived)?;
    if let Some((delivery, _)) = archive::earliest(connection, digest)? {
        apply_guarded(connection, &Stored::of(archived, delivery))?;
    }
    Ok(())
}

/// The receipt that speaks for a delivery now.
pub(crate) fn received_ms(connection: &Connection, digest: &Digest) -> Result<Option<i64>, Error> {
    let mut statement = connection.prepare_cached(concat!(
        "select outcome.received_ms from delivery join outcome using (delivery_id) where ",
        of_digest!("?1")
    ))?;
    Ok(statement.query_row([digest.0], |row| row.get(0)).optional()?)
}

/// Writes what one delivery tells, and notes what must be folded for it. An error goes up, and whoever began the transaction
/// rolls it back.
pub(crate) fn write(connection: &Connection, one: &Stored, dirty: &mut DirtySet) -> Result<(), Error> {
    let delivery = &*with_app(&one.delivery);
    let callback = &*without_app(delivery, &one.callback);
    let own_ms = own_time(connection, &one.archived, delivery, callback, dirty)?;
    let told = Told { call: one.event.as_ref(), ..Told::of(&one.archived, delivery, callback, own_ms) };
    write_outcome(connection, told, dirty)
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
    archived: &Archived,
    delivery: &Delivery,
    callback: &Callback,
    dirty: &mut DirtySet,
) -> Result<Option<i64>, Error> {
    let received_ms = delivery.received_ms;
    let own = OwnTime::of(callback.event_ms, received_ms);
    let OwnTime::Doubted(event_ms) = own else { return Ok(own.plausible()) };
    let subject = doubt::subject(&delivery.app, callback.facts.as_ref())?;
    let is_believed = doubt::add(connection, &Doubt { archived, received_ms, event_ms, subject }, dirty)?;
    Ok(is_believed.then_some(event_ms))
}

/// A delivery that names no application is kept and not applied (rules.md 1.1).
fn without_app<'a>(delivery: &Delivery, callback: &'a Callback) -> Cow<'a, Callback> {
    if !delivery.app.is_empty() || matches!(callback.verdict, Verdict::Test | Verdict::Empty) {
        return Cow::Borrowed(callback);
    }
    Cow::Owned(Callback { verdict: Verdict::NoApp, reason: Some(Reason::NoApp), facts: None, ..callback.clone() })
}

/// Writes what a delivery says.
fn write_outcome(connection: &Connection, told: Told<'_>, dirty: &mut DirtySet) -> Result<(), Error> {
    let Told { archived, delivery, callback, own_ms, .. } = told;
    let kind = [callback.verdict.code(), callback.family.code(), &delivery.app, ""];
    let kind_no = dirty.numbers.kind(connection, Listed::Outcome, kind)?;
    dirty.counters.add(kind_no, delivery.received_ms);
    let command_no = dirty.numbers.command(connection, &callback.command)?;
    let reason_no = dirty.numbers.word(connection, &Reason::stored(callback.reason.as_ref()))?;
    let (call_no, room_no) = match &callback.facts {
        Some(Facts::Call(event)) => (Some(calls::write(connection, told, &event.call_id, dirty)?), None),
        Some(Facts::Room(event)) => (None, Some(rooms::write(connection, told, event, dirty)?)),
        None => (None, None),
    };
    connection
        .prepare_cached(
            "insert or replace into outcome (delivery_id, received_ms, kind_no, command_no, reason_no, event_ms, call_no, room_no)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((archived.id, delivery.received_ms, kind_no, command_no, reason_no, own_ms, call_no, room_no))?;
    Ok(())
}

/// Takes back everything that one delivery told, before it is applied again.
fn forget(connection: &Connection, archived: &Archived) -> Result<(), Error> {
    let told = connection
        .prepare_cached("delete from outcome where delivery_id = ?1 returning kind_no, received_ms, call_no, room_no")?
        .query_row([archived.id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?, row.get::<_, Option<i64>>(3)?))
        })
        .optional()?;
    let Some((kind_no, received_ms, call_no, room_no)) = told else { return Ok(()) };
    let mut dirty = DirtySet::default();
    dirty.counters.take(kind_no, received_ms);
    if let Some(call_no) = call_no {
        dirty.calls.entry(call_no).or_default();
    }
    if let Some(room_no) = room_no {
        rooms::forget(connection, room_no, archived.id, &mut dirty)?;
    }
    doubt::take_back(connection, archived, &mut dirty)?;
    flush(dirty, connection).map(drop)
}
