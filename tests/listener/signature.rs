//! Signed callbacks over real sockets: what fits joins the record, what does not is answered 403 and waits, releasable.

use std::{sync::Arc, time::Duration};

use calltrail::{
    callback::signature::{live_sign, rtc_sign},
    config::{App, KeyStore, Keys, Kind, Vault, vault},
    listener::Limits,
    secret::Secret,
    store::{
        Reader, Store,
        delivery::Digest,
        filter::{Filter, PageRequest},
        rows::DeliveryRow,
    },
};

use super::{
    APP, Behaviour, NOW_MS, Running, Shelf, TOKEN, call_query, end_call, store,
    wire::{Answer, post},
};

/// Another application that is ours, with keys of its own.
const OTHER: &str = "1400000001";
/// One of ours without keys.
const OPEN: &str = "1400000002";
const LIVE_TOKEN: &str = "xxxxyyyy";
const RTC_KEY: &str = "123654";
const NOW_SECONDS: i64 = NOW_MS / 1_000;

const LIVE_REFUSED: &str = r#"{"ActionStatus":"FAIL","ErrorInfo":"the signature is not accepted","ErrorCode":1}"#;
const RTC_REFUSED: &str = r#"{"code":1,"message":"the signature is not accepted"}"#;

fn secret(text: &str) -> Option<Secret> {
    Some(Secret::from(text.to_owned()))
}

fn keys() -> Keys {
    let keys = Keys::default();
    keys.set(APP, Kind::LiveToken, secret(LIVE_TOKEN));
    keys.set(APP, Kind::RtcKey, secret(RTC_KEY));
    keys.set(OTHER, Kind::LiveToken, secret("another token"));
    keys.set(OTHER, Kind::RtcKey, secret("another key"));
    keys
}

async fn running(store: &Arc<Store>, keys: Keys) -> Running {
    let apps = [APP, OTHER, OPEN].map(|id| App::new(id, "")).to_vec();
    Running::checking(Limits::default(), store.clone(), apps, keys).await
}

/// Somebody enters a live room; the name makes it unlike any other.
fn live_body(user: &str) -> String {
    format!(
        r#"{{"CallbackCommand":"Live.CallbackAfterMemberStateChanged","RoomId":"r","EventType":"Online","EventCause":"Enter","MemberList":[{{"Member_Account":"{user}"}}],"EventTime":{NOW_MS}}}"#
    )
}

/// The same for RTC Engine, printed as Tencent prints it: with line breaks, and a tab after each colon.
fn rtc_body(user: &str) -> String {
    format!(
        "{{\n\t\"EventGroupId\":\t1,\n\t\"EventType\":\t103,\n\t\"CallbackTs\":\t{NOW_MS},\n\t\"EventInfo\":\t{{\n\t\t\"RoomId\":\t12345,\n\t\t\"EventTs\":\t{NOW_SECONDS},\n\t\t\"EventMsTs\":\t{NOW_MS},\n\t\t\"UserId\":\t\"{user}\",\n\t\t\"Role\":\t20,\n\t\t\"Reason\":\t1\n\t}}\n}}"
    )
}

fn live_query(app: &str, sign: &str, seconds: i64) -> String {
    format!("SdkAppid={app}&CallbackCommand=Live.CallbackAfterMemberStateChanged&Sign={sign}&RequestTime={seconds}")
}

fn signed(app: &str, token: &str, seconds: i64) -> String {
    live_query(app, &live_sign(token, &seconds.to_string()), seconds)
}

async fn send(running: &Running, query: &str, headers: &str, body: &str) -> Answer {
    post(running.address, &format!("/hook/{TOKEN}?{query}"), headers, body.as_bytes()).await
}

async fn send_rtc(running: &Running, app: &str, sign: Option<&str>, body: &str) -> Answer {
    let sign = sign.map(|sign| format!("Sign: {sign}\r\n")).unwrap_or_default();
    send(running, "", &format!("SdkAppId: {app}\r\n{sign}"), body).await
}

fn deliveries(store: &Store) -> Vec<DeliveryRow> {
    store.read(|reader| reader.deliveries(&Filter::default(), &PageRequest::default(), NOW_MS)).expect("a list").rows
}

/// The newest delivery's verdict and reason.
fn last(store: &Store) -> (String, String) {
    let rows = deliveries(store);
    let row = rows.iter().max_by_key(|row| row.quarantined).expect("a delivery");
    (row.verdict.clone(), row.why())
}

