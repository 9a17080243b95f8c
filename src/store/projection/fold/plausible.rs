//! When an event happened: its own time where that is believable, else the time of its receipt (rules.md 1.7).
//!
//! The time of receipt is this computer's clock, and that can be wrong: after an empty battery it may stand years ago. A time
//! that lies more than a day after its receipt is therefore doubted and not refused. It is believed when deliveries about
//! different calls or rooms, received in the same days, are ahead of this computer's clock by the same amount: then it is the
//! clock that is wrong. All of this is told from the set of deliveries alone.

use std::collections::BTreeSet;

use crate::callback::fields::is_plausible;

const DAY_MS: i64 = 86_400_000;
/// Times that are ahead of their receipts by the same amount differ by what is on the way, retries included.
const AGREEMENT_MS: i64 = 600_000;
/// So many deliveries must agree.
const DELIVERIES: usize = 3;
/// And they must be about so many calls or rooms: one alone may be invented or odd.
const SUBJECTS: usize = 2;

/// What an event's own time is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnTime {
    /// It has none, or one that nobody can believe.
    Missing,
    /// It lies more than a day after its receipt: it is wrong, or this computer's clock is.
    Doubted(i64),
    /// It is when the event happened.
    Plausible(i64),
}

impl OwnTime {
    pub(crate) fn of(event_ms: Option<i64>, received_ms: i64) -> Self {
        match event_ms {
            Some(at_ms) if !is_plausible(at_ms) => Self::Missing,
            Some(at_ms) if at_ms <= received_ms.saturating_add(DAY_MS) => Self::Plausible(at_ms),
            Some(at_ms) => Self::Doubted(at_ms),
            None => Self::Missing,
        }
    }

    /// The time where it needs nobody's word.
    pub(crate) fn plausible(self) -> Option<i64> {
        match self {
            Self::Plausible(at_ms) => Some(at_ms),
            Self::Missing | Self::Doubted(_) => None,
        }
    }
}

/// A day of this computer's clock, and how far ahead of it a sender is. What lies in one cell or in cells that touch agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) day: i64,
    pub(crate) ahead: i64,
}

impl Cell {
    pub(crate) fn of(received_ms: i64, event_ms: i64) -> Self {
        let ahead_ms = event_ms.saturating_sub(received_ms);
        Self { day: received_ms.div_euclid(DAY_MS), ahead: ahead_ms.div_euclid(AGREEMENT_MS) }
    }

    /// The cell and the eight that touch it.
    pub(crate) fn around(self) -> impl Iterator<Item = Self> {
        let derived = |n: i64| (-1..=1).map(move |by| n.saturating_add(by));
        derived(self.day).flat_map(move |day| derived(self.ahead).map(move |ahead| Self { day, ahead }))
    }
}

/// True when deliveries that agree are enough to be believed; each is told by the call or the room that it is about.
pub(crate) fn suffice(subjects: impl IntoIterator<Item = String>) -> bool {
    let (mut deliveries, mut different) = (0, BTreeSet::new());
    for subject in subjects.into_iter().filter(|subject| !subject.is_empty()) {
        deliveries += 1;
        different.insert(subject);
    }
    deliveries >= DELIVERIES && different.len() >= SUBJECTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::fields::{NEWEST_MS, OLDEST_MS};

    /// 2016-01-01.
    const RECEIVED_MS: i64 = 1_451_606_400_000;

    #[test]
    fn a_time_is_plausible_doubted_or_none() {
        for (event_ms, want) in [
            (None, OwnTime::Missing),
            (Some(0), OwnTime::Missing),
            (Some(i64::MIN), OwnTime::Missing),
            (Some(OLDEST_MS - 1), OwnTime::Missing),
            (Some(OLDEST_MS), OwnTime::Plausible(OLDEST_MS)),
            (Some(RECEIVED_MS + DAY_MS), OwnTime::Plausible(RECEIVED_MS + DAY_MS)),
            (Some(RECEIVED_MS + DAY_MS + 1), OwnTime::Doubted(RECEIVED_MS + DAY_MS + 1)),
            (Some(NEWEST_MS - 1), OwnTime::Doubted(NEWEST_MS - 1)),
            (Some(NEWEST_MS), OwnTime::Missing),
            (Some(i64::MAX), OwnTime::Missing),
        ] {
            assert_eq!(OwnTime::of(event_ms, RECEIVED_MS), want, "{event_ms:?}");
        }
    }

    #[test]
    fn what_agrees_within_a_day_and_ten_minutes_always_touches() {
        let ahead_ms = 10 * 365 * DAY_MS;
        let one = Cell::of(RECEIVED_MS, RECEIVED_MS + ahead_ms);
        for later_ms in (-DAY_MS..=DAY_MS).step_by(3_599_999) {
            for more_ms in (-AGREEMENT_MS..=AGREEMENT_MS).step_by(59_999) {
                let received_ms = RECEIVED_MS + later_ms;
                let other = Cell::of(received_ms, received_ms + ahead_ms + more_ms);
                assert!(one.around().any(|cell| cell == other), "{later_ms} ms later, {more_ms} ms more ahead");
            }
        }
        let far = Cell::of(RECEIVED_MS, RECEIVED_MS + ahead_ms + 3 * AGREEMENT_MS);
        assert!(one.around().all(|cell| cell != far), "half an hour more is no agreement");
        assert_eq!(one.around().collect::<BTreeSet<_>>().len(), 9, "each once");
    }

    #[test]
    fn two_calls_in_three_deliveries_are_enough_and_nothing_less_is() {
        for (subjects, want) in [
            (&["a", "a", "b"][..], true),
            (&["a", "b", "c"], true),
            (&["a", "b"], false),
            (&["a", "a", "a", "a"], false),
            (&["a", "a", "a", ""], false),
            (&[], false),
        ] {
            assert_eq!(suffice(subjects.iter().map(|subject| (*subject).to_owned())), want, "{subjects:?}");
        }
    }
}
