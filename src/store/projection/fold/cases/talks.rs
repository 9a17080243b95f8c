//! Which calls are talks that may close a case: rules.md section 12.3.

use crate::store::projection::fold::cases::{Call, How, Member, Role, Rules, Talk};

/// With whom a counterpart talks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Party {
    /// One of ours, whoever it is.
    Ours,
    /// Where nobody is ours: this person.
    Person(i64),
}

/// A call in which the counterpart talked.
pub(super) struct Talked<'a> {
    pub(super) call: &'a Call,
    pub(super) answered_ms: i64,
    /// With whom, and by which person; whoever talked first comes first.
    pub(super) with: Vec<(Party, i64)>,
    is_callers: bool,
}

impl Talked<'_> {
    /// How this call closes a case.
    pub(super) fn how(&self, by: i64) -> How {
        let talk = Talk { call: self.call.number, by };
        if self.is_callers { How::CalledAgain(talk) } else { How::CalledBack(talk) }
    }
}

/// The talks of a counterpart, oldest first.
pub(super) fn of<'a>(counterpart: i64, calls: &'a [Call], rules: &Rules) -> Vec<Talked<'a>> {
    let mut talks: Vec<Talked> = calls.iter().filter_map(|call| talk(counterpart, call, rules)).collect();
    talks.sort_by_key(|talk| (talk.answered_ms, talk.call.started_ms, &talk.call.id));
    talks
}

fn talk<'a>(counterpart: i64, call: &'a Call, rules: &Rules) -> Option<Talked<'a>> {
    // A result alone, even `normal_end`, does not say when somebody answered.
    let answered_ms = call.answered_ms?;
    let (own, mut others): (Vec<&Member>, Vec<&Member>) =
        call.members.iter().filter(|member| has_talked(member)).partition(|member| member.person == counterpart);
    // Nobody talks with themselves, however many ids they have.
    if own.is_empty() || others.is_empty() {
        return None;
    }
    // Whose moment is not known is not said to have been the first. In one moment the order of the call decides.
    others.sort_by_key(|member| (member.joined_ms.is_none(), member.joined_ms));
    let with = if rules.anybody_ours {
        others.iter().find(|member| member.ours).map(|member| (Party::Ours, member.person)).into_iter().collect()
    } else {
        others.iter().map(|member| (Party::Person(member.person), member.person)).collect()
    };
    let is_callers = call.members.iter().any(|member| member.role == Role::Caller && member.person == counterpart);
    Some(Talked { call, answered_ms, with, is_callers })
}

/// As in the figures (rules.md section 11).
fn has_talked(member: &Member) -> bool {
    member.joined_ms.is_some() || member.normal_end
}
