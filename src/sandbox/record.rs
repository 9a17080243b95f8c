//! A call as Tencent's record APIs keep it, made from what was played.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    callback::{
        codes::{CallResult, CallType, Media, RoomIdType},
        delivery::Delivery,
        facts::{CallDetail, CallRecord, Facts, V1Event},
    },
    traffic,
};

/// How long a record is kept after the beginning of its call, in seconds.
pub(super) const KEPT_S: i64 = 7 * 86_400;

/// A call that has ended. Times are Unix seconds; `accept_s` is 0 when nobody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) call_id: String,
    pub(super) media: Media,
    pub(super) call_type: CallType,
    pub(super) caller: String,
    /// Everybody in the call, the caller first, as in Tencent's samples of v4.
    pub(super) listed: Vec<String>,
    pub(super) start_s: i64,
    pub(super) accept_s: i64,
    pub(super) end_s: i64,
    pub(super) result: CallResult,
    pub(super) room_id: String,
    pub(super) room_id_type: RoomIdType,
}

impl Record {
    /// As `v1/records/…` answers it (pages 60136, 60137): lower camel case, callees without the caller.
    pub(super) fn v1(&self, app: &str) -> Value {
        let callees: Vec<&String> = self.listed.iter().filter(|id| **id != self.caller).collect();
        json!({
            "callId": self.call_id, "sdkAppId": app.parse::<u64>().unwrap_or_default(), "mediaType": self.media.code(),
            "roomId": self.room_id, "startCallTs": self.start_s, "acceptTs": self.accept_s, "endTs": self.end_s,
            "caller": self.caller, "totalUserNumber": self.listed.len(), "callType": self.call_type.code(),
            "callResult": self.result.code(), "callees": callees,
        })
    }

    /// As `v4/call_record_http_srv/…` answers it (pages 68930, 68931): the list names the caller too.
    pub(super) fn v4(&self) -> Value {
        let media = match self.media {
            Media::Audio => "Audio",
            Media::Video => "Video",
        };
        json!({
            "CallId": self.call_id, "Caller_Account": self.caller, "MediaType": media, "CallType": self.v4_type(),
            "StartTime": self.start_s, "EndTime": self.end_s, "AcceptTime": self.accept_s, "CallResult": self.v4_result(),
            "CalleeList_Account": self.listed, "RoomId": self.room_id,
            "RoomIdType": if self.room_id_type == RoomIdType::Number { 1 } else { 2 },
        })
    }

    const fn v4_type(&self) -> &'static str {
        match self.call_type {
            CallType::Single => "SingleCall",
            CallType::Group => "MultiCall",
        }
    }

    const fn v4_result(&self) -> &'static str {
        match self.result {
            // A call that failed to start has no word of its own in v4, and no record either.
            CallResult::NormalEnd | CallResult::Failed => "NormalEnd",
            CallResult::Interrupt => "Interrupt",
            CallResult::Offline => "Offline",
            CallResult::Reject => "Reject",
            CallResult::CallBusy => "CallBusy",
            CallResult::Cancel => "Cancel",
            CallResult::NotAnswer => "NotAnswer",
        }
    }
}

/// The records of the calls that end in these deliveries.
pub(super) fn records(deliveries: &[Delivery]) -> Vec<Record> {
    let mut ended = Vec::new();
    let mut v1: BTreeMap<String, OlderCall> = BTreeMap::new();
    for delivery in deliveries {
        let callback = traffic::read(delivery);
        let Some(Facts::Call(event)) = callback.facts else { continue };
        match event.detail {
            CallDetail::Ended(record) => ended.extend(of_end(event.call_id, &record)),
            CallDetail::V1(fact) => {
                v1.entry(event.call_id).or_default().hear(&fact, callback.event_ms.unwrap_or_default())
            }
            CallDetail::Started(_) | CallDetail::Members(_) => {}
        }
    }
    ended.extend(v1.into_iter().filter_map(|(call_id, call)| call.record(call_id)));
    ended
}

