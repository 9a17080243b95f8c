//! Where a delivery goes, and what became of it.

use crate::callback::codes::Verdict;
pub use crate::callback::delivery::{Delivery, Digest, Source};

/// Where a delivery goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into the archive, and from there into the record.
    Archive,
    /// Into the bounded quarantine, with the reason that a person reads.
    Quarantine {
        /// One of the quarantine verdicts.
        verdict: Verdict,
        /// What was wrong with it.
        reason: String,
    },
}

/// What became of a recorded delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is new.
    New,
    /// The archive had it already; the repeat was counted.
    Repeat,
    /// It waits in quarantine.
    Quarantined,
}
