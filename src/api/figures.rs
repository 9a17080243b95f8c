//! `GET /api/figures` and `/api/people/{user}/figures`: calls in figures (rules.md section 11).

use axum::{Json, extract::State as In};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Api,
    error::{Error, Params, Place},
    list,
    problem::Problem,
};
use crate::store::{
    filter::Filter,
    rows::{Comparison, Figures},
};

/// What they are compared with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Compare {
    /// Also the figures of an earlier period; nothing for none. What has no `from` is compared with nothing.
    compare: Option<Comparison>,
}

/// The calls of a filter in figures, by the days and hours of a zone.
#[utoipa::path(get, path = "/api/figures", operation_id = "figures", params(Filter, list::Zone, Compare), responses(
    (status = 200, body = Figures, description = "The figures"),
))]
pub(super) async fn figures(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
    Params(Compare { compare }): Params<Compare>,
) -> Result<Json<Figures>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.figures(&filter, &zone, compare, now)).await.map(Json)
}

/// The calls of a filter that a person was in, with any of the account ids, in figures. No other person is among its people.
#[utoipa::path(get, path = "/api/people/{user}/figures", operation_id = "person_figures", params(
    ("user" = String, Path, description = "Any account id of the person"), Filter, list::Zone, Compare
), responses(
    (status = 200, body = Figures, description = "The figures"),
    (status = 404, body = Error, description = "The record knows nobody of this id"),
))]
pub(super) async fn of_person(
    In(api): In<Api>,
    Place(user): Place<String>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
    Params(Compare { compare }): Params<Compare>,
) -> Result<Json<Figures>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.person_figures(&user, &filter, &zone, compare, now))
        .await?
        .map(Json)
        .ok_or_else(|| Problem::NoSuchPerson.into())
}
