//! What a filter asks of each call by itself, so that every figure leads to its calls: whether it was answered, what somebody had to
//! do with it, and in which hour of the week it was started (rules.md section 11).

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta};
use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::{Filter, WeekHour};
use crate::store::projection::counters::QUARTER_MS;
use crate::store::projection::numbers::{self, Listed};
use crate::store::query::calls::open::UNKNOWN;
use crate::store::query::list::{List, given, json_of};
use crate::store::query::who;
use crate::zone::Zone;

/// What becomes of a member who missed a call: it was not taken, they were offline or busy, or the caller gave up.
pub(crate) const MISSED: [&str; 4] = ["not_answer", "offline", "call_busy", "cancel"];
/// Of one who declined it.
pub(crate) const DECLINED: &str = "reject";
/// Of one who answered.
pub(crate) const ANSWERED: &str = "normal_end";

/// True where a filter asks something of each call by itself.
pub(crate) fn is_asked(filter: &Filter) -> bool {
    [&filter.answered, &filter.part, &filter.hour].into_iter().any(|choice| given(choice.as_deref()).is_some())
}

/// What a row of a list of calls must meet for it.
pub(crate) fn conditions(connection: &Connection, list: &mut List, filter: &Filter) -> Result<Vec<String>, Error> {
    let mut conditions = Vec::new();
    if let Some(answered) = given(filter.answered.as_deref()) {
        conditions.push(answered_or_not(connection, list, answered == "yes")?);
    }
    if let Some(part) = given(filter.part.as_deref()) {
        conditions.push(taken_by(connection, list, filter, part)?);
    }
    if let Some(hour) = given(filter.hour.as_deref()).and_then(WeekHour::read) {
        let quarters = quarters_of(connection, list, &hour)?;
        conditions.push(list.among_numbers(&format!("call.started_ms / {QUARTER_MS}"), &quarters));
    }
    Ok(conditions)
}

/// Calls that have ended, with an answer or without one.
fn answered_or_not(connection: &Connection, list: &mut List, is_answered: bool) -> Result<String, Error> {
    let mut of = |wanted: &dyn Fn(&str) -> bool| -> Result<String, Error> {
        let kinds = numbers::kinds(connection, Listed::Call, |kind| wanted(kind[0]))?;
        let kinds: Vec<i64> = kinds.into_iter().map(|(kind_no, _)| kind_no).collect();
        Ok(list.among_numbers("call.kind_no", &kinds))
    };
    let doubtful = of(&|result| !["", UNKNOWN, "normal_end"].contains(&result))?;
    if !is_answered {
        return Ok(format!("({doubtful} and call.answered_ms is null)"));
    }
    let surely = of(&|result| result == "normal_end")?;
    Ok(format!("({surely} or ({doubtful} and call.answered_ms is not null))"))
}

/// Calls in which somebody, or whoever the filter names, had this part. A person with several ids in a call has one part in it, as in
/// the figures; whoever asks for an id means that id alone.
fn taken_by(connection: &Connection, list: &mut List, filter: &Filter, part: &str) -> Result<String, Error> {
    let of_user = given(filter.user.as_deref()).map(|user| numbers::user_no(connection, user)).transpose()?;
    let users = match of_user {
        Some(user_no) => Some(user_no.into_iter().collect()),
        None => who::wanted_users(connection, filter)?,
    };
    let users = users
        .map(|users| format!(" and taker.user_no in (select value from json_each({}))", list.bind(json_of(&users))));
    let users = users.unwrap_or_default();
    let meets = had("taker", part);
    let unless = if of_user.is_none() && has_merged(connection)? { unless_outweighed(part) } else { String::new() };
    Ok(format!("exists (select 1 from member as taker where taker.call_no = call.call_no and {meets}{users}{unless})"))
}

/// What a member must meet to have a part.
fn had(member: &str, part: &str) -> String {
    let outcome = format!("(select word from word where word_no = {member}.outcome_no)");
    let away = format!("{member}.role <> 1 and {member}.joined_ms is null");
    match part {
        "made" => format!("{member}.role = 1"),
        "received" => format!("{member}.role <> 1"),
        "answered" => format!("{member}.role <> 1 and ({member}.joined_ms is not null or {outcome} = '{ANSWERED}')"),
        "missed" => format!("{away} and {outcome} in ('{}')", MISSED.join("', '")),
        _ => format!("{away} and {outcome} = '{DECLINED}'"),
    }
}

/// Nobody whose other id had a part that counts instead.
fn unless_outweighed(part: &str) -> String {
    let greater: &[&str] = match part {
        "made" => return String::new(),
        "received" | "answered" => &["made"],
        "missed" => &["made", "answered", "declined"],
        _ => &["made", "answered"],
    };
    let greater: Vec<String> = greater.iter().map(|part| format!("({})", had("other", part))).collect();
    let person = |member: &str| {
        format!("coalesce((select person_no from contact where user_no = {member}.user_no), {member}.user_no)")
    };
    format!(
        " and not exists (select 1 from member as other where other.call_no = call.call_no
             and other.user_no <> taker.user_no and {} = {} and ({}))",
        person("other"),
        person("taker"),
        greater.join(" or ")
    )
}

/// Whether anybody has several ids.
fn has_merged(connection: &Connection) -> Result<bool, Error> {
    let mut merged = connection.prepare_cached("select 1 from contact where person_no <> user_no limit 1")?;
    Ok(merged.exists([])?)
}

/// The quarters of an hour of a weekday, in the time in which there are calls: four in each week, and more where clocks go back.
fn quarters_of(connection: &Connection, list: &List, hour: &WeekHour) -> Result<Vec<i64>, Error> {
    let (first, last): (Option<i64>, Option<i64>) = connection
        .prepare_cached("select (select min(started_ms) from call), (select max(started_ms) from call)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    let window = list.window();
    let (from, to) = (window.start.max(first), window.end.min(last.saturating_add(1)));
    let day_of = |ms: i64| hour.zone.at(ms).map(|at| at.date_naive());
    let (Some(mut day), Some(end)) = (day_of(from), day_of(to)) else { return Ok(Vec::new()) };
    let mut quarters = Vec::new();
    while day <= end {
        if day.weekday().num_days_from_monday() == hour.weekday {
            quarters.extend(quarters_on(&hour.zone, day, hour.hour));
        }
        let Some(next) = day.checked_add_days(Days::new(1)) else { break };
        day = next;
    }
    Ok(quarters)
}

/// The quarters of an hour that is called so on a day: twice as many where it comes twice, none where it does not exist.
fn quarters_on(zone: &Zone, day: NaiveDate, hour: u32) -> std::ops::Range<i64> {
    let begin = day.and_time(NaiveTime::MIN) + TimeDelta::hours(i64::from(hour));
    let [from, to] = [begin, begin + TimeDelta::hours(1)].map(|local| zone.first_moment(local).div_euclid(QUARTER_MS));
    from..to
}
