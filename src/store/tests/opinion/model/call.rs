//! rules.md sections 3 to 5: one call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::callback::codes::{Action, CallResult, CallType, Media, RoomIdType};
use crate::callback::facts::{CallDetail, CallRecord, V1Event};
use crate::store::rows::CallRow;
use crate::store::tests::opinion::model::{DAY_MS, NEWEST_MS, OLDEST_MS, Record, Told, distinct, member, seconds};

/// What CallKit v1's words mean (protocol.md 1.4).
const WORDS: [(&str, Action); 17] = [
    ("start_call", Action::Start),
    ("receive_call", Action::Receive),
    ("invite_user", Action::Invite),
    ("accept_call", Action::Accept),
    ("call_accepted", Action::Accept),
    ("join_in_group_call", Action::Join),
    ("not_answer_call", Action::NotAnswer),
    ("call_missed", Action::NotAnswer),
    ("reject_call", Action::Reject),
    ("call_rejected", Action::Reject),
    ("call_busy", Action::Busy),
    ("ignore_call", Action::Busy),
    ("cancel_call", Action::CancelInvite),
    ("call_canceled", Action::CancelInvite),
    ("call_end", Action::End),
    ("call_interrupted", Action::Interrupt),
    ("call_failed", Action::Fail),
];

/// Which result an action tells, and which action a result.
const RESULTS: [(Action, CallResult); 8] = [
    (Action::End, CallResult::NormalEnd),
    (Action::Interrupt, CallResult::Interrupt),
    (Action::Offline, CallResult::Offline),
    (Action::Reject, CallResult::Reject),
    (Action::Busy, CallResult::CallBusy),
    (Action::CancelInvite, CallResult::Cancel),
    (Action::NotAnswer, CallResult::NotAnswer),
    (Action::Fail, CallResult::Failed),
];

pub(super) fn action(event: &V1Event) -> Option<Action> {
    let by_word = WORDS.iter().find(|(word, _)| event.event.eq_ignore_ascii_case(word));
    let result = CallResult::read(&event.result);
    by_word.map(|(_, action)| *action).or_else(|| RESULTS.iter().find(|(_, of)| Some(*of) == result).map(|(a, _)| *a))
}

/// `CallResult` where given, else by the event.
pub(super) fn result(event: &V1Event) -> Option<CallResult> {
    let known = CallResult::read(&event.result);
    known.or_else(|| RESULTS.iter().find(|(of, _)| Some(*of) == action(event)).map(|(_, result)| *result))
}

/// `AcceptTs` and `EndTs` count only here.
pub(super) fn is_end(event: &V1Event) -> bool {
    event.event.eq_ignore_ascii_case("call_end") || !event.result.is_empty()
}

type Event<'a> = (Told<'a>, &'a CallDetail);

/// In the order of rules.md 2.4, and what was sent twice (protocol.md 9.7) once.
fn in_order(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    events.sort_by_key(|(told, detail)| {
        let rank = match detail {
            CallDetail::V1(event) => action(event),
            CallDetail::Started(_) => Some(Action::Start),
            CallDetail::Members(change) => change.changed.iter().filter_map(|user| Action::read(&user.action)).min(),
            CallDetail::Ended(_) => Some(Action::End),
        };
        (told.at_ms, rank, told.arrived.digest)
    });
    let mut seen = BTreeSet::new();
    events.retain(|(told, detail)| {
        seen.insert(match detail {
            CallDetail::V1(e) => {
                format!(
                    "{} {} {} {} {} {}",
                    e.user, e.role, told.arrived.callback.command, e.event, e.result, told.at_ms
                )
            }
            CallDetail::Started(_) => "start".to_owned(),
            CallDetail::Members(change) => {
                let mut users: Vec<_> = change.changed.iter().map(|user| (&user.user, &user.action)).collect();
                users.sort();
                format!("{users:?} {}", told.at_ms)
            }
            CallDetail::Ended(_) => told.arrived.digest.hex(),
        })
    });
    events
}

/// Takes each field from the first end record that has it, else from what v1 said, else from v2.
struct Fields<'a> {
    records: Vec<(&'a Told<'a>, &'a CallRecord)>,
    sources: BTreeMap<String, String>,
}

impl Fields<'_> {
    fn take<T>(
        &mut self,
        name: &str,
        of: impl Fn(&CallRecord) -> Option<T>,
        v1: Option<T>,
        v2: Option<T>,
    ) -> Option<T> {
        let kind = |record: &CallRecord| if record.fetched { "fetched_record" } else { "end_record" };
        let told = self.records.iter().find_map(|(_, record)| Some((kind(record), of(record)?)));
        let (source, value) = told.or(v1.map(|value| ("v1", value))).or(v2.map(|value| ("v2", value)))?;
        self.sources.insert(name.to_owned(), source.to_owned());
        Some(value)
    }
}

