//! `completeness`: what the record of a period can be relied upon for. It reads beside a running Calltrail.

use std::{fmt::Write as _, path::Path};

use calltrail::{
    callback::span::in_words,
    clock::Clock,
    completeness::{
        self, Asked, Statement,
        statement::{AppRecords, CallCounts, DayStatement, Fetchable, Gap, GapCalls, Why},
    },
    export::{
        TimeFormat,
        times::{self, Precision},
    },
    store,
    zone::Zone,
};
use clap::Args;

use super::{Fault, apps, filters, output};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// From this time on [default: the first thing that the record knows]: 2025-03-06, "2025-03-06 11:19" or RFC 3339
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this time [default: now]; a date alone includes that day
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// The time zone: an IANA name, an offset such as +08:00, local or utc
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
    tz: String,
    /// An application (SDKAppID) [default: all of yours]
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: Option<String>,
    /// Writes the statement as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(folder: &Path, options: &Options) -> Result<(), Fault> {
    let Options { from, to, tz, app, json } = options;
    let zone = filters::zone(tz)?;
    let (from_ms, to_ms) = filters::window(from.as_deref(), to.as_deref(), &zone).map_err(Fault::Usage)?;
    let reader = store::open_complete(folder, "calltrail completeness")?;
    let ours = apps::ours(folder)?;
    let now_ms = Clock::system().now_ms();
    let asked = Asked { from_ms, to_ms, zone, app: app.clone() };
    let statement = completeness::of(&reader, ours, &asked, now_ms)?;
    if *json {
        let line = serde_json::to_string(&statement).map_err(|why| Fault::Failed(why.to_string()))?;
        return output::print(&format!("{line}\n"));
    }
    output::print(&Told { zone: &asked.zone, now_ms }.all(&statement))
}

/// Writes the statement for people.
struct Told<'a> {
    zone: &'a Zone,
    now_ms: i64,
}

impl Told<'_> {
    fn all(&self, statement: &Statement) -> String {
        let CallCounts { calls, confirmed, only_callbacks, only_fetched } = statement.calls;
        let mut text = format!(
            "{} until {} ({})\n{}: {confirmed} confirmed by Tencent's records, {only_callbacks} known from callbacks alone, \
             {only_fetched} from records alone.\n",
            self.moment(statement.from_ms),
            self.moment(statement.to_ms),
            statement.zone,
            output::counted(calls, "call", "calls"),
        );
        let complete = match statement.complete_to_ms {
            Some(complete_to_ms) => format!("read until {}", self.moment(complete_to_ms)),
            None => "not read".to_owned(),
        };
        // Writing into a text cannot fail.
        let _ = writeln!(text, "Tencent's records of the period: {complete}.");
        if !statement.gaps.is_empty() {
            text.push_str("\nNo callbacks could be taken:\n");
        }
        statement.gaps.iter().for_each(|gap| self.gap(&mut text, gap));
        statement.apps.iter().for_each(|app| self.fetchable(&mut text, app));
        if !statement.days.is_empty() {
            text.push_str("\nday         calls  confirmed  callbacks only  records only  gaps\n");
        }
        for DayStatement { day, calls: CallCounts { calls, confirmed, only_callbacks, only_fetched }, gaps, .. } in
            &statement.days
        {
            let gaps = gaps.len();
            let _ = writeln!(text, "{day}{calls:>7}{confirmed:>11}{only_callbacks:>16}{only_fetched:>14}{gaps:>6}");
        }
        text
    }

    fn gap(&self, text: &mut String, gap: &Gap) {
        let calls = match gap.calls {
            GapCalls::Fetched => "its calls were fetched".to_owned(),
            GapCalls::Fetchable => format!("its calls can be fetched for another {}", self.left(gap.forgets_ms)),
            GapCalls::PartlyForgotten => {
                format!("a part of its calls can be fetched for another {}", self.left(gap.forgets_ms))
            }
            GapCalls::Forgotten => "Tencent has no records of its calls any more".to_owned(),
        };
        let _ = writeln!(
            text,
            "  {} until {}: {}; {calls}",
            self.moment(gap.from_ms),
            self.moment(gap.to_ms),
            why(gap.why)
        );
    }

    fn fetchable(&self, text: &mut String, app: &AppRecords) {
        if !app.fetchable.is_empty() {
            let _ = writeln!(text, "\nCan still be fetched (calltrail backfill --app {}):", app.app);
        }
        for Fetchable { from_ms, to_ms, forgets_ms } in &app.fetchable {
            let _ = writeln!(
                text,
                "  {} until {}; Tencent begins to forget it in {}",
                self.moment(*from_ms),
                self.moment(*to_ms),
                self.left(Some(*forgets_ms))
            );
        }
    }

    fn moment(&self, ms: i64) -> String {
        times::format(ms, self.zone, TimeFormat::Local, Precision::Second)
    }

    fn left(&self, until_ms: Option<i64>) -> String {
        in_words(until_ms.unwrap_or(self.now_ms).saturating_sub(self.now_ms).max(0) / 1_000)
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::BeforeFirst => "before Calltrail wrote down when it can take callbacks",
        Why::Stopped => "Calltrail did not run",
        Why::Killed => "Calltrail had been killed, or the power went",
        Why::Slept => "the computer slept, or Calltrail was halted",
        Why::ClockSet => "the computer's clock was set",
        Why::PortClosed => "the port was closed: it was paused, or another program had it",
        Why::NotStored => "nothing could be stored",
        Why::NotReached => "the public address did not lead here",
    }
}
