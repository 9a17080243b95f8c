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
pub(super) fn event(at: i64, user: &str, role: &str, event: &str, extra: &str) -> Delivery {
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
            event(
                1_760_000_065,
                "alice",
                "caller",
                "call_end",
                r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064"#,
            ),
            event(
                1_760_000_065,
                "bob",
                "callee",
                "call_end",
                r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064"#,
            ),
        ],
        expect![[r#"
            c normal_end video single alice->bob start 1760000000000 answer 1760000004000 end 1760000064000 ring 4 talk 60 members 2 room 77  callback
              alice [caller] invited - joined 1760000000000 left 1760000064000 normal_end ring 4 talk 60 iOS
              bob [callee] invited 1760000001000 joined 1760000004000 left 1760000064000 normal_end ring 3 talk 60 iOS
              @1760000000000 start alice
              @1760000001000 receive bob
              @1760000004000 accept alice
              @1760000004000 accept bob
              @1760000065000 end bob
              @1760000065000 end alice"#]],
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
        expect![[r#"
            c not_answer video single alice->bob start 1760000000000 answer - end 1760000030000 ring 30 talk 0 members 2 room 77  callback
              alice [caller] invited - joined 1760000000000 left 1760000030000 not_answer ring 30 talk 0 iOS
              bob [callee] invited 1760000000000 joined - left 1760000030000 not_answer ring 30 talk 0 iOS
              @1760000000000 start alice
              @1760000030000 not_answer alice
              @1760000030000 not_answer bob"#]],
    );
    check(
        &[
            event(1_760_000_000, "alice", "caller", "start_call", ""),
            event(1_760_000_002, "bob", "callee", "ignore_call", ""),
        ],
        expect![[r#"
            c call_busy video single alice->bob start 1760000000000 answer - end 1760000002000 ring 2 talk 0 members 2 room 77  callback
              alice [caller] invited - joined 1760000000000 left 1760000002000 call_busy ring 2 talk 0 iOS
              bob [callee] invited 1760000000000 joined - left 1760000002000 call_busy ring 2 talk 0 iOS
              @1760000000000 start alice
              @1760000002000 busy bob"#]],
    );
    check(
        &[
            event(1_760_000_000, "alice", "caller", "start_call", ""),
            event(1_760_000_005, "bob", "callee", "reject_call", ""),
            event(1_760_000_006, "alice", "caller", "cancel_call", ""),
        ],
        expect![[r#"
            c reject video single alice->bob start 1760000000000 answer - end 1760000006000 ring 6 talk 0 members 2 room 77  callback
              alice [caller] invited - joined 1760000000000 left 1760000006000 reject ring 6 talk 0 iOS
              bob [callee] invited 1760000000000 joined - left 1760000005000 reject ring 5 talk 0 iOS
              @1760000000000 start alice
              @1760000005000 reject bob
              @1760000006000 cancel_invite alice"#]],
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
        expect![[r#"
            c normal_end video group alice->bob+carol+dave start 1760000000000 answer 1760000006000 end 1760000200000 ring 6 talk 194 members 4 room 77  callback
              alice [caller] invited - joined 1760000000000 left 1760000200000 normal_end ring 6 talk 194 iOS
              bob [callee] invited - joined - left 1760000005000 reject ring - talk 0 iOS
              carol [callee] invited - joined 1760000006000 left 1760000100000 normal_end ring - talk 94 iOS
              dave [callee] invited - joined 1760000040000 left 1760000200000 normal_end ring - talk 160 iOS
              @1760000000000 start alice
              @1760000005000 reject bob
              @1760000006000 accept carol
              @1760000040000 join dave
              @1760000100000 end carol
              @1760000200000 end alice"#]],
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
        expect![[r#"
            c normal_end video single alice->bob start 1760000000000 answer 1760000004000 end 1760000064000 ring 4 talk 60 members 2 room r text callback
              alice [caller] invited - joined 1760000000000 left 1760000064000 normal_end ring 4 talk 60 Android
              bob [callee] invited 1760000000120 joined 1760000004000 left 1760000064000 normal_end ring 3 talk 60 Android
              @1760000000120 start alice
              @1760000004000 accept bob
              @1760000064000 hang_up bob
              @1760000064250 end "#]],
    );
}

#[test]
fn v2_without_its_end_record_infers_no_result() {
    check(
        &[
            v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START),
            change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Answer"),
        ],
        expect![[r#"
            c in_progress video  alice-> start 1760000000120 answer 1760000004000 end - ring 3 talk - members 2 room r text callback
              alice [caller] invited - joined 1760000000120 left -  ring 3 talk - Android
              bob [] invited 1760000000120 joined 1760000004000 left -  ring 3 talk - Android
              @1760000000120 start alice
              @1760000004000 accept bob"#]],
    );
}

#[test]
fn v2_end_record_alone_and_never_answered() {
    check(
        &[ended(1_760_000_030_250, "SingleCall", 0, 1_760_000_030, "NotAnswer", r#""alice","bob""#)],
        expect![[r#"
            c not_answer video single alice->bob start 1760000000000 answer - end 1760000030000 ring 30 talk 0 members 2 room r text callback
              alice [caller] invited - joined 1760000000000 left 1760000030000 not_answer ring 30 talk 0 
              bob [callee] invited 1760000000000 joined - left 1760000030000 not_answer ring 30 talk 0 
              @1760000030250 end "#]],
    );
}

#[test]
fn v2_group_with_an_invitation_withdrawn_and_somebody_who_comes_back() {
    check(
        &[
            v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START),
            change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Accept"),
            change(
                1_760_000_010_000,
                "alice=Calling bob=Calling carol=Waiting dave=Waiting",
                "carol=Invite dave=Invited",
            ),
            change(1_760_000_015_000, "alice=Calling bob=Calling carol=Waiting", "dave=Canncel_Invite"),
            change(1_760_000_020_000, "alice=Calling bob=Calling carol=Calling", "carol=Accept"),
            change(1_760_000_030_000, "alice=Calling bob=Calling", "carol=HangUp"),
            change(1_760_000_040_000, "alice=Calling bob=Calling carol=Calling", "carol=Join"),
            change(1_760_000_050_000, "alice=Calling carol=Calling", "bob=Offline"),
            ended(
                1_760_000_100_250,
                "MultiCall",
                1_760_000_004,
                1_760_000_100,
                "NormalEnd",
                r#""alice","bob","carol","dave""#,
            ),
            change(1_760_000_101_000, "", "carol=HangUp"),
        ],
        expect![[r#"
            c normal_end video group alice->bob+carol+dave start 1760000000000 answer 1760000004000 end 1760000100000 ring 4 talk 96 members 4 room r text callback
              alice [caller] invited - joined 1760000000000 left 1760000100000 normal_end ring 4 talk 96 Android
              bob [callee] invited 1760000000120 joined 1760000004000 left 1760000050000 offline ring 3 talk 46 Android
              carol [callee] invited 1760000010000 joined 1760000020000 left 1760000100000 normal_end ring 10 talk 70 Android
              dave [callee] invited 1760000010000 joined - left 1760000015000 cancel ring 5 talk 0 
              @1760000000120 start alice
              @1760000004000 accept bob
              @1760000010000 invite carol
              @1760000010000 invite dave
              @1760000015000 cancel_invite dave
              @1760000020000 accept carol
              @1760000030000 hang_up carol
              @1760000040000 join carol
              @1760000050000 offline bob
              @1760000100250 end 
              @1760000101000 hang_up carol"#]],
    );
}

#[test]
fn an_open_call_depends_on_the_moment_it_is_read() {
    let rang = [v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START)];
    let answered = [rang[0].clone(), change(1_760_000_004_000, "alice=Calling bob=Calling", "bob=Accept")];
    let state = |deliveries: &[Delivery], silent_ms: i64| {
        with(deliveries, |store| {
            let now = deliveries.last().unwrap().received_ms - 1_000 + silent_ms;
            let read = |reader: &Reader| {
                let call = reader.calls(&Filter::default(), &PageRequest::default(), now)?.rows.remove(0);
                let same = Filter { result: Some(call.result.clone()), ..Filter::default() };
                let found = reader.calls(&same, &PageRequest::default(), now)?.rows.len();
                Ok(format!("{} ring {:?} talk {:?} found {found}", call.result, call.ring_seconds, call.talk_seconds))
            };
            store.read(read).unwrap()
        })
    };
    let minute = 60_000;
    assert_eq!(state(&rang, 5 * minute - 1), "ringing ring None talk None found 1", "believed for five minutes");
    assert_eq!(state(&rang, 5 * minute), "unknown ring None talk None found 1", "and not a moment longer");
    assert_eq!(state(&answered, 1_440 * minute - 1), "in_progress ring Some(3) talk None found 1", "for a day");
    assert_eq!(state(&answered, 1_440 * minute), "unknown ring None talk None found 1", "then nobody knows");
}

#[test]
fn a_member_named_only_by_a_copy_that_lost_is_forgotten() {
    // Two start callbacks of one call count once: the earlier one speaks, whenever it comes.
    let late = v2(
        1_760_000_001_000,
        "Call.CallbackAfterStartCall",
        &START.replace("bob", "eve").replace("0000120", "0001000"),
    );
    let early = v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START);
    check(
        &[late, early],
        expect![[r#"
        c unknown video  alice-> start 1760000000120 answer - end - ring - talk - members 2 room r text callback
          alice [caller] invited - joined 1760000000120 left -  ring - talk - Android
          bob [] invited 1760000000120 joined - left -  ring - talk - 
          @1760000000120 start alice"#]],
    );
}

/// An end record with these fields besides its id; `at_ms` is when the callback came.
fn end_record(at_ms: i64, fields: &str) -> Delivery {
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{{"CallId":"c",{fields}}},"EventTime":{at_ms}}}"#
    );
    v2(at_ms, "Call.CallbackAfterEndCall", &body)
}

/// The same as it is fetched from Tencent later.
fn fetched(at_ms: i64, fields: &str) -> Delivery {
    let body = format!(r#"{{"CallId":"c",{fields}}}"#);
    Delivery { source: Source::Backfill, query: String::new(), ..v2(at_ms, "", &body) }
}

#[test]
fn an_end_record_without_an_end_leaves_it_to_v1_and_then_to_its_own_time() {
    let end = event(1_760_000_065, "alice", "caller", "call_end", r#","EndTs":1760000064"#);
    let record = end_record(1_760_000_066_000, r#""CallResult":"NormalEnd","CallType":"SingleCall""#);
    check(
        &[end, record.clone()],
        expect![[r#"
        c normal_end video single alice-> start 1760000064000 answer - end 1760000064000 ring 0 talk 0 members 1 room 77  callback
          alice [caller] invited - joined 1760000064000 left 1760000064000 normal_end ring 0 talk 0 iOS
          @1760000065000 end alice
          @1760000066000 end "#]],
    );
    check(
        &[record],
        expect![[r#"
        c normal_end  single -> start 1760000066000 answer - end 1760000066000 ring 0 talk 0 members 0 room   callback
          @1760000066000 end "#]],
    );
}

#[test]
fn a_fetched_record_without_an_end_does_not_end_the_call_when_it_is_fetched() {
    check(
        &[fetched(1_760_000_600_000, r#""StartTime":1760000000,"AcceptTime":1760000004,"CallType":"SingleCall""#)],
        expect![[r#"
            c in_progress  single -> start 1760000000000 answer 1760000004000 end - ring 4 talk - members 0 room   backfill
              @1760000601000 end "#]],
    );
}

#[test]
fn a_room_id_type_of_0_says_nothing() {
    check(
        &[
            end_record(1_760_000_066_000, r#""RoomId":"r","RoomIdType":0"#),
            fetched(1_760_000_600_000, r#""RoomId":"r","RoomIdType":2"#),
        ],
        expect![[r#"
            c unknown   -> start 1760000066000 answer - end 1760000066000 ring - talk - members 0 room r text both
              @1760000066000 end "#]],
    );
}

#[test]
fn a_call_that_is_over_is_not_opened_again() {
    check(
        &[
            change(1_760_000_004_000, "", "bob=Accept"),
            change(1_760_000_010_000, "", "bob=Hangup"),
            ended(
                1_760_000_100_250,
                "MultiCall",
                1_760_000_004,
                1_760_000_100,
                "NormalEnd",
                r#""alice","bob","carol""#,
            ),
            // Told in the second of the end, so not too late.
            change(1_760_000_100_400, "", "carol=Join"),
            change(1_760_000_200_000, "dave=Waiting", "bob=Join"),
            change(1_760_000_300_000, "", "bob=Invite"),
        ],
        expect![[r#"
            c normal_end video group alice->bob+carol start 1760000000000 answer 1760000004000 end 1760000100000 ring 4 talk 96 members 4 room r text callback
              alice [caller] invited - joined 1760000000000 left 1760000100000 normal_end ring 4 talk 96 
              bob [callee] invited - joined 1760000004000 left 1760000010000 normal_end ring - talk 6 Android
              carol [callee] invited - joined 1760000100400 left 1760000100400 normal_end ring - talk 0 Android
              dave [] invited - joined - left -  ring - talk - 
              @1760000004000 accept bob
              @1760000010000 hang_up bob
              @1760000100250 end 
              @1760000100400 join carol
              @1760000200000 join bob
              @1760000300000 invite bob"#]],
    );
}

#[test]
fn a_caller_who_leaves_a_group_and_comes_back_does_not_talk_meanwhile() {
    check(
        &[
            v2(1_760_000_000_120, "Call.CallbackAfterStartCall", START),
            change(1_760_000_004_000, "", "bob=Accept"),
            change(1_760_000_010_000, "", "alice=Hangup"),
            change(1_760_000_040_000, "", "alice=Join"),
            ended(1_760_000_100_250, "MultiCall", 1_760_000_004, 1_760_000_100, "NormalEnd", r#""alice","bob""#),
        ],
        expect![[r#"
            c normal_end video group alice->bob start 1760000000000 answer 1760000004000 end 1760000100000 ring 4 talk 96 members 2 room r text callback
              alice [caller] invited - joined 1760000000000 left 1760000100000 normal_end ring 4 talk 66 Android
              bob [callee] invited 1760000000120 joined 1760000004000 left 1760000100000 normal_end ring 3 talk 96 Android
              @1760000000120 start alice
              @1760000004000 accept bob
              @1760000010000 hang_up alice
              @1760000040000 join alice
              @1760000100250 end "#]],
    );
}

#[test]
fn the_platform_of_an_invitation_is_not_that_of_the_invited() {
    let invites = change(1_760_000_004_000, "", "carol=Invite");
    let accepts = change(1_760_000_009_000, "", "carol=Accept");
    let accepts = Delivery { query: accepts.query.replace("Android", "iOS"), ..accepts };
    check(
        &[invites, accepts],
        expect![[r#"
        c in_progress   -> start 1760000004000 answer 1760000009000 end - ring 5 talk - members 1 room   callback
          carol [] invited 1760000004000 joined 1760000009000 left -  ring 5 talk - iOS
          @1760000004000 invite carol
          @1760000009000 accept carol"#]],
    );
}
