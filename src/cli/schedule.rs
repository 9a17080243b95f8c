//! `schedule`: exports that are made again and again. It works beside a running Calltrail, which makes them; without one, what is
//! missed meanwhile is made up for at the next start.

use std::path::{Path, PathBuf};

use axum::http::Method;
use calltrail::{
    export::{Format, Kind, Profile, times},
    language::Language,
    report,
    schedule::{Every, Last, Plan, Reported},
    zone::Zone,
};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fault, export::refuse_foreign_filters, filters::Filters, output, record::Record};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Exports a list of each day, week or month that has ended, from the one of today on
    Add(Box<Add>),
    /// Shows them, their numbers, what happened last and what is next
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Exports nothing for one any more; its files stay
    Remove(Of),
    /// Exports nothing for one until `resume`, which makes up for what was missed
    Pause(Of),
    /// Goes on with one
    Resume(Of),
    /// Exports the period that ended last now
    Run(Of),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// calls, members, rooms, stays, deliveries, people, cases, entries, or report
    #[arg(value_name = "LIST", value_parser = what)]
    what: What,
    /// day, week or month
    #[arg(long, value_name = "PERIOD", value_parser = every)]
    every: Every,
    /// The folder for the files; it must be there
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// What it is called [default: the list and the period]
    #[arg(long)]
    name: Option<String>,
    /// When, on the day after the period
    #[arg(long, value_name = "HH:MM", default_value = "07:00")]
    at: String,
    /// csv, or another format that `export` knows; of a report xlsx or html [default: csv, of a report xlsx]
    #[arg(long)]
    format: Option<String>,
    /// The language of a report: en or zh [default: the system's]
    #[arg(long, value_name = "LANGUAGE", value_parser = super::report::language)]
    language: Option<Language>,
    /// programs or spreadsheet, as `export` has them
    #[arg(long, default_value = "programs", value_parser = ["programs", "spreadsheet"], hide_possible_values = true)]
    profile: String,
    /// What the files are called: {from} and {to} are the first and the last day, {list} is the list
    #[arg(long, value_name = "PATTERN", default_value = "{list} {from}")]
    file_name: String,
    /// How many of its files are kept [default: all]
    #[arg(long, value_name = "N")]
    keep: Option<u32>,
    #[command(flatten)]
    filters: Filters,
}

/// Which one.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Of {
    /// Its number, as `schedule list` shows it
    #[arg(value_name = "NUMBER")]
    id: u64,
}

/// What the API says of them.
#[derive(Deserialize)]
struct Schedules {
    schedules: Vec<Value>,
}

#[derive(Deserialize)]
struct Schedule {
    id: u64,
    plan: Plan,
    paused: bool,
    next_ms: Option<i64>,
    last: Option<Last>,
}

fn every(text: &str) -> Result<Every, String> {
    match text {
        "day" => Ok(Every::Day),
        "week" => Ok(Every::Week),
        "month" => Ok(Every::Month),
        _ => Err("choose one of day, week, month".to_owned()),
    }
}

/// What is exported again and again.
#[derive(Clone, Copy, Debug)]
enum What {
    List(Kind),
    Report,
}

fn what(text: &str) -> Result<What, String> {
    if text == "report" {
        return Ok(What::Report);
    }
    super::export::kind(text).map(What::List).map_err(|known| format!("{known}, or report"))
}

/// The list and its format, and the report in its place.
fn wanted(add: &Add) -> Result<(Kind, Format, Option<Reported>), Fault> {
    let no_such = || {
        Fault::Usage(
            "There is no such format; `calltrail help export` and `calltrail help report` name them.".to_owned(),
        )
    };
    match add.what {
        What::List(kind) => {
            let format = add.format.as_deref().map_or(Some(Format::Csv), Format::read);
            Ok((kind, format.ok_or_else(no_such)?, None))
        }
        What::Report => {
            let format = add.format.as_deref().map_or(Some(report::Format::Xlsx), report::Format::read);
            let language = add.language.unwrap_or_else(Language::of_system);
            Ok((Kind::Calls, Format::Xlsx, Some(Reported { format: format.ok_or_else(no_such)?, language })))
        }
    }
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    let plan = match command {
        Command::Add(add) => return with(folder, |record| added(record, *add)),
        Command::List { json } => {
            return with(folder, |record| list(record.ask(Method::GET, "/api/schedules", None)?, json));
        }
        Command::Remove(Of { id }) => ("remove", json!({ "id": id })),
        Command::Pause(Of { id }) => ("pause", json!({ "id": id, "paused": true })),
        Command::Resume(Of { id }) => ("pause", json!({ "id": id, "paused": false })),
        Command::Run(Of { id }) => return with(folder, |record| ran(record, id)),
    };
    let (what, body) = plan;
    with(folder, |record| list(record.ask(Method::POST, &format!("/api/schedules/{what}"), Some(&body))?, false))
}

