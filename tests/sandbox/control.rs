//! The sandbox's own API: how a test in another process, or a person with curl, tells it what happens.

use calltrail::{tencent::Product, traffic::Scenario};
use serde_json::json;

use super::{
    receiver::Receiver,
    side::{APP, SMALL_APP, Side},
};
use crate::support::request;

#[test]
fn what_happens_can_be_told_over_http() {
    let (side, receiver) = (Side::start(), Receiver::good());
    let about = side.control("GET", "/sandbox", json!({})).json();
    assert_eq!(about["apps"], json!([APP, SMALL_APP]), "{about}");
    assert_eq!(about["scenarios"].as_object().map(|all| all.len()), Some(Scenario::ALL.len()), "each has a sentence");

    let wish = json!({"app": APP, "product": "call", "configuration": {"url": receiver.url("/"), "actions": ["Call.CallbackAfterEndCall"]}});
    let configured = side.control("POST", "/sandbox/configuration", wish).json();
    assert_eq!(configured["configurations"]["call"]["actions"], json!(["Call.CallbackAfterEndCall"]), "{configured}");
    let report = side.control("POST", "/sandbox/play", json!({"app": APP, "scenario": "missed", "seed": 7})).json();
    assert_eq!((&report["scenario"], &report["seed"]), (&json!("missed"), &json!(7)), "{report}");
    let deliveries = report["deliveries"].as_array().expect("a list");
    let last = deliveries.last().expect("deliveries");
    assert_eq!(
        last,
        &json!({"family": "call", "command": "Call.CallbackAfterEndCall", "outcome": "sent", "attempts": 1, "status": 200, "reply_ok": true, "why": "", "waited_ms": []}),
        "what was sent"
    );
    assert_eq!(deliveries[0]["outcome"], "not_configured", "and what was not");
    let sent = side.control("GET", &format!("/sandbox/sent?app={APP}"), json!({})).json();
    assert_eq!(sent.as_array().map(Vec::len), Some(1), "{sent}");

    let wish = json!({"app": APP, "product": "call", "configuration": null});
    side.control("POST", "/sandbox/configuration", wish);
    assert_eq!(side.sandbox.configuration(APP, Product::Call), None, "somebody else removed it");
    let rtc =
        side.control("POST", "/sandbox/rtc", json!({"app": APP, "url": "http://127.0.0.1:1/", "key": "k"})).json();
    assert_eq!(rtc["rtc_url"], "http://127.0.0.1:1/", "{rtc}");
    assert!(!rtc.to_string().contains("\"k\""), "the key is not repeated: {rtc}");
    let faults = side.control("POST", "/sandbox/faults", json!({"duplicates": 100})).json();
    assert_eq!((&faults["duplicates"], &faults["retries"]), (&json!(100), &json!(false)), "{faults}");
    let again = side.control("GET", &format!("/sandbox/configuration?app={APP}"), json!({})).json();
    assert_eq!(again["configurations"], json!({}), "{again}");
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence() {
    let side = Side::start();
    for (path, body, status, word) in [
        ("/sandbox/play", json!({"app": APP, "scenario": "rain"}), 400, "no scenario"),
        ("/sandbox/play", json!({"app": "7", "scenario": "missed"}), 404, "does not know"),
        ("/sandbox/play", json!({"scenario": "missed"}), 400, "Say which application"),
        ("/sandbox/play", json!({"app": APP, "scenario": "missed", "pace": "fast"}), 400, "no pace"),
        ("/sandbox/faults", json!({"rain": 1}), 400, "rain"),
        ("/sandbox/configuration", json!({"app": APP, "product": "tv", "configuration": null}), 400, "tv"),
    ] {
        let answer = side.control("POST", path, body);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let message = answer.json()["message"].as_str().expect("a sentence").to_owned();
        assert!(message.contains(word), "{path}: {message}");
    }
}

#[test]
fn web_pages_cannot_play_with_it() {
    let side = Side::start();
    let authority = side.sandbox.address().to_string();
    let body = br#"{"app":"1400000000","scenario":"missed"}"#;
    for headers in [[("Origin", "https://evil.example.org")], [("Sec-Fetch-Site", "cross-site")]] {
        let answer = request(&authority, "POST", "/sandbox/play", &headers, body);
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert_eq!(side.sandbox.sent(), [], "nothing was played");
}