pub(super) fn fold(record: &mut Record, app: &str, call_id: &str, events: Vec<Event<'_>>, now_ms: i64) {
    let events = in_order(events);
    let kind = |wanted: fn(&CallDetail) -> bool| events.iter().filter(move |(_, detail)| wanted(detail));
    let v1: Vec<(i64, &V1Event)> = events
        .iter()
        .filter_map(|(told, detail)| match detail {
            CallDetail::V1(event) => Some((told.at_ms, event)),
            _ => None,
        })
        .collect();
    let start = events.iter().find_map(|(told, detail)| match detail {
        CallDetail::Started(start) => Some((told.at_ms, start)),
        _ => None,
    });
    let mut records: Vec<_> = events
        .iter()
        .filter_map(|(told, detail)| match detail {
            CallDetail::Ended(record) => Some((told, record)),
            _ => None,
        })
        .collect();
    records.sort_by_key(|(told, record)| (record.fetched, Reverse(told.at_ms), told.arrived.digest));
    let mut fields = Fields { records, sources: BTreeMap::new() };
    let first_word = |of: fn(&V1Event) -> &String| v1.iter().find_map(|(_, event)| said(Some(of(event))));

    let raw_type = fields.take("type", |r| said(r.call_type.as_deref()), first_word(|e| &e.call_type), None);
    let call_type = raw_type.map_or("", |raw| CallType::read(&raw).map_or("unknown", CallType::code)).to_owned();
    let group = match fields.sources.get("type").map(String::as_str) {
        Some("v1") => v1.iter().any(|(_, event)| CallType::read(&event.call_type) == Some(CallType::Group)),
        _ => call_type == "group",
    };
    // In a group a callee's reject, not_answer, busy is that member's outcome only.
    let own = |e: &V1Event| {
        use CallResult::{CallBusy, NotAnswer, Reject};
        group && e.role.eq_ignore_ascii_case("callee") && matches!(result(e), Some(Reject | NotAnswer | CallBusy))
    };
    let ends: Vec<_> = v1.iter().filter(|(_, e)| (result(e).is_some() || is_end(e)) && !own(e)).collect();
    let at = |wanted: &[Action]| {
        v1.iter().find(|(_, event)| action(event).is_some_and(|action| wanted.contains(&action))).map(|(at, _)| *at)
    };

    // What is told stands, from 2015 until 2100; `AcceptTime` 0 is a value: never answered.
    let believed = |at: Option<i64>| at.filter(|at| (OLDEST_MS..NEWEST_MS).contains(at));
    let told = v1.iter().find_map(|(_, event)| believed(event.started_ms));
    let told_start = fields.take("started", |r| believed(r.started_ms), told, None);
    let told = ends.iter().filter(|(_, e)| is_end(e)).filter_map(|(_, e)| believed(e.accepted_ms)).min();
    let accepted = |r: &CallRecord| r.accepted_ms.filter(|at| *at == 0 || believed(Some(*at)).is_some());
    let told_answer = fields.take("answered", accepted, told, None);
    let told = |e: &V1Event| believed(e.ended_ms).filter(|_| is_end(e));
    let last_told = ends.iter().filter_map(|(_, e)| told(e)).max();
    let last_untold = ends.iter().filter(|(_, e)| told(e).is_none()).map(|(at, _)| *at).max();
    // In a group a later end moves the end, also one that does not say when.
    let moved = last_untold.filter(|at| group && last_told.is_some_and(|told| *at > told));
    let told_end = fields.take("ended", |r| believed(r.ended_ms), last_told.filter(|_| moved.is_none()), None);

    // What is not told is taken from what happened.
    let came = kind(|detail| match detail {
        CallDetail::Members(change) => {
            change.changed.iter().any(|user| matches!(Action::read(&user.action), Some(Action::Accept | Action::Join)))
        }
        _ => false,
    });
    let own_start = at(&[Action::Start]).or(at(&[Action::Receive])).map(|at| (at, "v1"));
    let own_start = own_start.or(start.map(|(at, _)| (at, "v2"))).unwrap_or((events[0].0.at_ms, "derived"));
    let v2_answer = came.map(|(told, _)| told.at_ms).min().map(|at| (at, "v2"));
    let own_answer = at(&[Action::Accept, Action::Join]).map(|at| (at, "v1")).or(v2_answer);
    // The callback came when the call ended, even if it does not say so.
    let end_record = fields.records.iter().find(|(_, record)| !record.fetched).map(|(told, _)| told.at_ms);
    let own_end = moved.or(last_untold).map(|at| (at, "v1")).or(end_record.map(|at| (at, "end_record")));

    // It does not contradict what is there: started, then answered, then ended.
    let mut settle = |name: &str, happened: (i64, &str), within: (Option<i64>, Option<i64>)| {
        let no_later = happened.0.min(within.1.unwrap_or(i64::MAX));
        let at = no_later.max(within.0.unwrap_or(i64::MIN));
        let source = if at == happened.0 { happened.1 } else { "derived" };
        fields.sources.insert(name.to_owned(), source.to_owned());
        at
    };
    let answered_ms = match told_answer {
        Some(at) => Some(at).filter(|at| *at > 0),
        None => own_answer.map(|happened| settle("answered", happened, (told_start, told_end))),
    };
    let any_end = told_end.or(own_end.map(|(at, _)| at));
    let first_of = [answered_ms, any_end].into_iter().flatten().min();
    let started_ms = told_start.unwrap_or_else(|| settle("started", own_start, (None, first_of)));
    let last_of = answered_ms.map_or(started_ms, |answered| answered.max(started_ms));
    let ended_ms = told_end.or_else(|| own_end.map(|happened| settle("ended", happened, (Some(last_of), None))));
    let of_word = |raw: &str| CallResult::read(raw).map_or("unknown", CallResult::code);
    let known = ends.iter().filter_map(|(_, e)| result(e)).min().map(CallResult::code);
    let v1_result = known.or(if ends.is_empty() { None } else { Some("unknown") });
    let result = fields.take("result", |r| said(r.result.as_deref()).map(|raw| of_word(&raw)), v1_result, None);
    let v1_caller = v1.iter().filter(|(_, e)| e.role.eq_ignore_ascii_case("caller"));
    let v1_caller = v1_caller.map(|(_, e)| e.user.clone()).find(|user| !user.is_empty());
    let calling = start.iter().flat_map(|(_, start)| &start.users).filter(|u| u.status.eq_ignore_ascii_case("calling"));
    let v2_caller =
        Some(calling.collect::<Vec<_>>()).filter(|users| users.len() == 1).map(|users| users[0].user.clone());
    let caller = fields.take("caller", |r| said(r.caller.as_deref()), v1_caller, v2_caller).unwrap_or_default();
    let seen = v1.iter().filter(|(_, e)| e.role.eq_ignore_ascii_case("callee"));
    let seen = Some(distinct(seen.map(|(_, e)| &e.user))).filter(|users| !users.is_empty());
    let listed = fields.take("callees", |r| r.listed.clone().filter(|list| !list.is_empty()), seen, None);
    let callees: Vec<_> = distinct(&listed.unwrap_or_default()).into_iter().filter(|user| *user != caller).collect();
    let media = start.and_then(|(_, start)| said(Some(&start.media)));
    let media = fields.take("media", |r| said(r.media.as_deref()), first_word(|e| &e.media), media);
    let kind = fields.records.iter().find_map(|(_, record)| record.room_id_type.filter(|k| *k != RoomIdType::Unsaid));
    let with = |kind: Option<RoomIdType>| move |room: String| (room, kind.unwrap_or_default().code().to_owned());
    let v2_room = start.and_then(|(_, start)| said(Some(&start.room_id)).map(with(Some(start.room_id_type))));
    let v1_room = first_word(|e| &e.room_id).map(with(None));
    let room = fields.take("room_id", |r| said(r.room_id.as_deref()).map(with(kind)), v1_room, v2_room);
    let (room_id, room_id_type) = room.unwrap_or_default();

    let last_ms = events[events.len() - 1].0.at_ms;
    let silent_ms = (now_ms - last_ms).abs();
    let shown = result.unwrap_or(match (answered_ms, ended_ms) {
        (None, None) if silent_ms < 300_000 => "ringing",
        (Some(_), None) if silent_ms < DAY_MS => "in_progress",
        _ => "unknown",
    });
    let rang = answered_ms.or(ended_ms).filter(|_| !matches!(shown, "ringing" | "unknown"));
    let talked = ended_ms.filter(|_| shown != "unknown").map(|ended| answered_ms.map_or(0, |at| seconds(at, ended)));
    let fetched = events.iter().filter(|(_, detail)| matches!(detail, CallDetail::Ended(r) if r.fetched)).count();
    let mut call = CallRow {
        app: app.to_owned(),
        call_id: call_id.to_owned(),
        started_ms,
        answered_ms,
        ended_ms,
        result: result.unwrap_or_default().to_owned(),
        media: media.map_or("", |raw| Media::read(&raw).map_or("unknown", Media::code)).to_owned(),
        call_type,
        caller,
        caller_name: String::new(),
        callee_names: vec![String::new(); callees.len()],
        callees,
        tags: Vec::new(),
        notes: 0,
        note: String::new(),
        other_names: Vec::new(),
        members: 0,
        others: Vec::new(),
        ring_seconds: rang.map(|until| seconds(started_ms, until)),
        talk_seconds: talked,
        room_id,
        room_id_type,
        source: if fetched == 0 {
            "callback"
        } else if fetched == events.len() {
            "backfill"
        } else {
            "both"
        }
        .to_owned(),
        last_ms,
    };
    let members = member::fold(&call, &events);
    call.members = u32::try_from(members.len()).expect("a small number");
    call.other_names = members.iter().filter(|member| member.role.is_empty()).map(|_| String::new()).collect();
    call.others = members.iter().filter(|member| member.role.is_empty()).map(|member| member.user.clone()).collect();
    call.result = shown.to_owned();
    record.members.extend(members);
    record.sources.insert(call_id.to_owned(), fields.sources);
    record.calls.push(call);
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}
