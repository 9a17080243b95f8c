//! What goes wrong on the way: repeats, odd times, broken JSON, commands nobody knows.

use serde_json::json;

use super::{cast::Person, dice::Dice, post::Post};
use crate::callback::delivery::Delivery;

/// Milliseconds after which each try follows the one before it: CallKit v1's rule (page 60130).
const RETRIES_MS: [i64; 5] = [0, 1_000, 1_000, 2_000, 3_000];

/// Times that cannot be right: nine digits as on page 60130, a year ahead, none at all, and one in a string.
pub(super) fn odd_times(post: &mut Post<'_>, at: i64) {
    let [first, second] = post.pair();
    let call = post.dice().uuid();
    let v1 = json!({"UserId": first.id, "RoomId": "1", "TotalNum": 2, "MediaType": "audio", "CallType": "single", "CallId": call,
        "Role": "caller", "CallResult": "cancel", "EventTime": 170_485_688});
    post.callkit(at, "cancel", first, &v1);
    let enter = |room: &str| {
        json!({"CallbackCommand": "Live.CallbackAfterMemberStateChanged", "RoomId": room, "EventType": "Online",
        "EventCause": "Enter", "MemberList": [{"Member_Account": second.id}]})
    };
    let mut ahead = enter("live-odd");
    ahead["EventTime"] = (at + 366 * 86_400_000).into();
    let mut text = enter("live-odd-2");
    text["EventTime"] = at.to_string().into();
    for (later, body) in (0..).zip([ahead, enter("live-odd-3"), text]) {
        post.v2_body(at + later * 1_000, "Live.CallbackAfterMemberStateChanged", second, body.to_string().into_bytes());
    }
}

/// Leave and enter in one millisecond, in both orders of sending; and a leave of somebody who never came.
pub(super) fn same_millisecond(post: &mut Post<'_>, at: i64) {
    let [first, second] = post.pair();
    let event = |post: &mut Post<'_>, at: i64, who: Person, event: u32| {
        post.rtc(at, 1, event, json!({"RoomId": "tie", "UserId": who.id, "Role": 20, "Reason": 1}));
    };
    event(post, at, first, 103);
    event(post, at + 5_000, first, 104);
    event(post, at + 5_000, first, 103);
    event(post, at + 9_000, first, 103);
    event(post, at + 9_000, first, 104);
    event(post, at + 9_500, second, 104);
}

/// Kept, but no part of the record: unknown commands, other products, empty and broken bodies, no application.
pub(super) fn not_understood(post: &mut Post<'_>, at: i64) {
    let [first, second] = post.pair();
    let call = post.dice().uuid();
    post.v2(at, "Call.CallbackAfterSomethingNew", first, json!({"CallId": call, "Extra": {"a": [1, 2, 3]}}));
    post.v2(
        at + 1_000,
        "Follow.CallbackAfterFollowAdd",
        first,
        json!({"From_Account": first.id, "FollowList": [{"To_Account": second.id}]}),
    );
    post.v2(at + 2_000, "Live.CallbackAfterStartBattle", first, json!({"BattleId": "ZGVtbw==", "Duration": 60_000}));
    post.v2_body(at + 3_000, "Live.CallbackAfterDestroyRoom", first, b"{\"CallbackCommand\":".to_vec());
    post.v2_body(at + 4_000, "Call.CallbackAfterEndCall", first, Vec::new());
    post.rtc(
        at + 5_000,
        6,
        601,
        json!({"roomID": "424242", "userID": first.id, "pictureURL": "https://cos.example.org/1.jpg"}),
    );
    post.push(
        at + 6_000,
        "command=cancel&contenttype=json".to_owned(),
        Vec::new(),
        b"{\"CallId\":\"nobody's\"}".to_vec(),
    );
}

/// Prints some of the bodies as Tencent's pages do: a comment after the first field, no comma before `EventTime`. RTC Engine
/// events, which have no query, stay as they are: they are signed.
pub(super) fn repair_needed(dice: &mut Dice, deliveries: &mut [Delivery]) {
    for delivery in deliveries.iter_mut().filter(|delivery| !delivery.query.is_empty() && dice.percent(4)) {
        let Ok(body) = std::str::from_utf8(&delivery.body) else { continue };
        let broken = body.replace(",\"EventTime\"", "\n\"EventTime\"").replacen(',', ", // as printed\n", 1);
        if broken != body {
            delivery.body = broken.into_bytes();
        }
    }
}

/// The receiver's clock stands somewhere else while the second third of the deliveries comes, as after a start with an empty
/// battery. What they tell is as it was.
pub(super) fn wrong_clock(deliveries: &mut [Delivery], off_ms: i64) {
    let third = (deliveries.len() / 3).max(1);
    deliveries.iter_mut().skip(third).take(third).for_each(|delivery| delivery.received_ms += off_ms);
}

/// Repeats some of the deliveries, each once to three times.
pub(super) fn repeats(dice: &mut Dice, deliveries: &mut Vec<Delivery>) {
    repeat(dice, deliveries, 8);
}

/// Repeats a few of the deliveries.
pub(super) fn some_repeats(dice: &mut Dice, deliveries: &mut Vec<Delivery>) {
    repeat(dice, deliveries, 1);
}

fn repeat(dice: &mut Dice, deliveries: &mut Vec<Delivery>, percent: u32) {
    let mut more = Vec::new();
    for delivery in deliveries.iter() {
        if !dice.percent(percent) {
            continue;
        }
        let mut received_ms = delivery.received_ms;
        let tries = usize::try_from(dice.between(1, 3)).unwrap_or(1);
        for pause in RETRIES_MS.into_iter().take(tries) {
            received_ms += pause + dice.between(1, 40);
            more.push(again(dice, delivery, received_ms));
        }
    }
    deliveries.append(&mut more);
}

/// The same event once more: another address in the query, another `CallbackTs` in the body, or nothing new at all.
fn again(dice: &mut Dice, delivery: &Delivery, received_ms: i64) -> Delivery {
    let mut again = Delivery { received_ms, ..delivery.clone() };
    if dice.percent(50) {
        again.query = again
            .query
            .replace("lientip=203.0.113.", "lientip=192.0.2.")
            .replace("ClientIP=198.51.100.", "ClientIP=192.0.2.");
    }
    if let Some(sent_at) = std::str::from_utf8(&delivery.body).ok().and_then(|body| {
        let value = body.split_once("\"CallbackTs\":\t")?.1;
        value.split_once(',').map(|(digits, _)| digits.to_owned())
    }) {
        let body = String::from_utf8_lossy(&delivery.body).replacen(&sent_at, &(received_ms + 7).to_string(), 1);
        again.body = body.into_bytes();
    }
    again
}
