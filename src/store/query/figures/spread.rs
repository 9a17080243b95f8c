//! Medians and percentiles by nearest rank: always a value that there was.

use crate::store::rows::{Spread, Talk};

/// The value at place ceil(tenths / 10 * n) of n, from 1; none of no values.
fn at(values: &mut [i64], tenths: usize) -> Option<i64> {
    let place = values.len().saturating_mul(tenths).div_ceil(10).checked_sub(1)?;
    Some(*values.select_nth_unstable(place).1)
}

pub(super) fn median(values: &mut [i64]) -> Option<i64> {
    at(values, 5)
}

/// Of so many seconds.
pub(super) fn spread(mut seconds: Vec<i64>) -> Spread {
    Spread { median: median(&mut seconds), p90: at(&mut seconds, 9) }
}

/// Of so many talks.
pub(super) fn talk(mut seconds: Vec<i64>) -> Talk {
    Talk {
        sum: seconds.iter().fold(0, |sum: i64, one| sum.saturating_add(*one)),
        longest: seconds.iter().copied().max(),
        median: median(&mut seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_the_nearest() {
        let of = |values: &[i64]| {
            let spread = spread(values.to_vec());
            (spread.median, spread.p90)
        };
        assert_eq!(of(&[]), (None, None), "of nothing");
        assert_eq!(of(&[7]), (Some(7), Some(7)), "of one");
        assert_eq!(of(&[4, 3, 2, 1]), (Some(2), Some(4)), "of an even number the lower one of the middle");
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (Some(5), Some(9)), "of ten the ninth");
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), (Some(6), Some(10)), "of eleven the tenth");
    }
}
