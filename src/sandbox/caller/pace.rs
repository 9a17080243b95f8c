//! How fast a scenario is played, and how long a wait of Tencent's is at that pace.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, de::Error as _};
use tokio::time::{Instant, sleep, sleep_until};

/// How fast a scenario is played. Waits between tries keep the same pace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Everything at once, one after the other in order; its times are such that it has just ended.
    #[default]
    Instant,
    /// Everything at once, so many requests at the same time.
    Burst(u16),
    /// So many times faster than it happens; 1 is as it happens.
    Times(u32),
}

impl Pace {
    /// As it happens.
    pub const REAL: Self = Self::Times(1);

    /// How long some milliseconds of the scenario's own time take.
    pub(super) fn scaled(self, ms: i64) -> i64 {
        match self {
            Self::Instant | Self::Burst(_) => 0,
            Self::Times(times) => ms / i64::from(times.max(1)),
        }
    }

    /// When it begins, by the clock that does not jump.
    pub(super) fn begin(self) -> Instant {
        Instant::now()
    }

    /// Waits until a moment of the scenario, counted in milliseconds from its beginning.
    pub(super) async fn until(self, began: Instant, at_ms: i64) {
        let after = duration(self.scaled(at_ms));
        if !after.is_zero() {
            sleep_until(began + after).await;
        }
    }

    /// Waits as long as some milliseconds of Tencent's take.
    pub(super) async fn wait(self, ms: i64) {
        let wait = duration(self.scaled(ms));
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    /// How many deliveries may be on their way at the same time. As it happens, a delivery that is tried again delays no other.
    pub(super) fn at_once(self, total: usize) -> usize {
        match self {
            Self::Instant => 1,
            Self::Burst(at_once) => usize::from(at_once.max(1)),
            Self::Times(_) => total.max(1),
        }
    }
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant => f.write_str("instant"),
            Self::Burst(at_once) => write!(f, "burst-{at_once}"),
            Self::Times(1) => f.write_str("real"),
            Self::Times(times) => write!(f, "{times}x"),
        }
    }
}

impl FromStr for Pace {
    type Err = String;

    /// Reads `instant`, `real`, `60x` and `burst-8`.
    fn from_str(text: &str) -> Result<Self, String> {
        let of = |number: &str| number.parse().ok().filter(|times: &u32| *times > 0);
        let pace = match text {
            "instant" => Some(Self::Instant),
            "real" => Some(Self::REAL),
            _ => match (text.strip_suffix('x').and_then(of), text.strip_prefix("burst-").and_then(of)) {
                (Some(times), _) => Some(Self::Times(times)),
                (_, Some(at_once)) => u16::try_from(at_once).ok().map(Self::Burst),
                _ => None,
            },
        };
        pace.ok_or_else(|| format!("{text:?} is no pace; there are instant, real, 60x (so many times faster), burst-8"))
    }
}

impl<'de> Deserialize<'de> for Pace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_written_as_they_are_read() {
        for pace in [Pace::Instant, Pace::REAL, Pace::Times(60), Pace::Burst(8)] {
            assert_eq!(pace.to_string().parse(), Ok(pace), "{pace}");
        }
        for text in ["", "0x", "x", "burst-0", "burst-70000", "fast"] {
            assert!(text.parse::<Pace>().is_err(), "{text:?} is no pace");
        }
        assert_eq!(Pace::Times(60).scaled(60_000), 1_000, "a minute in a second");
        assert_eq!(Pace::Burst(8).scaled(60_000), 0, "at once");
    }
}
