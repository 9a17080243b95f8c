//! People as a list and a detail.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::store::case_fold;
use crate::store::entry::Subject;
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::numbers::{self, Listed};
use crate::store::projection::people::users_of;
use crate::store::query::list::{CountSource, List, Shape, given, is_wanted, json_of};
use crate::store::query::{notes, who};
use crate::store::rows::{ContactRow, PersonDetailRow, PersonRow, TeamRow};

const PEOPLE: Shape = Shape {
    columns: "person.user_no, user.user, person.seen_ms, person.first_ms, person.calls, kind.kind_0 as team,
        kind.kind_1 as ours, person.name",
    from: "person indexed by person_kind cross join kind on kind.kind_no = person.kind_no
        cross join user on user.user_no = person.user_no",
    bare: "person indexed by person_kind",
    time: "person.seen_ms",
    ties: &["user.user"],
};
const NEWEST: Shape = Shape {
    from: "person indexed by person_newest cross join kind on kind.kind_no = person.kind_no
        cross join user on user.user_no = person.user_no",
    bare: "person indexed by person_newest",
    ..PEOPLE
};
/// By whatever finds few of them, so they can be sorted; or of too many kinds.
const PEOPLE_UNSORTED: Shape = Shape {
    from: "person cross join kind on kind.kind_no = person.kind_no cross join user on user.user_no = person.user_no",
    bare: "person",
    ..PEOPLE
};
const FOUND: Shape = Shape {
    from: "json_each(?3) as hit cross join person on person.user_no = hit.value
        cross join kind on kind.kind_no = person.kind_no cross join user on user.user_no = person.user_no",
    bare: "json_each(?3) as hit cross join person on person.user_no = hit.value",
    ..PEOPLE
};

/// People that the filter finds, last seen first.
pub(crate) fn list(connection: &Connection, filter: &Filter) -> Result<List, Error> {
    let mut list = List::new(filter.from, filter.to);
    let kinds: Vec<i64> = numbers::kinds(connection, Listed::Person, |kind| {
        let ours = if kind[1].is_empty() { "no" } else { "yes" };
        is_wanted(filter.team.as_deref(), kind[0]) && is_wanted(filter.ours.as_deref(), ours)
    })?
    .into_iter()
    .map(|(kind_no, _)| kind_no)
    .collect();
    let mut found: Option<BTreeSet<i64>> = None;
    if let Some(text) = given(filter.q.as_deref()) {
        found = Some(found_by(connection, &case_fold::fold(text))?);
    }
    if let Some(user) = given(filter.person.as_deref()).or(given(filter.user.as_deref())) {
        let one: BTreeSet<i64> = who::person_no(connection, user)?.into_iter().collect();
        found = Some(found.map_or(one.clone(), |found| found.intersection(&one).copied().collect()));
    }
    match found {
        Some(found) => {
            list.bind(json_of(&found.into_iter().collect::<Vec<_>>()));
            let of_kinds = list.among_numbers("person.kind_no", &kinds);
            list.part(&FOUND, vec![of_kinds], CountSource::No);
        }
        None if [&filter.team, &filter.ours].into_iter().all(|choice| given(choice.as_deref()).is_none()) => {
            list.part(&NEWEST, Vec::new(), CountSource::All(Listed::Person));
        }
        None => list.kinds((&PEOPLE, &PEOPLE_UNSORTED), "person.kind_no", &kinds, &[]),
    }
    Ok(list)
}

/// The people who are found by a text: in an id, a name, a team, or anything else that is said of them, their notes and tags too.
pub(crate) fn found_by(connection: &Connection, needle: &str) -> Result<BTreeSet<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "select coalesce(person_no, hit.value) from json_each(?1) as hit left join contact on contact.user_no = hit.value
         union all select person_no from contact
             where team <> '' and contains_folded(team, ?2) or phone <> '' and contains_folded(phone, ?2)
                 or email <> '' and contains_folded(email, ?2) or comment <> '' and contains_folded(comment, ?2)",
    )?;
    let mut users = who::users(connection, needle)?;
    users.extend(notes::users_with(connection, needle)?);
    let users = json_of(&users);
    let people = statement.query_map((users, needle), |row| row.get(0))?;
    Ok(people.collect::<Result<_, _>>()?)
}

