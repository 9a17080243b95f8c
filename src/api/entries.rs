//! `/api/entries`: what people add, as it is written.

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State as In},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Api, cases,
    error::{Error, Params, Sent},
    form::{Form as _, SubjectText},
    list, me,
    object::Object,
    problem::Problem,
    tags,
};
use crate::store::{
    self, Store,
    entry::{Edit, Entry, Subject},
};

/// Edits that are written at once, at most.
pub(super) const MOST: usize = 100_000;
/// Largest body of a request that writes entries, in bytes: many of them may be written at once.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// What is written in lists.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(history, write))
        .routes(routes!(undo))
        .routes(routes!(tags::put))
        .routes(routes!(tags::rename))
        .routes(routes!(cases::say))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

/// What is to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Edits {
    /// Where one of them is unfit, none is written. Up to 2,000 are written as one; of more, what was written is taken back where the
    /// disk fails in between, as far as it lets that be written. What holds already is not written again.
    #[schema(value_type = Vec<Edit>)]
    edits: Vec<Object<Edit>>,
}

/// Entries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entries {
    /// Those that were written, or were asked for.
    entries: Vec<Entry>,
}

/// Entries by their ids.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Ids {
    /// In the order in which they were written.
    #[schema(value_type = Vec<String>)]
    ids: Vec<Uuid>,
}

/// Whose history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct About {
    /// The subject as JSON, such as `["user","007"]`.
    #[param(inline, value_type = SubjectText)]
    subject: String,
    /// Entries at most: 1 to 1000, 200 if not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Writes what a person adds; answered after it is on disk.
#[utoipa::path(post, path = "/api/entries", operation_id = "write_entries", request_body = Edits, responses(
    (status = 200, body = Entries, description = "The entries that were written"),
))]
pub(super) async fn write(In(api): In<Api>, Sent(Edits { edits }): Sent<Edits>) -> Result<Json<Entries>, Error> {
    let edits = edits.into_iter().map(|Object(edit)| edit).collect();
    written(&api, edits).await.map(|entries| Json(Entries { entries }))
}

/// What was written, for undoing it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Written {
    /// The entries' ids, in the order in which they were written.
    #[schema(value_type = Vec<String>)]
    pub(super) ids: Vec<Uuid>,
}

/// Writes edits, and answers how they can be undone.
pub(super) async fn written_ids(api: &Api, edits: Vec<Edit>) -> Result<Json<Written>, Error> {
    not_too_many(edits.len())?;
    all_written_ids(api, edits).await
}

/// The same, where it was counted otherwise whether they are too many.
pub(super) async fn all_written_ids(api: &Api, edits: Vec<Edit>) -> Result<Json<Written>, Error> {
    let written = all_written(api, edits).await?;
    Ok(Json(Written { ids: written.into_iter().map(|entry| entry.id).collect() }))
}

/// For a walk over what is to be changed, of which so many are found: it goes on until they are too many.
pub(super) fn until_too_many(found: usize) -> ControlFlow<()> {
    if found > MOST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Writes edits in the name of whoever writes here.
pub(super) async fn written(api: &Api, edits: Vec<Edit>) -> Result<Vec<Entry>, Error> {
    not_too_many(edits.len())?;
    all_written(api, edits).await
}

async fn all_written(api: &Api, edits: Vec<Edit>) -> Result<Vec<Entry>, Error> {
    let (author, now_ms) = (me::author(api).await?, api.now_ms());
    write_down(api, move |store| store.edit(&author, now_ms, &edits)).await
}

/// Writes entries, and tells a person what kept them from being written: they have something in their hands that is not saved.
async fn write_down(
    api: &Api,
    write: impl FnOnce(&Store) -> Result<Vec<Entry>, store::Error> + Send + 'static,
) -> Result<Vec<Entry>, Error> {
    let written = api.write(move |store| Ok(write(store))).await?;
    Ok(written.map_err(Problem::of_writing)?)
}

/// So many can be written at once.
pub(super) fn not_too_many(found: usize) -> Result<(), Error> {
    if found <= MOST {
        return Ok(());
    }
    Err(Problem::TooMany { most: super::count(MOST), found: super::count(found) }.into())
}

/// Writes what held before these entries, as new ones. What somebody has written over since stays as it is, unless that was undone;
/// where no entry is answered, nothing was undone.
#[utoipa::path(post, path = "/api/entries/undo", operation_id = "undo_entries", request_body = Ids, responses(
    (status = 200, body = Entries, description = "The entries that were written"),
))]
pub(super) async fn undo(In(api): In<Api>, Sent(Ids { ids }): Sent<Ids>) -> Result<Json<Entries>, Error> {
    let (author, now_ms) = (me::author(&api).await?, api.now_ms());
    let entries = write_down(&api, move |store| store.undo(&author, now_ms, &ids)).await?;
    Ok(Json(Entries { entries }))
}

/// What people have written about something, the newest first.
#[utoipa::path(get, path = "/api/entries", operation_id = "history", params(About), responses(
    (status = 200, body = Entries, description = "The history"),
))]
pub(super) async fn history(In(api): In<Api>, Params(about): Params<About>) -> Result<Json<Entries>, Error> {
    let subject = Some(about.subject).filter(|text| SubjectText::fits(text)).and_then(|text| Subject::read(&text));
    let Some(subject) = subject else {
        return Err(Problem::FilterUnusable {
            why: "`subject` names nothing that something can be said of.".to_owned(),
        }
        .into());
    };
    let limit = list::limit(about.limit, 200, 1_000)?;
    let entries = api.read(move |reader| reader.history(&subject, limit)).await?;
    Ok(Json(Entries { entries }))
}
