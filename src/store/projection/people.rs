//! People: everybody who was ever in a call or a room, or whom somebody has named. A person may have several user ids; where a chain
//! of "the same as" ends is the one that stands for all of them (rules.md section 10).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::error::Error;
use crate::store::files::projection_schema;
use crate::store::projection::counters::Counters;
use crate::store::projection::numbers::{Listed, Numbers};

/// People that are derived in one go where all are.
const CHUNK: i64 = 10_000;

/// Of whom something may have changed, collected for a batch and written at its end.
#[derive(Default)]
pub(crate) struct DirtyPeople {
    /// By how many the calls of a user have become more.
    calls: BTreeMap<i64, i64>,
    /// When they were in a call or a room has changed, or what is said of them.
    users: BTreeSet<i64>,
    /// Their calls are counted again.
    recounted: BTreeSet<i64>,
}

impl DirtyPeople {
    /// A call has other members than before, or another moment.
    pub(crate) fn call(&mut self, before: &[i64], after: &[i64]) {
        for (users, by) in [(before, -1), (after, 1)] {
            for user_no in users {
                *self.calls.entry(*user_no).or_default() += by;
                self.users.insert(*user_no);
            }
        }
    }

    /// A user was in a room, or something is said of the user.
    pub(crate) fn touch(&mut self, user_no: i64) {
        self.users.insert(user_no);
    }

    /// A user has become another person's, or nobody's: the calls are counted again.
    pub(crate) fn recount(&mut self, user_no: i64) {
        self.users.insert(user_no);
        self.recounted.insert(user_no);
    }

    /// Writes who changed. A projection that is filled at once has not the indexes yet that tell: [`derive_all`] follows then.
    pub(crate) fn write(
        mut self,
        connection: &Connection,
        numbers: &mut Numbers,
        counters: &mut Counters,
    ) -> Result<(), Error> {
        self.users.remove(&0);
        if self.users.is_empty() || !projection_schema::has_all_indexes(connection)? {
            return Ok(());
        }
        let mut persons = BTreeMap::<i64, Option<i64>>::new();
        for user_no in &self.users {
            let person_no = person_of(connection, *user_no)?;
            if person_no != *user_no {
                forget(connection, *user_no, counters)?;
            }
            let by = self.calls.get(user_no).copied().unwrap_or(0);
            let known = persons.entry(person_no).or_insert(Some(0));
            *known = if self.recounted.contains(user_no) { None } else { known.map(|known| known + by) };
        }
        for (person_no, calls) in persons {
            write_person(connection, person_no, calls, numbers, counters)?;
        }
        Ok(())
    }
}

/// The user id that stands for the person of one.
pub(crate) fn person_of(connection: &Connection, user_no: i64) -> Result<i64, Error> {
    let mut statement = connection.prepare_cached("select person_no from contact where user_no = ?1")?;
    Ok(statement.query_row([user_no], |row| row.get(0)).optional()?.unwrap_or(user_no))
}

/// All user ids of a person, the one that stands for it first.
pub(crate) fn users_of(connection: &Connection, person_no: i64) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "select user_no from contact join user using (user_no) where person_no = ?1 and user_no <> ?1 order by user",
    )?;
    let others = statement.query_map([person_no], |row| row.get(0))?;
    std::iter::once(Ok(person_no)).chain(others.map(|other| Ok(other?))).collect()
}

/// What the list of people shows of one.
#[derive(Default, PartialEq, Eq)]
struct Person {
    kind_no: i64,
    seen_ms: i64,
    first_ms: Option<i64>,
    calls: i64,
    name: String,
}

impl Person {
    fn stored(connection: &Connection, user_no: i64) -> Result<Option<Self>, Error> {
        let mut statement = connection
            .prepare_cached("select kind_no, seen_ms, first_ms, calls, name from person where user_no = ?1")?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Self {
                kind_no: row.get(0)?,
                seen_ms: row.get(1)?,
                first_ms: row.get(2)?,
                calls: row.get(3)?,
                name: row.get(4)?,
            })
        };
        Ok(statement.query_row([user_no], read).optional()?)
    }
}

/// Takes a user id out of the list, because another one stands for the person, or nobody knows it any more.
fn forget(connection: &Connection, user_no: i64, counters: &mut Counters) -> Result<(), Error> {
    if let Some(known) = Person::stored(connection, user_no)? {
        counters.take(known.kind_no, known.seen_ms);
        connection.prepare_cached("delete from person where user_no = ?1")?.execute([user_no])?;
    }
    Ok(())
}

