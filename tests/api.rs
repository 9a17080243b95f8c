//! The API over a real record and a real listener: what each address answers, and what it refuses.

mod contacts;
mod contract;
mod desk;
mod door;
mod exports;
mod figures;
mod people;
mod record;
mod reports;
mod secrets;

use std::time::Duration;

use desk::{APP, CALL, Desk};
use serde_json::json;

#[tokio::test]
async fn an_empty_record_says_so() {
    let desk = Desk::open().await;
    let answer = desk.get("/api/status").await;
    assert_eq!(answer.status, 200, "the status is always there");
    let told = |name: &str| answer.json[name].clone();
    assert_eq!(told("calls"), 0, "there is no call yet");
    assert_eq!(told("first_run"), false, "an application was set up already");
    assert_eq!(told("desktop"), false, "there is no save dialog");
    assert_eq!(answer.json["hook"]["state"], "listening", "the listener's port is open");
    assert_eq!(told("last_received_ms"), json!(null), "nothing has been received, and the field says so");
    let header =
        |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        "nothing foreign is loaded, nothing inline runs; the window shows the same answers"
    );
    assert_eq!(header("x-content-type-options"), "nosniff", "types are not guessed");
    assert_eq!(header("referrer-policy"), "no-referrer", "no address leaks");
    assert_eq!(header("cache-control"), "no-store", "the record is private");
    desk.close().await;
}

#[tokio::test]
async fn a_posted_call_is_listed_and_shown() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let list = desk.get("/api/calls?total=true").await;
    assert_eq!(list.json["total"], 1, "one call was posted: {}", list.json);
    let row = &list.json["rows"][0];
    assert_eq!((&row["call_id"], &row["result"]), (&json!(CALL), &json!("normal_end")), "as it was posted");
    assert_eq!(row["talk_seconds"], 60, "from answer to end");

    let detail = desk.get(&format!("/api/call?app={APP}&call_id={CALL}")).await;
    assert_eq!(detail.json["call"], *row, "the detail and the list tell the same");
    let digest = detail.json["deliveries"][0]["digest"].as_str().unwrap().to_owned();
    let delivery = desk.get(&format!("/api/delivery?digest={digest}")).await;
    assert!(delivery.json["body"].as_str().unwrap().contains("\"CallId\""), "the body is shown as received");
    for list in ["members", "rooms", "stays", "deliveries"] {
        assert_eq!(desk.get(&format!("/api/{list}")).await.status, 200, "{list} can be listed");
    }
    desk.close().await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    let desk = Desk::open().await;
    for n in 0..5 {
        desk.post_call(APP, &format!("call-{n}")).await;
    }
    let (mut address, mut seen) = ("/api/calls?limit=2".to_owned(), Vec::new());
    loop {
        let page = desk.get(&address).await.json;
        seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["call_id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/api/calls?limit=2&cursor={next}");
    }
    seen.sort();
    assert_eq!(seen, ["call-0", "call-1", "call-2", "call-3", "call-4"], "each call once, over three pages");
    desk.close().await;
}

#[tokio::test]
async fn a_list_is_laid_out_by_its_days_and_read_at_any_row() {
    let desk = Desk::open().await;
    for n in 0..5 {
        desk.post_call(APP, &format!("call-{n}")).await;
    }
    let days = |kind: &str, zone: &str| format!("/api/{kind}/days?zone={zone}");
    for (zone, day) in [("Asia/Shanghai", "2025-10-09"), ("Pacific/Apia", "2025-10-09"), ("America/Adak", "2025-10-08")]
    {
        let found = desk.get(&days("calls", zone)).await.json;
        assert_eq!(found, json!({ "total": 5, "days": [{ "day": day, "rows": 5 }] }), "08:53 UTC in {zone}");
    }
    for (kind, rows) in [("rooms", 0), ("stays", 0), ("deliveries", 5)] {
        assert_eq!(desk.get(&days(kind, "UTC")).await.json["total"], rows, "{kind} have days too");
    }
    let page = desk.get("/api/calls?at=3&limit=1").await.json;
    assert_eq!(page["rows"][0]["call_id"], "call-3", "the fourth row of the list: {page}");
    let next = desk.get(&format!("/api/calls?cursor={}", page["next"].as_str().unwrap())).await.json;
    assert_eq!(next["rows"][0]["call_id"], "call-4", "it goes on from there");
    let after_the_end = desk.get("/api/calls?at=5").await.json;
    assert_eq!((&after_the_end["rows"], &after_the_end["next"]), (&json!([]), &json!(null)), "there is no sixth");
    desk.close().await;
}

