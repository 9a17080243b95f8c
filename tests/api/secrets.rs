//! `/api/apps` with secrets: they go in, count at once, and never come out.

use calltrail::callback::signature::rtc_sign;
use serde_json::{Value, json};

use super::desk::{APP, Answer, Desk};

const ADDRESS: &str = "/api/apps/1400000000/secrets";
const KEY: &str = "planted-5bd2850fff3ecb11d7c805251c51ee463a25727b";

async fn states(desk: &Desk) -> [Value; 3] {
    let apps = desk.get("/api/apps").await.json;
    ["secret_key", "live_token", "rtc_key"].map(|kind| apps[0][kind].clone())
}

async fn put(desk: &Desk, secrets: Value) -> Answer {
    desk.send("PUT", ADDRESS, Some(secrets)).await
}

/// Posts an event of RTC Engine about this user, and answers the head and body of the answer.
async fn post_rtc(desk: &Desk, user: &str, key: &str) -> String {
    let path = desk.get("/api/settings").await.json["hook_url"].as_str().expect("text").to_owned();
    let path = path.get(path.find("/hook/").expect("the hook")..).expect("a path").to_owned();
    let body = format!(
        r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":1760000000000,"EventInfo":{{"RoomId":7,"EventMsTs":1760000000000,"UserId":"{user}","Reason":1}}}}"#
    );
    let sign = rtc_sign(key, body.as_bytes());
    desk.hook(&format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nsdkappid: {APP}\r\nsign: {sign}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
    .await
}

#[tokio::test]
async fn secrets_are_set_kept_and_forgotten_one_by_one() {
    let desk = Desk::open().await;
    assert_eq!(states(&desk).await, ["none", "none", "none"], "none is set");
    let kept =
        put(&desk, json!({ "secret_key": format!(" {KEY}\n"), "live_token": "xxxxyyyy", "rtc_key": "123654" })).await;
    let file = desk.path("secrets.json").display().to_string();
    let doubts = json!([{ "secret": "secret_key", "code": "not_64_hex", "length": KEY.len() }]);
    let want = json!({ "kept_in": "file", "file": file, "doubts": doubts });
    assert_eq!((kept.status, kept.json), (200, want), "it says where they are, and that one is unusual");
    assert_eq!(states(&desk).await, ["set", "set", "set"], "that they are set can be asked");
    assert_eq!(put(&desk, json!({ "live_token": null, "rtc_key": "" })).await.status, 200, "null and empty forget");
    assert_eq!(states(&desk).await, ["set", "none", "none"], "what is not named stays");
    let text = std::fs::read_to_string(desk.path("secrets.json")).expect("the file");
    assert!(text.contains(&format!("\"{KEY}\"")), "without the spaces around it: {text}");
    assert!(!desk.config().contains("planted"), "and not in the settings");

    desk.send("DELETE", "/api/apps/1400000000", None).await;
    let text = std::fs::read_to_string(desk.path("secrets.json")).expect("the file");
    assert!(!text.contains("planted"), "an app that is removed takes its secrets along: {text}");
    desk.send("POST", "/api/apps", Some(json!({ "id": APP }))).await;
    assert_eq!(states(&desk).await, ["none", "none", "none"], "added again, it begins without");
    desk.close().await;
}

#[tokio::test]
async fn a_key_counts_from_the_next_delivery_on_and_what_it_turned_away_can_be_released() {
    let desk = Desk::open().await;
    assert!(post_rtc(&desk, "early", "wrong").await.starts_with("HTTP/1.1 200"), "nothing is checked without a key");
    put(&desk, json!({ "rtc_key": "123654" })).await;
    let refused = post_rtc(&desk, "mallory", "wrong").await;
    assert!(refused.starts_with("HTTP/1.1 403") && refused.contains(r#""code":1"#), "now it is: {refused}");
    assert!(post_rtc(&desk, "alice", "123654").await.starts_with("HTTP/1.1 200"), "what is signed comes in");

    let waiting = desk.get("/api/deliveries?verdict=bad_signature").await.json;
    let row = &waiting["rows"][0];
    assert_eq!(row["quarantined"], true, "it waits: {waiting}");
    assert_eq!(row["reason"], json!({ "code": "bad_signature", "app": APP, "secret": "rtc_key" }), "and says why");
    assert_eq!(desk.get("/api/stays").await.json["rows"].as_array().map(Vec::len), Some(2), "it is not in the record");
    let again = desk.send("POST", "/api/apps", Some(json!({ "id": APP }))).await;
    assert_eq!(again.json["released"], 0, "adding the app again does not release it");
    let which = json!({ "digest": row["digest"] });
    assert_eq!(desk.send("POST", "/api/quarantine/release", Some(which)).await.json["released"], true, "a person does");
    assert_eq!(desk.get("/api/stays").await.json["rows"].as_array().map(Vec::len), Some(3), "then it is in the record");
    desk.close().await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_without_being_repeated() {
    let desk = Desk::open().await;
    for (body, status) in [
        (json!({ "secret_key": { "planted": KEY } }), 400),
        (json!({ "secret_key": [KEY] }), 400),
        (json!({ "rtc_key": 5_284_123_654_u64 }), 400),
        (json!({ KEY: "x" }), 400),
        (json!(KEY), 400),
        (json!({ "live_token": format!("{KEY}\n{KEY}") }), 400),
        (json!({ "rtc_key": KEY.repeat(100) }), 400),
        (json!({ "rtc_key": format!("{KEY}x") }), 400),
        (json!({ "rtc_key": "planted-1" }), 400),
        (json!({ "live_token": "planted".repeat(20) }), 400),
        (json!({ "live_token": "planted\u{a0}token" }), 400),
        (json!({ "secret_key": "planted ｋｅｙ" }), 400),
        // One that cannot be used keeps the others from being changed too.
        (json!({ "secret_key": KEY, "rtc_key": "a\u{0}b" }), 400),
    ] {
        let answer = put(&desk, body.clone()).await;
        let message = answer.json["message"].as_str().expect("a sentence");
        assert_eq!(answer.status, status, "{body} is refused: {message}");
        assert!(!message.contains("planted") && !message.contains("5284123654"), "nothing is repeated: {message}");
    }
    let strange = desk.send("PUT", "/api/apps/7/secrets", Some(json!({ "secret_key": KEY }))).await;
    assert_eq!((strange.status, &strange.json["code"]), (404, &json!("not_found")), "only of apps that are ours");
    assert_eq!(states(&desk).await, ["none", "none", "none"], "nothing was changed");
    assert!(!desk.path("secrets.json").exists(), "and nothing kept");
    desk.close().await;
}

#[tokio::test]
async fn an_app_has_a_region_and_an_administrator() {
    let desk = Desk::open().await;
    let app = |region: &str| json!({ "id": APP, "label": "Clinic", "region": region, "administrator": " boss " });
    for bad in ["mars", "http://192.0.2.7", "https://x.example/path"] {
        let answer = desk.send("POST", "/api/apps", Some(app(bad))).await;
        assert_eq!(answer.status, 400, "{bad} is no region and no address: {}", answer.json);
        assert!(answer.json["message"].as_str().is_some_and(|text| text.contains("singapore")), "it says what is one");
    }
    for (region, host) in [
        ("frankfurt", "adminapiger.im.qcloud.com"),
        ("adminapisgp.im.qcloud.com", "adminapisgp.im.qcloud.com"),
        ("http://127.0.0.1:8790", "127.0.0.1:8790"),
    ] {
        assert_eq!(desk.send("POST", "/api/apps", Some(app(region))).await.status, 200, "{region} can be used");
        let told = desk.get("/api/apps").await.json[0].clone();
        assert_eq!((&told["region"], &told["host"]), (&json!(region), &json!(host)), "and leads to a host");
        assert_eq!(told["administrator"], "boss", "tidied up");
    }
    let regions = desk.get("/api/regions").await.json;
    for known in regions.as_array().expect("a list") {
        let region = known["region"].as_str().expect("a code");
        assert_eq!(
            desk.send("POST", "/api/apps", Some(app(region))).await.status,
            200,
            "{region} is offered and taken"
        );
        let told = desk.get("/api/apps").await.json[0]["host"].clone();
        assert_eq!(told, known["host"], "{region}: the host that was announced");
    }
    assert_eq!(regions.as_array().map(Vec::len), Some(9), "as many as are known");
    desk.send("POST", "/api/apps", Some(json!({ "id": APP }))).await;
    let told = desk.get("/api/apps").await.json[0].clone();
    assert_eq!((&told["administrator"], &told["label"]), (&json!("boss"), &json!("Clinic")), "what is not said stays");
    assert!(desk.config().contains("boss"), "and is in the settings file");
    let emptied = json!({ "id": APP, "label": "", "region": "", "administrator": null });
    assert_eq!(desk.send("POST", "/api/apps", Some(emptied)).await.status, 200, "a field can be emptied");
    let told = desk.get("/api/apps").await.json[0].clone();
    assert_eq!((&told["label"], &told["region"]), (&json!(""), &json!("")), "an empty text sets: {told}");
    assert_eq!(told["host"], "console.tim.qq.com", "the region follows from the number again");
    assert_eq!(told["administrator"], "boss", "null keeps");
    desk.send("POST", "/api/apps", Some(json!({ "id": APP, "administrator": "" }))).await;
    assert!(!desk.config().contains("boss"), "the settings file has forgotten it");
    desk.close().await;
}

#[tokio::test]
async fn what_nobody_sees_in_a_pasted_text_is_taken_off() {
    let desk = Desk::open().await;
    let hex = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    for (before, after) in
        [("\u{feff}", "\r\n"), ("", "\u{200b}"), ("\u{a0}\u{2060}", "\u{ad}"), ("\"", "\""), ("“", "”")]
    {
        let given = |text: &str| format!("{before}{}\u{200d}{}{after}", &text[..3], &text[3..]);
        let secrets = json!({ "secret_key": given(hex), "live_token": given("xxxxyyyy"), "rtc_key": given("123654") });
        let kept = put(&desk, secrets).await;
        assert_eq!(
            (kept.status, &kept.json["doubts"]),
            (200, &json!([])),
            "{}: {}",
            before.escape_unicode(),
            kept.json
        );
        let text = std::fs::read_to_string(desk.path("secrets.json")).expect("the file");
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read[APP], json!({ "secret_key": hex, "live_token": "xxxxyyyy", "rtc_key": "123654" }), "{read}");
    }
    assert!(post_rtc(&desk, "alice", "123654").await.starts_with("HTTP/1.1 200"), "and what is signed with it fits");
    assert_eq!(put(&desk, json!({ "rtc_key": "\u{200b}\u{feff}" })).await.status, 200, "nothing but marks is nothing");
    assert_eq!(states(&desk).await, ["set", "set", "none"], "so it is forgotten");

    let app =
        json!({ "id": "\u{feff}20000001\u{200b}", "region": "\u{200b}frankfurt\n", "administrator": "bo\u{ad}ss" });
    assert_eq!(desk.send("POST", "/api/apps", Some(app)).await.status, 200, "an SDKAppID too");
    let told = desk.get("/api/apps").await.json[1].clone();
    let want = (&json!("20000001"), &json!("frankfurt"), &json!("boss"));
    assert_eq!((&told["id"], &told["region"], &told["administrator"]), want, "and what belongs to it");
    desk.close().await;
}
