//! The evidence that the comparison can fail: the folds with a rule that is wrong on purpose differ from the model within a few
//! histories. A wrong rule is made of what the right folds are given, so the product has no switch for it.

use std::sync::Arc;

use crate::callback::facts::{CallDetail, CallRecord};
use crate::store::projection::fold::stay::What;
use crate::store::projection::in_memory::Inputs;
use crate::store::tests::opinion::memory;
use crate::store::tests::opinion::model::{self, Record};
use crate::store::tests::opinion::{Arrived, difference, history, smallest, told};

/// Within so many histories a wrong rule must be caught.
const HISTORIES: u64 = 5_000;
/// Long after.
const NOW_MS: i64 = crate::store::tests::opinion::histories::START_MS + 400_000_000;

/// Finds a history in which the wrong rule shows and prints the smallest one.
fn catch_panic(name: &str, wrong: impl Fn(&mut Inputs), arrives: impl Fn(&[Arrived]) -> Vec<Arrived>) {
    let right = |history: &[Arrived]| in_seconds(model::record(history, NOW_MS).of_folds());
    let mistaken = |history: &[Arrived]| in_seconds(memory::wrong_record(&arrives(history), NOW_MS, &wrong).of_folds());
    let differs = |history: &[Arrived]| right(history) != mistaken(history);
    let seed = (1..=HISTORIES).find(|seed| differs(&whole_seconds(history(*seed))));
    let seed = seed.unwrap_or_else(|| panic!("no one of {HISTORIES} histories shows that {name}"));
    let least = smallest(whole_seconds(history(seed)), &differs);
    let shown = difference(&right(&least), &mistaken(&least));
    println!("{name}: caught by seed {seed} with {} deliveries\n{}\n{shown}", least.len(), told(&least));
    assert!(least.len() <= 4, "the smallest history that shows that {name} is small");
}

/// Only deliveries at whole seconds, so that a wrong rule can push one of two events of a millisecond past the other.
fn whole_seconds(mut history: Vec<Arrived>) -> Vec<Arrived> {
    history.retain(|arrived| arrived.callback.event_ms.is_some_and(|at| at % 1_000 == 0));
    history
}

/// Calls and stays without what a wrong rule has pushed, and without the words about deliveries and sources.
fn in_seconds(mut record: Record) -> Record {
    record.readings.clear();
    record.sources.clear();
    for stay in &mut record.stays {
        stay.entered_ms = stay.entered_ms.map(|at| at / 1_000 * 1_000);
        stay.left_ms = stay.left_ms.map(|at| at / 1_000 * 1_000);
    }
    record
}

fn in_order(inputs: &mut Inputs) {
    inputs.put_in_order();
}

/// Events of one kind come after all others of their millisecond, wherever the user is.
fn last_of_its_millisecond(inputs: &mut Inputs, last: What) {
    in_order(inputs);
    let late = inputs.stays.values_mut().flatten().filter(|event| event.what == last);
    late.for_each(|event| event.at_ms += 1);
}

#[test]
fn the_right_rules_are_not_caught() {
    for seed in 1..=HISTORIES {
        let history = whole_seconds(history(seed));
        let right = memory::wrong_record(&history, NOW_MS, &in_order).of_folds();
        assert_eq!(in_seconds(right), in_seconds(model::record(&history, NOW_MS).of_folds()), "seed {seed}");
    }
}

#[test]
fn an_accept_time_of_0_that_counts_as_absent_is_caught() {
    let wrong = |inputs: &mut Inputs| {
        in_order(inputs);
        for event in inputs.calls.values_mut().flatten() {
            if let CallDetail::Ended(record) = Arc::make_mut(&mut event.detail) {
                record.accepted_ms = record.accepted_ms.filter(|at| *at > 0);
            }
        }
    };
    catch_panic("AcceptTime 0 counts as absent", wrong, <[_]>::to_vec);
}

#[test]
fn ends_of_rooms_that_are_ignored_are_caught() {
    let wrong = |inputs: &mut Inputs| {
        in_order(inputs);
        inputs.boundaries.clear();
    };
    catch_panic("the end of a room is ignored", wrong, <[_]>::to_vec);
}

