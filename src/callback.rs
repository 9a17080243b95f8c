//! Bytes, query and headers become a [`Callback`]. Pure: no clock, no I/O, and no body is ever lost to an error.

mod call;
mod callkit_v1;
mod classify;
pub mod codes;
pub mod delivery;
pub mod facts;
pub mod fields;
pub mod json;
mod lasting_body;
pub mod lenient_json;
mod live;
pub mod number;
mod query;
mod reading;
pub mod reason;
pub mod reply;
mod room;
mod room_event;
mod rtc;
pub mod signature;
pub mod span;
#[cfg(test)]
mod tests;
pub mod words;

use std::borrow::Cow;
use std::panic::catch_unwind;

use codes::{Family, Verdict};
use facts::{CallEvent, Facts};
use fields::Fields;
use json::{Json, Object};
use lenient_json::{Defect, Defects, Document};
use reading::Reading;
use reason::Reason;

pub use query::{Headers, Query, client_ip, platform};

/// One callback, understood as far as it can be (protocol.md section 0).
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// Which family sent it: decides the reply.
    pub family: Family,
    /// The command as sent: `CallbackCommand` of the body, else of the query; `command`; or `EventType`.
    pub command: String,
    /// `Applied`, `Repaired`, `UnknownCommand`, `Unparsable`, `Empty`, `NotRelevant` or `Test`.
    pub verdict: Verdict,
    /// Why the verdict is not simply `applied`.
    pub reason: Option<Reason>,
    /// The event's own time in Unix milliseconds as sent; not yet checked for plausibility.
    pub event_ms: Option<i64>,
    /// What it tells; `None` when nothing belongs in the record.
    pub facts: Option<Facts>,
    /// How versions that read less of the body named it, for its [digest](delivery::Digest). `None` where they read the same.
    pub former: Option<Former>,
}

/// The family and the command that an earlier version made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    family: Family,
    command: String,
}

impl Callback {
    /// True when Tencent waits for permission (`Live.CallbackBeforeSendGift`, any `*.CallbackBefore*`): such a request is
    /// answered "allow" at once. The body's command decides, and the query's where the body has none or cannot be read.
    pub fn is_before(&self) -> bool {
        classify::is_before(&self.command)
    }

    /// The reason as a sentence in English; empty when there is none.
    pub fn why(&self) -> String {
        Reason::sentence(self.reason.as_ref())
    }
}

/// Which application a request names (rules.md 1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppClaim {
    /// Exactly one.
    One(String),
    /// None at all.
    Absent,
    /// Two different ones.
    Conflict(Vec<String>),
}

/// The command of Calltrail's own test callback: `{"CallbackCommand":"Calltrail.Test", ...}`.
pub const TEST_COMMAND: &str = "Calltrail.Test";

/// The command of a delivery that was fetched from Tencent and not posted by it.
pub const FETCHED_COMMAND: &str = "Calltrail.FetchedRecord";

/// Understands one request as far as it can be understood. It never fails: what cannot be read says why.
pub fn parse(query: &Query, headers: &Headers, body: &[u8]) -> Callback {
    let unread = |verdict, reason| {
        let (family, command) = classify::without_body(query, headers);
        Callback { family, command, verdict, reason: Some(reason), event_ms: None, facts: None, former: None }
    };
    if lenient_json::without_bom(body).iter().all(u8::is_ascii_whitespace) {
        return unread(Verdict::Empty, Reason::NoBody);
    }
    match lenient_json::document(body) {
        Ok(Document { json: Json::Object(object), defects }) => {
            let former = former(query, headers, &object, &defects);
            Callback { former, ..understand(query, Fields::of(&object), &defects) }
        }
        Ok(_) => unread(Verdict::Unparsable, Reason::NotAnObject),
        Err(reason) => unread(Verdict::Unparsable, reason),
    }
}

/// What versions before this one made of a body: they repaired punctuation alone, and spelled numbers as floats do.
fn former(query: &Query, headers: &Headers, object: &Object, defects: &Defects) -> Option<Former> {
    let (family, command) = if defects.iter().any(|defect| *defect != Defect::Punctuation) {
        classify::without_body(query, headers)
    } else if defects.is_empty() && object.values().all(Json::is_plain) {
        return None;
    } else {
        classify::of_body(query, Fields::of(&json::numbers_as_floats(object)))
    };
    Some(Former { family, command })
}

