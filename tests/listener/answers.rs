//! What becomes of a complete request: the archive or the quarantine, and the exact answer of the family.

use std::time::{Duration, Instant};

use calltrail::{
    callback::codes::Verdict,
    store::{
        delivery::{Digest, Place},
        filter::{Filter, PageRequest},
    },
};

use super::{
    APP, Behaviour, NOW_MS, Running, Shelf, TOKEN, call_query, end_call, store,
    wire::{Answer, post},
};

const CALL_OK: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
const EVERY_OK: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"ErrorMessage":"Success","code":0}"#;

async fn send(running: &Running, query: &str, headers: &str, body: &str) -> Answer {
    post(running.address, &format!("/hook/{TOKEN}?{query}"), headers, body.as_bytes()).await
}

#[tokio::test]
async fn success_means_that_it_can_be_read_back() {
    let (_folder, store) = store();
    let running = Running::over(store.clone()).await;
    let headers = "Content-Type: application/json\r\nAuthorization: Basic eA==\r\nX-Forwarded-For: 203.0.113.9\r\n";
    let body = end_call("kept-1");
    let answer = send(&running, &call_query(), headers, &body).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, CALL_OK), "the words that Tencent expects");
    assert_eq!(answer.header("content-type"), "application/json", "{answer:?}");
    assert_eq!(answer.header("server"), "", "the listener does not introduce itself");
    assert!(answer.head.len() + answer.body.len() < 2000, "protocol.md section 0");

    let page =
        store.read(|reader| reader.deliveries(&Filter::default(), &PageRequest::default(), NOW_MS)).expect("a list");
    assert_eq!(page.rows.len(), 1, "one delivery");
    let digest = Digest::from_hex(&page.rows[0].digest).expect("a digest");
    let kept = store.read(|reader| reader.raw_delivery(&digest)).expect("readable").expect("there");
    assert_eq!(kept.body, body.as_bytes(), "the body byte for byte");
    assert_eq!(kept.query, call_query(), "the query as sent");
    assert_eq!(
        (kept.received_ms, kept.app.as_str(), kept.remote.as_str()),
        (NOW_MS, APP, "127.0.0.1"),
        "when, whose, from where"
    );
    let names: Vec<&str> = kept.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-length", "content-type", "x-forwarded-for"], "end-to-end headers without secrets");
    assert_eq!(running.listener.handle().last_kept_ms(), Some(NOW_MS), "proof of life");
    let calls = store.read(|reader| reader.calls(&Filter::default(), &PageRequest::default(), NOW_MS)).expect("a list");
    assert_eq!(calls.rows.len(), 1, "and the call is in the record");
}

#[tokio::test]
async fn every_family_gets_its_own_words() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    let v1 = format!("sdkappid={APP}&command=call_end&contenttype=json&clientip=203.0.113.7&optplatform=iOS");
    let call = end_call("words");
    let trtc = format!("Content-Type: application/json\r\nSdkAppId: {APP}\r\nSign: x\r\n");
    for (query, headers, body, want) in [
        (
            v1.as_str(),
            "",
            r#"{"CallId":"a","UserId":"u","Role":"caller","Event":"call_end"}"#,
            r#"{"ErrorCode":0,"ErrorMessage":"Success"}"#,
        ),
        (&call_query(), "", call.as_str(), CALL_OK),
        (
            "",
            trtc.as_str(),
            r#"{"EventGroupId":1,"EventType":103,"CallbackTs":1,"EventInfo":{"RoomId":1}}"#,
            r#"{"code":0}"#,
        ),
        ("", "", r#"{"CallbackCommand":"Call.CallbackAfterEndCall"}"#, EVERY_OK),
        ("", "", "", EVERY_OK),
        (&call_query(), "", "this is not JSON", CALL_OK),
    ] {
        let answer = send(&running, query, headers, body).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, want), "{query} {body}");
    }
}

