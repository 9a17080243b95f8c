//! Random histories: a few contradictory, repeated, badly timed deliveries about one or two calls and one room.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::callback::delivery::{Delivery, Source};
use crate::store::tests::opinion::Arrived;

/// Where a history begins: a whole second, Unix milliseconds.
pub(super) const START_MS: i64 = 1_760_000_000_000;

const USERS: [&str; 3] = ["alice", "bob", "carol"];
const RESULTS: [&str; 10] =
    ["normal_end", "NormalEnd", "cancel", "reject", "NotAnswer", "call_busy", "interrupt", "Offline", "exploded", ""];

/// Everything random of one history.
struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0.random_range(0..end)
    }

    fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    /// Few different moments, so that they collide: whole seconds, halves, neighbouring milliseconds.
    fn at(&mut self) -> i64 {
        START_MS + i64::from(self.below(8)) * 1_000 + self.pick(&[0, 0, 0, 0, 500, 1])
    }

    fn user(&mut self) -> &'static str {
        self.pick(&USERS)
    }

    fn users(&mut self) -> Vec<&'static str> {
        let count = self.below(3) + 1;
        (0..count).map(|_| self.user()).collect()
    }

    /// Sometimes a field is missing, sometimes empty.
    fn put(&mut self, body: &mut Value, name: &str, value: impl Into<Value>) {
        match self.below(12) {
            0 => {}
            1 => body[name] = if value.into().is_string() { "".into() } else { 0.into() },
            _ => body[name] = value.into(),
        }
    }
}

/// The history of a seed, whose ids of calls and rooms carry the seed, so that many histories fit into one record.
pub(super) fn history(seed: u64) -> Vec<Arrived> {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
    let kinds = dice.pick(&[&[0][..], &[1], &[0, 1, 2], &[0, 1, 2], &[3], &[3], &[4], &[4], &[5], &[0, 1, 2, 3, 4, 5]]);
    // Most histories are short: what can differ differs in few events.
    let length = dice.pick(&[20, 12, 12, 7, 7, 7]);
    let count = dice.below(length) + 1;
    let clock = clock(&mut dice, seed);
    let mut history: Vec<Arrived> = Vec::new();
    for _ in 0..count {
        let again = !history.is_empty() && dice.percent(15);
        let mut delivery = if again { repeat(&mut dice, &history) } else { any(&mut dice, kinds, seed) };
        if !again && dice.percent(90) {
            delivery.received_ms += clock;
        }
        history.push(Arrived::of(delivery));
    }
    history
}

/// By how much the receiver's clock is wrong: in one history of five by much. A few minutes more in each history, so that some
/// that share a record bear each other out and others do not.
fn clock(dice: &mut Dice, seed: u64) -> i64 {
    let minutes = i64::try_from(seed % 100).unwrap_or(0) * 7 * 60_000;
    match dice.below(5) {
        0 => dice.pick(&[-300_000_000_000, -300_000_000_000, -86_000_000, -90_000_000, 63_000_000_000]) - minutes,
        _ => 0,
    }
}

/// A delivery again: later or earlier, with another query, rarely with other bytes for the same event.
fn repeat(dice: &mut Dice, history: &[Arrived]) -> Delivery {
    let which = dice.0.random_range(0..history.len());
    let mut delivery = history[which].delivery.clone();
    delivery.received_ms += dice.pick(&[0, 1_000, -1_000, 5_000, -5_000, -100_000_000]);
    if dice.percent(50) {
        delivery.query = delivery.query.replace("OptPlatform=iOS", "OptPlatform=Web");
    }
    if dice.percent(25) {
        delivery.body.extend_from_slice(b" \n");
    }
    if let (true, Ok(text)) = (dice.percent(25), String::from_utf8(delivery.body.clone())) {
        delivery.body = text.replace("\"CallbackTs\":1", "\"CallbackTs\":2").into_bytes();
    }
    delivery
}

