//! The statement in one line: as a header beside a file, and as a sentence.

use std::fmt::Write as _;

use serde::Serialize;

use super::statement::{GapCalls, Statement};

/// The header that carries it.
pub const HEADER: &str = "calltrail-completeness";

/// The numbers of a statement that stand beside a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Calls of the period.
    pub calls: u64,
    /// Of these confirmed by a record of Tencent's.
    pub confirmed: u64,
    /// Known from callbacks alone.
    pub only_callbacks: u64,
    /// Known from records alone.
    pub only_fetched: u64,
    /// Times in which no callback could be taken.
    pub gaps: u64,
    /// Of these, those whose calls were not fetched afterwards.
    pub gaps_not_fetched: u64,
    /// Tencent's records were read up to this moment, Unix milliseconds; nothing where they were not.
    pub complete_to_ms: Option<i64>,
}

impl Summary {
    /// What a statement says in numbers.
    pub fn of(statement: &Statement) -> Self {
        let Statement { calls, gaps, complete_to_ms, .. } = statement;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Self {
            calls: calls.calls,
            confirmed: calls.confirmed,
            only_callbacks: calls.only_callbacks,
            only_fetched: calls.only_fetched,
            gaps: count(gaps.len()),
            gaps_not_fetched: count(gaps.iter().filter(|gap| gap.calls != GapCalls::Fetched).count()),
            complete_to_ms: *complete_to_ms,
        }
    }
}

/// The statement as a dictionary of structured fields (RFC 9651): `calls=12, confirmed=9, only-callbacks=2, only-fetched=1, gaps=2,
/// gaps-not-fetched=1, complete-to=@1764492000`; the last one in Unix seconds, and left out where nothing was read.
pub fn header(statement: &Statement) -> String {
    let Summary { calls, confirmed, only_callbacks, only_fetched, gaps, gaps_not_fetched, complete_to_ms } =
        Summary::of(statement);
    let mut line = format!(
        "calls={calls}, confirmed={confirmed}, only-callbacks={only_callbacks}, only-fetched={only_fetched}, gaps={gaps}, \
         gaps-not-fetched={gaps_not_fetched}"
    );
    if let Some(complete_to_ms) = complete_to_ms {
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
