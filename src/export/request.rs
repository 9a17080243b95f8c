//! What is to be exported, and how.

use std::{collections::BTreeSet, path::PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Error, Format, Headings, Kind, Separator};
use crate::{store::filter::Filter, zone::Zone};

/// For whom a CSV file is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// For programs: UTF-8 without byte order mark, values untouched.
    #[default]
    Programs,
    /// For spreadsheets: byte order mark, and texts that a spreadsheet would run, or turn into numbers, dates or truth values,
    /// are guarded ([`guard`](super::guard)).
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
    /// Which columns, in this order; all of the kind's when `None`. JSON Lines that can be imported again are always whole.
    pub columns: Option<Vec<String>>,
    /// The zone that times are written in. JSON Lines is always in UTC.
    pub tz: Zone,
    /// How times are written in CSV, and in a workbook: there `Local` is a date and `Iso` a text.
    pub time_format: TimeFormat,
    /// For whom a CSV file is made.
    pub profile: Profile,
    /// What stands between the values of a CSV file.
    pub separator: Separator,
    /// What the columns of a CSV file or workbook are called. JSON Lines always has the names.
    pub headings: Headings,
    /// Whether each line of JSON Lines says which receipt of which record it is, for a union with other records.
    pub origins: bool,
    /// Whether a file of its own beside it says what is in it. A workbook says it on its first sheet, whatever is chosen here.
    pub meta: bool,
}

/// What an export finds around it.
#[derive(Clone, Debug)]
pub struct Around {
    /// The data folder: what is not whole yet waits or is noted there.
    pub folder: PathBuf,
    /// The applications whose calls are to be there, for what is said of completeness.
    pub ours: Vec<String>,
    /// What open calls and stays are judged by (rules.md section 5), in Unix milliseconds.
    pub now_ms: i64,
}

impl Request {
    /// All of a list, in UTC, for programs.
    pub fn of(kind: Kind, format: Format) -> Self {
        Self {
            kind,
            format,
            filter: Filter::default(),
            columns: None,
            tz: Zone::utc(),
            time_format: TimeFormat::Local,
            profile: Profile::Programs,
            separator: Separator::Comma,
            headings: Headings::Names,
            origins: false,
            meta: false,
        }
    }

    /// The names of the columns that the file has, in their order; none of lines that have names of their own.
    pub(super) fn column_names(&self) -> Vec<String> {
        match &self.columns {
            Some(names) => self.as_often_as_they_are_there(names),
            None if self.format == Format::Jsonl && self.kind.has_own_lines() => Vec::new(),
            None => self.kind.columns().into_iter().map(str::to_owned).collect(),
        }
    }

    /// Where a name says one thing, a column that was named twice is there once ([`named_once`](super::columns::named_once)).
    fn as_often_as_they_are_there(&self, names: &[String]) -> Vec<String> {
        let is_named_once = matches!(self.format, Format::Jsonl | Format::Parquet);
        let mut there = BTreeSet::new();
        names.iter().filter(|name| !is_named_once || there.insert(name.as_str())).cloned().collect()
    }

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

/// Says whether `request` can be answered at all, before anything is opened or written.
pub fn check(request: &Request) -> Result<(), Error> {
    let Request { kind, format, columns, .. } = request;
    if !kind.formats().contains(format) {
        return Err(Error::OnlyLines);
    }
    if *format == Format::Jsonl && kind.has_own_lines() {
        return if columns.is_some() { Err(Error::NoColumns) } else { Ok(()) };
    }
    let known = kind.columns();
    match columns.iter().flatten().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Error::UnknownColumn { kind: *kind, name: name.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_the_columns_that_it_has() {
        let columns = ["call_id", "result", "call_id"].map(str::to_owned).to_vec();
        for (format, has) in [
            (Format::Csv, vec!["call_id", "result", "call_id"]),
            (Format::Xlsx, vec!["call_id", "result", "call_id"]),
            (Format::Jsonl, vec!["call_id", "result"]),
            (Format::Parquet, vec!["call_id", "result"]),
        ] {
            let request = Request { columns: Some(columns.clone()), ..Request::of(Kind::Calls, format) };
            assert_eq!(request.column_names(), has, "{format:?}");
        }
    }
}
