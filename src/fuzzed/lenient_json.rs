//! Reading JSON kindly never reads what is valid in another way, and whatever a broken text says, the facts beside it are read.

use serde_json::Value;

use crate::callback::lenient_json::{indented, read, without_bom};

/// Reads any body strictly and kindly, and any bytes as a text between two facts.
pub(super) fn check(bytes: &[u8]) {
    // serde_json has names of its own for values that are kept as texts; an object with one of them is no document of anybody.
    if bytes.windows(11).any(|part| part == b"$serde_json") {
        return;
    }
    as_a_body(bytes);
    as_a_text(bytes);
}

fn as_a_body(bytes: &[u8]) {
    let strict: Option<Value> = serde_json::from_slice(without_bom(bytes)).ok();
    // What is inside too many other values is left out, also where serde_json would read it.
    let strict = strict.filter(|value| depth(value) <= 64);
    let indented = indented(bytes);
    match (strict, read(bytes)) {
        (Some(strict), kindly) => {
            let numbers_aside = indented.as_deref().map(serde_json::from_str::<Value>);
            assert_eq!(
                numbers_aside.and_then(Result::ok).as_ref(),
                Some(&strict),
                "and people see the same: {indented:?}"
            );
            assert_eq!(kindly, Ok((strict, false)), "what is valid is read as it is");
        }
        (None, Ok((value, repaired))) => {
            assert!(repaired, "what is not valid was repaired");
            let text = value.to_string();
            assert_eq!(read(text.as_bytes()), Ok((value, false)), "what was repaired is valid from then on: {text}");
        }
        (None, Err(reason)) => {
            let reason = reason.to_string();
            assert!(reason.starts_with("The body is not "), "a sentence for a person: {reason}");
            assert!(reason.chars().count() < 300, "which fits into a line: {reason}");
            assert_eq!(indented, None, "what cannot be read is shown as it is");
        }
    }
}

/// How many lists and objects are inside each other.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Bytes that cannot end the text that they are in say nothing about the facts around it.
fn as_a_text(bytes: &[u8]) {
    let is_inside = |byte: &u8| !matches!(byte, b'"' | b'\\');
    let text: Vec<u8> = bytes.iter().copied().filter(is_inside).collect();
    let body = [br#"{"before":1,"text":""#, text.as_slice(), br#"","after":[2]}"#].concat();
    let value = read(&body).map(|(value, _)| value).unwrap_or_default();
    let facts = (value.pointer("/before"), value.pointer("/after/0"));
    assert_eq!(facts, (Some(&Value::from(1)), Some(&Value::from(2))), "the facts beside a text are read: {value}");
    if let Ok(text) = str::from_utf8(&text) {
        assert_eq!(value["text"], text, "and a text that is one is taken as it is");
    }
}
