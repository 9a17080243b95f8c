//! `follow-up`: what becomes of missed callers. It works beside a running Calltrail.

use std::path::Path;

use axum::http::Method;
use calltrail::{
    export::times,
    store::{Reader, entry::Subject, rows::CaseDetailRow},
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fault, apps, filters, notes, output, record::Record};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Closes cases by hand
    Done {
        #[command(flatten)]
        cases: Cases,
        /// Why
        #[arg(long)]
        reason: Option<String>,
    },
    /// Says who is to call back
    Assign {
        #[command(flatten)]
        cases: Cases,
        /// A name; empty for nobody
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Puts cases off until a time
    PutOff {
        #[command(flatten)]
        cases: Cases,
        /// 2025-03-06 09:00, or RFC 3339; a date alone is its beginning
        #[arg(long, value_name = "TIME")]
        until: String,
        /// The time zone: an IANA name, an offset such as +08:00, local or utc
        #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
        tz: String,
    },
    /// Opens cases again, or no longer puts them off
    Reopen(Cases),
}

#[derive(Debug, Args)]
pub(crate) struct Cases {
    /// The ids of missed calls, one of each case
    #[arg(required = true, value_name = "CALL_ID")]
    calls: Vec<String>,
    /// Their application, where several have calls of these ids
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: Option<String>,
}

/// A case, by one of its missed calls.
#[derive(Serialize)]
struct Key {
    app: String,
    call_id: String,
}

/// What the API says of it.
#[derive(Deserialize)]
struct Written {
    ids: Vec<String>,
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    let (holder, cases, set) = match command {
        Command::Done { cases, reason } => {
            let mut set = json!({ "state": "done" });
            if let (Some(set), Some(reason)) = (set.as_object_mut(), reason) {
                set.insert("reason".to_owned(), json!(reason));
            }
            ("calltrail follow-up done", cases, Some(set))
        }
        Command::Assign { cases, to } => {
            let assignee = if to.is_empty() { Value::Null } else { json!({ "id": "", "name": to }) };
            ("calltrail follow-up assign", cases, Some(json!({ "assignee": assignee })))
        }
        Command::PutOff { cases, until, tz } => {
            let zone = filters::zone(&tz)?;
            let until_ms = times::read_from(&until, &zone).map_err(|why| Fault::Usage(why.to_string()))?;
            ("calltrail follow-up put-off", cases, Some(json!({ "until_ms": until_ms })))
        }
        Command::Reopen(cases) => ("calltrail follow-up reopen", cases, None),
    };
    let record = Record::open(folder, holder)?;
    let reader = Reader::open(folder)?;
    let keys = cases.calls.iter().map(|call_id| match notes::call(&reader, call_id, cases.app.as_deref())? {
        Subject::Call { app, call_id } => Ok(Key { app, call_id }),
        other => Err(Fault::Failed(format!("{} is no call.", other.text()))),
    });
    let keys = keys.collect::<Result<Vec<Key>, Fault>>()?;
    let has_changed = match set {
        Some(set) => say(&record, &keys, &set)?,
        None => reopen(&record, keys)?,
    };
    record.close()?;
    output::print(if has_changed { "Written.\n" } else { "That was known already.\n" })
}

/// Says something of cases; answers whether it was not known.
fn say(record: &Record, cases: &[Key], set: &Value) -> Result<bool, Fault> {
    if cases.is_empty() {
        return Ok(false);
    }
    let said = json!({ "cases": cases, "set": set });
    let Written { ids } = record.ask(Method::POST, "/api/cases", Some(&said))?;
    Ok(!ids.is_empty())
}

/// Opens those that are closed, and puts the others off no longer. Nobody says of these that they are open: that would outweigh a
/// talk that is learnt of later.
fn reopen(record: &Record, cases: Vec<Key>) -> Result<bool, Fault> {
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for key in cases {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("app", &key.app).append_pair("call_id", &key.call_id);
        let address = format!("/api/case?{}", query.finish());
        let CaseDetailRow { case, .. } = record.ask(Method::GET, &address, None)?;
        if case.closed_ms.is_some() { &mut closed } else { &mut open }.push(key);
    }
    let is_opened = say(record, &closed, &json!({ "state": "open", "until_ms": null }))?;
    let is_back = say(record, &open, &json!({ "until_ms": null }))?;
    Ok(is_opened || is_back)
}
