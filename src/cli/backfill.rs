//! `backfill`: calls that Tencent has records of, fetched. It works beside a running Calltrail.

use std::path::Path;

use axum::http::Method;
use calltrail::{backfill::Progress, export::times};
use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::{Fault, apps, filters, output, record::Record};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The application (SDKAppID)
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: String,
    /// Calls since then [default: everything that Tencent has]: 2025-03-06 09:00, or RFC 3339; a date alone is its beginning
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// The time zone: an IANA name, an offset such as +08:00, local or utc
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
    tz: String,
}

/// What the API says where it is asked to begin.
#[derive(Deserialize)]
struct Started {
    run: u64,
    #[serde(flatten)]
    state: Backfill,
}

/// What the API says of a run.
#[derive(Deserialize)]
struct Backfill {
    running: Option<Progress>,
    last: Option<Last>,
}

/// How it ended.
#[derive(Deserialize)]
struct Last {
    progress: Progress,
    complete: bool,
    canceled: bool,
    message: String,
}

impl Last {
    /// What was read.
    fn told(&self) -> String {
        let Progress { read, new, .. } = self.progress;
        format!("{} read, {new} of them new.\n", output::counted(read, "record", "records"))
    }

    /// Why that is not everything, where it is not.
    fn why_incomplete(self) -> Option<String> {
        match self {
            Self { canceled: true, .. } => Some(
                "Somebody else ended it, or Calltrail was stopped, before everything was read; what was read until then is kept. Run \
                 this command again to read the rest."
                    .to_owned(),
            ),
            Self { complete: true, .. } => None,
            Self { message, .. } if message.is_empty() => {
                Some("Not everything was read; run this command again.".to_owned())
            }
            Self { message, .. } => Some(message),
        }
    }
}

pub(crate) fn run(folder: &Path, options: &Options) -> Result<(), Fault> {
    let Options { app, since, tz } = options;
    let zone = filters::zone(tz)?;
    let since = since.as_deref().map(|since| times::read_from(since, &zone));
    let from_ms = since.transpose().map_err(|why| Fault::Usage(why.to_string()))?;
    let record = Record::open(folder, "calltrail backfill")?;
    let begin = json!({ "app": app, "from_ms": from_ms });
    let Started { run, mut state } = record.ask(Method::POST, "/api/backfill", Some(&begin))?;
    // A run that was under way may read less than what is asked for here: the one is waited for that reads it.
    let wait = format!("/api/backfill?wait=true&app={app}&run={run}");
    while state.running.is_some() {
        state = record.ask(Method::GET, &wait, None)?;
    }
    record.close()?;
    let Some(last) = state.last else {
        return Err(Fault::Failed("Calltrail was stopped meanwhile; what was read until then is kept.".to_owned()));
    };
    output::print(&last.told())?;
    last.why_incomplete().map_or(Ok(()), |why| Err(Fault::Failed(why)))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn only_a_run_that_read_everything_is_a_success() {
        let mut told = String::new();
        for (complete, canceled, message) in
            [(true, false, ""), (false, true, ""), (false, false, "Tencent refused."), (false, false, "")]
        {
            let progress = json!({ "began_ms": 0, "from_ms": 0, "read": 2, "new": 1 });
            let last = json!({ "progress": progress, "ended_ms": 0, "complete": complete, "canceled": canceled,
                "problem": null, "message": message });
            let started = json!({ "run": 7, "running": null, "last": last });
            let Started { run, state } = serde_json::from_value(started).expect("what the API answers");
            let last = state.last.filter(|_| run == 7).expect("it has ended");
            writeln!(told, "{}{:?}", last.told(), last.why_incomplete()).expect("a text");
        }
        expect_test::expect![[r#"
            2 records read, 1 of them new.
            None
            2 records read, 1 of them new.
            Some("Somebody else ended it, or Calltrail was stopped, before everything was read; what was read until then is kept. Run this command again to read the rest.")
            2 records read, 1 of them new.
            Some("Tencent refused.")
            2 records read, 1 of them new.
            Some("Not everything was read; run this command again.")
        "#]]
        .assert_eq(&told);
    }
}
