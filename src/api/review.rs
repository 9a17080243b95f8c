//! `/api/review`: reading the archive again, and what that would change.

use axum::{Json, extract::State as In};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Api, error::Error, problem::Problem};
use crate::store::condition::Review;

/// The newer reading that waits for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waiting {
    /// What it would change; null when none waits.
    review: Option<Review>,
}

/// Whether something was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {
    /// False when no reading waits (any more).
    done: bool,
}

/// What a newer reading of the archive would change.
#[utoipa::path(get, path = "/api/review", operation_id = "review", responses(
    (status = 200, body = Waiting, description = "The newer reading, if one waits"),
))]
pub(super) async fn waiting(In(api): In<Api>) -> Json<Waiting> {
    Json(Waiting { review: api.state.store.condition().review })
}

/// Begins to read the archive again. `condition` tells how far it is; what it would change waits for a person. When nothing
/// would change, the new reading is used without asking.
#[utoipa::path(post, path = "/api/review", operation_id = "begin_review", responses(
    (status = 200, body = Done, description = "It has begun"),
))]
pub(super) async fn begin(In(api): In<Api>) -> Result<Json<Done>, Error> {
    if api.state.store.condition().rebuilding.is_some() {
        return Err(Problem::ReviewBusy.into());
    }
    // What is shown is not whole yet, so there is nothing to compare with.
    api.write(|store| store.require_complete()).await?;
    api.write(|store| store.begin_review()).await?;
    Ok(Json(Done { done: true }))
}

/// Puts the newer reading into use.
#[utoipa::path(post, path = "/api/review/accept", operation_id = "accept_review", responses(
    (status = 200, body = Done, description = "Whether one waited"),
))]
pub(super) async fn accept(In(api): In<Api>) -> Result<Json<Done>, Error> {
    let done = api.write(|store| Ok(store.accept_review())).await?;
    Ok(Json(Done { done }))
}

/// Drops the newer reading; what is shown stays.
#[utoipa::path(post, path = "/api/review/decline", operation_id = "decline_review", responses(
    (status = 200, body = Done, description = "Whether one waited"),
))]
pub(super) async fn decline(In(api): In<Api>) -> Result<Json<Done>, Error> {
    let done = api.write(|store| store.decline_review()).await?;
    Ok(Json(Done { done }))
}
