//! A second opinion of the cases, from the text of rules.md section 12 alone. Nothing is kept while time goes on: at every
//! moment that matters it is asked again, of everything, what holds then. Slow, and hard to get wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::mistake::Mistake;
use crate::store::projection::fold::cases::{
    ByHand, Call, Case, Closing, How, Member, Role, Rules, State, Talk, Unanswered, Written,
};

/// A point in time: the millisecond, what in it (0 talk, 1 word, 2 miss), which miss, and 1 for what comes right behind it.
type Point = (i64, u8, usize, u8);

const END: Point = (i64::MAX, u8::MAX, usize::MAX, u8::MAX);

/// Everything that is known, and what is got wrong.
struct World<'a> {
    counterpart: i64,
    rules: &'a Rules,
    by_hand: &'a HashMap<i64, ByHand>,
    misses: Vec<&'a Call>,
    /// In the order in which they were answered.
    answered: Vec<&'a Call>,
    mistake: Option<Mistake>,
}

/// The cases, with one mistake or none.
pub(super) fn fold(
    counterpart: i64,
    calls: &[Call],
    by_hand: &HashMap<i64, ByHand>,
    rules: &Rules,
    mistake: Option<Mistake>,
) -> Vec<Case> {
    let tie = |call: &Call| match mistake {
        Some(Mistake::TiesByNumber) => format!("{:020}", call.number),
        _ => call.id.clone(),
    };
    let mut misses = BTreeMap::new();
    let mut answered = BTreeMap::new();
    for call in calls {
        if is_miss(counterpart, call, rules, mistake) {
            misses.insert((call.started_ms, call.ended_ms, tie(call)), call);
        }
        if let Some(at) = talk_moment(call, mistake) {
            answered.insert((at, call.started_ms, tie(call)), call);
        }
    }
    let (misses, answered) = (misses.into_values().collect(), answered.into_values().collect());
    let world = World { counterpart, rules, by_hand, misses, answered, mistake };
    let mut cases: Vec<Vec<usize>> = Vec::new();
    for index in 0..world.misses.len() {
        let point = world.miss_point(index);
        let newest = cases.len().saturating_sub(1);
        let mut open = (0..cases.len()).filter(|case| {
            let is_passed = *case != newest && mistake == Some(Mistake::OldCasesAreClosed);
            !is_passed && world.closing(&cases[*case], point).is_none()
        });
        let gathers = if mistake == Some(Mistake::OldestGathers) { open.next() } else { open.next_back() };
        match gathers {
            Some(case) => cases[case].push(index),
            None => cases.push(vec![index]),
        }
    }
    cases.iter().map(|case| world.told(case)).collect()
}

fn is_miss(counterpart: i64, call: &Call, rules: &Rules, mistake: Option<Mistake>) -> bool {
    let Some(result) = call.result else { return false };
    let Some(ended) = call.ended_ms.or((mistake == Some(Mistake::NotEnded)).then_some(call.started_ms)) else {
        return false;
    };
    let rang = ended - call.started_ms;
    let long_enough = match mistake {
        Some(Mistake::ShortCancel) => true,
        Some(Mistake::LongerCancel) => rang > rules.ring_ms,
        _ => rang >= rules.ring_ms,
    };
    let caller_of = |caller: &&Member| caller.role == Role::Caller;
    let Some(caller) = call.members.iter().find(caller_of) else { return false };
    let some_of_ours = call.members.iter().any(|member| member.role == Role::Callee && member.ours);
    let between_us_and_them = match mistake {
        Some(Mistake::OursCallOurs) => some_of_ours,
        Some(Mistake::NoneOfOursCalled) => !caller.ours,
        _ => !caller.ours && some_of_ours,
    };
    call.answered_ms.is_none()
        && (rules.counted.contains(&result) || mistake == Some(Mistake::EveryResult))
        && (result != Unanswered::Cancel || long_enough)
        && caller.person == counterpart
        && (!rules.anybody_ours || between_us_and_them)
}

fn talk_moment(call: &Call, mistake: Option<Mistake>) -> Option<i64> {
    let normal = call.members.iter().any(|member| member.normal_end) && mistake == Some(Mistake::NormalEndIsTalk);
    call.answered_ms.or(if normal { Some(call.started_ms) } else { None })
}

