//! Every request of `INDEX.json` gets its reply and its verdict, and every malformed body the verdict that fits.

use serde_json::Value;

use crate::callback::{
    AppClaim, Callback, Headers, Query, TEST_COMMAND, claimed_app,
    codes::{Family, Verdict},
    lenient_json, parse, platform, reply,
};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/samples");

/// One request of the index.
pub(super) struct Sample {
    pub(super) file: String,
    pub(super) command: String,
    pub(super) query: Query,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) entry: Value,
}

impl Sample {
    pub(super) fn parse(&self) -> Callback {
        parse(&self.query, &self.headers, &self.body)
    }
}

/// The requests of the index of one kind.
pub(super) fn of_kind(kind: &str) -> Vec<Sample> {
    let index = std::fs::read_to_string(format!("{SAMPLES}/INDEX.json")).expect("the index is there");
    let index: Vec<Value> = serde_json::from_str(&index).expect("the index is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let samples: Vec<Sample> = index
        .into_iter()
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| Sample {
            file: text(&entry["file"]),
            command: text(&entry["command"]),
            query: Query::parse(entry["query"].as_str().unwrap_or_default()),
            headers: entry["headers"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v))).collect(),
            body: std::fs::read(format!("{SAMPLES}/{}", text(&entry["file"]))).expect("the body is there"),
            entry,
        })
        .collect();
    assert!(!samples.is_empty(), "the index has entries of kind {kind}");
    samples
}

/// The bytes of one file of the samples.
pub(super) fn body(file: &str) -> Vec<u8> {
    std::fs::read(format!("{SAMPLES}/{file}")).expect("the sample is there")
}

#[test]
fn every_request_gets_its_reply_and_a_verdict() {
    for sample in of_kind("callback-request") {
        let callback = sample.parse();
        let reply: Value = serde_json::from_str(reply::success(callback.family)).expect("a reply is JSON");
        assert_eq!(reply, sample.entry["expected_response"], "{}: the reply of its family", sample.file);
        let fits = if callback.facts.is_some() { Verdict::Applied } else { Verdict::NotRelevant };
        assert_eq!(callback.verdict, fits, "{}: it is understood: {}", sample.file, callback.why());
        assert_eq!(
            callback.reason.is_none(),
            callback.facts.is_some(),
            "{}: a reason where nothing is recorded",
            sample.file
        );
        assert_eq!(callback.command, sample.command, "{}: the command as sent", sample.file);
        assert_eq!(
            claimed_app(&sample.query, &sample.headers),
            AppClaim::One("1400123456".to_owned()),
            "{}",
            sample.file
        );
        assert_eq!(
            parse(&sample.query, &sample.headers, &sample.body).is_before(),
            sample.file == "live_before_send_gift.json",
            "{}",
            sample.file
        );
    }
}

#[test]
fn families_are_told_apart_without_the_query() {
    for sample in of_kind("callback-request") {
        let bare = parse(&Query::default(), &[], &sample.body);
        assert_eq!(bare.family, sample.parse().family, "{}: the body alone names the family", sample.file);
    }
}

#[test]
fn malformed_bodies_are_kept_with_the_verdict_that_fits() {
    let mut seen = Vec::new();
    for sample in of_kind("tolerant-input") {
        let callback = sample.parse();
        seen.push((sample.file.clone(), callback.verdict));
        let Some(equivalent) = sample.entry["equivalent_to"].as_str() else { continue };
        // The index names a file that is called after the other spelling of the same action.
        let equivalent = equivalent.replace("_Answer.json", "_Accept.json");
        let (value, repaired) = lenient_json::read(&sample.body).expect("it can be repaired");
        let (mut valid, _) = lenient_json::read(&body(&equivalent)).expect("it is valid");
        if let Some(action) = valid.pointer_mut("/ChangedUserList/0/ActionType") {
            *action = "Answer".into();
        }
        assert!(repaired, "{}: it is not valid as it stands", sample.file);
        assert_eq!(value, valid, "{}: it says what {equivalent} says", sample.file);
    }
    let want = [
        ("member_changed_comment_and_missing_comma.txt", Verdict::Repaired),
        ("end_call_missing_comma.txt", Verdict::Repaired),
        ("start_battle_trailing_comma.txt", Verdict::NotRelevant),
        ("unknown_command.json", Verdict::UnknownCommand),
        ("bom_prefixed.json", Verdict::Applied),
        ("empty_body.txt", Verdict::Empty),
    ];
    assert_eq!(seen, want.map(|(file, verdict)| (format!("malformed/{file}"), verdict)), "each has its verdict");
}

/// Query, headers and body; the family and the verdict they get, and a word of the reason.
type Unreadable<'a> = (&'a str, &'a Headers, &'a [u8], Family, Verdict, &'a str);

