//! `/api/backfill`: calls that Tencent has records of, fetched.

use std::time::Duration;

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    error::{Error, Params, Sent},
};
use crate::{
    backfill::{self, Progress},
    store::filter::whole,
    subscription,
};

/// How long a request waits for the end of a run, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(start)).routes(routes!(cancel))
}

/// Which run.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfApp {
    /// The application (SDKAppID).
    app: String,
    /// Whether to answer only when no run is under way, or after 5 seconds. False when not said.
    #[serde(default)]
    #[param(required = false)]
    wait: bool,
}

/// What is to be read.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct StartBackfill {
    /// The application (SDKAppID).
    app: String,
    /// Calls that began at this moment or later, Unix milliseconds; everything that Tencent has when it is null or not given.
    #[serde(default, deserialize_with = "whole")]
    from_ms: Option<i64>,
}

/// Whose run is to end.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CancelBackfill {
    /// The application (SDKAppID).
    app: String,
}

/// How the records of an application are read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Backfill {
    /// The run that is under way.
    running: Option<Progress>,
    /// The run that ended last since Calltrail was started.
    last: Option<LastBackfill>,
}

/// A run that has ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastBackfill {
    /// How far it came.
    progress: Progress,
    /// When it ended, Unix milliseconds.
    ended_ms: i64,
    /// Whether everything was read that Tencent counts for the period.
    complete: bool,
    /// Whether somebody ended it.
    canceled: bool,
    /// Why Tencent could not be asked, or did not answer everything.
    problem: Option<subscription::Error>,
    /// Why it is not complete, as English sentences; empty where it is, or was ended by somebody.
    message: String,
}

impl From<backfill::State> for Backfill {
    fn from(state: backfill::State) -> Self {
        let last = state.last.map(|run| LastBackfill {
            message: run.why_incomplete(),
            progress: run.progress,
            ended_ms: run.ended_ms,
            complete: run.complete,
            canceled: run.canceled,
            problem: run.problem,
        });
        Self { running: state.running, last }
    }
}

/// How far a run is, and how the last one ended.
#[utoipa::path(get, path = "/api/backfill", operation_id = "backfill", params(OfApp), responses(
    (status = 200, body = Backfill, description = "What is known; nothing of an application that is not ours"),
))]
async fn read(In(api): In<Api>, Params(OfApp { app, wait }): Params<OfApp>) -> Result<Json<Backfill>, Error> {
    let backfill = &api.state.backfill;
    if wait {
        let mut closing = api.state.closing.clone();
        tokio::select! {
            () = backfill.ended(&app) => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = sleep(LONGEST_WAIT) => {}
        }
    }
    Ok(Json(backfill.state(&app).into()))
}

/// Begins to read Tencent's records of an application's calls. What the record has already writes nothing. Where a run is under
/// way, that one goes on.
#[utoipa::path(post, path = "/api/backfill", operation_id = "start_backfill", request_body = StartBackfill, responses(
    (status = 200, body = Backfill, description = "How far the run is"),
    (status = 404, body = Error, description = "There is no such application"),
    (status = 409, body = Error, description = "The SDKSecretKey is not known, so Tencent cannot be asked"),
))]
async fn start(
    In(api): In<Api>,
    Sent(StartBackfill { app, from_ms }): Sent<StartBackfill>,
) -> Result<Json<Backfill>, Error> {
    // Said at once, where it is known before anybody is asked.
    api.state.subscriptions.client(&app).await?;
    let backfill = &api.state.backfill;
    backfill.start(&app, from_ms);
    Ok(Json(backfill.state(&app).into()))
}

/// Ends a run where it is. What it has read stays in the record.
#[utoipa::path(post, path = "/api/backfill/cancel", operation_id = "cancel_backfill", request_body = CancelBackfill, responses(
    (status = 200, body = Backfill, description = "How the last run ended"),
))]
async fn cancel(In(api): In<Api>, Sent(CancelBackfill { app }): Sent<CancelBackfill>) -> Json<Backfill> {
    let backfill = &api.state.backfill;
    if backfill.cancel(&app) {
        backfill.ended(&app).await;
    }
    Json(backfill.state(&app).into())
}