fn any(dice: &mut Dice, kinds: &[u32], seed: u64) -> Delivery {
    let at = dice.at();
    let platform = dice.pick(&["iOS", "iOS", "Android", ""]);
    let call = dice.pick(&["c", "c", "c", "c", "d"]).to_owned() + &seed.to_string();
    let room = dice.pick(&["r", "r", "r", "r", "r", "r", "r", "s"]).to_owned() + &seed.to_string();
    let (source, command, mut body) = match dice.pick(kinds) {
        0 => v1(dice, at, &call),
        1 => v2(dice, at, &call),
        2 => (Source::Backfill, String::new(), record(dice, &call)),
        3 => live(dice, &room),
        4 => rtc(dice, at, seed),
        _ => conference(dice, &room),
    };
    if command.contains('.') {
        body["CallbackCommand"] = command.clone().into();
        // One in 25 has no time at all, or one that nobody can believe.
        match dice.below(50) {
            0 => {}
            1 => body["EventTime"] = dice.pick(&[1_400_000_000_000_i64, START_MS + 90_000_000, 0]).into(),
            _ => body["EventTime"] = at.into(),
        }
    }
    let received_ms = at + dice.pick(&[300, 300, 1_000, -2_000, 4_000]);
    // One in a hundred names no application.
    let app = if dice.percent(1) { String::new() } else { "1".to_owned() };
    let query = match command.as_str() {
        "" => String::new(),
        dotted if dotted.contains('.') => format!("SdkAppid={app}&CallbackCommand={command}&OptPlatform={platform}"),
        _ => format!("sdkappid={app}&command={command}&OptPlatform={platform}"),
    };
    Delivery {
        received_ms,
        source,
        remote: "127.0.0.1".to_owned(),
        method: "POST".to_owned(),
        headers: if query.is_empty() { vec![("SdkAppId".to_owned(), app.clone())] } else { Vec::new() },
        app,
        query,
        body: body.to_string().into_bytes(),
    }
}

/// A status or an event of CallKit v1.
fn v1(dice: &mut Dice, at: i64, call: &str) -> (Source, String, Value) {
    let caller = dice.percent(50);
    let (role, events): (_, &[&str]) = if caller {
        (
            "caller",
            &[
                "start_call",
                "call_accepted",
                "call_missed",
                "call_rejected",
                "call_busy",
                "cancel_call",
                "call_failed",
                "call_end",
                "call_end",
                "call_interrupted",
                "invite_user",
            ],
        )
    } else {
        (
            "callee",
            &[
                "receive_call",
                "accept_call",
                "accept_call",
                "not_answer_call",
                "reject_call",
                "ignore_call",
                "call_canceled",
                "call_end",
                "call_end",
                "call_interrupted",
                "join_in_group_call",
                "invite_user",
                "something_new",
            ],
        )
    };
    let event = dice.pick(events);
    let role = if dice.percent(4) { dice.pick(&["caller", "callee", "", "robot"]) } else { role };
    let user =
        if dice.percent(80) { if caller { "alice" } else { dice.pick(&["bob", "bob", "carol"]) } } else { dice.user() };
    let mut body = json!({"CallId": call, "UserId": user, "Role": role});
    let status = dice.percent(15);
    let result = dice.pick(&RESULTS);
    if !status {
        body["Event"] = event.into();
    }
    if status || dice.percent(20) {
        body["CallResult"] = result.into();
    }
    dice.put(&mut body, "RoomId", "77");
    let media = dice.pick(&["audio", "video", "hologram"]);
    dice.put(&mut body, "MediaType", media);
    let kind = if call.starts_with('d') { "group" } else { "single" };
    let kind = if dice.percent(10) { dice.pick(&["group", "single", "crowd"]) } else { kind };
    dice.put(&mut body, "CallType", kind);
    if dice.percent(25) {
        for name in ["StartCallTs", "AcceptTs", "EndTs"] {
            let second = dice.at() / 1_000;
            dice.put(&mut body, name, second);
        }
    }
    if !dice.percent(2) {
        body["EventTime"] = (at / 1_000).into();
    }
    let command = if status { result.to_owned() } else { format!("{role}_{event}") };
    (Source::Callback, command, body)
}