#[test]
fn what_cannot_be_read_says_so_and_still_has_a_family() {
    let signed = [("sdkappid".to_owned(), "1400".to_owned()), ("SIGN".to_owned(), "x".to_owned())];
    let cases: [Unreadable<'_>; 9] = [
        ("command=normal_end", &[], b"{", Family::CallV1, Verdict::Unparsable, "not JSON"),
        ("CallbackCommand=Call.CallbackAfterEndCall", &[], b"\xff", Family::Call, Verdict::Unparsable, "not UTF-8"),
        ("WebhookCommand=Mic.CallbackAfterSeatInfoChanged", &[], b" \n", Family::Live, Verdict::Empty, "no body"),
        ("", &signed, b"[1]", Family::Rtc, Verdict::Unparsable, "not an object"),
        ("", &[], b"\xEF\xBB\xBF", Family::Unknown, Verdict::Empty, "no body"),
        ("", &[], b"{}", Family::Unknown, Verdict::UnknownCommand, "which product"),
        ("", &[], br#"{"CallbackCommand":"Call.CallbackAfterEndCall"}"#, Family::Call, Verdict::Unparsable, "CallId"),
        ("", &[], br#"{"EventGroupId":1,"EventType":103,"EventInfo":{}}"#, Family::Rtc, Verdict::Unparsable, "RoomId"),
        ("command=cancel", &[], br#"{"UserId":"a"}"#, Family::CallV1, Verdict::Unparsable, "CallId"),
    ];
    for (query, headers, body, family, verdict, why) in cases {
        let callback = parse(&Query::parse(query), headers, body);
        assert_eq!((callback.family, callback.verdict), (family, verdict), "{query} {body:?}");
        assert!(callback.why().contains(why), "{} says {why}", callback.why());
    }
}

#[test]
fn commands_have_families_and_the_body_wins() {
    let read = |query: &str, body: &str| parse(&Query::parse(query), &[], body.as_bytes());
    for (command, family, verdict) in [
        ("Xxx.CallbackAfterYyy", Family::Chat, Verdict::UnknownCommand),
        ("State.StateChange", Family::Chat, Verdict::NotRelevant),
        ("Live.CallbackAfterNew", Family::Live, Verdict::UnknownCommand),
        ("Room.CallbackNew", Family::Room, Verdict::UnknownCommand),
        ("Follow.CallbackAfterNew", Family::Live, Verdict::NotRelevant),
        ("nonsense", Family::Unknown, Verdict::UnknownCommand),
        (TEST_COMMAND, Family::Unknown, Verdict::Test),
    ] {
        let callback = read(
            "CallbackCommand=Live.CallbackAfterCreateRoom&command=cancel",
            &format!(r#"{{"CallbackCommand":"{command}","EventTime":1}}"#),
        );
        assert_eq!((callback.family, callback.verdict), (family, verdict), "{command}");
        assert_eq!((callback.command.as_str(), callback.event_ms), (command, Some(1_000)), "the body's word and time");
    }
    assert!(
        parse(&Query::parse("CallbackCommand=Live.CallbackBeforeSendGift"), &[], b"{broken").is_before(),
        "the query, for want of a body"
    );
    assert!(
        !parse(
            &Query::parse("CallbackCommand=Live.CallbackBeforeSendGift"),
            &[],
            br#"{"CallbackCommand":"Live.CallbackAfterCreateRoom"}"#
        )
        .is_before(),
        "the body wins"
    );
    assert!(
        parse(&Query::default(), &[], br#"{"CallbackCommand":"Group.CallbackBeforeSendMsg"}"#).is_before(),
        "any product's"
    );
}

#[test]
fn an_application_is_named_once_twice_or_not_at_all() {
    let header = |value: &str| vec![("SDKAPPID".to_owned(), value.to_owned())];
    let one = AppClaim::One("1400".to_owned());
    assert_eq!(claimed_app(&Query::parse("SdkAppid=1400&sdkappid=1400"), &header("1400")), one, "said thrice, one app");
    assert_eq!(claimed_app(&Query::parse("sdkappid="), &header("1400")), one, "an empty value says nothing");
    assert_eq!(claimed_app(&Query::parse("a=b"), &[]), AppClaim::Absent, "said nowhere");
    let two = AppClaim::Conflict(vec!["1400".to_owned(), "1500".to_owned()]);
    assert_eq!(claimed_app(&Query::parse("SdkAppid=1400&sdkappid=1500"), &[]), two, "two in the query");
    assert_eq!(claimed_app(&Query::parse("SdkAppid=1400"), &header("1500")), two, "query against header");
}

#[test]
fn query_only_things_are_kept_by_the_query() {
    let sample = of_kind("callback-request")
        .into_iter()
        .find(|sample| sample.file == "v1_event_join_in_group_call.json")
        .expect("there");
    assert_eq!(platform(&sample.query), "Web", "OptPlatform is in the query only");
}
