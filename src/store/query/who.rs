//! Who is meant where a filter names a person or a team, or a text is searched for.

use std::ops::ControlFlow;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::people::{person_of, users_of};
use crate::store::projection::{numbers, segments};
use crate::store::query::list::{given, json_of};

/// The users whose id or name holds the needle; of a person whose name does, all ids.
pub(crate) fn users(connection: &Connection, needle: &str) -> Result<Vec<i64>, Error> {
    let (mut found, mut named) = (Vec::new(), Vec::new());
    segments::USERS.each_holding(connection, needle, |(first, end)| {
        let mut statement = connection.prepare_cached(
            "select user_no, contains_folded(coalesce(name, ''), ?3) from user left join contact using (user_no)
             where user_no >= ?1 and user_no < ?2 and (contains_folded(user, ?3) or contains_folded(coalesce(name, ''), ?3))",
        )?;
        let mut rows = statement.query((first, end, needle))?;
        while let Some(row) = rows.next()? {
            let is_named = row.get(1)?;
            if is_named { &mut named } else { &mut found }.push(row.get(0)?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    found.extend(of_persons(connection, &named)?);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// All ids of the persons of some users.
fn of_persons(connection: &Connection, users: &[i64]) -> Result<Vec<i64>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "with person (person_no) as materialized (
             select distinct person_no from json_each(?1) as one cross join contact on contact.user_no = one.value)
         select person_no from person
         union all select user_no from person cross join contact indexed by contact_person using (person_no)",
    )?;
    let users = statement.query_map([json_of(users)], |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// The users whose calls and stays a filter asks for by a person or a team; none where it names neither.
pub(crate) fn wanted_users(connection: &Connection, filter: &Filter) -> Result<Option<Vec<i64>>, Error> {
    let of_person = match given(filter.person.as_deref()) {
        Some(user) => match person_no(connection, user)? {
            Some(person_no) => Some(users_of(connection, person_no)?),
            None => Some(Vec::new()),
        },
        None => None,
    };
    let of_team = given(filter.team.as_deref()).map(|team| users_of_team(connection, team)).transpose()?;
    Ok(match (of_person, of_team) {
        (Some(users), Some(team)) => Some(users.into_iter().filter(|user_no| team.contains(user_no)).collect()),
        (Some(users), None) | (None, Some(users)) => Some(users),
        (None, None) => None,
    })
}

fn users_of_team(connection: &Connection, team: &str) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "select user_no from person join kind using (kind_no) where list = 'person' and kind_0 = ?1
         union select contact.user_no from person join kind using (kind_no) join contact on person_no = person.user_no
         where list = 'person' and kind_0 = ?1",
    )?;
    let users = statement.query_map([team], |row| row.get(0))?;
    Ok(users.collect::<Result<_, _>>()?)
}

/// The id that stands for the person of a user.
pub(crate) fn person_no(connection: &Connection, user: &str) -> Result<Option<i64>, Error> {
    numbers::user_no(connection, user)?.map(|user_no| person_of(connection, user_no)).transpose()
}

/// The SQL of the name of a user, whose number an expression has: of the person, so whichever of the ids says it.
macro_rules! name_of {
    ($user_no:literal) => {
        concat!(
            "coalesce((select person.name from contact join person on person.user_no = contact.person_no
                where contact.user_no = ",
            $user_no,
            "), '')"
        )
    };
}
pub(crate) use name_of;
