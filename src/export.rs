//! Lists as files: one column list and one row stream per kind ([`columns`]), and a sink per format.
//!
//! [`write()`] streams into any writer, [`to_file`] replaces a file as a whole, and [`Jobs`] does that beside the window.

pub mod columns;
mod csv;
mod file;
pub mod guard;
mod jobs;
mod jsonl;
pub mod line;
mod separator;
pub mod times;

use std::{
    io::{self, Write},
    ops::ControlFlow,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(any(test, fuzzing))]
pub(crate) use self::csv::write_rows;
pub use self::{
    file::to_file,
    jobs::{Job, JobState, Jobs},
    separator::Separator,
};
use crate::{
    store::{
        self, Reader,
        filter::Filter,
        rows::{CallRow, DeliveryRow, MemberRow, RoomRow, StayRow},
    },
    zone::Zone,
};

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
}

impl Kind {
    /// Every kind, in the order of rules.md section 8.
    pub const ALL: &'static [Self] = &[Self::Calls, Self::Members, Self::Stays, Self::Rooms, Self::Deliveries];

    /// The word that the command line, the API and file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Members => "members",
            Self::Rooms => "rooms",
            Self::Stays => "stays",
            Self::Deliveries => "deliveries",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The names of its CSV columns, in order (rules.md section 8).
    pub fn columns(self) -> Vec<&'static str> {
        match self {
            Self::Calls => columns::names::<CallRow>(),
            Self::Members => columns::names::<MemberRow>(),
            Self::Rooms => columns::names::<RoomRow>(),
            Self::Stays => columns::names::<StayRow>(),
            Self::Deliveries => columns::names::<DeliveryRow>(),
        }
    }
}

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Values with a separator between them.
    Csv,
    /// JSON Lines, the format that `import` reads; only for deliveries.
    Jsonl,
}

impl Format {
    /// The word that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        [Self::Csv, Self::Jsonl].into_iter().find(|format| format.code() == code)
    }

    /// The media types that its files can have; the first unless something else is asked for.
    pub(crate) const fn content_types(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"],
            Self::Jsonl => &["application/x-ndjson"],
        }
    }
}

/// For whom a CSV file is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// For programs: UTF-8 without byte order mark, values untouched.
    #[default]
    Programs,
    /// For spreadsheets: byte order mark, and texts that a spreadsheet would run, or turn into numbers, dates or truth values,
    /// are guarded ([`guard`]).
    Spreadsheet,
}

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// `2025-03-06 11:19:06` in the export's zone.
    #[default]
    Local,
    /// ISO 8601: `2025-03-06T03:19:06Z`, with the offset where the zone is not UTC.
    Iso,
}

/// What is to be exported, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which list.
    pub kind: Kind,
    /// Which format.
    pub format: Format,
    /// Which of its rows: the list's own filter.
    pub filter: Filter,
    /// Which columns, in this order; all of the kind's when `None`. JSON Lines has no columns to choose.
    pub columns: Option<Vec<String>>,
    /// The zone that times are written in. JSON Lines is always in UTC.
    pub tz: Zone,
    /// How times are written in CSV.
    pub time_format: TimeFormat,
    /// For whom a CSV file is made.
    pub profile: Profile,
    /// What stands between the values of a CSV file.
    pub separator: Separator,
    /// Whether each line of JSON Lines says which receipt of which record it is, for a union with other records.
    pub origins: bool,
}

impl Request {
    fn is_tabbed(&self) -> bool {
        self.format == Format::Csv && self.separator == Separator::Tab
    }

    /// How the file's name ends: a spreadsheet opens what is separated by tabs as what it is, if its name says so.
    pub fn ending(&self) -> &'static str {
        if self.is_tabbed() { "tsv" } else { self.format.code() }
    }

    /// The media type of a download.
    pub fn content_type(&self) -> &'static str {
        match self.format.content_types() {
            [_, tabbed] if self.is_tabbed() => tabbed,
            [usual, ..] => usual,
            [] => "application/octet-stream",
        }
    }
}

