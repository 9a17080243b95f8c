//! When a period ends that is not over yet.

/// It ends with the minute in which the report is made.
const MINUTE_MS: i64 = 60_000;

/// The end of a period in which it is `now_ms`: what has not begun is in no report.
pub(super) fn end(to: Option<i64>, now_ms: i64) -> i64 {
    let now = now_ms.div_euclid(MINUTE_MS).saturating_add(1).saturating_mul(MINUTE_MS);
    to.map_or(now, |to| to.min(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_that_goes_on_ends_with_this_minute() {
        assert_eq!(end(None, 61_000), 120_000);
        assert_eq!(end(Some(600_000), 119_999), 120_000, "its calls have not been made yet");
        assert_eq!(end(Some(60_000), 119_999), 60_000, "what is over is over");
    }
}
