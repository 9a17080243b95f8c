//! `/api/pause`: no callbacks for an hour, for instance while something is tried out at Tencent.

use std::time::Duration;

use axum::{Json, extract::State as In};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::{Api, error::Error};
use crate::listener::PAUSE_MS;

/// How long the listener has to do what it is asked for. It needs a moment; a port that is taken meanwhile may need longer.
const MOMENT: Duration = Duration::from_secs(2);

/// Whether a pause was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pause {
    /// When it ends by itself, Unix milliseconds; null while there is none.
    until_ms: Option<i64>,
}

/// Closes the listener's port for an hour, from now on. Senders are refused meanwhile; what they sent before is answered.
#[utoipa::path(post, path = "/api/pause", operation_id = "pause", responses(
    (status = 200, body = Pause, description = "Until when"),
))]
pub(super) async fn begin(In(api): In<Api>) -> Result<Json<Pause>, Error> {
    Ok(Json(until(&api, Some(api.now_ms().saturating_add(PAUSE_MS))).await))
}

/// Ends a pause before its time.
#[utoipa::path(delete, path = "/api/pause", operation_id = "end_pause", responses(
    (status = 200, body = Pause, description = "There is none any more"),
))]
pub(super) async fn end(In(api): In<Api>) -> Result<Json<Pause>, Error> {
    Ok(Json(until(&api, None).await))
}

/// Answers when the status says it too, so that whoever asks next is not told what was.
async fn until(api: &Api, until_ms: Option<i64>) -> Pause {
    let listener = &api.state.listener;
    let before = listener.state();
    let changes = until_ms.is_some() || listener.is_paused();
    listener.pause(until_ms);
    if changes {
        let _ = timeout(MOMENT, listener.moved_from(&before)).await;
    }
    Pause { until_ms }
}
