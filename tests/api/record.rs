//! The record's own addresses: its condition, backups, damage, and reading it again.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use calltrail::{api::FilePicker, language::Language};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::desk::{APP, CALL, Desk};

/// Changes what lies in the file of what is derived, as a program of another version would.
fn change_projection(desk: &Desk, statement: &str) {
    let files = std::fs::read_dir(desk.path("")).expect("the data folder").flatten().map(|entry| entry.path());
    let is_projection = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("projection-") && name.ends_with(".db")
    };
    let file = files.into_iter().find(is_projection).expect("there is one");
    rusqlite::Connection::open(file).expect("it opens").execute_batch(statement).expect("it can be changed");
}

/// The condition once nothing is being read again.
async fn at_rest(desk: &Desk) -> Value {
    for _ in 0..1_000 {
        let condition = desk.get("/api/condition").await.json;
        if condition["rebuilding"].is_null() {
            return condition;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the archive of one delivery was not read again within 10 seconds");
}

/// Nobody may be asked where to save a file.
struct NotAsked;

impl FilePicker for NotAsked {
    fn pick(&self, suggested: String, _: Language) -> BoxFuture<'static, Option<PathBuf>> {
        panic!("somebody was asked where to save {suggested}, for nothing")
    }

    fn pick_folder(&self, _: Language) -> BoxFuture<'static, Option<PathBuf>> {
        panic!("somebody was asked for a folder, for nothing")
    }

    fn show(&self, path: &Path) -> Result<(), String> {
        panic!("{} was shown, for nothing", path.display())
    }
}

#[tokio::test]
async fn a_sound_record_says_so() {
    let desk = Desk::open().await;
    let condition = desk.get("/api/condition").await;
    let well = json!({
        "failing": null, "locked": null, "waiting": 0, "turned_away": 0, "rebuilding": null, "rebuild_failed": null,
        "review_waits": false, "checking": false, "backup_failed": null, "clock": null, "damaged": 0, "exchanged": 0,
    });
    assert_eq!((condition.status, condition.json), (200, well), "nothing is wrong, and every field says so");
    for (address, nothing) in
        [("/api/backups", json!([])), ("/api/damage", json!([])), ("/api/review", json!({ "review": null }))]
    {
        assert_eq!(desk.get(address).await.json, nothing, "{address} has nothing to tell");
    }
    desk.close().await;
}

#[tokio::test]
async fn while_the_projection_is_filled_lists_answer_and_exports_wait() {
    let desk = Desk::open_with(Some(Arc::new(NotAsked))).await;
    desk.post_call(APP, CALL).await;
    // Lists follow the answer.
    assert!(desk.get("/api/calls").await.json["rows"][0]["call_id"].is_string(), "it is in the lists");
    change_projection(&desk, "update applied set low = 3");
    assert_eq!(desk.get("/api/status").await.json["calls"], 1, "the status still answers");
    assert_eq!(desk.get("/api/calls").await.status, 200, "and so does the list");
    let export = json!({ "kind": "calls", "format": "csv" });
    for answer in [
        desk.get("/api/export/calls.csv").await,
        desk.send("POST", "/api/exports", Some(export)).await,
        desk.send("POST", "/api/review", None).await,
    ] {
        assert_eq!((answer.status, &answer.json["code"]), (503, &json!("unavailable")), "{}", answer.json);
        let message = answer.json["message"].as_str().unwrap();
        assert!(message.contains("3 of its deliveries are still to come"), "the sentence says why: {message}");
    }
    desk.close().await;
}

#[tokio::test]
async fn a_backup_is_made_listed_and_brought_back() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let made = desk.send("POST", "/api/backups", None).await;
    assert_eq!(made.status, 200, "it is made while the record is in use: {}", made.json);
    assert_eq!(desk.get("/api/backups").await.json, json!([made.json]), "and listed");
    let epoch = desk.get("/api/changes").await.json["epoch"].clone();
    let which = json!({ "name": made.json["name"] });
    let saved = desk.send("POST", "/api/backups/restore", Some(which)).await;
    let nothing_new = json!({ "deliveries": 1, "new": 0, "repeats": 0, "quarantined": 0, "entries": 0, "altered": 0, "unreadable": 0 });
    assert_eq!((saved.status, saved.json), (200, nothing_new), "the record holds it already");
    assert_ne!(desk.get("/api/changes").await.json["epoch"], epoch, "whoever watches asks for everything anew");
    for name in ["calltrail-2025-01-01T000000Z.db", "../calltrail.db", ""] {
        let answer = desk.send("POST", "/api/backups/restore", Some(json!({ "name": name }))).await;
        assert_eq!((answer.status, &answer.json["code"]), (404, &json!("not_found")), "{name:?} is no backup");
    }
    desk.close().await;
}

