//! CallKit v1 calls: each participant's events, and the status callback at the end.

use serde_json::{Value, json};

use super::{
    cast::{Fate, Person},
    post::Post,
};

/// One call while it happens. Times are Unix milliseconds.
struct Call {
    id: String,
    room: String,
    media: &'static str,
    call_type: &'static str,
    total: usize,
    start: i64,
    accept: Option<i64>,
}

impl Call {
    fn begin(post: &mut Post<'_>, call_type: &'static str, total: usize, start: i64) -> Self {
        let dice = post.dice();
        Self {
            id: dice.uuid(),
            room: dice.between(1, 4_294_967_294).to_string(),
            media: dice.pick(["audio", "video"]),
            call_type,
            total,
            start,
            accept: None,
        }
    }

    /// The body of one callback; an ended call carries its three times.
    fn body(&self, at: i64, who: Person, role: &str, event: Option<&str>, result: &str) -> Value {
        let mut body = json!({
            "UserId": who.id, "RoomId": self.room, "TotalNum": self.total, "MediaType": self.media,
            "CallType": self.call_type, "CallId": self.id, "Role": role,
        });
        if let Value::Object(fields) = &mut body {
            fields.extend(event.map(|event| ("Event".to_owned(), event.into())));
            fields.insert("CallResult".to_owned(), result.into());
            fields.insert("EventTime".to_owned(), (at / 1_000).into());
            if result == "normal_end" {
                let accept = self.accept.unwrap_or(self.start);
                for (name, time) in [("StartCallTs", self.start), ("AcceptTs", accept), ("EndTs", at)] {
                    fields.insert(name.to_owned(), (time / 1_000).into());
                }
            }
        }
        body
    }

    /// An event callback: its command is the role and the event.
    fn event(&self, post: &mut Post<'_>, at: i64, who: Person, role: &str, event: &str, result: &str) {
        let bare = matches!(event, "invite_user" | "join_in_group_call");
        let command = if bare { event.to_owned() } else { format!("{role}_{event}") };
        post.callkit(at, &command, who, &self.body(at, who, role, Some(event), result));
    }

    /// A status callback: its command is the result.
    fn status(&self, post: &mut Post<'_>, at: i64, who: Person, result: &str) {
        post.callkit(at, result, who, &self.body(at, who, "caller", None, result));
    }
}

/// A one-to-one call.
pub(super) fn single(post: &mut Post<'_>, start: i64, fate: Fate) {
    let [caller, callee] = post.pair();
    let mut call = Call::begin(post, "single", 2, start);
    ring(post, &mut call, caller, callee, fate);
    let ringing = fate.ring_ms(post.dice());
    let over = start + ringing + if fate.was_answered() { post.dice().between(5_000, 900_000) } else { 0 };
    let (of_caller, of_callee, result) = match fate {
        Fate::Answered => ("call_end", "call_end", "normal_end"),
        Fate::Missed => ("call_missed", "not_answer_call", "not_answer"),
        Fate::Declined => ("call_rejected", "reject_call", "reject"),
        Fate::Busy => ("call_busy", "ignore_call", "call_busy"),
        Fate::Cancelled => ("cancel_call", "call_canceled", "cancel"),
        Fate::Interrupted => ("call_interrupted", "call_interrupted", "interrupt"),
        Fate::Offline => return call.status(post, over, caller, "offline"),
        Fate::Failed => return call.event(post, over, caller, "caller", "call_failed", ""),
    };
    call.event(post, over, caller, "caller", of_caller, result);
    let later = over + post.dice().between(0, 900);
    call.event(post, later, callee, "callee", of_callee, result);
    call.status(post, over, caller, result);
}

/// The start of a call: it rings, and where its fate says so it is answered.
fn ring(post: &mut Post<'_>, call: &mut Call, caller: Person, callee: Person, fate: Fate) {
    call.event(post, call.start, caller, "caller", "start_call", "");
    if fate == Fate::Failed {
        return;
    }
    call.event(post, call.start + 600, callee, "callee", "receive_call", "");
    if fate.was_answered() {
        let accept = call.start + post.dice().between(1_000, 2_000);
        call.accept = Some(accept);
        call.event(post, accept, callee, "callee", "accept_call", "");
        call.event(post, accept + 150, caller, "caller", "call_accepted", "");
    }
}

/// A group call: one accepts, one declines, one is invited and joins late, one misses it, two hang up one after the other.
pub(super) fn group(post: &mut Post<'_>, start: i64) {
    let people = post.people(5);
    let [caller, first, second, third, late] = people.as_slice() else { return };
    let mut call = Call::begin(post, "group", 5, start);
    call.event(post, start, *caller, "caller", "start_call", "");
    for (at, callee) in (start + 500..).step_by(120).zip([first, second, third]) {
        call.event(post, at, *callee, "callee", "receive_call", "");
    }
    call.accept = Some(start + 4_000);
    call.event(post, start + 4_000, *first, "callee", "accept_call", "");
    call.event(post, start + 4_200, *caller, "caller", "call_accepted", "");
    call.event(post, start + 6_000, *second, "callee", "reject_call", "");
    call.event(post, start + 20_000, *caller, "caller", "invite_user", "");
    call.event(post, start + 26_000, *late, "callee", "join_in_group_call", "");
    call.event(post, start + 30_000, *third, "callee", "not_answer_call", "");
    let over = start + post.dice().between(60_000, 1_800_000);
    call.event(post, over, *first, "callee", "call_end", "normal_end");
    call.event(post, over + 8_000, *late, "callee", "call_end", "normal_end");
    call.event(post, over + 8_000, *caller, "caller", "call_end", "normal_end");
    call.status(post, over + 8_000, *caller, "normal_end");
}

/// A call that was answered and whose end was never told.
pub(super) fn endless(post: &mut Post<'_>, start: i64) {
    let [caller, callee] = post.pair();
    let mut call = Call::begin(post, "single", 2, start);
    ring(post, &mut call, caller, callee, Fate::Answered);
}