#[tokio::test]
async fn each_choice_says_how_many_calls_it_would_give() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let one = |code: &str| json!([{ "code": code, "rows": 1 }]);
    let all = json!({ "result": one("normal_end"), "media": one("video"), "type": one("single"), "app": one(APP) });
    assert_eq!(desk.get("/api/calls/facets").await.json, all, "one call, by everything that can be chosen");
    let audio = json!({ "result": [], "media": one("video"), "type": [], "app": [] });
    let found = desk.get("/api/calls/facets?media=audio").await.json;
    assert_eq!(found, audio, "the choice of media leaves its own restriction out, the others keep it");
    desk.close().await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_in_one_shape() {
    let desk = Desk::open().await;
    for (address, status, code) in [
        ("/api/calls?at=-1", 400, "bad_request"),
        ("/api/calls?at=1&cursor=W10", 400, "bad_request"),
        ("/api/calls/days", 400, "bad_request"),
        ("/api/calls/days?zone=Mars/Olympus", 400, "bad_request"),
        ("/api/calls/days?zone=UTC&media=vidoe", 400, "bad_request"),
        ("/api/calls/facets?media=vidoe", 400, "bad_request"),
        ("/api/calls?limit=0", 400, "bad_request"),
        ("/api/calls?limit=1001", 400, "bad_request"),
        ("/api/calls?cursor=nonsense", 400, "bad_request"),
        ("/api/calls?from=yesterday", 400, "bad_request"),
        ("/api/calls?media=smell", 400, "bad_request"),
        ("/api/deliveries?verdict=applied,wrong", 400, "bad_request"),
        ("/api/call?app=1", 400, "bad_request"),
        ("/api/call?app=1&call_id=none", 404, "not_found"),
        ("/api/room?app=1&product=live&room_id=none", 404, "not_found"),
        ("/api/room?app=1&product=live&room_id=none&life=first", 400, "bad_request"),
        ("/api/delivery?digest=xyz", 400, "bad_request"),
        ("/api/exports/7", 404, "not_found"),
        ("/api/export/secrets.csv", 404, "not_found"),
        ("/api/export/entries.csv", 400, "bad_request"),
        ("/api/export/calls.csv?tz=Middle-earth", 400, "bad_request"),
        ("/api/export/calls.csv?columns=call_id,shoe_size", 400, "bad_request"),
        ("/api/nothing", 404, "not_found"),
        ("/api/test", 405, "method_not_allowed"),
    ] {
        let answer = desk.get(address).await;
        assert_eq!((answer.status, &answer.json["code"]), (status, &json!(code)), "{address} answers {}", answer.json);
        let message = answer.json["message"].as_str().unwrap();
        assert!(
            message.ends_with('.') && !message.contains("rusqlite"),
            "{address} is refused in a sentence: {message}"
        );
    }
    let answer = desk.send("POST", "/api/apps", Some(json!({ "id": "not a number" }))).await;
    assert_eq!((answer.status, &answer.json["code"]), (400, &json!("bad_request")), "an SDKAppID has digits");
    let answer = desk.send("POST", "/api/apps", None).await;
    assert_eq!((answer.status, &answer.json["code"]), (400, &json!("bad_request")), "a body is needed");
    desk.close().await;
}

#[tokio::test]
async fn an_app_that_becomes_ours_brings_its_quarantined_calls_along() {
    let desk = Desk::open().await;
    desk.post_call("1400009999", CALL).await;
    let status = desk.get("/api/status").await.json;
    assert_eq!((&status["calls"], &status["quarantined"]), (&json!(0), &json!(1)), "a foreign app's delivery waits");

    let added = desk.send("POST", "/api/apps", Some(json!({ "id": " 1400009999 ", "label": "Clinic" }))).await;
    assert_eq!(added.json, json!({ "released": 1 }), "what waited joins the record");
    assert_eq!(desk.get("/api/calls").await.json["rows"][0]["app"], "1400009999", "and is a call");
    assert!(desk.config().contains("Clinic"), "the settings file remembers the application");
    assert_eq!(desk.get("/api/apps").await.json.as_array().unwrap().len(), 2, "both are listed");

    let removed = desk.send("DELETE", "/api/apps/1400009999", None).await;
    assert_eq!(removed.json, json!({ "removed": true }), "it was there");
    let again = desk.send("DELETE", "/api/apps/1400009999", None).await;
    assert_eq!(again.json, json!({ "removed": false }), "and is gone");
    assert!(!desk.config().contains("Clinic"), "from the settings file too");
    assert_eq!(desk.get("/api/calls").await.json["rows"].as_array().unwrap().len(), 1, "its calls stay");
    desk.close().await;
}