#[tokio::test]
async fn what_is_not_ours_waits_in_quarantine() {
    let (_folder, store) = store();
    let running = Running::over(store.clone()).await;
    let foreign = send(&running, "SdkAppid=7", "", &end_call("foreign")).await;
    assert_eq!(foreign.status, 403, "another company's application: {foreign:?}");
    assert!(foreign.body.contains(r#""ActionStatus":"FAIL""#), "the family's words for failure: {foreign:?}");
    let both = send(&running, &format!("SdkAppid={APP}&sdkappid=7"), "", &end_call("both")).await;
    assert_eq!(both.status, 403, "a request that names two applications: {both:?}");
    let test = send(&running, "SdkAppid=7", "", r#"{"CallbackCommand":"Calltrail.Test"}"#).await;
    assert_eq!(test.status, 200, "our own test callback needs no application");
    let overview = store.read(calltrail::store::Reader::overview).expect("readable");
    assert_eq!(
        (overview.quarantined, overview.deliveries, overview.calls),
        (2, 1, 0),
        "nothing of it is in the record"
    );
    assert_eq!(store.release_app("7").expect("released"), 1, "adding the application moves what waited for it");
    let calls = store.read(|reader| reader.calls(&Filter::default(), &PageRequest::default(), NOW_MS)).expect("a list");
    assert_eq!(calls.rows.len(), 1, "into the record");
}

#[tokio::test]
async fn a_failing_store_is_never_called_success() {
    for (behaviour, slowest) in [
        (Behaviour::Full, Duration::from_secs(1)),
        (Behaviour::Broken, Duration::from_secs(1)),
        (Behaviour::Silent, Duration::from_millis(1950)),
        (Behaviour::Slow(Duration::from_secs(3)), Duration::from_millis(1950)),
    ] {
        let running = Running::over(Shelf::new(behaviour)).await;
        let began = Instant::now();
        let answer = send(&running, &call_query(), "", &end_call("unlucky")).await;
        assert!(began.elapsed() < slowest, "Tencent waits 2 seconds; this took {:?}", began.elapsed());
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, "1"),
            "the sender should try again: {answer:?}"
        );
        assert!(answer.body.contains("storage unavailable"), "it says why: {answer:?}");
        assert!(!answer.body.contains("secret"), "and nothing of the inside: {answer:?}");
        assert_eq!(running.refused("not_stored"), 1, "a person can see it");
        assert_eq!(running.listener.handle().last_kept_ms(), None, "it is no proof of life");
    }
}

#[tokio::test]
async fn a_request_for_permission_is_allowed_whatever_the_state_of_the_store() {
    let gift = r#"{"CallbackCommand":"Live.CallbackBeforeSendGift","RoomId":"r"}"#;
    for behaviour in [Behaviour::Keeps, Behaviour::Full, Behaviour::Broken, Behaviour::Silent, Behaviour::Panics] {
        let running = Running::over(Shelf::new(behaviour)).await;
        for query in [format!("SdkAppid={APP}"), "SdkAppid=7".to_owned(), String::new()] {
            let began = Instant::now();
            let answer = send(&running, &query, "", gift).await;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (200, CALL_OK),
                "{query:?}: the customer's users are waiting"
            );
            assert!(began.elapsed() < Duration::from_secs(1), "{query:?}: at once, not after {:?}", began.elapsed());
        }
    }
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    send(&running, "SdkAppid=7", "", gift).await;
    let (_, _, place) = shelf.given().remove(0);
    let foreign = matches!(place, Place::Quarantine { verdict: Verdict::ForeignApp, .. });
    assert!(foreign, "allowed, but kept where it belongs: {place:?}");
}

#[tokio::test]
async fn a_fault_costs_one_request_and_not_the_listener() {
    let running = Running::over(Shelf::new(Behaviour::Panics)).await;
    for round in 0..3 {
        let answer = send(&running, &call_query(), "", &end_call("fault")).await;
        assert_eq!(answer.status, 500, "round {round}: the sender may try again: {answer:?}");
    }
    assert_eq!(running.refused("fault"), 3, "each fault is counted");
}
