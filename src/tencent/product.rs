//! What one callback configuration belongs to.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A product of Tencent RTC with a callback configuration of its own: one URL and one list of commands per application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// Calls made with the older client API `call()` and `groupCall()` (pages 60129 to 60138).
    CallV1,
    /// Calls made with the client API `calls()` (pages 68933 to 69215).
    Call,
    /// Live rooms (page 64413).
    Live,
    /// Conference rooms (page 60720).
    Room,
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 4] = [Self::Call, Self::CallV1, Self::Live, Self::Room];

    /// The code that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CallV1 => "call-v1",
            Self::Call => "call",
            Self::Live => "live",
            Self::Room => "room",
        }
    }

    /// From the code; `None` for a text that is none.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.code() == code)
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallV1 => "Calls, older client",
            Self::Call => "Calls",
            Self::Live => "Live rooms",
            Self::Room => "Conference rooms",
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
