//! Why there is no table in a file: a code with its arguments, so that every language has its own sentence.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Charset, MOST_CELLS, MOST_COLUMNS, MOST_ROWS};

/// Kinds of files that are no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A database of SQLite, as backups are.
    Database,
    /// JSON, as deliveries and entries are exported.
    Json,
    /// A page for a browser; some systems call such a file `.xls`.
    Page,
    /// Packed by gzip, 7z or others.
    Packed,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "a database, such as a backup",
            Self::Json => "JSON; `calltrail import` reads what Calltrail exported as JSON Lines",
            Self::Page => "a web page or XML; open it in a spreadsheet program and save it as xlsx",
            Self::Packed => "a packed file; unpack it first",
        })
    }
}

/// Why a file cannot be read. `Display` is the English sentence: what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = TableUnreadable)]
pub enum Unreadable {
    /// It is larger than is read.
    #[error("The file is larger than 64 MiB.")]
    TooLarge,
    /// A workbook would fill the memory.
    #[error("The workbook unpacks to more than 256 MiB. Save the sheet with the contacts alone.")]
    UnpacksTooLarge,
    /// It has too many rows.
    #[error("The table has more than {MOST_ROWS} rows. Split it.")]
    TooManyRows,
    /// A row has too many columns.
    #[error("Row {line} has more than {MOST_COLUMNS} columns.")]
    TooManyColumns {
        /// Its line or row number.
        line: u64,
    },
    /// It has too many cells.
    #[error("The table has more than {MOST_CELLS} cells. Leave out the columns that are not about contacts.")]
    TooManyCells,
    /// There is nothing in it.
    #[error("The file holds no table: there is nothing in it.")]
    Empty,
    /// It is a file of another kind.
    #[error("The file is no table of contacts, but {what}.")]
    Foreign {
        /// What it looks like.
        what: FileKind,
    },
    /// It is no text.
    #[error("The file is no text and no workbook. Save it as xlsx, or as CSV in UTF-8.")]
    NotText,
    /// Its characters are written in a way that is not known here.
    #[error(
        "The text is neither Unicode nor GB18030, so its characters cannot be told. Save it as UTF-8; Excel calls that \"CSV UTF-8\"."
    )]
    UnknownCharset,
    /// Its characters are broken.
    #[error(
        "The text is {charset}, but some of it is no character: the file is damaged or was cut off. Save it again."
    )]
    BrokenText {
        /// How its characters are written.
        charset: Charset,
    },
    /// A quotation mark has no counterpart, so the rest of the file would be one cell.
    #[error("A quotation mark in the row that begins in line {line} is never closed.")]
    OpenQuote {
        /// Where the row begins.
        line: u64,
    },
    /// A workbook of Excel before 2007, or one with a password.
    #[error(
        "It is a workbook of an old kind (xls), or one with a password. Save it as xlsx without a password, or as CSV."
    )]
    OldWorkbook,
    /// A packed file that is no workbook of Excel.
    #[error("It is a packed file, but no workbook of Excel. Save it as xlsx, or as CSV in UTF-8.")]
    NotWorkbook,
    /// A workbook that cannot be read.
    #[error("The workbook is damaged ({part}). Open it in a spreadsheet program and save it again.")]
    DamagedWorkbook {
        /// The part of it that cannot be read.
        part: String,
    },
}

impl Unreadable {
    /// A part of a workbook cannot be read.
    pub(super) fn damaged(part: &str) -> Self {
        Self::DamagedWorkbook { part: part.to_owned() }
    }
}
