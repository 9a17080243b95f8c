//! Whatever arrives, reading it never fails, and what is read does not depend on accidents of spelling.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::callback::{
    Query, claimed_app, client_ip, codes::Family, fetched_record, lasting_body, parse, platform, reply,
};

fn read_everything(query: &str, headers: &[(String, String)], body: &[u8]) {
    let query = Query::parse(query);
    let callback = parse(&query, headers, body);
    assert!(reply::failure(callback.family, &callback.why()).len() < 2_000, "every delivery has a reply");
    let _ =
        (claimed_app(&query, headers), parse(&query, headers, body).is_before(), client_ip(&query), platform(&query));
    for family in Family::ALL {
        let _ = lasting_body(*family, body);
    }
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        let _ = fetched_record(&value);
    }
}

/// Values of any type, with extremes among them.
fn any_value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!(103)),
        Just(json!(1)),
        Just(json!({"User_Account": 1, "Member_Account": "a", "Key": "k", "Index": "3"})),
    ];
    plain.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            (prop::sample::select(FIELDS), inner).prop_map(|(key, value)| json!({key: value})),
        ]
    })
}

const FIELDS: &[&str] = &[
    "CallId",
    "UserId",
    "Role",
    "Event",
    "CallResult",
    "RoomId",
    "RoomInfo",
    "CallInfo",
    "CallRecord",
    "UserList",
    "ChangedUserList",
    "MemberList",
    "MemberList_Account",
    "SeatList",
    "Metadata",
    "Keys",
    "Admin_Account",
    "opType",
    "EventTime",
    "EventGroupId",
    "EventType",
    "EventCause",
    "EventInfo",
    "Reason",
    "EventMsTs",
    "EventTs",
    "CallbackTs",
    "Statistic",
    "data",
    "Response",
];

const COMMANDS: &[&str] = &[
    "Call.CallbackAfterStartCall",
    "Call.CallbackAfterMemberChanged",
    "Call.CallbackAfterEndCall",
    "Live.CallbackAfterMemberStateChanged",
    "Live.CallbackAfterDestroyRoom",
    "Live.CallbackAfterCreateRoom",
    "Live.CallbackAfterSetMetadata",
    "Live.CallbackAfterModifyAdmin",
    "Live.CallbackAfterChangeOwner",
    "Mic.CallbackAfterSeatInfoChanged",
    "Room.CallbackAfterMemberLeave",
    "Room.CallbackAfterCreateRoom",
    "",
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(query in "\\PC{0,40}", body in prop::collection::vec(any::<u8>(), 0..200), name in "\\PC{0,8}", value in "\\PC{0,8}") {
        read_everything(&query, &[(name, value)], &body);
    }

    #[test]
    fn no_types_make_it_panic(command in prop::sample::select(COMMANDS), fields in prop::collection::vec((prop::sample::select(FIELDS), any_value()), 0..8)) {
        let mut body: serde_json::Map<String, Value> = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        body.insert("CallbackCommand".to_owned(), command.into());
        let body = Value::Object(body).to_string();
        read_everything("command=cancel", &[], body.as_bytes());
        let cut = body.char_indices().map(|(at, _)| at).nth(body.chars().count() / 2).unwrap_or_default();
        read_everything("", &[], &body.as_bytes()[..cut]);
    }

    #[test]
    fn the_order_of_fields_and_the_case_of_the_query_do_not_matter(reversed in any::<bool>(), upper in any::<bool>()) {
        for sample in super::samples::of_kind("callback-request") {
            let value: Value = serde_json::from_slice(&sample.body).expect("a sample");
            let mut fields: Vec<_> = value.as_object().expect("an object").clone().into_iter().collect();
            if reversed { fields.reverse(); }
            let body = Value::Object(fields.into_iter().collect()).to_string();
            let query = sample.entry["query"].as_str().unwrap_or_default();
            let keys = query.split('&').map(|pair| pair.split_once('=').map_or_else(String::new, |(key, value)| format!("{}={value}", if upper { key.to_uppercase() } else { key.to_lowercase() })));
            let query = Query::parse(&keys.collect::<Vec<_>>().join("&"));
            let (plain, other) = (sample.parse(), parse(&query, &sample.headers, body.as_bytes()));
            prop_assert_eq!((plain.family, plain.command, plain.verdict, plain.event_ms), (other.family, other.command, other.verdict, other.event_ms), "{}", sample.file);
        }
    }
}
