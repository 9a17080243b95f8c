//! `/api/tags` and `/api/calls/tags`: which tags there are, and many calls tagged at once.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    Api,
    entries::{self, Written},
    error::{Error, Sent},
    list,
    object::Object,
};
use crate::store::{
    entry::{COLOUR, Edit, Subject, TAG},
    filter::Filter,
    rows::TagRow,
};

/// All tags.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tags {
    /// In order.
    tags: Vec<TagRow>,
}

/// A call.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CallKey {
    /// The application (SDKAppID).
    pub(super) app: String,
    /// Tencent's `CallId`.
    pub(super) call_id: String,
}

/// What is to be tagged, and how.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Tagging {
    /// Every call that this filter finds.
    #[serde(default)]
    #[schema(value_type = Option<Filter>)]
    filter: Option<Object<Filter>>,
    /// And these calls.
    #[serde(default)]
    #[schema(value_type = Vec<CallKey>)]
    calls: Vec<Object<CallKey>>,
    /// Tags to put on.
    #[serde(default)]
    add: Vec<String>,
    /// Tags to take off.
    #[serde(default)]
    remove: Vec<String>,
}

/// Another name for a tag.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Rename {
    /// What it is called.
    from: String,
    /// What it is to be called.
    to: String,
}

/// All tags that are on something.
#[utoipa::path(get, path = "/api/tags", operation_id = "tags", responses(
    (status = 200, body = Tags, description = "The tags"),
))]
pub(super) async fn tags(In(api): In<Api>) -> Result<Json<Tags>, Error> {
    Ok(Json(Tags { tags: api.read(|reader| reader.tags()).await? }))
}

/// Puts tags on many calls at once, or takes them off.
#[utoipa::path(post, path = "/api/calls/tags", operation_id = "tag_calls", request_body = Tagging, responses(
    (status = 200, body = Written, description = "What was written"),
))]
pub(super) async fn put(In(api): In<Api>, Sent(tagging): Sent<Tagging>) -> Result<Json<Written>, Error> {
    let Tagging { filter, calls, add, remove } = tagging;
    let mut subjects: Vec<Subject> =
        calls.into_iter().map(|Object(CallKey { app, call_id })| Subject::Call { app, call_id }).collect();
    if let Some(Object(filter)) = filter {
        list::check(&filter)?;
        subjects.extend(found(&api, filter).await?);
    }
    let changes = || add.iter().map(|tag| (tag, json!(true))).chain(remove.iter().map(|tag| (tag, Value::Null)));
    let edits = subjects.iter().flat_map(|subject| changes().map(move |(tag, value)| edit(subject, tag, value)));
    entries::written_ids(&api, edits.collect()).await
}

/// Gives a tag another name, wherever it is. Its colour goes along, unless there is a tag of that name: that one keeps its own.
#[utoipa::path(post, path = "/api/tags/rename", operation_id = "rename_tag", request_body = Rename, responses(
    (status = 200, body = Written, description = "What was written"),
))]
pub(super) async fn rename(In(api): In<Api>, Sent(Rename { from, to }): Sent<Rename>) -> Result<Json<Written>, Error> {
    if from == to {
        return Ok(Json(Written { ids: Vec::new() }));
    }
    let (tag, other) = (from.clone(), to.clone());
    let (subjects, colour, is_known) = api
        .read(move |reader| Ok((reader.tagged(&tag)?, reader.colour(&tag)?, !reader.tagged(&other)?.is_empty())))
        .await?;
    // As many as can be tagged at once can have their tag renamed, though that is two edits for each.
    entries::not_too_many(subjects.len())?;
    let mut edits: Vec<Edit> = Vec::with_capacity(subjects.len() * 2 + 1);
    for subject in &subjects {
        edits.push(edit(subject, &to, json!(true)));
        edits.push(edit(subject, &from, Value::Null));
    }
    edits.extend(Some(colour).filter(|colour| !colour.is_empty() && !is_known).map(|colour| Edit {
        subject: Subject::Team,
        field: format!("{COLOUR}{to}"),
        value: json!(colour),
    }));
    entries::all_written_ids(&api, edits).await
}

fn edit(subject: &Subject, tag: &str, value: Value) -> Edit {
    Edit { subject: subject.clone(), field: format!("{TAG}{tag}"), value }
}

/// The calls that a filter finds, if they are not too many.
async fn found(api: &Api, filter: Filter) -> Result<Vec<Subject>, Error> {
    let now_ms = api.now_ms();
    let found = api
        .read(move |reader| {
            let mut found = Vec::new();
            reader.each_call(&filter, now_ms, |call| {
                found.push(Subject::Call { app: call.app, call_id: call.call_id });
                Ok(entries::until_too_many(found.len()))
            })?;
            Ok(found)
        })
        .await?;
    entries::not_too_many(found.len())?;
    Ok(found)
}
