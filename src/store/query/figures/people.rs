//! Who was in some calls, and what became of it: the members of those calls, by person.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row};

use crate::store::error::Error;
use crate::store::query::calls::asked::{ANSWERED, DECLINED, MISSED};
use crate::store::query::figures::calendar::HOURS;
use crate::store::query::figures::spread::median;
use crate::store::query::figures::tally::Counted;
use crate::store::query::who::name_of;
use crate::store::rows::PersonFigures;

const CALLER: i64 = 1;
const CALLEE: i64 = 2;
/// Members of calls that are not wanted are passed over where no more of these calls lie between two that are: to look for the
/// next one takes as long.
const GAP: i64 = 8;

/// What a member's outcome says of whoever did not join.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered,
    Missed,
    Declined,
}

struct Member {
    user_no: i64,
    role: i64,
    joined_ms: Option<i64>,
    outcome: Option<Outcome>,
    ring_seconds: Option<i64>,
    talk_seconds: Option<i64>,
}

impl Member {
    fn read(row: &Row<'_>, outcomes: &BTreeMap<i64, Outcome>) -> Result<Self, Error> {
        Ok(Self {
            user_no: row.get(1)?,
            role: row.get(2)?,
            joined_ms: row.get(3)?,
            outcome: outcomes.get(&row.get(4)?).copied(),
            ring_seconds: row.get(5)?,
            talk_seconds: row.get(6)?,
        })
    }

    /// Joined before every other callee.
    fn is_first_of(&self, members: &[Self]) -> bool {
        let Some(joined_ms) = self.joined_ms.filter(|_| self.role == CALLEE) else { return false };
        let is_other = |other: &&Self| other.role == CALLEE && other.user_no != self.user_no;
        members.iter().filter(is_other).all(|other| other.joined_ms.is_none_or(|theirs| joined_ms < theirs))
    }
}

#[derive(Default)]
struct Person {
    figures: PersonFigures,
    rang: Vec<i64>,
    hours: [u64; HOURS],
}

impl Person {
    fn was_in(&mut self, call: &Counted, member: &Member, is_first: bool) {
        let Self { figures, rang, hours } = self;
        hours.get_mut(usize::from(call.hour)).into_iter().for_each(|calls| *calls += 1);
        figures.talk = figures.talk.saturating_add(member.talk_seconds.unwrap_or(0));
        figures.first += u64::from(call.is_group && is_first);
        if member.role == CALLER {
            figures.made += 1;
            figures.made_answered += u64::from(call.is_answered);
            return;
        }
        figures.received += 1;
        // Whoever joined has not missed the call, whatever ended it.
        match member.joined_ms.map_or(member.outcome, |_| Some(Outcome::Answered)) {
            Some(Outcome::Answered) => {
                figures.answered += 1;
                rang.extend(member.ring_seconds);
            }
            Some(Outcome::Missed) => figures.missed += 1,
            Some(Outcome::Declined) => figures.declined += 1,
            None => {}
        }
    }

    fn into_figures(mut self, (user, name): (String, String)) -> PersonFigures {
        let hours = (0_u8..).zip(self.hours).filter(|(_, calls)| *calls > 0);
        let busiest = hours.max_by_key(|(hour, calls)| (*calls, Reverse(*hour))).map(|(hour, _)| hour);
        PersonFigures { user, name, ring: median(&mut self.rang), busiest, ..self.figures }
    }
}

/// Everybody who was in these calls, or only one person: those in most calls first.
pub(super) fn of(connection: &Connection, calls: Vec<Counted>, only: Option<i64>) -> Result<Vec<PersonFigures>, Error> {
    let others = others(connection)?;
    let mut people: HashMap<i64, Person> = HashMap::new();
    each(connection, calls, |call, members| {
        for member in members {
            let person_no = others.get(&member.user_no).copied().unwrap_or(member.user_no);
            if only.is_none_or(|only| only == person_no) {
                people.entry(person_no).or_default().was_in(call, member, member.is_first_of(members));
            }
        }
    })?;
    let mut named = connection.prepare_cached(concat!(
        "select user, ",
        name_of!("user.user_no"),
        " from user where user_no = ?1"
    ))?;
    let named = |(person_no, person): (i64, Person)| {
        let who = named.query_row([person_no], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(person.into_figures(who))
    };
    let mut people: Vec<PersonFigures> = people.into_iter().map(named).collect::<Result<_, Error>>()?;
    people.sort_by(|one, other| {
        let calls = |person: &PersonFigures| Reverse(person.made + person.received);
        calls(one).cmp(&calls(other)).then_with(|| one.user.cmp(&other.user))
    });
    Ok(people)
}

/// Tells each call with its members.
fn each(
    connection: &Connection,
    mut calls: Vec<Counted>,
    mut visit: impl FnMut(&Counted, &[Member]),
) -> Result<(), Error> {
    let outcomes = outcomes(connection)?;
    let mut statement = connection.prepare_cached(
        "select call_no, user_no, role, joined_ms, outcome_no, ring_seconds, talk_seconds from member
         where call_no >= ?1 and call_no <= ?2 order by call_no, position",
    )?;
    calls.sort_unstable_by_key(|call| call.call_no);
    let mut members = Vec::new();
    for run in calls.chunk_by(|call, next| next.call_no - call.call_no <= GAP) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let mut run = run.iter().peekable();
        let mut rows = statement.query((first.call_no, last.call_no))?;
        while let Some(row) = rows.next()? {
            let call_no: i64 = row.get(0)?;
            while let Some(over) = run.next_if(|call| call.call_no < call_no) {
                visit(over, &members);
                members.clear();
            }
            if run.peek().is_some_and(|call| call.call_no == call_no) {
                members.push(Member::read(row, &outcomes)?);
            }
        }
        run.next().into_iter().for_each(|last| visit(last, &members));
        members.clear();
    }
    Ok(())
}

/// What each outcome says, by the number of its word.
fn outcomes(connection: &Connection) -> Result<BTreeMap<i64, Outcome>, Error> {
    let mut number = connection.prepare_cached("select word_no from word where word = ?1")?;
    let mut outcomes = BTreeMap::new();
    let missed = MISSED.map(|code| (code, Outcome::Missed));
    for (code, outcome) in [(ANSWERED, Outcome::Answered), (DECLINED, Outcome::Declined)].into_iter().chain(missed) {
        for word_no in number.query_map([code], |row| row.get(0))? {
            outcomes.insert(word_no?, outcome);
        }
    }
    Ok(outcomes)
}

/// The users who are somebody under another id, each with the one that stands for the person.
fn others(connection: &Connection) -> Result<HashMap<i64, i64>, Error> {
    let mut statement =
        connection.prepare_cached("select user_no, person_no from contact where person_no <> user_no")?;
    let others = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(others.collect::<Result<_, _>>()?)
}
