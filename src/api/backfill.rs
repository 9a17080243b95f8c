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
    list,
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
    /// Whether to answer only when no run is under way (or, where one is named, when that has ended), or after 5 seconds. False when
    /// not said.
    #[serde(default)]
    #[param(required = false)]
    wait: bool,
    /// The number of one run, as its start has answered: once that has ended, `running` is null and `last` is how it ended, whatever is
    /// under way since.
    run: Option<u64>,
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

/// How the records of an application are read, and by which run what was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StartedBackfill {
    /// The number of the run that reads what was asked for: the one that is under way, or the next one.
    run: u64,
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
async fn read(In(api): In<Api>, Params(OfApp { app, wait, run }): Params<OfApp>) -> Result<Json<Backfill>, Error> {
    list::within("run", run)?;
    let backfill = &api.state.backfill;
    let ended = async {
        match run {
            Some(run) => backfill.run_ended(&app, run).await,
            None => backfill.ended(&app).await,
        }
    };
    if wait {
        let mut closing = api.state.closing.clone();
        tokio::select! {
            () = ended => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = sleep(LONGEST_WAIT) => {}
        }
    }
    let state = run.map_or_else(|| backfill.state(&app), |run| backfill.state_of(&app, run));
    Ok(Json(state.into()))
}

/// Has Tencent's records of an application's calls read. What the record has already writes nothing. Where a run is under way, what
/// is asked for is read after it.
#[utoipa::path(post, path = "/api/backfill", operation_id = "start_backfill", request_body = StartBackfill, responses(
    (status = 200, body = StartedBackfill, description = "Which run reads it, and how far the one is that is under way"),
    (status = 404, body = Error, description = "There is no such application"),
    (status = 409, body = Error, description = "The SDKSecretKey is not known, so Tencent cannot be asked"),
))]
async fn start(
    In(api): In<Api>,
    Sent(StartBackfill { app, from_ms }): Sent<StartBackfill>,
) -> Result<Json<StartedBackfill>, Error> {
    // Said at once, where it is known before anybody is asked.
    api.state.subscriptions.client(&app).await?;
    let backfill = &api.state.backfill;
    let run = backfill.start(&app, from_ms);
    let Backfill { running, last } = backfill.state_of(&app, run).into();
    Ok(Json(StartedBackfill { run, running, last }))
}

/// Ends a run where it is. What it has read stays in the record, and what was asked for meanwhile is not read.
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
