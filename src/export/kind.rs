//! The lists, and the formats that each can be written in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::columns;
use crate::store::rows::{CallRow, CaseRow, DeliveryRow, MemberRow, PersonRow, RoomRow, StayRow};

/// Which list is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Calls.
    Calls,
    /// Users of calls.
    Members,
    /// Rooms.
    Rooms,
    /// Users' times in rooms.
    Stays,
    /// Requests as received.
    Deliveries,
    /// Account ids, and what is known of whose they are.
    People,
    /// Missed callers, until somebody has called them back.
    Cases,
    /// What people have added, as it was written.
    Entries,
}

impl Kind {
    /// Every kind, in the order of rules.md section 8.
    pub const ALL: &'static [Self] = &[
        Self::Calls,
        Self::Members,
        Self::Stays,
        Self::Rooms,
        Self::Deliveries,
        Self::People,
        Self::Cases,
        Self::Entries,
    ];

    /// The word that the command line, the API and file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Members => "members",
            Self::Rooms => "rooms",
            Self::Stays => "stays",
            Self::Deliveries => "deliveries",
            Self::People => "people",
            Self::Cases => "cases",
            Self::Entries => "entries",
        }
    }

    /// The formats that it can be written in.
    pub const fn formats(self) -> &'static [Format] {
        match self {
            Self::Entries => &[Format::Jsonl],
            Self::Calls | Self::Members | Self::Rooms | Self::Stays | Self::Deliveries | Self::People | Self::Cases => {
                &[Format::Csv, Format::Jsonl, Format::Xlsx, Format::Parquet]
            }
        }
    }

    /// Whether its JSON Lines are those that `import` reads: always whole, with names of their own.
    pub const fn has_own_lines(self) -> bool {
        matches!(self, Self::Deliveries | Self::Entries)
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// What its columns are called, in order (rules.md section 8).
    pub fn headings(self) -> impl Iterator<Item = &'static columns::Heading> {
        let all = match self {
            Self::Calls => columns::headings::<CallRow>(),
            Self::Members => columns::headings::<MemberRow>(),
            Self::Rooms => columns::headings::<RoomRow>(),
            Self::Stays => columns::headings::<StayRow>(),
            Self::Deliveries => columns::headings::<DeliveryRow>(),
            Self::People => columns::headings::<PersonRow>(),
            Self::Cases => columns::headings::<CaseRow>(),
            Self::Entries => Vec::new(),
        };
        all.into_iter()
    }

    /// The names of its columns, in order.
    pub fn columns(self) -> Vec<&'static str> {
        self.headings().map(|heading| heading.name).collect()
    }
}

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Values with a separator between them.
    Csv,
    /// JSON Lines: an object a row; of deliveries and entries the format that `import` reads.
    Jsonl,
    /// A workbook for Excel and whatever else reads ISO/IEC 29500.
    Xlsx,
    /// Columns with types, for programs that calculate with many rows.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Jsonl, Self::Xlsx, Self::Parquet];

    /// The word that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// The media types that its files can have; the first unless something else is asked for.
    pub(crate) const fn content_types(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"],
            Self::Jsonl => &["application/x-ndjson"],
            Self::Xlsx => &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
            Self::Parquet => &["application/vnd.apache.parquet"],
        }
    }
}
