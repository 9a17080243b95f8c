//! `figures`: calls in figures, as a table for people or as JSON for programs (rules.md section 11).

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use calltrail::{
    clock::Clock,
    export::{
        TimeFormat,
        times::{self, Precision},
    },
    store::{
        self,
        rows::{Comparison, Figures},
    },
    zone::Zone,
};
use clap::Args;

use super::{Fault, filters::Filters, output};

/// People who are listed to people; programs get all.
const PEOPLE: usize = 20;
/// How wide the first column of a table is.
const WIDTH: usize = 14;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    /// Also those of an earlier period: before, of the same length until this one begins; week, the same days a week earlier
    #[arg(long, value_name = "PERIOD", value_parser = ["before", "week"])]
    compare: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(folder: &Path, options: Options) -> Result<(), Fault> {
    let compared = options.compare.map(|with| if with == "week" { Comparison::Week } else { Comparison::Before });
    let (filter, zone) = options.filters.read()?;
    let reader = store::open_complete(folder, "calltrail figures")?;
    reader.require_complete()?;
    let figures = reader.figures(&filter, &zone, compared, Clock::system().now_ms())?;
    if options.json {
        let text = serde_json::to_string_pretty(&figures).map_err(|error| Fault::Failed(error.to_string()))?;
        return output::print(&format!("{text}\n"));
    }
    output::print(&table(&figures, &zone))
}

/// The figures for people.
fn table(figures: &Figures, zone: &Zone) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:WIDTH$}{value}");
    };
    line("calls", figures.calls.to_string());
    line("answered", format!("{} ({})", figures.answered, rate(figures.answer_rate)));
    line("unanswered", figures.unanswered.to_string());
    line("open", figures.open.to_string());
    line("unknown", figures.unknown.to_string());
    line("by result", counts(&figures.by_result));
    line("ring", format!("median {}, 90 % {}", length(figures.ring.median), length(figures.ring.p90)));
    line("waited", format!("median {}, 90 % {}", length(figures.waited.median), length(figures.waited.p90)));
    let talk = figures.talk;
    let (sum, median, longest) = (length(Some(talk.sum)), length(talk.median), length(talk.longest));
    line("talk", format!("{sum}, median {median}, longest {longest}"));
    let since = figures.at_once.at.map_or_else(String::new, |at| format!(", first at {}", moment(at, zone)));
    line("at once", format!("{}{since}", figures.at_once.most));
    if let Some(before) = &figures.compared {
        let period = format!("{} to {}", moment(before.from, zone), moment(before.to, zone));
        let rate = rate(before.answer_rate);
        let (ring, talk) = (length(before.ring.median), length(Some(before.talk.sum)));
        let (calls, unanswered) = (before.calls, before.unanswered);
        let before = format!("{calls} calls, {rate} answered, {unanswered} not, ring median {ring}, talk {talk}");
        line("compared with", format!("{period}: {before}"));
    }
    days(&mut text, figures);
    people(&mut text, figures);
    text
}

fn days(text: &mut String, figures: &Figures) {
    if figures.by_day.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{:WIDTH$}{:>7} {:>9} {:>11}", "day", "calls", "answered", "unanswered");
    for day in &figures.by_day {
        let _ = writeln!(text, "{:WIDTH$}{:>7} {:>9} {:>11}", day.day, day.calls, day.answered, day.unanswered);
    }
}

fn people(text: &mut String, figures: &Figures) {
    if figures.people.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n{:>6} {:>9} {:>9} {:>9} {:>7} {:>9} {:>10} {:>6}  person",
        "made", "answered", "received", "answered", "missed", "declined", "talk", "ring"
    );
    for person in figures.people.iter().take(PEOPLE) {
        // An id is the sender's; what would move the cursor is not printed.
        let shown = |text: &str| text.chars().filter(|char| !char.is_control()).collect::<String>();
        let name = if person.name.is_empty() { String::new() } else { format!("{} ", shown(&person.name)) };
        let _ = writeln!(
            text,
            "{:>6} {:>9} {:>9} {:>9} {:>7} {:>9} {:>10} {:>6}  {name}({})",
            person.made,
            person.made_answered,
            person.received,
            person.answered,
            person.missed,
            person.declined,
            length(Some(person.talk)),
            length(person.ring),
            shown(&person.user),
        );
    }
    let more = figures.people.len().saturating_sub(PEOPLE);
    if more > 0 {
        let _ = writeln!(text, "and {more} more; --json has all.");
    }
}

fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.1} %", rate * 100.0))
}

fn counts(counts: &BTreeMap<String, u64>) -> String {
    let counts: Vec<String> = counts.iter().map(|(code, calls)| format!("{code} {calls}")).collect();
    if counts.is_empty() { "-".to_owned() } else { counts.join(", ") }
}

/// Seconds as `7s`, `3:20` or `1:03:20`.
fn length(seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else { return "-".to_owned() };
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}:{rest:02}"),
        _ => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}

fn moment(ms: i64, zone: &Zone) -> String {
    times::format(ms, zone, TimeFormat::Local, Precision::Second)
}
