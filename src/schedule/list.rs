//! What is kept of the schedules, in `schedules.json` in the data folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    due::{Every, Period},
    name,
};
use crate::{
    durable_file,
    export::{self, Around, Failure, Kind, LONGEST_NAME_OF_VIEW, View},
    language::Language,
    report,
    store::filter::Filter,
    unfinished::SETTINGS,
};

const FILE: &str = "schedules.json";
/// The most files that a schedule can be told to keep.
const KEPT_MAX: u32 = 10_000;

/// What is exported, how often, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SchedulePlan)]
pub struct Plan {
    /// What it is called, for people.
    #[schema(max_length = 200)]
    pub name: String,
    /// What is exported; the period comes to its filter.
    pub view: View,
    /// The report of the period in the place of the list; of a view of calls, of which only the filter and the zone are heeded.
    #[serde(default)]
    pub report: Option<Reported>,
    /// How long the periods are of which a file is made each.
    pub every: Every,
    /// When, on the day after the period: `07:00`.
    #[schema(pattern = "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub at: String,
    /// The folder, from its root on.
    #[schema(max_length = 4096)]
    pub folder: String,
    /// What the files are called, without their ending: `{from}` and `{to}` are the first and the last day, `{list}` is the list.
    #[schema(max_length = 120)]
    pub file_name: String,
    /// How many of its files are kept; all when not said.
    #[schema(minimum = 1, maximum = 10000)]
    #[serde(default)]
    pub keep: Option<u32>,
}

/// How a report is made again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduledReport)]
pub struct Reported {
    /// Which format.
    pub format: report::Format,
    /// In which language.
    #[serde(default)]
    pub language: Language,
}

/// What is wrong with a plan.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// The name is empty, too long, or not one line.
    #[error("The name is to be one line of 1 to {LONGEST_NAME_OF_VIEW} characters.")]
    Name,
    /// The time of day is none.
    #[error("The time of day is to be written like 07:00.")]
    Time,
    /// The folder is not named from its root on.
    #[error("The folder is to be named as a whole, such as /home/anna/Reports or C:\\Reports.")]
    FolderNotWhole,
    /// There is no such folder.
    #[error("There is no folder {0}. Make it first, or choose another one.")]
    NoFolder(String),
    /// Files cannot be called so.
    #[error(
        "Files cannot be called so on every system: no slashes, colons, question marks or quotes, and {{from}}, {{to}} and {{list}} alone in braces."
    )]
    FileName,
    /// Reports are of calls.
    #[error("A report is of calls; the list is {}.", .0.code())]
    ReportOfNoCalls(Kind),
    /// Another schedule writes the same files.
    #[error("\"{0}\" writes files of these names into this folder. Choose other names or another folder.")]
    SameFiles(String),
    /// None or too many are kept.
    #[error("1 to {most} files can be kept.")]
    Keep {
        /// The most.
        most: u32,
    },
    /// The list cannot be exported so.
    #[error(transparent)]
    View(#[from] export::Unfit),
}

impl Plan {
    /// Says what is wrong with it, before it is kept.
    pub fn check(&self) -> Result<(), Unfit> {
        if !export::is_name_of_view(&self.name) {
            return Err(Unfit::Name);
        }
        self.time().ok_or(Unfit::Time)?;
        self.view.request()?;
        if self.report.is_some() && self.view.kind != Kind::Calls {
            return Err(Unfit::ReportOfNoCalls(self.view.kind));
        }
        if self.keep.is_some_and(|keep| keep == 0 || keep > KEPT_MAX) {
            return Err(Unfit::Keep { most: KEPT_MAX });
        }
        let folder = Path::new(&self.folder);
        if !folder.is_absolute() {
            return Err(Unfit::FolderNotWhole);
        }
        if !folder.is_dir() {
            return Err(Unfit::NoFolder(self.folder.clone()));
        }
        self.path_of(&self.every.around(NaiveDate::default())).ok_or(Unfit::FileName)?;
        Ok(())
    }

    /// The time of day at which it runs.
    pub(super) fn time(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.at, "%H:%M").ok().filter(|_| self.at.len() == 5)
    }

    /// Where the file of a period is to be.
    pub(super) fn path_of(&self, period: &Period) -> Option<PathBuf> {
        let (what, ending) = match self.report {
            Some(report) => ("report", report.format.code()),
            None => (self.view.kind.code(), self.view.request().ok()?.ending()),
        };
        Some(Path::new(&self.folder).join(name::file_name(&self.file_name, period, what, ending)?))
    }

    /// Whether another plan would write files of the same names into the same folder, of periods of whatever length.
    fn writes_the_files_of(&self, other: &Self) -> bool {
        let day = Every::Day.around(NaiveDate::default());
        self.path_of(&day).is_some_and(|path| other.path_of(&day) == Some(path))
    }

    /// The list that is exported of a period.
    pub(super) fn request(&self, period: &Period) -> Result<export::Request, export::Unfit> {
        let request = self.view.request()?;
        let (from, to) = period.moments(&request.tz);
        Ok(export::Request { filter: Filter { from: Some(from), to: Some(to), ..request.filter }, ..request })
    }

    /// The report of a period, where reports are wanted.
    pub(super) fn report(&self, period: &Period, around: &Around) -> Result<Option<report::Request>, export::Unfit> {
        let Some(Reported { format, language }) = self.report else { return Ok(None) };
        let export::Request { filter, tz, .. } = self.request(period)?;
        let report = report::Request::new(format, filter, None, tz, around.now_ms);
        Ok(Some(report::Request { language, ours: around.ours.clone(), ..report }))
    }
}

