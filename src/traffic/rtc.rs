//! RTC Engine rooms: numeric and text ids, every reason, `UniqueId` for some apps, media events, a lost exit.

use serde_json::{Value, json};

use super::{cast::Person, post::Post};

/// Which room, and whether the app began using callbacks early enough to get a `UniqueId` for each stay.
struct Room {
    id: Value,
    with_unique_ids: bool,
}

impl Room {
    fn event(&self, post: &mut Post<'_>, at: i64, event_type: u32, who: Option<Person>, more: Value) {
        let mut info = json!({"RoomId": self.id});
        if let (Value::Object(info), Value::Object(more)) = (&mut info, more) {
            info.extend(who.map(|person| ("UserId".to_owned(), person.id.into())));
            info.extend(more);
        }
        post.rtc(at, event_type / 100, event_type, info);
    }

    fn enter(&self, post: &mut Post<'_>, at: i64, who: Person, reason: u32, stay: u32) {
        let more = json!({"Role": 20, "TerminalType": 2, "UserType": 3, "Reason": reason});
        self.event(post, at, 103, Some(who), self.of_stay(more, stay));
    }

    fn leave(&self, post: &mut Post<'_>, at: i64, who: Person, reason: u32, stay: u32) {
        self.event(post, at, 104, Some(who), self.of_stay(json!({"Role": 20, "Reason": reason}), stay));
    }

    fn of_stay(&self, mut more: Value, stay: u32) -> Value {
        if let (Value::Object(more), true) = (&mut more, self.with_unique_ids) {
            more.insert("UniqueId".to_owned(), (1_615_554_000 + stay).into());
        }
        more
    }
}

/// One life of a room with six people, each with another way out; every second room is numeric.
pub(super) fn room(post: &mut Post<'_>, start: i64) {
    let people = post.people(6);
    let [host, steady, roaming, removed, crossed, lost] = people.as_slice() else { return };
    let number = post.dice().between(1, 900);
    let id = if post.dice().percent(50) { Value::from(number) } else { Value::from(number.to_string()) };
    let room = Room { id, with_unique_ids: post.dice().percent(40) };
    room.event(post, start, 101, Some(*host), json!({}));
    for (stay, (at, person)) in (0..).zip((start + 100..).step_by(900).zip(&people)) {
        room.enter(post, at, *person, if person.id == crossed.id { 4 } else { 1 }, stay);
    }
    media(post, &room, start + 10_000, *host);
    room.event(post, start + 30_000, 105, Some(*steady), json!({"Role": 21}));
    // A change of network continues the stay, and so does a retry after a timeout.
    room.enter(post, start + 60_000, *roaming, 2, 2);
    room.enter(post, start + 90_000, *roaming, 3, 2);
    room.leave(post, start + 120_000, *removed, 3, 3);
    room.leave(post, start + 150_000, *crossed, 4, 4);
    room.leave(post, start + 200_000, *roaming, 2, 2);
    room.enter(post, start + 240_000, *roaming, 1, 7);
    room.leave(post, start + 300_000, *roaming, 5, 7);
    room.leave(post, start + 500_000, *steady, 1, 1);
    if post.dice().percent(50) {
        room.leave(post, start + 600_000, *lost, 1, 5);
    }
    room.leave(post, start + 900_000, *host, 1, 0);
    room.event(post, start + 900_400, 102, None, json!({}));
}

/// Camera, microphone and screen, on and off.
fn media(post: &mut Post<'_>, room: &Room, start: i64, who: Person) {
    for (at, event_type) in (start..).step_by(1_500).zip([203, 201, 205, 206, 202, 204]) {
        let stops = event_type % 2 == 0;
        room.event(post, at, event_type, Some(who), if stops { json!({"Reason": 0}) } else { json!({}) });
    }
}
