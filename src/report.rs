//! The report of a period: its figures beside those of the period before, and every list, as a workbook or as a page to print.
//!
//! What is told is read from one snapshot of the record and kept in no format; `workbook` and `page` write it, and
//! [`to_file`] replaces a file as a whole. The same request on the same revision of the record gives the same bytes.

mod about;
mod cells;
mod days;
mod filter;
mod labels;
mod lists;
mod page;
mod period;
mod summary;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod value;
mod words;
mod workbook;

use std::{io, ops::ControlFlow, path::Path};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::{about::Origin, days::Bar, labels::Labels, lists::List, table::Table};
use crate::{
    completeness::{self, Asked},
    export::{self, Announce, Error, Progress},
    language::Language,
    store::{
        self, Reader,
        filter::Filter,
        rows::{Comparison, Figures},
    },
    zone::{Zone, period::Named},
};

/// A shorter period is compared with the same days of the week before: a Monday with a Monday.
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How often progress is reported and a cancellation noticed, in rows.
const PROGRESS_EVERY: u64 = 256;

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportFormat)]
pub enum Format {
    /// A workbook of Excel, LibreOffice or WPS, with every row.
    Xlsx,
    /// A page to be read and printed, with the newest rows. It needs nothing from elsewhere and runs nothing.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Html];

    /// The word that the command line, the API and file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// From the ending of a file's name, in any case.
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        if ending == "htm" { Some(Self::Html) } else { Self::read(&ending) }
    }

    /// The media type of a download.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// What is to be reported, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which format.
    pub format: Format,
    /// Of which calls: the filter of their list, whose `from` and `to` are the period.
    pub filter: Filter,
    /// What the period is called, where it has a name.
    pub named: Option<Named>,
    /// Whose days and hours are meant.
    pub zone: Zone,
    /// In which language.
    pub language: Language,
    /// The applications whose calls are to be there, for what is said of completeness.
    pub ours: Vec<String>,
    /// True where nothing of it has happened: the record is the demo's.
    pub is_demo: bool,
}

impl Request {
    /// A report of the calls that `filter` finds, in the period that `named` names, or else that of the filter. What is not over at
    /// `now_ms` lasts until then.
    pub fn new(format: Format, filter: Filter, named: Option<Named>, zone: Zone, now_ms: i64) -> Self {
        let window = named.and_then(|named| named.window(&zone, now_ms));
        let (from, to) = window.map_or((filter.from, filter.to), |(from, to)| (Some(from), Some(to)));
        let filter = Filter { from, to: Some(period::end(to, now_ms)), ..filter::of_calls(filter) };
        Self { format, filter, named, zone, language: Language::default(), ours: Vec::new(), is_demo: false }
    }

    /// Whether all of it is still to come at `now_ms`.
    pub fn begins_later(&self, now_ms: i64) -> bool {
        self.filter.from.is_some_and(|from| from >= now_ms)
    }

    /// How a file with it is called, without its ending: `report-2025-10-20-to-2025-10-26`, or `report-until-2025-10-26`.
    pub fn name(&self) -> String {
        let day = |ms: i64| self.zone.at(ms).map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string());
        let last = day(self.filter.to.unwrap_or(i64::MAX).saturating_sub(1));
        match self.filter.from.map(day) {
            Some(first) if first == last => format!("report-{first}"),
            Some(first) => format!("report-{first}-to-{last}"),
            None => format!("report-until-{last}"),
        }
    }
}

/// A report as it is told, in no format; its lists are read while they are written.
struct Report {
    language: Language,
    labels: &'static Labels,
    zone: Zone,
    named: Option<Named>,
    /// Of which rows its lists are. Without a beginning it has none here either: rooms may be older than the first call.
    filter: Filter,
    /// The period [from, to) of its figures, Unix milliseconds.
    span: (i64, i64),
    figures: Figures,
    bars: Vec<Bar>,
    days: Table,
    hours: Table,
    people: Table,
    origin: Origin,
    is_demo: bool,
    now_ms: i64,
}

impl Report {
    /// Reads all of it but the lists. The reader is in its snapshot.
    fn read(reader: &Reader, request: &Request, now_ms: i64, revision: String) -> Result<Self, store::Error> {
        let Request { filter, named, zone, language, ours, is_demo, .. } = request.clone();
        let to = period::end(filter.to, now_ms);
        let from = match filter.from {
            Some(from) => from,
            None => reader.first_call_ms()?.unwrap_or(to),
        };
        let compared = filter.from.map(|from| compared_with(from, to));
        let filter = Filter { to: Some(to), ..filter };
        let figures = reader.figures(&Filter { from: Some(from), ..filter.clone() }, &zone, compared, now_ms)?;
        let asked = Asked { from_ms: Some(from), to_ms: Some(to), zone: zone.clone(), app: filter.app.clone() };
        let origin = Origin::read(reader, completeness::of(reader, ours, &asked, now_ms)?, revision)?;
        let labels = labels::of(language);
        let bars = days::days(&figures, &zone, (from, to));
        Ok(Self {
            days: tables::days(&bars, &figures, labels, language),
            hours: tables::hours(&figures, labels),
            people: tables::people(&figures, labels),
            span: (from, to),
            language,
            labels,
            zone,
            named,
            filter,
            figures,
            bars,
            origin,
            is_demo,
            now_ms,
        })
    }