/// [`parse`]; should the parser itself fail, the delivery is kept all the same, for a later version to read.
pub fn parse_or_keep(query: &Query, headers: &Headers, body: &[u8]) -> Callback {
    catch_unwind(|| parse(query, headers, body)).unwrap_or_else(|_| Callback {
        family: Family::Unknown,
        command: String::new(),
        verdict: Verdict::Unparsable,
        reason: Some(Reason::ReadingFailed),
        event_ms: None,
        facts: None,
        former: None,
    })
}

fn understand(query: &Query, body: Fields<'_>, defects: &Defects) -> Callback {
    let (family, command) = classify::of_body(query, body);
    let reading = match family {
        _ if command == TEST_COMMAND => None,
        Family::CallV1 => Some(callkit_v1::read(&command, body)),
        Family::Call => Some(call::read(&command, body)),
        Family::Live => Some(live::read(&command, body)),
        Family::Room => Some(room::read(&command, body)),
        Family::Rtc => Some(rtc::read(&command, body)),
        Family::Chat => Some(chat(&command)),
        Family::Unknown => Some(unknown(&command)),
    };
    let (verdict, reason, facts) = judge(reading, defects);
    let event_ms = if family == Family::Rtc { rtc::event_ms(body) } else { body.time_ms("EventTime") };
    Callback { family, command, verdict, reason, event_ms, facts, former: None }
}

fn judge(reading: Option<Reading>, defects: &Defects) -> (Verdict, Option<Reason>, Option<Facts>) {
    match reading {
        None => (Verdict::Test, Some(Reason::Test), None),
        Some(Reading::Record(facts)) if defects.is_empty() => (Verdict::Applied, None, Some(*facts)),
        Some(Reading::Record(facts)) => {
            let defects = defects.iter().copied().collect();
            (Verdict::Repaired, Some(Reason::Repaired { defects }), Some(*facts))
        }
        Some(Reading::NotRelevant(reason)) => (Verdict::NotRelevant, Some(reason), None),
        Some(Reading::UnknownCommand(reason)) => (Verdict::UnknownCommand, Some(reason), None),
        Some(Reading::Unparsable(reason)) => (Verdict::Unparsable, Some(reason), None),
    }
}

fn chat(command: &str) -> Reading {
    if classify::is_chat(command) {
        return Reading::NotRelevant(Reason::Chat);
    }
    Reading::unknown(command)
}

fn unknown(command: &str) -> Reading {
    if command.is_empty() {
        return Reading::UnknownCommand(Reason::UnknownProduct);
    }
    Reading::unknown(command)
}

/// Which application a request names: the query's `sdkappid` in any spelling, the header `SdkAppId`, or both.
pub fn claimed_app(query: &Query, headers: &Headers) -> AppClaim {
    classify::app(query, headers)
}

/// The body that identifies a delivery through all its repeats: without the values of the top-level `CallbackTs` and
/// `CallbackMsTs` for RTC Engine events, as it is for everything else (rules.md 1.5).
pub fn lasting_body(family: Family, body: &[u8]) -> Cow<'_, [u8]> {
    lasting_body::of(family, body)
}

/// Reads a record fetched from Tencent: `get_record_by_callid` (v4), `get_record_by_callId` (v1), or one element of a list
/// that the filter APIs answer; with or without the envelope around it. `None` when it names no call.
pub fn fetched_record(answer: &serde_json::Value) -> Option<CallEvent> {
    call::fetched(&Json::from(answer))
}

/// Understands a call record that was fetched from Tencent's REST API (one record, as its answer holds it).
pub fn parse_fetched(body: &[u8]) -> Callback {
    let record = lenient_json::document(body).ok().and_then(|document| call::fetched(&document.json));
    let (verdict, reason) = match record {
        Some(_) => (Verdict::Applied, None),
        None => (Verdict::Unparsable, Some(Reason::RecordWithoutCall)),
    };
    Callback {
        family: Family::Call,
        command: FETCHED_COMMAND.to_owned(),
        verdict,
        reason,
        event_ms: None,
        facts: record.map(Facts::Call),
        former: None,
    }
}
