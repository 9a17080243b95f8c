//! What was missed, asked of the API: the cases of follow-up say which calls are (rules.md section 12).

use super::said::{Memory, Miss, OLDEST_MS};
use crate::ask::{Gone, ask};
use crate::link::encoded;
use axum::Router;
use serde_json::Value;
use std::collections::BTreeSet;

/// Open cases, those with the newest misses first. Nobody reads of more in one line.
const MOST: u32 = 200;

/// What is known of cases.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cases {
    /// Whose cases are open: application and caller.
    pub(super) open: BTreeSet<(String, String)>,
    /// The missed calls of late that the memory does not know.
    pub(super) misses: Vec<Miss>,
}

/// Asks for what is open, and for the calls of those cases that have news; nothing where that is not known now.
pub(super) async fn read(router: &Router, now_ms: i64, memory: &Memory) -> Result<Option<Cases>, Gone> {
    let page = ask(router, &format!("/api/cases?state=open&limit={MOST}")).await?;
    let Some(rows) = page["rows"].as_array() else { return Ok(None) };
    let mut cases = Cases::default();
    for row in rows {
        let text = |field: &str| row[field].as_str().unwrap_or_default();
        let (app, call_id) = (text("app"), text("call_id"));
        cases.open.insert((app.to_owned(), text("user").to_owned()));
        let is_late = row["last_ms"].as_i64().is_some_and(|last_ms| is_of_late(last_ms, now_ms));
        if is_late && !memory.knows(app, call_id) {
            let case = ask(router, &format!("/api/case?app={}&call_id={}", encoded(app), encoded(call_id))).await?;
            cases.misses.extend(misses(row, &case, now_ms));
        }
    }
    // The newest last.
    cases.misses.sort_by_key(|miss| miss.at_ms);
    Ok(Some(cases))
}

/// A call that is not older is asked about: it may have rung for minutes before it was missed.
fn is_of_late(started_ms: i64, now_ms: i64) -> bool {
    started_ms >= now_ms.saturating_sub(2 * OLDEST_MS)
}

fn misses(row: &Value, case: &Value, now_ms: i64) -> Vec<Miss> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = [&row["name"], &row["user"]].into_iter().map(text).find(|name| !name.is_empty()).unwrap_or_default();
    let calls = case["misses"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let miss = |call: &Value| {
        let at_ms = call["ended_ms"].as_i64().or_else(|| call["started_ms"].as_i64())?;
        is_of_late(at_ms, now_ms).then(|| Miss {
            app: text(&row["app"]),
            caller: text(&row["user"]),
            call_id: text(&call["call_id"]),
            name: name.clone(),
            at_ms,
        })
    };
    calls.filter_map(miss).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Request;
    use axum::routing::get;
    use serde_json::json;

    const NOW: i64 = 1_760_000_400_000;

    #[tokio::test]
    async fn only_cases_with_news_are_asked_about_and_only_calls_of_late_are_told() {
        let row = |user: &str, call_id: &str, last_ms: i64| json!({"app": "1", "user": user, "name": "", "call_id": call_id, "last_ms": last_ms});
        let rows = json!({"rows": [row("a", "a&2", NOW - 60_000), row("b", "b1", NOW - 3_600_000)]});
        let case = |request: Request| async move {
            assert_eq!(request.uri().query(), Some("app=1&call_id=a%262"), "ids are anything");
            let call = |id: &str, started: i64, ended: Option<i64>| json!({"call_id": id, "started_ms": started, "ended_ms": ended});
            let misses = [
                call("a0", NOW - 7_200_000, None),
                call("a1", NOW - 90_000, None),
                call("a&2", NOW - 60_000, Some(NOW - 30_000)),
            ];
            json!({ "misses": misses }).to_string()
        };
        let router = Router::new()
            .route("/api/cases", get(move || async move { rows.to_string() }))
            .route("/api/case", get(case));
        let found = read(&router, NOW, &Memory::default()).await.unwrap().unwrap();
        assert_eq!(found.open.len(), 2);
        let told: Vec<_> =
            found.misses.iter().map(|miss| (miss.call_id.as_str(), miss.name.as_str(), NOW - miss.at_ms)).collect();
        assert_eq!(told, [("a1", "a", 90_000), ("a&2", "a", 30_000)]);
    }
}
