//! `GET /api/export-preview`: what a file will be, before it is made.

use axum::{Json, extract::State as In};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Api, blocking,
    download::Layout,
    error::{Error, Params},
    exports, me,
};
use crate::{
    export::{self, Format, Kind, Preview},
    store::{Reader, filter::Filter},
};

/// Which file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The list.
    #[param(inline)]
    kind: Kind,
    /// Its format.
    #[param(inline)]
    format: Format,
}

/// The first rows of an export, how many there are, and about how many bytes.
#[utoipa::path(get, path = "/api/export-preview", operation_id = "preview_export", params(Which, Filter, Layout), responses(
    (status = 200, body = Preview, description = "What it will be"),
))]
pub(super) async fn preview(
    In(api): In<Api>,
    Params(Which { kind, format }): Params<Which>,
    Params(filter): Params<Filter>,
    Params(layout): Params<Layout>,
) -> Result<Json<Preview>, Error> {
    // What a list cannot be written as is shown as it can.
    let can = |format: &Format| kind.formats().contains(format);
    let format = Some(format).filter(can).or_else(|| kind.formats().first().copied()).unwrap_or(format);
    let filter = me::of_whoever_asks(&api, filter).await?;
    let request = layout.request(kind, format, filter)?;
    let around = exports::around(&api);
    // Through a connection of its own, so that no list waits for it.
    let look = move || export::preview(&Reader::open(&around.folder)?, &request, &around);
    Ok(Json(blocking(look).await??))
}
