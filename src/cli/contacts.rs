//! `contacts`: what is known of the people behind account ids. Both commands work beside a running Calltrail.

use std::{
    fs,
    path::{Path, PathBuf},
};

use calltrail::{
    contacts::{self, Contact, Mapping, Outcome, Plan},
    store::{
        Reader,
        entry::{Edit, Subject},
    },
};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Fault, edits, output, record::Record};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Takes contacts from a CSV or xlsx file; cells that are empty change nothing
    Import(Import),
    /// Says something of one account id
    Set(Set),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file: CSV (comma, semicolon or tab; UTF-8, UTF-16 or GB18030) or xlsx
    file: PathBuf,
    /// Which column is which: name=COLUMN,team=COLUMN; a COLUMN is a heading or a number from 1. What is not named is guessed
    #[arg(long, value_name = "FIELD=COLUMN,...")]
    map: Option<String>,
    /// Only says what would be done
    #[arg(long)]
    dry_run: bool,
    /// Takes nothing where a row cannot be taken
    #[arg(long)]
    all_or_none: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The account id
    user: String,
    /// What the person is called; empty takes it away, here and below
    #[arg(long)]
    name: Option<String>,
    /// The team
    #[arg(long)]
    team: Option<String>,
    /// Whether it is one of us
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"], hide_possible_values = true)]
    ours: Option<String>,
    /// The telephone number
    #[arg(long)]
    phone: Option<String>,
    /// The e-mail address
    #[arg(long)]
    email: Option<String>,
    /// Whatever else is good to know
    #[arg(long)]
    comment: Option<String>,
    /// Another account id of the same person
    #[arg(long, value_name = "USER")]
    same_as: Option<String>,
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    match command {
        Command::Import(options) => import(folder, &options),
        Command::Set(options) => set(folder, options),
    }
}

fn set(folder: &Path, options: Set) -> Result<(), Fault> {
    let Set { user, name, team, ours, phone, email, comment, same_as } = options;
    let subject = Subject::User(user.clone());
    let texts = [
        ("name", name),
        ("team", team),
        ("phone", phone),
        ("email", email),
        ("comment", comment),
        ("same_as", same_as),
    ];
    let said = |text: String| if text.is_empty() { serde_json::Value::Null } else { json!(text) };
    let texts = texts.into_iter().filter_map(|(field, text)| text.map(|text| (field, said(text))));
    let ours = ours.map(|ours| ("ours", if ours == "yes" { json!(true) } else { serde_json::Value::Null }));
    let edits: Vec<Edit> = texts
        .chain(ours)
        .map(|(field, value)| Edit { subject: subject.clone(), field: field.to_owned(), value })
        .collect();
    if edits.is_empty() {
        return Err(Fault::Usage(
            "Say something of it: --name, --team, --ours, --phone, --email, --comment or --same-as.".to_owned(),
        ));
    }
    let record = Record::open(folder, "calltrail contacts set")?;
    let changed = edits::write(&record, &edits)?;
    record.close()?;
    output::print(&match changed {
        0 => format!("{user}: that was known already.\n"),
        n => format!("{user}: {} changed.\n", output::counted(n, "field", "fields")),
    })
}

fn import(folder: &Path, options: &Import) -> Result<(), Fault> {
    let name = options.file.display();
    let bytes = fs::read(&options.file).map_err(|why| Fault::Failed(format!("{name} could not be read: {why}.")))?;
    let unreadable = |why: &dyn std::fmt::Display| Fault::Failed(format!("{name}: {why}"));
    let table = contacts::read(&bytes).map_err(|why| unreadable(&why))?;
    let mapping = match &options.map {
        Some(map) => Mapping::read(map, &table.header),
        None => Mapping::guess(&table.header).checked(&table.header),
    };
    let mapping = mapping.map_err(|why| Fault::Usage(why.to_string()))?;
    let record = Record::open(folder, "calltrail contacts import")?;
    let reader = Reader::open(folder)?;
    // What cannot be read of the record is one more value that is written.
    let plan = contacts::plan(&table, &mapping, &|user| reader.contact(user).ok().flatten().map(Contact::from));
    drop(reader);
    refused(&name.to_string(), &plan);
    let is_left = options.dry_run || (options.all_or_none && plan.counts.refused > 0);
    if !is_left {
        let edits: Vec<Edit> = plan.edits.iter().cloned().map(Edit::from).collect();
        edits::write(&record, &edits)?;
    }
    record.close()?;
    output::print(&summary(&plan, options, is_left))?;
    if plan.counts.refused > 0 { Err(Fault::Told) } else { Ok(()) }
}

/// Names each row that is not taken, with its line.
fn refused(file: &str, plan: &Plan) {
    for row in &plan.rows {
        if let Outcome::Refused { why } = &row.outcome {
            output::complain(&format!("{file}, line {}: {why}", row.line));
        }
    }
}

fn summary(plan: &Plan, options: &Import, is_left: bool) -> String {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let counts = &plan.counts;
    let mut parts = vec![
        format!("{} new", count(counts.new)),
        format!("{} changed", count(counts.changed)),
        format!("{} as before", count(counts.unchanged)),
    ];
    if counts.refused > 0 {
        parts.push(format!("{} left out", output::counted(count(counts.refused), "row", "rows")));
    }
    let so = match (options.dry_run, is_left) {
        (true, _) => " Nothing was written: this was a trial.",
        (false, true) => " Nothing was written, because not all rows can be taken.",
        (false, false) => "",
    };
    format!("{}: {}.{so}\n", options.file.display(), parts.join(", "))
}
