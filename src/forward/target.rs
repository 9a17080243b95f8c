//! Where deliveries go, and what became of one.

use rusqlite::Row;

use super::post::Answer;
use crate::store::delivery::{Delivery, Source};

/// The columns of a target.
pub(super) const COLUMNS: &str =
    "target_no, app, url, private, added_ms, paused, archive, since, after, taken_ms, missed_ms, missed, answers";

/// Why nothing is sent to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paused {
    /// Somebody wants it so.
    ByPerson,
    /// What was sent there came back here.
    LeadsBack,
}

impl Paused {
    /// Its code in the file and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByPerson => "by_person",
            Self::LeadsBack => "leads_back",
        }
    }

    pub(super) fn read(code: &str) -> Option<Self> {
        [Self::ByPerson, Self::LeadsBack].into_iter().find(|paused| paused.code() == code)
    }
}

/// Where an application's deliveries go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its number, which no other target ever has.
    pub no: i64,
    /// Whose deliveries (SDKAppID).
    pub app: String,
    /// The address. There may be secrets in it: it is shown only as [`crate::subscription::address::shown`] shows addresses.
    pub url: String,
    /// Whether it may be on this computer or in a private network.
    pub private: bool,
    /// When it was added, Unix milliseconds. What was received before goes there only when somebody asks for it.
    pub added_ms: i64,
    /// Why nothing is sent, where nothing is.
    pub paused: Option<Paused>,
    /// When it last took a delivery, Unix milliseconds.
    pub taken_ms: Option<i64>,
    /// When it last did not take one, and what it answered.
    pub missed: Option<(i64, Answer)>,
    /// Whether what it answers to a command that asks for permission is Tencent's answer.
    pub answers_before: bool,
    pub(super) archive: String,
    pub(super) since: i64,
    pub(super) after: i64,
}

/// How a delivery fared at a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It waits for its first attempt, or for another one.
    Waiting,
    /// The target has it.
    Taken,
    /// It was tried for a day in vain; somebody may try it again.
    GivenUp,
}

impl Fate {
    /// Its code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::GivenUp => "given_up",
        }
    }

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Taken => 1,
            Self::GivenUp => 2,
        }
    }

    pub(super) const fn read(number: i64) -> Self {
        match number {
            0 => Self::Waiting,
            1 => Self::Taken,
            _ => Self::GivenUp,
        }
    }
}

/// What became of a delivery at a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it fared.
    pub fate: Fate,
    /// How often it was tried.
    pub attempts: u32,
    /// When last, Unix milliseconds; not known of what went at the first attempt.
    pub last_ms: Option<i64>,
    /// When it is tried again, where it waits.
    pub next_ms: Option<i64>,
    /// What the target answered last, where it did not take it.
    pub answer: Option<Answer>,
    /// Whether its signature had run out at the last attempt, and was made anew.
    pub signed_anew: bool,
}

/// Whether a delivery goes to a target by itself: it was sent to the application, and received since the target was added.
pub(super) fn goes_to(target: &Target, delivery: &Delivery) -> bool {
    delivery.app == target.app && delivery.source == Source::Callback && delivery.received_ms >= target.added_ms
}

/// Reads a row of [`COLUMNS`].
pub(super) fn target(row: &Row<'_>) -> Result<Target, rusqlite::Error> {
    let missed: Option<String> = row.get("missed")?;
    let missed = missed.and_then(|missed| serde_json::from_str(&missed).ok());
    Ok(Target {
        no: row.get("target_no")?,
        app: row.get("app")?,
        url: row.get("url")?,
        private: row.get("private")?,
        added_ms: row.get("added_ms")?,
        paused: Paused::read(&row.get::<_, String>("paused")?),
        taken_ms: row.get("taken_ms")?,
        missed: row.get::<_, Option<i64>>("missed_ms")?.zip(missed),
        answers_before: row.get("answers")?,
        archive: row.get("archive")?,
        since: row.get("since")?,
        after: row.get("after")?,
    })
}