/// Writes one person; `more_calls` than before, or counted again.
fn write_person(
    connection: &Connection,
    person_no: i64,
    more_calls: Option<i64>,
    numbers: &mut Numbers,
    counters: &mut Counters,
) -> Result<(), Error> {
    let users = users_of(connection, person_no)?;
    let before = Person::stored(connection, person_no)?;
    let known_calls = before.as_ref().map_or(0, |before| before.calls);
    let calls = match (more_calls, users.as_slice()) {
        (Some(more), [_]) => known_calls + more,
        _ => count_calls(connection, &users)?,
    };
    let mut said = Said::default();
    let (mut first_ms, mut seen_ms) = (None, None);
    for user_no in &users {
        said.add(connection, *user_no)?;
        let (first, last) = moments(connection, *user_no)?;
        first_ms = [first_ms, first].into_iter().flatten().min();
        seen_ms = seen_ms.max(last);
    }
    if seen_ms.is_none() && !said.is_something {
        return forget(connection, person_no, counters);
    }
    let kind = [said.team.as_str(), if said.ours { "yes" } else { "" }, "", ""];
    let kind_no = numbers.kind(connection, Listed::Person, kind)?;
    let after = Person { kind_no, seen_ms: seen_ms.unwrap_or(0), first_ms, calls, name: said.name };
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    before.iter().for_each(|before| counters.take(before.kind_no, before.seen_ms));
    counters.add(after.kind_no, after.seen_ms);
    connection
        .prepare_cached(
            "insert into person (user_no, kind_no, seen_ms, first_ms, calls, name) values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (user_no) do update set kind_no = excluded.kind_no, seen_ms = excluded.seen_ms,
                 first_ms = excluded.first_ms, calls = excluded.calls, name = excluded.name",
        )?
        .execute(params![person_no, after.kind_no, after.seen_ms, after.first_ms, after.calls, after.name])?;
    Ok(())
}

/// What is said of a person: of each field what the first of its user ids has.
#[derive(Default)]
struct Said {
    name: String,
    team: String,
    ours: bool,
    is_something: bool,
}

impl Said {
    fn add(&mut self, connection: &Connection, user_no: i64) -> Result<(), Error> {
        let mut statement = connection.prepare_cached(
            "select name, team, ours, name <> '' or team <> '' or ours or phone <> '' or email <> '' or comment <> ''
                 or same_as_no is not null
             from contact where user_no = ?1",
        )?;
        let found = statement.query_row([user_no], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?, row.get::<_, bool>(3)?))
        });
        let Some((name, team, ours, is_something)) = found.optional()? else { return Ok(()) };
        if self.name.is_empty() {
            self.name = name;
        }
        if self.team.is_empty() {
            self.team = team;
        }
        self.ours |= ours;
        self.is_something |= is_something;
        Ok(())
    }
}

fn count_calls(connection: &Connection, users: &[i64]) -> Result<i64, Error> {
    let count = match users {
        [user_no] => connection
            .prepare_cached("select count(*) from member indexed by member_user where user_no = ?1")?
            .query_row([user_no], |row| row.get(0))?,
        _ => connection
            .prepare_cached(
                "select count(distinct call_no) from json_each(?1) as one
                 cross join member indexed by member_user on member.user_no = one.value",
            )?
            .query_row([serde_json::to_string(users)?], |row| row.get(0))?,
    };
    Ok(count)
}

/// When a user was first and last in a call or a room.
fn moments(connection: &Connection, user_no: i64) -> Result<(Option<i64>, Option<i64>), Error> {
    let mut ends = [None; 4];
    let statements = [
        "select min(started_ms) from member indexed by member_user where user_no = ?1",
        "select min(sort_ms) from stay indexed by stay_user where user_no = ?1",
        "select max(started_ms) from member indexed by member_user where user_no = ?1",
        "select max(sort_ms) from stay indexed by stay_user where user_no = ?1",
    ];
    for (end, statement) in ends.iter_mut().zip(statements) {
        *end = connection.prepare_cached(statement)?.query_row([user_no], |row| row.get::<_, Option<i64>>(0))?;
    }
    let [call_first, stay_first, call_last, stay_last] = ends;
    Ok(([call_first, stay_first].into_iter().flatten().min(), call_last.max(stay_last)))
}

/// Derives everybody from the rows that are there: for a projection that was filled at once.
pub(crate) fn derive_all(connection: &mut Connection) -> Result<(), Error> {
    let last: i64 = connection.query_row("select coalesce(max(user_no), 0) from user", [], |row| row.get(0))?;
    for chunk in 0..=last.div_euclid(CHUNK) {
        let transaction = connection.transaction()?;
        let (mut people, mut numbers, mut counters) = (DirtyPeople::default(), Numbers::default(), Counters::default());
        let end = last.min((chunk + 1) * CHUNK - 1);
        (chunk * CHUNK..=end).for_each(|user_no| people.recount(user_no));
        people.write(&transaction, &mut numbers, &mut counters)?;
        counters.write(&transaction)?;
        transaction.commit()?;
    }
    Ok(())
}
