//! The document and the parsers agree: of each parameter, what the document allows is taken and what it forbids is refused.

use regex::Regex;
use serde_json::{Value, json};

use super::desk::{APP, CALL, Desk};

/// Texts for every form; each is allowed in some place and forbidden in another.
const TEXTS: [&str; 25] = [
    "",
    "1",
    "1400000000",
    "normal_end",
    "normal_end,ringing",
    "normal_end,",
    ",",
    "applied,test",
    "test,foreign_app ",
    "vidoe",
    "unknown",
    "live",
    "call-v1",
    "number",
    "WzE3",
    "W10",
    "call_id",
    "call_id,started",
    "shoe_size",
    "Asia/Shanghai",
    "a b",
    "0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789abcdefABCD",
    r#"["user","007"]"#,
    r#"["user",""]"#,
    r#"["call","1","\ud800"]"#,
];

/// A parameter of an operation.
struct Parameter<'a> {
    name: &'a str,
    schema: &'a Value,
    required: bool,
}

impl Parameter<'_> {
    /// Values with whether the document allows them.
    fn values(&self) -> Vec<(String, bool)> {
        let schema = self.schema;
        let mut values = Vec::new();
        match schema["type"].as_str().expect("a type") {
            "integer" => {
                let (low, high) = match schema["format"].as_str() {
                    Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                    _ => (i64::MIN, i64::MAX),
                };
                let low = schema["minimum"].as_i64().unwrap_or(low);
                let high = schema["maximum"].as_i64().unwrap_or(high);
                values.extend([(low.to_string(), true), (high.to_string(), true)]);
                let beyond = [i128::from(low) - 1, i128::from(high) + 1].map(|number| (number.to_string(), false));
                values.extend(beyond);
                values.extend(["", "x", "1.5"].map(|text| (text.to_owned(), false)));
            }
            "boolean" => values.extend(
                [("true", true), ("false", true), ("", false), ("maybe", false)]
                    .map(|(text, allowed)| (text.to_owned(), allowed)),
            ),
            "string" => {
                let words: Option<Vec<&str>> =
                    schema["enum"].as_array().map(|words| words.iter().filter_map(Value::as_str).collect());
                let pattern = schema["pattern"].as_str().map(|pattern| Regex::new(pattern).expect("a pattern"));
                let longest = schema["maxLength"].as_u64().unwrap_or(4096);
                let allowed = |text: &str| {
                    words.as_ref().is_none_or(|words| words.contains(&text))
                        && pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
                        && u64::try_from(text.chars().count()).unwrap() <= longest
                };
                let lengths = [longest, longest + 1].map(|length| "é".repeat(usize::try_from(length).unwrap()));
                let texts = TEXTS
                    .into_iter()
                    .map(str::to_owned)
                    .chain(lengths.into_iter().filter(|_| schema["maxLength"].is_u64()));
                values.extend(
                    texts
                        .chain(words.iter().flatten().map(|word| (*word).to_owned()))
                        .map(|text| (text.clone(), allowed(&text))),
                );
            }
            other => panic!("no values for {other}"),
        }
        values
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .map_or(schema, |pointer| document.pointer(pointer.trim_start_matches('#')).expect("described"))
}

fn query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test]
async fn each_parameter_is_taken_as_the_document_says() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let document = desk.get("/api/openapi.json").await.json;
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        // The long poll waits, what is in a path is tried by itself, and which columns each list has is not said here.
        if ["/api/changes", "/api/export-preview"].contains(&path.as_str())
            || path.contains('{')
            || item["get"].is_null()
        {
            continue;
        }
        let parameters: Vec<Parameter<'_>> = item["get"]["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| Parameter {
                name: parameter["name"].as_str().unwrap(),
                schema: resolved(&document, &parameter["schema"]),
                required: parameter["required"].as_bool().unwrap_or(false),
            })
            .collect();
        let needed: Vec<(&str, String)> = parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| {
                let (value, _) =
                    parameter.values().into_iter().find(|(_, allowed)| *allowed).expect("something is allowed");
                (parameter.name, value)
            })
            .collect();
        for parameter in &parameters {
            for (value, allowed) in parameter.values() {
                let others = needed
                    .iter()
                    .filter(|(name, _)| *name != parameter.name)
                    .map(|(name, value)| (*name, value.as_str()));
                let address = format!("{path}?{}", query(others.chain([(parameter.name, value.as_str())])));
                let answer = desk.get(&address).await;
                let (refused, code) = (answer.status == 400, &answer.json["code"]);
                assert_eq!(refused, !allowed, "{address} is answered {} {}", answer.status, answer.json);
                assert!(
                    !refused || *code == json!("bad_request"),
                    "{address} is refused in the one shape: {}",
                    answer.json
                );
                assert!(answer.status < 500, "{address} breaks nothing: {}", answer.json);
                tried += 1;
            }
        }
    }
    assert!(tried > 3000, "only {tried} values were tried");
    desk.close().await;
}

