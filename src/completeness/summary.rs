//! The statement in one line: as a header beside a file, and as a sentence.

use std::fmt::Write as _;

use super::statement::{GapCalls, Statement};

/// The header that carries it.
pub const HEADER: &str = "calltrail-completeness";

/// The statement as a dictionary of structured fields (RFC 9651): `calls=12, confirmed=9, only-callbacks=2, only-fetched=1, gaps=2,
/// gaps-not-fetched=1, complete-to=@1764492000`; the last one in Unix seconds, and left out where nothing was read.
pub fn header(statement: &Statement) -> String {
    let Statement { calls, gaps, .. } = statement;
    let not_fetched = gaps.iter().filter(|gap| gap.calls != GapCalls::Fetched).count();
    let mut line = format!(
        "calls={}, confirmed={}, only-callbacks={}, only-fetched={}, gaps={}, gaps-not-fetched={not_fetched}",
        calls.calls,
        calls.confirmed,
        calls.only_callbacks,
        calls.only_fetched,
        gaps.len(),
    );
    if let Some(complete_to_ms) = statement.complete_to_ms {
        // Writing into a text cannot fail.
        let _ = write!(line, ", complete-to=@{}", complete_to_ms.div_euclid(1_000));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completeness::statement::{CallCounts, Gap, Why};

    #[test]
    fn a_header_has_what_a_program_needs() {
        let gap = |calls| Gap { from_ms: 0, to_ms: 1, why: Why::Slept, calls, forgets_ms: None };
        let statement = Statement {
            from_ms: 0,
            to_ms: 1,
            zone: "UTC".to_owned(),
            calls: CallCounts { calls: 12, confirmed: 9, only_callbacks: 2, only_fetched: 1 },
            complete_to_ms: Some(1_764_492_000_999),
            gaps: vec![gap(GapCalls::Fetched), gap(GapCalls::Forgotten)],
            apps: Vec::new(),
            days: Vec::new(),
        };
        assert_eq!(
            header(&statement),
            "calls=12, confirmed=9, only-callbacks=2, only-fetched=1, gaps=2, gaps-not-fetched=1, complete-to=@1764492000"
        );
        let nothing = header(&Statement { complete_to_ms: None, ..statement });
        assert!(!nothing.contains("complete-to"), "what is not known is not said: {nothing}");
    }
}
