//! Why a row is refused: a code with its arguments, so that every language has its own sentence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{Field, Kind};

/// Characters of the longest id.
pub(super) const LONGEST_ID: usize = 1024;
/// Bytes of the longest other value as JSON, which is how entries keep it and what their own bound counts.
pub const LONGEST_VALUE: usize = 16 * 1024;

/// Why a row is refused. `Display` is the English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = RowRefusal)]
pub enum Refusal {
    /// It has no user id.
    #[error("There is no user id.")]
    NoId,
    /// An id or a telephone number is a number of which a spreadsheet keeps fifteen digits, or shows fewer.
    #[error(
        "{} is {text}, a number whose digits a spreadsheet may have changed. Format the column as text and enter it again.",
        field.code()
    )]
    Rounded {
        /// Where.
        field: Field,
        /// What the cell says.
        text: String,
    },
    /// A spreadsheet made a date or a truth value of an id or a telephone number.
    #[error("{} is {text}, which a spreadsheet took for a {}. Format the column as text and enter it again.", field.code(), kind(*was))]
    Converted {
        /// Where.
        field: Field,
        /// What the cell says.
        text: String,
        /// What it was taken for.
        was: Kind,
    },
    /// A formula failed.
    #[error("{} is the error {text} of a spreadsheet.", field.code())]
    FormulaFailed {
        /// Where.
        field: Field,
        /// What the cell says.
        text: String,
    },
    /// An id is longer than is kept.
    #[error("{} is longer than {most} characters.", field.code())]
    TooLong {
        /// Where.
        field: Field,
        /// The most that is kept.
        most: usize,
    },
    /// A value is larger than is kept.
    #[error("{} is larger than {most} bytes.", field.code())]
    TooLarge {
        /// Where.
        field: Field,
        /// The most that is kept.
        most: usize,
    },
    /// Another row says something else of the same user.
    #[error("Line {line} has another {} for this user id.", field.code())]
    Contradicted {
        /// In which field.
        field: Field,
        /// The other row.
        line: u64,
    },
    /// It is not said whether the user is one of us.
    #[error("\"{text}\" does not say whether the user is one of us; yes and no do.")]
    OursUnclear {
        /// What the cell says.
        text: String,
    },
    /// An id is said to be the same person as itself.
    #[error("The user id is said to be the same person as itself.")]
    SameAsItself,
    /// The row has more cells than there are headings, so nobody can tell which belong where.
    #[error(
        "The row has {cells} cells under {headings} headings; a value with a separator in it needs quotation marks."
    )]
    Shifted {
        /// In the row.
        cells: usize,
        /// Above it.
        headings: usize,
    },
}

const fn kind(was: Kind) -> &'static str {
    match was {
        Kind::Date => "date",
        Kind::Truth => "truth value",
        _ => "number",
    }
}
