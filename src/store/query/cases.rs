//! Cases of missed callers as a list, a detail and figures. What depends on the clock, whether a case is put off, is derived here.

mod whose;

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::Value;

use crate::store::archive::entries;
use crate::store::case_fold;
use crate::store::entry::{CASE_REASON, CASE_STATE, Edit, Entry, Person, Subject};
use crate::store::error::Error;
use crate::store::filter::{Filter, ME};
use crate::store::projection::cases::FIELD;
use crate::store::projection::numbers::{self, Listed};
use crate::store::projection::{cases, stale, team};
use crate::store::query::cases::whose::{Whose, assignees};
use crate::store::query::list::{CountSource, List, Shape, given, is_among, is_wanted, json_of};
use crate::store::query::who::{self, name_of};
use crate::store::query::{calls, people};
use crate::store::rows::{CaseDetailRow, CaseFigures, CaseRow};

/// Missed calls that a case shows at most.
const MISSES_SHOWN: i64 = 200;

macro_rules! of_cases {
    ($bare:literal) => {
        Shape {
            columns: concat!(
                "follow_up.*, kind.kind_0 as state, kind.kind_2 as app, user.user,
                (select call_id from call where call.call_no = follow_up.call_no) as call_id,
                (select call_id from call where call.call_no = follow_up.closed_by) as closing_call_id,
                (select user from user where user.user_no = follow_up.by_user_no) as by_user, ",
                name_of!("follow_up.by_user_no"),
                " as by_name, ",
                name_of!("follow_up.person_no"),
                " as name"
            ),
            from: concat!(
                $bare,
                " cross join kind on kind.kind_no = follow_up.kind_no cross join user on user.user_no = follow_up.person_no"
            ),
            bare: $bare,
            time: "follow_up.last_ms",
            ties: &["kind.kind_2", "user.user", "follow_up.first_ms"],
        }
    };
}
const OF_KIND: Shape = of_cases!("follow_up indexed by follow_up_kind");
/// Of too many kinds.
const NEWEST: Shape = of_cases!("follow_up indexed by follow_up_newest");
/// Of some people: few, so they are looked up and sorted.
const OF_PEOPLE: Shape = of_cases!(
    "json_each(?3) as hit cross join follow_up indexed by follow_up_person on follow_up.person_no = hit.value"
);
const ONE: Shape = of_cases!("follow_up");

/// Cases that the filter finds, the newest last miss first.
pub(crate) fn list(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<List, Error> {
    list_of(connection, filter, people_wanted(connection, filter)?.as_deref(), now_ms)
}

/// The same, where it is known whose cases are wanted.
fn list_of(connection: &Connection, filter: &Filter, people: Option<&[i64]>, now_ms: i64) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    if let Some(people) = people {
        list.bind(json_of(people));
    }
    let Kinds { always, by_time } = kinds(connection, filter)?;
    for (kinds, is_timed) in [(always, false), (by_time, true)].into_iter().filter(|(kinds, _)| !kinds.is_empty()) {
        let mut conditions = Vec::new();
        if is_timed {
            let now = list.bind(now_ms);
            let is_ahead = is_among(filter.state.as_deref(), "put_off");
            conditions.push(format!("follow_up.until_ms {} {now}", if is_ahead { ">" } else { "<=" }));
        }
        if people.is_some() {
            conditions.push(list.among_numbers("follow_up.kind_no", &kinds));
            list.part(&OF_PEOPLE, conditions, CountSource::No);
        } else {
            list.kinds((&OF_KIND, &NEWEST), "follow_up.kind_no", &kinds, &conditions);
        }
    }
    Ok(list)
}

/// The people whose cases are wanted; none where the filter names nobody.
fn people_wanted(connection: &Connection, filter: &Filter) -> Result<Option<Vec<i64>>, Error> {
    let found =
        given(filter.q.as_deref()).map(|text| people::found_by(connection, &case_fold::fold(text))).transpose()?;
    let Some(user) = given(filter.person.as_deref()).or(given(filter.user.as_deref())) else {
        return Ok(found.map(|found| found.into_iter().collect()));
    };
    let one = who::person_no(connection, user)?;
    Ok(Some(one.into_iter().filter(|one| found.as_ref().is_none_or(|found| found.contains(one))).collect()))
}

