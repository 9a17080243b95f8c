//! How many were in a room at each moment: a step line from the stays as they are read, and its highest point.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::store::rows::OccupancyPoint;

/// An answer holds at most this many points.
const MOST: usize = 400;
/// Segments of time that a longer line is divided into; each keeps two points, and the line its first.
const STRETCHES: i64 = 199;

/// In which order users come and go within a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Leave,
    Enter,
    LeaveAtOnce,
}

/// Coming and going of users, to be counted. A user may be in several times at once, from several devices, and counts once.
#[derive(Default)]
pub(crate) struct Moves(Vec<(i64, Order, usize)>);

impl Moves {
    /// A user came in.
    pub(crate) fn enter(&mut self, user: usize, at_ms: i64) {
        self.0.push((at_ms, Order::Enter, user));
    }

    /// The user who came in at `entered_ms` left. Who left before somebody else came in the same millisecond was not there together
    /// with them; but whoever came and went in one millisecond was there in it.
    pub(crate) fn leave(&mut self, user: usize, entered_ms: i64, at_ms: i64) {
        self.0.push((at_ms, if at_ms > entered_ms { Order::Leave } else { Order::LeaveAtOnce }, user));
    }

    /// A user is not counted after this moment, but was there in it together with whoever came in.
    pub(crate) fn lose(&mut self, user: usize, at_ms: i64) {
        self.0.push((at_ms, Order::LeaveAtOnce, user));
    }

    /// The step line: from each point on so many were inside. A moment in which more were inside than before and after
    /// has two points, the higher one first.
    pub(crate) fn line(mut self) -> Vec<OccupancyPoint> {
        self.0.sort_unstable();
        let mut line = Vec::new();
        let mut times: HashMap<usize, i64> = HashMap::new();
        let mut inside = 0_i64;
        for moment in self.0.chunk_by(|(a, ..), (b, ..)| a == b) {
            let Some((at_ms, ..)) = moment.first().copied() else { continue };
            let (before, mut highest) = (inside, inside);
            for (_, order, user) in moment {
                let times = times.entry(*user).or_default();
                let was_in = *times > 0;
                *times += if *order == Order::Enter { 1 } else { -1 };
                inside += i64::from(*times > 0) - i64::from(was_in);
                highest = highest.max(inside);
            }
            let point = |inside: i64| OccupancyPoint { at_ms, inside: u64::try_from(inside).unwrap_or(0) };
            if highest > before && highest > inside {
                line.push(point(highest));
            }
            if inside != before || highest > before {
                line.push(point(inside));
            }
        }
        line
    }
}

/// The highest point of a line, the earliest of several.
pub(crate) fn peak(line: &[OccupancyPoint]) -> Option<&OccupancyPoint> {
    line.iter().min_by_key(|point| (Reverse(point.inside), point.at_ms))
}

/// The line with at most 400 points. A longer one keeps its first point and, of each of 199 stretches of equal length, the
/// earliest highest point and the last one: so no peak is lost, and each stretch ends with what was so at its end.
pub(crate) fn thin(line: Vec<OccupancyPoint>) -> Vec<OccupancyPoint> {
    let (Some(first), Some(last), true) = (line.first(), line.last(), line.len() > MOST) else { return line };
    let (begin_ms, length_ms) = (first.at_ms, last.at_ms.saturating_sub(first.at_ms).saturating_add(1));
    let stretch = |point: &OccupancyPoint| (point.at_ms - begin_ms).saturating_mul(STRETCHES) / length_ms;
    let mut kept = vec![first.clone()];
    for points in line.chunk_by(|a, b| stretch(a) == stretch(b)) {
        kept.extend(peak(points).into_iter().chain(points.last()).cloned());
    }
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(at_ms: i64, inside: u64) -> OccupancyPoint {
        OccupancyPoint { at_ms, inside }
    }

    #[test]
    fn within_a_millisecond_leaves_come_before_enters() {
        let mut moves = Moves::default();
        for (user, entered, left) in [(0, 1, 5), (1, 5, 9), (2, 5, 5)] {
            moves.enter(user, entered);
            moves.leave(user, entered, left);
        }
        assert_eq!(
            moves.line(),
            [point(1, 1), point(5, 2), point(5, 1), point(9, 0)],
            "at 5 one leaves, one comes, and one comes and goes: never three together"
        );
    }

    #[test]
    fn a_change_of_guard_is_no_change() {
        let mut moves = Moves::default();
        for (user, entered, left) in [(0, 1, 5), (1, 5, 9)] {
            moves.enter(user, entered);
            moves.leave(user, entered, left);
        }
        assert_eq!(moves.line(), [point(1, 1), point(9, 0)], "at 5 one leaves and one comes");
    }

    #[test]
    fn a_user_who_is_in_twice_counts_once() {
        let mut moves = Moves::default();
        for (user, entered, left) in [(0, 1, 5), (0, 3, 9), (1, 4, 6)] {
            moves.enter(user, entered);
            moves.leave(user, entered, left);
        }
        assert_eq!(
            moves.line(),
            [point(1, 1), point(4, 2), point(6, 1), point(9, 0)],
            "one user is in from two devices"
        );
    }

    proptest! {
        #[test]
        fn thinning_keeps_every_stretch_s_highest_and_what_is_so_in_the_end(
            steps in prop::collection::vec((0..50_000_i64, 0..40_u64), 1..3_000),
        ) {
            let mut at_ms = 0;
            let line: Vec<_> = steps.into_iter().map(|(wait, inside)| { at_ms += wait; point(at_ms, inside) }).collect();
            let kept = thin(line.clone());
            prop_assert!(kept.len() <= MOST, "{} points are too many", kept.len());
            prop_assert!(kept.iter().all(|point| line.contains(point)), "no point is made up");
            prop_assert!(kept.is_sorted_by_key(|point| point.at_ms), "the points are in order");
            prop_assert_eq!(kept.first(), line.first(), "it begins as the line begins");
            prop_assert_eq!(kept.last(), line.last(), "it ends as the line ends");
            prop_assert_eq!(peak(&kept), peak(&line), "the peak and its moment stay");
            if line.len() > MOST {
                let length = at_ms - line[0].at_ms + 1;
                let highest = |points: &[OccupancyPoint], stretch| {
                    points.iter().filter(|p| (p.at_ms - line[0].at_ms) * STRETCHES / length == stretch).map(|p| p.inside).max()
                };
                for stretch in 0..STRETCHES {
                    prop_assert_eq!(highest(&kept, stretch), highest(&line, stretch), "stretch {} keeps its highest", stretch);
                }
            }
        }
    }
}
