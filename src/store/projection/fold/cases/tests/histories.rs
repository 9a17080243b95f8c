//! Random histories of one counterpart: few persons, few moments close to each other, clocks that are wrong.

use std::collections::HashMap;

use crate::store::projection::fold::cases::{ByHand, Call, Member, Role, Rules, State, Unanswered, Written};

/// SplitMix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap();
        low + i64::try_from(self.throw() % span).unwrap()
    }

    /// True in so many of a hundred.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.between(0, i64::try_from(of.len()).unwrap() - 1)).unwrap()]
    }

    /// In any order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = usize::try_from(self.between(0, i64::try_from(last).unwrap())).unwrap();
            list.swap(last, other);
        }
    }
}

/// What is folded.
#[derive(Debug)]
pub(super) struct History {
    pub(super) calls: Vec<Call>,
    pub(super) by_hand: HashMap<i64, ByHand>,
    pub(super) rules: Rules,
}

/// Whose cases: this person is in most calls.
pub(super) const COUNTERPART: i64 = 1;
const PERSONS: i64 = 5;
const RESULTS: [Unanswered; 6] = [
    Unanswered::NotAnswer,
    Unanswered::CallBusy,
    Unanswered::Offline,
    Unanswered::Failed,
    Unanswered::Cancel,
    Unanswered::Reject,
];

/// How one history is made.
struct Maker<'d> {
    dice: &'d mut Dice,
    /// Milliseconds of one step of time.
    step_ms: i64,
    /// The last step at which something begins.
    span: i64,
    /// Persons from this number on are ours.
    ours_from: i64,
    /// How many of a hundred calls are answered.
    answered: i64,
    /// How many of a hundred unanswered calls are the counterpart's.
    counterparts: i64,
}

impl History {
    pub(super) fn random(dice: &mut Dice) -> Self {
        let size = if dice.percent(10) { dice.between(10, 30) } else { dice.between(1, 9) };
        let anybody_ours = dice.percent(60);
        let ours_from = match (anybody_ours, dice.percent(5)) {
            (false, _) => PERSONS + 1,
            (true, true) => 1,
            (true, false) => dice.between(2, PERSONS),
        };
        let (step_ms, span) = (dice.one_of(&[1, 2_499, 2_500, 5_000]), dice.between(1, 2 * size + 2));
        let (answered, counterparts) = (dice.between(10, 60), dice.between(50, 100));
        let mut maker = Maker { dice, step_ms, span, ours_from, answered, counterparts };
        let mut calls: Vec<Call> = (0..size).map(|number| maker.call(number)).collect();
        let written = maker.dice.between(0, 80);
        let mut by_hand = HashMap::new();
        for call in &calls {
            if maker.dice.percent(written) {
                by_hand.insert(call.number, maker.by_hand(call.started_ms));
            }
        }
        let rules = maker.rules(anybody_ours);
        maker.dice.shuffle(&mut calls);
        Self { calls, by_hand, rules }
    }
}

impl Maker<'_> {
    fn rules(&mut self, anybody_ours: bool) -> Rules {
        let mut rules = Rules { anybody_ours, ..Rules::default() };
        if self.dice.percent(20) {
            rules.counted = RESULTS.into_iter().filter(|_| self.dice.percent(70)).collect();
        }
        rules
    }

    fn call(&mut self, number: i64) -> Call {
        let started = self.dice.between(0, self.span);
        let answered = self.dice.percent(self.answered).then(|| started + self.dice.between(0, 3));
        let ended = self.dice.percent(92).then(|| answered.unwrap_or(started) + self.dice.between(0, 3));
        let result = self.dice.percent(90).then(|| match self.dice.percent(60) {
            true => Unanswered::NotAnswer,
            false => self.dice.one_of(&RESULTS),
        });
        // A time that was told may be before the start.
        let odd = if self.dice.percent(3) { -3 } else { 0 };
        let ms = |steps: i64| (steps + odd) * self.step_ms;
        let (answered_ms, ended_ms) = (answered.map(ms), ended.map(ms));
        let members = self.members(started, answered.is_some());
        // Neither the number nor the id goes with the order in time.
        let id = format!("{:02}", number * 37 % 101);
        let number = number * 29 % 97;
        Call { number, id, started_ms: started * self.step_ms, answered_ms, ended_ms, result, members }
    }

    fn members(&mut self, started: i64, answered: bool) -> Vec<Member> {
        let mut members = Vec::new();
        let calls = if answered { 45 } else { self.counterparts };
        let caller = if self.dice.percent(calls) { COUNTERPART } else { self.dice.between(1, PERSONS) };
        for index in 0..self.dice.between(1, 4) {
            let role = match index {
                0 if self.dice.percent(96) => Role::Caller,
                _ if self.dice.percent(85) => Role::Callee,
                _ => Role::Other,
            };
            let person = match role {
                Role::Caller => caller,
                _ if caller != COUNTERPART && self.dice.percent(60) => COUNTERPART,
                _ => self.dice.between(1, PERSONS),
            };
            let joins = if role == Role::Caller { 95 } else { 70 };
            let joined = (if answered { self.dice.percent(joins) } else { self.dice.percent(10) })
                .then(|| (started + self.dice.between(0, 4)) * self.step_ms);
            let normal_end = self.dice.percent(if joined.is_some() { 80 } else { 8 });
            members.push(Member { person, role, ours: person >= self.ours_from, joined_ms: joined, normal_end });
        }
        self.dice.shuffle(&mut members);
        members
    }

    fn by_hand(&mut self, started_ms: i64) -> ByHand {
        ByHand {
            state: self.dice.percent(85).then(|| {
                let value = self.dice.one_of(&[State::Done, State::Done, State::Open]);
                self.written(started_ms, value)
            }),
            assignee: self.dice.percent(30).then(|| {
                let value = self.dice.one_of(&["ann", "bob"]).to_owned();
                self.written(started_ms, value)
            }),
            until_ms: self.dice.percent(20).then(|| {
                let value = self.dice.one_of(&[1, 2]);
                self.written(started_ms, value)
            }),
            reason: self.dice.percent(20).then(|| {
                let value = self.dice.one_of(&["wrong number", "mailed"]).to_owned();
                self.written(started_ms, value)
            }),
        }
    }

    /// Most clocks are right, some are far off.
    fn written<T>(&mut self, started_ms: i64, value: T) -> Written<T> {
        let steps = if self.dice.percent(70) { self.dice.between(0, 6) } else { self.dice.between(-20, 20) };
        let off = if self.dice.percent(15) { self.dice.between(-1, 1) } else { 0 };
        let id = u128::try_from(self.dice.between(0, 9)).unwrap();
        Written { at_ms: started_ms + steps * self.step_ms + off, id, value }
    }
}
