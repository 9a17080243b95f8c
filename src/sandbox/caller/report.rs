//! What became of a scenario's deliveries.

use serde::Serialize;

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The scenario's name.
    pub scenario: &'static str,
    /// The seed that gives the same again.
    pub seed: u64,
    /// Its deliveries in the order in which they were to be sent.
    pub deliveries: Vec<Told>,
}

impl Report {
    /// How many were taken: answered as their family wants it.
    pub fn taken(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Sent { reply_ok: true, .. }))
    }

    /// How many were sent and not taken.
    pub fn refused(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Sent { reply_ok: false, .. }))
    }

    /// How many nobody asked for.
    pub fn not_configured(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::NotConfigured)
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.deliveries.iter().filter(|told| is(&told.outcome)).count()
    }
}

/// What became of one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The family of callbacks.
    pub family: &'static str,
    /// The command, or RTC Engine's `EventType`.
    pub command: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It was sent, once or more often.
    Sent {
        /// How often it was tried.
        attempts: u32,
        /// The HTTP status of the last answer; none when no answer came.
        status: Option<u16>,
        /// Whether the last answer is what the family takes for success.
        reply_ok: bool,
        /// What is wrong with the last answer; empty when nothing is.
        why: String,
        /// How long was waited before each further try, in Tencent's milliseconds; the pace shortens them.
        waited_ms: Vec<u32>,
    },
    /// The application has no address for its family, or has not switched it on.
    NotConfigured,
    /// The sender closed the connection without waiting for the answer, as a fault asked it to.
    GaveUp {
        /// How often it was tried.
        attempts: u32,
    },
}

/// How far a scenario is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// So many deliveries are done, taken or not.
    pub sent: usize,
    /// So many there are.
    pub total: usize,
}
