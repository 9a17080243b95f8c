//! `GET /api/deliveries`, `/api/delivery` and `/api/refusals`, `POST /api/quarantine/release`: the inspector.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    error::{Error, Params, Sent},
    form::{DeliveryDigest, Form as _},
    list,
    problem::Problem,
};
use crate::{
    listener::Refusals,
    store::{
        delivery::Digest,
        filter::{Filter, PageRequest},
        rows::{Days, DeliveryDetailRow, DeliveryRow, Page},
    },
};

/// Which delivery.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = WhichDelivery)]
pub(super) struct Which {
    /// Its digest, 64 hexadecimal digits.
    #[param(inline, value_type = DeliveryDigest)]
    #[schema(value_type = DeliveryDigest)]
    digest: String,
}

impl Which {
    /// The digest, where it is one.
    pub(super) fn digest(&self) -> Result<Digest, Error> {
        let digest = Some(&self.digest).filter(|text| DeliveryDigest::fits(text));
        digest.and_then(|text| Digest::from_hex(text)).ok_or_else(|| Problem::DigestUnusable.into())
    }
}

/// The deliveries that a filter finds, newest first, those in quarantine included.
#[utoipa::path(get, path = "/api/deliveries", operation_id = "deliveries", params(Filter, PageRequest), responses(
    (status = 200, body = Page<DeliveryRow>, description = "A page of deliveries"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn deliveries(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<DeliveryRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    api.read(move |reader| reader.deliveries(&filter, &page, now)).await.map(Json)
}

/// How many deliveries of a filter each local day has, newest day first.
#[utoipa::path(get, path = "/api/deliveries/days", operation_id = "days_of_deliveries", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_deliveries(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.days_of_deliveries(&filter, &zone, now)).await.map(Json)
}

/// One delivery with everything that was kept of it.
#[utoipa::path(get, path = "/api/delivery", operation_id = "delivery", params(Which), responses(
    (status = 200, body = DeliveryDetailRow, description = "The delivery"),
    (status = 404, body = Error, description = "The archive holds no such delivery"),
))]
pub(super) async fn delivery(In(api): In<Api>, Params(which): Params<Which>) -> Result<Json<DeliveryDetailRow>, Error> {
    let digest = which.digest()?;
    api.read(move |reader| reader.delivery(&digest)).await?.map(Json).ok_or_else(|| Problem::NoSuchDelivery.into())
}

/// Requests that the listener refused before they could become deliveries (rules.md 1.2), since the last start.
#[utoipa::path(get, path = "/api/refusals", operation_id = "refusals", responses(
    (status = 200, body = Refusals, description = "Counts, and the last hundred"),
))]
pub(super) async fn refusals(In(api): In<Api>) -> Result<Json<Refusals>, Error> {
    Ok(Json(api.state.listener.refusals()))
}

/// What became of a delivery that was to leave quarantine.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Released {
    /// False when it was not in quarantine (any more).
    released: bool,
}

/// Moves one delivery out of quarantine into the archive and the record.
#[utoipa::path(post, path = "/api/quarantine/release", operation_id = "release", request_body = Which, responses(
    (status = 200, body = Released, description = "What became of it"),
))]
pub(super) async fn release(In(api): In<Api>, Sent(which): Sent<Which>) -> Result<Json<Released>, Error> {
    let digest = which.digest()?;
    let released = api.write(move |store| store.release(&digest)).await?;
    Ok(Json(Released { released }))
}