#[tokio::test]
async fn a_live_callback_is_believed_when_its_token_and_time_fit() {
    for (why, query, status) in [
        ("signed now", signed(APP, LIVE_TOKEN, NOW_SECONDS), 200),
        ("signed a minute ago", signed(APP, LIVE_TOKEN, NOW_SECONDS - 60), 200),
        (
            "in upper case",
            { live_query(APP, &live_sign(LIVE_TOKEN, &NOW_SECONDS.to_string()).to_uppercase(), NOW_SECONDS) },
            200,
        ),
        ("an app without a token is not checked", format!("SdkAppid={OPEN}&Sign=00"), 200),
        ("another app's token", signed(APP, "another token", NOW_SECONDS), 403),
        ("our token for another app", signed(OTHER, LIVE_TOKEN, NOW_SECONDS), 403),
        ("no signature at all", format!("SdkAppid={APP}"), 403),
        ("no time", format!("SdkAppid={APP}&Sign={}", live_sign(LIVE_TOKEN, "")), 403),
        ("no hexadecimal digits", live_query(APP, "signed", NOW_SECONDS), 403),
        (
            "the time of another signature",
            { live_query(APP, &live_sign(LIVE_TOKEN, &NOW_SECONDS.to_string()), NOW_SECONDS + 1) },
            403,
        ),
    ] {
        let (_folder, store) = store();
        let running = running(&store, keys()).await;
        let answer = send(&running, &query, "", &live_body("alice")).await;
        assert_eq!(answer.status, status, "{why}: {answer:?}");
        let overview = store.read(Reader::overview).expect("readable");
        let want = if status == 200 { (1, 0, 1) } else { (0, 1, 0) };
        assert_eq!((overview.deliveries, overview.quarantined, overview.rooms), want, "{why}: where it is");
        if status == 403 {
            assert_eq!(answer.body, LIVE_REFUSED, "{why}: the family's words for failure");
            let (verdict, reason) = last(&store);
            assert_eq!(verdict, "bad_signature", "{why}");
            assert!(reason.contains("Live token") && reason.contains(APP.get(..8).expect("digits")), "{why}: {reason}");
            assert!(!reason.contains(LIVE_TOKEN), "{why}: a reason shows no token: {reason}");
        }
        assert_eq!(running.listener.handle().clock_off(), None, "{why}: nothing is wrong with the clock");
    }
}

#[tokio::test]
async fn an_rtc_callback_is_believed_when_its_header_fits_the_bytes() {
    let body = rtc_body("alice");
    let good = rtc_sign(RTC_KEY, body.as_bytes());
    let tidy: String = serde_json::from_str::<serde_json::Value>(&body).expect("JSON").to_string();
    let (lower, short) = (good.to_lowercase(), good.trim_end_matches('=').to_owned());
    for (why, app, sign, body, status) in [
        ("signed, with tabs and line breaks", APP, Some(good.as_str()), body.as_str(), 200),
        ("an app without a key is not checked", OPEN, None, body.as_str(), 200),
        ("the same JSON in other bytes", APP, Some(good.as_str()), tidy.as_str(), 403),
        ("another app's key", OTHER, Some(good.as_str()), body.as_str(), 403),
        ("no header", APP, None, body.as_str(), 403),
        ("another case is another signature", APP, Some(lower.as_str()), body.as_str(), 403),
        ("cut off", APP, Some(short.as_str()), body.as_str(), 403),
    ] {
        let (_folder, store) = store();
        let running = running(&store, keys()).await;
        let answer = send_rtc(&running, app, sign, body).await;
        assert_eq!(answer.status, status, "{why}: {answer:?}");
        if status == 403 {
            assert_eq!(answer.body, RTC_REFUSED, "{why}: the family's words for failure");
            let (verdict, reason) = last(&store);
            assert_eq!(verdict, "bad_signature", "{why}");
            assert!(reason.contains("RTC key") && !reason.contains(RTC_KEY), "{why}: {reason}");
        }
    }
}

#[tokio::test]
async fn a_wrong_clock_is_recognised_and_said() {
    let (_folder, store) = store();
    let running = running(&store, keys()).await;
    let handle = running.listener.handle();
    for (seconds, parts, message) in [
        (NOW_SECONDS + 300, ["5 minutes after", "it is behind"], "clock is 5 minutes behind"),
        (NOW_SECONDS - 7_200, ["2 hours before", "clock is ahead"], "seems to be 2 hours ahead"),
    ] {
        let answer = send(&running, &signed(APP, LIVE_TOKEN, seconds), "", &live_body(&seconds.to_string())).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, LIVE_REFUSED), "too far away: {answer:?}");
        let rows = deliveries(&store);
        let row = rows.iter().find(|row| parts.iter().all(|part| row.why().contains(part)));
        let row = row.unwrap_or_else(|| panic!("{parts:?} are in no reason: {rows:?}"));
        assert_eq!((row.verdict.as_str(), row.quarantined), ("stale_signature", true), "it waits: {row:?}");
        let off = handle.clock_off().expect("it was noticed");
        assert_eq!((off.seconds, off.at_ms), (NOW_SECONDS - seconds, NOW_MS), "by how much, which way, and when");
        assert!(off.message().contains(message), "{message:?} is missing from: {}", off.message());
    }
    let bad = send(&running, &live_query(APP, "00", NOW_SECONDS), "", &live_body("mallory")).await;
    assert_eq!(bad.status, 403, "not signed by Tencent");
    assert!(handle.clock_off().is_some(), "whoever does not sign says nothing of the clock");
    let good = send(&running, &signed(APP, LIVE_TOKEN, NOW_SECONDS), "", &live_body("bob")).await;
    assert_eq!(good.status, 200, "signed now");
    assert_eq!(handle.clock_off(), None, "the clock is right again");
}

