//! Tencent's own pages: the sample packets posted as printed there, comments and missing commas and all.

use expect_test::expect;
use serde_json::Value;

use crate::process::Serve;
use crate::support::fixture;

/// The sample packet of a page and the query that the page prints, its placeholders replaced by what the page says of them.
fn sample(page: &str) -> (String, String) {
    let text = std::fs::read_to_string(fixture("pages").join(page)).unwrap();
    let lower = text.to_lowercase();
    let from = lower
        .find("sample request packet")
        .or_else(|| lower.find("webhook request example"))
        .expect("the page has a sample");
    let to = from + lower[from..].find("request packet fields").expect("the fields follow the sample");
    let part = &text[from..to];
    let packet = &part[part.find('{').expect("a packet")..=part.rfind('}').expect("its end")];
    let fixed = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Fixed as "))
        .map(|command| command.trim_end_matches('.').to_owned())
        .unwrap_or_default();
    let url = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("POST /?") || line.contains("?SdkAppid=$"))
        .expect("the page prints a query");
    let query = url.split_once('?').unwrap().1.trim_end_matches(" HTTP/1.1");
    let query = query
        .replace("$SDKAppID", "1400000000")
        .replace("$CallbackCommand", &fixed)
        .replace("$ClientIP", "127.0.0.1")
        .replace("$OptPlatform", "iOS");
    (query, packet.to_owned())
}

