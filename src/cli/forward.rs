//! `forward`: other addresses to which what Tencent sends is passed on. It works beside a running Calltrail; without one nothing is
//! sent, and what is asked for waits for the next start.

use std::path::Path;

use axum::http::Method;
use calltrail::{
    callback::words::{AnyFamily, Words as _},
    export::times,
    store::filter::Filter,
};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fault, apps, filters, output, record::Record};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Passes an application's callbacks on to an address from now on
    Add {
        /// The address, beginning with https:// or http://
        url: String,
        /// The application (SDKAppID)
        #[arg(long, value_name = "ID", value_parser = apps::id)]
        app: String,
        /// The address may be on this computer or in a private network
        #[arg(long)]
        private: bool,
        /// What it answers to a Before command, within 1.2 seconds, is what Tencent is answered
        #[arg(long)]
        answers_before: bool,
    },
    /// Shows the addresses, their numbers, and how each is doing
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Sends nothing to an address any more, and forgets what waited for it
    Remove(Of),
    /// Sends nothing to an address until `resume`; nothing is lost meanwhile
    Pause(Of),
    /// Goes on with sending to an address
    Resume(Of),
    /// Tries again what an address did not take for a day
    Retry(Of),
    /// Sends again what was received in a period
    Replay {
        #[command(flatten)]
        of: Of,
        /// From then on: 2025-03-06 09:00, or RFC 3339; a date alone is its beginning
        #[arg(long, value_name = "TIME")]
        from: String,
        /// Before then; a date alone includes that day [default: until now]
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// Only callbacks of this family, such as call or live
        #[arg(long, value_name = "FAMILY", value_parser = family)]
        family: Option<String>,
        /// Only callbacks whose command, call or room contains this text
        #[arg(long, value_name = "TEXT")]
        q: Option<String>,
        /// The time zone: an IANA name, an offset such as +08:00, local or utc
        #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
        tz: String,
    },
}

fn family(text: &str) -> Result<String, String> {
    let families = AnyFamily::all().filter(|family| !family.is_empty());
    if families.clone().any(|family| family == text) {
        Ok(text.to_owned())
    } else {
        Err(format!("the families are {}", families.collect::<Vec<_>>().join(", ")))
    }
}

/// Which address.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Of {
    /// Its number, as `forward list` shows it
    #[arg(value_name = "NUMBER")]
    id: i64,
}

/// What the API says of the addresses.
#[derive(Deserialize)]
struct Targets {
    targets: Vec<Value>,
}

#[derive(Deserialize)]
struct Target {
    id: i64,
    app: String,
    url: String,
    paused: String,
    answers_before: bool,
    down: bool,
    waiting: u64,
    given_up: u64,
    message: String,
}

#[derive(Deserialize)]
struct Requeued {
    callbacks: u64,
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    let record = Record::open(folder, "calltrail forward")?;
    let done = match command {
        Command::Add { url, app, private, answers_before } => {
            let body = json!({ "app": app, "url": url, "private": private, "answers_before": answers_before });
            list(record.ask(Method::POST, "/api/forward", Some(&body))?, false)
        }
        Command::List { json } => list(record.ask(Method::GET, "/api/forward", None)?, json),
        Command::Remove(Of { id }) => {
            list(record.ask(Method::POST, "/api/forward/remove", Some(&json!({ "id": id })))?, false)
        }
        Command::Pause(of) => pause(&record, of, true),
        Command::Resume(of) => pause(&record, of, false),
        Command::Retry(Of { id }) => {
            requeued(&record.ask(Method::POST, "/api/forward/retry", Some(&json!({ "id": id })))?)
        }
        Command::Replay { of: Of { id }, from, to, family, q, tz } => {
            let (from_ms, to_ms) = period(&from, to.as_deref(), &tz)?;
            let filter = Filter { family, q, ..Filter::default() };
            let body = json!({ "id": id, "from_ms": from_ms, "to_ms": to_ms, "filter": filter });
            requeued(&record.ask(Method::POST, "/api/forward/replay", Some(&body))?)
        }
    };
    record.close()?;
    done
}

fn pause(record: &Record, Of { id }: Of, paused: bool) -> Result<(), Fault> {
    let body = json!({ "id": id, "paused": paused });
    list(record.ask(Method::POST, "/api/forward/pause", Some(&body))?, false)
}

fn requeued(Requeued { callbacks }: &Requeued) -> Result<(), Fault> {
    let (noun, verb) = if *callbacks == 1 { ("callback", "waits") } else { ("callbacks", "wait") };
    output::print(&format!("{callbacks} {noun} {verb} to be sent.\n"))
}

/// Unix milliseconds, the end not included.
fn period(from: &str, to: Option<&str>, zone: &str) -> Result<(i64, i64), Fault> {
    let zone = filters::zone(zone)?;
    let usage = |why: times::Error| Fault::Usage(why.to_string());
    let from_ms = times::read_from(from, &zone).map_err(usage)?;
    let to_ms = to.map(|to| times::read_to(to, &zone)).transpose().map_err(usage)?.unwrap_or(i64::MAX);
    if from_ms >= to_ms {
        return Err(Fault::Usage("--to is not after --from, so nothing can be in between.".to_owned()));
    }
    Ok((from_ms, to_ms))
}

fn list(Targets { targets }: Targets, as_json: bool) -> Result<(), Fault> {
    if as_json {
        return output::print(&format!("{}\n", Value::from(targets)));
    }
    if targets.is_empty() {
        return output::print("Nothing is passed on.\n");
    }
    let mut text = String::new();
    for target in targets {
        let target: Target = serde_json::from_value(target).map_err(|why| Fault::Failed(why.to_string()))?;
        text.push_str(&line(&target));
    }
    output::print(&text)
}

fn line(target: &Target) -> String {
    let Target { id, app, url, waiting, given_up, .. } = target;
    let state = match (target.paused.as_str(), target.down) {
        ("by_person", _) => "paused".to_owned(),
        ("leads_back", _) => "stopped: the address leads back here".to_owned(),
        (_, true) => format!("does not answer: {}", target.message),
        _ => "runs".to_owned(),
    };
    let decides = if target.answers_before { ", answers Before commands" } else { "" };
    format!("{id}  {app}  {url}  {state}, {waiting} waiting, {given_up} given up{decides}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_one_line() {
        let target = |paused: &str, down| Target {
            id: 2,
            app: "1400000000".to_owned(),
            url: "https://b.example/?token=••••".to_owned(),
            paused: paused.to_owned(),
            answers_before: down,
            down,
            waiting: 7,
            given_up: 1,
            message: "the answer was 502".to_owned(),
        };
        let lines: String = [("", false), ("", true), ("by_person", true), ("leads_back", false)]
            .map(|(paused, down)| line(&target(paused, down)))
            .concat();
        expect_test::expect![[r#"
            2  1400000000  https://b.example/?token=••••  runs, 7 waiting, 1 given up
            2  1400000000  https://b.example/?token=••••  does not answer: the answer was 502, 7 waiting, 1 given up, answers Before commands
            2  1400000000  https://b.example/?token=••••  paused, 7 waiting, 1 given up, answers Before commands
            2  1400000000  https://b.example/?token=••••  stopped: the address leads back here, 7 waiting, 1 given up
        "#]]
        .assert_eq(&lines);
    }
}