fn of_end(call_id: String, record: &CallRecord) -> Option<Record> {
    let seconds = |ms: Option<i64>| ms.unwrap_or_default() / 1_000;
    Some(Record {
        call_id,
        media: Media::read(record.media.as_deref()?)?,
        call_type: CallType::read(record.call_type.as_deref()?)?,
        caller: record.caller.clone()?,
        listed: record.listed.clone().unwrap_or_default(),
        start_s: seconds(record.started_ms),
        accept_s: seconds(record.accepted_ms),
        end_s: seconds(record.ended_ms),
        result: CallResult::read(record.result.as_deref()?)?,
        room_id: record.room_id.clone().unwrap_or_default(),
        room_id_type: record.room_id_type.unwrap_or_default(),
    })
}

/// What the callbacks of CallKit v1 have said of one call so far.
#[derive(Debug, Default)]
struct OlderCall {
    last: V1Event,
    caller: Option<String>,
    callees: Vec<String>,
    start_ms: Option<i64>,
    accept_ms: Option<i64>,
    end_ms: Option<i64>,
    result: Option<CallResult>,
}

impl OlderCall {
    fn hear(&mut self, event: &V1Event, at_ms: i64) {
        match event.role.as_str() {
            "caller" => self.caller = Some(event.user.clone()),
            _ if !self.callees.contains(&event.user) => self.callees.push(event.user.clone()),
            _ => {}
        }
        let earliest = |known: Option<i64>, at: i64| Some(known.map_or(at, |known| known.min(at)));
        self.start_ms = earliest(self.start_ms, at_ms);
        if matches!(event.event.as_str(), "accept_call" | "join_in_group_call") {
            self.accept_ms = earliest(self.accept_ms, at_ms);
        }
        if let Some(result) = CallResult::read(&event.result) {
            self.result = Some(self.result.map_or(result, |known| known.min(result)));
            self.end_ms = self.end_ms.max(Some(at_ms));
        }
        self.last = event.clone();
    }

    /// `None` for a call whose end, or whose caller, was never told.
    fn record(self, call_id: String) -> Option<Record> {
        let caller = self.caller?;
        let seconds = |ms: Option<i64>| ms.unwrap_or_default() / 1_000;
        Some(Record {
            call_id,
            media: Media::read(&self.last.media)?,
            call_type: CallType::read(&self.last.call_type)?,
            listed: std::iter::once(caller.clone()).chain(self.callees).collect(),
            caller,
            start_s: seconds(self.start_ms),
            accept_s: seconds(self.accept_ms),
            end_s: seconds(Some(self.end_ms?)),
            result: self.result?,
            room_id: self.last.room_id,
            room_id_type: RoomIdType::Number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::Scenario;

    const START: i64 = 1_790_000_000_000;

    #[test]
    fn each_call_that_ends_has_a_record_and_says_the_same_in_both_apis() {
        for (scenario, result, answered) in [
            (Scenario::Answered, "normal_end", true),
            (Scenario::Missed, "not_answer", false),
            (Scenario::Declined, "reject", false),
            (Scenario::GroupCall, "normal_end", true),
            (Scenario::CallKitAnswered, "normal_end", true),
            (Scenario::CallKitMissed, "not_answer", false),
            (Scenario::CallKitCancelled, "cancel", false),
            (Scenario::CallKitGroup, "normal_end", true),
        ] {
            let records = records(&scenario.play(1, "1400000000", START));
            let [record] = records.as_slice() else { panic!("{}: one call, {records:?}", scenario.code()) };
            let (v1, v4) = (record.v1("1400000000"), record.v4());
            let code = scenario.code();
            assert_eq!(v1["callResult"], result, "{code}: v1's word");
            assert_eq!(
                CallResult::read(v4["CallResult"].as_str().expect("text")),
                CallResult::read(result),
                "{code}: v4"
            );
            assert_eq!(record.accept_s > 0, answered, "{code}: AcceptTime 0 means never answered");
            assert!(record.start_s <= record.end_s, "{code}: {record:?}");
            assert!(
                v4["CalleeList_Account"].as_array().expect("list").contains(&v4["Caller_Account"]),
                "{code}: v4 names the caller"
            );
            assert!(!v1["callees"].as_array().expect("list").contains(&v1["caller"]), "{code}: v1 does not");
        }
        assert_eq!(records(&Scenario::Endless.play(1, "1", START)), [], "nobody told its end");
        assert_eq!(records(&Scenario::LiveRoom.play(1, "1", START)), [], "a room is no call");
    }
}
