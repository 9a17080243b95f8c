//! What the sandbox sends: only what is switched on, as each family writes it, with its retries and the faults.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use calltrail::{
    callback::{codes::Family, reply, signature},
    sandbox::{Outcome, Pace, Report},
    secret::Secret,
    tencent::Product,
    traffic::Scenario,
};
use serde_json::json;

use super::{
    receiver::{Got, Receiver},
    side::{APP, Side},
};

const CALL: [&str; 3] = ["Call.CallbackAfterStartCall", "Call.CallbackAfterMemberChanged", "Call.CallbackAfterEndCall"];
const LIVE: [&str; 3] =
    ["Live.CallbackAfterCreateRoom", "Live.CallbackAfterMemberStateChanged", "Live.CallbackAfterDestroyRoom"];

fn commands(got: &[Got]) -> Vec<String> {
    got.iter().map(Got::command).collect()
}

/// The only delivery that was sent.
fn only_sent(report: &Report) -> &Outcome {
    let sent: Vec<_> = report.deliveries.iter().filter(|told| told.outcome != Outcome::NotConfigured).collect();
    assert_eq!(sent.len(), 1, "one command is switched on: {report:?}");
    &sent[0].outcome
}

#[test]
fn only_what_is_switched_on_is_sent_in_order_and_as_documented() {
    let (side, receiver) = (Side::start(), Receiver::good());
    assert_eq!(side.play(Scenario::Answered).not_configured(), 4, "nobody asked for anything");
    side.configure(Product::Call, &receiver.url("/hook?token=t"), &[CALL[0], CALL[2]]);
    side.configure(Product::CallV1, &receiver.url("/v1"), &["normal_end"]);
    let report = side.play(Scenario::Answered);
    assert_eq!((report.taken(), report.refused(), report.not_configured()), (2, 0, 2), "{report:?}");
    let got = receiver.got();
    assert_eq!(commands(&got), [CALL[0], CALL[2]], "in order, and nothing else");
    for got in &got {
        assert!(got.target.starts_with("/hook?token=t&SdkAppid=1400000000&CallbackCommand=Call."), "{}", got.target);
        assert_eq!(got.json()["CallbackCommand"], got.command().as_str(), "the body says the same");
        assert_eq!(got.header("Content-Type"), Some("application/json"), "as in Tencent's requests");
        assert_eq!(got.query().get("Sign"), None, "calls are not signed");
    }
    let end_ms = got[1].json()["EventTime"].as_i64().expect("milliseconds");
    assert!((-2_000..=0).contains(&(end_ms - side.now_ms())), "it has just ended: {}", end_ms - side.now_ms());

    let report = side.play(Scenario::CallKitAnswered);
    assert_eq!((report.taken(), report.not_configured()), (1, 6), "one of the older client's words: {report:?}");
    let last = receiver.got().pop().expect("a request");
    assert!(last.target.starts_with("/v1?sdkappid=1400000000&command=normal_end&contenttype=json&"), "{}", last.target);
    assert_eq!(last.json()["CallResult"], "normal_end", "a status callback");
}

#[test]
fn the_next_play_is_another_call_and_a_seed_gives_the_same_again() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::Call, &receiver.url("/"), &CALL);
    let (first, second) = (side.play(Scenario::Missed), side.play(Scenario::Missed));
    assert_ne!(first.seed, second.seed, "two calls");
    let play =
        calltrail::sandbox::Play { seed: Some(first.seed), ..calltrail::sandbox::Play::new(APP, Scenario::Missed) };
    side.runtime.block_on(side.sandbox.perform(play)).expect("the app is known");
    let got = receiver.got();
    let calls: BTreeSet<String> = got
        .iter()
        .filter(|got| got.command() == CALL[2])
        .map(|got| got.json()["CallRecord"]["CallId"].to_string())
        .collect();
    assert_eq!(calls.len(), 2, "the third was the first again");
    let error = side.runtime.block_on(side.sandbox.play("7", Scenario::Missed, Pace::Instant)).expect_err("nobody's");
    assert!(error.to_string().contains("does not know the application 7"), "{error}");
}

#[test]
fn live_callbacks_are_signed_while_a_token_is_on() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::Live, &receiver.url("/"), &LIVE);
    let set =
        |token: serde_json::Value| assert_eq!(side.code("v4/live_config/set_callback_token", token), 0, "it is set");
    set(json!({"Token": "xxxxyyyy", "IsTokenEnable": true}));
    assert_eq!(side.play(Scenario::LiveRoom).refused(), 0, "all are taken");
    let signed = receiver.got();
    for got in &signed {
        let query = got.query();
        let checked = signature::check_live("xxxxyyyy", query.get("Sign"), query.get("RequestTime"), side.now_ms());
        assert_eq!(checked, Ok(()), "{}", got.target);
    }
    set(json!({"IsTokenEnable": false}));
    side.play(Scenario::LiveRoom);
    let later = &receiver.got()[signed.len()..];
    assert!(!later.is_empty() && later.iter().all(|got| got.query().get("Sign").is_none()), "off is off");
}

