//! Figures of calls (rules.md section 11): one walk over the calls that a filter finds, and one over their members.
//!
//! The counters know how many calls of a kind there are, and neither how long they rang nor whether one that broke off had been
//! answered; so every call is gone through. Where nothing narrows them but times and kinds, they are read as they were packed by the
//! hour ([`packed`]), and row by row only what is left ([`parts`]); calls of one user or tag are read row by row.

mod at_once;
mod calendar;
mod call;
mod earlier;
pub(crate) mod kinds;
mod member;
pub(crate) mod packed;
mod parts;
mod people;
mod spread;
mod tally;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::query::calls;
use crate::store::query::figures::kinds::CallKinds;
use crate::store::query::figures::parts::Parts;
use crate::store::query::figures::people::People;
use crate::store::query::figures::tally::Tally;
use crate::store::query::who;
use crate::store::rows::{Compared, Comparison, Figures};
use crate::zone::Zone;

/// What is asked of some calls.
pub(crate) struct Question<'a> {
    /// Of which.
    pub(crate) filter: &'a Filter,
    /// Whose days and hours are meant.
    pub(crate) zone: &'a Zone,
    /// Which earlier period they are compared with, if with any.
    pub(crate) compared: Option<Comparison>,
    /// What is still open depends on it.
    pub(crate) now_ms: i64,
}

/// The figures of all calls that the filter finds.
pub(crate) fn of_calls(connection: &Connection, question: &Question<'_>) -> Result<Figures, Error> {
    figures(connection, question, None)
}

/// The same of the calls of a person, who alone is among the people; none of whom nobody ever heard.
pub(crate) fn of_person(
    connection: &Connection,
    user: &str,
    question: &Question<'_>,
) -> Result<Option<Figures>, Error> {
    let Some(person_no) = who::person_no(connection, user)? else { return Ok(None) };
    let filter = Filter { person: Some(user.to_owned()), ..question.filter.clone() };
    figures(connection, &Question { filter: &filter, ..*question }, Some(person_no)).map(Some)
}

fn figures(connection: &Connection, question: &Question<'_>, only: Option<i64>) -> Result<Figures, Error> {
    let mut people = People::new(connection, only)?;
    let figures = count(connection, question, question.filter, Some(&mut people))?;
    Ok(Figures { people: people.figures(connection)?, compared: compared(connection, question)?, ..figures })
}

fn compared(connection: &Connection, question: &Question<'_>) -> Result<Option<Compared>, Error> {
    let Question { filter, zone, now_ms, .. } = *question;
    let Some(with) = question.compared else { return Ok(None) };
    let Some((from, to)) = earlier::period(filter, with, zone, now_ms) else { return Ok(None) };
    let filter = Filter { from: Some(from), to: Some(to), ..filter.clone() };
    let figures = count(connection, question, &filter, None)?;
    Ok(Some(Compared::of(with, (from, to), figures)))
}

/// Counts the calls that a filter finds, for everybody in them too where people are wanted.
fn count(
    connection: &Connection,
    question: &Question<'_>,
    filter: &Filter,
    mut people: Option<&mut People>,
) -> Result<Figures, Error> {
    let Question { zone, now_ms, .. } = *question;
    let mut tally = Tally::new(zone);
    let by_row = |tally: &mut Tally<'_>, filter: &Filter, kinds: &CallKinds, people: Option<&mut People>| {
        let calls = tally.read(connection, &calls::list(connection, filter, now_ms)?, kinds, now_ms)?;
        people.map_or(Ok(()), |people| people.read(connection, calls))
    };
    let packed = if calls::only_kinds(filter) { CallKinds::of_filter(connection, filter)? } else { None };
    let Some(kinds) = packed else {
        by_row(&mut tally, filter, &CallKinds::read(connection)?, people)?;
        return Ok(tally.figures());
    };
    let Parts { hours, rows } = Parts::of(connection, filter.from.unwrap_or(i64::MIN), filter.to.unwrap_or(i64::MAX))?;
    for (from, to) in rows {
        let filter = Filter { from: Some(from), to: Some(to), ..filter.clone() };
        by_row(&mut tally, &filter, &kinds, people.as_deref_mut())?;
    }
    tally.read_packed(connection, &hours, &kinds, now_ms)?;
    if let Some(people) = people {
        people.read_packed(connection, &hours, &kinds, zone)?;
    }
    Ok(tally.figures())
}
