//! The API, asked in process by what is around the pages: what is said there is what the pages say.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// Calltrail is ending.
#[derive(Debug)]
pub(crate) struct Gone;

/// What the API answers; nothing where it answered with an error, of which there is one that means the end.
pub(crate) async fn ask(router: &Router, path: &str) -> Result<Value, Gone> {
    let request = Request::get(path).body(Body::empty()).map_err(|_| Gone)?;
    let Ok(answer) = router.clone().oneshot(request).await;
    let (ending, bytes) = (answer.status() == 503, answer.into_body().collect().await);
    let value = bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes.to_bytes()).ok()).unwrap_or(Value::Null);
    // Lists are answered with 503 as well, while they are being derived; those name a problem.
    if ending && value["problem"].is_null() { Err(Gone) } else { Ok(value) }
}

/// Which state of the record an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) epoch: String,
    pub(crate) revision: u64,
}

impl Seen {
    /// As in `/api/status`.
    pub(crate) fn of(status: &Value) -> Seen {
        Seen {
            epoch: status["epoch"].as_str().unwrap_or_default().to_owned(),
            revision: status["revision"].as_u64().unwrap_or_default(),
        }
    }
}

/// Waits until there is something new, or for as long as the API lets wait.
pub(crate) async fn wait(router: &Router, seen: &Seen) {
    let path = format!("/api/changes?after={}&epoch={}", seen.revision, seen.epoch);
    // What it answers is read by the next look.
    let _ = ask(router, &path).await;
}
