//! Derives the cases of those who wait for it. Of a person only what may have changed is derived again: cases that were closed
//! before that moment stay.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::store::entry::Person;
use crate::store::error::Error;
use crate::store::projection::cases::gather::{Context, Said};
use crate::store::projection::counters::Counters;
use crate::store::projection::fold::cases::{Case, How, fold};
use crate::store::projection::numbers::{Listed, Numbers};
use crate::store::projection::people::person_of;
use crate::store::projection::stale;

/// People that are looked at in one go where everybody is: most of them have no cases.
const CHUNK: i64 = 500;

/// Derives the cases of some of those who wait. `connection` is inside a transaction, and reaches the archive too.
pub(crate) fn some(connection: &Connection, at_most: i64) -> Result<(), Error> {
    let noted = noted(connection, at_most)?;
    of(connection, &if noted.is_empty() { swept(connection)? } else { noted })
}

/// The same of those alone of whom something has changed, not where everybody's cases are to be derived.
pub(crate) fn some_noted(connection: &Connection, at_most: i64) -> Result<(), Error> {
    of(connection, &noted(connection, at_most)?)
}

/// Derives the cases of these people, each from a moment on.
fn of(connection: &Connection, waiting: &[(i64, i64)]) -> Result<(), Error> {
    if waiting.is_empty() {
        return Ok(());
    }
    let (numbers, counters) = (Numbers::default(), Counters::default());
    let mut derived = Derived { context: Context::read(connection)?, numbers, counters };
    for (person_no, from_ms) in waiting {
        derived.person(connection, *person_no, *from_ms)?;
        connection.prepare_cached("delete from follow_up_stale where person_no = ?1")?.execute([person_no])?;
    }
    derived.counters.write(connection)
}

