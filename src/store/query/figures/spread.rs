//! Medians and percentiles by nearest rank: always a value that there was.

use crate::store::rows::{Spread, Talk};

/// Longer than this is rare, so that it is not counted second by second.
const COUNTED: usize = 4 * 3_600;

/// Some lengths in seconds: how often there was each, so that a million need neither be kept nor sorted.
#[derive(Default)]
pub(super) struct Seconds {
    counts: Vec<u64>,
    others: Vec<i64>,
    number: usize,
    sum: i64,
    longest: Option<i64>,
}

impl Seconds {
    pub(super) fn add(&mut self, seconds: i64) {
        self.number += 1;
        self.sum = self.sum.saturating_add(seconds);
        self.longest = self.longest.max(Some(seconds));
        match usize::try_from(seconds).ok().filter(|place| *place < COUNTED) {
            Some(place) => {
                if self.counts.len() <= place {
                    self.counts.resize(place + 1, 0);
                }
                self.counts.get_mut(place).into_iter().for_each(|count| *count += 1);
            }
            None => self.others.push(seconds),
        }
    }

    /// The value at place ceil(tenths / 10 * n) of n, from 1; none of no values.
    fn at(&mut self, tenths: usize) -> Option<i64> {
        let mut place = self.number.saturating_mul(tenths).div_ceil(10).checked_sub(1)?;
        self.others.sort_unstable();
        let below = self.others.partition_point(|seconds| *seconds < 0);
        if place < below {
            return self.others.get(place).copied();
        }
        place -= below;
        for (seconds, count) in (0..).zip(&self.counts) {
            match place.checked_sub(usize::try_from(*count).unwrap_or(usize::MAX)) {
                Some(left) => place = left,
                None => return Some(seconds),
            }
        }
        self.others.get(below + place).copied()
    }

    pub(super) fn median(&mut self) -> Option<i64> {
        self.at(5)
    }

    pub(super) fn spread(mut self) -> Spread {
        Spread { median: self.median(), p90: self.at(9) }
    }

    pub(super) fn talk(mut self) -> Talk {
        Talk { sum: self.sum, longest: self.longest, median: self.median() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Seconds {
        let mut seconds = Seconds::default();
        values.iter().for_each(|value| seconds.add(*value));
        seconds
    }

    #[test]
    fn the_rank_is_the_nearest() {
        let of = |values: &[i64]| {
            let spread = of(values).spread();
            (spread.median, spread.p90)
        };
        assert_eq!(of(&[]), (None, None), "of nothing");
        assert_eq!(of(&[7]), (Some(7), Some(7)), "of one");
        assert_eq!(of(&[4, 3, 2, 1]), (Some(2), Some(4)), "of an even number the lower one of the middle");
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (Some(5), Some(9)), "of ten the ninth");
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), (Some(6), Some(10)), "of eleven the tenth");
    }

    #[test]
    fn counting_finds_what_sorting_finds() {
        let values = [90_000, 3, -5, 14_400, 3, 14_399, i64::MAX, 0, -5, 700, i64::MIN];
        let mut sorted = values;
        sorted.sort_unstable();
        for tenths in 1..=10 {
            let place = (values.len() * tenths).div_ceil(10) - 1;
            assert_eq!(of(&values).at(tenths), Some(sorted[place]), "at {tenths} tenths");
        }
        let talk = of(&values).talk();
        assert_eq!((talk.longest, talk.median), (Some(i64::MAX), Some(3)));
    }
}