#[test]
fn enter_before_leave_even_inside_is_caught() {
    let wrong = |inputs: &mut Inputs| last_of_its_millisecond(inputs, What::Leave);
    catch_panic("enter comes before leave also for somebody inside", wrong, <[_]>::to_vec);
}

#[test]
fn leave_before_enter_even_outside_is_caught() {
    let wrong = |inputs: &mut Inputs| last_of_its_millisecond(inputs, What::Enter);
    catch_panic("leave comes before enter also for somebody outside", wrong, <[_]>::to_vec);
}

#[test]
fn events_in_the_order_of_arrival_are_caught() {
    catch_panic("events are folded in the order of arrival", |_| {}, <[_]>::to_vec);
}

#[test]
fn one_end_record_that_hides_the_others_is_caught() {
    let wrong = |inputs: &mut Inputs| {
        in_order(inputs);
        for events in inputs.calls.values_mut() {
            let mut seen = false;
            events
                .retain(|event| !matches!(*event.detail, CallDetail::Ended(_)) || !std::mem::replace(&mut seen, true));
        }
    };
    catch_panic("fields of a second end record are lost", wrong, <[_]>::to_vec);
}

/// Events of a call of which only end records are known, after `wrong` has named a time that none of them does.
fn naming(wrong: impl Fn(i64, &mut CallRecord)) -> impl Fn(&mut Inputs) {
    move |inputs| {
        in_order(inputs);
        for events in inputs.calls.values_mut() {
            let first_ms = events.first().map_or(0, |event| event.at_ms);
            if events.iter().all(|event| matches!(*event.detail, CallDetail::Ended(_))) {
                for event in events {
                    let CallDetail::Ended(record) = Arc::make_mut(&mut event.detail) else { continue };
                    wrong(first_ms, record);
                }
            }
        }
    }
}

#[test]
fn a_derived_start_after_the_answer_is_caught() {
    let wrong = naming(|first_ms, record| record.started_ms = record.started_ms.or(Some(first_ms)));
    catch_panic("what was heard of first is the start, whenever the call was answered", wrong, <[_]>::to_vec);
}

#[test]
fn a_derived_end_before_the_answer_is_caught() {
    let wrong = naming(|first_ms, record| {
        record.ended_ms = record.ended_ms.or(Some(first_ms).filter(|_| !record.fetched));
    });
    catch_panic("what was heard of is the end, whenever the call was answered", wrong, <[_]>::to_vec);
}

/// True for an event that lies more than a day after its receipt.
fn is_ahead(arrived: &Arrived) -> bool {
    arrived.callback.event_ms.is_some_and(|at| at > arrived.delivery.received_ms + 86_400_000)
}

#[test]
fn a_clock_that_is_believed_against_all_senders_is_caught() {
    let never = |history: &[Arrived]| {
        let mut arrives = history.to_vec();
        arrives.iter_mut().filter(|arrived| is_ahead(arrived)).for_each(|arrived| arrived.callback.event_ms = None);
        arrives
    };
    catch_panic("an event long after its receipt is never believed", in_order, never);
}

#[test]
fn a_sender_that_is_believed_alone_is_caught() {
    let always = |history: &[Arrived]| {
        let mut arrives = history.to_vec();
        for arrived in arrives.iter_mut().filter(|arrived| is_ahead(arrived)) {
            arrived.delivery.received_ms = arrived.callback.event_ms.expect("it is ahead");
        }
        arrives
    };
    catch_panic("an event long after its receipt is always believed", in_order, always);
}

#[test]
fn a_receipt_that_is_not_the_earliest_is_caught() {
    let first_only = |history: &[Arrived]| {
        let mut arrives: Vec<Arrived> = Vec::new();
        for arrived in history {
            if arrives.iter().all(|known| known.digest != arrived.digest) {
                arrives.push(arrived.clone());
            }
        }
        arrives
    };
    catch_panic("the receipt that came first speaks, not the earliest", in_order, first_only);
}
