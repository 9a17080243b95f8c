//! `/api/demo`: looking around in invented data, in a record of its own that leaves no trace.

use axum::{Json, extract::State as In};
use futures_util::future::BoxFuture;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Api,
    error::Error,
    language::{self, Reads},
    problem::Problem,
};
use crate::language::Language;

/// Puts an invented record in the place of the real one, and takes it away again. The service has one.
pub trait Demo: Send + Sync {
    /// How far it is.
    fn state(&self) -> DemoState;
    /// Begins it, with names of this language; resolves when it is shown and being filled, or with a sentence that says why not. A demo that runs goes on.
    fn begin(&self, language: Language) -> BoxFuture<'static, Result<(), String>>;
    /// Ends it and deletes all of it; resolves when the real record is shown again. Without a demo it does nothing.
    fn end(&self) -> BoxFuture<'static, Result<(), String>>;
}

/// How far the invented record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Demo)]
pub struct DemoState {
    /// Whether it is shown in the place of the real one.
    pub running: bool,
    /// How many invented callbacks have arrived.
    pub filled: u64,
    /// How many there will be; 0 while that is not known.
    pub total: u64,
    /// When it began, Unix milliseconds.
    pub started_ms: Option<i64>,
}

/// How far the invented record is.
#[utoipa::path(get, path = "/api/demo", operation_id = "demo", responses(
    (status = 200, body = DemoState, description = "How far it is"),
))]
pub(super) async fn state(In(api): In<Api>) -> Json<DemoState> {
    Json(api.state.demo.state())
}

/// Shows an invented record in the place of the real one, which goes on taking callbacks; its people and rooms have names in the
/// language of `Accept-Language`. Answers while it is being filled.
#[utoipa::path(post, path = "/api/demo", operation_id = "begin_demo", params(language::Header), responses(
    (status = 200, body = DemoState, description = "How far it is"),
))]
pub(super) async fn begin(In(api): In<Api>, Reads(language): Reads) -> Result<Json<DemoState>, Error> {
    let demo = &api.state.demo;
    demo.begin(language).await.map_err(|why| Problem::DemoFailed { why })?;
    Ok(Json(demo.state()))
}

/// Deletes the invented record and shows the real one again.
#[utoipa::path(delete, path = "/api/demo", operation_id = "end_demo", responses(
    (status = 200, body = DemoState, description = "No demo any more"),
))]
pub(super) async fn end(In(api): In<Api>) -> Result<Json<DemoState>, Error> {
    let demo = &api.state.demo;
    demo.end().await.map_err(|why| Problem::DemoFailed { why })?;
    Ok(Json(demo.state()))
}
