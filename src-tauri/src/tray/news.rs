//! How Calltrail is doing, asked of the API like any page asks: what the icon says is what the pages say.

use crate::ask::{Gone, Seen, ask};
use axum::Router;
use serde_json::Value;

/// What the icon and its menu are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) listening: bool,
    /// Until when the port is closed because somebody wanted it.
    pub(super) paused_until_ms: Option<i64>,
    pub(super) needs_attention: bool,
    pub(super) last_received_ms: Option<i64>,
    pub(super) open_cases: u64,
    pub(super) now_ms: i64,
    pub(super) seen: Seen,
}

/// What of `/api/condition` a person should see to: everything but what Calltrail is busy with by itself.
const TROUBLES: [&str; 8] =
    ["failing", "waiting", "turned_away", "damaged", "rebuild_failed", "backup_failed", "clock", "review_waits"];

/// Asks; an error where the API does not answer any more, because Calltrail ends.
pub(super) async fn read(router: &Router) -> Result<News, Gone> {
    let status = ask(router, "/api/status").await?;
    let condition = ask(router, "/api/condition").await?;
    let cases = ask(router, "/api/cases?state=open&limit=1&total=true").await?;
    Ok(of(&status, &condition, &cases))
}

fn of(status: &Value, condition: &Value, cases: &Value) -> News {
    News {
        listening: status["hook"]["state"] == "listening",
        paused_until_ms: paused_until(&status["hook"]["problem"]),
        needs_attention: TROUBLES.iter().any(|trouble| is_something(&condition[trouble])),
        last_received_ms: status["last_received_ms"].as_i64(),
        open_cases: cases["total"].as_u64().unwrap_or_default(),
        now_ms: status["now_ms"].as_i64().unwrap_or_default(),
        seen: Seen::of(status),
    }
}

fn paused_until(problem: &Value) -> Option<i64> {
    problem["until_ms"].as_i64().filter(|_| problem["code"] == "paused")
}

/// Neither null, nor false, nor nought.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_u64() != Some(0),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_icon_says_what_the_pages_say() {
        let status = json!({
            "hook": { "state": "listening" }, "last_received_ms": 5, "now_ms": 7, "epoch": "e", "revision": 3,
        });
        let well = json!({
            "failing": null, "waiting": 0, "turned_away": 0, "damaged": 0, "rebuild_failed": null, "backup_failed": null,
            "clock": null, "review_waits": false, "checking": true, "rebuilding": { "done": 1 },
        });
        let news = of(&status, &well, &json!({ "total": 2 }));
        let want = News {
            listening: true,
            paused_until_ms: None,
            needs_attention: false,
            last_received_ms: Some(5),
            open_cases: 2,
            now_ms: 7,
            seen: Seen { epoch: "e".into(), revision: 3 },
        };
        assert_eq!(news, want, "what Calltrail does by itself needs nobody");
        for trouble in [json!({ "failing": {} }), json!({ "waiting": 1 }), json!({ "review_waits": true })] {
            assert!(of(&status, &trouble, &Value::Null).needs_attention, "{trouble}");
        }
        let closed = json!({ "hook": { "state": "retrying" } });
        assert!(!of(&closed, &well, &Value::Null).listening, "a closed port");
        let paused = json!({ "hook": { "state": "retrying", "problem": { "code": "paused", "until_ms": 9 } } });
        assert_eq!(of(&paused, &well, &Value::Null).paused_until_ms, Some(9), "a port that is closed for a while");
        assert_eq!(of(&Value::Null, &Value::Null, &Value::Null), News::default(), "an error is no good news");
    }

    #[tokio::test]
    async fn an_api_that_has_ended_is_asked_no_more() {
        use axum::http::StatusCode;
        use axum::routing::get;
        let ended = Router::new().fallback(|| async { (StatusCode::SERVICE_UNAVAILABLE, "{}") });
        assert!(read(&ended).await.is_err(), "Calltrail ends");
        let busy = Router::new()
            .route("/api/status", get(|| async { r#"{"hook":{"state":"listening"}}"# }))
            .route("/api/condition", get(|| async { "{}" }))
            .fallback(|| async { (StatusCode::SERVICE_UNAVAILABLE, r#"{"problem":{"code":"rebuilding"}}"#) });
        assert!(read(&busy).await.unwrap().listening, "lists that are being derived are no end");
    }
}
