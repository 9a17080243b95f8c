//! What the record knows of its own completeness: when callbacks could be taken, and which periods Tencent's records were read for.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A time without a break in which the listener was able to take callbacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Up {
    /// The same in every copy of the record.
    pub id: Uuid,
    /// Since when, Unix milliseconds.
    pub from_ms: i64,
    /// Until when at least, Unix milliseconds.
    pub to_ms: i64,
    /// Why it ended; nothing while it goes on, and for ever after the process was killed.
    pub ended: Option<End>,
}

/// Why callbacks could not be taken any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Calltrail was quit.
    Stopped,
    /// The computer slept, or the process was stopped.
    Slept,
    /// The computer's clock was set, so it cannot be told how long the time was.
    ClockSet,
    /// The port could not be had.
    PortClosed,
    /// Nothing could be stored.
    NotStored,
    /// The public address did not lead here.
    NotReached,
}

/// A period of which everything was read that Tencent has of one product's calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The application (SDKAppID).
    pub app: String,
    /// Which kind of calls: the code of a product, such as `call`.
    pub product: String,
    /// Calls that began at this moment or later, Unix milliseconds.
    pub from_ms: i64,
    /// And before this one.
    pub to_ms: i64,
    /// When they were asked for, Unix milliseconds.
    pub at_ms: i64,
    /// How many records there were.
    pub records: u64,
}

/// How many calls are known from where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownFrom {
    /// From callbacks alone.
    pub callbacks: u64,
    /// From callbacks and from a record of Tencent's.
    pub both: u64,
    /// From a record alone.
    pub records: u64,
}

impl End {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::Stopped, Self::Slept, Self::ClockSet, Self::PortClosed, Self::NotStored, Self::NotReached];

    /// The code that the archive has.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Slept => "slept",
            Self::ClockSet => "clock_set",
            Self::PortClosed => "port_closed",
            Self::NotStored => "not_stored",
            Self::NotReached => "not_reached",
        }
    }

    /// From the code; `None` for a text that is none, such as the empty one of a period that goes on.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.code() == code)
    }
}

impl Up {
    /// SHA-256 of everything it says: a bit that turned over on disk shows.
    pub(crate) fn digest(&self) -> [u8; 32] {
        digest(self)
    }
}

impl Fetched {
    /// SHA-256 of everything it says: two are the same when this is.
    pub(crate) fn digest(&self) -> [u8; 32] {
        digest(self)
    }
}

fn digest(of: &impl Serialize) -> [u8; 32] {
    // Writing values into a text cannot fail.
    Sha256::digest(serde_json::to_vec(of).unwrap_or_default()).into()
}
