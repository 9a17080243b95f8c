//! One pass over the line of time, with the cases as they stand at the moment that it has reached.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::store::projection::fold::cases::line::Event;
use crate::store::projection::fold::cases::misses::Miss;
use crate::store::projection::fold::cases::talks::{Party, Talked};
use crate::store::projection::fold::cases::{ByHand, Case, Closing, How, State, Written};

/// The cases so far. Numbers of cases and misses are places in their lists.
pub(super) struct Sweep<'a> {
    misses: &'a [Miss<'a>],
    talks: &'a [Talked<'a>],
    cases: Vec<Standing>,
    /// The case of each miss that was reached.
    case_of: Vec<usize>,
    /// The open cases. There are several where somebody opened one again after the next had begun.
    open: BTreeSet<usize>,
    /// The cases without `called`: for whom each waits, the end of its first miss, and the case. A talk with that party that
    /// started later ends the waiting.
    waiting: BTreeSet<(Party, i64, usize)>,
}

/// A case as it stands.
struct Standing {
    /// Never empty.
    misses: Vec<usize>,
    first_ended_ms: i64,
    awaits: HashSet<Party>,
    /// The newest word of those that hold by now.
    word: Option<Word>,
    /// By the first talk since somebody wrote `open`, or of all where nobody did.
    called: Option<Closing>,
}

/// A word on the state of a case.
struct Word {
    /// The greatest is the newest. Should one id have been given twice, the later miss decides.
    newest: (i64, u128, usize),
    value: State,
    /// As `done` closes a case.
    done: Closing,
}

impl Standing {
    /// What closed the case, unless it is open.
    fn closing(&self) -> Option<Closing> {
        match &self.word {
            Some(Word { value: State::Done, done, .. }) => Some(*done),
            _ => self.called,
        }
    }

    /// Why somebody closed it: what was written with the `done` that closes it, or later. What was written before that was said of
    /// another closing.
    fn reason(&self, written: &[&ByHand]) -> Option<String> {
        let done = self.word.as_ref().filter(|word| word.value == State::Done)?;
        let reason = newest(written, |by_hand| by_hand.reason.as_ref())?;
        (reason.at_ms >= done.newest.0).then(|| reason.value.clone())
    }

    fn closed_at(&self, at_ms: i64, how: How) -> Closing {
        Closing { at_ms, after_ms: at_ms.saturating_sub(self.first_ended_ms), how }
    }
}

impl<'a> Sweep<'a> {
    /// Before anything happened.
    pub(super) fn new(misses: &'a [Miss<'a>], talks: &'a [Talked<'a>]) -> Self {
        let case_of = Vec::with_capacity(misses.len());
        Self { misses, talks, cases: Vec::new(), case_of, open: BTreeSet::new(), waiting: BTreeSet::new() }
    }

    /// Goes on to the next event of the line.
    pub(super) fn happens(&mut self, event: Event) {
        match event {
            Event::Talked(talk) => self.talked(&self.talks[talk]),
            Event::Wrote { miss, word } => self.wrote(miss, word),
            Event::Missed(miss) => self.missed(miss),
        }
    }

    /// The newest open case gathers the miss; where none is open, one begins.
    fn missed(&mut self, index: usize) {
        let miss = &self.misses[index];
        let case = self.open.last().copied().unwrap_or_else(|| {
            self.cases.push(Standing {
                misses: Vec::new(),
                first_ended_ms: miss.ended_ms,
                awaits: HashSet::new(),
                word: None,
                called: None,
            });
            self.cases.len() - 1
        });
        self.open.insert(case);
        self.case_of.push(case);
        let standing = &mut self.cases[case];
        standing.misses.push(index);
        for party in &miss.awaits {
            standing.awaits.insert(*party);
            self.waiting.insert((*party, standing.first_ended_ms, case));
        }
    }

    fn talked(&mut self, talk: &Talked) {
        for (party, by) in &talk.with {
            let before = (*party, i64::MIN, 0)..(*party, talk.call.started_ms, 0);
            let reached: Vec<usize> = self.waiting.range(before).map(|(_, _, case)| *case).collect();
            for case in reached {
                let standing = &mut self.cases[case];
                let closing = standing.closed_at(talk.answered_ms, talk.how(*by));
                standing.called.get_or_insert(closing);
                for party in &standing.awaits {
                    self.waiting.remove(&(*party, standing.first_ended_ms, case));
                }
                self.look_at(case);
            }
        }
    }

    fn wrote(&mut self, miss: usize, word: &Written<State>) {
        let case = self.case_of[miss];
        let standing = &mut self.cases[case];
        let newest = (word.at_ms, word.id, miss);
        if standing.word.as_ref().is_some_and(|other| other.newest > newest) {
            return;
        }
        let call = self.misses[miss].call;
        let done = standing.closed_at(word.at_ms.max(call.started_ms), How::ByHand(call.number));
        standing.word = Some(Word { newest, value: word.value, done });
        // It waits on where it has not stopped.
        if word.value == State::Open && standing.called.take().is_some() {
            let awaits = standing.awaits.iter().map(|party| (*party, standing.first_ended_ms, case));
            self.waiting.extend(awaits);
        }
        self.look_at(case);
    }

    /// Notes whether a case is open now.
    fn look_at(&mut self, case: usize) {
        if self.cases[case].closing().is_none() {
            self.open.insert(case);
        } else {
            self.open.remove(&case);
        }
    }

    /// The cases at the end of the line.
    pub(super) fn cases(&self, by_hand: &HashMap<i64, ByHand>) -> Vec<Case> {
        self.cases.iter().filter_map(|standing| self.case(standing, by_hand)).collect()
    }

    fn case(&self, standing: &Standing, by_hand: &HashMap<i64, ByHand>) -> Option<Case> {
        let calls: Vec<_> = standing.misses.iter().map(|miss| self.misses[*miss].call).collect();
        let (first, last) = (calls.first()?, calls.last()?);
        let misses: Vec<i64> = calls.iter().map(|call| call.number).collect();
        let written: Vec<&ByHand> = misses.iter().filter_map(|number| by_hand.get(number)).collect();
        Some(Case {
            first_missed_ms: first.started_ms,
            last_missed_ms: last.started_ms,
            closing: standing.closing(),
            assignee: newest(&written, |by_hand| by_hand.assignee.as_ref()).map(|entry| entry.value.clone()),
            until_ms: newest(&written, |by_hand| by_hand.until_ms.as_ref()).map(|entry| entry.value),
            reason: standing.reason(&written),
            misses,
        })
    }
}

/// The newest entry of one field, on any miss of a case.
fn newest<'a, T: 'a>(
    written: &[&'a ByHand],
    field: impl Fn(&'a ByHand) -> Option<&'a Written<T>>,
) -> Option<&'a Written<T>> {
    written.iter().copied().filter_map(field).max_by_key(|entry| (entry.at_ms, entry.id))
}
