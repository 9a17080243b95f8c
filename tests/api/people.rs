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
async fn a_tag_that_becomes_one_that_is_there_takes_its_colour() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let colour =
        |tag: &str, colour: &str| json!({ "subject": ["team"], "field": format!("tag_colour:{tag}"), "value": colour });
    write(&desk, "/api/entries", json!({ "edits": [colour("urgent", "red"), colour("urgnt", "grey")] })).await;
    write(&desk, "/api/calls/tags", json!({ "filter": {}, "add": ["urgnt"] })).await;
    let other = json!({ "subject": ["user", "alice"], "field": "tag:urgent", "value": true });
    write(&desk, "/api/entries", json!({ "edits": [other] })).await;
    assert_tags(&desk, &[("urgent", "red"), ("urgnt", "grey")], "one that was mistyped").await;
    let renamed = write(&desk, "/api/tags/rename", json!({ "from": "urgnt", "to": "urgent" })).await;
    assert_eq!(renamed.len(), 2, "put on and taken off: nothing is said of the colour");
    assert_tags(&desk, &[("urgent", "red")], "the one that was there keeps its own").await;
    desk.close().await;
}

#[tokio::test]
async fn a_second_undo_goes_one_step_further_and_says_when_there_is_none() {
    let desk = Desk::open().await;
    let named = async |name: &str| {
        let edits = json!({ "edits": [{ "subject": ["user", "alice"], "field": "name", "value": name }] });
        desk.send("POST", "/api/entries", Some(edits)).await.json["entries"][0]["id"].take()
    };
    let [_, second, third] = [named("Ann").await, named("Anna").await, named("Annabel").await];
    let undone = async |id: &Value| {
        let entries = desk.send("POST", "/api/entries/undo", Some(json!({ "ids": [id] }))).await.json["entries"].take();
        entries.as_array().expect("a list").iter().map(|entry| entry["value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(undone(&third).await, ["Anna"]);
    assert_eq!(undone(&second).await, ["Ann"]);
    assert!(undone(&second).await.is_empty(), "it was undone already");
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

#[tokio::test]
async fn a_room_is_told_with_the_names_of_its_owner_and_of_whom_it_was_found_by() {
    let desk = Desk::open().await;
    let room = json!({ "RoomId": "r", "RoomType": "Live", "Owner_Account": "alice", "CreateTime": 1_760_000_000 });
    let created = json!({ "CallbackCommand": "Live.CallbackAfterCreateRoom", "Operator_Account": "alice", "RoomInfo": room,
        "EventTime": 1_760_000_000_010_i64 });
    desk.post(APP, "Live.CallbackAfterCreateRoom", &created).await;
    let entered = json!({ "CallbackCommand": "Live.CallbackAfterMemberStateChanged", "RoomId": "r", "EventType": "Online",
        "EventCause": "Enter", "MemberList": [{ "Member_Account": "bob" }], "EventTime": 1_760_000_001_000_i64 });
    desk.post(APP, "Live.CallbackMemberStateChanged", &entered).await;
    let named = async |q: &str| {
        let rows = desk.get(&format!("/api/rooms?q={q}")).await.json["rows"].take();
        let of = |row: &Value| ["owner_name", "found_user", "found_name"].map(|name| row[name].clone());
        rows.as_array().expect("a list").iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(named("bob").await, [[json!(""), json!("bob"), json!("")]], "nobody has a name yet");
    let named_so = |user: &str, name: &str| json!({ "subject": ["user", user], "field": "name", "value": name });
    write(&desk, "/api/entries", json!({ "edits": [named_so("alice", "Alice Novak"), named_so("bob", "Robert")] }))
        .await;
    assert_eq!(named("rober").await, [[json!("Alice Novak"), json!("bob"), json!("Robert")]], "by the name");
    assert_eq!(named("").await, [[json!("Alice Novak"), Value::Null, json!("")]], "and without a search");
    let detail = desk.get(&format!("/api/room?app={APP}&product=live&room_id_type=&room_id=r")).await.json;
    assert_eq!(detail["room"]["owner_name"], "Alice Novak", "{detail}");
    desk.close().await;
}

#[tokio::test]
async fn somebody_of_two_ids_has_the_tags_of_both() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let edit =
        |user: &str, field: &str, value: Value| json!({ "subject": ["user", user], "field": field, "value": value });
    let edits = [
        edit("bob", "same_as", json!("alice")),
        edit("alice", "tag:vip", json!(true)),
        edit("bob", "tag:billing", json!(true)),
    ];
    write(&desk, "/api/entries", json!({ "edits": edits })).await;
    for user in ["alice", "bob"] {
        assert_eq!(
            desk.get(&format!("/api/person?user={user}")).await.json["tags"],
            json!(["billing", "vip"]),
            "{user}"
        );
    }
    assert_tags(&desk, &[("billing", ""), ("vip", "")], "they are offered for calls too").await;
    let off = ["alice", "bob"].map(|user| edit(user, "tag:billing", Value::Null));
    let answer = desk.send("POST", "/api/entries", Some(json!({ "edits": off }))).await;
    assert_eq!(answer.json["entries"].as_array().map(Vec::len), Some(1), "it is taken from the id that has it");
    assert_eq!(desk.get("/api/person?user=alice").await.json["tags"], json!(["vip"]));
    desk.close().await;
}