/// People who were noted, and from which moment on.
fn noted(connection: &Connection, at_most: i64) -> Result<Vec<(i64, i64)>, Error> {
    let mut noted = connection.prepare_cached("select person_no, from_ms from follow_up_stale limit ?1")?;
    let noted = noted.query_map([at_most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(noted.collect::<Result<_, _>>()?)
}

/// The next ones where everybody's cases are to be derived.
fn swept(connection: &Connection) -> Result<Vec<(i64, i64)>, Error> {
    let next: Option<i64> =
        connection.prepare_cached("select next_user from follow_up_sweep")?.query_row([], |row| row.get(0))?;
    let Some(next) = next else { return Ok(Vec::new()) };
    let mut statement =
        connection.prepare_cached("select user_no from user where user_no >= ?1 order by user_no limit ?2")?;
    let users = statement.query_map((next, CHUNK), |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let after = users.last().map(|last| last + 1);
    connection.prepare_cached("update follow_up_sweep set next_user = ?1")?.execute([after])?;
    Ok(users.into_iter().map(|user_no| (user_no, i64::MIN)).collect())
}

/// Derives everything that waits, for whoever compares.
pub(crate) fn all(connection: &mut Connection) -> Result<(), Error> {
    while stale::count(connection)? > 0 {
        let transaction = connection.transaction()?;
        some(&transaction, CHUNK)?;
        transaction.commit()?;
    }
    Ok(())
}

struct Derived {
    context: Context,
    numbers: Numbers,
    counters: Counters,
}

impl Derived {
    /// The cases of a person that are not known to be closed before a moment.
    fn person(&mut self, connection: &Connection, person_no: i64, from_ms: i64) -> Result<(), Error> {
        let from_ms = begin(connection, person_no, from_ms)?;
        self.forget(connection, person_no, from_ms)?;
        // Another id may have come to stand for the person; and nobody follows up a call of our own.
        if person_of(connection, person_no)? != person_no || self.context.is_ours(person_no) {
            return Ok(());
        }
        for (app, calls) in self.context.calls(connection, person_no, from_ms)? {
            let Said { by_hand, writers } = Said::read(connection, &calls)?;
            for case in fold(person_no, &calls, &by_hand, &self.context.rules) {
                self.write(connection, (&app, person_no), &case, &writers)?;
            }
        }
        Ok(())
    }

    fn forget(&mut self, connection: &Connection, person_no: i64, from_ms: i64) -> Result<(), Error> {
        let mut statement = connection.prepare_cached(
            "delete from follow_up where person_no = ?1 and first_ms >= ?2 returning case_no, kind_no, last_ms",
        )?;
        let gone = statement.query_map((person_no, from_ms), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        for (case_no, kind_no, last_ms) in gone.collect::<Result<Vec<(i64, i64, i64)>, _>>()? {
            self.counters.take(kind_no, last_ms);
            connection.prepare_cached("delete from follow_up_miss where case_no = ?1")?.execute([case_no])?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        connection: &Connection,
        (app, person_no): (&str, i64),
        case: &Case,
        writers: &HashMap<i64, String>,
    ) -> Result<(), Error> {
        let assignee = case.assignee.as_deref().unwrap_or_default();
        let (state, how, talk, done_by) = match case.closing.map(|closing| closing.how) {
            Some(How::CalledBack(talk)) => ("closed_itself", "called_back", Some(talk), None),
            Some(How::CalledAgain(talk)) => ("closed_itself", "called_again", Some(talk), None),
            Some(How::ByHand(call_no)) => ("done", "by_hand", None, writers.get(&call_no)),
            None => (if case.until_ms.is_some() { "put_off" } else { "open" }, "", None, None),
        };
        let kind_no = self.numbers.kind(connection, Listed::Case, [state, &id_of(assignee)?, app, ""])?;
        connection
            .prepare_cached(
                "insert into follow_up (kind_no, person_no, first_ms, last_ms, misses, call_no, closed_ms, how, by_user_no, by_person,
                     after_ms, closed_by, assignee, until_ms, reason)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                kind_no,
                person_no,
                case.first_missed_ms,
                case.last_missed_ms,
                i64::try_from(case.misses.len()).unwrap_or(i64::MAX),
                case.misses.last(),
                case.closing.map(|closing| closing.at_ms),
                how,
                talk.map(|talk| talk.by),
                done_by.map_or("", String::as_str),
                case.closing.map(|closing| closing.after_ms),
                talk.map(|talk| talk.call),
                assignee,
                case.until_ms,
                case.reason.as_deref().unwrap_or_default(),
            ])?;
        let case_no = connection.last_insert_rowid();
        self.counters.add(kind_no, case.last_missed_ms);
        let mut miss =
            connection.prepare_cached("insert into follow_up_miss (case_no, position, call_no) values (?1, ?2, ?3)")?;
        for (position, call_no) in (0_i64..).zip(&case.misses) {
            miss.execute((case_no, position, call_no))?;
        }
        Ok(())
    }
}

/// The id in what is kept of an assignee; empty where there is none.
fn id_of(assignee: &str) -> Result<String, Error> {
    if assignee.is_empty() {
        return Ok(String::new());
    }
    Ok(serde_json::from_str::<Person>(assignee)?.id)
}

/// From where on the cases of a person are derived: from the first of those that were not closed before the moment. What
/// happens later changes no case that was closed earlier.
fn begin(connection: &Connection, person_no: i64, from_ms: i64) -> Result<i64, Error> {
    let mut first = connection.prepare_cached(
        "select min(first_ms) from follow_up indexed by follow_up_person
         where person_no = ?1 and (closed_ms is null or closed_ms >= ?2)",
    )?;
    let mut from_ms = from_ms;
    loop {
        let earlier: Option<i64> = first.query_row((person_no, from_ms), |row| row.get(0))?;
        match earlier.filter(|earlier| *earlier < from_ms) {
            Some(earlier) => from_ms = earlier,
            None => return Ok(from_ms),
        }
    }
}
