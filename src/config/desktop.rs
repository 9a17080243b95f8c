//! How the desktop app behaves around its window.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Notify;
use crate::language::Language;

/// How the desktop app behaves around its window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Desktop {
    /// What closing the window does.
    #[serde(default)]
    pub on_close: OnClose,
    /// Whether it was said already that a closed window is no end.
    #[serde(default)]
    pub told: bool,
    /// The language that the pages were last shown in, for what is said outside of them; none before the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What is said of missed calls.
    #[serde(default, skip_serializing_if = "Notify::is_default")]
    pub notify: Notify,
    /// What a newer Calltrail wrote and this one does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What closing the window does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnClose {
    /// It is out of sight, and callbacks are taken in as before.
    #[default]
    Stay,
    /// Calltrail ends.
    Quit,
}

impl Desktop {
    /// Whether it is all as it is without a word in `config.json`.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
