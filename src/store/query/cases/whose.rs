//! Whose a case is: whom a filter means, and to whom cases can be assigned.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::entry::{BY_NAME, Person};
use crate::store::error::Error;
use crate::store::filter::{Filter, ME};
use crate::store::projection::numbers::{self, Listed};
use crate::store::query::list::given;

/// Nobody, where a filter names whose cases are wanted.
const NOBODY: &str = "-";

/// Whose cases a filter wants.
pub(super) enum Whose {
    Everybodys,
    Nobodys,
    /// Those of any of these ids.
    Of(BTreeSet<String>),
}

impl Whose {
    pub(super) fn read(connection: &Connection, filter: &Filter) -> Result<Self, Error> {
        let me = filter.me.as_ref();
        let asked = match given(filter.assignee.as_deref()) {
            None => return Ok(Self::Everybodys),
            Some(NOBODY) => return Ok(Self::Nobodys),
            Some(ME) => me.map(|me| me.id.as_str()),
            Some(id) => Some(id),
        };
        let Some(asked) = asked else { return Ok(Self::Of(BTreeSet::new())) };
        let known: Vec<Person> = me.cloned().into_iter().chain(assigned(connection)?).collect();
        let same = known.iter().filter(|one| one.id == asked).flat_map(|one| {
            let also = known.iter().filter(move |other| is_same(one, other));
            also.map(|other| other.id.clone())
        });
        Ok(Self::Of(same.chain(std::iter::once(asked.to_owned())).collect()))
    }

    /// Whether a case is among them that is assigned to this id; empty for nobody.
    pub(super) fn has(&self, assignee: &str) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Nobodys => assignee.is_empty(),
            Self::Of(ids) => ids.contains(assignee),
        }
    }
}

/// Somebody who had never written anything when something was assigned to them is known by the name alone, and is whoever is called
/// so. Two who write are two, also where they are called the same.
fn is_same(one: &Person, other: &Person) -> bool {
    let by_name = |person: &Person| person.id.starts_with(BY_NAME);
    one.id == other.id || ((by_name(one) || by_name(other)) && called(one) == called(other))
}

/// What somebody is called, however it is spelt.
fn called(person: &Person) -> String {
    person.id.strip_prefix(BY_NAME).unwrap_or(&person.name).to_lowercase()
}

/// To whom cases are assigned: of each kind of them one, so somebody may come more than once.
fn assigned(connection: &Connection) -> Result<Vec<Person>, Error> {
    let mut one = connection
        .prepare_cached("select assignee from follow_up indexed by follow_up_kind where kind_no = ?1 limit 1")?;
    let mut assigned = Vec::new();
    for (kind_no, _) in numbers::kinds(connection, Listed::Case, |kind| !kind[1].is_empty())? {
        let assignee = one.query_row([kind_no], |row| row.get::<_, String>(0)).optional()?;
        assigned.extend(assignee.and_then(|assignee| serde_json::from_str::<Person>(&assignee).ok()));
    }
    Ok(assigned)
}

/// Whom a case can be assigned to. Who is known by the name alone gives way to whoever is called so and writes.
pub(super) fn assignees(connection: &Connection, me: Option<&Person>) -> Result<Vec<Person>, Error> {
    let mut statement = connection.prepare_cached(
        "select distinct person.name from contact cross join person on person.user_no = contact.person_no
         where contact.ours = 1 and person.name <> '' order by person.name",
    )?;
    let ours = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let ours = ours.into_iter().map(|name| Person { id: format!("{BY_NAME}{name}"), name });
    let (by_name, writing): (Vec<Person>, Vec<Person>) =
        assigned(connection)?.into_iter().partition(|person| person.id.starts_with(BY_NAME));
    let mut known: Vec<Person> = me.cloned().into_iter().collect();
    for person in writing.into_iter().chain(by_name).chain(ours) {
        if !known.iter().any(|known| is_same(known, &person)) {
            known.push(person);
        }
    }
    Ok(known)
}
