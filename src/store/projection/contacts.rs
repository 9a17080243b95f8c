//! What is said of user ids, and which of them are one person: chains of "the same as" are followed (rules.md section 10).

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use crate::store::error::Error;
use crate::store::projection::batch::DirtySet;

/// What can be said of a user id.
pub(crate) const FIELDS: [&str; 7] = ["name", "team", "ours", "phone", "email", "comment", "same_as"];

/// What holds of a user id.
#[derive(Debug, Default)]
pub(crate) struct Contact {
    /// By field; `ours` is `yes` where it holds.
    said: BTreeMap<&'static str, String>,
    others: BTreeMap<&'static str, Vec<String>>,
}

impl Contact {
    /// Takes what an entry says of one of the [`FIELDS`].
    pub(crate) fn set(&mut self, field: &'static str, value: &Value) {
        let text = match field {
            "ours" => Some("yes".to_owned()).filter(|_| *value == Value::Bool(true)),
            _ => text_of(value),
        };
        self.said.insert(field, text.unwrap_or_default());
    }

    /// What is shown of a field; empty where nothing is said.
    pub(crate) fn get(&self, field: &str) -> &str {
        self.said.get(field).map(String::as_str).unwrap_or_default()
    }

    /// What was written elsewhere without knowing of what is shown.
    pub(crate) fn add_others(&mut self, field: &'static str, others: Vec<String>) {
        if !others.is_empty() {
            self.others.insert(field, others);
        }
    }
}

/// What an entry says, as text; nothing where it takes a value away.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Writes down what holds of a user id.
pub(crate) fn write_contact(
    connection: &Connection,
    user: &str,
    contact: &Contact,
    dirty: &mut DirtySet,
) -> Result<(), Error> {
    let user_no = dirty.numbers.user(connection, user)?;
    let same_as = Some(contact.get("same_as")).filter(|other| !other.is_empty() && *other != user);
    let same_as_no = same_as.map(|other| dirty.numbers.user(connection, other)).transpose()?;
    let before: Option<(Option<i64>, bool)> = connection
        .prepare_cached("select same_as_no, ours from contact where user_no = ?1")?
        .query_row([user_no], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (same_before, ours_before) = before.unwrap_or_default();
    let is_ours = contact.get("ours") == "yes";
    connection
        .prepare_cached(
            "insert into contact (user_no, name, team, ours, phone, email, comment, same_as_no, person_no, others)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?1, ?9)
             on conflict (user_no) do update set name = excluded.name, team = excluded.team, ours = excluded.ours,
                 phone = excluded.phone, email = excluded.email, comment = excluded.comment,
                 same_as_no = excluded.same_as_no, others = excluded.others",
        )?
        .execute(params![
            user_no,
            contact.get("name"),
            contact.get("team"),
            is_ours,
            contact.get("phone"),
            contact.get("email"),
            contact.get("comment"),
            same_as_no,
            serde_json::to_string(&contact.others)?,
        ])?;
    if same_before != same_as_no {
        regroup(connection, user_no, dirty)?;
    }
    if same_before != same_as_no || ours_before != is_ours {
        // Who is missed, and who has called back, may be others in any call.
        dirty.cases.all();
    }
    dirty.touched.user(user_no);
    dirty.people.touch(user_no);
    Ok(())
}

/// Finds out anew who is the same person, for everybody whose chain leads through a user.
fn regroup(connection: &Connection, user_no: i64, dirty: &mut DirtySet) -> Result<(), Error> {
    let concerned: Vec<(i64, i64)> = connection
        .prepare_cached(
            "with recursive below (user_no) as (
                 values (?1) union select contact.user_no from contact join below on contact.same_as_no = below.user_no)
             select user_no, person_no from below join contact using (user_no)",
        )?
        .query_map([user_no], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (user_no, before) in concerned {
        let after = end_of_chain(connection, user_no)?;
        connection.prepare_cached("update contact set person_no = ?2 where user_no = ?1")?.execute((user_no, after))?;
        [user_no, before, after].into_iter().for_each(|user_no| dirty.people.recount(user_no));
    }
    Ok(())
}

/// Where a chain of "the same as" ends; a circle at its smallest user id.
fn end_of_chain(connection: &Connection, from: i64) -> Result<i64, Error> {
    let mut next = connection.prepare_cached("select same_as_no from contact where user_no = ?1")?;
    let mut chain = vec![from];
    loop {
        let last = chain.last().copied().unwrap_or(from);
        let Some(to) = next.query_row([last], |row| row.get::<_, Option<i64>>(0)).optional()?.flatten() else {
            return Ok(last);
        };
        if let Some(begin) = chain.iter().position(|known| *known == to) {
            return smallest(connection, chain.get(begin..).unwrap_or_default());
        }
        chain.push(to);
    }
}

fn smallest(connection: &Connection, users: &[i64]) -> Result<i64, Error> {
    let mut name = connection.prepare_cached("select user from user where user_no = ?1")?;
    let mut named = Vec::with_capacity(users.len());
    for user_no in users {
        named.push((name.query_row([user_no], |row| row.get::<_, String>(0))?, *user_no));
    }
    Ok(named.into_iter().min().map_or(0, |(_, user_no)| user_no))
}