/// Kinds that are wanted.
struct Kinds {
    always: Vec<i64>,
    /// They were put off, and whether they are wanted depends on whether that time is still ahead.
    by_time: Vec<i64>,
}

fn kinds(connection: &Connection, filter: &Filter) -> Result<Kinds, Error> {
    let wanted = |state: &str| is_among(filter.state.as_deref(), state);
    let (mut always, mut by_time) = (Vec::new(), Vec::new());
    let whose = Whose::read(connection, filter)?;
    let found = numbers::kinds(connection, Listed::Case, |[state, assignee, app, _]| {
        let is_state = if state == "put_off" { wanted("open") || wanted("put_off") } else { wanted(state) };
        is_state && is_wanted(filter.app.as_deref(), app) && whose.has(assignee)
    })?;
    for (kind_no, [state, ..]) in found {
        let depends = state == "put_off" && wanted("open") != wanted("put_off");
        if depends { &mut by_time } else { &mut always }.push(kind_no);
    }
    Ok(Kinds { always, by_time })
}

/// Reads a row of the list.
pub(crate) fn case_row(row: &Row<'_>, now_ms: i64) -> Result<CaseRow, Error> {
    let person = |column: &str| -> Result<Option<Person>, Error> {
        let text: String = row.get(column)?;
        Ok(if text.is_empty() { None } else { Some(serde_json::from_str(&text)?) })
    };
    let by_user: Option<String> = row.get("by_user")?;
    let by = match by_user {
        Some(id) => Some(Person { id, name: row.get("by_name")? }),
        None => person("by_person")?,
    };
    let (state, until_ms): (String, Option<i64>) = (row.get("state")?, row.get("until_ms")?);
    let is_back = state == "put_off" && until_ms.is_none_or(|until_ms| until_ms <= now_ms);
    Ok(CaseRow {
        app: row.get("app")?,
        call_id: row.get::<_, Option<String>>("call_id")?.unwrap_or_default(),
        user: row.get("user")?,
        name: row.get("name")?,
        state: if is_back { "open".to_owned() } else { state },
        misses: u64::try_from(row.get::<_, i64>("misses")?).unwrap_or(0),
        first_ms: row.get("first_ms")?,
        last_ms: row.get("last_ms")?,
        closed_ms: row.get("closed_ms")?,
        how: row.get("how")?,
        by,
        after_ms: row.get("after_ms")?,
        closing_call_id: row.get::<_, Option<String>>("closing_call_id")?.unwrap_or_default(),
        assignee: person("assignee")?,
        until_ms,
        reason: row.get("reason")?,
        calls: Vec::new(),
    })
}

