//! The calls of an hour, packed: what figures need of them and of their members, one after the other as integers of variable length.
//! Reading these takes a fraction of what reading the rows takes.
//!
//! What is packed depends on the rows alone, and on no clock: an open call is packed with what its result follows from.

use std::ops::Range;

use integer_encoding::VarInt;
use rusqlite::{Connection, OptionalExtension as _};

use crate::store::error::Error;
use crate::store::projection::hours::HOUR_MS;
use crate::store::query::figures::call::{RawCall, Standing};
use crate::store::query::figures::kinds::CallKinds;
use crate::store::query::figures::member::{self, Member, Outcome};

/// What is packed of an hour; both have the calls in the same order.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct PackedHour {
    pub(crate) calls: Vec<u8>,
    pub(crate) members: Vec<u8>,
}

/// Four quarters of an hour are told apart: a local hour of some zones begins at one.
const QUARTERS: i64 = 4;

impl PackedHour {
    /// Packs the calls that were started in an hour; none where there are no such calls.
    pub(crate) fn of(connection: &Connection, kinds: &CallKinds, hour: i64) -> Result<Option<Self>, Error> {
        let begin = hour.saturating_mul(HOUR_MS);
        let mut packed = Self::default();
        let mut before = begin;
        let columns = RawCall::COLUMNS;
        let mut statement = connection.prepare_cached(&format!(
            "select {columns} from call indexed by call_newest where started_ms >= ?1 and started_ms < ?2
             order by started_ms, call_no"
        ))?;
        let outcomes = member::outcomes(connection)?;
        let mut rows = statement.query((begin, begin.saturating_add(HOUR_MS)))?;
        while let Some(row) = rows.next()? {
            let (call_no, call) = RawCall::of_row(row)?;
            let is_open = kinds.of(call.kind_no)?.result.is_none();
            pack_call(&call, before, is_open, &mut packed.calls);
            before = call.started_ms;
            let is_answered = call.read(kinds, call.last_ms)?.standing() == Standing::Answered;
            let quarter = call.started_ms.wrapping_sub(begin).div_euclid(HOUR_MS / QUARTERS);
            let members = member::members(connection, call_no, &outcomes)?;
            pack_members(call.kind_no, (quarter, is_answered), &members, &mut packed.members);
        }
        Ok((!packed.calls.is_empty()).then_some(packed))
    }

    /// What is stored of an hour, where it is packed.
    pub(crate) fn stored(connection: &Connection, hour: i64) -> Result<Option<Self>, Error> {
        let mut statement =
            connection.prepare_cached("select calls, members from call_hour where hour = ?1 and calls is not null")?;
        Ok(statement.query_row([hour], |row| Ok(Self { calls: row.get(0)?, members: row.get(1)? })).optional()?)
    }
}

/// Tells each call that is packed of some hours.
pub(super) fn each_call(
    connection: &Connection,
    hours: &Range<i64>,
    mut visit: impl FnMut(&RawCall) -> Result<(), Error>,
) -> Result<(), Error> {
    each_hour(connection, "calls", hours, |hour, calls| unpack_calls(calls, hour, &mut visit))
}

/// Tells each of them with its members.
pub(super) fn each_members(
    connection: &Connection,
    hours: &Range<i64>,
    mut visit: impl FnMut(&OfCall, &[Member]) -> Result<(), Error>,
) -> Result<(), Error> {
    each_hour(connection, "members", hours, |hour, members| unpack_members(members, hour, &mut visit))
}

