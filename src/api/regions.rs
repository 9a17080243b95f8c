//! `GET /api/regions`: where an application's REST API can be.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::tencent::hosts::{REGIONS, RegionCode};

/// A region of Tencent RTC.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Region {
    /// The code to give to an application.
    region: RegionCode,
    /// The host of its API.
    host: &'static str,
}

/// The regions that Tencent's pages name. An application may also be given a host of its own.
#[utoipa::path(get, path = "/api/regions", operation_id = "regions", responses(
    (status = 200, body = Vec<Region>, description = "The regions"),
))]
pub(super) async fn regions() -> Json<Vec<Region>> {
    Json(REGIONS.iter().map(|region| Region { region: region.code, host: region.host }).collect())
}
