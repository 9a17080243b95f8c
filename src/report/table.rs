//! A table of a report that is small enough to be kept: what its columns are called, and its rows.

use super::value::Value;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// What it is called.
    pub(super) heading: String,
    /// How wide it is, in digits.
    pub(super) width: u8,
}

impl Column {
    pub(super) fn new(heading: impl Into<String>, width: u8) -> Self {
        Self { heading: heading.into(), width }
    }
}

/// A table with its rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    /// What it is called: the name of its sheet.
    pub(super) title: &'static str,
    /// What its columns are called.
    pub(super) columns: Vec<Column>,
    /// Each as long as there are columns.
    pub(super) rows: Vec<Vec<Value<'static>>>,
}
