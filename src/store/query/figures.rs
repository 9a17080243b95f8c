//! Figures of calls (rules.md section 11): one walk over the calls that a filter finds, and one over their members.
//!
//! The counters know how many calls of a kind there are, and neither how long they rang nor whether one that broke off had been
//! answered; so the rows themselves are gone through, which takes as long as the period is.

mod at_once;
mod calendar;
mod earlier;
mod people;
mod spread;
mod tally;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
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
    let Question { filter, zone, now_ms, .. } = *question;
    let (figures, calls) = Tally::read(connection, filter, zone, now_ms)?.figures();
    let people = people::of(connection, calls, only)?;
    Ok(Figures { people, compared: compared(connection, question)?, ..figures })
}

fn compared(connection: &Connection, question: &Question<'_>) -> Result<Option<Compared>, Error> {
    let Question { filter, zone, now_ms, .. } = *question;
    let Some(with) = question.compared else { return Ok(None) };
    let Some((from, to)) = earlier::period(filter, with, zone, now_ms) else { return Ok(None) };
    let filter = Filter { from: Some(from), to: Some(to), ..filter.clone() };
    let (figures, _) = Tally::read(connection, &filter, zone, now_ms)?.figures();
    Ok(Some(Compared::of(with, (from, to), figures)))
}
