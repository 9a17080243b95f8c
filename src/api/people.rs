//! `/api/people` and `/api/person`: who was in calls and rooms, and what is known of them.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    error::{Error, Params},
    list,
    problem::Problem,
};
use crate::store::{
    filter::{Filter, PageRequest},
    rows::{Days, Page, PersonDetailRow, PersonRow, TeamRow},
};

/// Who.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Who {
    /// Any account id of the person.
    user: String,
}

/// The teams.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Teams {
    /// In order.
    teams: Vec<TeamRow>,
}

/// The people that a filter finds, last seen first; those who were never seen come last.
#[utoipa::path(get, path = "/api/people", operation_id = "people", params(Filter, PageRequest), responses(
    (status = 200, body = Page<PersonRow>, description = "A page of people"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn people(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<PersonRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    api.read(move |reader| reader.people(&filter, &page, now)).await.map(Json)
}

/// How many people of a filter were last seen on each local day, newest day first.
#[utoipa::path(get, path = "/api/people/days", operation_id = "days_of_people", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_people(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.days_of_people(&filter, &zone, now)).await.map(Json)
}

/// For whoever picks a person: a part of an id, a name or a team.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sought {
    /// What is sought.
    #[param(max_length = 1024)]
    q: String,
    /// People at most: 1 to 100, 20 if not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Those who were found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    /// Those with a name first, last seen first.
    people: Vec<PersonRow>,
}

/// The people whom a part of an id, a name, a team or anything else that is said of them finds.
#[utoipa::path(get, path = "/api/people/find", operation_id = "find_people", params(Sought), responses(
    (status = 200, body = Found, description = "Who was found"),
))]
pub(super) async fn find(In(api): In<Api>, Params(Sought { q, limit }): Params<Sought>) -> Result<Json<Found>, Error> {
    let limit = list::limit(limit, 20, 100)?;
    let filter = Filter { q: Some(q), ..Filter::default() };
    list::check(&filter)?;
    let (page, now) = (PageRequest { limit: Some(limit), ..PageRequest::default() }, api.now_ms());
    let mut people = api.read(move |reader| reader.people(&filter, &page, now)).await?.rows;
    people.sort_by_key(|person| person.name.is_empty());
    Ok(Json(Found { people }))
}

/// The teams, and how many people are in each.
#[utoipa::path(get, path = "/api/people/teams", operation_id = "teams", responses(
    (status = 200, body = Teams, description = "The teams"),
))]
pub(super) async fn teams(In(api): In<Api>) -> Result<Json<Teams>, Error> {
    Ok(Json(Teams { teams: api.read(|reader| reader.teams()).await? }))
}

/// One person with contacts, notes and tags.
#[utoipa::path(get, path = "/api/person", operation_id = "person", params(Who), responses(
    (status = 200, body = PersonDetailRow, description = "The person"),
    (status = 404, body = Error, description = "The record knows nobody of this id"),
))]
pub(super) async fn person(
    In(api): In<Api>,
    Params(Who { user }): Params<Who>,
) -> Result<Json<PersonDetailRow>, Error> {
    api.read(move |reader| reader.person(&user)).await?.map(Json).ok_or_else(|| Problem::NoSuchPerson.into())
}
