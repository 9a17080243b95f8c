//! Tencent's callbacks of every kind, posted to the running program: the reply, the verdict, and what was kept.

use serde_json::Value;

use crate::process::Serve;
use crate::support::fixture;

fn index() -> Vec<Value> {
    let text = std::fs::read(fixture("samples/INDEX.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn post(serve: &Serve, entry: &Value) -> (Vec<u8>, crate::support::Answer) {
    let body = std::fs::read(fixture("samples").join(entry["file"].as_str().unwrap())).unwrap();
    let headers: Vec<(&str, &str)> = entry["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let answer = serve.post(entry["query"].as_str().unwrap_or_default(), &headers, &body);
    (body, answer)
}

fn deliveries(serve: &Serve) -> Vec<Value> {
    let page = serve.api("/api/deliveries?limit=1000");
    page["rows"].as_array().unwrap().clone()
}

#[test]
fn every_callback_gets_its_reply_and_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::with_web(folder.path(), &["1400123456"]);
    let mut posted = 0;
    for entry in index().iter().filter(|entry| entry["kind"] == "callback-request") {
        let (_, answer) = post(&serve, entry);
        assert_eq!(answer.status, 200, "{} is accepted", entry["file"]);
        assert_eq!(answer.json(), entry["expected_response"], "{} gets the reply of its family", entry["file"]);
        posted += 1;
    }
    let listed = deliveries(&serve);
    let repeats: u64 = listed.iter().map(|delivery| delivery["repeats"].as_u64().unwrap()).sum();
    assert_eq!(listed.len() + usize::try_from(repeats).unwrap(), posted, "each is kept or counted as a repeat");
    for delivery in listed {
        let verdict = delivery["verdict"].as_str().unwrap();
        assert!(["applied", "not_relevant"].contains(&verdict), "{delivery} is understood");
    }
}

#[test]
fn malformed_bodies_are_kept_byte_for_byte_with_the_verdict_that_fits() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Serve::with_web(folder.path(), &["1400123456"]);
    let want = [
        ("member_changed_comment_and_missing_comma.txt", "repaired"),
        ("end_call_missing_comma.txt", "repaired"),
        ("start_battle_trailing_comma.txt", "not_relevant"),
        ("unknown_command.json", "unknown_command"),
        ("bom_prefixed.json", "applied"),
        ("empty_body.txt", "empty"),
    ];
    for (n, (file, verdict)) in want.into_iter().enumerate() {
        let entries = index();
        let name = format!("malformed/{file}");
        let entry = entries
            .iter()
            .find(|entry| entry["file"] == name.as_str())
            .unwrap_or_else(|| panic!("{name} is in the index"));
        let (body, answer) = post(&serve, entry);
        assert_eq!(answer.status, 200, "{file} is answered with success: a retry would not mend it");
        let listed = deliveries(&serve);
        assert_eq!(listed.len(), n + 1, "{file} is a delivery of its own");
        let newest = &listed.iter().find(|delivery| delivery["verdict"] == verdict && delivery["bytes"] == body.len());
        let newest = newest.unwrap_or_else(|| panic!("{file} has the verdict {verdict}: {listed:?}"));
        let detail = serve.api(&format!("/api/delivery?digest={}", newest["digest"].as_str().unwrap()));
        assert_eq!(detail["body"].as_str().unwrap().as_bytes(), body, "{file} is kept as received");
    }
}
