//! No documented field is lost: every leaf of every sample reaches the facts, and changing any leaf changes the callback.

use serde_json::Value;

use super::samples;
use crate::callback::{Callback, Query, codes::Verdict, lenient_json, parse};

/// Times of sending differ between tries of one event, so they are no part of what the event tells.
const NOT_KEPT: [&str; 2] = ["CallbackTs", "CallbackMsTs"];

/// The sample packets of the pages as printed, each with the query that its page prints.
fn pages() -> Vec<(String, Query, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pages");
    let names = [
        "call-end-callback",
        "call-member-changed-callback",
        "callkit-v1-event-callback",
        "live-member-state-changed-callback",
    ];
    names
        .map(|name| {
            let page = std::fs::read_to_string(format!("{folder}/{name}.txt")).expect("the page is there");
            let lower = page.to_ascii_lowercase();
            let begin = lower
                .find("sample request packet")
                .or_else(|| lower.find("webhook request example"))
                .expect("a sample");
            let end = begin + lower[begin..].find("request packet fields").expect("its end");
            let packet = page[begin..end].find('{').zip(page[begin..end].rfind('}')).expect("a body");
            let query = page
                .lines()
                .rev()
                .find(|line| line.contains("?sdkappid=8") || line.contains("?SdkAppid="))
                .expect("a URL");
            let query = query.split_once('?').map(|(_, query)| query.trim_end_matches(" HTTP/1.1")).expect("a query");
            (name.to_owned(), Query::parse(query), page.as_bytes()[begin + packet.0..=begin + packet.1].to_vec())
        })
        .into()
}

fn recorded() -> Vec<(String, Query, Vec<u8>)> {
    let samples = samples::of_kind("callback-request").into_iter().filter(|sample| sample.parse().facts.is_some());
    let mut all: Vec<_> = samples.map(|sample| (sample.file, sample.query, sample.body)).collect();
    all.extend(pages());
    all
}

#[test]
fn the_packets_of_the_pages_are_understood_as_printed() {
    let verdicts: Vec<_> = pages().iter().map(|(_, query, body)| parse(query, &[], body).verdict).collect();
    let want = [Verdict::Repaired, Verdict::Repaired, Verdict::Applied, Verdict::Repaired];
    assert_eq!(verdicts, want, "three pages print comments or forget a comma, one is valid");
}

#[test]
fn every_leaf_of_every_body_is_in_the_callback() {
    for (file, query, body) in recorded() {
        let callback = parse(&query, &[], &body);
        let mut there = leaves_of(&callback);
        for (path, leaf) in leaves(&lenient_json::read(&body).expect("a sample").0) {
            if NOT_KEPT.contains(&path.trim_start_matches('/')) {
                continue;
            }
            // Each value that was sent uses up one that is kept, so that one cannot stand for two.
            let exact = there.iter().position(|text| *text == leaf);
            let place = exact.or_else(|| there.iter().position(|text| same(&path, &leaf, text)));
            let place = place.unwrap_or_else(|| panic!("{file}: {path} = {leaf} is lost; what is left: {there:?}"));
            there.swap_remove(place);
        }
    }
}

#[test]
fn changing_any_leaf_changes_the_callback() {
    for (file, query, body) in recorded() {
        let before = parse(&query, &[], &body);
        let value = lenient_json::read(&body).expect("a sample").0;
        for (path, _) in leaves(&value) {
            let mut other = value.clone();
            let leaf = other.pointer_mut(&path).expect("the leaf is there");
            *leaf = match &*leaf {
                Value::String(text) => Value::from(format!("{text}7")),
                Value::Number(number) => Value::from(number.as_i64().expect("an integer") + 1),
                Value::Bool(truth) => Value::from(!*truth),
                other => panic!("{file}: {path} is {other}"),
            };
            let mut after = parse(&query, &[], other.to_string().as_bytes());
            (after.verdict, after.reason) = (before.verdict, before.reason.clone());
            let kept = !NOT_KEPT.contains(&path.trim_start_matches('/'));
            assert_eq!(
                after != before,
                kept,
                "{file}: {path} is part of what is known, unless it is a time of sending"
            );
        }
    }
}

/// Every plain value in a document, with its JSON pointer.
fn leaves(value: &Value) -> Vec<(String, String)> {
    let below = |key: String, value: &Value| {
        leaves(value).into_iter().map(move |(path, leaf)| (format!("/{key}{path}"), leaf)).collect::<Vec<_>>()
    };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| below(key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().flat_map(|(at, value)| below(at.to_string(), value)).collect(),
        Value::String(text) => vec![(String::new(), text.clone())],
        plain => vec![(String::new(), plain.to_string())],
    }
}

fn leaves_of(callback: &Callback) -> Vec<String> {
    let facts = serde_json::to_value(&callback.facts).expect("facts serialise");
    let event_ms = callback.event_ms.map(|time| time.to_string());
    leaves(&facts).into_iter().map(|(_, leaf)| leaf).chain([callback.command.clone()]).chain(event_ms).collect()
}

/// The same time in milliseconds, a register named after it, or the code that stands for it.
fn same(path: &str, sent: &str, kept: &str) -> bool {
    kept.strip_suffix("000") == Some(sent)
        || ["metadata:", "admin:"].iter().any(|register| kept.strip_prefix(register) == Some(sent))
        || path.ends_with("/RoomIdType") && [("1", "number"), ("2", "text")].contains(&(sent, kept))
}
