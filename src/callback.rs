//! Bytes, query and headers become a [`Callback`]. Pure: no clock, no I/O, and no body is ever lost to an error.

pub mod codes;
pub mod facts;

use codes::{Family, Verdict};
use facts::Facts;

/// One callback, understood as far as it can be (protocol.md section 0).
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// Which family sent it: decides the reply.
    pub family: Family,
    /// The command as sent: `CallbackCommand` of the body, else of the query; `command`; or `EventType`.
    pub command: String,
    /// `Applied`, `Repaired`, `UnknownCommand`, `Unparsable`, `Empty`, `NotRelevant` or `Test`.
    pub verdict: Verdict,
    /// For a person: why the verdict is not simply `applied`. Empty when there is nothing to say.
    pub reason: String,
    /// The event's own time in Unix milliseconds as sent; not yet checked for plausibility.
    pub event_ms: Option<i64>,
    /// What it tells; `None` when nothing belongs in the record.
    pub facts: Option<Facts>,
}

/// Which application a request names (rules.md 1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppClaim {
    /// Exactly one.
    One(String),
    /// None at all.
    Absent,
    /// Two different ones.
    Conflict(Vec<String>),
}

/// The command of Calltrail's own test callback: `{"CallbackCommand":"Calltrail.Test", ...}`.
pub const TEST_COMMAND: &str = "Calltrail.Test";
