//! When a call started, was answered and ended: what is told, what cannot be believed, and what follows from the rest.

use super::calls::event;
use super::*;

/// The end record of call `c` as a callback at `at_ms`, with these times in seconds as they are written.
fn end_with(at_ms: i64, start: &str, accept: &str, end: &str) -> Delivery {
    v2(
        at_ms,
        "Call.CallbackAfterEndCall",
        &format!(
            r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","EventTime":{at_ms},"CallId":"c","CallRecord":{{"Caller_Account":"alice","CalleeList_Account":["bob"],"MediaType":"Audio","CallType":"SingleCall","CallResult":"NormalEnd"{start}{accept}{end}}}}}"#
        ),
    )
}

/// `started answered ended` in seconds after 1,760,000,000, and where each came from.
fn times_of(deliveries: &[Delivery]) -> String {
    let told = |deliveries: &[Delivery]| {
        with(deliveries, |store| {
            let detail = store.read(|reader| reader.call("1", "c", NOW)).unwrap().expect("the call is there");
            let call = &detail.call;
            let [started, answered, ended] =
                [("started", Some(call.started_ms)), ("answered", call.answered_ms), ("ended", call.ended_ms)].map(
                    |(name, at)| {
                        let source =
                            detail.sources.get(name).and_then(|source| source.as_str()).unwrap_or("-").to_owned();
                        at.map_or("-".to_owned(), |at| format!("{} {source}", (at - 1_760_000_000_000) / 1_000))
                    },
                );
            for member in &detail.members {
                // An invitation that nobody told is the start of the call, whatever the other times say.
                let known: Vec<i64> = [member.joined_ms, member.left_ms].into_iter().flatten().collect();
                assert!(known.is_sorted(), "a member joins and leaves: {member:?}");
            }
            format!("{started}, {answered}, {ended}")
        })
    };
    let backward: Vec<_> = deliveries.iter().rev().cloned().collect();
    let forward = told(deliveries);
    assert_eq!(forward, told(&backward), "the order of arrival does not matter");
    forward
}

#[test]
fn a_time_that_is_not_told_does_not_contradict_those_that_are() {
    const AT: i64 = 1_760_000_050_000;
    let (accept, end) = (r#","AcceptTime":1760000005"#, r#","EndTime":1760000050"#);
    for (start, accept, end, want) in [
        (r#","StartTime":0"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":null"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        ("", accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":"""#, accept, "", "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":-1"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        // Nobody can believe 1970.
        (r#","StartTime":17"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":0"#, r#","AcceptTime":17"#, end, "50 derived, -, 50 end_record"),
        // Nor 2100 and what comes after it: microseconds, nanoseconds, and numbers that are no time at all.
        (r#","StartTime":4102444800"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":1760000000000000"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":100000000000000000"#, accept, end, "5 derived, 5 end_record, 50 end_record"),
        (r#","StartTime":0"#, r#","AcceptTime":1760000005000000"#, end, "50 derived, -, 50 end_record"),
        (
            r#","StartTime":1760000001"#,
            accept,
            r#","EndTime":100000000000000000"#,
            "1 end_record, 5 end_record, 50 end_record",
        ),
        (
            r#","StartTime":1760000001"#,
            accept,
            r#","EndTime":9223372036854775807"#,
            "1 end_record, 5 end_record, 50 end_record",
        ),
        // Under its other name it is there.
        (
            r#","StartTime":1760000001000000,"StartCallTs":1760000001"#,
            accept,
            end,
            "1 end_record, 5 end_record, 50 end_record",
        ),
        // Milliseconds and seconds are both read.
        (
            r#","StartTime":1760000001000"#,
            accept,
            r#","EndTime":1760000040000"#,
            "1 end_record, 5 end_record, 40 end_record",
        ),
        // Never answered, and ended before the message about it came.
        (r#","StartTime":0"#, r#","AcceptTime":0"#, r#","EndTime":1760000020"#, "20 derived, -, 20 end_record"),
        (r#","StartTime":0"#, r#","AcceptTime":0"#, r#","EndTime":0"#, "50 derived, -, 50 end_record"),
        // The end is heard of before it can have come.
        (r#","StartTime":1760000001"#, r#","AcceptTime":1760000070"#, "", "1 end_record, 70 end_record, 70 derived"),
        (r#","StartTime":1760000090"#, r#","AcceptTime":0"#, "", "90 end_record, -, 90 derived"),
        // What is told stands.
        (r#","StartTime":1760000009"#, accept, end, "9 end_record, 5 end_record, 50 end_record"),
    ] {
        assert_eq!(times_of(&[end_with(AT, start, accept, end)]), want, "{start}{accept}{end}");
    }
}

#[test]
fn a_v1_time_that_nobody_can_believe_is_not_there() {
    let end = |times: &str| [event(1_760_000_065, "alice", "caller", "call_end", times)];
    for (times, want) in [
        (r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064"#, "0 v1, 4 v1, 64 v1"),
        (r#","StartCallTs":1760000000000000,"AcceptTs":1760000004,"EndTs":1760000064"#, "4 derived, 4 v1, 64 v1"),
        (r#","StartCallTs":1760000000,"AcceptTs":1760000004000000,"EndTs":1760000064"#, "0 v1, -, 64 v1"),
        (r#","StartCallTs":1760000000,"AcceptTs":1760000004,"EndTs":1760000064000000"#, "0 v1, 4 v1, 65 v1"),
        (r#","StartCallTs":1e17,"AcceptTs":1e17,"EndTs":1e17"#, "65 derived, -, 65 v1"),
    ] {
        assert_eq!(times_of(&end(times)), want, "{times}");
    }
}

#[test]
fn a_time_that_is_taken_from_an_event_keeps_to_what_the_record_tells() {
    let end = |start, accept| end_with(1_760_000_050_000, start, accept, r#","EndTime":1760000050"#);
    let v1 =
        |at: i64, role, name| event(1_760_000_000 + at, if role == "caller" { "alice" } else { "bob" }, role, name, "");
    let joined = v2(
        1_760_000_060_000,
        "Call.CallbackAfterMemberChanged",
        r#"{"CallId":"c","EventTime":1760000060000,"UserList":[],"ChangedUserList":[{"User_Account":"bob","ActionType":"Accept"}]}"#,
    );
    // The start was heard of after the answer: another clock.
    let late = [v1(7, "caller", "start_call"), end("", r#","AcceptTime":1760000005"#)];
    assert_eq!(times_of(&late), "5 derived, 5 end_record, 50 end_record");
    // The answer was heard of before the start, or after the end.
    let early = [v1(2, "callee", "accept_call"), end(r#","StartTime":1760000004"#, "")];
    assert_eq!(times_of(&early), "4 end_record, 4 derived, 50 end_record");
    assert_eq!(times_of(&[joined, end(r#","StartTime":1760000004"#, "")]), "4 end_record, 50 derived, 50 end_record");
    // Nothing is told: the earliest of what happened.
    let swapped = [v1(9, "caller", "start_call"), v1(3, "callee", "accept_call"), v1(8, "caller", "call_end")];
    assert_eq!(times_of(&swapped), "3 derived, 3 v1, 8 v1");
}
