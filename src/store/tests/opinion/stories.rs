//! Canonical stories of seven events in all their 5,040 orders.

use serde_json::{Value, json};

use crate::callback::delivery::{Delivery, Source};
use crate::store::Store;
use crate::store::tests::opinion::histories::START_MS as T;
use crate::store::tests::opinion::{Arrived, memory, model, report, sqlite, stored};
use crate::store::tests::{v1, v2};

/// Long after.
const NOW_MS: i64 = T + 400_000_000;
const ORDERS: usize = 5_040;

/// A story about the call or room `id`.
type Story = fn(id: u64) -> Vec<Delivery>;

const STORIES: [(&str, Story); 6] = [
    ("a v1 call", v1_call),
    ("a v2 group call", v2_group),
    ("one call told by v1, v2 and a fetched record", mixture),
    ("a live room with two lives", live_room),
    ("an RTC room with ids of stays", rtc_ids),
    ("an RTC room with one crowded millisecond", rtc_tie),
];

fn callkit(id: u64, second: i64, user: &str, role: &str, event: &str, more: Value) -> Delivery {
    let mut body = json!({"UserId": user, "RoomId": "77", "TotalNum": 2, "MediaType": "video", "CallType": "single",
        "CallId": format!("c{id}"), "Role": role, "Event": event, "EventTime": T / 1_000 + second});
    more.as_object().expect("fields").iter().for_each(|(name, value)| body[name] = value.clone());
    v1(T / 1_000 + second, &format!("{role}_{event}"), &body.to_string())
}

fn posted(at_ms: i64, command: &str, mut body: Value) -> Delivery {
    body["CallbackCommand"] = command.into();
    body["EventTime"] = at_ms.into();
    v2(at_ms, command, &body.to_string())
}

fn v1_call(id: u64) -> Vec<Delivery> {
    let times = json!({"StartCallTs": T / 1_000, "AcceptTs": T / 1_000 + 4, "EndTs": T / 1_000 + 64});
    let status = json!({"Event": "", "CallResult": "normal_end"});
    let start = callkit(id, 0, "alice", "caller", "start_call", json!({}));
    let earlier =
        Delivery { received_ms: start.received_ms - 500, query: start.query.replace("iOS", "Web"), ..start.clone() };
    vec![
        start,
        earlier,
        callkit(id, 1, "bob", "callee", "receive_call", json!({})),
        callkit(id, 4, "bob", "callee", "accept_call", json!({})),
        callkit(id, 4, "alice", "caller", "call_accepted", json!({})),
        callkit(id, 65, "alice", "caller", "call_end", times),
        callkit(id, 66, "bob", "callee", "normal_end", status),
    ]
}

fn started(id: u64, at_ms: i64, users: Value) -> Delivery {
    let info = json!({"CallId": format!("c{id}"), "MediaType": "Video", "RoomId": "r", "RoomIdType": 2});
    posted(at_ms, "Call.CallbackAfterStartCall", json!({"CallInfo": info, "UserList": users}))
}

fn changed(id: u64, at_ms: i64, user: &str, action: &str) -> Delivery {
    let changed = json!([{"User_Account": user, "ActionType": action}]);
    let body = json!({"CallId": format!("c{id}"), "UserList": [], "ChangedUserList": changed});
    posted(at_ms, "Call.CallbackAfterMemberChanged", body)
}

fn ended(id: u64, at_ms: i64, mut record: Value) -> Delivery {
    record["CallId"] = format!("c{id}").into();
    posted(at_ms, "Call.CallbackAfterEndCall", json!({"CallRecord": record}))
}

fn v2_group(id: u64) -> Vec<Delivery> {
    let user = |user: &str, status: &str| json!({"User_Account": user, "Status": status});
    let record = json!({"Caller_Account": "alice", "MediaType": "Video", "CallType": "MultiCall", "StartTime": T / 1_000,
        "EndTime": T / 1_000 + 90, "AcceptTime": T / 1_000 + 3, "CallResult": "NormalEnd",
        "CalleeList_Account": ["alice", "bob", "erin"], "RoomId": "r", "RoomIdType": 2});
    vec![
        started(id, T + 100, json!([user("alice", "Calling"), user("bob", "Waiting")])),
        changed(id, T + 3_000, "bob", "Accept"),
        changed(id, T + 12_000, "dave", "Invite"),
        changed(id, T + 21_000, "dave", "Cancel_Invite"),
        changed(id, T + 45_000, "erin", "Join"),
        changed(id, T + 60_000, "bob", "Hangup"),
        ended(id, T + 90_200, record),
    ]
}

fn mixture(id: u64) -> Vec<Delivery> {
    let user = |user: &str, status: &str| json!({"User_Account": user, "Status": status});
    let times = json!({"AcceptTs": T / 1_000 + 5, "EndTs": T / 1_000 + 31});
    let fetched = json!({"CallId": format!("c{id}"), "Caller_Account": "alice", "CalleeList_Account": ["alice", "bob"],
        "CallType": "SingleCall", "MediaType": "Audio", "AcceptTime": 0, "CallResult": "Cancel", "RoomIdType": 1});
    vec![
        callkit(id, 0, "alice", "caller", "start_call", json!({})),
        callkit(id, 30, "bob", "callee", "call_end", times),
        started(id, T, json!([user("alice", "Calling"), user("bob", "Waiting")])),
        changed(id, T + 4_000, "bob", "Accept"),
        ended(id, T + 30_000, json!({"EndTime": T / 1_000 + 30, "RoomId": "77"})),
        ended(id, T + 30_000, json!({"EndTime": T / 1_000 + 29, "MediaType": "Video"})),
        Delivery {
            source: Source::Backfill,
            query: String::new(),
            body: fetched.to_string().into_bytes(),
            ..v1(T / 1_000 + 600, "", "")
        },
    ]
}

