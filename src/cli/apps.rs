//! `app add`, `app list`, `app remove`: whose callbacks are ours, and their secrets.

mod secrets;

pub(crate) use secrets::read as read_secret;

use std::path::Path;

use axum::http::Method;
use calltrail::{
    config::{self, App, AppChange, Config, KeyStore, Kind, Vault},
    pasted,
    tencent::Hosts,
};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Fault, output, record::Record};

/// The end of `app add --help`.
const ADD: &str = "\
What is not given stays as it is; an empty text, such as --region \"\", takes away what was set. What waited in quarantine
because the application was unknown comes into the record. While Calltrail runs, it adds the app; secrets are then added in
its window or page.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Adds an application, or changes what is given of one that is there
    #[command(after_help = ADD)]
    Add {
        /// The SDKAppID (digits)
        #[arg(value_parser = id)]
        id: String,
        /// What you call it
        #[arg(long, value_name = "NAME")]
        label: Option<String>,
        /// The Tencent region that it lives in: china, singapore, seoul, frankfurt, silicon-valley, jakarta, tokyo, mumbai,
        /// saudi-arabia, or a host [default: china or singapore, by the id]
        #[arg(long)]
        region: Option<String>,
        /// The administrator account that Tencent is asked as [default: administrator]
        #[arg(long, value_name = "ACCOUNT")]
        admin: Option<String>,
        #[command(flatten)]
        secrets: secrets::Files,
    },
    /// Lists the applications, and which of their secrets are set
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Takes no more callbacks of an application and forgets its secrets; its calls stay
    Remove {
        /// The SDKAppID (digits)
        #[arg(value_parser = any_id)]
        id: String,
    },
}

/// Reads an SDKAppID.
pub(crate) fn id(text: &str) -> Result<String, String> {
    let why = "an SDKAppID is made of digits and never begins with 0, such as 1400000000";
    App::read_id(text).ok_or_else(|| why.to_owned())
}

/// Reads an SDKAppID that may be in the settings: also what is none, or it could not be taken out.
fn any_id(text: &str) -> Result<String, String> {
    id(text).or_else(|why| Some(pasted::tidy(text).into_owned()).filter(|id| App::is_id(id)).ok_or(why))
}

/// The ids of the applications in the settings of a folder, for what is said of how complete its record is.
pub(crate) fn ours(folder: &Path) -> Result<Vec<String>, Fault> {
    let apps = Config::load(folder)?.map(|config| config.apps).unwrap_or_default();
    Ok(apps.into_iter().map(|app| app.id).collect())
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    match command {
        Command::Add { id, label, region, admin, secrets } => {
            let [region, administrator] = [region, admin].map(|text| text.map(|text| pasted::tidy(&text).into_owned()));
            add(folder, AppChange { id, label, region, administrator }, &secrets)
        }
        Command::List { json } => list(folder, json),
        Command::Remove { id } => remove(folder, &id),
    }
}

fn add(folder: &Path, app: AppChange, secrets: &secrets::Files) -> Result<(), Fault> {
    if let Some(region) = &app.region {
        Hosts::of(&app.id, region).map_err(|why| Fault::Usage(why.to_string()))?;
    }
    let secrets = secrets.read()?;
    // The API takes the secrets of an application that is ours. They are to be kept before it is, so that nothing of it comes in
    // unchecked, and that is done where nobody else holds the record.
    let open = if secrets.is_empty() { Record::open } else { Record::open_alone };
    let record = open(folder, "calltrail app add")?;
    let AppChange { id, label, region, administrator } = app;
    let kept = secrets::keep(&vault(folder), &id, &secrets)?;
    let ours: Vec<Known> = record.ask(Method::GET, APPS, None)?;
    let app = json!({ "id": id, "label": label, "region": region, "administrator": administrator });
    let Added { released } = record.ask(Method::POST, APPS, Some(&app))?;
    record.close()?;
    let was_ours = ours.iter().any(|known| known.id == id);
    let added = if was_ours { "was one of our apps already" } else { "is one of our apps now" };
    let moved = match released {
        0 => String::new(),
        n => format!(" {} came out of quarantine into the record.", output::counted(n, "delivery", "deliveries")),
    };
    output::print(&format!("{id} {added}.{kept}{moved}\n"))
}

/// The applications in the API.
const APPS: &str = "/api/apps";

/// What the API says of each.
#[derive(Deserialize)]
struct Known {
    id: String,
}

/// What the API says of adding one.
#[derive(Deserialize)]
struct Added {
    released: u64,
}

/// What the API says of removing one.
#[derive(Deserialize)]
struct Removed {
    removed: bool,
}

fn vault(folder: &Path) -> Vault {
    Vault::open(folder, KeyStore::Auto)
}

fn remove(folder: &Path, id: &str) -> Result<(), Fault> {
    let record = Record::open(folder, "calltrail app remove")?;
    let Removed { removed } = record.ask(Method::DELETE, &format!("{APPS}/{id}"), None)?;
    record.close()?;
    if !removed {
        return Err(Fault::Failed(format!("{id} is not one of our apps; nothing was changed.")));
    }
    output::print(&format!("{id} is removed: its callbacks are no longer taken. The calls recorded so far stay.\n"))
}

/// An application as `--json` prints it. Of a secret it says `set` or `none`.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    label: &'a str,
    region: &'a str,
    administrator: &'a str,
    secret_key: &'static str,
    live_token: &'static str,
    rtc_key: &'static str,
}

fn list(folder: &Path, json: bool) -> Result<(), Fault> {
    let apps = Config::load(folder)?.map(|config| config.apps).unwrap_or_default();
    let vault = vault(folder);
    let is_set = |app: &App, kind| vault.is_set(&app.id, kind);
    if json {
        let listed = apps.iter().map(|app| {
            let told = |kind| is_set(app, kind).map(|set| if set { "set" } else { "none" });
            Ok(Listed {
                id: &app.id,
                label: &app.label,
                region: &app.region,
                administrator: &app.administrator,
                secret_key: told(Kind::SecretKey)?,
                live_token: told(Kind::LiveToken)?,
                rtc_key: told(Kind::RtcKey)?,
            })
        });
        let listed = listed.collect::<Result<Vec<_>, config::vault::Error>>()?;
        return output::print(&format!("{}\n", serde_json::to_string(&listed)?));
    }
    if apps.is_empty() {
        output::complain("there are no apps yet; `calltrail app add ID` adds one.");
    }
    let mut rows = Vec::new();
    for app in &apps {
        let mut set = Vec::new();
        for kind in Kind::ALL {
            if is_set(app, kind)? {
                set.push(kind.name());
            }
        }
        let cells = [&app.id, &app.label, &app.region, &app.administrator].map(String::as_str);
        rows.push((cells, set.join(", ")));
    }
    let widths: [usize; 4] = std::array::from_fn(|column| {
        rows.iter().filter_map(|(cells, _)| cells.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    });
    let mut text = String::new();
    for (cells, set) in &rows {
        let mut line = String::new();
        // A column that nobody filled is not shown at all.
        for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| *width > 0) {
            line.push_str(&format!("{cell:width$}  "));
        }
        line.push_str(set);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    output::print(&text)
}
