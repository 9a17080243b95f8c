//! Call records: what was played can be asked for, for seven days, in both versions.

use std::collections::BTreeSet;

use calltrail::traffic::Scenario;
use expect_test::expect;
use serde_json::{Value, json};

use super::side::Side;

const BY_ID: &str = "v4/call_record_http_srv/get_record_by_callid";
const BY_FILTER: &str = "v4/call_record_http_srv/get_record_by_filter";
const V1_BY_ID: &str = "v1/records/get_record_by_callId";
const V1_BY_FILTER: &str = "v1/records/get_records_by_filter";

/// The only call that there is.
fn only_call(side: &Side) -> Value {
    let page = side.ask(BY_FILTER, json!({}));
    assert_eq!(page["Response"]["TotalNum"], 1, "{page}");
    page["Response"]["CallRecordList"][0].clone()
}

#[test]
fn both_versions_tell_a_call_in_their_own_words() {
    let side = Side::start();
    side.play(Scenario::Answered);
    side.later(5_000);
    let call = only_call(&side);
    let id = call["CallId"].clone();
    let said = [
        side.ask(BY_ID, json!({"CallId": id})),
        side.ask(V1_BY_ID, json!({"callId": id})),
        side.ask(V1_BY_FILTER, json!({"startTimestamp": 0})),
        side.ask(V1_BY_ID, json!({"callId": "nobody's"})),
    ]
    .map(|answer| format!("{answer:#}"));
    expect![[r#"
        {
          "ActionStatus": "OK",
          "ErrorInfo": "",
          "ErrorCode": 0,
          "RequestId": "Id-8c7654ecfd7b0b623b803e2f4e02ad1c-O-Seq-2",
          "Response": {
            "CallRecord": {
              "CallId": "583617e0-8e42-131b-08b0-71b2e35e23e5",
              "Caller_Account": "maria_garcia",
              "MediaType": "Audio",
              "CallType": "SingleCall",
              "StartTime": 1790072144,
              "EndTime": 1790072999,
              "AcceptTime": 1790072147,
              "CallResult": "NormalEnd",
              "CalleeList_Account": [
                "maria_garcia",
                "james_miller"
              ],
              "RoomId": "83245",
              "RoomIdType": 1
            }
          }
        }
        {
          "errorCode": 0,
          "errorMessage": "Success",
          "requestId": "3ed2b0611e97da9cfe87c83e7ed97c2d",
          "data": {
            "callId": "583617e0-8e42-131b-08b0-71b2e35e23e5",
            "sdkAppId": 1400000000,
            "mediaType": "audio",
            "roomId": "83245",
            "startCallTs": 1790072144,
            "acceptTs": 1790072147,
            "endTs": 1790072999,
            "caller": "maria_garcia",
            "totalUserNumber": 2,
            "callType": "single",
            "callResult": "normal_end",
            "callees": [
              "james_miller"
            ]
          }
        }
        {
          "errorCode": 0,
          "errorMessage": "Success",
          "requestId": "84acc16af38f59d2ddeb004751e48c2d",
          "data": {
            "totalNum": 1,
            "page": 1,
            "callRecordList": [
              {
                "callId": "583617e0-8e42-131b-08b0-71b2e35e23e5",
                "sdkAppId": 1400000000,
                "mediaType": "audio",
                "roomId": "83245",
                "startCallTs": 1790072144,
                "acceptTs": 1790072147,
                "endTs": 1790072999,
                "caller": "maria_garcia",
                "totalUserNumber": 2,
                "callType": "single",
                "callResult": "normal_end",
                "callees": [
                  "james_miller"
                ]
              }
            ]
          }
        }
        {
          "errorCode": 0,
          "errorMessage": "Success",
          "requestId": "adf21c0341a4dfca3200c2668f4b0412",
          "data": ""
        }"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn a_record_appears_five_seconds_after_the_end_and_goes_after_seven_days() {
    let side = Side::start();
    side.play(Scenario::CallKitMissed);
    assert_eq!(side.code(BY_FILTER, json!({})), 101_050, "the call has only just ended (page 68940)");
    side.later(5_000);
    let call = only_call(&side);
    let id = json!({"CallId": call["CallId"]});
    assert_eq!(call["CallResult"], "NotAnswer", "a call of the older client too");
    assert_eq!(call["AcceptTime"], 0, "nobody answered");
    let start_ms = call["StartTime"].as_i64().expect("seconds") * 1_000;
    side.later(start_ms + 7 * 86_400_000 - side.now_ms());
    assert_eq!(side.code(BY_ID, id.clone()), 0, "seven days");
    side.later(1_000);
    assert_eq!(side.code(BY_ID, id), 101_050, "and not a second longer");
    assert_eq!(side.code(BY_FILTER, json!({"StartTime": 0})), 101_050, "an earlier start is raised to seven days ago");
}

#[test]
fn pages_hold_every_call_once() {
    let side = Side::start();
    for scenario in
        [Scenario::Answered, Scenario::Missed, Scenario::GroupCall, Scenario::CallKitDeclined, Scenario::Busy]
    {
        side.play(scenario);
    }
    side.later(5_000);
    let mut ids = BTreeSet::new();
    let mut starts = Vec::new();
    for (page, size) in [(1, 2), (2, 2), (3, 1)] {
        let answer = side.ask(BY_FILTER, json!({"NumberPerPage": 2, "Page": page}))["Response"].clone();
        let list = answer["CallRecordList"].as_array().expect("a list").clone();
        assert_eq!((&answer["TotalNum"], &answer["Page"]), (&json!(5), &json!(page)), "{answer}");
        assert_eq!(list.len(), size, "page {page}");
        starts.extend(list.iter().map(|call| call["StartTime"].as_i64().expect("seconds")));
        ids.extend(list.iter().map(|call| call["CallId"].to_string()));
    }
    assert_eq!(ids.len(), 5, "each call once");
    assert!(starts.is_sorted_by(|one, other| one >= other), "the newest first: {starts:?}");
    let beyond = side.ask(BY_FILTER, json!({"NumberPerPage": 2, "Page": 4}))["Response"].clone();
    assert_eq!(beyond, json!({"TotalNum": 5, "Page": 0, "CallRecordList": []}), "behind the last page");
    let v1 = side.ask(V1_BY_FILTER, json!({"startTimestamp": 0, "numberPerPage": 2, "page": 3}))["data"].clone();
    assert_eq!((&v1["totalNum"], &v1["page"]), (&json!(5), &json!(3)), "{v1}");
    assert_eq!(v1["callRecordList"].as_array().map(Vec::len), Some(1), "{v1}");
    assert_eq!(side.code(BY_FILTER, json!({"Page": "1"})), 101_002, "a text is no page");
    assert_eq!(side.code(BY_FILTER, json!({"Page": 0})), 101_002, "pages count from 1");
}

#[test]
fn filters_choose_by_result_type_and_time() {
    let side = Side::start();
    for scenario in [Scenario::Answered, Scenario::Missed, Scenario::GroupCall] {
        side.play(scenario);
    }
    side.later(5_000);
    let total = |filter: Value| side.ask(BY_FILTER, filter)["Response"]["TotalNum"].as_i64().unwrap_or(0);
    assert_eq!(total(json!({"CallResult": "NormalEnd"})), 2, "answered ones");
    assert_eq!(total(json!({"CallType": "MultiCall"})), 1, "group calls");
    assert_eq!(total(json!({"CallResult": "NotAnswer", "CallType": "MultiCall"})), 0, "both");
    assert_eq!(total(json!({"CallResult": "Teleported"})), 0, "no call ended so");
    assert_eq!(total(json!({"EndTime": 1})), 0, "before the first");
    let v1 = side.ask(V1_BY_FILTER, json!({"startTimestamp": 0, "callResult": "not_answer", "callType": "single"}));
    assert_eq!(v1["data"]["totalNum"], 1, "v1's own words");
    let newest =
        side.ask(BY_FILTER, json!({}))["Response"]["CallRecordList"][0]["StartTime"].as_i64().expect("seconds");
    assert_eq!(total(json!({"StartTime": newest})), 1, "from the newest on");
}
