//! Broken documents and what they say.

use super::{
    mend::{Ends, mend},
    *,
};
use proptest::prelude::*;
use serde_json::json;

fn repaired(text: &str) -> Value {
    let (value, repaired) = read(text.as_bytes()).expect("the text can be repaired");
    assert!(repaired, "{text} is not valid JSON, so it was repaired");
    value
}

#[test]
fn what_the_pages_print_is_repaired() {
    for (text, want) in [
        ("{\"a\":1670574414123// ms\n}", json!({"a": 1_670_574_414_123_i64})),
        ("{\"a\":1 # one\n,\"b\":2}", json!({"a": 1, "b": 2})),
        (
            "{\"a\":{}\n\"b\":[1]\n\"c\":\"x\"\n\"d\":true \"e\":1 \"f\":2}",
            json!({"a": {}, "b": [1], "c": "x", "d": true, "e": 1, "f": 2}),
        ),
        ("{\"a\":[1,2,],}", json!({"a": [1, 2]})),
        ("{\"a\":[{\"b\":1} {\"b\":2}, // two\n]}", json!({"a": [{"b": 1}, {"b": 2}]})),
        (
            "{\"a\":1, /* two\nlines */ \"b\":\"//no # comment /* here */, }\" // yes\n}",
            json!({"a": 1, "b": "//no # comment /* here */, }"}),
        ),
    ] {
        assert_eq!(repaired(text), want, "{text} is a defect of protocol.md section 9.4");
    }
}

#[test]
fn a_byte_order_mark_is_no_repair() {
    assert_eq!(read(b"\xEF\xBB\xBF{\"a\":1}"), Ok((json!({"a": 1}), false)), "the text behind the mark is valid");
}

#[test]
fn what_cannot_be_repaired_says_why() {
    assert_eq!(
        read(b"\xff{").unwrap_err().to_string(),
        "The body is not UTF-8 text (from byte 0 on).",
        "a person reads this"
    );
    let reason = read(b"{\"a\":1,\n\n/* x\n*/ a}").unwrap_err().to_string();
    assert!(reason.contains("line 4"), "{reason} names the line of the original");
    for text in ["", "{", "{\"a\" \"b\"}", "{,}x", "hello", "{\"a\":1,,\"b\":2}", "\"", "/", "/*", "{\"a\":\"\\"] {
        assert!(read(text.as_bytes()).is_err(), "{text:?} is not JSON, however kindly it is read");
    }
}

