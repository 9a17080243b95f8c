//! Valid JSON that goes beyond what a program holds: values inside each other without end, and numbers larger than any float. Each
//! costs its own field and nothing beside it.

use serde_json::{Value, json};

use super::samples;
use crate::callback::{
    Callback, Query,
    codes::{Family, Verdict},
    delivery::Digest,
    facts::{CallDetail, CallRecord, Facts},
    lasting_body, parse,
};

/// A list inside a list, so many times.
fn lists(deep: usize) -> String {
    format!("{}{}", "[".repeat(deep), "]".repeat(deep))
}

/// Values that no program needs to hold.
fn beyond() -> Vec<String> {
    let objects = format!("{}1{}", r#"{"text":"]\"}","next":"#.repeat(200), "}".repeat(200));
    let mut values: Vec<String> = [64, 65, 125, 126, 127, 1_000, 100_000].map(lists).into();
    values.extend(["1e309", "-1E+400", "[0.5e309,{\"a\":1e999999999}]"].map(str::to_owned));
    values.extend(["7".repeat(400), format!("-{}.5", "7".repeat(400)), objects]);
    values
}

/// A sample with a field that nobody reads as its first.
fn with_a_field(body: &[u8], value: &str) -> Vec<u8> {
    let begin = body.iter().position(|byte| *byte == b'{').expect("an object");
    [b"{\"Extra\":", value.as_bytes(), b",", body.get(begin + 1..).expect("more")].concat()
}

/// What a callback tells, without the field that nobody reads.
fn told(callback: &Callback) -> Value {
    let Callback { family, command, event_ms, facts, .. } = callback;
    let mut told = json!([family, command, event_ms, facts]);
    if let Some(Value::Array(sent)) = told.pointer_mut("/3/room/sent") {
        sent.retain(|pair| pair[0] != "Extra");
    }
    told
}

#[test]
fn every_sample_tells_the_same_beside_a_value_that_nobody_holds() {
    for sample in samples::of_kind("callback-request") {
        for value in beyond() {
            let shown = format!("{} beside {:.30}", sample.file, value);
            let callback = parse(&sample.query, &sample.headers, &with_a_field(&sample.body, &value));
            let plain = sample.parse();
            let verdict = if plain.facts.is_some() { Verdict::Repaired } else { plain.verdict };
            assert_eq!(callback.verdict, verdict, "{shown}: {}", callback.why());
            assert_eq!(told(&callback), told(&plain), "{shown}");
            let facts = serde_json::to_string(&callback.facts).expect("written");
            let kept: Result<Option<Facts>, _> = serde_json::from_str(&facts);
            assert_eq!(kept.ok(), Some(callback.facts), "{shown}: facts are read back as they were kept");
        }
    }
}

#[test]
fn sixty_four_values_inside_each_other_are_read() {
    let body = format!(r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","Extra":{}}}"#, lists(63));
    assert_eq!(
        parse(&Query::default(), &[], body.as_bytes()).verdict,
        Verdict::Applied,
        "the body is the first of them"
    );
}

#[test]
fn a_person_is_told_what_was_not_read() {
    for (value, want) in [
        (lists(64), "The body is valid JSON, but values that are more than 64 deep inside others were left out."),
        (
            "1e309".to_owned(),
            "The body is valid JSON, but numbers too large for any computer were taken as they are written.",
        ),
    ] {
        let body = format!(r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","Extra":{value}}}"#);
        let callback = parse(&Query::default(), &[], body.as_bytes());
        assert_eq!((callback.verdict, callback.why().as_str()), (Verdict::Repaired, want), "{value}");
        let commented = format!("{body} // and a comment");
        let reason = parse(&Query::default(), &[], commented.as_bytes()).why();
        assert!(reason.starts_with("The body was not valid JSON: comments or commas had to be repaired; "), "{reason}");
    }
}

/// The record of an end whose record has these fields.
fn record(fields: &str) -> CallRecord {
    let body = format!(r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","CallRecord":{{{fields}}}}}"#);
    match parse(&Query::default(), &[], body.as_bytes()) {
        Callback { facts: Some(Facts::Call(event)), .. } if event.call_id == "c" => match event.detail {
            CallDetail::Ended(record) => record,
            other => panic!("{other:?}"),
        },
        other => panic!("{fields}: {other:?}"),
    }
}

#[test]
fn a_value_that_nobody_holds_costs_its_own_field() {
    let digits = "7".repeat(400);
    for value in ["1e400", &digits, &lists(100)] {
        let of =
            record(&format!(r#""StartTime":{value},"EndTime":1741231146,"AcceptTime":{value},"CallResult":"Cancel""#));
        assert_eq!((of.started_ms, of.accepted_ms), (None, None), "{value:.9} is no time");
        assert_eq!((of.ended_ms, of.result.as_deref()), (Some(1_741_231_146_000), Some("Cancel")), "{value:.9}");
    }
    for (value, room) in [("1e400", "1e400"), ("10e399", "1e400"), (&digits, &digits)] {
        assert_eq!(
            record(&format!(r#""RoomId":{value}"#)).room_id.as_deref(),
            Some(room),
            "{value:.9} is exact as an id"
        );
    }
    assert_eq!(record(&format!(r#""RoomId":{}"#, lists(100))).room_id, None, "a list is none");
}

#[test]
fn a_time_that_nobody_can_believe_leaves_it_to_the_other_one() {
    for (times, at_ms, kept) in [
        (r#""EventTs":1760000000,"EventMsTs":1760000000123"#, Some(1_760_000_000_123), "EventTs"),
        (r#""EventTs":1760000000,"EventMsTs":1760000000123456"#, Some(1_760_000_000_000), "EventMsTs"),
        (r#""EventTs":1760000000,"EventMsTs":0"#, Some(1_760_000_000_000), "EventMsTs"),
        (r#""EventTs":1e17,"EventMsTs":17"#, Some(17_000), "EventTs"),
    ] {
        let body = format!(r#"{{"EventGroupId":1,"EventType":103,"EventInfo":{{"RoomId":1,"UserId":"a",{times}}}}}"#);
        let callback = parse(&Query::default(), &[], body.as_bytes());
        let Some(Facts::Room(event)) = callback.facts else { panic!("{times}") };
        let sent: Vec<&str> = event.sent.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(callback.event_ms, at_ms, "{times}");
        assert!(sent.contains(&kept), "{times}: what was not taken stays visible: {sent:?}");
    }
}

#[test]
fn what_is_broken_does_not_overrule_what_is_sound() {
    for (fields, want) in [
        (br#""CallResult":"NotAnswer","CallResult":"\ud800""#.as_slice(), "NotAnswer"),
        (b"\"CallResult\":\"NotAnswer\",\"CallResult\":\"Norm\xff\"", "NotAnswer"),
        (br#""CallResult":"\ud800","CallResult":"NotAnswer""#, "NotAnswer"),
        (br#""CallResult":"NotAnswer","CallResult":"\ud800","CallResult":"Cancel""#, "Cancel"),
        (br#""CallResult":"NotAnswer","CallResult":"Cancel","CallResult":"\ud800""#, "Cancel"),
        (br#""CallResult":null,"CallResult":"\ud800""#, "\u{fffd}"),
        (br#""CallResult":"\ud800","CallResult":"a\ud800""#, "a\u{fffd}"),
        (br#""CallResult":"NotAnswer","CallResult":1e400"#, "NotAnswer"),
        (br#""CallResult":"NotAnswer","CallResult":1e30"#, "1000000000000000000000000000000"),
        // Sent as it is; the last one counts, as in any valid document.
        ("\"CallResult\":\"NotAnswer\",\"CallResult\":\"\u{fffd}\"".as_bytes(), "\u{fffd}"),
    ] {
        let begin = br#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","CallRecord":{"#.as_slice();
        let body = [begin, fields, b"}}"].concat();
        let shown = String::from_utf8_lossy(fields);
        let Some(Facts::Call(event)) = parse(&Query::default(), &[], &body).facts else { panic!("{shown}") };
        let CallDetail::Ended(record) = event.detail else { panic!("{shown}") };
        assert_eq!(record.result.as_deref(), Some(want), "{shown}");
    }
}

#[test]
fn what_does_not_end_or_is_no_json_deep_inside_is_not_read() {
    let most = 256 * 1024;
    for (name, body) in [
        ("brackets", "[".repeat(most)),
        ("objects", r#"{"a":"#.repeat(most / 5)),
        ("a field of brackets", format!(r#"{{"CallId":"c","x":{}"#, "[".repeat(most))),
        ("a wrong bracket", format!(r#"{{"CallId":"c","x":{}}}{}}}"#, "[".repeat(100), "]".repeat(99))),
        ("a word", format!(r#"{{"CallId":"c","x":{}what{}}}"#, "[".repeat(100), "]".repeat(100))),
        ("a number in parts", r#"{"CallId":"c","x":1e400-1e400}"#.to_owned()),
        ("a number that begins with 0", r#"{"CallId":"c","x":01e400}"#.to_owned()),
        ("two numbers", r#"{"CallId":"c","x":1e400 1e400}"#.to_owned()),
    ] {
        let callback = parse(&Query::default(), &[], body.as_bytes());
        assert_eq!((callback.verdict, &callback.facts), (Verdict::Unparsable, &None), "{name}: {}", callback.why());
    }
}

#[test]
fn a_delivery_beyond_the_limits_is_known_by_the_digest_that_it_once_got() {
    let signed = [("SdkAppId".to_owned(), "1".to_owned()), ("Sign".to_owned(), "x".to_owned())];
    for value in ["1e400".to_owned(), lists(200)] {
        let event = format!(
            r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":17,"Extra":{value},"EventInfo":{{"RoomId":1}}}}"#
        );
        let callback = parse(&Query::default(), &signed, event.as_bytes());
        assert_eq!((callback.family, callback.command.as_str()), (Family::Rtc, "103"), "{value}");
        let unread = Callback { command: String::new(), former: None, ..callback.clone() };
        let archived = Digest::of("1", &unread, event.as_bytes());
        assert!(archived.is_of("1", &callback, event.as_bytes()), "{value}: no version before read its command");
        let later = event.replace(":17", ":18");
        assert_eq!(
            lasting_body(Family::Rtc, event.as_bytes()),
            lasting_body(Family::Rtc, later.as_bytes()),
            "{value}: another try of it is the same delivery"
        );
    }
}
