//! What cases follow from, read from the rows: the calls of a person, and what people have said of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

use crate::store::entry::Person;
use crate::store::error::Error;
use crate::store::projection::fold::cases::{ByHand, Call, Member, Role, Rules, State, Unanswered, Written};
use crate::store::projection::people::{person_of, users_of};
use crate::store::projection::team;
use crate::store::rows::Missed;

/// What all cases of a moment have in common.
pub(crate) struct Context {
    pub(crate) rules: Rules,
    /// All users that are ours.
    ours: BTreeSet<i64>,
    /// The person of each user who was met.
    persons: HashMap<i64, i64>,
}

/// A call as it is read, before it is known who was in it.
struct Row {
    app: String,
    call: Call,
}

impl Context {
    /// `connection` reaches the archive and the projection.
    pub(crate) fn read(connection: &Connection) -> Result<Self, Error> {
        let Missed { results, cancel_after_ms } = team::missed(connection)?;
        let ours = team::ours(connection)?;
        let rules = Rules {
            anybody_ours: !ours.is_empty(),
            counted: results
                .iter()
                .filter(|(_, counts)| **counts)
                .filter_map(|(code, _)| Unanswered::read(code))
                .collect(),
            ring_ms: cancel_after_ms,
        };
        Ok(Self { rules, ours, persons: HashMap::new() })
    }

    pub(crate) fn is_ours(&self, user_no: i64) -> bool {
        self.ours.contains(&user_no)
    }

    /// The calls of a person from a moment on, by their applications; of those in which the person missed nobody none.
    pub(crate) fn calls(
        &mut self,
        connection: &Connection,
        person_no: i64,
        from_ms: i64,
    ) -> Result<BTreeMap<String, Vec<Call>>, Error> {
        let users = users_of(connection, person_no)?;
        let mut may_miss = BTreeSet::new();
        for user_no in &users {
            missed_in(connection, *user_no, from_ms, &mut may_miss)?;
        }
        if may_miss.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut found = BTreeMap::<i64, Row>::new();
        for user_no in users {
            each_call(connection, user_no, from_ms, |row| {
                if may_miss.contains(&row.app) {
                    found.entry(row.call.number).or_insert(row);
                }
            })?;
        }
        let mut calls = BTreeMap::<String, Vec<Call>>::new();
        for Row { app, mut call } in found.into_values() {
            call.members = self.members(connection, call.number)?;
            calls.entry(app).or_default().push(call);
        }
        Ok(calls)
    }

    fn members(&mut self, connection: &Connection, call_no: i64) -> Result<Vec<Member>, Error> {
        let mut statement = connection.prepare_cached(
            "select user_no, role, joined_ms, word = 'normal_end' as normal_end from member
             cross join word on word_no = outcome_no where call_no = ?1 order by position",
        )?;
        let mut rows = statement.query([call_no])?;
        let mut members = Vec::new();
        while let Some(row) = rows.next()? {
            let user_no = row.get("user_no")?;
            members.push(Member {
                person: self.person(connection, user_no)?,
                role: match row.get::<_, i64>("role")? {
                    1 => Role::Caller,
                    2 => Role::Callee,
                    _ => Role::Other,
                },
                ours: self.is_ours(user_no),
                joined_ms: row.get("joined_ms")?,
                normal_end: row.get("normal_end")?,
            });
        }
        Ok(members)
    }

    fn person(&mut self, connection: &Connection, user_no: i64) -> Result<i64, Error> {
        if let Some(known) = self.persons.get(&user_no) {
            return Ok(*known);
        }
        let person_no = person_of(connection, user_no)?;
        self.persons.insert(user_no, person_no);
        Ok(person_no)
    }
}

/// Adds the applications in which a user called and nobody answered, from a moment on. Most people miss nobody, and some have
/// hundreds of thousands of calls: those are only counted through, and none of them is remembered.
fn missed_in(connection: &Connection, user_no: i64, from_ms: i64, apps: &mut BTreeSet<String>) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "select distinct kind_0 as result, kind_3 as app
         from member as named indexed by member_user cross join call on call.call_no = named.call_no
         cross join kind on kind.kind_no = call.kind_no
         where named.user_no = ?1 and named.started_ms >= ?2 and named.role = 1 and call.answered_ms is null",
    )?;
    let mut rows = statement.query((user_no, from_ms))?;
    while let Some(row) = rows.next()? {
        if Unanswered::read(row.get_ref("result")?.as_str().map_err(rusqlite::Error::from)?).is_some() {
            apps.insert(row.get("app")?);
        }
    }
    Ok(())
}

/// The calls of a user that started at a moment or later.
fn each_call(connection: &Connection, user_no: i64, from_ms: i64, mut visit: impl FnMut(Row)) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "select call.call_no, call_id, call.started_ms, answered_ms, ended_ms, kind_0 as result, kind_3 as app
         from member as named indexed by member_user cross join call on call.call_no = named.call_no
         cross join kind on kind.kind_no = call.kind_no where named.user_no = ?1 and named.started_ms >= ?2",
    )?;
    let mut rows = statement.query((user_no, from_ms))?;
    while let Some(row) = rows.next()? {
        let call = Call {
            number: row.get("call_no")?,
            id: row.get("call_id")?,
            started_ms: row.get("started_ms")?,
            answered_ms: row.get("answered_ms")?,
            ended_ms: row.get("ended_ms")?,
            result: Unanswered::read(row.get_ref("result")?.as_str().map_err(rusqlite::Error::from)?),
            members: Vec::new(),
        };
        visit(Row { app: row.get("app")?, call });
    }
    Ok(())
}

/// What people have said of calls, by their numbers.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) by_hand: HashMap<i64, ByHand>,
    /// Who wrote the state: JSON.
    pub(crate) writers: HashMap<i64, String>,
}

impl Said {
    pub(crate) fn read(connection: &Connection, calls: &[Call]) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(
            "select field, value, at_ms, id, person from subject cross join case_entry using (subject_no) where call_no = ?1",
        )?;
        let mut said = Self::default();
        for call in calls {
            let mut rows = statement.query([call.number])?;
            while let Some(row) = rows.next()? {
                said.take(call.number, row)?;
            }
        }
        Ok(said)
    }

    fn take(&mut self, call_no: i64, row: &rusqlite::Row<'_>) -> Result<(), Error> {
        let by_hand = self.by_hand.entry(call_no).or_default();
        let (at_ms, id, value): (i64, String, String) = (row.get("at_ms")?, row.get("id")?, row.get("value")?);
        let id = Uuid::parse_str(&id).map_or(0, |id| id.as_u128());
        let value: Value = serde_json::from_str(&value)?;
        match row.get_ref("field")?.as_str().map_err(rusqlite::Error::from)? {
            "state" => {
                let state = if value == "done" { State::Done } else { State::Open };
                by_hand.state = Some(Written { at_ms, id, value: state });
                self.writers.insert(call_no, row.get("person")?);
            }
            // An entry that was imported may say anything.
            "assignee" if serde_json::from_value::<Person>(value.clone()).is_ok() => {
                by_hand.assignee = Some(Written { at_ms, id, value: value.to_string() });
            }
            "until" => by_hand.until_ms = value.as_i64().map(|value| Written { at_ms, id, value }),
            "reason" => by_hand.reason = value.as_str().map(|value| Written { at_ms, id, value: value.to_owned() }),
            _ => {}
        }
        Ok(())
    }
}
