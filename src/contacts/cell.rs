//! One cell: its text, and how much that text can be trusted to be what somebody wrote.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::export::guard::guard;

/// What a cell was before it was text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CellKind)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// Text that was marked as such, with `'` or `="..."`: it is exactly what it says.
    Literal,
    /// A whole number of a workbook, exact.
    Number,
    /// A number that may have lost digits, or has some behind the point.
    Inexact,
    /// A date or time of a workbook, as `2025-03-06 11:19:06`.
    Date,
    /// `true` or `false` of a workbook.
    Truth,
    /// An error of a workbook, such as `#N/A`.
    Error,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// What it was.
    pub kind: Kind,
}

impl Cell {
    /// Text as it stands in the file, without what keeps spreadsheets from reading it as something else.
    pub(super) fn written(text: &str) -> Self {
        match unmarked(text) {
            Some(text) => Self { text, kind: Kind::Literal },
            None => Self { text: text.to_owned(), kind: Kind::Text },
        }
    }

    /// True when there is nothing to see in it.
    pub fn is_blank(&self) -> bool {
        self.value().is_empty()
    }

    /// Its text without white space around it. Where files were joined, a byte order mark lies in the middle.
    pub fn value(&self) -> &str {
        self.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
    }
}

/// The value of a cell that was marked as text; `None` when it was not.
///
/// An apostrophe is taken away only where our own export would have put it, so that `'t Hooft` stays.
fn unmarked(text: &str) -> Option<String> {
    if let Some(value) = text.strip_prefix('\'') {
        return (guard(value) == text).then(|| value.to_owned());
    }
    let value = text.strip_prefix("=\"")?.strip_suffix('"')?;
    let single = value.replace("\"\"", "");
    // `="a"&"b"` is more than a text.
    (!single.contains('"')).then(|| value.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_text_are_taken_away_and_nothing_else() {
        for (text, want, kind) in [
            ("'007", "007", Kind::Literal),
            ("'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", Kind::Literal),
            ("'1.23E+15", "1.23E+15", Kind::Literal),
            ("''tis", "'tis", Kind::Literal),
            ("'t Hooft", "'t Hooft", Kind::Text),
            ("=\"007\"", "007", Kind::Literal),
            ("=\"a \"\"b\"\" c\"", "a \"b\" c", Kind::Literal),
            ("=\"\"", "", Kind::Literal),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\"", Kind::Text),
            ("=\"", "=\"", Kind::Text),
            ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", Kind::Text),
            ("'", "'", Kind::Text),
            ("", "", Kind::Text),
        ] {
            assert_eq!(Cell::written(text), Cell { text: want.to_owned(), kind }, "{text:?}");
        }
        for value in ["007", "+8613800138000", "'", "''", "=1+1", "10-12", "张三", "a", "-", "219E01", "TRUE", " =x"]
        {
            assert_eq!(Cell::written(&guard(value)).text, value, "what our export guards comes back");
        }
    }
}