/// Reads a row of the list.
pub(crate) fn person_row(connection: &Connection, row: &Row<'_>) -> Result<PersonRow, Error> {
    let user_no: i64 = row.get("user_no")?;
    let mut one = PersonRow {
        user: row.get("user")?,
        users: Vec::new(),
        name: row.get("name")?,
        team: row.get("team")?,
        ours: !row.get::<_, String>("ours")?.is_empty(),
        phone: String::new(),
        email: String::new(),
        comment: String::new(),
        calls: u64::try_from(row.get::<_, i64>("calls")?).unwrap_or(0),
        first_ms: row.get("first_ms")?,
        last_ms: Some(row.get("seen_ms")?).filter(|seen_ms| *seen_ms != 0),
        notes: 0,
        same_as: String::new(),
    };
    let mut said = connection.prepare_cached(
        "select user, phone, email, comment,
             (select count(*) from subject cross join note using (subject_no) where subject.user_no = user.user_no) as notes
         from user left join contact using (user_no) where user_no = ?1",
    )?;
    for user_no in users_of(connection, user_no)? {
        let mut rows = said.query([user_no])?;
        let Some(row) = rows.next()? else { continue };
        one.users.push(row.get("user")?);
        one.notes += u64::try_from(row.get::<_, i64>("notes")?).unwrap_or(0);
        for (place, column) in [(&mut one.phone, "phone"), (&mut one.email, "email"), (&mut one.comment, "comment")] {
            if place.is_empty() {
                *place = row.get::<_, Option<String>>(column)?.unwrap_or_default();
            }
        }
    }
    Ok(one)
}

/// The rows of one person in an export: each id has its own, with what is said of it, so that they can be imported again, and with
/// when it was seen itself, so that nothing is counted twice.
pub(crate) fn users_as_rows(connection: &Connection, person: PersonRow) -> Result<Vec<PersonRow>, Error> {
    let others = person.users.iter().skip(1).cloned().collect::<Vec<_>>();
    if others.is_empty() {
        return Ok(vec![person]);
    }
    let mut rows = Vec::with_capacity(person.users.len());
    let stands_for = person.user.clone();
    rows.push(seen_alone(connection, person)?);
    for user in others {
        let Some(said) = contact(connection, &user)? else { continue };
        let alone = PersonRow {
            users: vec![user.clone()],
            user,
            name: said.name,
            team: said.team,
            ours: said.ours,
            phone: said.phone,
            email: said.email,
            comment: said.comment,
            calls: 0,
            first_ms: None,
            last_ms: None,
            notes: 0,
            same_as: stands_for.clone(),
        };
        rows.push(seen_alone(connection, alone)?);
    }
    Ok(rows)
}

/// The same row, with the calls and moments of its id alone.
fn seen_alone(connection: &Connection, row: PersonRow) -> Result<PersonRow, Error> {
    let Some(user_no) = numbers::user_no(connection, &row.user)? else { return Ok(row) };
    let mut seen = connection.prepare_cached(
        "select (select count(*) from member where user_no = ?1), (select min(started_ms) from member where user_no = ?1),
             (select min(sort_ms) from stay where user_no = ?1), (select max(started_ms) from member where user_no = ?1),
             (select max(sort_ms) from stay where user_no = ?1)",
    )?;
    let read = |found: &Row<'_>| -> Result<_, rusqlite::Error> {
        let moment = |column: usize| found.get::<_, Option<i64>>(column);
        let firsts = [moment(1)?, moment(2)?];
        Ok((found.get::<_, i64>(0)?, firsts.into_iter().flatten().min(), moment(3)?.max(moment(4)?)))
    };
    let (calls, first_ms, last_ms) = seen.query_row([user_no], read)?;
    Ok(PersonRow { calls: u64::try_from(calls).unwrap_or(0), first_ms, last_ms, ..row })
}