/// Tells what a column has of each hour that is packed.
fn each_hour(
    connection: &Connection,
    column: &str,
    hours: &Range<i64>,
    mut visit: impl FnMut(i64, &[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(&format!(
        "select hour, {column} from call_hour where hour >= ?1 and hour < ?2 and calls is not null"
    ))?;
    let mut rows = statement.query([hours.start, hours.end])?;
    while let Some(row) = rows.next()? {
        visit(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

fn pack_call(call: &RawCall, before: i64, is_open: bool, into: &mut Vec<u8>) {
    let has = |there: bool, bit: i64| if there { bit } else { 0 };
    let flags = has(call.answered_ms.is_some(), 1) | has(call.ended_ms.is_some(), 2) | has(is_open, 4);
    put(into, call.kind_no << 3 | flags);
    put(into, call.started_ms.wrapping_sub(before));
    let of_call = |ms: i64| ms.wrapping_sub(call.started_ms);
    call.answered_ms.into_iter().for_each(|ms| put(into, of_call(ms)));
    call.ended_ms.into_iter().for_each(|ms| put(into, of_call(ms)));
    is_open.then_some(call.last_ms).into_iter().for_each(|ms| put(into, of_call(ms)));
}

/// Tells each call that was packed of an hour.
fn unpack_calls(calls: &[u8], hour: i64, visit: &mut impl FnMut(&RawCall) -> Result<(), Error>) -> Result<(), Error> {
    let mut packed = Unpack(calls);
    let mut started_ms = hour.saturating_mul(HOUR_MS);
    while !packed.is_at_end() {
        let head = packed.next()?;
        started_ms = started_ms.wrapping_add(packed.next()?);
        let mut given = |bit: i64| -> Result<Option<i64>, Error> {
            if head & bit == 0 { Ok(None) } else { Ok(Some(started_ms.wrapping_add(packed.next()?))) }
        };
        let (answered_ms, ended_ms) = (given(1)?, given(2)?);
        let last_ms = given(4)?.unwrap_or(started_ms);
        visit(&RawCall { kind_no: head >> 3, started_ms, answered_ms, ended_ms, last_ms })?;
    }
    Ok(())
}

/// A call as far as its members need it.
pub(super) struct OfCall {
    pub(super) kind_no: i64,
    /// The begin of the quarter of an hour in which it was started.
    pub(super) quarter_ms: i64,
    pub(super) is_answered: bool,
}

/// Tells each call that was packed of an hour with its members.
fn unpack_members(
    members: &[u8],
    hour: i64,
    visit: &mut impl FnMut(&OfCall, &[Member]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut packed = Unpack(members);
    let mut found = Vec::new();
    while !packed.is_at_end() {
        let head = packed.next()?;
        found.clear();
        for _ in 0..packed.next()? {
            found.push(packed.member()?);
        }
        let quarter = (head >> 1) % QUARTERS;
        let quarter_ms = hour.saturating_mul(HOUR_MS).saturating_add(quarter * (HOUR_MS / QUARTERS));
        visit(&OfCall { kind_no: head >> 3, quarter_ms, is_answered: head & 1 != 0 }, &found)?;
    }
    Ok(())
}

fn pack_members(kind_no: i64, (quarter, is_answered): (i64, bool), members: &[Member], into: &mut Vec<u8>) {
    put(into, kind_no << 3 | quarter << 1 | i64::from(is_answered));
    put(into, i64::try_from(members.len()).unwrap_or(i64::MAX));
    for member in members {
        let Member { user_no, role, has_joined, is_first, outcome, ring_seconds, talk_seconds } = member;
        put(into, *user_no);
        let joined = i64::from(*has_joined) << 2 | i64::from(*is_first) << 3;
        let given = i64::from(ring_seconds.is_some()) << 4 | i64::from(talk_seconds.is_some()) << 5;
        put(into, role | joined | given | outcome.code() << 6);
        ring_seconds.iter().chain(talk_seconds).for_each(|seconds| put(into, *seconds));
    }
}

fn put(into: &mut Vec<u8>, number: i64) {
    // As many bytes as any takes.
    let mut bytes = [0; 10];
    let length = number.encode_var(&mut bytes);
    into.extend(bytes.iter().take(length));
}

/// What is left of some packed numbers.
struct Unpack<'a>(&'a [u8]);

impl Unpack<'_> {
    fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    fn next(&mut self) -> Result<i64, Error> {
        let found = i64::decode_var(self.0);
        let (number, length) = found.ok_or_else(|| Error::Content("packed calls that end too soon".to_owned()))?;
        self.0 = self.0.get(length..).unwrap_or_default();
        Ok(number)
    }

    fn member(&mut self) -> Result<Member, Error> {
        let (user_no, head) = (self.next()?, self.next()?);
        let mut given = |bit: i64| if head & bit == 0 { Ok(None) } else { self.next().map(Some) };
        Ok(Member {
            user_no,
            role: head & 3,
            has_joined: head & 4 != 0,
            is_first: head & 8 != 0,
            ring_seconds: given(16)?,
            talk_seconds: given(32)?,
            outcome: Outcome::of_code(head >> 6),
        })
    }
}
