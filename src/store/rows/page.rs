//! What every list has: pages, and rows per day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list: rows, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Ask again with `cursor` set to this for the next page; null at the end.
    pub next: Option<String>,
    /// How many rows the filter finds in all; only on request (`total=true`).
    pub total: Option<u64>,
}

/// How many rows of a list each local day has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Days {
    /// How many rows the filter finds in all.
    pub total: u64,
    /// The days that have rows, newest first; their rows sum to the total.
    pub days: Vec<Day>,
}

/// A local day that has rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Day {
    /// Such as `2026-11-20`.
    pub day: String,
    /// How many.
    pub rows: u64,
}