/// A person, by any of the ids.
pub(crate) fn detail(connection: &Connection, user: &str) -> Result<Option<PersonDetailRow>, Error> {
    let Some(person_no) = who::person_no(connection, user)? else { return Ok(None) };
    let one = format!("select {} from {} where person.user_no = ?1", PEOPLE.columns, PEOPLE_UNSORTED.from);
    let person = connection
        .prepare_cached(&one)?
        .query_row([person_no], |row| Ok(person_row(connection, row)))
        .optional()?
        .transpose()?;
    let Some(person) = person else { return Ok(None) };
    let (mut contacts, mut of_person, mut tags, mut stays) = (Vec::new(), Vec::new(), BTreeSet::new(), 0);
    for user in &person.users {
        contacts.extend(contact(connection, user)?);
        let subject = Subject::User(user.clone());
        of_person.extend(notes::of(connection, &subject)?);
        tags.extend(notes::tags_of(connection, &subject)?);
        stays += connection
            .prepare_cached("select count(*) from user cross join stay using (user_no) where user = ?1")?
            .query_row([user], |row| row.get::<_, i64>(0))?;
    }
    of_person.sort_by(|one, other| (one.at_ms, &one.id).cmp(&(other.at_ms, &other.id)));
    let (tags, stays) = (tags.into_iter().collect(), u64::try_from(stays).unwrap_or(0));
    Ok(Some(PersonDetailRow { person, contacts, notes: of_person, tags, stays }))
}

/// What is said of one id.
pub(crate) fn contact(connection: &Connection, user: &str) -> Result<Option<ContactRow>, Error> {
    let mut statement = connection.prepare_cached(
        "select user.user, contact.*, coalesce(other.user, '') as same_as from user join contact using (user_no)
         left join user as other on other.user_no = same_as_no where user.user = ?1",
    )?;
    let mut rows = statement.query([user])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(ContactRow {
        user: row.get("user")?,
        name: row.get("name")?,
        team: row.get("team")?,
        ours: row.get("ours")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        comment: row.get("comment")?,
        same_as: row.get("same_as")?,
        others: serde_json::from_str(&row.get::<_, String>("others")?)?,
    }))
}

/// The teams, in order, and how many people are in each.
pub(crate) fn teams(connection: &Connection) -> Result<Vec<TeamRow>, Error> {
    let mut statement = connection.prepare_cached(
        "select kind_0, sum(rows) from kind cross join counter using (kind_no) where list = 'person' and unit = 2 and kind_0 <> ''
         group by kind_0 order by kind_0",
    )?;
    let teams = statement.query_map([], |row| {
        Ok(TeamRow { team: row.get(0)?, people: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0) })
    })?;
    Ok(teams.collect::<Result<_, _>>()?)
}

/// What the team calls a user; empty where nobody gave a name.
pub(crate) fn name(connection: &Connection, user: &str) -> Result<String, Error> {
    Ok(names(connection, std::iter::once(user))?.into_values().next().unwrap_or_default())
}

/// The names of those of some users who have one.
pub(crate) fn names<'a>(
    connection: &Connection,
    users: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut statement = connection.prepare_cached(
        "select person.name from user cross join contact using (user_no)
         cross join person on person.user_no = contact.person_no where user.user = ?1",
    )?;
    let mut names = BTreeMap::new();
    for user in users.filter(|user| !user.is_empty()).collect::<BTreeSet<_>>() {
        let name: Option<String> = statement.query_row([user], |row| row.get(0)).optional()?;
        names.extend(name.filter(|name| !name.is_empty()).map(|name| (user.to_owned(), name)));
    }
    Ok(names)
}
