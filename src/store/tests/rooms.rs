//! Rooms and stays: rules.md section 6, through the whole store.

use super::*;
use crate::store::rows::{RoomDetailRow, RoomRow};
use expect_test::{Expect, expect};
use proptest::prelude::*;

pub(super) fn live(at_ms: i64, cause: &str, users: &str) -> Delivery {
    let kind = if matches!(cause, "Enter" | "HeartbeatRecover") { "Online" } else { "Offline" };
    let users: Vec<_> = users.split('+').map(|user| format!(r#"{{"Member_Account":"{user}"}}"#)).collect();
    let body = format!(
        r#"{{"CallbackCommand":"Live.CallbackAfterMemberStateChanged","RoomId":"r","EventType":"{kind}","EventCause":"{cause}","MemberList":[{}],"EventTime":{at_ms}}}"#,
        users.join(",")
    );
    v2(at_ms, "Live.CallbackMemberStateChanged", &body)
}

pub(super) fn destroyed(at_ms: i64) -> Delivery {
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

/// The newest room of these deliveries, its lives and its occupancy, as text.
fn check_lives(deliveries: &[Delivery], now_ms: i64, want: Expect) {
    let text = |store: &Store| {
        let read = |reader: &Reader| {
            let rooms = reader.rooms(&Filter::default(), &PageRequest::default(), now_ms)?.rows;
            let room = rooms.first().expect("there is a room");
            let line = |detail: &RoomDetailRow| -> Vec<String> {
                detail.occupancy.iter().map(|point| format!("{}={}", point.at_ms - T, point.inside)).collect()
            };
            let whole = detail(reader, room, None, now_ms);
            let mut lines = vec![format!("all: {} peak {}", line(&whole).join(" "), whole.room.peak)];
            for life in &whole.lives {
                let at = |ms: Option<i64>| ms.map_or("-".to_owned(), |ms| (ms - T).to_string());
                let shown = detail(reader, room, Some(life.n), now_ms);
                assert_eq!(shown.life, Some(life.n), "the answer says whose occupancy it holds");
                lines.push(format!(
                    "life {}: from {} created {} ended {} {} users {} stays {} peak {} at {}: {}",
                    life.n,
                    at(Some(life.began_ms)),
                    at(life.created_ms),
                    at(life.ended_ms),
                    life.end_reason,
                    life.users,
                    life.stays,
                    life.peak,
                    at(life.peak_ms),
                    line(&shown).join(" "),
                ));
            }
            Ok(lines.join("\n"))
        };
        store.read(read).expect("the record can be read")
    };
    want.assert_eq(&with(deliveries, text));
}

/// RTC Engine's room event for one user, or for the room.
fn rtc(at_ms: i64, kind: u16, user: &str) -> Delivery {
    let body = format!(
        r#"{{"EventGroupId":1,"EventType":{kind},"CallbackTs":{at_ms},"EventInfo":{{"RoomId":7,"EventMsTs":{at_ms},"UserId":"{user}","Reason":1}}}}"#
    );
    Delivery { app: "1".to_owned(), ..delivery(at_ms, "sdkappid=1", &body) }
}

#[test]
fn each_life_has_its_own_end_reason_users_and_peak() {
    check_lives(
        &[
            rtc(T, 101, "ann"),
            rtc(T + 10, 103, "ann"),
            rtc(T + 20, 103, "bob"),
            rtc(T + 30, 104, "bob"),
            rtc(T + 40, 102, "ann"),
            rtc(T + 45, 104, "ann"),
            // Closed once more before anything began: the same end.
            rtc(T + 50, 102, "ann"),
            rtc(T + 100, 103, "cid"),
            rtc(T + 110, 102, ""),
            rtc(T + 200, 101, "ann"),
            rtc(T + 210, 103, "ann"),
            // Nobody saw this user enter.
            rtc(T + 220, 104, "dan"),
        ],
        T + 300,
        expect![[r#"
            all: 10=1 20=2 30=1 40=0 100=1 110=0 210=1 peak 2
            life 3: from 200 created 200 ended -  users 2 stays 2 peak 1 at 210: 210=1
            life 2: from 100 created - ended 110 dismiss users 1 stays 1 peak 1 at 100: 100=1 110=0
            life 1: from 0 created 0 ended 50 dismiss users 2 stays 2 peak 2 at 20: 10=1 20=2 30=1 40=0"#]],
    );
}

#[test]
fn a_room_of_which_only_the_end_was_heard_has_one_life() {
    check_lives(
        &[destroyed(T + 5)],
        NOW,
        expect![[r#"
        all:  peak 0
        life 1: from 5 created - ended 5 destroy_by_user users 0 stays 0 peak 0 at -: "#]],
    );
}

#[test]
fn silence_does_not_lower_a_peak_that_was_seen() {
    let story = [live(T, "Enter", "ann"), live(T + 60_000, "Enter", "bob"), live(T + 90_000, "Leave", "bob")];
    const DAY: i64 = 86_400_000;
    check_lives(
        &story,
        NOW,
        expect![[r#"
        all: 0=1 60000=2 90000=1 peak 2
        life 1: from 0 created - ended -  users 2 stays 2 peak 2 at 60000: 0=1 60000=2 90000=1"#]],
    );
    check_lives(
        &story,
        T + DAY,
        expect![[r#"
        all: 0=1 60000=2 90000=0 peak 2
        life 1: from 0 created - ended -  users 2 stays 2 peak 2 at 60000: 0=1 60000=2 90000=0"#]],
    );
    let later = [&story[..], &[live(T + 3 * DAY, "Enter", "cid+dan")]].concat();
    check_lives(
        &later,
        T + 3 * DAY,
        expect![[r#"
        all: 0=1 60000=2 90000=1 86400000=0 259200000=2 peak 2
        life 1: from 0 created - ended -  users 4 stays 4 peak 2 at 60000: 0=1 60000=2 90000=1 86400000=0 259200000=2"#]],
    );
}

/// A listed room with everything that is known of it.
fn detail(reader: &Reader, room: &RoomRow, life: Option<u32>, now_ms: i64) -> RoomDetailRow {
    let found = reader.room(&room.app, &room.product, &room.room_id_type, &room.room_id, life, now_ms);
    found.expect("the record can be read").expect("a listed room has a detail")
}

fn highest(detail: &RoomDetailRow) -> u64 {
    detail.occupancy.iter().map(|point| point.inside).max().unwrap_or(0)
}

/// What the row of a room, its lives and its occupancy say of the same stays; answers how many lives there are.
fn agree(reader: &Reader, room: &RoomRow, now_ms: i64) -> usize {
    let whole = detail(reader, room, None, now_ms);
    assert_eq!(&whole.room, room, "the list and the detail show the same");
    assert_eq!(highest(&whole), room.peak, "the occupancy holds the peak");
    let last = whole.occupancy.last().map_or(0, |point| point.inside);
    assert_eq!(last, room.inside, "the occupancy ends with who is inside");
    let stays: u64 = whole.lives.iter().map(|life| life.stays).sum();
    assert_eq!(stays, room.stays, "each stay is in one life");
    assert_eq!(
        whole.lives.iter().map(|life| life.peak).max(),
        Some(room.peak),
        "the highest of the lives is the room's"
    );
    let newest = whole.lives.first().expect("a room has a life");
    assert_eq!(newest.ended_ms, room.ended_ms, "the newest life ended when the room did");
    assert_eq!(newest.end_reason, room.end_reason, "and for the same reason");
    for life in &whole.lives {
        assert_eq!(
            highest(&detail(reader, room, Some(life.n), now_ms)),
            life.peak,
            "a life's occupancy holds its peak"
        );
    }
    whole.lives.len()
}

#[test]
fn a_room_that_a_search_finds_by_a_user_says_by_whom() {
    let story = [live(T, "Enter", "zoe+Annabel+ann"), rtc(T + 10, 103, "bob")];
    for (q, want) in
        [("ANN", &[("r", Some("Annabel"))][..]), ("bob", &[("7", Some("bob"))]), ("r", &[("r", None)]), ("eve", &[])]
    {
        let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
        let found = with(&story, |store| {
            let search = |reader: &Reader| {
                let mut rooms = reader.rooms(&filter, &PageRequest::default(), NOW)?.rows;
                reader.name_found_users(&mut rooms, &filter)?;
                Ok(rooms)
            };
            store.read(search).expect("the record can be read")
        });
        let told: Vec<_> = found.iter().map(|room| (room.room_id.as_str(), room.found_user.as_deref())).collect();
        assert_eq!(told, want, "{q:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn lives_and_occupancy_agree_with_the_room(seed: u64, waited in 0..200_000_000_i64) {
        let story = crate::traffic::story(seed);
        let now_ms = story.iter().map(|one| one.received_ms).max().unwrap_or(0) + waited;
        let lives = with(&story, |store| {
            let read = |reader: &Reader| {
                let rooms = reader.rooms(&Filter::default(), &PageRequest::default(), now_ms)?.rows;
                Ok(rooms.iter().map(|room| agree(reader, room, now_ms)).max())
            };
            store.read(read).expect("the record can be read")
        });
        prop_assert!(lives > Some(1), "the traffic has rooms with several lives");
    }
}

/// RTC Engine's room event of somebody whose stays have ids, or of whoever did something.
fn rtc_with(at_ms: i64, kind: u16, reason: u8, more: &str) -> Delivery {
    let body = format!(
        r#"{{"EventGroupId":1,"EventType":{kind},"CallbackTs":{at_ms},"EventInfo":{{"RoomId":7,"EventMsTs":{at_ms},"UserId":"ann","Reason":{reason}{more}}}}}"#
    );
    Delivery { app: "1".to_owned(), ..delivery(at_ms, "sdkappid=1", &body) }
}

#[test]
fn a_newest_life_that_nobody_saw_created_has_no_time_of_creation() {
    check(
        &[rtc(T, 101, "ann"), rtc(T + 40, 102, "ann"), rtc(T + 100, 103, "cid")],
        expect![[r#"
        rtc 7 [number]   created - ended -  users 1 stays 1 peak 1 inside 1
          cid#1 1760000000100-- -s away 0 enter/"#]],
    );
}

#[test]
fn a_user_with_two_stays_at_once_counts_once() {
    let id = |id: u8| format!(r#","UniqueId":{id}"#);
    check(
        &[rtc_with(T, 103, 1, &id(7)), rtc_with(T + 1_000, 103, 1, &id(8))],
        expect![[r#"
        rtc 7 [number]   created - ended -  users 1 stays 2 peak 1 inside 1
          ann#2 1760000001000-- -s away 0 enter/
          ann#1 1760000000000-- -s away 0 enter/"#]],
    );
}

#[test]
fn an_open_stay_is_not_silent_while_its_user_does_something() {
    const DAY: i64 = 86_400_000;
    check(
        &[rtc_with(NOW - DAY - 5_000, 103, 1, ""), rtc_with(NOW - 60_000, 203, 0, "")],
        expect![[r#"
        rtc 7 [number]   created - ended -  users 1 stays 1 peak 1 inside 1
          ann#1 1759917595000-- -s away 0 enter/"#]],
    );
}

#[test]
fn one_leave_told_with_two_reasons_is_one_leave() {
    check(
        &[rtc_with(T, 103, 1, ""), rtc_with(T + 5_000, 104, 1, ""), rtc_with(T + 5_000, 104, 2, "")],
        expect![[r#"
            rtc 7 [number]   created - ended -  users 1 stays 1 peak 1 inside 0
              ann#1 1760000000000-1760000005000 5s away 0 enter/timeout"#]],
    );
}

#[test]
fn an_rtc_event_without_its_own_object_is_the_same_whichever_try_came_first() {
    let flat = |sent: i64| {
        let body = format!(
            r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":{sent},"RoomId":7,"EventMsTs":{T},"UserId":"ann","Reason":1}}"#
        );
        Delivery { received_ms: sent, ..delivery(T, "sdkappid=1", &body) }
    };
    let dump = |story: &[Delivery]| with(story, |store| store.read(Reader::dump).expect("the record can be read"));
    assert_eq!(
        dump(&[flat(T + 1), flat(T + 9)]),
        dump(&[flat(T + 9), flat(T + 1)]),
        "the time of sending is no part of it"
    );
}
