//! The clock that stamps what is received, which tests replace by their own; turns of work by the time that passes; and what
//! happened to this computer between two looks at its clocks.

mod reading;
mod turns;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub use reading::{Break, Reading};
pub use turns::Turns;

/// Tells the time as Unix milliseconds, UTC. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The computer's clock.
    pub fn system() -> Self {
        Self::from_fn(|| milliseconds(SystemTime::now()))
    }

    /// A clock that says what `now_ms` returns.
    pub fn from_fn(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// Now, in Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

/// Before 1970 it is negative: a clock without a battery may stand there, and ages are told from it all the same.
fn milliseconds(now: SystemTime) -> i64 {
    let whole = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    now.duration_since(UNIX_EPOCH).map_or_else(|before| -whole(before.duration()), whole)
}

/// What is dated so much later than now is dated in the future; less is what clocks are set by.
pub const SLACK_MS: i64 = 60_000;

/// How long ago a moment was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// So many milliseconds.
    Past(i64),
    /// It is still to come, in so many milliseconds: this computer's clock was wrong then, or is now.
    Future(i64),
}

impl Age {
    /// The age of `at_ms` at `now_ms`.
    pub fn of(at_ms: i64, now_ms: i64) -> Self {
        match now_ms.saturating_sub(at_ms) {
            age if age < -SLACK_MS => Self::Future(age.saturating_neg()),
            age => Self::Past(age.max(0)),
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now_ms())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_counts_milliseconds_since_1970() {
        let now = Clock::system().now_ms();
        assert!(now > 1_700_000_000_000, "{now} is before 2023: not milliseconds");
        assert!(now < 4_100_000_000_000, "{now} is after 2099: not milliseconds");
        assert_eq!(Clock::from_fn(|| 42).now_ms(), 42, "a test's clock is asked, not the system's");
        assert_eq!(milliseconds(UNIX_EPOCH - Duration::from_secs(7)), -7_000, "1969 is not 1970");
    }

    #[test]
    fn an_age_is_never_0_because_it_lies_in_the_future() {
        for (at_ms, now_ms, want) in [
            (1_000, 5_000, Age::Past(4_000)),
            (5_000, 5_000, Age::Past(0)),
            (65_000, 5_000, Age::Past(0)),
            (65_001, 5_000, Age::Future(60_001)),
            (i64::MAX, i64::MIN, Age::Future(i64::MAX)),
            (i64::MIN, i64::MAX, Age::Past(i64::MAX)),
        ] {
            assert_eq!(Age::of(at_ms, now_ms), want, "{at_ms} at {now_ms}");
        }
    }
}
