//! A number is what it stands for and not how it is spelled.

use serde_json::{Value, json};

use super::samples;
use crate::callback::{
    Callback, Query,
    codes::RoomIdType,
    facts::{CallDetail, Facts},
    fields::{self, Fields},
    json::Json,
    number::Number,
    parse,
};

/// Other spellings of a whole number.
const SPELLINGS: [fn(&str) -> String; 5] = [
    |digits| format!("{digits}.0"),
    |digits| format!("{digits}.000"),
    |digits| format!("{digits}e0"),
    |digits| format!("{digits}0e-1"),
    |digits| format!("{digits}00.0E-2"),
];

/// The document with every whole number written in another way.
fn spelled(value: &Json, spelling: fn(&str) -> String) -> Json {
    match value {
        Json::Number(number) if number.written() == "0" => Json::Number(Number::new("0.0")),
        Json::Number(number) => Json::Number(Number::new(&spelling(number.written()))),
        Json::List(list) => Json::List(list.iter().map(|value| spelled(value, spelling)).collect()),
        Json::Object(fields) => {
            Json::Object(fields.iter().map(|(key, value)| (key.clone(), spelled(value, spelling))).collect())
        }
        plain => plain.clone(),
    }
}

/// What a callback tells, without how the numbers beside its typed fields are spelled.
fn told(callback: &Callback) -> Value {
    fn whole(value: &mut Value) {
        match value {
            Value::Number(number) => *value = json!(number.as_f64()),
            Value::Array(list) => list.iter_mut().for_each(whole),
            Value::Object(fields) => fields.values_mut().for_each(whole),
            _ => {}
        }
    }
    let reason = callback.why();
    let Callback { family, command, verdict, event_ms, facts, .. } = callback;
    let mut told = json!([family, command, verdict, reason, event_ms, facts]);
    whole(&mut told);
    told
}

#[test]
fn every_sample_tells_the_same_however_its_numbers_are_spelled() {
    for sample in samples::of_kind("callback-request") {
        let value = Json::read(std::str::from_utf8(&sample.body).expect("UTF-8")).expect("valid");
        for spelling in SPELLINGS {
            let body = serde_json::to_vec(&spelled(&value, spelling)).expect("written");
            let callback = parse(&sample.query, &sample.headers, &body);
            assert_eq!(told(&callback), told(&sample.parse()), "{}: {}", sample.file, String::from_utf8_lossy(&body));
        }
    }
}

/// The room of an end record whose `RoomId` is written so.
fn room_of(written: &str) -> String {
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","CallRecord":{{"RoomId":{written}}}}}"#
    );
    match parse(&Query::default(), &[], body.as_bytes()).facts {
        Some(Facts::Call(event)) => match event.detail {
            CallDetail::Ended(record) => record.room_id.unwrap_or_default(),
            other => panic!("{other:?}"),
        },
        other => panic!("{written}: {other:?}"),
    }
}

#[test]
fn an_id_is_exact_and_a_text_stays_as_it_was_sent() {
    for (written, room) in [
        ("1434.0", "1434"),
        ("1.434e3", "1434"),
        ("14340e-1", "1434"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("1.0E+2", "100"),
        ("9007199254740993.0", "9007199254740993"),
        ("18446744073709551617.0", "18446744073709551617"),
        ("123456789012345678901234567890.0", "123456789012345678901234567890"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1434.5", "1434.5"),
        ("1434.50", "1434.5"),
        ("143450e-2", "1434.5"),
        ("-1434.50", "-1434.5"),
        (r#""1434.0""#, "1434.0"),
        (r#""1.434e3""#, "1.434e3"),
        (r#"" 1434 ""#, " 1434 "),
        (r#""-0""#, "-0"),
        ("true", "true"),
    ] {
        assert_eq!(room_of(written), room, "{written}");
    }
}

#[test]
fn a_numeric_room_is_numeric_in_every_spelling() {
    for (written, room, kind) in [
        ("1434.0", "1434", RoomIdType::Number),
        ("123456789012345678901234567890.0", "123456789012345678901234567890", RoomIdType::Number),
        ("123456789012345678901234567890", "123456789012345678901234567890", RoomIdType::Number),
        (r#""1434.0""#, "1434.0", RoomIdType::Text),
    ] {
        let body = format!(
            r#"{{"EventGroupId":1.0,"EventType":103.0,"EventInfo":{{"RoomId":{written},"UserId":12.0,"EventMsTs":1.76e12,"Reason":1.0}}}}"#
        );
        let callback = parse(&Query::default(), &[], body.as_bytes());
        assert_eq!((callback.command.as_str(), callback.event_ms), ("103", Some(1_760_000_000_000)), "{written}");
        let Some(Facts::Room(event)) = callback.facts else { panic!("{written}: {}", callback.why()) };
        assert_eq!((event.room_id.as_str(), event.room_id_type), (room, kind), "{written}");
        assert_eq!((event.users, event.cause.as_str()), (vec!["12".to_owned()], "enter"), "{written}");
    }
}

#[test]
fn times_switches_and_codes_are_read_in_every_spelling() {
    let time = 1_741_231_146_000;
    for written in [
        "1741231146",
        "1741231146.0",
        "1.741231146e9",
        "1741231146000.0",
        r#""1741231146""#,
        r#"" 1741231146 ""#,
        r#""1741231146.000""#,
        r#""1.741231146E+9""#,
    ] {
        let body = Json::read(&format!(r#"{{"EventTime":{written}}}"#)).expect("JSON");
        assert_eq!(Fields::of_value(&body).and_then(|body| body.time_ms("EventTime")), Some(time), "{written}");
    }
    for (written, want) in
        [("1.0", Some(true)), ("0.0", Some(false)), ("10e-1", Some(true)), (r#"" True ""#, Some(true)), ("2.0", None)]
    {
        assert_eq!(fields::boolean(&Json::read(written).expect("JSON")), want, "{written}");
    }
    for (written, want) in [("2.0", RoomIdType::Text), (r#""1.0""#, RoomIdType::Number), ("10e-1", RoomIdType::Number)]
    {
        let body = Json::read(&format!(r#"{{"RoomIdType":{written}}}"#)).expect("JSON");
        assert_eq!(Fields::of_value(&body).and_then(Fields::room_id_type), Some(want), "{written}");
    }
}
