//! When it is time to ask Tencent for what was missed in a gap; pure.

use std::time::{Duration, Instant};

/// So long callbacks must have been taken again: Tencent has a record of a call some seconds after its end, and after a sleep the
/// network needs a moment. (After a long one `wake.rs` has Tencent asked at once, too.)
const SETTLED: Duration = Duration::from_secs(10);
/// So long after the last time: a port that comes and goes does not have everything read each time.
const APART: Duration = Duration::from_secs(2 * 60);

/// The gaps that nobody has asked Tencent about yet.
#[derive(Debug, Default)]
pub(super) struct AfterGap {
    /// When the last one was over.
    over: Option<Instant>,
    /// When it was time the last time.
    told: Option<Instant>,
}

impl AfterGap {
    /// Takes a look into account; answers whether it is time. A gap that is over while it is too early is not forgotten.
    pub(super) fn look(&mut self, is_gap_over: bool, is_up: bool, at: Instant) -> bool {
        if is_gap_over {
            self.over = Some(at);
        }
        let has_passed = |since: Instant, long: Duration| at.saturating_duration_since(since) >= long;
        let is_settled = is_up && self.over.is_some_and(|over| has_passed(over, SETTLED));
        let is_time = is_settled && self.told.is_none_or(|told| has_passed(told, APART));
        if is_time {
            (self.over, self.told) = (None, Some(at));
        }
        is_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At which seconds it is time, of a look every two seconds, where no callback can be taken in some of them.
    fn told(down: &[(u64, u64)]) -> Vec<u64> {
        let (began, mut after, mut was_up) = (Instant::now(), AfterGap::default(), true);
        let mut told = Vec::new();
        for s in (0..=600).step_by(2) {
            let is_up = !down.iter().any(|(from, to)| (*from..*to).contains(&s));
            if after.look(is_up && !was_up, is_up, began + Duration::from_secs(s)) {
                told.push(s);
            }
            was_up = is_up;
        }
        told
    }

    #[test]
    fn every_gap_is_asked_about_once_it_is_over() {
        assert_eq!(told(&[]), Vec::<u64>::new(), "there was none");
        assert_eq!(told(&[(10, 20)]), [30]);
        assert_eq!(told(&[(10, 601)]), Vec::<u64>::new(), "it is not over");
        assert_eq!(told(&[(10, 20), (24, 100)]), [110], "it was over for a moment only");
        assert_eq!(told(&[(10, 20), (40, 50)]), [30, 150], "two that follow each other");
        assert_eq!(told(&[(10, 20), (300, 310)]), [30, 320], "two that do not");
    }

    #[test]
    fn a_port_that_comes_and_goes_is_asked_about_now_and_then() {
        let every = |seconds: u64| (0..300 / seconds).map(|n| (n * seconds, n * seconds + 4)).collect::<Vec<_>>();
        assert_eq!(told(&every(30)), [14, 134, 254, 374], "not ten times");
        assert_eq!(told(&every(10)), [304], "when it stays");
    }
}