    /// Its title: `Call report: Last week`.
    fn title(&self) -> String {
        let named = self.named.map(self.labels.named);
        named.map_or_else(
            || self.labels.title.to_owned(),
            |named| format!("{}{}{named}", self.labels.title, self.labels.colon),
        )
    }

    /// `2025-10-20 00:00 to 2025-10-27 00:00 (Europe/Berlin)`; `Until ...` where it has no beginning.
    fn period(&self) -> String {
        let moment = |ms| about::moment(ms, &self.zone);
        let (to, zone) = (moment(self.span.1), self.zone.name());
        match self.filter.from {
            Some(from) => (self.labels.span)(&moment(from), &to, zone),
            None => (self.labels.until)(&to, zone),
        }
    }

    /// With which period the figures are compared; nothing where with none.
    fn compared_with(&self) -> Option<String> {
        let compared = self.figures.compared.as_ref()?;
        let [from, to] = [compared.from, compared.to].map(|ms| about::moment(ms, &self.zone));
        Some((self.labels.compared_with)(&from, &to))
    }

    /// The filter in words, a restriction each; one that says that there is none.
    fn filter_words(&self) -> Vec<String> {
        let words = filter::words(&self.filter, self.labels, self.language);
        if words.is_empty() { vec![self.labels.about.all.to_owned()] } else { words }
    }

    /// How complete the record of the period is, in one sentence.
    fn completeness(&self) -> String {
        about::completeness(&self.origin.statement, self.labels, &self.zone)
    }

    /// The lists that it has: those that the whole filter restricts.
    fn lists(&self) -> impl Iterator<Item = List> {
        List::ALL.into_iter().filter(|list| list.heeds(&self.filter))
    }
}

/// With which earlier period a period is compared.
const fn compared_with(from: i64, to: i64) -> Comparison {
    // A week in which the clocks go back is an hour longer and a week all the same: both are the same then.
    if to.saturating_sub(from) < WEEK_MS { Comparison::Week } else { Comparison::Before }
}

/// Writes the report into `out`, from one read snapshot, and says how many rows its lists have. `now_ms` is what open calls and
/// stays are judged by (rules.md section 5); `scratch` is a folder in which long sheets wait until the file is put together.
pub fn write(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    scratch: &Path,
    out: &mut (dyn io::Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    reader.at_one_settled_revision(|reader, revision| {
        Ok(write_of_snapshot(reader, request, (now_ms, revision), scratch, out, progress))
    })?
}

fn write_of_snapshot(
    reader: &Reader,
    request: &Request,
    (now_ms, revision): (i64, String),
    scratch: &Path,
    out: &mut (dyn io::Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let report = Report::read(reader, request, now_ms, revision)?;
    let mut rows = Rows { written: 0, progress };
    match request.format {
        Format::Xlsx => workbook::write(reader, &report, scratch, out, &mut rows)?,
        Format::Html => page::write(reader, &report, out, &mut rows)?,
    }
    if progress(rows.written).is_break() { Err(Error::Cancelled) } else { Ok(rows.written) }
}

/// Writes the report to `path`, as [`export::to_file`] does: what was there before is unchanged until it is
/// complete.
pub fn to_file(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    data_folder: &Path,
    path: &Path,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    to_file_announced(reader, request, now_ms, data_folder, path, progress, &|_| Ok(()))
}

/// The same, announced to whoever wants to know the file again.
pub(crate) fn to_file_announced(
    reader: &Reader,
    request: &Request,
    now_ms: i64,
    data_folder: &Path,
    path: &Path,
    progress: Progress<'_>,
    announce: Announce<'_>,
) -> Result<u64, Error> {
    export::replace(data_folder, path, announce, |out| write(reader, request, now_ms, data_folder, out, progress))
}

/// How many rows the lists of a report have, for a progress bar.
pub fn count(reader: &Reader, request: &Request, now_ms: i64) -> Result<u64, Error> {
    let lists = List::ALL.into_iter().filter(|list| list.heeds(&request.filter));
    let counts = lists.map(|list| list.count(reader, &request.filter, now_ms));
    Ok(counts.sum::<Result<u64, store::Error>>()?)
}

/// The rows that are written so far.
struct Rows<'a> {
    written: u64,
    progress: Progress<'a>,
}

impl Rows<'_> {
    /// Counts a row; [`Error::Cancelled`] where somebody does not want any more.
    fn count(&mut self) -> Result<(), Error> {
        self.written += 1;
        if self.written.is_multiple_of(PROGRESS_EVERY) && (self.progress)(self.written).is_break() {
            return Err(Error::Cancelled);
        }
        Ok(())
    }
}

/// Goes through a list until its end, or until `row` says `Break` or fails.
fn each_row(
    reader: &Reader,
    report: &Report,
    list: List,
    detail: lists::Detail,
    mut row: impl FnMut(Vec<value::Value<'_>>) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    // A row stream only carries the store's own errors.
    let mut failure = None;
    list.each(reader, &report.filter, report.now_ms, (detail, report.language), &mut |values| match row(values) {
        Ok(flow) => flow,
        Err(error) => {
            failure = Some(error);
            ControlFlow::Break(())
        }
    })?;
    failure.map_or(Ok(()), Err)
}
