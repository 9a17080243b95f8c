//! `note` and `tag`: what people put on calls and people. They work beside a running Calltrail.

use std::path::Path;

use axum::http::Method;
use calltrail::store::{
    Reader,
    entry::{Edit, LONGEST_TAG, Subject, TAG},
    filter::{Filter, PageRequest},
    rows::NoteRow,
};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Fault, apps, edits, output, record::Record};

/// What a note is on.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct On {
    /// The id of a call
    #[arg(long, value_name = "CALL_ID")]
    call: Option<String>,
    /// An account id
    #[arg(long, value_name = "USER")]
    user: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoteCommand {
    /// Writes a note
    Add {
        #[command(flatten)]
        on: On,
        /// The application of the call, where several have one of this id
        #[arg(long, value_name = "ID", value_parser = apps::id)]
        app: Option<String>,
        /// What it says
        text: String,
    },
    /// Shows the notes, the oldest first
    List {
        #[command(flatten)]
        on: On,
        /// The application of the call, where several have one of this id
        #[arg(long, value_name = "ID", value_parser = apps::id)]
        app: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// Puts a tag on calls
    Add(Tagging),
    /// Takes a tag off calls
    Remove(Tagging),
}

#[derive(Debug, Args)]
pub(crate) struct Tagging {
    /// The tag; spaces around it are not part of it
    #[arg(value_parser = tag_name)]
    tag: String,
    /// The ids of the calls
    #[arg(required = true, value_name = "CALL_ID")]
    calls: Vec<String>,
    /// Their application, where several have calls of these ids
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: Option<String>,
}

/// A tag as a person types it.
fn tag_name(text: &str) -> Result<String, String> {
    let tag = text.trim();
    let fits = !tag.is_empty() && tag.chars().count() <= LONGEST_TAG;
    if fits { Ok(tag.to_owned()) } else { Err(format!("a tag has 1 to {LONGEST_TAG} characters")) }
}

pub(crate) fn note(folder: &Path, command: NoteCommand) -> Result<(), Fault> {
    match command {
        NoteCommand::Add { on, app, text } => {
            let record = Record::open(folder, "calltrail note add")?;
            let on = subject(&Reader::open(folder)?, on, app.as_deref())?;
            let note: NoteRow = record.ask(Method::POST, "/api/notes", Some(&json!({ "on": on, "text": text })))?;
            record.close()?;
            output::print(&format!("{}\n", note.id))
        }
        NoteCommand::List { on, app } => {
            let reader = Reader::open(folder)?;
            let on = subject(&reader, on, app.as_deref())?;
            let line = |note: NoteRow| format!("{}\n", serde_json::to_string(&note).unwrap_or_default());
            output::print(&reader.notes(&on)?.into_iter().map(line).collect::<String>())
        }
    }
}

pub(crate) fn tag(folder: &Path, command: TagCommand) -> Result<(), Fault> {
    let (holder, Tagging { tag, calls, app }, value) = match command {
        TagCommand::Add(tagging) => ("calltrail tag add", tagging, json!(true)),
        TagCommand::Remove(tagging) => ("calltrail tag remove", tagging, Value::Null),
    };
    let record = Record::open(folder, holder)?;
    let reader = Reader::open(folder)?;
    let edit = |call_id: &String| {
        let subject = call(&reader, call_id, app.as_deref())?;
        Ok(Edit { subject, field: format!("{TAG}{tag}"), value: value.clone() })
    };
    let edits = calls.iter().map(edit).collect::<Result<Vec<_>, Fault>>()?;
    let changed = edits::write(&record, &edits)?;
    record.close()?;
    output::print(&format!("{} changed.\n", output::counted(changed, "call", "calls")))
}

fn subject(reader: &Reader, on: On, app: Option<&str>) -> Result<Subject, Fault> {
    match (on.call, on.user) {
        (Some(call_id), _) => call(reader, &call_id, app),
        (None, Some(user)) => Ok(Subject::User(user)),
        (None, None) => Err(Fault::Usage("Say what it is on: --call or --user.".to_owned())),
    }
}

/// The call of an id, in whichever application it is.
pub(super) fn call(reader: &Reader, call_id: &str, app: Option<&str>) -> Result<Subject, Fault> {
    let filter = Filter { q: Some(call_id.to_owned()), app: app.map(str::to_owned), ..Filter::default() };
    let found = reader.calls(&filter, &PageRequest { limit: Some(1_000), ..PageRequest::default() }, 0)?;
    let apps: Vec<String> =
        found.rows.into_iter().filter(|call| call.call_id == call_id).map(|call| call.app).collect();
    match apps.as_slice() {
        [app] => Ok(Subject::Call { app: app.clone(), call_id: call_id.to_owned() }),
        [] => Err(Fault::Failed(format!("The record has no call {call_id}."))),
        several => Err(Fault::Failed(format!(
            "Several applications have a call {call_id}: {}. Say which one with --app.",
            several.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_is_between_the_spaces() {
        assert_eq!(tag_name("  call back \t"), Ok("call back".to_owned()));
        let longest = "长".repeat(LONGEST_TAG);
        assert_eq!(tag_name(&longest), Ok(longest.clone()));
        for refused in ["", "  ", &format!("{longest}长")] {
            assert_eq!(tag_name(refused), Err(format!("a tag has 1 to {LONGEST_TAG} characters")), "{refused:?}");
        }
    }
}
