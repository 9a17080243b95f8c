//! Who was in some calls, and what became of it: the members of those calls, by person.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::query::figures::calendar::{Calendar, HOURS};
use crate::store::query::figures::kinds::CallKinds;
use crate::store::query::figures::member::{CALLER, Member, MemberRow, Outcome, outcomes, whole};
use crate::store::query::figures::packed;
use crate::store::query::figures::tally::Counted;
use crate::store::query::who::name_of;
use crate::store::rows::PersonFigures;
use crate::zone::Zone;

/// Members of calls that are not wanted are passed over where no more of these calls lie between two that are: to look for the
/// next one takes as long.
const GAP: i64 = 8;

#[derive(Default)]
struct Person {
    figures: PersonFigures,
    rang: Vec<i64>,
    hours: [u64; HOURS],
}

impl Person {
    fn was_in(&mut self, call: &Attended, member: &Member) {
        let Self { figures, rang, hours } = self;
        hours.get_mut(usize::from(call.hour)).into_iter().for_each(|calls| *calls += 1);
        figures.talk = figures.talk.saturating_add(member.talk_seconds.unwrap_or(0));
        figures.first += u64::from(call.is_group && member.is_first);
        if member.role == CALLER {
            figures.made += 1;
            figures.made_answered += u64::from(call.is_answered);
            return;
        }
        figures.received += 1;
        match member.became() {
            Outcome::Answered => {
                figures.answered += 1;
                rang.extend(member.ring_seconds);
            }
            Outcome::Missed => figures.missed += 1,
            Outcome::Declined => figures.declined += 1,
            Outcome::Other => {}
        }
    }

    fn into_figures(mut self, (user, name): (String, String)) -> PersonFigures {
        let hours = (0_u8..).zip(self.hours).filter(|(_, calls)| *calls > 0);
        let busiest = hours.max_by_key(|(hour, calls)| (*calls, Reverse(*hour))).map(|(hour, _)| hour);
        let middle = self.rang.len().div_ceil(2).checked_sub(1);
        let ring = middle.map(|middle| *self.rang.select_nth_unstable(middle).1);
        PersonFigures { user, name, ring, busiest, ..self.figures }
    }
}

/// What is counted of a call for everybody in it.
struct Attended {
    /// The local hour of its start.
    hour: u8,
    is_answered: bool,
    is_group: bool,
}

/// Everybody who was in the calls that were counted so far, or only one person.
pub(super) struct People {
    only: Option<i64>,
    /// By the number of a user: that of the person, where it is another one.
    persons: Vec<i64>,
    /// By the number of a person.
    people: Vec<Option<Box<Person>>>,
}

impl People {
    pub(super) fn new(connection: &Connection, only: Option<i64>) -> Result<Self, Error> {
        Ok(Self { only, persons: persons(connection)?, people: Vec::new() })
    }

    /// Counts a call for its members: once for each person, whatever ids the person has in it.
    fn add(&mut self, call: &Attended, members: &[Member]) {
        if members.iter().all(|member| self.person_of(member) == member.user_no) {
            members.iter().for_each(|member| self.add_person(member.user_no, call, member));
            return;
        }
        let mut persons = BTreeMap::<i64, Member>::new();
        for member in members {
            let known = persons.entry(self.person_of(member));
            known.and_modify(|known| *known = known.and(member)).or_insert(*member);
        }
        persons.iter().for_each(|(person_no, member)| self.add_person(*person_no, call, member));
    }

    fn person_of(&self, member: &Member) -> i64 {
        let user = usize::try_from(member.user_no).ok();
        user.and_then(|user| self.persons.get(user)).copied().unwrap_or(member.user_no)
    }

    fn add_person(&mut self, person_no: i64, call: &Attended, member: &Member) {
        if self.only.is_none_or(|only| only == person_no) {
            self.person(person_no).into_iter().for_each(|person| person.was_in(call, member));
        }
    }

    /// Counts calls whose rows were read.
    pub(super) fn read(&mut self, connection: &Connection, calls: Vec<Counted>) -> Result<(), Error> {
        each(connection, calls, |call, members| {
            let Counted { hour, is_answered, is_group, .. } = *call;
            self.add(&Attended { hour, is_answered, is_group }, members);
        })
    }

    /// Counts the calls of some hours as they are packed.
    pub(super) fn read_packed(
        &mut self,
        connection: &Connection,
        hours: &Range<i64>,
        kinds: &CallKinds,
        zone: &Zone,
    ) -> Result<(), Error> {
        let mut calendar = Calendar::of(zone);
        packed::each_members(connection, hours, |call, members| {
            let kind = kinds.of(call.kind_no)?;
            if kind.is_wanted {
                let hour = calendar.at(call.quarter_ms).hour;
                self.add(&Attended { hour, is_answered: call.is_answered, is_group: kind.is_group }, members);
            }
            Ok(())
        })
    }

    fn person(&mut self, person_no: i64) -> Option<&mut Person> {
        let place = usize::try_from(person_no).ok()?;
        if self.people.len() <= place {
            self.people.resize_with(place + 1, || None);
        }
        self.people.get_mut(place).map(|person| &mut **person.get_or_insert_default())
    }

    /// Those in most calls first.
    pub(super) fn figures(self, connection: &Connection) -> Result<Vec<PersonFigures>, Error> {
        let mut named = connection.prepare_cached(concat!(
            "select user, ",
            name_of!("user.user_no"),
            " from user where user_no = ?1"
        ))?;
        let mut people = Vec::new();
        for (person_no, person) in (0_i64..).zip(self.people) {
            let Some(person) = person else { continue };
            let who = named.query_row([person_no], |row| Ok((row.get(0)?, row.get(1)?)))?;
            people.push(person.into_figures(who));
        }
        people.sort_by(|one, other| {
            let calls = |person: &PersonFigures| Reverse(person.made + person.received);
            calls(one).cmp(&calls(other)).then_with(|| one.user.cmp(&other.user))
        });
        Ok(people)
    }
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
                visit(over, &whole(&mut members));
            }
            if run.peek().is_some_and(|call| call.call_no == call_no) {
                members.push(MemberRow::read(row, &outcomes)?);
            }
        }
        run.next().into_iter().for_each(|last| visit(last, &whole(&mut members)));
    }
    Ok(())
}

/// For each user up to the last who is somebody under another id: the one that stands for the person.
fn persons(connection: &Connection) -> Result<Vec<i64>, Error> {
    let mut statement = connection
        .prepare_cached("select user_no, person_no from contact where person_no <> user_no order by user_no")?;
    let mut rows = statement.query([])?;
    let mut persons = Vec::new();
    while let Some(row) = rows.next()? {
        let user_no: i64 = row.get(0)?;
        let known = i64::try_from(persons.len()).unwrap_or(i64::MAX);
        persons.extend(known..user_no);
        persons.push(row.get(1)?);
    }
    Ok(persons)
}
