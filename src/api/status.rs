//! `GET /api/status`: what the connection card and the first-run page show.

use axum::{Json, extract::State as In};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Api, error::Error};
use crate::{
    clock::SLACK_MS,
    listener::{ListenerState, PortClosed},
    store::Reader,
};

/// How Calltrail is doing. Everything in it was measured when it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Status {
    /// Calltrail's version.
    version: String,
    /// See `changes`.
    epoch: String,
    /// See `changes`.
    revision: u64,
    /// True in the desktop window, where exports go through a save dialog.
    desktop: bool,
    /// True while invented data is shown, in a record of its own.
    demo: bool,
    /// The folder that holds the record.
    data_dir: String,
    /// The listener.
    hook: Hook,
    /// How many applications are ours.
    apps: u64,
    /// Calls in the record.
    calls: u64,
    /// Rooms in the record.
    rooms: u64,
    /// Deliveries in the archive.
    deliveries: u64,
    /// Deliveries that wait in quarantine.
    quarantined: u64,
    /// Deliveries that the quarantine's bound has pushed out.
    quarantine_dropped: u64,
    /// When the newest delivery was received, Unix milliseconds; our own test callbacks do not count, and neither does what was
    /// received in the future by a clock that was wrong, unless there is nothing else. Null before the first one.
    last_received_ms: Option<i64>,
    /// True while there is neither an application nor a delivery.
    first_run: bool,
    /// The clock of the machine that keeps the record, Unix milliseconds.
    now_ms: i64,
}

/// The listener, where Tencent's callbacks arrive.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Hook {
    /// Its address on this machine, with the token.
    url: String,
    /// Whether its port is open.
    state: HookState,
    /// What keeps the port closed; null when it is open.
    problem: Option<PortClosed>,
}

/// Whether the listener's port is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HookState {
    /// It is. This alone proves nothing about the way from Tencent to it.
    Listening,
    /// It is not (yet); opening it is tried again and again.
    Retrying,
}

/// How Calltrail is doing.
#[utoipa::path(get, path = "/api/status", operation_id = "status", responses(
    (status = 200, body = Status, description = "How Calltrail is doing"),
))]
pub(super) async fn status(In(api): In<Api>) -> Result<Json<Status>, Error> {
    let now_ms = api.now_ms();
    // What is dated in the future is not the last one, unless there is no other.
    let received =
        move |reader: &Reader| Ok((reader.overview()?, reader.last_received_until(now_ms.saturating_add(SLACK_MS))?));
    let (overview, proof_ms) = api.read(received).await?;
    let state = &api.state;
    let apps = super::count(state.apps.list().len());
    let (hook_state, problem) = match state.listener.state() {
        ListenerState::Listening { .. } => (HookState::Listening, None),
        ListenerState::Retrying { why, .. } => (HookState::Retrying, Some(why)),
    };
    Ok(Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        epoch: state.store.epoch().to_owned(),
        revision: state.store.revision(),
        desktop: state.picker.is_some(),
        demo: state.is_demo,
        data_dir: state.data_dir.display().to_string(),
        hook: Hook { url: state.hook_url.clone(), state: hook_state, problem },
        apps,
        calls: overview.calls,
        rooms: overview.rooms,
        deliveries: overview.deliveries,
        quarantined: overview.quarantined,
        quarantine_dropped: overview.quarantine_dropped,
        last_received_ms: proof_ms.or(overview.last_received_ms),
        first_run: apps == 0 && overview.deliveries == 0,
        now_ms,
    }))
}