impl World<'_> {
    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    fn miss_point(&self, miss: usize) -> Point {
        (self.misses[miss].started_ms, 2, miss, 0)
    }

    fn talk_point(&self, at: i64) -> Point {
        if self.is(Mistake::MissBeforeTalk) { (at, 3, 0, 0) } else { (at, 0, 0, 0) }
    }

    /// When a word on this miss begins to hold.
    fn word_point(&self, miss: usize, word: &Written<State>) -> Point {
        let started = self.misses[miss].started_ms;
        if self.is(Mistake::ClockBeforeMiss) {
            return (word.at_ms, 1, 0, 0);
        }
        let covers = !(self.is(Mistake::DoneDoesNotCover) && word.value == State::Done);
        if word.at_ms <= started || !covers {
            return (started, 2, miss, 1);
        }
        let rank = match self.mistake {
            Some(Mistake::MissBeforeWord) => 4,
            _ => 1,
        };
        if self.is(Mistake::WordBeforeTalk) { (word.at_ms - 1, 9, 0, 0) } else { (word.at_ms, rank, 0, 0) }
    }

    /// The word that wins at a point, on which miss it stands, and since when it holds.
    fn word(&self, case: &[usize], until: Point) -> Option<(usize, Point, &Written<State>)> {
        let mut winner = None;
        let mut greatest = None;
        for miss in case {
            if self.is(Mistake::NewestMissOnly) && Some(miss) != case.last() {
                continue;
            }
            let Some(word) = self.by_hand.get(&self.misses[*miss].number).and_then(|by_hand| by_hand.state.as_ref())
            else {
                continue;
            };
            let since = self.word_point(*miss, word);
            if since > until {
                continue;
            }
            let key = match self.mistake {
                Some(Mistake::NewestByMoment) => (since.0, word.id, *miss),
                Some(Mistake::NewestById) => (0, word.id, *miss),
                Some(Mistake::SmallerId) => (word.at_ms, u128::MAX - word.id, *miss),
                _ => (word.at_ms, word.id, *miss),
            };
            if greatest.is_none_or(|greatest| greatest < key) {
                greatest = Some(key);
                winner = Some((*miss, since, word));
            }
        }
        winner
    }

    /// What had closed the case at a point, if it was not open.
    fn closing(&self, case: &[usize], until: Point) -> Option<Closing> {
        let ever = (i64::MIN, 0, 0, 0);
        let Some((miss, since, word)) = self.word(case, until) else { return self.first_talk(case, ever, until) };
        match word.value {
            State::Done => {
                let earlier = self.first_talk(case, ever, since);
                if self.is(Mistake::TalkWins) && earlier.is_some() {
                    return earlier;
                }
                let covers_nothing_new = self.is(Mistake::DoneOpensNothing) && until != END;
                let by_hand = How::ByHand(self.misses[miss].number);
                let at = if self.is(Mistake::DoneDoesNotCover) { word.at_ms.max(since.0) } else { since.0 };
                let at = if self.is(Mistake::WordBeforeTalk) { at.max(word.at_ms) } else { at };
                if covers_nothing_new { None } else { Some(self.closed(case, at, by_hand)) }
            }
            State::Open if self.is(Mistake::OpenKeepsTalk) => self.first_talk(case, ever, until),
            State::Open if self.is(Mistake::OpenForEver) => None,
            State::Open => self.first_talk(case, since, until),
        }
    }

    fn closed(&self, case: &[usize], at: i64, how: How) -> Closing {
        let first = self.misses[case[0]];
        let from = match self.mistake {
            Some(Mistake::AfterStart) => Some(first.started_ms),
            Some(Mistake::AfterLast) => case.last().and_then(|last| self.misses[*last].ended_ms),
            _ => first.ended_ms,
        };
        Closing { at_ms: at, after_ms: at - from.unwrap_or(first.started_ms), how }
    }

    /// The first talk after one point, and not after another, that closes the case.
    fn first_talk(&self, case: &[usize], after: Point, until: Point) -> Option<Closing> {
        let first = self.misses[case[0]];
        let last = self.misses[case[case.len() - 1]];
        for call in &self.answered {
            let Some(at) = talk_moment(call, self.mistake) else { continue };
            let point = self.talk_point(at);
            let first_ended = first.ended_ms.unwrap_or(first.started_ms);
            let starts_late = match self.mistake {
                Some(Mistake::NonStrictStart) => call.started_ms >= first_ended,
                Some(Mistake::AnyStart) => true,
                Some(Mistake::AfterLastMiss) => Some(call.started_ms) > last.ended_ms,
                _ => call.started_ms > first_ended,
            };
            let in_time = point > self.miss_point(case[0]) && point > after && point <= until;
            if !(starts_late && in_time) {
                continue;
            }
            let Some(by) = self.first_of_us(case, call, point) else { continue };
            let talk = Talk { call: call.number, by };
            let caller = call.members.iter().find(|member| member.role == Role::Caller);
            let called_again = match self.mistake {
                Some(Mistake::CalledBackByOursOnly) => caller.is_none_or(|caller| !caller.ours),
                _ => caller.is_some_and(|caller| caller.person == self.counterpart),
            };
            return Some(self.closed(
                case,
                at,
                if called_again { How::CalledAgain(talk) } else { How::CalledBack(talk) },
            ));
        }
        None
    }

    /// Who of ours talked first with the counterpart in this call; where nobody is ours, who of those who had been called.
    fn first_of_us(&self, case: &[usize], call: &Call, point: Point) -> Option<i64> {
        let talked = |member: &Member| member.joined_ms.is_some() || member.normal_end;
        let mut called: BTreeSet<i64> = BTreeSet::new();
        for miss in case {
            let counts = match self.mistake {
                Some(Mistake::FirstCallees) => *miss == case[0],
                Some(Mistake::LaterCallees) => true,
                _ => self.miss_point(*miss) < point,
            };
            for member in self.misses[*miss].members.iter().filter(|member| member.role == Role::Callee) {
                if counts {
                    called.insert(member.person);
                }
            }
        }
        let is_us = |member: &Member| {
            let theirs = member.person == self.counterpart;
            let one = if self.rules.anybody_ours { member.ours } else { called.contains(&member.person) };
            !theirs && (one || self.is(Mistake::NobodyOfOurs))
        };
        let counterpart_talked = call.members.iter().any(|member| talked(member) && member.person == self.counterpart);
        if !counterpart_talked && !self.is(Mistake::WithoutCounterpart) {
            return None;
        }
        let us: BTreeSet<(i64, usize, i64)> = (0..)
            .zip(&call.members)
            .filter(|(_, member)| talked(member) && is_us(member))
            .map(|(place, member)| match self.mistake {
                Some(Mistake::ByNumber) => (0, 0, member.person),
                _ => (member.joined_ms.unwrap_or(i64::MAX), place, member.person),
            })
            .collect();
        us.first().map(|(.., person)| *person)
    }

    fn told(&self, case: &[usize]) -> Case {
        let calls: Vec<&Call> = case.iter().map(|miss| self.misses[*miss]).collect();
        let started: Vec<i64> = calls.iter().map(|call| call.started_ms).collect();
        let closing = self.closing(case, END);
        let reason = self.held(&calls, |by_hand| by_hand.reason.clone());
        Case {
            misses: calls.iter().map(|call| call.number).collect(),
            first_missed_ms: started[0],
            last_missed_ms: started[started.len() - 1],
            closing,
            assignee: self.held(&calls, |by_hand| by_hand.assignee.clone()).map(|entry| entry.value),
            until_ms: self.held(&calls, |by_hand| by_hand.until_ms.clone()).map(|entry| entry.value),
            reason: reason.filter(|reason| self.is_reason_of(closing, reason)).map(|entry| entry.value),
        }
    }

    /// Whether a reason is said of what closed the case in the end.
    fn is_reason_of(&self, closing: Option<Closing>, reason: &Written<String>) -> bool {
        let Some(Closing { how: How::ByHand(miss), .. }) = closing else {
            return self.is(Mistake::ReasonWithoutDone);
        };
        let done = self.by_hand.get(&miss).and_then(|by_hand| by_hand.state.as_ref());
        done.is_some_and(|done| match self.mistake {
            Some(Mistake::ReasonOfBefore) => true,
            Some(Mistake::ReasonAfterDone) => reason.at_ms > done.at_ms,
            _ => reason.at_ms >= done.at_ms,
        })
    }

    fn held<T>(&self, calls: &[&Call], field: impl Fn(&ByHand) -> Option<Written<T>>) -> Option<Written<T>> {
        let mut held = None;
        let mut greatest = (i64::MIN, 0);
        for call in calls {
            let Some(entry) = self.by_hand.get(&call.number).and_then(&field) else { continue };
            if (entry.at_ms, entry.id) >= greatest {
                greatest = (entry.at_ms, entry.id);
                held = Some(entry);
            }
        }
        held
    }
}
