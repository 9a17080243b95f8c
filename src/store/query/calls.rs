//! Calls and their members as lists and details. What depends on the clock is derived here and never stored.

pub(crate) mod asked;
pub(crate) mod kinds;
pub(crate) mod open;
pub(crate) mod rows;
pub(crate) mod search;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::store::entry::Subject;
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::calls::call_events;
use crate::store::projection::counters::QUARTER_MS;
use crate::store::projection::fold::{call, step};
use crate::store::projection::numbers::{self, Kind, Listed};
use crate::store::projection::subjects;
use crate::store::query::calls::kinds::{has_kind, lets_through};
use crate::store::query::calls::open::{OPEN_MS, UNKNOWN};
use crate::store::query::calls::rows::{call_row, member_row};
use crate::store::query::calls::search::Wanted;
use crate::store::query::list::{CountSource, List, Shape, given, is_among, json_of};
use crate::store::query::who::name_of;
use crate::store::query::{deliveries, notes, people};
use crate::store::rows::{CallDetailRow, CallRow, Page};

/// What is read of a call, in the order in which `call_row` reads it: `people` has its members in their order, each with the role.
macro_rules! call_columns {
    () => {
        concat!(
            "kind.kind_3 as app, call.call_id, call.started_ms, call.answered_ms, call.ended_ms, call.last_ms,
         kind.kind_0 as result, kind.kind_1 as media, kind.kind_2 as call_type, coalesce(call.room_id, '') as room_id,
         (select word from word where word_no = call.room_id_type_no) as room_id_type,
         (select word from word where word_no = call.source_no) as source,
         (select json_group_array(json_array(role, user, ",
            name_of!("member.user_no"),
            ") order by position) from member join user using (user_no) where member.call_no = call.call_no) as people,
         (select json_group_array(tag order by tag) from subject cross join tagged using (subject_no)
             cross join tag using (tag_no) where subject.call_no = call.call_no) as tags,
         (select json_group_array(text order by note.at_ms, note.id) from subject cross join note using (subject_no)
             where subject.call_no = call.call_no) as notes"
        )
    };
}

macro_rules! of_calls {
    ($($bare:tt)*) => {
        Shape {
            columns: call_columns!(),
            from: concat!($($bare)*, " cross join kind on kind.kind_no = call.kind_no"),
            bare: concat!($($bare)*),
            time: "call.started_ms",
            ties: &["kind.kind_3", "call.call_id"],
        }
    };
}
const NEWEST: Shape = of_calls!("call indexed by call_newest");
const OF_KIND: Shape = of_calls!("call indexed by call_kind");
const OF_ROOM: Shape = of_calls!("call indexed by call_room");
/// Calls that were heard of lately: few, so they can be sorted.
const OPEN_LATELY: Shape = of_calls!("call indexed by call_open");
/// Those that were found: few, so they are looked up and sorted.
const FOUND: Shape = of_calls!("json_each(?3) as hit cross join call on call.call_no = hit.value");

/// Calls by rows that name them and have the call's moment and kind: one index of them keeps the order, one each kind's. Where
/// nothing of the call itself is asked for, an index alone finds and counts.
struct Named {
    newest: Shape,
    newest_alone: Shape,
    of_kind: Shape,
    of_kind_alone: Shape,
}

macro_rules! named {
    ($newest:literal, $of_kind:literal) => {
        Named {
            newest: named!($newest),
            newest_alone: Shape { bare: $newest, ..named!($newest) },
            of_kind: named!($of_kind),
            of_kind_alone: Shape { bare: $of_kind, ..named!($of_kind) },
        }
    };
    ($index:literal) => {
        Shape { time: "named.started_ms", ..of_calls!($index, " cross join call on call.call_no = named.call_no") }
    };
}
static OF_USER: Named = named!("member as named indexed by member_user", "member as named indexed by member_kind");
static OF_TAG: Named = named!("tagged as named indexed by tagged_newest", "tagged as named indexed by tagged_kind");
static NOTED: Named =
    named!("subject as named indexed by subject_noted", "subject as named indexed by subject_noted_kind");
/// The members of one call.
const OF_CALL: &str =
    "call cross join kind on kind.kind_no = call.kind_no cross join member on member.call_no = call.call_no
    cross join user on user.user_no = member.user_no";
const MEMBERS: Shape = Shape {
    columns: concat!(
        "kind.kind_3 as app, call.call_id, user.user, member.role, member.invited_ms, member.joined_ms, member.left_ms,
        (select word from word where word_no = member.outcome_no) as outcome, member.ring_seconds, member.talk_seconds,
        (select word from word where word_no = member.platform_no) as platform, ",
        name_of!("member.user_no"),
        " as user_name"
    ),
    from: "call indexed by call_newest cross join kind on kind.kind_no = call.kind_no
        cross join member on member.call_no = call.call_no cross join user on user.user_no = member.user_no",
    bare: "call indexed by call_newest cross join member on member.call_no = call.call_no",
    time: "call.started_ms",
    ties: &["kind.kind_3", "call.call_id", "member.position"],
};

/// Calls that the filter finds.
pub(crate) fn list(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<List, Error> {
    list_of(connection, filter, &search::wanted(connection, filter)?, now_ms)
}

/// The same, where it is known what is searched for.
fn list_of(connection: &Connection, filter: &Filter, wanted: &[Wanted], now_ms: i64) -> Result<List, Error> {
    if let Some((first, rest)) = search::first(filter, wanted)
        && !first.is_in_order()
        && let Some(found) = search::all(connection, first, &List::new(filter.from, filter.to).window())?
    {
        let found: Vec<i64> = found.into_iter().map(|hit| hit.call_no).collect();
        return self::found(connection, filter, &found, rest, now_ms);
    }
    walked(connection, filter, wanted, now_ms)
}

/// Calls that the filter finds, by what keeps them in order; what is searched for is looked for row by row.
fn walked(connection: &Connection, filter: &Filter, wanted: &[Wanted], now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    if let Some(user) = given(filter.user.as_deref()) {
        let Some(user_no) = numbers::user_no(connection, user)? else { return Ok(list) };
        let of_user = format!("named.user_no = {}", list.bind(user_no));
        let mut rest: Vec<String> = list.equal("call.room_id", filter.room.as_deref()).into_iter().collect();
        rest.extend(row_conditions(connection, &mut list, filter, wanted)?);
        of_named(connection, &mut list, filter, (&OF_USER, of_user, rest), now_ms)?;
    } else if let Some(room) = list.equal("call.room_id", filter.room.as_deref()) {
        let mut conditions = vec![room, "call.room_id is not null".to_owned()];
        conditions.extend(kinds::condition(connection, &mut list, filter, now_ms)?);
        conditions.extend(row_conditions(connection, &mut list, filter, wanted)?);
        list.part(&OF_ROOM, conditions, CountSource::No);
    } else if let Some((Wanted::Tag(tag), rest)) = wanted.split_first() {
        let Some(tag_no) = subjects::tag_no(connection, tag)? else { return Ok(list) };
        let of_tag = format!("named.tag_no = {}", list.bind(tag_no));
        let rest = row_conditions(connection, &mut list, filter, rest)?;
        of_named(connection, &mut list, filter, (&OF_TAG, of_tag, rest), now_ms)?;
    } else if let Some((Wanted::Note, rest)) = wanted.split_first() {
        let rest = row_conditions(connection, &mut list, filter, rest)?;
        of_named(connection, &mut list, filter, (&NOTED, "named.notes > 0".to_owned(), rest), now_ms)?;
    } else if has_kind(filter) {
        let searched = row_conditions(connection, &mut list, filter, wanted)?;
        of_kinds(connection, &mut list, filter, &searched, now_ms)?;
    } else {
        let searched = row_conditions(connection, &mut list, filter, wanted)?;
        let known = if searched.is_empty() { CountSource::All(Listed::Call) } else { CountSource::No };
        list.part(&NEWEST, searched, known);
    }
    Ok(list)
}

/// What each call must meet by itself: what is searched for, and what else the filter asks of it.
fn row_conditions(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    wanted: &[Wanted],
) -> Result<Vec<String>, Error> {
    let mut conditions = search::conditions(list, wanted);
    conditions.extend(asked::conditions(connection, list, filter)?);
    Ok(conditions)
}

/// Those of some calls that the rest of the filter lets through.
fn found(connection: &Connection, filter: &Filter, calls: &[i64], rest: &[Wanted], now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    list.bind(json_of(calls));
    let mut conditions = kinds::condition(connection, &mut list, filter, now_ms)?;
    conditions.extend(row_conditions(connection, &mut list, filter, rest)?);
    list.part(&FOUND, conditions, CountSource::No);
    Ok(list)
}

/// The user whose calls are wanted, where nothing else narrows them but times and kinds.
pub(crate) fn only_user(filter: &Filter) -> Option<&str> {
    given(filter.user.as_deref()).filter(|_| !is_narrowed(filter))
}

/// True where nothing narrows the calls but times and kinds.
pub(crate) fn only_kinds(filter: &Filter) -> bool {
    given(filter.user.as_deref()).is_none() && !is_narrowed(filter)
}

/// True where something besides a user, times and kinds narrows the calls.
fn is_narrowed(filter: &Filter) -> bool {
    let Filter { room, q, person, team, tag, note, .. } = filter;
    let choices = [room, q, person, team, tag, note];
    choices.into_iter().any(|choice| given(choice.as_deref()).is_some()) || asked::is_asked(filter)
}

/// A page of calls.
pub(crate) fn page(
    connection: &Connection,
    filter: &Filter,
    request: &PageRequest,
    now_ms: i64,
) -> Result<Page<CallRow>, Error> {
    let read = |row: &Row<'_>| call_row(row, now_ms);
    let wanted = search::wanted(connection, filter)?;
    let Some(only) = search::only(filter, &wanted).filter(|only| !only.is_in_order()) else {
        return list_of(connection, filter, &wanted, now_ms)?.page(connection, request, read);
    };
    // A search is counted without a look at the calls.
    let total = match request.total {
        Some(true) => Some(quarters_found(connection, filter, only, now_ms)?.values().sum()),
        _ => None,
    };
    let request = PageRequest { total: None, ..request.clone() };
    let list = match search::all(connection, only, &List::new(filter.from, filter.to).window())? {
        Some(hits) => {
            let (ended, _) = kinds::wanted(connection, filter)?;
            let hits = search::newest(hits, &request, |kind_no| ended.contains(&kind_no))?;
            found(connection, filter, &hits, &[], now_ms)?
        }
        None => walked(connection, filter, &wanted, now_ms)?,
    };
    Ok(Page { total, ..list.page(connection, &request, read)? })
}

/// How many calls each quarter of an hour has.
pub(crate) fn quarters(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<BTreeMap<i64, u64>, Error> {
    let wanted = search::wanted(connection, filter)?;
    match search::only(filter, &wanted) {
        Some(only) => quarters_found(connection, filter, only, now_ms),
        None => list_of(connection, filter, &wanted, now_ms)?.quarters(connection),
    }
}

/// The same of what a search finds.
fn quarters_found(
    connection: &Connection,
    filter: &Filter,
    wanted: &Wanted,
    now_ms: i64,
) -> Result<BTreeMap<i64, u64>, Error> {
    let mut quarters = BTreeMap::new();
    each_found(connection, filter, wanted, now_ms, |started_ms, kind| {
        if (0..kind.len()).zip(kind).all(|(n, value)| lets_through(filter, n, value)) {
            *quarters.entry(started_ms.div_euclid(QUARTER_MS)).or_default() += 1;
        }
    })?;
    Ok(quarters)
}

/// Tells when each call that a search finds was started and of which kind it is, in no order; what else the filter asks for but
/// times is left aside. Only those that are open are looked up, because what they are depends on the clock.
pub(crate) fn each_found(
    connection: &Connection,
    filter: &Filter,
    wanted: &Wanted,
    now_ms: i64,
    mut visit: impl FnMut(i64, [&str; 4]),
) -> Result<(), Error> {
    let window = List::new(filter.from, filter.to).window();
    let kinds: BTreeMap<i64, Kind> = numbers::kinds(connection, Listed::Call, |_| true)?.into_iter().collect();
    let mut open = Vec::new();
    search::each(connection, wanted, &window, |hit| {
        match kinds.get(&hit.kind_no) {
            Some(kind) if !kind[0].is_empty() => visit(hit.started_ms, kind.each_ref().map(String::as_str)),
            _ => open.push(hit.call_no),
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    open::each(connection, &open, now_ms, visit)
}

/// All open calls.
pub(crate) fn open(from: i64, to: i64) -> List {
    let mut list = List::new(Some(from), Some(to));
    list.part(&OPEN_LATELY, vec!["call.open = 1".to_owned()], CountSource::No);
    list
}

/// Members of the calls that the filter finds.
pub(crate) fn members(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let mut conditions = kinds::condition(connection, &mut list, filter, now_ms)?;
    conditions.extend(list.equal("call.room_id", filter.room.as_deref()));
    if let Some(user) = given(filter.user.as_deref()) {
        let Some(user_no) = numbers::user_no(connection, user)? else { return Ok(list) };
        let place = list.bind(user_no);
        conditions
            .push(format!("call.call_no in (select named.call_no from member as named where named.user_no = {place})"));
    }
    conditions.extend(row_conditions(connection, &mut list, filter, &search::wanted(connection, filter)?)?);
    list.part(&MEMBERS, conditions, CountSource::No);
    Ok(list)
}

/// Adds the calls that rows name which meet one condition, and what else is asked of each call; where only some kinds are wanted, as
/// one range of an index for each.
fn of_named(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    (named, which, rest): (&'static Named, String, Vec<String>),
    now_ms: i64,
) -> Result<(), Error> {
    let is_alone = rest.is_empty();
    let mut conditions: Vec<String> = std::iter::once(which).chain(rest).collect();
    if !has_kind(filter) {
        list.part(if is_alone { &named.newest_alone } else { &named.newest }, conditions, CountSource::No);
        return Ok(());
    }
    let (ended, open) = kinds::wanted(connection, filter)?;
    let shapes = match is_alone {
        true => (&named.of_kind_alone, &named.newest_alone),
        false => (&named.of_kind, &named.newest),
    };
    list.kinds(shapes, "named.kind_no", &ended, &conditions);
    conditions.extend(open::among_results(list, filter, now_ms));
    list.kinds((&named.of_kind, &named.newest), "named.kind_no", &open, &conditions);
    Ok(())
}

/// Adds the calls of each kind that is wanted: a range of one index for each of them.
fn of_kinds(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    searched: &[String],
    now_ms: i64,
) -> Result<(), Error> {
    let (ended, open) = kinds::wanted(connection, filter)?;
    list.kinds((&OF_KIND, &NEWEST), "call.kind_no", &ended, searched);
    let is_open = open::among_results(list, filter, now_ms);
    let conditions: Vec<String> = is_open.iter().chain(searched).cloned().collect();
    // Open calls that were not heard of for long are many, and are found with their kind.
    if is_among(filter.result.as_deref(), UNKNOWN) {
        list.kinds((&OF_KIND, &NEWEST), "call.kind_no", &open, &conditions);
    } else if !open.is_empty() {
        let lately = list.bind(now_ms.saturating_sub(OPEN_MS));
        let mut lately = vec!["call.open = 1".to_owned(), format!("call.last_ms > {lately}")];
        lately.push(list.among_numbers("call.kind_no", &open));
        list.part(&OPEN_LATELY, lately.into_iter().chain(conditions).collect(), CountSource::No);
    }
    Ok(())
}

/// The call of a number; none where it is none any more.
pub(crate) fn of_number(connection: &Connection, call_no: i64, now_ms: i64) -> Result<Option<CallRow>, Error> {
    let one = format!(
        "select {} from call cross join kind on kind.kind_no = call.kind_no where call_no = ?1",
        NEWEST.columns
    );
    connection.prepare_cached(&one)?.query_row([call_no], |row| Ok(call_row(row, now_ms))).optional()?.transpose()
}

/// A call with its members, timeline, field sources and deliveries. The last three are read from the archive.
pub(crate) fn detail(
    connection: &Connection,
    app: &str,
    call_id: &str,
    now_ms: i64,
) -> Result<Option<CallDetailRow>, Error> {
    let Some(call_no) = numbers::call_no(connection, app, call_id)? else { return Ok(None) };
    let call = of_number(connection, call_no, now_ms)?;
    let Some(call) = call else { return Ok(None) };
    let members = format!("select {} from {} where call.call_no = ?1 order by position", MEMBERS.columns, OF_CALL);
    let members = connection
        .prepare_cached(&members)?
        .query_map([call_no], |row| Ok(member_row(row)))?
        .collect::<Result<Result<Vec<_>, _>, _>>()??;
    let events = call_events(connection, call_no)?;
    let steps = step::timeline(&events, &call.caller);
    let users = members.iter().map(|member| member.user.as_str()).chain(steps.iter().map(|step| step.user.as_str()));
    Ok(Some(CallDetailRow {
        names: people::names(connection, users)?,
        steps,
        sources: call::fold(&events).map(|folded| folded.sources).unwrap_or_default(),
        deliveries: deliveries::of_call(connection, call_no)?,
        notes: notes::of(connection, &Subject::Call { app: app.to_owned(), call_id: call_id.to_owned() })?,
        call,
        members,
    }))
}