/// What is read of one broken text beside facts that are sound, and what is said about it.
fn beside_facts(text: &[u8]) -> (Option<Value>, Vec<Defect>) {
    let body = [br#"{"before":1,"text":""#, text, br#"","after":{"deep":[2]}}"#].concat();
    let Ok(Document { json, defects }) = document(&body) else { return (None, Vec::new()) };
    let value = json.value();
    let facts = (&value["before"], &value["after"]["deep"][0], value.as_object().map(serde_json::Map::len));
    assert_eq!(facts, (&json!(1), &json!(2), Some(3)), "the facts beside {text:?} are all there");
    (Some(value["text"].clone()), defects.into_iter().collect())
}

#[test]
fn a_broken_text_says_nothing_about_the_facts_beside_it() {
    use Defect::{Bytes, Control, Escape, Surrogate};
    let cases: &[(&[u8], &str, &[Defect])] = &[
        // Half characters.
        (br"Room \ud83d", "Room \u{fffd}", &[Surrogate]),
        (br"Room \\ud83d", r"Room \ud83d", &[]),
        (br"\ude00 alone", "\u{fffd} alone", &[Surrogate]),
        (br"\ude00\ud83d", "\u{fffd}\u{fffd}", &[Surrogate]),
        (br"\uD83D\uD83D\uDE00", "\u{fffd}\u{1f600}", &[Surrogate]),
        (br"\ud83dx\ude00", "\u{fffd}x\u{fffd}", &[Surrogate]),
        (br"\ud83d\n", "\u{fffd}\n", &[Surrogate]),
        (br"\ud83d\u0041", "\u{fffd}A", &[Surrogate]),
        (br"\ud83d\ude0", "\u{fffd}\\ude0", &[Surrogate, Escape]),
        (br"\ud83d\ude00", "\u{1f600}", &[]),
        // Control characters as they are.
        (b"a\nb\tc\rd", "a\nb\tc\rd", &[Control]),
        (b"\0\x01\x08\x0b\x0c\x1b\x1f", "\0\u{1}\u{8}\u{b}\u{c}\u{1b}\u{1f}", &[Control]),
        (b"\x7f", "\u{7f}", &[]),
        (b"line\\\nend", "line\\\nend", &[Control, Escape]),
        // Bytes that are no UTF-8: a character cut short, Latin-1, overlong forms, surrogates as bytes, nothing at all.
        (b"\xe5\xbc\xa0\xe5\xbc", "\u{5f20}\u{fffd}", &[Bytes]),
        (b"\xf0\x9f\x98", "\u{fffd}", &[Bytes]),
        (b"caf\xe9 au lait", "caf\u{fffd} au lait", &[Bytes]),
        (b"\xc0\xaf", "\u{fffd}\u{fffd}", &[Bytes]),
        (b"\xed\xa0\xbd\xed\xb8\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}", &[Bytes]),
        (b"\xff\xfe", "\u{fffd}\u{fffd}", &[Bytes]),
        // GBK: the second byte of a character may be a backslash.
        (b"\xd5\xc5\xc8\xfd", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}", &[Bytes]),
        (b"\x95\x5c", "\u{fffd}", &[Bytes]),
        (b"\x95\x5c\xd5\xc5", "\u{fffd}\\\u{fffd}\u{fffd}", &[Bytes, Escape]),
        // Backslashes that begin no escape.
        (br"\x41", r"\x41", &[Escape]),
        (br"it\'s", "it's", &[Escape]),
        (br"\u12", r"\u12", &[Escape]),
        (br"\u", r"\u", &[Escape]),
        (br"\uzzzz", r"\uzzzz", &[Escape]),
        (br"C:\Windows\system32", r"C:\Windows\system32", &[Escape]),
        (br"C:\temp\", "C:\temp\\", &[Escape]),
        (br"\", r"\", &[Escape]),
        // Several at once.
        (b"a\nb\xff\\x\\ud800", "a\nb\u{fffd}\\x\u{fffd}", &[Bytes, Surrogate, Control, Escape]),
        ("// # no comment, 张".as_bytes(), "// # no comment, 张", &[]),
    ];
    for (text, want, defects) in cases {
        let shown = String::from_utf8_lossy(text);
        assert_eq!(beside_facts(text), (Some(json!(want)), defects.to_vec()), "{shown:?}");
    }
}

#[test]
fn a_broken_key_is_a_key_and_broken_bytes_between_values_are_left_out() {
    let whole = |units: fn(u16) -> [u8; 2], mark: &str| {
        format!("{mark}{{\"CallId\":\"张\"}}").encode_utf16().flat_map(units).collect::<Vec<u8>>()
    };
    let call = json!({"CallId": "张"});
    let utf16: &[Defect] = &[Defect::Utf16];
    let padding: &[Defect] = &[Defect::Padding];
    let cases: &[(&[u8], Value, &[Defect])] = &[
        (br#"{"\ud83d":1,"a":2}"#, json!({"\u{fffd}": 1, "a": 2}), &[Defect::Surrogate]),
        (b"{\"k\xff\":1,\"a\":2}", json!({"k\u{fffd}": 1, "a": 2}), &[Defect::Bytes]),
        (b"{\"k\ty\":1,\"a\":2}", json!({"k\ty": 1, "a": 2}), &[Defect::Control]),
        (b"{\"a\":1,\xff\"b\":2}", json!({"a": 1, "b": 2}), &[Defect::Bytes, Defect::Padding]),
        (b"\xa0{\"a\"\xc2\xa0:\xef\xbb\xbf1}\x1a", json!({"a": 1}), &[Defect::Bytes, Defect::Padding]),
        (b"{\"a\":1\x0b}", json!({"a": 1}), padding),
        (b"{\"a\":1}\0\0\0\0", json!({"a": 1}), padding),
        (b"{\"a\":1}\n\0{\"of the message before\":", json!({"a": 1}), padding),
        (b"{\"a\":1 // \xff\n}", json!({"a": 1}), &[Defect::Punctuation, Defect::Bytes]),
        (&whole(u16::to_le_bytes, "\u{feff}"), call.clone(), utf16),
        (&whole(u16::to_be_bytes, "\u{feff}"), call.clone(), utf16),
        (&whole(u16::to_le_bytes, ""), call.clone(), utf16),
        (&whole(u16::to_be_bytes, ""), call.clone(), utf16),
        (&[whole(u16::to_le_bytes, ""), vec![0]].concat(), call, &[Defect::Utf16, Defect::Padding]),
        (
            b"\xff\xfe{\0\"\0a\0\"\0:\0\"\0\x3d\xd8\"\0}\0",
            json!({"a": "\u{fffd}"}),
            &[Defect::Utf16, Defect::Surrogate],
        ),
    ];
    for (body, want, defects) in cases {
        let shown = String::from_utf8_lossy(body);
        let Document { json, defects: found } = document(body).unwrap_or_else(|why| panic!("{shown:?}: {why}"));
        assert_eq!((json.value(), found.into_iter().collect()), (want.clone(), defects.to_vec()), "{shown:?}");
    }
}

#[test]
fn what_would_have_to_be_guessed_is_left_alone() {
    let cases: [&[u8]; 11] = [
        // Cut off: whatever came behind it is missing too.
        br#"{"CallId":"c","EventTime":17"#,
        b"{\"CallId\":\"\xe5",
        br#"{"CallId":"c\"#,
        // Two documents, or one and something else.
        br#"{"a":1}{"b":2}"#,
        b"{\"a\":1}\xff{\"b\":2}",
        br#"{"a":1} OK"#,
        br#"{"a":1}}"#,
        // A value in two parts.
        b"{\"a\":1\xff2}",
        b"{\"a\":tr\xffue}",
        // Quotation marks inside a text.
        br#"{"a":"he said "no" and left"}"#,
        &[0; 64],
    ];
    for body in cases {
        assert!(document(body).is_err(), "{:?}", String::from_utf8_lossy(body));
    }
}

#[test]
fn what_was_repaired_is_told_in_a_sentence() {
    let controls = "line ends or other control characters inside a text were not escaped and are taken as they are";
    for (body, want) in [
        (&b"{\"a\":1,}"[..], "comments or commas had to be repaired".to_owned()),
        (br#"{"a":"\ud800"}"#, "half a character (a lone surrogate) was replaced with \u{fffd}".to_owned()),
        (b"{\"a\":\"\xff\n\"}", format!("bytes that are no UTF-8 text were replaced with \u{fffd}; {controls}")),
    ] {
        let told = told(&Vec::from_iter(document(body).expect("it can be read").defects));
        assert_eq!(told, format!("The body was not valid JSON: {want}."), "a person reads this");
    }
}

#[test]
fn people_see_the_numbers_and_the_text_that_were_sent() {
    let body = b"{\"a\":1434.0,\"b\":123456789012345678901234567890,\"c\":\"\xff\"}";
    let want = "{\n  \"a\": 1434.0,\n  \"b\": 123456789012345678901234567890,\n  \"c\": \"\u{fffd}\"\n}";
    assert_eq!(indented(body).as_deref(), Some(want), "numbers as they were written");
    assert_eq!(indented(b"no JSON"), None, "what cannot be read cannot be indented");
    assert_eq!(shown(b"a\xff"), "a\u{fffd}", "broken bytes are replaced");
    assert_eq!(shown(b"\xff\xfe{\0}\0"), "{}", "UTF-16 is read as what it is");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~/#,{}\\[\\]\"\\\\é\n]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-z/#\"]{0,6}", inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_valid_document_is_never_changed(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("serialises");
        prop_assert_eq!(read(text.as_bytes()), Ok((value, false)), "strict reading comes first");
        prop_assert_eq!(mend(&text, Ends::Unescaped), (text, Defects::new()), "and the repair itself leaves valid JSON as it is");
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\\\\"/*#,:{}\\[\\]0-9a-c \n]{0,60}") {
        let _ = read(text.as_bytes());
    }
}