/// Reads a row for an export: with the ids of its misses.
pub(crate) fn exported_row(connection: &Connection, row: &Row<'_>, now_ms: i64) -> Result<CaseRow, Error> {
    let mut calls = connection.prepare_cached(
        "select call_id from follow_up_miss cross join call using (call_no) where case_no = ?1 order by position",
    )?;
    let calls = calls.query_map([row.get::<_, i64>("case_no")?], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(CaseRow { calls, ..case_row(row, now_ms)? })
}

/// The number of the case that a call has opened or is one of.
pub(crate) fn of_call(connection: &Connection, app: &str, call_id: &str) -> Result<Option<i64>, Error> {
    let Some(call_no) = numbers::call_no(connection, app, call_id)? else { return Ok(None) };
    let mut statement = connection.prepare_cached("select case_no from follow_up_miss where call_no = ?1")?;
    Ok(statement.query_row([call_no], |row| row.get(0)).optional()?)
}

/// A case with what explains it, by any of its misses.
pub(crate) fn detail(
    connection: &Connection,
    app: &str,
    call_id: &str,
    now_ms: i64,
) -> Result<Option<CaseDetailRow>, Error> {
    let Some(case_no) = of_call(connection, app, call_id)? else { return Ok(None) };
    let one = format!("select {} from {} where case_no = ?1", ONE.columns, ONE.from);
    let read = |row: &Row<'_>| Ok((case_row(row, now_ms), row.get("closed_by")?));
    let (case, closed_by): (_, Option<i64>) = connection.prepare_cached(&one)?.query_row([case_no], read)?;
    let call = |call_no| calls::of_number(connection, call_no, now_ms);
    let mut misses = Vec::new();
    let mut of_case = connection
        .prepare_cached("select call_no from follow_up_miss where case_no = ?1 order by position limit ?2")?;
    for call_no in of_case.query_map((case_no, MISSES_SHOWN), |row| row.get(0))? {
        misses.extend(call(call_no?)?);
    }
    let closing = closed_by.map(call).transpose()?.flatten();
    Ok(Some(CaseDetailRow { case: case?, misses, closing, history: history(connection, case_no)? }))
}

/// What people have said of a case, the newest first.
fn history(connection: &Connection, case_no: i64) -> Result<Vec<Entry>, Error> {
    let mut found = Vec::new();
    for (subject, _) in cases::said_of(connection, case_no)? {
        found.extend(entries::history(connection, &subject, 1_000)?);
    }
    found.retain(|entry| entry.field.starts_with(FIELD));
    found.sort_by_key(|entry| std::cmp::Reverse((entry.at_ms, entry.id)));
    Ok(found)
}

/// The edits that say something of a case: on its newest miss, and wherever the same was said before, so that nothing said earlier,
/// or with a clock that was ahead, outweighs it.
pub(crate) fn edits(
    connection: &Connection,
    app: &str,
    call_id: &str,
    say: &[(&'static str, Value)],
) -> Result<Option<Vec<Edit>>, Error> {
    let Some(case_no) = of_call(connection, app, call_id)? else { return Ok(None) };
    let newest =
        "select word, call_id from follow_up cross join call using (call_no) cross join word on word_no = app_no
                  where case_no = ?1";
    let newest = connection
        .prepare_cached(newest)?
        .query_row([case_no], |row| Ok(Subject::Call { app: row.get(0)?, call_id: row.get(1)? }))?;
    let mut edits = Vec::new();
    let said = cases::said_of(connection, case_no)?;
    for (field, value) in say.iter().chain(&implied(say)) {
        let said_on = said.iter().filter(|(_, fields)| fields.iter().any(|of| of == field)).map(|(subject, _)| subject);
        // Nothing is taken away where nothing was said.
        let also = (!value.is_null()).then_some(&newest);
        let subjects = said_on.filter(|subject| Some(*subject) != also).chain(also);
        edits.extend(subjects.map(|subject| Edit {
            subject: subject.clone(),
            field: (*field).to_owned(),
            value: value.clone(),
        }));
    }
    Ok(Some(edits))
}

/// Whoever opens a case again takes away why it was closed, unless something is said of that too.
fn implied(say: &[(&'static str, Value)]) -> Option<(&'static str, Value)> {
    let is_opened = say.iter().any(|(field, value)| *field == CASE_STATE && value == "open");
    let is_explained = say.iter().any(|(field, _)| *field == CASE_REASON);
    (is_opened && !is_explained).then_some((CASE_REASON, Value::Null))
}

/// Cases of a filter in numbers, whatever state it names.
pub(crate) fn figures(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<CaseFigures, Error> {
    let of = |state: &str| Filter { state: Some(state.to_owned()), ..filter.clone() };
    let people = people_wanted(connection, filter)?;
    let list = |filter: &Filter| list_of(connection, filter, people.as_deref(), now_ms);
    let count = |filter: &Filter| list(filter)?.count(connection);
    let mut after = Vec::new();
    let closed = list(&of("done,closed_itself"))?;
    closed.each_bare_value(connection, "follow_up.after_ms", |row| {
        after.extend(row.get::<_, Option<i64>>(0)?);
        Ok(())
    })?;
    Ok(CaseFigures {
        open: count(&of("open"))?,
        put_off: count(&of("put_off"))?,
        done: count(&of("done"))?,
        closed_itself: count(&of("closed_itself"))?,
        mine: count(&Filter { assignee: Some(ME.to_owned()), ..of("open") })?,
        stale: stale::count(connection)?,
        median_after_ms: median(&mut after),
        anybody_ours: !team::ours(connection)?.is_empty(),
        assignees: assignees(connection, filter.me.as_ref())?,
    })
}

/// By nearest rank: the value at place ceil(n / 2), from 1.
fn median(values: &mut [i64]) -> Option<i64> {
    let place = values.len().div_ceil(2).checked_sub(1)?;
    Some(*values.select_nth_unstable(place).1)
}