fn live_room(id: u64) -> Vec<Delivery> {
    let room = format!("r{id}");
    let member = |at_ms: i64, kind: &str, cause: &str| {
        let body =
            json!({"RoomId": room, "EventType": kind, "EventCause": cause, "MemberList": [{"Member_Account": "ann"}]});
        posted(at_ms, "Live.CallbackAfterMemberStateChanged", body)
    };
    let info = json!({"RoomId": room, "RoomName": "Show", "Owner_Account": "ann"});
    vec![
        posted(T, "Live.CallbackAfterCreateRoom", json!({"RoomInfo": info})),
        member(T + 1_000, "Online", "Enter"),
        member(T + 10_000, "Offline", "HeartbeatInterrupt"),
        member(T + 40_000, "Online", "HeartbeatRecover"),
        posted(T + 60_000, "Live.CallbackAfterDestroyRoom", json!({"RoomId": room, "EventType": "DestroyByUser"})),
        member(T + 60_000, "Online", "Enter"),
        member(T + 90_000, "Offline", "Leave"),
    ]
}

fn rtc(id: u64, at_ms: i64, kind: u32, stay: Option<u32>) -> Delivery {
    let mut info = json!({"RoomId": id, "EventTs": at_ms / 1_000, "EventMsTs": at_ms, "Reason": 1});
    if kind != 102 {
        info["UserId"] = "ann".into();
    }
    if let Some(stay) = stay {
        info["UniqueId"] = stay.into();
    }
    let body = json!({"EventGroupId": if kind > 200 { 2 } else { 1 }, "EventType": kind, "CallbackTs": at_ms + 20, "EventInfo": info});
    Delivery { app: "1".to_owned(), query: String::new(), ..v2(at_ms, "", &body.to_string()) }
}

fn rtc_ids(id: u64) -> Vec<Delivery> {
    vec![
        rtc(id, T, 103, Some(7)),
        rtc(id, T + 1_000, 103, Some(8)),
        rtc(id, T + 5_000, 104, Some(7)),
        rtc(id, T + 5_000, 103, Some(9)),
        rtc(id, T + 6_000, 104, Some(8)),
        rtc(id, T + 9_000, 102, None),
        rtc(id, T + 10_000, 104, Some(9)),
    ]
}

fn rtc_tie(id: u64) -> Vec<Delivery> {
    vec![
        rtc(id, T, 103, None),
        rtc(id, T + 5_000, 104, None),
        rtc(id, T + 5_000, 103, None),
        rtc(id, T + 9_000, 104, None),
        rtc(id, T + 9_000, 103, None),
        rtc(id, T + 9_000, 102, None),
        rtc(id, T + 9_000, 203, None),
    ]
}

/// All orders of seven things.
fn orders() -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for n in 0..7 {
        let with = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, n);
                longer
            })
        };
        orders = orders.into_iter().flat_map(with).collect();
    }
    assert_eq!(orders.len(), ORDERS, "seven things have 5,040 orders");
    orders
}

fn in_this_order(story: &[Arrived], order: &[usize]) -> Vec<Arrived> {
    order.iter().map(|n| story[*n].clone()).collect()
}

#[test]
fn every_order_of_every_story_folds_to_the_same() {
    let orders = orders();
    for (name, story) in STORIES {
        let story: Vec<Arrived> = story(1).into_iter().map(Arrived::of).collect();
        assert_eq!(story.len(), 7, "{name} has seven events");
        let want = model::record(&story, NOW_MS).of_folds();
        assert!(!(want.calls.is_empty() && want.stays.is_empty()), "{name} tells of something");
        for order in &orders {
            let arrival = in_this_order(&story, order);
            let found = memory::record(&arrival, NOW_MS).of_folds();
            if found != want {
                println!("{name}");
                report(0, NOW_MS, &arrival, &want, &found);
            }
        }
    }
}

/// Each order is a story of its own in the store, with its own id. The first deliveries of all share a commit, then the second.
fn through_sqlite(name: &str, story: Story, orders: &[Vec<usize>]) {
    for some in orders.chunks(240) {
        let arrivals: Vec<Vec<Arrived>> = (1..)
            .zip(some)
            .map(|(id, order)| in_this_order(&story(id).into_iter().map(Arrived::of).collect::<Vec<_>>(), order))
            .collect();
        let record = |store: &Store| {
            (0..7).for_each(|nth| {
                let wave: Vec<Arrived> = arrivals.iter().map(|arrival| arrival[nth].clone()).collect();
                sqlite::record_together(store, &wave);
            })
        };
        let (found, dumped, rebuilt) = stored(&arrivals, record, NOW_MS);
        for (arrival, found) in arrivals.iter().zip(found) {
            let (want, found) = (model::record(arrival, NOW_MS).sorted(), found.sorted());
            if found != want {
                println!("{name}");
                report(0, NOW_MS, arrival, &want, &found);
            }
        }
        assert_eq!(dumped, rebuilt, "{name}: a rebuild gives the same rows");
    }
}

#[test]
fn every_order_of_one_story_and_some_of_the_others_are_stored_as_the_same() {
    let orders = orders();
    for (name, story) in STORIES {
        let all = name.starts_with("one call");
        let some: Vec<_> = orders.iter().step_by(if all { 1 } else { 84 }).cloned().collect();
        through_sqlite(name, story, &some);
    }
}