#[tokio::test]
async fn a_backup_that_cannot_be_read_is_told_without_paths() {
    let desk = Desk::open().await;
    std::fs::create_dir_all(desk.path("backups")).expect("a folder");
    let name = "calltrail-2025-03-06T031906Z.db";
    std::fs::write(desk.path("backups").join(name), "no database ".repeat(1_000)).expect("a file");
    let answer = desk.send("POST", "/api/backups/restore", Some(json!({ "name": name }))).await;
    assert_eq!((answer.status, &answer.json["code"]), (503, &json!("unavailable")), "{}", answer.json);
    let message = answer.json["message"].as_str().unwrap();
    assert!(message.contains("Nothing that is in the record was lost"), "what it means is said: {message}");
    let folder = desk.path("");
    assert!(!message.contains(folder.to_str().unwrap()), "and where it is, is not: {message}");
    desk.close().await;
}

#[tokio::test]
async fn an_archive_that_was_put_aside_is_told_until_somebody_has_read_about_it() {
    let desk = Desk::open().await;
    let (older, newer) = ("2025-03-06T03-19-06-000Z", "2025-03-07T03-19-06-000Z");
    let saved = json!({ "deliveries": 9, "new": 8, "repeats": 0, "quarantined": 0, "altered": 1, "unreadable": 2 });
    for (name, seen, saved) in [(older, true, saved), (newer, false, Value::Null)] {
        let folder = desk.path("damaged").join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let note =
            json!({ "name": name, "at_ms": 1_741_231_146_000_i64, "why": "malformed", "saved": saved, "seen": seen });
        std::fs::write(folder.join("note.json"), note.to_string()).expect("a note");
    }
    assert_eq!(desk.get("/api/condition").await.json["damaged"], 1, "one is news");
    let told = desk.get("/api/damage").await.json;
    assert_eq!((&told[0]["name"], &told[1]["name"]), (&json!(newer), &json!(older)), "the newest comes first");
    assert_eq!(told[1]["saved"]["new"], 8, "with what was saved of it");
    let seen = desk.send("POST", "/api/damage/seen", Some(json!({ "name": newer }))).await;
    assert_eq!(seen.json, json!({ "noted": true }), "somebody has read about it");
    assert_eq!(desk.get("/api/condition").await.json["damaged"], 0, "so there is no news any more");
    assert_eq!(desk.get("/api/damage").await.json.as_array().unwrap().len(), 2, "and both are still told");
    let unknown = desk.send("POST", "/api/damage/seen", Some(json!({ "name": "../x" }))).await;
    assert_eq!(unknown.json, json!({ "noted": false }), "there is none of this name");
    desk.close().await;
}

#[tokio::test]
async fn a_reading_that_changes_nothing_asks_nobody() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let begun = desk.send("POST", "/api/review", None).await;
    assert_eq!((begun.status, begun.json), (200, json!({ "done": true })), "it has begun");
    let condition = at_rest(&desk).await;
    assert_eq!(condition["review_waits"], false, "nothing would change: {condition}");
    for address in ["/api/review/accept", "/api/review/decline"] {
        let answer = desk.send("POST", address, None).await;
        assert_eq!(answer.json, json!({ "done": false }), "{address}: nothing waits");
    }
    desk.close().await;
}

#[tokio::test]
async fn what_would_be_read_differently_waits_for_a_person() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    // Lists follow the answer.
    assert!(desk.get("/api/calls").await.json["rows"][0]["call_id"].is_string(), "it is in the lists");
    change_projection(
        &desk,
        "insert into word (word) values ('as an older version read it');
         update outcome set reason_no = last_insert_rowid();
         update kind set kind_0 = 'unknown' where list = 'outcome'",
    );
    for (decision, verdict) in [("decline", "unknown"), ("accept", "applied")] {
        desk.send("POST", "/api/review", None).await;
        assert_eq!(at_rest(&desk).await["review_waits"], true, "somebody is asked");
        let review = desk.get("/api/review").await.json["review"].clone();
        assert_eq!((&review["deliveries"], &review["calls"]), (&json!(1), &json!(0)), "one delivery: {review}");
        let example = &review["examples"][0];
        assert_eq!(
            (&example["before"], &example["after"]),
            (
                &json!({ "verdict": "unknown", "reason": { "code": "sentence", "text": "as an older version read it" } }),
                &json!({ "verdict": "applied", "reason": null })
            ),
            "before and after"
        );
        let answer = desk.send("POST", &format!("/api/review/{decision}"), None).await;
        assert_eq!(answer.json, json!({ "done": true }), "{decision} ends the wait");
        assert_eq!(desk.get("/api/condition").await.json["review_waits"], false, "nothing waits any more");
        let mut shown = Value::Null;
        for _ in 0..1_000 {
            shown = desk.get("/api/deliveries").await.json["rows"][0]["verdict"].clone();
            if shown == verdict {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(shown, verdict, "what is shown after {decision}");
    }
    desk.close().await;
}
