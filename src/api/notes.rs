//! `POST /api/notes`: a new note. Its text is changed, and it is deleted, by entries of its own.

use axum::{Json, extract::State as In};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Api, entries,
    error::{Error, Sent},
    problem::Problem,
};
use crate::store::{
    entry::{Edit, ON, Subject},
    rows::NoteRow,
};

/// A new note.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewNote {
    /// On a call, a room or a user.
    on: Subject,
    /// What it says.
    text: String,
}

/// Writes a note on a call, a room or a user.
#[utoipa::path(post, path = "/api/notes", operation_id = "write_note", request_body = NewNote, responses(
    (status = 200, body = NoteRow, description = "The note"),
))]
pub(super) async fn write(In(api): In<Api>, Sent(NewNote { on, text }): Sent<NewNote>) -> Result<Json<NoteRow>, Error> {
    let id = Uuid::new_v4().to_string();
    let subject = Subject::Note(id.clone());
    let edit = |field: &str, value| Edit { subject: subject.clone(), field: field.to_owned(), value };
    let edits = vec![edit(ON, json!(on)), edit("text", json!(text))];
    let written = entries::written(&api, edits).await?;
    let Some(first) = written.last() else { return Err(Problem::NoSuchNote.into()) };
    Ok(Json(NoteRow {
        id,
        on,
        text,
        person: first.person.clone(),
        device: first.device.clone(),
        at_ms: first.at_ms,
        edited_ms: None,
        edited_by: String::new(),
    }))
}