/// A start, a change of members, or an end of the second version.
fn v2(dice: &mut Dice, at: i64, call: &str) -> (Source, String, Value) {
    let statuses = |dice: &mut Dice| -> Value {
        let users = dice.users();
        users
            .into_iter()
            .map(|user| json!({"User_Account": user, "Status": dice.pick(&["Calling", "Waiting", "Waiting"])}))
            .collect()
    };
    match dice.below(10) {
        0 | 1 => {
            let mut info = json!({"CallId": call});
            let media = dice.pick(&["Audio", "Video", "hologram"]);
            dice.put(&mut info, "MediaType", media);
            let room = dice.pick(&["77", "78"]);
            dice.put(&mut info, "RoomId", room);
            let kind = dice.below(3);
            dice.put(&mut info, "RoomIdType", kind);
            let usual =
                json!([{"User_Account": "alice", "Status": "Calling"}, {"User_Account": "bob", "Status": "Waiting"}]);
            let users = if dice.percent(60) { usual } else { statuses(dice) };
            (Source::Callback, "Call.CallbackAfterStartCall".to_owned(), json!({"CallInfo": info, "UserList": users}))
        }
        2 | 3 => {
            let body = json!({"CallRecord": record(dice, call), "told": at});
            (Source::Callback, "Call.CallbackAfterEndCall".to_owned(), body)
        }
        _ => {
            let count = dice.pick(&[1, 1, 1, 2]);
            let actions = [
                "Accept",
                "Answer",
                "Reject",
                "NotAnswer",
                "Hangup",
                "HangUp",
                "Join",
                "Join",
                "Offline",
                "Invite",
                "Cancel_Invite",
                "Teleport",
            ];
            let changed: Value =
                (0..count).map(|_| json!({"User_Account": dice.user(), "ActionType": dice.pick(&actions)})).collect();
            let users = if dice.percent(50) { statuses(dice) } else { json!([]) };
            let body = json!({"CallId": call, "UserList": users, "ChangedUserList": changed});
            (Source::Callback, "Call.CallbackAfterMemberChanged".to_owned(), body)
        }
    }
}

/// An end record as a callback holds it and as the REST API answers it.
fn record(dice: &mut Dice, call: &str) -> Value {
    let mut record = json!({"CallId": call});
    let caller = dice.pick(&["alice", "alice", "alice", "bob"]);
    dice.put(&mut record, "Caller_Account", caller);
    let media = dice.pick(&["Audio", "Video", "hologram"]);
    dice.put(&mut record, "MediaType", media);
    let kind = if call.starts_with('d') { "MultiCall" } else { "SingleCall" };
    let kind = if dice.percent(10) { dice.pick(&["SingleCall", "MultiCall", "Crowd"]) } else { kind };
    dice.put(&mut record, "CallType", kind);
    for name in ["StartTime", "AcceptTime", "EndTime"] {
        let second = if name == "AcceptTime" && dice.percent(40) { 0 } else { dice.at() / 1_000 };
        dice.put(&mut record, name, second);
    }
    let result = dice.pick(&RESULTS);
    dice.put(&mut record, "CallResult", result);
    if dice.percent(80) {
        record["CalleeList_Account"] = if dice.percent(10) { json!([]) } else { dice.users().into() };
    }
    dice.put(&mut record, "RoomId", "77");
    let kind = dice.below(3);
    dice.put(&mut record, "RoomIdType", kind);
    record
}

