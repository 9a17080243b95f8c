//! `/api/me`: who writes here.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
    form::{Form as _, Line},
    problem::Problem,
    settings::not_kept,
};
use crate::{
    config,
    store::{
        entry::{Author, Person},
        filter::{Filter, ME},
    },
};

/// Who writes here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Stays the same when the name changes.
    id: String,
    /// What the person is called: until it was said, as on this computer.
    name: String,
    /// Whether the person has said it.
    named: bool,
}

/// What the person wants to be called.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Name {
    /// One line; empty to take it back.
    #[schema(value_type = Line)]
    name: String,
}

impl From<config::Author> for Me {
    fn from(author: config::Author) -> Self {
        Self { name: author.called(), named: author.name.is_some(), id: author.id }
    }
}

/// Who writes here.
#[utoipa::path(get, path = "/api/me", operation_id = "me", responses(
    (status = 200, body = Me, description = "Who writes here"),
))]
pub(super) async fn read(In(api): In<Api>) -> Result<Json<Me>, Error> {
    Ok(Json(kept(&api).await?.into()))
}

/// Says what the person who writes here wants to be called. What was written before keeps the name it was written under.
#[utoipa::path(put, path = "/api/me", operation_id = "change_me", request_body = Name, responses(
    (status = 200, body = Me, description = "Who writes here now"),
))]
pub(super) async fn change(In(api): In<Api>, Sent(Name { name }): Sent<Name>) -> Result<Json<Me>, Error> {
    if !Line::fits(&name) {
        return Err(Problem::AppTextUnusable.into());
    }
    let folder = api.state.data_dir.clone();
    let author = super::blocking(move || config::Author::rename(&folder, &name)).await?.map_err(not_kept)?;
    Ok(Json(author.into()))
}

/// Who writes, for the log of entries.
pub(super) async fn author(api: &Api) -> Result<Author, Error> {
    let kept = kept(api).await?;
    Ok(Author { person: Person { name: kept.called(), id: kept.id }, device: kept.device })
}

/// A filter may mean whoever asks, who is not looked up for any other.
pub(super) async fn of_whoever_asks(api: &Api, filter: Filter) -> Result<Filter, Error> {
    if filter.assignee.as_deref() == Some(ME) { with_whoever_asks(api, filter).await } else { Ok(filter) }
}

/// The same filter, of whoever asks.
pub(super) async fn with_whoever_asks(api: &Api, filter: Filter) -> Result<Filter, Error> {
    Ok(Filter { me: Some(author(api).await?.person), ..filter })
}

async fn kept(api: &Api) -> Result<config::Author, Error> {
    let folder = api.state.data_dir.clone();
    super::blocking(move || config::Author::of(&folder)).await?.map_err(not_kept)
}
