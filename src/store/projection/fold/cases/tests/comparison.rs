//! The fold against the second opinion of it, over random histories, and proof that the comparison would find a mistake.

use super::histories::{COUNTERPART, Dice, History};
use super::mistake::Mistake;
use super::model;
use crate::store::projection::fold::cases::{self, Call, Case, How};

fn folded(history: &History) -> Vec<Case> {
    cases::fold(COUNTERPART, &history.calls, &history.by_hand, &history.rules)
}

fn second_opinion(history: &History, mistake: Option<Mistake>) -> Vec<Case> {
    model::fold(COUNTERPART, &history.calls, &history.by_hand, &history.rules, mistake)
}

/// How many histories are compared.
const HISTORIES: u64 = 50_000;

/// The same calls as a set: in another order, some of them twice.
fn told_otherwise(dice: &mut Dice, history: &History) -> Vec<Call> {
    let mut calls = history.calls.clone();
    let twice: Vec<Call> = calls.iter().filter(|_| dice.percent(20)).cloned().collect();
    calls.extend(twice);
    dice.shuffle(&mut calls);
    calls
}

#[test]
fn both_say_the_same_of_random_histories() {
    let mut dice = Dice(20_260_101);
    // What came up, so that a comparison of nothing would be seen.
    let (mut open, mut back, mut again, mut by_hand, mut several, mut side_by_side) = (0, 0, 0, 0, 0, 0);
    for number in 0..HISTORIES {
        let history = History::random(&mut dice);
        let cases = folded(&history);
        assert_eq!(cases, second_opinion(&history, None), "history {number}: {history:#?}");
        let otherwise = told_otherwise(&mut dice, &history);
        let other = cases::fold(COUNTERPART, &otherwise, &history.by_hand, &history.rules);
        assert_eq!(cases, other, "history {number} in another order: {history:#?}");
        for case in &cases {
            match case.closing.map(|closing| closing.how) {
                None => open += 1,
                Some(How::CalledBack(_)) => back += 1,
                Some(How::CalledAgain(_)) => again += 1,
                Some(How::ByHand(_)) => by_hand += 1,
            }
            several += u64::from(case.misses.len() > 1);
        }
        side_by_side += u64::from(cases.iter().filter(|case| case.closing.is_none()).count() > 1);
    }
    for count in [open, back, again, by_hand, several, side_by_side] {
        assert!(count > 50, "each kind of outcome comes up");
    }
}

#[test]
fn every_planted_mistake_is_found() {
    for mistake in Mistake::ALL {
        let mut dice = Dice(7);
        let (mut differ, mut first) = (0, None);
        for number in 1..=20_000 {
            let history = History::random(&mut dice);
            if folded(&history) != second_opinion(&history, Some(mistake)) {
                differ += 1;
                first.get_or_insert(number);
            }
        }
        assert!(differ > 0, "{mistake:?} is not found");
    }
}
