//! Calls: the stories of rules.md sections 3 to 5.

use super::*;
use expect_test::{Expect, expect};

fn check(deliveries: &[Delivery], want: Expect) {
    let forward = with(deliveries, |store| calls_text(store, NOW));
    let mut backward: Vec<_> = deliveries.to_vec();
    backward.reverse();
    backward.extend_from_slice(deliveries);
    assert_eq!(forward, with(&backward, |store| calls_text(store, NOW)), "order and repetition do not matter");
    want.assert_eq(&forward);
}

/// One v1 event of call `c`.
fn event(at: i64, user: &str, role: &str, event: &str, extra: &str) -> Delivery {
    let kind = if extra.contains("\"group\"") { "" } else { r#""CallType":"single","# };
    let body = format!(
        r#"{{"UserId":"{user}","RoomId":"77","TotalNum":2,"MediaType":"video",{kind}"CallId":"c","Role":"{role}","Event":"{event}","CallResult":"","EventTime":{at}{extra}}}"#
    );
    v1(at, &format!("{role}_{event}"), &body)
}

#[test]
fn v1_answered_with_the_times_of_the_end() {
    check(
        &[
            event(1_760_000_000, "alice", "caller", "start_call", ""),
            event(1_760_000_001, "bob", "callee", "receive_call", ""),
            event(1_760_000_004, "bob", "callee", "accept_call", ""),
            event(1_760_000_004, "alice", "caller", "call_accepted", ""),
            event(1_760_000_065, "alice", "caller", "call_end", r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064"#),
            event(1_760_000_065, "bob", "callee", "call_end", r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064"#),
        ],
        expect![[r#""#]],
    );
}

#[test]
fn v1_missed_busy_and_declined() {
    check(
        &[
            event(1_760_000_000, "alice", "caller", "start_call", ""),
            event(1_760_000_030, "bob", "callee", "not_answer_call", ""),
            event(1_760_000_030, "alice", "caller", "call_missed", ""),
        ],
        expect![[r#""#]],
    );
    check(
        &[event(1_760_000_000, "alice", "caller", "start_call", ""), event(1_760_000_002, "bob", "callee", "ignore_call", "")],
        expect![[r#""#]],
    );
    check(
        &[event(1_760_000_000, "alice", "caller", "start_call", ""), event(1_760_000_005, "bob", "callee", "reject_call", ""),
          event(1_760_000_006, "alice", "caller", "cancel_call", "")],
        expect![[r#""#]],
    );
}

#[test]
fn v1_group_where_one_callee_declines_and_another_stays() {
    let group = r#","CallType":"group""#;
    check(
        &[
            event(1_760_000_000, "alice", "caller", "start_call", group),
            event(1_760_000_005, "bob", "callee", "reject_call", group),
            event(1_760_000_006, "carol", "callee", "accept_call", group),
            event(1_760_000_040, "dave", "callee", "join_in_group_call", group),
            event(1_760_000_100, "carol", "callee", "call_end", group),
            event(1_760_000_200, "alice", "caller", "call_end", group),
        ],
        expect![[r#""#]],
    );
}

const START: &str = r#"{"CallbackCommand":"Call.CallbackAfterStartCall","CallInfo":{"CallId":"c","CallMediaType":"Video","ChatGroupId":"","RoomId":"r","RoomIdType":2},"UserList":[{"User_Account":"alice","Status":"Calling"},{"User_Account":"bob","Status":"Waiting"}],"EventTime":1760000000120}"#;

fn change(at_ms: i64, users: &str, changed: &str) -> Delivery {
    let list = |text: &str, key: &str| -> String {
        text.split_whitespace()
            .map(|pair| pair.split_once('=').expect("user=word"))
            .map(|(user, word)| format!(r#"{{"User_Account":"{user}","{key}":"{word}"}}"#))
            .collect::<Vec<_>>()
            .join(",")
    };
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterMemberChanged","CallId":"c","UserList":[{}],"ChangedUserList":[{}],"EventTime":{at_ms}}}"#,
        list(users, "Status"),
        list(changed, "ActionType")
    );
    v2(at_ms, "Call.CallbackAfterMemberChanged", &body)
}

fn ended(at_ms: i64, kind: &str, accept: i64, end: i64, result: &str, list: &str) -> Delivery {
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{{"CallId":"c","Caller_Account":"alice","MediaType":"Video","CallType":"{kind}","StartTime":1760000000,"EndTime":{end},"AcceptTime":{accept},"CallResult":"{result}","CalleeList_Account":[{list}],"RoomId":"r","RoomIdType":2}},"EventTime":{at_ms}}}"#
    );
    v2(at_ms, "Call.CallbackAfterEndCall", &body)
}

#[test]
fn v2_single_answered() {
    check(
        &[
            v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START),
            change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Accept"),
            change(1_760_000_064_000, "alice=Calling", "bob=Hangup"),
            ended(1_760_000_064_250, "SingleCall", 1_760_000_004, 1_760_000_064, "NormalEnd", r#""alice","bob""#),
        ],
        expect![[r#""#]],
    );
}

#[test]
fn v2_without_its_end_record_infers_no_result() {
    check(
        &[v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START), change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Answer")],
        expect![[r#""#]],
    );
}

#[test]
fn v2_end_record_alone_and_never_answered() {
    check(
        &[ended(1_760_000_030_250, "SingleCall", 0, 1_760_000_030, "NotAnswer", r#""alice","bob""#)],
        expect![[r#""#]],
    );
}

#[test]
fn v2_group_with_an_invitation_withdrawn_and_somebody_who_comes_back() {
    check(
        &[
            v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START),
            change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Accept"),
            change(1_760_000_010_000, "alice=Calling bob=Calling carol=Waiting dave=Waiting", "carol=Invite dave=Invited"),
            change(1_760_000_015_000, "alice=Calling bob=Calling carol=Waiting", "dave=Canncel_Invite"),
            change(1_760_000_020_000, "alice=Calling bob=Calling carol=Calling", "carol=Accept"),
            change(1_760_000_030_000, "alice=Calling bob=Calling", "carol=HangUp"),
            change(1_760_000_040_000, "alice=Calling bob=Calling carol=Calling", "carol=Join"),
            change(1_760_000_050_000, "alice=Calling carol=Calling", "bob=Offline"),
            ended(1_760_000_100_250, "MultiCall", 1_760_000_004, 1_760_000_100, "NormalEnd", r#""alice","bob","carol","dave""#),
            change(1_760_000_101_000, "", "carol=HangUp"),
        ],
        expect![[r#""#]],
    );
}
