//! Durations as the record tells them.

/// Whole seconds between two moments, never negative: clocks that disagree must not make a time run backwards.
pub(crate) fn between(from_ms: i64, to_ms: i64) -> i64 {
    (to_ms.saturating_sub(from_ms) / 1_000).max(0)
}
