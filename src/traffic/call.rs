//! Calls of the second version: start, changes of members, and the end record.

use serde_json::{Value, json};

use super::{
    cast::{Fate, Person},
    post::Post,
};

/// One call while it happens.
struct Call {
    id: String,
    media: &'static str,
    room: Value,
    room_id_type: u32,
    caller: Person,
    start: i64,
    /// Who is in the call, and whether they are connected yet.
    inside: Vec<(Person, bool)>,
}

impl Call {
    fn begin(post: &mut Post<'_>, start: i64, caller: Person, callees: &[Person]) -> Self {
        let dice = post.dice();
        let room_id_type = dice.below(2) + 1;
        let number = dice.between(1, 99_999);
        let room =
            if room_id_type == 1 { Value::from(number.to_string()) } else { Value::from(format!("roomid-{number}")) };
        let media = dice.pick(["Audio", "Video"]);
        let inside = std::iter::once((caller, true)).chain(callees.iter().map(|callee| (*callee, false))).collect();
        let call = Self { id: dice.uuid(), media, room, room_id_type, caller, start, inside };
        call.tell_start(post);
        call
    }

    fn users(&self, post: &mut Post<'_>) -> Vec<Value> {
        let status = |calling| if calling { "Calling" } else { "Waiting" };
        self.inside
            .iter()
            .map(|(who, calling)| json!({"User_Account": who.account(post.dice()), "Status": status(*calling)}))
            .collect()
    }

    fn tell_start(&self, post: &mut Post<'_>) {
        // The field table and the samples of the page disagree about the name.
        let media_key = post.dice().pick(["MediaType", "CallMediaType"]);
        let info = json!({"CallId": self.id, media_key: self.media, "ChatGroupId": "", "RoomId": self.room, "RoomIdType": self.room_id_type});
        let users = self.users(post);
        let at = self.start + post.dice().between(50, 200);
        post.v2(at, "Call.CallbackAfterStartCall", self.caller, json!({"CallInfo": info, "UserList": users}));
    }

    /// Somebody did something; the list of users is the one after it.
    fn change(&mut self, post: &mut Post<'_>, at: i64, who: &[Person], action: &str) {
        for person in who {
            self.inside.retain(|(inside, _)| inside.id != person.id);
            match action {
                "Accept" | "Answer" | "Join" => self.inside.push((*person, true)),
                "Invite" | "Invited" => self.inside.push((*person, false)),
                _ => {}
            }
        }
        let changed: Vec<Value> = who
            .iter()
            .map(|person| json!({"User_Account": person.account(post.dice()), "ActionType": action}))
            .collect();
        let body = json!({"CallId": self.id, "UserList": self.users(post), "ChangedUserList": changed});
        let from = who.first().copied().unwrap_or(self.caller);
        post.v2(at, "Call.CallbackAfterMemberChanged", from, body);
    }

    /// The end record. Its list of callees names the caller too, as in every official sample.
    fn end(&self, post: &mut Post<'_>, at: i64, call_type: &str, accept: Option<i64>, result: &str, listed: &[Person]) {
        let listed: Vec<&str> = listed.iter().map(|person| person.id).collect();
        let record = json!({
            "CallId": self.id, "Caller_Account": self.caller.account(post.dice()), "MediaType": self.media, "CallType": call_type,
            "StartTime": self.start / 1_000, "EndTime": at / 1_000, "AcceptTime": accept.unwrap_or_default() / 1_000,
            "CallResult": result, "CalleeList_Account": listed, "RoomId": self.room, "RoomIdType": self.room_id_type,
        });
        let told = at + post.dice().between(50, 500);
        post.v2(told, "Call.CallbackAfterEndCall", self.caller, json!({"CallRecord": record}));
    }
}

/// A one-to-one call. A call that failed to start tells nothing in this version, so here it is one that went offline ringing.
pub(super) fn single(post: &mut Post<'_>, start: i64, fate: Fate) {
    let [caller, callee] = post.pair();
    let mut call = Call::begin(post, start, caller, &[callee]);
    let answered = start + fate.ring_ms(post.dice());
    let over = if fate.was_answered() {
        let word = post.dice().pick(["Accept", "Accept", "Answer"]);
        call.change(post, answered, &[callee], word);
        answered + post.dice().between(5_000, 900_000)
    } else {
        answered
    };
    let (who, action, result) = match fate {
        Fate::Answered => (callee, post.dice().pick(["Hangup", "HangUp", "Hang Up"]), "NormalEnd"),
        Fate::Missed => (callee, "NotAnswer", "NotAnswer"),
        Fate::Declined => (callee, "Reject", "Reject"),
        Fate::Busy => (callee, "Reject", "CallBusy"),
        Fate::Cancelled => (caller, "Hangup", "Cancel"),
        Fate::Interrupted => (callee, "Offline", "Interrupt"),
        Fate::Offline | Fate::Failed => (caller, "Offline", "Offline"),
    };
    call.change(post, over, &[who], action);
    call.end(post, over, "SingleCall", fate.was_answered().then_some(answered), result, &[caller, callee]);
}

/// A group call: late joiners, one invited and withdrawn, one who leaves and returns twice, one who never answers.
pub(super) fn group(post: &mut Post<'_>, start: i64) {
    let people = post.people(7);
    let [caller, first, second, third, invited, withdrawn, late] = people.as_slice() else { return };
    let mut call = Call::begin(post, start, *caller, &[*first, *second, *third]);
    let answered = start + 3_000;
    call.change(post, answered, &[*first], "Accept");
    call.change(post, start + 5_000, &[*second], "Reject");
    call.change(post, start + 12_000, &[*invited, *withdrawn], "Invite");
    call.change(post, start + 18_000, &[*invited], "Accept");
    call.change(post, start + 21_000, &[*withdrawn], "Cancel_Invite");
    call.change(post, start + 30_000, &[*third], "NotAnswer");
    call.change(post, start + 45_000, &[*late], "Join");
    for pause in [60_000, 90_000] {
        call.change(post, start + pause, &[*first], "Hangup");
        call.change(post, start + pause + 12_000, &[*first], "Join");
    }
    let over = start + post.dice().between(150_000, 1_800_000);
    call.change(post, over - 20_000, &[*late], "Offline");
    call.change(post, over - 9_000, &[*invited], "Hangup");
    call.change(post, over, &[*first], "Hangup");
    call.end(
        post,
        over,
        "MultiCall",
        Some(answered),
        "NormalEnd",
        &[*caller, *first, *second, *third, *invited, *late],
    );
}

/// A call that was answered and whose end was never told.
pub(super) fn endless(post: &mut Post<'_>, start: i64) {
    let [caller, callee] = post.pair();
    let mut call = Call::begin(post, start, caller, &[callee]);
    call.change(post, start + 4_000, &[callee], "Accept");
}
