//! What the senders' times say of this computer's clock: if those of different calls and rooms agree with each other and not
//! with it, it is wrong.
//!
//! Only a majority of what came last counts, and the newest word ends it: a clock that has been set is right at once.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use crate::callback::Callback;
use crate::lock::lock;
use crate::store::delivery::{Delivery, Place, Source};
use crate::store::projection::doubt::subject;
use crate::store::projection::fold::plausible::OwnTime;

/// So many of the last deliveries are looked at.
pub(crate) const HEARD: usize = 12;
/// So many of them must agree, about so many calls or rooms.
const DELIVERIES: usize = 3;
const SUBJECTS: usize = 2;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// What is received later than it is sent may have been held back on the way, so less than this is not spoken of.
const AHEAD_MS: i64 = 10 * MINUTE_MS;
/// Nothing is received before it is sent.
const BEHIND_MS: i64 = 2 * MINUTE_MS;

/// A delivery that tells when it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The call or the room that it tells of.
    pub(crate) subject: String,
    /// By this computer's clock, Unix milliseconds.
    pub(crate) received_ms: i64,
    /// By the sender's.
    pub(crate) sent_ms: i64,
}

impl Word {
    /// By how much this computer's clock is ahead of the sender's; the way of the delivery is in it.
    fn ahead_ms(&self) -> i64 {
        self.received_ms.saturating_sub(self.sent_ms)
    }
}

/// By how many milliseconds this computer's clock seems to be ahead (behind: negative), when the last senders agree that it is
/// wrong. `heard` comes oldest first. What was received long before `now_ms`, or after it, says nothing of the clock now.
pub(crate) fn clock_off_ms(heard: &[Word], now_ms: i64) -> Option<i64> {
    let is_recent = |word: &&Word| (-MINUTE_MS..=DAY_MS).contains(&now_ms.saturating_sub(word.received_ms));
    let recent: Vec<&Word> = heard.iter().filter(is_recent).collect();
    let newest = recent.last()?;
    let mut ahead: Vec<i64> = recent.iter().map(|word| word.ahead_ms()).collect();
    ahead.sort_unstable();
    let middle_ms = *ahead.get(ahead.len() / 2)?;
    let agree = |word: &&&Word| word.ahead_ms().abs_diff(middle_ms) <= tolerance_ms(middle_ms);
    let agreeing: Vec<&&Word> = recent.iter().filter(agree).collect();
    let subjects: BTreeSet<&String> = agreeing.iter().map(|word| &word.subject).collect();
    // An example that somebody sends again and again, with another name each time, was never sent just now.
    let moments: BTreeSet<i64> = agreeing.iter().map(|word| word.sent_ms).collect();
    let is_wrong = (middle_ms >= AHEAD_MS && moments.len() > 1) || middle_ms <= -BEHIND_MS;
    let is_right_now = (-BEHIND_MS..AHEAD_MS).contains(&newest.ahead_ms());
    let is_agreed = agreeing.len() >= DELIVERIES && subjects.len() >= SUBJECTS && agreeing.len() * 2 > recent.len();
    (is_wrong && !is_right_now && is_agreed).then_some(middle_ms)
}

/// How far senders who agree may differ. Deliveries that were held back, and come together, are late by different times.
fn tolerance_ms(ahead_ms: i64) -> u64 {
    match (ahead_ms >= 0, ahead_ms.unsigned_abs() > DAY_MS.unsigned_abs()) {
        (true, false) => 30_000,
        (true, true) | (false, false) => 120_000,
        (false, true) => 600_000,
    }
}

/// The last deliveries of this process that told when they were sent.
#[derive(Default)]
pub(crate) struct Senders(Mutex<VecDeque<Word>>);

impl Senders {
    /// Notes a delivery as it arrives.
    pub(crate) fn hear(&self, delivery: &Delivery, callback: &Callback, place: &Place) {
        if *place != Place::Archive || delivery.source != Source::Callback || delivery.app.is_empty() {
            return;
        }
        let subject = subject(&delivery.app, callback.facts.as_ref()).unwrap_or_default();
        let (OwnTime::Plausible(sent_ms) | OwnTime::Doubted(sent_ms)) =
            OwnTime::of(callback.event_ms, delivery.received_ms)
        else {
            return;
        };
        if subject.is_empty() {
            return;
        }
        let mut heard = lock(&self.0);
        heard.push_back(Word { subject, received_ms: delivery.received_ms, sent_ms });
        while heard.len() > HEARD {
            heard.pop_front();
        }
    }

