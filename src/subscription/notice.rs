//! What a person is told before a change, and how much it weighs.

use serde::Serialize;
use utoipa::ToSchema;

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeLevel)]
pub enum Level {
    /// It cannot be done like this.
    Stop,
    /// It is done only when somebody agrees.
    Ask,
    /// It is only said.
    Advice,
}

impl Level {
    /// The code that the API uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Ask => "ask",
            Self::Advice => "advice",
        }
    }
}

/// Something to know before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// For programs, and for agreeing.
    pub code: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// For people, as sentences.
    pub message: String,
}

impl Notice {
    pub(super) fn new(code: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self { code, level, message: message.into() }
    }
}