const PAGES: [(&str, &str); 4] = [
    ("callkit-v1-event-callback.txt", r#"{"ErrorCode":0,"ErrorMessage":"Success"}"#),
    ("call-member-changed-callback.txt", r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#),
    ("call-end-callback.txt", r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#),
    ("live-member-state-changed-callback.txt", r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#),
];

/// Posts the four pages' samples and answers the server.
fn posted(folder: &std::path::Path) -> Serve {
    let serve = Serve::with_web(folder, &["1400000000", "8888888"]);
    for (page, reply) in PAGES {
        let (query, packet) = sample(page);
        let answer = serve.post(&query, &[("Content-Type", "application/json")], packet.as_bytes());
        assert_eq!((answer.status, answer.body.as_str()), (200, reply), "{page} gets its family's reply");
    }
    serve
}

fn pick(value: &Value, names: &[&str]) -> String {
    names.iter().map(|name| format!("{name}={}", value[*name])).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_samples_as_printed_become_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let serve = posted(folder.path());
    let mut text = Vec::new();
    let rows = |value: Value| value["rows"].as_array().cloned().unwrap_or_default();
    for call in rows(serve.api("/api/calls")) {
        text.push(pick(&call, &["app", "call_id", "result", "media", "type", "caller", "callees", "members"]));
        text.push(pick(
            &call,
            &["started_ms", "answered_ms", "ended_ms", "ring_seconds", "talk_seconds", "room_id", "room_id_type"],
        ));
        let path =
            format!("/api/call?app={}&call_id={}", call["app"].as_str().unwrap(), call["call_id"].as_str().unwrap());
        let detail = serve.api(&path);
        for member in detail["members"].as_array().unwrap() {
            text.push(format!(
                "  {}",
                pick(member, &["user", "role", "invited_ms", "joined_ms", "left_ms", "outcome", "platform"])
            ));
        }
        for step in detail["steps"].as_array().unwrap() {
            text.push(format!("  {}", pick(step, &["at_ms", "action", "user", "platform", "client_ip", "flagged"])));
        }
    }
    for room in rows(serve.api("/api/rooms")) {
        text.push(pick(&room, &["app", "product", "room_id", "room_id_type", "users", "stays", "ended_ms"]));
    }
    for stay in rows(serve.api("/api/stays")) {
        text.push(format!("  {}", pick(&stay, &["user", "entered_ms", "left_ms", "enter_cause", "leave_cause"])));
    }
    for delivery in rows(serve.api("/api/deliveries")) {
        text.push(pick(&delivery, &["family", "command", "verdict"]));
    }
    expect![[r#"
        app="1400000000" call_id="055662e1-bc8a-469c-a334-1126c8c17d58" result="not_answer" media="audio" type="single" caller="10001" callees=["user2"] members=3
        started_ms=1741231146000 answered_ms=null ended_ms=1741231296000 ring_seconds=150 talk_seconds=0 room_id="roomid-1434" room_id_type="text"
          user="10001" role="caller" invited_ms=null joined_ms=1741231146000 left_ms=1741231296000 outcome="not_answer" platform=""
          user="user2" role="callee" invited_ms=1741231146000 joined_ms=1740464128807 left_ms=1741231296000 outcome="normal_end" platform="iOS"
          user="user1" role="" invited_ms=null joined_ms=null left_ms=null outcome="" platform=""
          at_ms=1703589922780 action="end" user="" platform="iOS" client_ip="127.0.0.1" flagged=false
          at_ms=1740464128807 action="accept" user="user2" platform="iOS" client_ip="127.0.0.1" flagged=false
        app="8888888" call_id="aheahfo-eqwnknoihfsd-qweqf" result="unknown" media="audio" type="single" caller="Alice" callees=[] members=1
        started_ms=1704856873000 answered_ms=null ended_ms=null ring_seconds=null talk_seconds=null room_id="Alice's Room" room_id_type=""
          user="Alice" role="caller" invited_ms=null joined_ms=1704856873000 left_ms=null outcome="" platform="iOS"
          at_ms=1704695566000 action="start" user="Alice" platform="iOS" client_ip="127.0.0.1" flagged=false
        app="1400000000" product="live" room_id="room_id" room_id_type="" users=2 stays=2 ended_ms=null
          user="jared" entered_ms=1703589922780 left_ms=null enter_cause="enter" leave_cause="unknown"
          user="tommy" entered_ms=1703589922780 left_ms=null enter_cause="enter" leave_cause="unknown"
        family="live" command="Live.CallbackAfterMemberStateChanged" verdict="repaired"
        family="call" command="Call.CallbackAfterEndCall" verdict="repaired"
        family="call" command="Call.CallbackAfterMemberChanged" verdict="repaired"
        family="call-v1" command="caller_start_call" verdict="applied""#]].assert_eq(&text.join("\n"));
}

/// Every value that a page's sample holds, and every value of its query, is found in what the API tells, other than as the raw body.
#[test]
fn every_documented_field_reaches_the_api() {
    let folder = tempfile::tempdir().unwrap();
    let serve = posted(folder.path());
    let call = |app: &str, id: &str| serve.api(&format!("/api/call?app={app}&call_id={id}"));
    let v2 = call("1400000000", "055662e1-bc8a-469c-a334-1126c8c17d58");
    let room = serve.api("/api/room?app=1400000000&product=live&room_id_type=&room_id=room_id");
    let told = [call("8888888", "aheahfo-eqwnknoihfsd-qweqf"), v2.clone(), v2, room];
    for ((page, _), told) in PAGES.into_iter().zip(told) {
        let (query, packet) = sample(page);
        let (value, _) = calltrail::callback::lenient_json::read(packet.as_bytes()).expect("the sample can be read");
        let mut fields = Vec::new();
        leaves("", &value, &mut fields);
        fields.extend(
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), value.into())),
        );
        assert!(fields.len() > 7, "{page}: the sample has fields: {fields:?}");
        let everything = told.to_string().to_lowercase();
        for (field, value) in fields {
            // The content type says nothing of the event; an empty word has nothing to show; the v2 query's command is the page's.
            if field.eq_ignore_ascii_case("contenttype") || value == "" || value == "Live.CallbackMemberStateChanged" {
                continue;
            }
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned).to_lowercase();
            let coded = coded(&text);
            assert!(
                [text.clone(), format!("{text}000"), coded.clone()]
                    .iter()
                    .any(|form| everything.contains(form.as_str())),
                "{page}: {field} = {text} (or {coded}) is not in {everything}"
            );
        }
    }
}

/// Words that the record shows as its own codes.
fn coded(word: &str) -> String {
    match word {
        "singlecall" => "single",
        "multicall" => "group",
        "notanswer" => "not_answer",
        "answer" => "accept",
        "2" => "text",
        other => other,
    }
    .to_owned()
}

fn leaves(path: &str, value: &Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, into)),
        Value::Array(items) => items.iter().for_each(|item| leaves(path, item, into)),
        leaf => into.push((path.to_owned(), leaf.clone())),
    }
}
