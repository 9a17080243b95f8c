//! `GET /api/calls`, `/api/members` and `/api/call`: who called whom.

use axum::{Json, extract::State as In};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Api,
    error::{Error, Params},
    list,
    problem::Problem,
};
use crate::store::{
    filter::{Filter, PageRequest},
    rows::{CallDetailRow, CallRow, Days, Facets, MemberRow, Page},
};

/// Which call.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The application (SDKAppID).
    app: String,
    /// Tencent's `CallId`.
    call_id: String,
}

/// The calls that a filter finds, newest first.
#[utoipa::path(get, path = "/api/calls", operation_id = "calls", params(Filter, PageRequest), responses(
    (status = 200, body = Page<CallRow>, description = "A page of calls"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn calls(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<CallRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    api.read(move |reader| reader.calls(&filter, &page, now)).await.map(Json)
}

/// How many calls of a filter each local day has, newest day first.
#[utoipa::path(get, path = "/api/calls/days", operation_id = "days_of_calls", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_calls(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.days_of_calls(&filter, &zone, now)).await.map(Json)
}

/// How many calls each choice of result, media, type and application would give; each leaves its own restriction out.
#[utoipa::path(get, path = "/api/calls/facets", operation_id = "facets", params(Filter), responses(
    (status = 200, body = Facets, description = "The choices that give calls"),
))]
pub(super) async fn facets(In(api): In<Api>, Params(filter): Params<Filter>) -> Result<Json<Facets>, Error> {
    list::check(&filter)?;
    let now = api.now_ms();
    api.read(move |reader| reader.facets(&filter, now)).await.map(Json)
}

/// The members of the calls that a filter finds, newest call first.
#[utoipa::path(get, path = "/api/members", operation_id = "members", params(Filter, PageRequest), responses(
    (status = 200, body = Page<MemberRow>, description = "A page of members"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn members(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<MemberRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    api.read(move |reader| reader.members(&filter, &page, now)).await.map(Json)
}

/// One call with its members, its timeline and its deliveries.
#[utoipa::path(get, path = "/api/call", operation_id = "call", params(Which), responses(
    (status = 200, body = CallDetailRow, description = "The call"),
    (status = 404, body = Error, description = "The record holds no such call"),
))]
pub(super) async fn call(In(api): In<Api>, Params(which): Params<Which>) -> Result<Json<CallDetailRow>, Error> {
    let now = api.now_ms();
    api.read(move |reader| reader.call(&which.app, &which.call_id, now))
        .await?
        .map(Json)
        .ok_or_else(|| Problem::NoSuchCall.into())
}