/// Shows all of them, and fails where the one that was run did.
fn ran(record: &Record, id: u64) -> Result<(), Fault> {
    let all: Schedules = record.ask(Method::POST, "/api/schedules/run", Some(&json!({ "id": id })))?;
    let one = all.schedules.iter().find(|schedule| schedule["id"] == id);
    let last = one.and_then(|schedule| serde_json::from_value::<Last>(schedule["last"].clone()).ok());
    list(all, false)?;
    last.and_then(|last| last.failure).map_or(Ok(()), |why| Err(Fault::Failed(why.to_string())))
}

fn with(folder: &Path, work: impl FnOnce(&Record) -> Result<(), Fault>) -> Result<(), Fault> {
    let record = Record::open(folder, "calltrail schedule")?;
    let done = work(&record);
    record.close()?;
    done
}

fn added(record: &Record, add: Add) -> Result<(), Fault> {
    let (kind, format, report) = wanted(&add)?;
    refuse_foreign_filters(kind, &add.filters, false)?;
    let (filter, tz) = add.filters.read()?;
    if filter.from.is_some() || filter.to.is_some() {
        return Err(Fault::Usage("--from and --to do not apply: each file is of its own period (--every).".to_owned()));
    }
    let folder = std::path::absolute(&add.folder)?;
    let every = match add.every {
        Every::Day => "day",
        Every::Week => "week",
        Every::Month => "month",
    };
    // What this computer calls its own zone may be no name that can be read again.
    let tz = Zone::read(tz.name()).map_or_else(|_| "local".to_owned(), |tz| tz.name().to_owned());
    let what = if report.is_some() { "report" } else { kind.code() };
    let name = add.name.unwrap_or_else(|| format!("{what} of each {every}"));
    let plan = json!({
        "name": name, "every": add.every, "at": add.at, "folder": folder, "file_name": add.file_name, "keep": add.keep,
        "report": report,
        "view": {
            "kind": kind, "format": format, "filter": filter, "tz": tz,
            "profile": if add.profile == "spreadsheet" { Profile::Spreadsheet } else { Profile::Programs },
        },
    });
    list(record.ask(Method::POST, "/api/schedules", Some(&plan))?, false)
}

fn list(Schedules { schedules }: Schedules, as_json: bool) -> Result<(), Fault> {
    if as_json {
        return output::print(&format!("{}\n", Value::from(schedules)));
    }
    if schedules.is_empty() {
        return output::print("No export is scheduled.\n");
    }
    let mut text = String::new();
    for schedule in schedules {
        let schedule: Schedule = serde_json::from_value(schedule).map_err(|why| Fault::Failed(why.to_string()))?;
        text.push_str(&lines(&schedule));
    }
    output::print(&text)
}

/// What it is, and in a second line what happened last.
fn lines(schedule: &Schedule) -> String {
    let Schedule { id, plan, paused, next_ms, last } = schedule;
    let zone = Zone::read(&plan.view.tz).unwrap_or_else(|_| Zone::utc());
    let time = |ms: i64| times::format(ms, &zone, Default::default(), times::Precision::Second);
    let next = match (paused, next_ms) {
        (true, _) => "paused".to_owned(),
        (false, Some(next_ms)) => format!("next at {}", time(*next_ms)),
        (false, None) => "never".to_owned(),
    };
    let last = last.as_ref().map_or_else(String::new, |last| match &last.failure {
        None => format!("   last at {}: {} rows in {}\n", time(last.at_ms), last.rows, last.path),
        Some(why) => format!("   failed at {}: {}: {}\n", time(last.at_ms), last.path, why),
    });
    format!("{id}  {}  into {}  {next}\n{last}", plan.name, plan.folder)
}

#[cfg(test)]
mod tests {
    use calltrail::export::Failure;

    use super::*;

    #[test]
    fn each_is_a_line_and_what_happened_is_another() {
        let plan = json!({
            "name": "For Anna", "every": "day", "at": "07:00", "folder": "/home/anna/Reports", "file_name": "{list} {from}",
            "view": { "kind": "calls", "format": "csv", "tz": "Asia/Shanghai" },
        });
        let plan: Plan = serde_json::from_value(plan).expect("a plan");
        let last = |failure| Last {
            at_ms: 1_741_233_600_000,
            from: "2025-03-05".to_owned(),
            to: "2025-03-05".to_owned(),
            path: "/home/anna/Reports/calls 2025-03-05.csv".to_owned(),
            rows: 7,
            failure,
        };
        let of = |paused, last| Schedule { id: 3, plan: plan.clone(), paused, next_ms: Some(1_741_302_000_000), last };
        let gone = Failure::FolderGone { folder: "/home/anna/Reports".to_owned() };
        let text = [of(false, None), of(true, Some(last(None))), of(false, Some(last(Some(gone))))];
        expect_test::expect![[r#"
            3  For Anna  into /home/anna/Reports  next at 2025-03-07 07:00:00
            3  For Anna  into /home/anna/Reports  paused
               last at 2025-03-06 12:00:00: 7 rows in /home/anna/Reports/calls 2025-03-05.csv
            3  For Anna  into /home/anna/Reports  next at 2025-03-07 07:00:00
               failed at 2025-03-06 12:00:00: /home/anna/Reports/calls 2025-03-05.csv: The folder /home/anna/Reports is not there.
        "#]]
        .assert_eq(&text.each_ref().map(lines).concat());
    }
}