#[test]
fn rtc_engine_goes_where_its_console_says_and_is_signed_with_its_key() {
    let (side, receiver) = (Side::start(), Receiver::good());
    assert_eq!(side.play(Scenario::RtcRoom).taken(), 0, "no address, no events");
    let key = Secret::from("123654".to_owned());
    side.sandbox.rtc(APP, Some(receiver.url("/rtc")), Some(key)).expect("the app is known");
    let report = side.play(Scenario::RtcRoom);
    assert_eq!(report.taken(), report.deliveries.len(), "every event: {report:?}");
    for got in receiver.got() {
        assert_eq!(got.target, "/rtc", "without a query");
        assert_eq!(got.header("SdkAppId"), Some(APP), "the app is in the headers");
        assert_eq!(signature::check_rtc("123654", got.header("Sign"), &got.body), Ok(()), "over the bytes as sent");
    }
    side.sandbox.rtc(APP, None, None).expect("the app is known");
    assert_eq!(side.play(Scenario::RtcRoom).taken(), 0, "switched off");
}

#[test]
fn the_older_family_tries_six_times_more_with_the_documented_pauses() {
    let failing = reply::failure(Family::CallV1, "full");
    for (status, body, why) in [
        (500, String::new(), "HTTP status 500"),
        (200, failing, "ErrorCode 1"),
        (200, "ok".to_owned(), "the answer is not a JSON object"),
    ] {
        let side = Side::start();
        let receiver = Receiver::answering(move |_, _| Some((status, body.clone())));
        side.configure(Product::CallV1, &receiver.url("/"), &["normal_end"]);
        let report = side.play(Scenario::CallKitAnswered);
        let want = Outcome::Sent {
            attempts: 7,
            status: Some(status),
            reply_ok: false,
            why: why.to_owned(),
            waited_ms: vec![0, 1_000, 1_000, 2_000, 3_000, 5_000],
        };
        assert_eq!(only_sent(&report), &want, "page 60130");
        let got = receiver.got();
        assert_eq!(got.len(), 7, "each try is a request");
        assert!(got.iter().all(|again| again.body == got[0].body), "of the same bytes");
        let log = side.sandbox.sent();
        assert_eq!(
            log.iter().map(|sent| sent.attempt).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 6, 7],
            "and each is logged"
        );
        assert!(!format!("{log:?}").contains(&receiver.url("/")), "without the address, which holds a token");
    }
}

#[test]
fn a_try_that_is_taken_is_the_last() {
    let side = Side::start();
    let receiver =
        Receiver::answering(|n, _| Some((if n < 2 { 503 } else { 200 }, reply::success(Family::CallV1).to_owned())));
    side.configure(Product::CallV1, &receiver.url("/"), &["normal_end"]);
    let report = side.play(Scenario::CallKitAnswered);
    let Outcome::Sent { attempts: 3, reply_ok: true, waited_ms, .. } = only_sent(&report) else {
        panic!("the third was taken: {report:?}")
    };
    assert_eq!(waited_ms, &[0, 1_000], "the pauses before the second and the third");
}

#[test]
fn rtc_engine_tries_for_a_minute_and_does_not_read_the_answer() {
    let side = Side::start();
    let receiver = Receiver::answering(|n, _| Some((if n < 7 { 500 } else { 200 }, "anything".to_owned())));
    side.sandbox.rtc(APP, Some(receiver.url("/")), None).expect("the app is known");
    let report = side.play(Scenario::RtcRoom);
    let Outcome::Sent { attempts: 7, status: Some(500), waited_ms, .. } = &report.deliveries[0].outcome else {
        panic!("the first was refused to the end: {:?}", report.deliveries[0])
    };
    assert_eq!(waited_ms, &[0, 10_000, 10_000, 10_000, 10_000, 10_000], "at once, then every 10 s (page 51586)");
    assert_eq!(report.refused(), 1, "the others were taken with whatever answer");
    let times: BTreeSet<i64> =
        receiver.got()[..7].iter().map(|got| got.json()["CallbackTs"].as_i64().expect("ms")).collect();
    assert_eq!(times.len(), 1, "CallbackTs is the sandbox's time, which stood still");
}

#[test]
fn the_others_try_once_unless_the_console_says_otherwise() {
    let side = Side::start();
    let receiver = Receiver::answering(|_, _| Some((503, String::new())));
    side.configure(Product::Call, &receiver.url("/"), &[CALL[2]]);
    let Outcome::Sent { attempts: 1, status: Some(503), .. } = only_sent(&side.play(Scenario::Missed)).clone() else {
        panic!("once (page 34354)")
    };
    side.faults(&["retries"]);
    let Outcome::Sent { attempts: 1, .. } = only_sent(&side.play(Scenario::Missed)).clone() else {
        panic!("an answer is an answer; only silence is tried again")
    };
    side.configure(Product::Call, "http://127.0.0.1:1/", &[CALL[2]]);
    let Outcome::Sent { attempts: 4, status: None, reply_ok: false, why, .. } =
        only_sent(&side.play(Scenario::Missed)).clone()
    else {
        panic!("nobody is there")
    };
    assert!(!why.is_empty() && !why.contains("127.0.0.1:1/"), "it says why: {why:?}");
}

