//! `app add`, `app list`, `app remove`: whose callbacks are ours.

use std::path::Path;

use calltrail::{
    config::{self, App, Config, apps},
    store::Store,
};
use clap::Subcommand;
use serde::Serialize;

use super::{Fault, output};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Adds an application, or changes its label or region; its deliveries leave quarantine
    Add {
        /// The SDKAppID (digits)
        #[arg(value_parser = id)]
        id: String,
        /// What you call it
        #[arg(long, default_value = "", hide_default_value = true)]
        label: String,
        /// The Tencent region that it lives in
        #[arg(long, default_value = "", hide_default_value = true)]
        region: String,
    },
    /// Lists the applications
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Takes no more callbacks of an application; its calls stay
    Remove {
        /// The SDKAppID (digits)
        #[arg(value_parser = id)]
        id: String,
    },
}

/// Reads an SDKAppID.
pub(crate) fn id(text: &str) -> Result<String, String> {
    if App::is_id(text) {
        Ok(text.to_owned())
    } else {
        Err("an SDKAppID is made of digits, such as 1400000000".to_owned())
    }
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    match command {
        Command::Add { id, label, region } => add(folder, App { id, label, region }),
        Command::List { json } => list(folder, json),
        Command::Remove { id } => remove(folder, &id),
    }
}

fn add(folder: &Path, app: App) -> Result<(), Fault> {
    // The store comes first: it is what refuses to write beside a running process.
    let store = Store::open(folder, "calltrail app add")?;
    let id = app.id.clone();
    let mut is_new = false;
    config::update(folder, |config| is_new = apps::put(&mut config.apps, app))?;
    let released = store.release_app(&id)?;
    store.close()?;
    let added = if is_new { "is one of our apps now" } else { "was one of our apps already" };
    let moved = match released {
        0 => String::new(),
        n => format!(" {} came out of quarantine into the record.", output::counted(n, "delivery", "deliveries")),
    };
    output::print(&format!("{id} {added}.{moved}\n"))
}

fn remove(folder: &Path, id: &str) -> Result<(), Fault> {
    let store = Store::open(folder, "calltrail app remove")?;
    let mut was_ours = false;
    config::update(folder, |config| {
        was_ours = config.apps.iter().any(|app| app.id == id);
        config.apps.retain(|app| app.id != id);
    })?;
    store.close()?;
    if !was_ours {
        return Err(Fault::Failed(format!("{id} is not one of our apps; nothing was changed.")));
    }
    output::print(&format!("{id} is removed: its callbacks are no longer taken. The calls recorded so far stay.\n"))
}

/// An application as `--json` prints it.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    label: &'a str,
    region: &'a str,
}

fn list(folder: &Path, json: bool) -> Result<(), Fault> {
    let apps = Config::load(folder)?.map(|config| config.apps).unwrap_or_default();
    if json {
        let listed: Vec<_> =
            apps.iter().map(|app| Listed { id: &app.id, label: &app.label, region: &app.region }).collect();
        return output::print(&format!("{}\n", serde_json::to_string(&listed)?));
    }
    if apps.is_empty() {
        output::complain("there are no apps yet; `calltrail app add ID` adds one.");
    }
    let width = |cell: fn(&App) -> &str| apps.iter().map(|app| cell(app).chars().count()).max().unwrap_or(0);
    let (ids, labels) = (width(|app| &app.id), width(|app| &app.label));
    let lines: String = apps
        .iter()
        .map(|app| format!("{:ids$}  {:labels$}  {}", app.id, app.label, app.region).trim_end().to_owned() + "\n")
        .collect();
    output::print(&lines)
}