#[tokio::test]
async fn one_delivery_can_leave_quarantine() {
    let desk = Desk::open().await;
    desk.post_call("1400009999", CALL).await;
    let rows = desk.get("/api/deliveries?verdict=foreign_app").await.json;
    let digest = rows["rows"][0]["digest"].clone();
    let released = desk.send("POST", "/api/quarantine/release", Some(json!({ "digest": digest }))).await;
    assert_eq!(released.json, json!({ "released": true }), "it waited there");
    let again = desk.send("POST", "/api/quarantine/release", Some(json!({ "digest": digest }))).await;
    assert_eq!(again.json, json!({ "released": false }), "now it does not");
    desk.close().await;
}

#[tokio::test]
async fn the_public_address_is_remembered() {
    let desk = Desk::open().await;
    let before = desk.get("/api/settings").await.json;
    assert_eq!(before["callback_url"], before["hook_url"], "until there is a public address, the local one is shown");
    let change = json!({ "public_url": "https://calls.example.com/" });
    let after = desk.send("PUT", "/api/settings", Some(change)).await.json;
    assert_eq!(after["public_url"], "https://calls.example.com", "kept without the slash");
    let token = before["hook_url"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(
        after["callback_url"],
        format!("https://calls.example.com/hook/{token}"),
        "this is what Tencent is to call"
    );
    assert_eq!(desk.get("/api/settings").await.json, after, "it is still there when asked again");
    let refused = desk.send("PUT", "/api/settings", Some(json!({ "public_url": "javascript:alert(1)" }))).await;
    assert_eq!(refused.status, 400, "it has to be an address of the web");
    desk.close().await;
}

#[tokio::test]
async fn the_test_callback_arrives_like_a_real_one() {
    let desk = Desk::open().await;
    let sent = desk.send("POST", "/api/test", None).await;
    assert_eq!(sent.json["status"], 200, "the listener keeps it: {}", sent.json);
    let tests = desk.get("/api/deliveries?verdict=test").await.json;
    assert_eq!(tests["rows"][0]["digest"], sent.json["digest"], "it is found by the digest that was answered");
    assert_eq!(desk.get("/api/status").await.json["calls"], 0, "and it is not a call");
    let more = desk.send("POST", "/api/test", None).await;
    assert_ne!(more.json["digest"], sent.json["digest"], "each test is another one");
    desk.close().await;
}

#[tokio::test]
async fn refused_requests_are_counted_without_the_token() {
    let desk = Desk::open().await;
    desk.hook("GET /wp-login.php HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let refusals = desk.get("/api/refusals").await.json;
    assert_eq!(refusals["last"][0]["path"], "/wp-login.php", "a scanner's path is worth seeing: {refusals}");
    assert_eq!(refusals["counts"].as_object().unwrap().len(), 1, "for one reason");
    desk.close().await;
}

#[tokio::test]
async fn news_end_the_wait() {
    let desk = Desk::open().await;
    let now = desk.get("/api/changes").await.json;
    let epoch = now["epoch"].as_str().unwrap();
    let waiting = format!("/api/changes?after={}&epoch={epoch}", now["revision"]);
    let (news, ()) = tokio::join!(desk.get(&waiting), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        desk.post_call(APP, CALL).await;
    });
    assert!(news.json["revision"].as_u64() > now["revision"].as_u64(), "the wait ended with the change: {}", news.json);
    let other = desk.get("/api/changes?after=0&epoch=another").await;
    assert_eq!(other.json["epoch"], now["epoch"], "another epoch is answered at once");
    desk.close().await;
}

#[tokio::test]
async fn the_end_of_the_process_ends_the_wait() {
    let desk = Desk::open().await;
    let now = desk.get("/api/changes").await.json;
    let waiting = format!("/api/changes?after={}&epoch={}", now["revision"], now["epoch"].as_str().unwrap());
    let wait = tokio::time::timeout(Duration::from_secs(10), desk.get(&waiting));
    let (answer, ()) = tokio::join!(wait, async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        desk.closing.send_replace(true);
    });
    assert_eq!(answer.expect("it does not wait for 25 seconds").json, now, "there is no news, and it is said at once");
    desk.close().await;
}

#[tokio::test]
async fn the_document_is_served_as_it_is_committed() {
    let desk = Desk::open().await;
    let served = desk.get("/api/openapi.json").await.json;
    let committed: serde_json::Value = serde_json::from_str(include_str!("../ui/openapi.json")).unwrap();
    assert_eq!(served, committed, "the user interface's types are made from the committed one");
    let page = desk.get("/").await;
    assert_eq!(page.status, 200, "everything else is the user interface, or a page that says how to build it");
    desk.close().await;
}