    /// See [`clock_off_ms`].
    pub(crate) fn clock_off_ms(&self, now_ms: i64) -> Option<i64> {
        let mut heard = lock(&self.0);
        clock_off_ms(heard.make_contiguous(), now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_760_000_000_000;
    const HOUR_MS: i64 = 60 * MINUTE_MS;
    const YEAR_MS: i64 = 365 * DAY_MS;

    /// Deliveries about one call each, `(call, received before now, ahead)`.
    fn heard(words: &[(u8, i64, i64)]) -> Vec<Word> {
        let word = |(call, before_ms, ahead_ms): &(u8, i64, i64)| Word {
            subject: call.to_string(),
            received_ms: NOW_MS - before_ms,
            sent_ms: NOW_MS - before_ms - ahead_ms,
        };
        words.iter().map(word).collect()
    }

    #[test]
    fn a_clock_is_wrong_when_different_senders_say_so_together() {
        type Case = (&'static str, &'static [(u8, i64, i64)], Option<i64>);
        let cases: [Case; 19] = [
            ("nothing was heard", &[], None),
            ("it is right", &[(1, 9, 300), (1, 6, 1_000), (2, 3, 200)], None),
            (
                "ten years behind",
                &[(1, 9, -10 * YEAR_MS), (1, 6, -10 * YEAR_MS + 5_000), (2, 3, -10 * YEAR_MS)],
                Some(-10 * YEAR_MS),
            ),
            (
                "two years ahead",
                &[(1, 9, 2 * YEAR_MS), (1, 6, 2 * YEAR_MS), (2, 3, 2 * YEAR_MS + 60_000)],
                Some(2 * YEAR_MS),
            ),
            ("an hour behind", &[(1, 9, -HOUR_MS), (2, 6, -HOUR_MS + 2_000), (3, 3, -HOUR_MS)], Some(-HOUR_MS)),
            ("an hour ahead", &[(1, 9, HOUR_MS), (2, 6, HOUR_MS), (3, 3, HOUR_MS + 2_000)], Some(HOUR_MS)),
            ("a minute is nothing", &[(1, 9, -60_000), (2, 6, -60_000), (3, 3, -60_000)], None),
            ("some minutes late", &[(1, 9, 300_000), (2, 6, 300_000), (3, 3, 300_000)], None),
            ("one call alone", &[(1, 9, -YEAR_MS), (1, 6, -YEAR_MS), (1, 3, -YEAR_MS)], None),
            ("two deliveries", &[(1, 9, -YEAR_MS), (2, 6, -YEAR_MS)], None),
            (
                "a relay that was down for hours",
                &[(1, 3, 3 * HOUR_MS), (2, 3, 2 * HOUR_MS), (3, 3, HOUR_MS), (4, 3, HOUR_MS / 2)],
                None,
            ),
            (
                "one that sends an old one among the others",
                &[
                    (1, 9, 300),
                    (2, 8, YEAR_MS),
                    (3, 7, 300),
                    (4, 6, YEAR_MS),
                    (5, 5, YEAR_MS),
                    (6, 4, 300),
                    (7, 3, 300),
                ],
                None,
            ),
            (
                "a late one between",
                &[(1, 9, -YEAR_MS), (2, 6, -YEAR_MS), (3, 3, -YEAR_MS), (4, 2, -YEAR_MS + 2 * HOUR_MS)],
                Some(-YEAR_MS),
            ),
            (
                "it was set: the next one agrees",
                &[(1, 9, -HOUR_MS), (2, 6, -HOUR_MS), (3, 3, -HOUR_MS), (4, 1, 300)],
                None,
            ),
            (
                "it was set forth, and nothing came since",
                &[(1, YEAR_MS, -YEAR_MS), (2, YEAR_MS, -YEAR_MS), (3, YEAR_MS, -YEAR_MS)],
                None,
            ),
            (
                "it was set back, and nothing came since",
                &[(1, -YEAR_MS, YEAR_MS), (2, -YEAR_MS, YEAR_MS), (3, -YEAR_MS, YEAR_MS)],
                None,
            ),
            (
                "an example that is sent again and again with other names",
                &[(1, 9_000, YEAR_MS - 9_000), (2, 6_000, YEAR_MS - 6_000), (3, 3_000, YEAR_MS - 3_000)],
                None,
            ),
            (
                "what was held back for a weekend",
                &[(1, 3, 2 * DAY_MS), (2, 3, 2 * DAY_MS - 400_000), (3, 3, 2 * DAY_MS - 900_000)],
                None,
            ),
            ("absurd times", &[(1, 9, i64::MIN / 2), (2, 6, i64::MIN / 2), (3, 3, i64::MIN / 2)], Some(i64::MIN / 2)),
        ];
        for (what, words, want) in cases {
            assert_eq!(clock_off_ms(&heard(words), NOW_MS), want, "{what}");
        }
    }

    #[test]
    fn only_the_last_ones_are_remembered() {
        let senders = Senders::default();
        senders.0.lock().unwrap().extend(heard(&[(1, 9, -HOUR_MS), (2, 6, -HOUR_MS), (3, 3, -HOUR_MS)]));
        assert_eq!(senders.clock_off_ms(NOW_MS), Some(-HOUR_MS), "asked of what was heard");
        assert_eq!(senders.clock_off_ms(NOW_MS + 2 * DAY_MS), None, "of two days ago");
    }
}
