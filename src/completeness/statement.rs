//! What is said of a record's completeness.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::coverage::{End, KnownFrom};

/// How complete the record of a period is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Completeness)]
pub struct Statement {
    /// The beginning of the period, Unix milliseconds.
    pub from_ms: i64,
    /// Its end, Unix milliseconds.
    pub to_ms: i64,
    /// Whose days are meant.
    pub zone: String,
    /// Calls that began in it.
    pub calls: CallCounts,
    /// The end of what was read last of Tencent's records of the period, less the five minutes before it was read: every call in them
    /// is there. What was not read before stands in `fetchable` of the applications. Null where nothing of the period was read.
    pub complete_to_ms: Option<i64>,
    /// When no callback could be taken, oldest first.
    pub gaps: Vec<Gap>,
    /// What was read of Tencent's records, and what still can be, for each application.
    pub apps: Vec<AppRecords>,
    /// The same for each local day that the record knows of, oldest first.
    pub days: Vec<DayStatement>,
}

/// How many calls there are, and from where they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallCounts {
    /// All of them.
    pub calls: u64,
    /// Those that callbacks told of and one of Tencent's records confirms.
    pub confirmed: u64,
    /// Those that only callbacks told of.
    pub only_callbacks: u64,
    /// Those that no callback told of: they were fetched.
    pub only_fetched: u64,
}

/// A time in which no callback could be taken. Who came and went in rooms meanwhile cannot be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// Its beginning, Unix milliseconds.
    pub from_ms: i64,
    /// Its end, Unix milliseconds.
    pub to_ms: i64,
    /// Why.
    pub why: Why,
    /// Whether the calls of that time were fetched.
    pub calls: GapCalls,
    /// When Tencent begins to forget what can still be fetched, Unix milliseconds; of a time of which it has forgotten a part, when
    /// it has forgotten all. Null where nothing is to be fetched.
    pub forgets_ms: Option<i64>,
}

/// Why no callback could be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GapWhy)]
pub enum Why {
    /// It was before Calltrail wrote such things down: there was none, or one of an earlier version.
    BeforeFirst,
    /// Calltrail had been quit.
    Stopped,
    /// Calltrail had ended without saying so: it was killed, or the power went.
    Killed,
    /// The computer slept, or the process was stopped.
    Slept,
    /// The clock was set, so it cannot be told how long the time was.
    ClockSet,
    /// The port was closed: somebody paused it, or it could not be had.
    PortClosed,
    /// Nothing could be stored.
    NotStored,
    /// The public address did not lead here.
    NotReached,
}

/// Whether the calls of a gap are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapCalls {
    /// All that Tencent has records of.
    Fetched,
    /// Not all, and Tencent still has their records.
    Fetchable,
    /// Not all, and Tencent has forgotten a part.
    PartlyForgotten,
    /// Not all, and Tencent has forgotten them.
    Forgotten,
}

/// What is known of an application's records at Tencent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppRecords {
    /// The application (SDKAppID).
    pub app: String,
    /// The end of what was read last, less the five minutes before it was read; what was not read before stands in `fetchable`. Null
    /// where nothing was read.
    pub complete_to_ms: Option<i64>,
    /// What was read, oldest first, for each product.
    pub fetched: Vec<FetchedPeriod>,
    /// What was not read and Tencent still has, oldest first.
    pub fetchable: Vec<Fetchable>,
}

/// A period of which all records were read, in one or more readings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FetchedPeriod {
    /// Which kind of calls: `call`, or `call-v1` for those of the older client.
    pub product: String,
    /// Its beginning, Unix milliseconds.
    pub from_ms: i64,
    /// Its end, Unix milliseconds.
    pub to_ms: i64,
    /// When it was read last, Unix milliseconds.
    pub at_ms: i64,
    /// How many records the last reading gave.
    pub records: u64,
}

/// A period whose records Tencent has and nobody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fetchable {
    /// Its beginning, Unix milliseconds.
    pub from_ms: i64,
    /// Its end, Unix milliseconds.
    pub to_ms: i64,
    /// When Tencent begins to forget it, Unix milliseconds.
    pub forgets_ms: i64,
}

/// How complete the record of a local day is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayStatement {
    /// Such as `2026-11-20`.
    pub day: String,
    /// The calls that began on it.
    pub calls: CallCounts,
    /// The end of what was read last of Tencent's records of the day, less the five minutes before it was read; null where nothing of it
    /// was read.
    pub complete_to_ms: Option<i64>,
    /// What of it no callback could be taken in.
    pub gaps: Vec<Gap>,
}

impl CallCounts {
    pub(super) fn of(known: KnownFrom) -> Self {
        let KnownFrom { callbacks, both, records } = known;
        Self { calls: callbacks + both + records, confirmed: both, only_callbacks: callbacks, only_fetched: records }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            confirmed: self.confirmed + other.confirmed,
            only_callbacks: self.only_callbacks + other.only_callbacks,
            only_fetched: self.only_fetched + other.only_fetched,
        }
    }
}

impl Why {
    /// Why nothing could be taken after a period that ended so.
    pub(super) fn after(ended: Option<End>) -> Self {
        match ended {
            None => Self::Killed,
            Some(End::Stopped) => Self::Stopped,
            Some(End::Slept) => Self::Slept,
            Some(End::ClockSet) => Self::ClockSet,
            Some(End::PortClosed) => Self::PortClosed,
            Some(End::NotStored) => Self::NotStored,
            Some(End::NotReached) => Self::NotReached,
        }
    }
}
