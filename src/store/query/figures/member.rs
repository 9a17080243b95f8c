//! Who was in a call, as figures have them.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::store::error::Error;
use crate::store::projection::numbers;
use crate::store::query::calls::asked::{ANSWERED, DECLINED, MISSED};

/// As `member.role` has it.
pub(super) const CALLER: i64 = 1;
const CALLEE: i64 = 2;

/// What a member's outcome says of whoever did not join. Of a person's ids in one call the greatest holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Other,
    Missed,
    Declined,
    Answered,
}

impl Outcome {
    /// As it is packed.
    pub(super) fn code(self) -> i64 {
        match self {
            Self::Answered => 1,
            Self::Missed => 2,
            Self::Declined => 3,
            Self::Other => 0,
        }
    }

    pub(super) fn of_code(code: i64) -> Self {
        [Self::Answered, Self::Missed, Self::Declined].into_iter().find(|one| one.code() == code).unwrap_or(Self::Other)
    }
}

/// What is counted of somebody in a call.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) user_no: i64,
    /// As `member.role` has it.
    pub(super) role: i64,
    pub(super) has_joined: bool,
    /// Joined before every other callee.
    pub(super) is_first: bool,
    pub(super) outcome: Outcome,
    pub(super) ring_seconds: Option<i64>,
    pub(super) talk_seconds: Option<i64>,
}

impl Member {
    /// Whoever joined has not missed the call, whatever ended it.
    pub(super) fn became(&self) -> Outcome {
        if self.has_joined { Outcome::Answered } else { self.outcome }
    }

    /// The same person, who was in the call under another id too: who made it with either has made it, and who answered with either
    /// has neither missed nor declined it. It rang until the first of them was answered.
    pub(super) fn and(self, other: &Self) -> Self {
        let answered = [&self, other].into_iter().filter(|one| one.role != CALLER && one.became() == Outcome::Answered);
        let talked = self.talk_seconds.into_iter().chain(other.talk_seconds);
        Self {
            user_no: self.user_no,
            role: if other.role == CALLER { CALLER } else { self.role },
            has_joined: self.has_joined || other.has_joined,
            is_first: self.is_first || other.is_first,
            outcome: self.became().max(other.became()),
            ring_seconds: answered.filter_map(|one| one.ring_seconds).min(),
            talk_seconds: talked.reduce(i64::saturating_add),
        }
    }
}

/// A member as its row has it.
pub(super) struct MemberRow {
    member: Member,
    joined_ms: Option<i64>,
}

impl MemberRow {
    /// Columns 1 to 6: user, role, joined, outcome, ring and talk.
    pub(super) fn read(row: &Row<'_>, outcomes: &BTreeMap<i64, Outcome>) -> Result<Self, Error> {
        let joined_ms: Option<i64> = row.get(3)?;
        let member = Member {
            user_no: row.get(1)?,
            role: row.get(2)?,
            has_joined: joined_ms.is_some(),
            is_first: false,
            outcome: outcomes.get(&row.get(4)?).copied().unwrap_or(Outcome::Other),
            ring_seconds: row.get(5)?,
            talk_seconds: row.get(6)?,
        };
        Ok(Self { member, joined_ms })
    }
}

/// All members of a call.
pub(super) fn whole(rows: &mut Vec<MemberRow>) -> Vec<Member> {
    let first = first_callee(rows);
    let members = rows.drain(..).enumerate();
    members.map(|(place, row)| Member { is_first: first == Some(place), ..row.member }).collect()
}

/// Which callee joined before every other one.
fn first_callee(rows: &[MemberRow]) -> Option<usize> {
    let callees = rows.iter().enumerate().filter(|(_, row)| row.member.role == CALLEE);
    let joined = || callees.clone().filter_map(|(place, row)| Some((row.joined_ms?, place, row.member.user_no)));
    let (first_ms, place, user_no) = joined().min()?;
    // Who joined at the same moment was not before anybody.
    joined().all(|(at_ms, _, other)| other == user_no || at_ms > first_ms).then_some(place)
}

/// The members of one call.
pub(super) fn members(
    connection: &Connection,
    call_no: i64,
    outcomes: &BTreeMap<i64, Outcome>,
) -> Result<Vec<Member>, Error> {
    let mut statement = connection.prepare_cached(
        "select call_no, user_no, role, joined_ms, outcome_no, ring_seconds, talk_seconds from member
         where call_no = ?1 order by position",
    )?;
    let mut rows = statement.query([call_no])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(MemberRow::read(row, outcomes)?);
    }
    Ok(whole(&mut members))
}

/// What each outcome says, by the number of its word.
pub(super) fn outcomes(connection: &Connection) -> Result<BTreeMap<i64, Outcome>, Error> {
    let mut outcomes = BTreeMap::new();
    let missed = MISSED.map(|code| (code, Outcome::Missed));
    for (code, outcome) in [(ANSWERED, Outcome::Answered), (DECLINED, Outcome::Declined)].into_iter().chain(missed) {
        outcomes.extend(numbers::word_no(connection, code)?.map(|word_no| (word_no, outcome)));
    }
    Ok(outcomes)
}