/// What happened last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleLast)]
pub struct Last {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// The first day of the period: `2025-03-03`.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// The file.
    pub path: String,
    /// How many rows were written.
    pub rows: u64,
    /// Why there is no such file; null where there is one.
    pub failure: Option<Failure>,
}

/// A file that was made, by which it is known again before it is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) path: PathBuf,
    #[serde(flatten)]
    pub(super) file: Stamp,
    /// What is said of it in a file of its own.
    #[serde(default)]
    pub(super) side_car: Option<Stamp>,
}

/// What a file is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) bytes: u64,
    /// Unix milliseconds.
    pub(super) modified_ms: i64,
}

/// A plan, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its number, which no other schedule ever has.
    pub id: u64,
    /// What is wanted.
    pub plan: Plan,
    /// Whether nothing is exported until somebody says so.
    #[serde(default)]
    pub paused: bool,
    /// The first day of the next period: nothing from then on was exported yet.
    pub next: String,
    /// What happened last.
    #[serde(default)]
    pub last: Option<Last>,
    /// The files that it made, the newest last; those that somebody has changed since are not among them any more.
    #[serde(default)]
    pub(super) made: Vec<Made>,
    /// The file that is taking its place, as it will be known there: whatever ends the run, it is not taken for somebody else's.
    #[serde(default)]
    pub(super) coming: Option<Made>,
}

impl Schedule {
    /// Whether the file of this period is what it made last.
    pub(super) fn has_just_made(&self, period: &Period) -> bool {
        let days = (period.from.to_string(), period.last_day().to_string());
        self.last.as_ref().is_some_and(|last| last.failure.is_none() && (&last.from, &last.to) == (&days.0, &days.1))
    }

    pub(super) fn next_day(&self) -> NaiveDate {
        // Only a file that somebody has written by hand says something else.
        self.next.parse().unwrap_or_default()
    }

    /// When the next period is exported, Unix milliseconds.
    pub fn next_ms(&self) -> Option<i64> {
        let (zone, at) = (self.plan.view.zone().ok()?, self.plan.time()?);
        Some(self.plan.every.due_ms(self.next_day(), at, &zone))
    }
}

/// All schedules.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct List {
    /// The highest number that was ever given.
    last_id: u64,
    pub(super) schedules: Vec<Schedule>,
    /// Whether the file says less than this.
    #[serde(skip)]
    is_unsaved: bool,
}

/// Where they are kept.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

impl List {
    /// Reads them; none where there is no file yet.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        durable_file::read_json(&file(folder))
    }

    /// Where it fails, [`Self::write_again`] makes up for it.
    pub(super) fn write(&mut self, folder: &Path) -> io::Result<()> {
        let written = durable_file::write_json(SETTINGS, &file(folder), &*self);
        self.is_unsaved = written.is_err();
        written
    }

    /// Writes what could not be written before.
    pub(super) fn write_again(&mut self, folder: &Path) {
        if self.is_unsaved && self.write(folder).is_ok() {
            tracing::info!("the schedules are saved again");
        }
    }

    /// Adds a schedule whose first period is the one of today.
    pub(super) fn add(&mut self, plan: Plan, today: NaiveDate) {
        self.last_id += 1;
        let next = plan.every.around(today).from.to_string();
        let (id, last, made, coming) = (self.last_id, None, Vec::new(), None);
        self.schedules.push(Schedule { id, plan, paused: false, next, last, made, coming });
    }

    /// Says what is wrong with a plan among the others; `id` is its own number, where it has one.
    pub(super) fn check(&self, plan: &Plan, id: Option<u64>) -> Result<(), Unfit> {
        let mut others = self.schedules.iter().filter(|schedule| Some(schedule.id) != id);
        match others.find(|schedule| schedule.plan.writes_the_files_of(plan)) {
            Some(same) => Err(Unfit::SameFiles(same.plan.name.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn get(&mut self, id: u64) -> Option<&mut Schedule> {
        self.schedules.iter_mut().find(|schedule| schedule.id == id)
    }
}