#[tokio::test]
async fn what_was_turned_away_can_be_released_by_a_person_alone() {
    let (_folder, store) = store();
    let running = running(&store, keys()).await;
    send_rtc(&running, APP, Some("AAAA"), &rtc_body("alice")).await;
    send(&running, &signed(APP, LIVE_TOKEN, NOW_SECONDS - 90), "", &live_body("bob")).await;
    for app in [APP, OTHER] {
        assert_eq!(
            store.release_app(app).expect("no failure"),
            0,
            "adding the app again proves nothing of a signature"
        );
    }
    let rows = deliveries(&store);
    assert_eq!(rows.iter().filter(|row| row.quarantined).count(), 2, "both wait: {rows:?}");
    for row in &rows {
        let digest = Digest::from_hex(&row.digest).expect("a digest");
        assert!(store.release(&digest).expect("released"), "a person says that it is genuine");
    }
    let rows = deliveries(&store);
    let told: Vec<_> = rows.iter().map(|row| (row.verdict.as_str(), row.quarantined, row.received_ms)).collect();
    assert_eq!(told, [("applied", false, NOW_MS); 2], "they are in the record with the time of their receipt");
    let overview = store.read(Reader::overview).expect("readable");
    assert_eq!((overview.quarantined, overview.rooms), (0, 2), "and both rooms are");
}

#[tokio::test]
async fn a_request_for_permission_is_allowed_whatever_its_signature() {
    let (_folder, store) = store();
    let running = running(&store, keys()).await;
    let gift = r#"{"CallbackCommand":"Live.CallbackBeforeSendGift","RoomId":"r"}"#;
    let answer = send(&running, &live_query(APP, "00", NOW_SECONDS), "", gift).await;
    assert_eq!(answer.status, 200, "the customer's users are waiting: {answer:?}");
    assert!(answer.body.contains(r#""ErrorCode":0"#), "and allowed to go on: {answer:?}");
    let began = std::time::Instant::now();
    while deliveries(&store).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "it is kept, as best effort");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(last(&store).0, "bad_signature", "as what it is");
}

#[tokio::test]
async fn families_that_tencent_does_not_sign_are_not_asked_for_a_signature() {
    let running =
        Running::checking(Limits::default(), Shelf::new(Behaviour::Keeps), vec![App::new(APP, "")], keys()).await;
    let v1 = format!("sdkappid={APP}&command=call_end&contenttype=json");
    for (query, body) in [
        (call_query(), end_call("unsigned")),
        (v1, r#"{"CallId":"a","UserId":"u","Role":"caller","Event":"call_end"}"#.to_owned()),
        (format!("SdkAppid={APP}"), r#"{"CallbackCommand":"Room.CallbackAfterCreateRoom","RoomId":"r"}"#.to_owned()),
        (format!("SdkAppid={APP}"), r#"{"CallbackCommand":"Calltrail.Test"}"#.to_owned()),
    ] {
        let answer = send(&running, &query, "", &body).await;
        assert_eq!(answer.status, 200, "{body}: {answer:?}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_read_lets_nothing_through_and_says_so() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let vault = Vault::open(home.path(), KeyStore::File);
    vault.put(APP, Kind::LiveToken, &Secret::from(LIVE_TOKEN.to_owned())).expect("kept");
    std::fs::write(home.path().join(vault::FILE_NAME), "{").expect("damaged");
    let (_folder, store) = store();
    let apps = [App::new(APP, "")];
    let keys = Keys::load(&vault, &apps);
    let running = running(&store, keys.clone()).await;
    let genuine = signed(APP, LIVE_TOKEN, NOW_SECONDS);
    let answer = send(&running, &genuine, "", &live_body("alice")).await;
    assert_eq!((answer.status, answer.body.as_str()), (403, LIVE_REFUSED), "nobody can say that it is genuine");
    let (verdict, reason) = last(&store);
    assert_eq!(verdict, "bad_signature", "it waits");
    assert!(reason.contains("cannot be read") && reason.contains("Live token"), "with a reason of its own: {reason}");
    keys.set(APP, Kind::LiveToken, secret(LIVE_TOKEN));
    let answer = send(&running, &genuine, "", &live_body("bob")).await;
    assert_eq!(answer.status, 200, "a token that is entered again counts at once: {answer:?}");
}
