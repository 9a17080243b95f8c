//! When a delivery is tried again that a target did not take; pure.

/// What is tried for so long in vain is given up.
pub(super) const GIVEN_UP_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;
/// The wait after the first attempt; it doubles with each further one.
pub(super) const FIRST_MS: i64 = 5_000;
/// No wait is longer.
const LONGEST_MS: i64 = 60 * 60 * 1_000;
/// No wait is longer than this once a target answers again that did not. There is one for what was tried more than once: it may have
/// been what made the target fail.
pub(super) const HURRIED_MS: i64 = 60 * 1_000;
/// The same for a target that does not answer at all: one delivery finds out whether it is back.
const FIRST_PROBE_MS: u64 = 1_000;
const LONGEST_PROBE_MS: u64 = 15_000;

/// When the next attempt is after this many, the first of them at `first_ms` and the last one now; `None`: there is none. However
/// many there were, they go on for a day.
pub(super) fn next_ms(attempts: u32, first_ms: i64, now_ms: i64) -> Option<i64> {
    let wait_ms = doubled(FIRST_MS, attempts.saturating_sub(1)).min(LONGEST_MS);
    let is_over = now_ms.saturating_sub(first_ms) >= GIVEN_UP_AFTER_MS;
    (!is_over).then(|| now_ms.saturating_add(wait_ms))
}

/// How long a target is left alone that has not answered so many times in a row.
pub(super) fn probe_ms(failures: u32) -> u64 {
    let shift = failures.saturating_sub(1).min(16);
    (FIRST_PROBE_MS << shift).min(LONGEST_PROBE_MS)
}

fn doubled(first_ms: i64, times: u32) -> i64 {
    first_ms << times.min(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_end_after_a_day() {
        let (mut now_ms, mut waits) = (0, Vec::new());
        for attempts in 1.. {
            let Some(next) = next_ms(attempts, 0, now_ms) else { break };
            waits.push((next - now_ms) / 1_000);
            now_ms = next;
        }
        assert_eq!(waits[..11], [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600]);
        assert!(waits[10..].iter().all(|wait| *wait == 3_600));
        assert!((GIVEN_UP_AFTER_MS..GIVEN_UP_AFTER_MS + LONGEST_MS).contains(&now_ms), "{now_ms}");
        assert!(
            next_ms(10_000, 0, 1).is_some(),
            "probes of a target that is down are attempts too, and no reason to give up"
        );
        assert_eq!([1, 2, 7, 99].map(probe_ms), [1_000, 2_000, 15_000, 15_000]);
    }
}