#[test]
fn who_does_not_answer_within_two_seconds_has_not_answered() {
    let side = Side::start();
    let receiver = Receiver::answering(|_, _| None);
    side.configure(Product::Call, &receiver.url("/"), &[CALL[2]]);
    let began = Instant::now();
    let report = side.play(Scenario::Missed);
    let Outcome::Sent { status: None, why, .. } = only_sent(&report) else { panic!("silence: {report:?}") };
    assert_eq!(why, "no answer came in time", "page 34354: 2 seconds");
    assert!(began.elapsed() >= Duration::from_secs(2), "it waited for {:?}", began.elapsed());
}

#[test]
fn duplicates_and_disorder_lose_nothing() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::Call, &receiver.url("/"), &CALL);
    let plain = side.play(Scenario::GroupCall).deliveries.len();
    side.faults(&["duplicates", "disorder=6"]);
    let play = calltrail::sandbox::Play { seed: Some(1), ..calltrail::sandbox::Play::new(APP, Scenario::GroupCall) };
    let report = side.runtime.block_on(side.sandbox.perform(play)).expect("the app is known");
    assert_eq!(report.deliveries.len(), plain * 2, "each twice");
    let got = receiver.got().split_off(plain);
    let mut bodies: Vec<Vec<u8>> = got.iter().map(|got| got.body.clone()).collect();
    let times: Vec<i64> = got.iter().map(|got| got.json()["EventTime"].as_i64().expect("ms")).collect();
    assert!(!times.is_sorted(), "not in order: {times:?}");
    bodies.sort();
    assert!(bodies.chunks(2).all(|pair| pair[0] == pair[1]), "byte for byte");
}

#[test]
fn bad_signatures_clock_skew_and_delay_are_what_they_say() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::Live, &receiver.url("/"), &LIVE);
    assert_eq!(side.code("v4/live_config/set_callback_token", json!({"Token": "t", "IsTokenEnable": true})), 0, "on");
    let check = |got: &Got| {
        let query = got.query();
        signature::check_live("t", query.get("Sign"), query.get("RequestTime"), side.now_ms())
    };
    side.faults(&["bad-signatures"]);
    side.play(Scenario::LiveRoom);
    let bad = receiver.got();
    assert!(!bad.is_empty() && bad.iter().all(|got| check(got) == Err(signature::Fault::Bad)), "with another token");
    for (skew, shift) in [("clock-skew=90", 90_000), ("clock-skew=-90", -90_000)] {
        let before = receiver.got().len();
        side.faults(&[skew]);
        side.play(Scenario::LiveRoom);
        let got = receiver.got().split_off(before);
        assert!(got.iter().all(|got| check(got) == Err(signature::Fault::Stale)), "{skew}: the signature's time too");
        let last = got.iter().filter_map(|got| got.json()["EventTime"].as_i64()).max().expect("a time");
        assert!((last - side.now_ms() - shift).abs() < 2_000, "{skew}: {}", last - side.now_ms());
    }
    let before = receiver.got().len();
    side.faults(&["delay=60000"]);
    side.play(Scenario::LiveRoom);
    let got = receiver.got().split_off(before);
    assert!(got.iter().all(|got| check(got) == Ok(())), "late, and signed when it was sent");
    let last = got.iter().filter_map(|got| got.json()["EventTime"].as_i64()).max().expect("a time");
    assert!((last - side.now_ms() + 60_000).abs() < 2_000, "a minute late: {}", last - side.now_ms());
}

#[test]
fn a_sender_that_goes_away_has_sent_all_of_it_and_does_not_come_back() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::CallV1, &receiver.url("/hook?a=b"), &["normal_end"]);
    side.faults(&["gives-up"]);
    let report = side.play(Scenario::CallKitAnswered);
    assert_eq!(only_sent(&report), &Outcome::GaveUp { attempts: 1 }, "no retry");
    let got = receiver.got_at_least(1);
    assert!(got[0].target.starts_with("/hook?a=b&sdkappid="), "{}", got[0].target);
    assert_eq!(got[0].json()["CallResult"], "normal_end", "the whole body");
}

#[test]
fn a_pace_keeps_the_distances_and_ends_now() {
    let (side, receiver) = (Side::start(), Receiver::good());
    side.configure(Product::Call, &receiver.url("/"), &CALL);
    let began = Instant::now();
    // It rings for half a minute.
    side.play_at(Scenario::Missed, Pace::Times(100));
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(300), "30 s, a hundred times faster: {took:?}");
    // The last two happen within half a second, so within 5 ms here, each on a connection of its own: either may come first.
    let mut got = receiver.got();
    got[1..].sort_by_key(|got| CALL.iter().position(|name| *name == got.command()));
    assert_eq!(commands(&got), CALL, "the beginning is first");
    let before = receiver.got().len();
    let report = side.play_at(Scenario::GroupCall, Pace::Burst(8));
    assert_eq!(report.taken(), report.deliveries.len(), "all of them, whatever the order: {report:?}");
    assert_eq!(receiver.got().len() - before, report.taken(), "and once each");
}
