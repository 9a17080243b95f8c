//! A live room with several lives: viewers come, lose their heartbeat, are kicked; the room is destroyed and opened again.

use serde_json::{Value, json};

use super::{cast::Person, post::Post};

/// A live room and who is in it.
struct Room<'a, 'b> {
    post: &'a mut Post<'b>,
    id: String,
    host: Person,
}

impl Room<'_, '_> {
    fn tell(&mut self, at: i64, command: &str, from: Person, mut fields: Value) {
        if let Value::Object(fields) = &mut fields {
            fields.entry("RoomId").or_insert_with(|| self.id.clone().into());
        }
        self.post.v2(at, command, from, fields);
    }

    fn members(&mut self, at: i64, event: &str, cause: &str, who: &[Person]) {
        let list: Vec<Value> =
            who.iter().map(|person| json!({"Member_Account": person.account(self.post.dice())})).collect();
        let from = who.first().copied().unwrap_or(self.host);
        let body = json!({"RoomId": self.id, "EventType": event, "EventCause": cause, "MemberList": list});
        self.tell(at, "Live.CallbackAfterMemberStateChanged", from, body);
    }

    fn create(&mut self, at: i64, name: &str) {
        let info = json!({
            "RoomId": self.id, "RoomName": name, "RoomType": "Live", "Owner_Account": self.host.id, "MaxMemberCount": 300,
            "IsMessageDisabled": false, "CustomInfo": "", "IsSeatEnabled": true, "TakeSeatMode": "ApplyToTake", "MaxSeatCount": 16,
            "CreateTime": at / 1_000, "IsPublicVisible": true, "CoverURL": "https://cdn.example.org/c.png", "Category": [1, 2],
        });
        self.post.v2(
            at,
            "Live.CallbackAfterCreateRoom",
            self.host,
            json!({"Operator_Account": self.host.id, "RoomInfo": info}),
        );
    }

    fn destroy(&mut self, at: i64, how: &str, viewers: u32) {
        let operator = if how == "DestroyBySystem" { "@TIM#SYSTEM" } else { self.host.id };
        let statistic = json!({"TotalViewers": viewers, "TotalGiftsSent": 3, "TotalGiftCoins": 300, "TotalUniqueGiftSenders": 2, "TotalLikesReceived": 40});
        let body = json!({"Operator_Account": operator, "RoomId": self.id, "EventType": how, "RoomInfo": {"RoomType": "Live", "ViewCount": viewers}, "Statistic": statistic});
        self.tell(at, "Live.CallbackAfterDestroyRoom", self.host, body);
    }
}

/// Three lives of one room, from `start` on: ended by its host, by the system, and open at the end.
pub(super) fn room(post: &mut Post<'_>, start: i64) {
    let people = post.people(5);
    let [host, calm, flaky, rude, gone] = people.as_slice() else { return };
    let id = format!("live-room-{}", post.dice().below(40));
    let mut room = Room { post, id, host: *host };
    first_life(&mut room, start, [*calm, *flaky, *rude, *gone]);
    second_life(&mut room, start + 3_600_000, [*calm, *flaky]);
    room.create(start + 7_200_000, room.post.rooms().late);
    room.members(start + 7_205_000, "Online", "Enter", &[*calm]);
}

/// Heartbeat holes of every kind, a kick, seats, administrators, metadata; some are still inside when it ends.
fn first_life(room: &mut Room<'_, '_>, start: i64, [calm, flaky, rude, gone]: [Person; 4]) {
    let host = room.host;
    room.create(start, room.post.rooms().morning);
    room.members(start + 1_000, "Online", "Enter", &[host]);
    room.members(start + 20_000, "Online", "Enter", &[calm, flaky, rude, gone]);
    room.tell(
        start + 30_000,
        "Live.CallbackAfterModifyAdmin",
        host,
        json!({"Operator_Account": host.id, "Admin_Account": [calm.id], "opType": "add"}),
    );
    let seats = json!([{"Index": 0, "Member_Account": host.id, "IsTakenDisabled": false, "IsVideoDisabled": false, "IsAudioDisabled": false},
        {"Index": 1, "IsTakenDisabled": true, "IsVideoDisabled": false, "IsAudioDisabled": false}]);
    room.tell(start + 31_000, "Mic.CallbackAfterSeatInfoChanged", host, json!({"SeatList": seats}));
    room.tell(start + 40_000, "Live.CallbackAfterSetMetadata", host, json!({"Operator_Account": host.id, "Metadata": [{"Key": "topic", "Value": room.post.rooms().topic}, {"Key": "poll", "Value": "1"}]}));
    room.members(start + 130_000, "Offline", "HeartbeatInterrupt", &[flaky, gone]);
    room.members(start + 170_000, "Online", "HeartbeatRecover", &[flaky]);
    room.members(start + 300_000, "Offline", "HeartbeatInterrupt", &[flaky]);
    room.members(start + 420_000, "Online", "Enter", &[flaky]);
    room.members(start + 500_000, "Offline", "Kicked", &[rude]);
    room.tell(
        start + 510_000,
        "Live.CallbackAfterDelMetadata",
        host,
        json!({"Operator_Account": host.id, "Keys": ["poll"]}),
    );
    let info = json!({"RoomId": room.id, "RoomName": room.post.rooms().evening, "TakeSeatMode": "FreeToTake"});
    room.tell(
        start + 600_000,
        "Live.CallbackAfterUpdateRoomInfo",
        host,
        json!({"Operator_Account": host.id, "RoomInfo": info}),
    );
    room.tell(
        start + 700_000,
        "Live.CallbackAfterChangeOwner",
        host,
        json!({"Operator_Account": "administrator", "CurrentOwner_Account": calm.id, "OriginalOwner_Account": host.id}),
    );
    room.members(start + 800_000, "Offline", "Leave", &[host]);
    room.destroy(start + 1_800_000, "DestroyByUser", 5);
}

/// Short: somebody leaves and returns in the same millisecond, and the system ends the room.
fn second_life(room: &mut Room<'_, '_>, start: i64, [calm, flaky]: [Person; 2]) {
    let host = room.host;
    room.create(start, room.post.rooms().second);
    room.members(start + 2_000, "Online", "Enter", &[host, calm, flaky]);
    room.members(start + 60_000, "Offline", "Leave", &[calm]);
    room.members(start + 60_000, "Online", "Enter", &[calm]);
    room.members(start + 90_000, "Offline", "Leave", &[host, flaky]);
    room.destroy(start + 900_000, "DestroyBySystem", 3);
}