#[tokio::test]
async fn each_part_of_a_path_is_taken_as_the_document_says() {
    let desk = Desk::open().await;
    for (method, address, body, status) in [
        ("GET", "/api/callbacks/1400000000/live/history", None, 200),
        ("GET", "/api/callbacks/1400000000/rtc/history", None, 400),
        ("GET", "/api/callbacks/%E3%80%801400000000%0A/live/history", None, 200),
        ("GET", "/api/callbacks/14%2000/live/history", None, 400),
        ("GET", "/api/callbacks/%FF/live/history", None, 400),
        ("GET", "/api/callbacks/1/live/history", None, 404),
        ("POST", "/api/callbacks/1400000000/AAA/read", None, 400),
        ("POST", "/api/callbacks/1400000000/AAA/plan", Some(json!({ "to": "nothing" })), 400),
        (
            "POST",
            "/api/callbacks/1400000000/AAA/apply",
            Some(json!({ "wanted": { "to": "nothing" }, "seen": "" })),
            400,
        ),
        ("DELETE", "/api/apps/clinic", None, 400),
        ("DELETE", "/api/apps/%FF", None, 400),
        ("GET", "/api/apps/clinic/signing", None, 400),
        ("PUT", "/api/apps/clinic/signing", Some(json!({ "on": true })), 400),
        ("PUT", "/api/apps/clinic/secrets", Some(json!({})), 400),
        ("GET", "/api/exports/%FF", None, 400),
        ("GET", "/api/exports/99999999999999999999", None, 404),
        ("DELETE", "/api/exports/+1", None, 404),
        ("GET", "/api/export/%FF", None, 400),
        ("POST", "/api/test?way=public", None, 409),
    ] {
        let answer = desk.send(method, address, body).await;
        assert_eq!(answer.status, status, "{method} {address}: {}", answer.json);
        assert!(
            status == 200 || answer.json["message"].is_string(),
            "{method} {address} is refused in the one shape: {}",
            answer.json
        );
    }
    desk.close().await;
}

#[tokio::test]
async fn a_body_is_an_object_with_what_the_document_allows() {
    let desk = Desk::open().await;
    let filtered = |filter: Value| json!({ "kind": "calls", "format": "csv", "filter": filter });
    for (method, address, body, status) in [
        ("POST", "/api/apps", json!(["1400000001"]), 400),
        ("PUT", "/api/settings", json!([null]), 400),
        ("PUT", "/api/apps/1400000000/secrets", json!([null, null]), 400),
        ("PUT", "/api/apps/1400000000/signing", json!([true]), 400),
        ("POST", "/api/quarantine/release", json!(["0".repeat(64)]), 400),
        ("POST", "/api/backups/restore", json!(["calltrail.db"]), 400),
        ("POST", "/api/damage/seen", json!(["x"]), 400),
        ("POST", "/api/exports", json!(["calls", "csv"]), 400),
        ("POST", "/api/exports", filtered(json!([1, 2])), 400),
        ("POST", "/api/exports", filtered(json!({ "from": 1.5 })), 400),
        ("POST", "/api/exports", filtered(json!({ "from": -67815691389664.0_f64 })), 409),
        ("POST", "/api/callbacks/1400000000/live/plan", json!(["nothing"]), 400),
        ("POST", "/api/callbacks/1400000000/live/plan", json!({ "to": "restore", "change": 7.0 }), 404),
        ("POST", "/api/callbacks/1400000000/live/plan", json!({ "to": "restore", "change": 7.5 }), 400),
        ("POST", "/api/callbacks/1400000000/live/apply", json!({ "wanted": ["nothing"], "seen": "" }), 400),
        ("POST", "/api/quarantine/release", json!({ "digest": "0".repeat(63) }), 400),
        ("POST", "/api/quarantine/release", json!({ "digest": "0".repeat(64) }), 200),
        ("POST", "/api/apps", json!({ "id": "1", "region": "mars" }), 400),
        ("POST", "/api/apps", json!({ "id": "1", "label": "x".repeat(101) }), 400),
        ("PUT", "/api/apps/1400000000/secrets", json!({ "live_token": "x".repeat(4097) }), 400),
        ("PUT", "/api/settings", json!({ "public_url": "https://1.2.3.456" }), 400),
    ] {
        let answer = desk.send(method, address, Some(body.clone())).await;
        assert_eq!(answer.status, status, "{method} {address} {body}: {}", answer.json);
    }
    desk.close().await;
}

#[tokio::test]
async fn a_cursor_that_no_list_has_answered_leads_nowhere() {
    let desk = Desk::open().await;
    desk.post_call(APP, "one").await;
    desk.post_call(APP, "other").await;
    let page = desk.get("/api/calls?limit=1").await.json;
    let next = page["next"].as_str().expect("a second page");
    let second = desk.get(&format!("/api/calls?limit=1&cursor={next}&at=7")).await;
    assert_eq!(second.json["rows"].as_array().map(Vec::len), Some(1), "a cursor goes before a number: {}", second.json);
    for (address, status) in [
        ("/api/calls?cursor=WzE3XQ".to_owned(), 404),
        ("/api/calls?cursor=Wz___".to_owned(), 404),
        ("/api/calls?cursor=Wz".to_owned(), 400),
        (format!("/api/calls?cursor={next}%20"), 400),
    ] {
        let answer = desk.get(&address).await;
        assert_eq!(answer.status, status, "{address}: {}", answer.json);
    }
    desk.close().await;
}

#[tokio::test]
async fn two_backups_of_one_second_are_one() {
    let desk = Desk::open().await;
    for _ in 0..3 {
        let made = desk.send("POST", "/api/backups", None).await;
        assert_eq!(made.status, 200, "whoever asks twice gets the one that was made: {}", made.json);
        assert!(made.json["name"].is_string(), "it has a name: {}", made.json);
    }
    desk.close().await;
}
