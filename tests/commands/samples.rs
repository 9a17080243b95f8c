//! Tencent's sample callbacks (tests/fixtures/samples), as requests and as JSON Lines.

use std::fs;

use serde_json::{Value, json};

use crate::support::fixture;

/// A callback as Tencent would post it.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Every sample of kind `callback-request`, in the order of the index.
pub(super) fn all() -> Vec<Sample> {
    let folder = fixture("samples");
    let index = fs::read(folder.join("INDEX.json")).expect("the index is there");
    let index: Vec<Value> = serde_json::from_slice(&index).expect("the index is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    index
        .iter()
        .filter(|entry| entry["kind"] == "callback-request")
        .map(|entry| Sample {
            name: text(&entry["file"]),
            query: text(&entry["query"]),
            headers: entry["headers"]
                .as_object()
                .map(|headers| headers.iter().map(|(name, value)| (name.to_lowercase(), text(value))).collect())
                .unwrap_or_default(),
            body: fs::read_to_string(folder.join(text(&entry["file"]))).expect("the sample is there"),
        })
        .collect()
}

/// The samples as deliveries that came one second after the other.
pub(super) fn lines() -> String {
    all()
        .iter()
        .enumerate()
        .map(|(n, sample)| {
            let received = format!("2025-12-01T08:{:02}:{:02}.250Z", n / 60, n % 60);
            let line = json!({
                "v": 1, "received": received, "query": sample.query, "headers": sample.headers,
                "remote": "127.0.0.1:40000", "body": sample.body,
            });
            format!("{line}\n")
        })
        .collect()
}
