//! How a stay ends for whoever reads it: by leaving or by a boundary of the room (rules.md 2.3), or as unknown once it was silent
//! for too long (section 5).

/// An open stay without any event for this long is not believed any more (rules.md section 5).
pub(crate) const SILENT_MS: i64 = 86_400_000;

/// When a stay ended: by the user's own leave or the next boundary of the room, whichever came first.
pub(crate) fn ended(own_left_ms: Option<i64>, boundary_ms: Option<i64>) -> Option<i64> {
    own_left_ms.into_iter().chain(boundary_ms).min()
}

/// Between which moments an open stay was heard of that is still believed; neither is one of them.
pub(crate) fn believed(now_ms: i64) -> (i64, i64) {
    (now_ms.saturating_sub(SILENT_MS), now_ms.saturating_add(SILENT_MS))
}

/// True when an open stay is not believed any more. What is dated in the future was not heard of lately either.
pub(crate) fn is_silent(last_ms: i64, now_ms: i64) -> bool {
    now_ms.abs_diff(last_ms) >= SILENT_MS.unsigned_abs()
}