/// A live room: who came and went, how the room was made, described and closed.
fn live(dice: &mut Dice, room: &str) -> (Source, String, Value) {
    let (command, mut body) = match dice.below(14) {
        0 => {
            let name = dice.pick(&["Tea", "Coffee"]);
            let owner = dice.user();
            (
                "CreateRoom",
                json!({"RoomInfo": {"RoomId": room, "RoomName": name, "Owner_Account": owner, "MaxSeatCount": 4}}),
            )
        }
        1 | 2 => {
            let how = dice.pick(&["DestroyByUser", "DestroyBySystem", ""]);
            ("DestroyRoom", json!({"RoomId": room, "EventType": how, "Statistic": {"TotalViewers": dice.below(9)}}))
        }
        3 => ("SetMetadata", json!({"RoomId": room, "Metadata": [{"Key": "topic", "Value": dice.pick(&["a", "b"])}]})),
        4 => ("DelMetadata", json!({"RoomId": room, "Keys": ["topic"]})),
        _ => {
            let (kind, cause) = dice.pick(&[
                ("Online", "Enter"),
                ("Online", "Enter"),
                ("Online", "Enter"),
                ("Online", "HeartbeatRecover"),
                ("Offline", "Leave"),
                ("Offline", "Leave"),
                ("Offline", "Kicked"),
                ("Offline", "HeartbeatInterrupt"),
                ("Offline", "HeartbeatInterrupt"),
                ("Online", "Magic"),
                ("Offline", "Magic"),
                ("Sideways", "Magic"),
            ]);
            ("MemberStateChanged", json!({"RoomId": room, "EventType": kind, "EventCause": cause}))
        }
    };
    if command == "MemberStateChanged" {
        let usual = json!([{"Member_Account": dice.pick(&["alice", "alice", "bob"])}]);
        let several: Value = dice.users().into_iter().map(|user| json!({"Member_Account": user})).collect();
        body["MemberList"] = if dice.percent(85) { usual } else { several };
    }
    (Source::Callback, format!("Live.CallbackAfter{command}"), body)
}

/// A conference room.
fn conference(dice: &mut Dice, room: &str) -> (Source, String, Value) {
    let users: Value = if dice.percent(80) { json!(["alice"]) } else { dice.users().into() };
    let (command, body) = match dice.below(8) {
        0 => ("CreateRoom", json!({"RoomInfo": {"RoomId": room, "RoomName": "Monday", "Owner_Account": "alice"}})),
        1 => ("DestroyRoom", json!({"RoomId": room})),
        2..5 => ("MemberEnter", json!({"RoomId": room, "MemberList_Account": users})),
        _ => {
            let how = dice.pick(&["Leave", "Leave", "Kicked", "Expired", "Other"]);
            ("MemberLeave", json!({"RoomId": room, "Type": how, "MemberList_Account": users}))
        }
    };
    (Source::Callback, format!("Room.CallbackAfter{command}"), body)
}

/// RTC Engine events, whose ids are numbers or texts, and whose stays may have an id of their own.
fn rtc(dice: &mut Dice, at: i64, seed: u64) -> (Source, String, Value) {
    let kind = dice.pick(&[101, 102, 103, 103, 103, 103, 104, 104, 104, 105, 203]);
    // The number and the text are two rooms.
    let room = if dice.percent(90) { json!(seed) } else { json!(seed.to_string()) };
    let mut info = json!({"RoomId": room, "EventTs": at / 1_000});
    if !dice.percent(5) {
        info["EventMsTs"] = at.into();
    }
    if kind > 102 {
        info["UserId"] = dice.pick(&["alice", "alice", "bob"]).into();
        info["Reason"] = dice.pick(&[1, 1, 1, 2, 3, 4, 5, 9]).into();
    }
    // Whole histories have ids or not, with an exception now and then.
    if seed.is_multiple_of(2) != dice.percent(4) && matches!(kind, 103 | 104) {
        info["UniqueId"] = dice.pick(&[7, 7, 8]).into();
    }
    let mut body = json!({"EventGroupId": if kind > 200 { 2 } else { 1 }, "EventType": kind, "CallbackTs": 1});
    match info {
        // The fields of the event may lie beside those of the message.
        Value::Object(fields) if dice.percent(4) => fields.into_iter().for_each(|(name, value)| body[name] = value),
        info => body["EventInfo"] = info,
    }
    (Source::Callback, String::new(), body)
}
