//! What people add, through the API.

use serde_json::{Value, json};

use super::desk::{APP, CALL, Desk};

/// The call has these tags, and the first of them this colour.
async fn assert_tags(desk: &Desk, wanted: &[(&str, &str)], why: &str) {
    let all = desk.get("/api/tags").await.json;
    let tags: Vec<(&str, &str)> = all["tags"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|tag| (tag["tag"].as_str().expect("a tag"), tag["colour"].as_str().expect("a colour")))
        .collect();
    assert_eq!(tags, wanted, "{why}");
}

async fn write(desk: &Desk, path: &str, body: Value) -> Vec<Value> {
    let answer = desk.send("POST", path, Some(body)).await;
    assert_eq!(answer.status, 200, "{path} is answered {}", answer.json);
    answer.json["ids"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_tag_keeps_its_colour_under_another_name_and_stays_under_its_own() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let every = json!({ "filter": {}, "add": ["billing"] });
    assert_eq!(write(&desk, "/api/calls/tags", every.clone()).await.len(), 1, "every call that the filter finds");
    assert_eq!(write(&desk, "/api/calls/tags", every).await.len(), 0, "what holds is not written again");
    let colour = json!({ "edits": [{ "subject": ["team"], "field": "tag_colour:billing", "value": "red" }] });
    write(&desk, "/api/entries", colour).await;
    assert_tags(&desk, &[("billing", "red")], "as it was given").await;
    write(&desk, "/api/tags/rename", json!({ "from": "billing", "to": "billing" })).await;
    assert_tags(&desk, &[("billing", "red")], "its own name is no other one").await;
    let renamed = write(&desk, "/api/tags/rename", json!({ "from": "billing", "to": "invoice" })).await;
    assert_tags(&desk, &[("invoice", "red")], "under another name").await;
    write(&desk, "/api/entries/undo", json!({ "ids": renamed })).await;
    assert_tags(&desk, &[("billing", "red")], "and taken back").await;
    desk.close().await;
}

#[tokio::test]
async fn who_is_in_no_team_makes_none() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    assert_eq!(desk.get("/api/people/teams").await.json, json!({ "teams": [] }), "two people, and no team");
    let team = json!({ "edits": [{ "subject": ["user", "x"], "field": "team", "value": "Night" }] });
    write(&desk, "/api/entries", team).await;
    let wanted = json!({ "teams": [{ "team": "Night", "people": 1 }] });
    assert_eq!(desk.get("/api/people/teams").await.json, wanted);
    desk.close().await;
}
