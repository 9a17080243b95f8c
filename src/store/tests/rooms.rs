//! Rooms and stays: rules.md section 6, through the whole store.

use super::*;
use expect_test::{Expect, expect};

fn live(at_ms: i64, cause: &str, users: &str) -> Delivery {
    let kind = if matches!(cause, "Enter" | "HeartbeatRecover") { "Online" } else { "Offline" };
    let users: Vec<_> = users.split('+').map(|user| format!(r#"{{"Member_Account":"{user}"}}"#)).collect();
    let body = format!(
        r#"{{"CallbackCommand":"Live.CallbackAfterMemberStateChanged","RoomId":"r","EventType":"{kind}","EventCause":"{cause}","MemberList":[{}],"EventTime":{at_ms}}}"#,
        users.join(",")
    );
    v2(at_ms, "Live.CallbackMemberStateChanged", &body)
}

fn destroyed(at_ms: i64) -> Delivery {
    let body = format!(
        r#"{{"CallbackCommand":"Live.CallbackAfterDestroyRoom","Operator_Account":"ann","RoomId":"r","EventType":"DestroyByUser","EventTime":{at_ms},"RoomInfo":{{"RoomName":"Show","Owner_Account":144115200000000123}},"Statistic":{{"TotalViewers":12}}}}"#
    );
    v2(at_ms, "Live.CallbackAfterDestroyRoom", &body)
}

fn check(deliveries: &[Delivery], want: Expect) {
    let text = |store: &Store| {
        let read = |reader: &Reader| {
            let (filter, page) = (Filter::default(), PageRequest::default());
            let mut lines = Vec::new();
            for room in reader.rooms(&filter, &page, NOW)?.rows {
                lines.push(format!(
                    "{} {} [{}] {} {} created {:?} ended {:?} {} users {} stays {} peak {} inside {}",
                    room.product,
                    room.room_id,
                    room.room_id_type,
                    room.name,
                    room.owner,
                    room.created_ms,
                    room.ended_ms,
                    room.end_reason,
                    room.users,
                    room.stays,
                    room.peak,
                    room.inside
                ));
            }
            for stay in reader.stays(&filter, &page, NOW)?.rows {
                lines.push(format!(
                    "  {}#{} {:?}-{:?} {:?}s away {} {}/{}",
                    stay.user,
                    stay.n,
                    stay.entered_ms,
                    stay.left_ms,
                    stay.seconds,
                    stay.away_seconds,
                    stay.enter_cause,
                    stay.leave_cause
                ));
            }
            Ok(lines.join("\n").replace("Some(", "").replace(')', "").replace("None", "-"))
        };
        store.read(read).expect("the record can be read")
    };
    let forward = with(deliveries, text);
    let mut backward: Vec<_> = deliveries.to_vec();
    backward.reverse();
    backward.extend_from_slice(deliveries);
    assert_eq!(forward, with(&backward, text), "order and repetition do not matter");
    want.assert_eq(&forward);
}

const T: i64 = 1_760_000_000_000;

#[test]
fn a_live_room_over_two_lives() {
    check(
        &[
            live(T, "Enter", "ann+bob"),
            live(T + 10_000, "HeartbeatInterrupt", "bob"),
            live(T + 40_000, "HeartbeatRecover", "bob"),
            live(T + 60_000, "Kicked", "bob"),
            live(T + 70_000, "Enter", "cid"),
            destroyed(T + 100_000),
            live(T + 200_000, "Enter", "ann"),
        ],
        expect![[r#"
            live r [] Show 144115200000000123 created - ended -  users 3 stays 4 peak 2 inside 1
              ann#2 1760000200000-- -s away 0 enter/
              cid#1 1760000070000-1760000100000 30s away 0 enter/room_closed
              ann#1 1760000000000-1760000100000 100s away 0 enter/room_closed
              bob#1 1760000000000-1760000060000 60s away 30 enter/kicked"#]],
    );
}

#[test]
fn numbers_and_texts_are_different_rooms() {
    let rtc = |at_ms: i64, kind: u16, room: &str, reason: u8| {
        let body = format!(
            r#"{{"EventGroupId":1,"EventType":{kind},"CallbackTs":{at_ms},"EventInfo":{{"RoomId":{room},"EventTs":{},"EventMsTs":{at_ms},"UserId":"ann","Role":20,"Reason":{reason}}}}}"#,
            at_ms / 1_000
        );
        Delivery { app: "1".to_owned(), ..delivery(at_ms, "sdkappid=1", &body) }
    };
    check(
        &[
            rtc(T, 103, "123", 1),
            rtc(T + 1_000, 103, "\"123\"", 4),
            rtc(T + 5_000, 103, "123", 2),
            rtc(T + 9_000, 104, "123", 5),
        ],
        expect![[r#"
            rtc 123 [text]   created - ended -  users 1 stays 1 peak 1 inside 1
            rtc 123 [number]   created - ended -  users 1 stays 1 peak 1 inside 0
              ann#1 1760000001000-- -s away 0 cross_room/
              ann#1 1760000000000-1760000009000 9s away 0 enter/killed"#]],
    );
}
