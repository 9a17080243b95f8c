//! Lists as files: one column list and one row stream per kind ([`columns`]), and a sink per format.
//!
//! [`write()`] streams into any writer, [`to_file`] replaces a file as a whole, and [`Jobs`] does that beside the window.

pub mod columns;
mod csv;
pub mod entry_line;
mod failure;
mod file;
pub mod guard;
mod headings;
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
pub(crate) use self::file::replace;
pub use self::{
    failure::Failure,
    file::to_file,
    headings::Headings,
    jobs::{Job, JobState, Jobs},
    separator::Separator,
};
use crate::{
    store::{
        self, Reader,
        filter::Filter,
        rows::{CallRow, CaseRow, DeliveryRow, MemberRow, PersonRow, RoomRow, StayRow},
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
            Self::Deliveries => &[Format::Csv, Format::Jsonl],
            Self::Entries => &[Format::Jsonl],
            Self::Calls | Self::Members | Self::Rooms | Self::Stays | Self::People | Self::Cases => &[Format::Csv],
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// What its CSV columns are called, in order (rules.md section 8).
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

    /// The names of its CSV columns, in order.
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
    /// JSON Lines, the format that `import` reads; only for deliveries and entries.
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
    /// What the columns of a CSV file are called. JSON Lines always has the names of its fields.
    pub headings: Headings,
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
    /// JSON Lines of something else than deliveries and entries.
    #[error("JSON Lines is the format of deliveries and entries, which is what can be imported again; write {} as csv.", .0.code())]
    OnlyDeliveries(Kind),
    /// Entries in columns.
    #[error("Entries are written as jsonl: what they say is not of one shape, and so it can be imported again.")]
    OnlyLines,
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
        matches!(self, Self::UnknownColumn { .. } | Self::OnlyDeliveries(_) | Self::OnlyLines | Self::NoColumns)
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
    let is_written = request.kind.formats().contains(&request.format);
    match (request.format, request.kind) {
        (Format::Jsonl, kind) if !is_written => Err(Error::OnlyDeliveries(kind)),
        (Format::Jsonl, _) if request.columns.is_some() => Err(Error::NoColumns),
        (Format::Jsonl, _) => Ok(()),
        (Format::Csv, _) if !is_written => Err(Error::OnlyLines),
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
        (_, Kind::Entries) => jsonl::write_entries(reader, out, progress),
        (Format::Csv, Kind::People) => csv::write::<PersonRow>(reader, request, now_ms, out, progress),
        (Format::Csv, Kind::Cases) => csv::write::<CaseRow>(reader, request, now_ms, out, progress),
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
        Kind::People => reader.count_people(filter)?,
        Kind::Cases => reader.count_cases(filter, now_ms)?,
        Kind::Entries => reader.count_entries()?,
    })
}

/// What a sink has written. What went wrong is kept here, because a row stream only carries the store's own errors.
struct Written<'a> {
    rows: u64,
    failure: Option<Error>,
    progress: Progress<'a>,
}

impl<'a> Written<'a> {
    fn new(progress: Progress<'a>) -> Self {
        Self { rows: 0, failure: None, progress }
    }

    /// Counts a row that was written, or was not, reports progress now and then, and says whether to go on.
    fn row(&mut self, result: Result<(), Error>) -> ControlFlow<()> {
        if let Err(error) = result {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        self.rows += 1;
        if self.rows.is_multiple_of(PROGRESS_EVERY) && (self.progress)(self.rows).is_break() {
            self.failure = Some(Error::Cancelled);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Tells the final count; a cancellation still counts, because nothing has been put in its place yet.
    fn end(self, mut flush: impl FnMut() -> io::Result<()>) -> Result<u64, Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        flush()?;
        if (self.progress)(self.rows).is_break() { Err(Error::Cancelled) } else { Ok(self.rows) }
    }
}
