//! When an event happened: its own time where that is believable, else the time of its receipt (rules.md 1.7).

/// 2015-01-01, before any of Tencent's callbacks existed.
pub(super) const OLDEST_MS: i64 = 1_420_070_400_000;
const DAY_MS: i64 = 86_400_000;

/// The event's own time, unless it is missing, before 2015, or more than a day after its receipt.
pub(in crate::store) fn own_time(event_ms: Option<i64>, received_ms: i64) -> Option<i64> {
    event_ms.filter(|at| (OLDEST_MS..=received_ms.saturating_add(DAY_MS)).contains(at))
}
