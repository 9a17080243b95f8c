//! The sandbox and the real `calltrail serve`: everything that Tencent's side sends is taken and becomes the record.

use std::{
    thread,
    time::{Duration, Instant},
};

use calltrail::{sandbox::Pace, store::Reader, tencent::Product, traffic::Scenario};
use serde_json::Value;

use super::side::{APP, Side};
use crate::process::Serve;

/// Switches everything on that the scenarios send.
fn switch_all_on(side: &Side, url: &str) {
    let v1 = [
        "cancel",
        "reject",
        "not_answer",
        "normal_end",
        "call_busy",
        "interrupt",
        "caller_start_call",
        "caller_call_accepted",
        "caller_call_missed",
        "caller_call_end",
        "callee_receive_call",
        "callee_accept_call",
        "callee_not_answer_call",
        "callee_call_end",
    ];
    side.configure(Product::CallV1, url, &v1);
    for product in [Product::Call, Product::Live, Product::Room] {
        let words: Vec<&str> = calltrail::tencent::catalogue::commands(product).map(|command| command.word).collect();
        side.configure(product, url, &words);
    }
    side.sandbox.rtc(APP, Some(url.to_owned()), None).expect("the app is known");
}

#[test]
fn what_tencents_side_plays_becomes_the_record() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::start(&home.path().join("data"));
    let side = Side::start();
    switch_all_on(&side, &format!("http://{}{}", serve.address, serve.path));
    for scenario in [
        Scenario::Answered,
        Scenario::CallKitMissed,
        Scenario::GroupCall,
        Scenario::LiveRoom,
        Scenario::ConferenceRoom,
        Scenario::RtcRoom,
        Scenario::Story,
    ] {
        let report = side.play(scenario);
        assert_eq!(report.refused(), 0, "{}: {report:#?}", scenario.code());
        assert!(report.taken() > 0, "{}: something was sent", scenario.code());
    }
    side.faults(&["gives-up"]);
    let given_up = side.play(Scenario::Declined);
    assert_eq!(given_up.taken(), 0, "nobody waited for an answer: {given_up:?}");
    side.faults(&[]);
    side.play_at(Scenario::Missed, Pace::Burst(4));

    side.later(5_000);
    let page = side.ask("v4/call_record_http_srv/get_record_by_filter", serde_json::json!({"NumberPerPage": 100}));
    let calls = page["Response"]["CallRecordList"].as_array().expect("a list").clone();
    let data = home.path().join("data");
    let deadline = Instant::now() + Duration::from_secs(20);
    let missing = loop {
        let known = known_calls(&data);
        let missing: Vec<&Value> = calls.iter().filter(|call| !known.contains(&call["CallId"].to_string())).collect();
        if missing.is_empty() || Instant::now() > deadline {
            break missing;
        }
        // What a sender left behind may still be on its way into the record.
        thread::sleep(Duration::from_millis(20));
    };
    assert!(missing.is_empty(), "every call that Tencent knows is in the record: {missing:?}");
    assert!(calls.len() > 10, "there were calls: {}", calls.len());
    drop(serve);
}

/// The ids of all calls in the record, as JSON texts.
fn known_calls(data: &std::path::Path) -> std::collections::BTreeSet<String> {
    let reader = Reader::open(data).expect("readable beside the process that writes");
    let _ = reader.overview().expect("readable");
    let ran = crate::support::calltrail()
        .args(["--data-dir"])
        .arg(data)
        .args(["export", "calls", "--columns", "call_id", "--format", "csv"])
        .output()
        .expect("the command runs");
    String::from_utf8(ran.stdout).expect("UTF-8").lines().skip(1).map(|id| format!("\"{id}\"")).collect()
}
