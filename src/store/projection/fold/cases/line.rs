//! The line of time on which misses, talks and words stand: rules.md sections 12.2 and 12.4.

use std::collections::HashMap;

use crate::store::projection::fold::cases::misses::Miss;
use crate::store::projection::fold::cases::talks::Talked;
use crate::store::projection::fold::cases::{ByHand, State, Written};

/// What stands on the line. The numbers are places in the lists of misses and talks.
pub(super) enum Event<'a> {
    Talked(usize),
    Wrote { miss: usize, word: &'a Written<State> },
    Missed(usize),
}

/// In one moment the talk comes first, then what people wrote, then the miss.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Talked,
    Wrote,
    Missed,
}

/// A moment, the rank in it, which of its kind, and whether it comes right behind that one.
type Place = (i64, Rank, usize, bool);

/// Everything that happened, in its order.
pub(super) fn in_order<'a>(
    misses: &[Miss],
    talks: &[Talked],
    by_hand: &'a HashMap<i64, ByHand>,
) -> impl Iterator<Item = Event<'a>> {
    let mut line: Vec<(Place, Event)> = Vec::with_capacity(misses.len() + talks.len());
    for (index, talk) in talks.iter().enumerate() {
        line.push(((talk.answered_ms, Rank::Talked, index, false), Event::Talked(index)));
    }
    for (index, miss) in misses.iter().enumerate() {
        line.push(((miss.call.started_ms, Rank::Missed, index, false), Event::Missed(index)));
        if let Some(word) = by_hand.get(&miss.call.number).and_then(|by_hand| by_hand.state.as_ref()) {
            line.push((place_of(word, miss, index), Event::Wrote { miss: index, word }));
        }
    }
    line.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    line.into_iter().map(|(_, event)| event)
}

/// Nobody writes on a miss before it is there. A clock that is behind says so all the same; such a word holds from the miss on.
fn place_of(word: &Written<State>, miss: &Miss, index: usize) -> Place {
    if word.at_ms > miss.call.started_ms {
        (word.at_ms, Rank::Wrote, index, false)
    } else {
        (miss.call.started_ms, Rank::Missed, index, true)
    }
}