/// Why there is no export, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The output could not be written.
    #[error(
        "The export could not be written: {0}. Nothing is missing from the record; free some space or choose another place, then export again."
    )]
    Write(#[source] io::Error),
    /// The reader of a pipe or download went away; nothing that a person needs to hear about.
    #[error("The export was not read to its end.")]
    Closed,
    /// Somebody cancelled it.
    #[error("The export was cancelled; no file was written.")]
    Cancelled,
    /// A column that the kind does not have.
    #[error("{} have no column \"{name}\". The columns are: {}.", .kind.code(), .kind.columns().join(", "))]
    UnknownColumn {
        /// Of which kind.
        kind: Kind,
        /// The name that was asked for.
        name: String,
    },
    /// JSON Lines of something else than deliveries.
    #[error("JSON Lines is the format of deliveries, which is what can be imported again; write {} as csv.", .0.code())]
    OnlyDeliveries(Kind),
    /// Columns of JSON Lines.
    #[error("JSON Lines always holds every field, so that it can be imported again; choose columns with csv.")]
    NoColumns,
    /// The target exists and is no ordinary file.
    #[error("{0} is not an ordinary file, so it was not replaced. Choose another name.")]
    NotAFile(String),
    /// The target's folder cannot take the file.
    #[error("{path} could not be written: {why}. What was there before is unchanged.")]
    Target {
        /// The target.
        path: String,
        /// What the system said.
        why: io::Error,
    },
}

impl Error {
    /// True when the request itself was wrong, so that asking again the same way cannot work.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::UnknownColumn { .. } | Self::OnlyDeliveries(_) | Self::NoColumns)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Write(error) }
    }
}

/// How often progress is reported and a cancellation noticed, in rows.
const PROGRESS_EVERY: u64 = 256;

/// Is told how many rows are written; `Break` cancels.
pub type Progress<'a> = &'a dyn Fn(u64) -> ControlFlow<()>;

/// Says whether `request` can be answered at all, before anything is opened or written.
pub fn check(request: &Request) -> Result<(), Error> {
    match (request.format, request.kind) {
        (Format::Jsonl, Kind::Deliveries) if request.columns.is_some() => Err(Error::NoColumns),
        (Format::Jsonl, Kind::Deliveries) => Ok(()),
        (Format::Jsonl, kind) => Err(Error::OnlyDeliveries(kind)),
        (Format::Csv, kind) => {
            let known = kind.columns();
            match request.columns.iter().flatten().find(|name| !known.contains(&name.as_str())) {
                Some(name) => Err(Error::UnknownColumn { kind, name: name.clone() }),
                None => Ok(()),
            }
        }
    }
}

/// Writes what `request` asks for, newest first, from one read snapshot, and says how many rows it were.
///
/// `now_ms` is what open calls and stays are judged by (rules.md section 5).
pub fn write(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    check(request)?;
    // Before the first byte: whoever reads the output learns of it instead of a file with nothing but a head.
    reader.require_complete()?;
    match (request.format, request.kind) {
        (Format::Jsonl, _) => jsonl::write(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Calls) => csv::write::<CallRow>(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Members) => csv::write::<MemberRow>(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Rooms) => csv::write::<RoomRow>(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Stays) => csv::write::<StayRow>(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Deliveries) => csv::write::<DeliveryRow>(reader, request, now_ms, out, progress),
    }
}

/// How many rows `request` will write, for a progress bar.
pub fn count(reader: &Reader, request: &Request, now_ms: i64) -> Result<u64, Error> {
    let filter = &request.filter;
    Ok(match request.kind {
        Kind::Calls => reader.count_calls(filter, now_ms)?,
        Kind::Members => reader.count_members(filter, now_ms)?,
        Kind::Rooms => reader.count_rooms(filter)?,
        Kind::Stays => reader.count_stays(filter)?,
        Kind::Deliveries => reader.count_deliveries(filter)?,
    })
}

/// Counts a row that a sink has written (or has failed to), reports progress now and then, and says whether to go on.
/// What went wrong is left in `failure`, because a row stream only carries the store's own errors.
fn counted(
    result: Result<(), Error>,
    written: &mut u64,
    progress: Progress<'_>,
    failure: &mut Option<Error>,
) -> ControlFlow<()> {
    if let Err(error) = result {
        *failure = Some(error);
        return ControlFlow::Break(());
    }
    *written += 1;
    if written.is_multiple_of(PROGRESS_EVERY) && progress(*written).is_break() {
        *failure = Some(Error::Cancelled);
        return ControlFlow::Break(());
    }
    ControlFlow::Continue(())
}

/// Tells the final count; a cancellation still counts, because nothing has been put in its place yet.
fn finished(written: u64, progress: Progress<'_>) -> Result<u64, Error> {
    if progress(written).is_break() { Err(Error::Cancelled) } else { Ok(written) }
}
