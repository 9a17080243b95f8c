//! A body in which something is broken that nobody needs tells what it would tell without.

use sha2::{Digest as _, Sha256};

use super::samples;
use crate::callback::{
    Callback, Headers, Query,
    codes::{Family, Verdict},
    delivery::Digest,
    facts::{CallDetail, Facts},
    lasting_body, parse,
};

/// A text as it is sent and broken, and the same text as it should have been sent.
const TEXTS: [(&[u8], &str); 9] = [
    (br"Room \ud83d", r"Room \ufffd"),
    (br"\ude00\ud83d", r"\ufffd\ufffd"),
    (b"two\nlines\tand a tab", r"two\nlines\tand a tab"),
    (b"\x01\x1f", r"\u0001\u001f"),
    (b"\xe5\xbc\xa0\xe5\xbc", r"\u5f20\ufffd"),
    (b"caf\xe9", r"caf\ufffd"),
    (br"C:\Windows", r"C:\\Windows"),
    (br"C:\", r"C:\\"),
    (br"it\'s", "it's"),
];

/// A sample with a field that nobody reads, at the top and as its first.
fn with_a_field(body: &[u8], name: &[u8], text: &[u8]) -> Vec<u8> {
    let begin = body.iter().position(|byte| *byte == b'{').expect("an object");
    [b"{\"", name, b"\":\"", text, b"\",", body.get(begin + 1..).expect("more")].concat()
}

#[test]
fn every_sample_tells_the_same_beside_a_broken_text() {
    for sample in samples::of_kind("callback-request") {
        for (broken, sound) in TEXTS {
            let tell = |text: &[u8]| parse(&sample.query, &sample.headers, &with_a_field(&sample.body, b"Extra", text));
            let (broken, sound) = (tell(broken), tell(sound.as_bytes()));
            let verdict = if sound.facts.is_some() { Verdict::Repaired } else { sound.verdict };
            assert_eq!(broken.verdict, verdict, "{}: {}", sample.file, broken.why());
            assert_eq!(broken.is_before(), sound.is_before(), "{}", sample.file);
            assert!(broken.reason.is_some(), "{}: what was repaired is said", sample.file);
            let (verdict, reason, former) = (sound.verdict, sound.reason.clone(), sound.former.clone());
            assert_eq!(Callback { verdict, reason, former, ..broken }, sound, "{}: all facts are there", sample.file);
        }
    }
}

#[test]
fn a_broken_key_and_broken_bytes_between_values_change_nothing_either() {
    for sample in samples::of_kind("callback-request") {
        let plain = sample.parse();
        let changed: [Vec<u8>; 4] = [
            [sample.body.as_slice(), &[0; 16]].concat(),
            [b"\xa0\xff", sample.body.as_slice()].concat(),
            [sample.body.as_slice(), b"\n\0{\"CallId\":\"of the buffer before"].concat(),
            with_units(&sample.body),
        ];
        for body in changed {
            let callback = parse(&sample.query, &sample.headers, &body);
            assert_eq!(callback.facts, plain.facts, "{}: {}", sample.file, callback.why());
            assert_eq!((callback.family, callback.command), (plain.family, plain.command.clone()), "{}", sample.file);
        }
        let keyed = parse(&sample.query, &sample.headers, &with_a_field(&sample.body, br"\ud83d", b"1"));
        assert_eq!(keyed.event_ms, plain.event_ms, "{}", sample.file);
        assert_eq!(keyed.facts.is_some(), plain.facts.is_some(), "{}: {}", sample.file, keyed.why());
    }
}

/// The same body in UTF-16.
fn with_units(body: &[u8]) -> Vec<u8> {
    std::str::from_utf8(body).expect("UTF-8").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_room_of_a_call_is_the_one_text_that_is_broken() {
    let body = br#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","EventTime":1741231146000,
        "CallRecord":{"CallResult":"NormalEnd","RoomId":"Room \ud83d","Caller_Account":"alice"}}"#;
    let callback = parse(&Query::default(), &[], body);
    assert_eq!(callback.verdict, Verdict::Repaired, "{}", callback.why());
    assert!(callback.why().contains("lone surrogate"), "a person reads what was repaired: {}", callback.why());
    let Some(Facts::Call(event)) = callback.facts else { panic!("it is about a call") };
    let CallDetail::Ended(record) = event.detail else { panic!("it is its end") };
    let told = (event.call_id.as_str(), record.result.as_deref(), record.room_id.as_deref(), record.caller.as_deref());
    assert_eq!(told, ("c", Some("NormalEnd"), Some("Room \u{fffd}"), Some("alice")), "one text, and all facts");
}

#[test]
fn a_request_for_permission_is_one_whatever_is_broken_in_it() {
    for text in TEXTS.map(|(broken, _)| broken) {
        let body = with_a_field(br#"{"CallbackCommand":"Live.CallbackBeforeSendGift","RoomId":"r"}"#, b"Gift", text);
        let callback = parse(&Query::default(), &[], &body);
        assert!(callback.is_before(), "{}", String::from_utf8_lossy(&body));
        assert_eq!((callback.family, callback.verdict), (Family::Live, Verdict::NotRelevant), "{}", callback.why());
    }
}

/// Query, headers and body; the command and the bytes under which versions archived it that could not read it.
type Archived<'a> = (&'a str, &'a Headers, &'a [u8], &'a str, &'a [u8]);

#[test]
fn a_delivery_is_known_by_the_digest_that_it_once_got() {
    let signed = [("SdkAppId".to_owned(), "1".to_owned()), ("Sign".to_owned(), "x".to_owned())];
    let rtc = br#"{"EventGroupId":1,"EventType":103.0,"CallbackTs":17,"EventInfo":{"RoomId":1434.0,"UserId":"a"}}"#;
    let rtc_surrogate =
        br#"{"EventGroupId":1,"EventType":103,"CallbackTs":17,"EventInfo":{"RoomId":1,"UserId":"\ud83d"}}"#;
    let rtc_lasting = br#"{"EventGroupId":1,"EventType":103,"CallbackTs":,"EventInfo":{"RoomId":1,"UserId":"\ud83d"}}"#;
    let rtc_raw =
        b"{\"EventGroupId\":1,\"EventType\":103,\"CallbackTs\":17,\"EventInfo\":{\"RoomId\":1,\"UserId\":\"a\nb\"}}";
    let rtc_comment = b"{\"EventGroupId\":1,\"EventType\":103,\"CallbackTs\":17,\"EventInfo\":{\"RoomId\":1}} // x";
    let call = br#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"\ud83d"}"#;
    let rtc_float: Vec<u8> = String::from_utf8_lossy(rtc).replace(":17,", ":,").into_bytes();
    let cases: [Archived<'_>; 8] = [
        // Only the query told the command of what could not be read.
        ("", &[], call, "", call),
        ("CallbackCommand=Call.CallbackAfterEndCall", &[], call, "Call.CallbackAfterEndCall", call),
        ("command=normal_end", &[], b"{\"CallId\":\"\xff\"}", "normal_end", b"{\"CallId\":\"\xff\"}"),
        // The header told the family, and serde_json skips half a character in a value that it only cuts out.
        ("", &signed, rtc_surrogate, "", rtc_lasting),
        ("", &[], rtc_surrogate, "", rtc_surrogate),
        ("", &signed, rtc_raw, "", rtc_raw),
        // It was repaired, and the times of sending were not looked for.
        ("", &signed, rtc_comment, "103", rtc_comment),
        // The command was spelled as a float is.
        ("", &signed, rtc, "103.0", &rtc_float),
    ];
    for (query, headers, body, command, lasting) in cases {
        let shown = String::from_utf8_lossy(body);
        let callback = parse(&Query::parse(query), headers, body);
        let archived = by_hand("1", command, lasting);
        assert!(archived.is_of("1", &callback, body), "{shown} is known by what identified it");
        assert!(Digest::of("1", &callback, body).is_of("1", &callback, body), "{shown} is known by what identifies it");
        assert!(!archived.is_of("2", &callback, body), "{shown} of another application is another");
    }
    let valid = br#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c","EventTime":17}"#;
    let callback = parse(&Query::default(), &[], valid);
    assert_eq!(Digest::before("1", &callback, valid), None, "what every version read the same has one digest");
}

/// The digest of rules.md 1.5 over what is given.
fn by_hand(app: &str, command: &str, lasting: &[u8]) -> Digest {
    let fields = [app.as_bytes(), command.as_bytes(), lasting];
    let prefixed = |field: &&[u8]| [&u64::try_from(field.len()).expect("short").to_be_bytes(), *field].concat();
    let bytes: Vec<u8> = fields.iter().flat_map(prefixed).collect();
    Digest(Sha256::digest(bytes).into())
}

#[test]
fn tries_of_one_event_are_one_delivery_also_when_it_must_be_repaired() {
    // A backslash before the end of a text leaves open where the text ends; then the bytes themselves are compared.
    for text in TEXTS.map(|(broken, _)| broken).into_iter().filter(|text| *text != br"C:\") {
        let body = |sent_at: &str| {
            let body =
                format!(r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":{sent_at},"EventInfo":{{"RoomId":1}}}}"#);
            with_a_field(body.as_bytes(), b"Extra", text)
        };
        let digest = |body: &[u8]| Digest::of("1", &parse(&Query::default(), &[], body), body);
        let (first, second) = (body("1760000001"), body("1760000002"));
        let lasting = lasting_body(Family::Rtc, &first);
        assert_eq!(lasting, lasting_body(Family::Rtc, &second), "{}", String::from_utf8_lossy(&first));
        assert_eq!(digest(&first), digest(&second), "{}", String::from_utf8_lossy(&first));
    }
}
