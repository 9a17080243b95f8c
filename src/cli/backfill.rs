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

/// What the API says of it.
#[derive(Deserialize)]
struct Backfill {
    running: Option<Progress>,
    last: Option<Last>,
}

#[derive(Deserialize)]
struct Last {
    progress: Progress,
    message: String,
}

pub(crate) fn run(folder: &Path, options: &Options) -> Result<(), Fault> {
    let Options { app, since, tz } = options;
    let zone = filters::zone(tz)?;
    let since = since.as_deref().map(|since| times::read_from(since, &zone));
    let from_ms = since.transpose().map_err(|why| Fault::Usage(why.to_string()))?;
    let record = Record::open(folder, "calltrail backfill")?;
    let begin = json!({ "app": app, "from_ms": from_ms });
    let mut state: Backfill = record.ask(Method::POST, "/api/backfill", Some(&begin))?;
    // Where another run was under way, it is waited for: it reads everything.
    let wait = format!("/api/backfill?wait=true&app={app}");
    while state.running.is_some() {
        state = record.ask(Method::GET, &wait, None)?;
    }
    record.close()?;
    let Some(Last { progress: Progress { read, new, .. }, message }) = state.last else {
        return Err(Fault::Failed("Calltrail was stopped meanwhile; what was read until then is kept.".to_owned()));
    };
    output::print(&format!("{read} {} read, {new} of them new.\n", if read == 1 { "record" } else { "records" }))?;
    if message.is_empty() { Ok(()) } else { Err(Fault::Failed(message)) }
}
