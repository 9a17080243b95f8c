//! A conference room: created with invitees, people come, leave, are removed or lost, and the room is destroyed.

use serde_json::{Value, json};

use super::{cast::Person, post::Post};

/// One meeting of five people.
pub(super) fn room(post: &mut Post<'_>, start: i64) {
    let people = post.people(5);
    let [host, first, second, third, fourth] = people.as_slice() else { return };
    let id = format!("conf-{}", post.dice().below(60));
    create(post, start, &id, *host, &[*first, *second]);
    member(post, start + 5_000, &id, 1, "Enter", &[*host]);
    member(post, start + 40_000, &id, 3, "Enter", &[*first, *second]);
    member(post, start + 70_000, &id, 5, "Enter", &[*third, *fourth]);
    seats(post, start + 80_000, &id, *host, *first);
    // The official sample sends one switch as a string.
    let info = json!({"RoomId": id, "RoomName": post.rooms().meeting_renamed, "Owner_Account": first.id, "IsCloudRecordingDisabled": "false", "IsVideoDisabled": true});
    post.v2(
        start + 90_000,
        "Room.CallbackAfterUpdateRoomInfo",
        *host,
        json!({"Operator_Account": host.id, "RoomInfo": info}),
    );
    member(post, start + 300_000, &id, 4, "Kicked", &[*third]);
    member(post, start + 400_000, &id, 3, "Expired", &[*fourth]);
    member(post, start + 600_000, &id, 2, "Leave", &[*second]);
    member(post, start + 640_000, &id, 3, "Enter", &[*second]);
    member(post, start + 1_700_000, &id, 2, "Leave", &[*second]);
    post.v2(
        start + 1_800_000,
        "Room.CallbackAfterDestroyRoom",
        *host,
        json!({"Operator_Account": host.id, "RoomId": id}),
    );
}

fn create(post: &mut Post<'_>, at: i64, id: &str, host: Person, invited: &[Person]) {
    let info = json!({
        "RoomId": id, "RoomName": post.rooms().meeting, "RoomType": "Meeting", "Owner_Account": host.id, "MaxMemberCount": 300, "MaxSeatCount": 16,
        "IsVideoDisabled": false, "IsAudioDisabled": false, "IsMessageDisabled": false, "IsScreenSharingDisabled": false,
        "IsCloudRecordingDisabled": false, "CustomInfo": "", "ScheduleStartTime": at / 1_000, "ScheduleEndTime": at / 1_000 + 3_600,
        "RoomStatus": "Running", "IsSeatEnabled": true, "TakeSeatMode": "ApplyToTake", "CreateTime": at / 1_000,
    });
    let invited: Vec<&str> = invited.iter().map(|person| person.id).collect();
    let body = json!({"Operator_Account": host.id, "RoomInfo": info, "ScheduleInviteeList_Account": invited});
    post.v2(at, "Room.CallbackAfterCreateRoom", host, body);
}

fn member(post: &mut Post<'_>, at: i64, id: &str, count: u32, kind: &str, who: &[Person]) {
    let entering = kind == "Enter";
    let list: Vec<Value> = who.iter().map(|person| person.account(post.dice())).collect();
    let from = who[0];
    let mut body = json!({"Operator_Account": from.id, "RoomId": id, "MemberCount": count, "Type": kind, "MemberList_Account": list});
    if let (Value::Object(body), false) = (&mut body, entering) {
        body.insert("Reason".to_owned(), "".into());
    }
    let command = if entering { "Room.CallbackAfterMemberEnter" } else { "Room.CallbackAfterMemberLeave" };
    post.v2(at, command, from, body);
}

fn seats(post: &mut Post<'_>, at: i64, id: &str, host: Person, taken: Person) {
    let seat = |index: u32, who: &str| json!({"Index": index, "Member_Account": who, "IsTakenDisabled": false, "IsVideoDisabled": false, "IsAudioDisabled": false});
    let body = json!({"Operator_Account": host.id, "RoomId": id, "SeatList": [seat(1, taken.id), seat(2, "")]});
    post.v2(at, "Mic.CallbackAfterSeatInfoChanged", host, body);
}
