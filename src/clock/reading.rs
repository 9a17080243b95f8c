//! Two clocks read at once: where one of them went another way than the other, or both jumped, something happened in between.

use std::time::{Duration, Instant};

use super::Clock;

/// By so much the wall clock may go another way than the monotonic one: time servers set it by less.
const SLACK_MS: i64 = 2_000;

/// What both clocks show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Does not count the time in which the computer sleeps (Linux, macOS), or does (Windows).
    pub monotonic: Instant,
    /// Unix milliseconds.
    pub wall_ms: i64,
}

/// What broke the time between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Nothing ran: it took so long from one to the other.
    Slept(Duration),
    /// The wall clock was set: back, or ahead of the time that passed.
    ClockSet,
}

impl Reading {
    /// Reads them now, `clock` being the wall clock.
    pub fn now(clock: &Clock) -> Self {
        Self { monotonic: Instant::now(), wall_ms: clock.now_ms() }
    }

    /// What broke the time since an earlier reading, where they are usually less than `longest` apart.
    pub fn since(&self, earlier: &Self, longest: Duration) -> Option<Break> {
        let ran = self.monotonic.saturating_duration_since(earlier.monotonic);
        let ran_ms = i64::try_from(ran.as_millis()).unwrap_or(i64::MAX);
        let passed_ms = self.wall_ms.saturating_sub(earlier.wall_ms);
        // Asleep the monotonic clock stands still and the wall clock goes on; stopped, both go on.
        match u64::try_from(passed_ms).map(|passed_ms| Duration::from_millis(passed_ms).max(ran)) {
            Ok(took) if took > longest => Some(Break::Slept(took)),
            _ => (passed_ms.saturating_sub(ran_ms).abs() > SLACK_MS).then_some(Break::ClockSet),
        }
    }
}
