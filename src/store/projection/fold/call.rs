//! A call from its events: rules.md sections 3 and 4. Each field says where it came from.

use crate::store::projection::fold::folded::Call;
use serde_json::{Map, Value};

use crate::callback::codes::{Action, CallResult, CallType, Media, Role, RoomIdType};
use crate::callback::facts::{CallDetail, CallRecord, V1Event};

use crate::store::projection::fold::member;
use crate::store::projection::fold::moments::{self, Moment, named};
use crate::store::projection::fold::step::{Event, end_records};
use crate::store::projection::fold::v1;

/// The result of a call that Tencent named with a word that Calltrail does not know.
const UNKNOWN: &str = "unknown";

/// Folds a call from its events, which must be in order (`step::in_order`). `None` without any event.
pub(crate) fn fold(events: &[Event]) -> Option<Call> {
    let (first, last) = (events.first()?, events.last()?);
    let sent = Sent::of(events);
    let mut sources = Sources::default();

    let started = sent.started().unwrap_or(Moment::derived(first.at_ms, "derived"));
    let never = sent.never_answered();
    let answered = if never.is_some() { None } else { sent.answered() };
    let (started, answered, ended) = moments::in_order(started, answered, sent.ended());
    let started_ms = sources.note("started", Some(started.found())).unwrap_or(first.at_ms);
    let answered = answered.map(Moment::found).map(|(at_ms, source)| (Some(at_ms), source));
    let answered_ms = sources.note("answered", answered.or(never.map(|((), source)| (None, source)))).flatten();
    let ended_ms = sources.note("ended", ended.map(Moment::found));
    let result = sources.note("result", sent.result()).unwrap_or_default();
    let media = sources.note("media", sent.media()).unwrap_or_default();
    let call_type = sources.note("type", sent.call_type()).unwrap_or_default();
    let caller = sources.note("caller", sent.caller()).unwrap_or_default();
    let mut callees = sources.note("callees", sent.callees()).unwrap_or_default();
    callees.retain(|user| *user != caller);
    let (room_id, room_id_type) = sources.note("room_id", sent.room()).unwrap_or_default();

    let mut call = Call {
        started_ms,
        answered_ms,
        ended_ms,
        result,
        media,
        call_type,
        caller,
        callees,
        room_id,
        room_id_type,
        source: source_of(&sent.records, events.len()),
        sources: sources.0.into(),
        last_ms: last.at_ms,
        members: Vec::new(),
    };
    call.members = member::fold(events, &call);
    Some(call)
}

fn source_of(records: &[(&Event, &CallRecord)], events: usize) -> &'static str {
    let fetched = records.iter().filter(|(_, record)| record.fetched).count();
    match fetched {
        0 => "callback",
        all if all == events => "backfill",
        _ => "both",
    }
}

/// Where each field came from.
#[derive(Default)]
struct Sources(Map<String, Value>);

impl Sources {
    fn note<T>(&mut self, field: &str, found: Option<(T, &'static str)>) -> Option<T> {
        let (value, source) = found?;
        self.0.insert(field.to_owned(), source.into());
        Some(value)
    }
}

/// A value and the kind of message that said so.
type Found<T> = Option<(T, &'static str)>;

/// The events of a call by kind.
struct Sent<'a> {
    events: &'a [Event],
    records: Vec<(&'a Event, &'a CallRecord)>,
    v1: Vec<(&'a Event, &'a V1Event)>,
    group: bool,
}

impl<'a> Sent<'a> {
    fn of(events: &'a [Event]) -> Self {
        let records = end_records(events);
        let v1: Vec<_> = events
            .iter()
            .filter_map(|event| match &*event.detail {
                CallDetail::V1(v1) => Some((event, v1)),
                _ => None,
            })
            .collect();
        let group = match records.iter().find_map(|(_, record)| said(record.call_type.as_deref())) {
            Some(word) => CallType::read(word) == Some(CallType::Group),
            None => v1.iter().any(|(_, event)| v1::is_group(event)),
        };
        Self { events, records, v1, group }
    }

    /// The first end record that has the field wins over everything else.
    fn record<T>(&self, field: impl Fn(&'a CallRecord) -> Option<T>) -> Found<T> {
        self.records.iter().find_map(|(_, record)| {
            field(record).map(|value| (value, if record.fetched { "fetched_record" } else { "end_record" }))
        })
    }

    /// The first v1 event that has the field.
    fn first_v1<T>(&self, field: impl Fn(&'a V1Event) -> Option<T>) -> Found<T> {
        self.v1.iter().find_map(|(_, event)| field(event)).map(|value| (value, "v1"))
    }

    /// When the first v1 event of this kind happened.
    fn v1_time(&self, action: Action) -> Option<Moment> {
        let event = self.v1.iter().find(|(_, v1)| v1::action(v1) == Some(action))?.0;
        Some(Moment::derived(event.at_ms, "v1"))
    }

    fn started(&self) -> Option<Moment> {
        self.record(|record| named(record.started_ms))
            .or_else(|| self.first_v1(|event| named(event.started_ms)))
            .map(|(at_ms, source)| Moment::told(at_ms, source))
            .or_else(|| self.v1_time(Action::Start))
            .or_else(|| self.v1_time(Action::Receive))
            .or_else(|| {
                let event = self.events.iter().find(|event| matches!(*event.detail, CallDetail::Started(_)))?;
                Some(Moment::derived(event.at_ms, "v2"))
            })
    }

    /// The first end record that names a time of answering, or says with 0 that there is none.
    fn accepted(&self) -> Found<i64> {
        self.record(|record| record.accepted_ms.filter(|at| *at == 0 || named(Some(*at)).is_some()))
    }

    /// An end record with `AcceptTime` 0 says that the call was never answered, and wins over everything else.
    fn never_answered(&self) -> Found<()> {
        self.accepted().filter(|(at_ms, _)| *at_ms == 0).map(|(_, source)| ((), source))
    }

    fn answered(&self) -> Option<Moment> {
        self.accepted()
            .map(|(at_ms, source)| Moment::told(at_ms, source))
            .or_else(|| self.v1_answered())
            .or_else(|| self.v2_answered())
    }

    fn v1_answered(&self) -> Option<Moment> {
        let of_call = self.v1.iter().filter(|(_, v1)| !v1::is_members_own(v1, self.group));
        let told = of_call.filter(|(_, v1)| v1::carries_times(v1)).filter_map(|(_, v1)| named(v1.accepted_ms)).min();
        let joined = |v1| matches!(v1::action(v1), Some(Action::Accept | Action::Join));
        told.map(|at_ms| Moment::told(at_ms, "v1")).or_else(|| {
            let (event, _) = self.v1.iter().find(|(_, v1)| joined(v1))?;
            Some(Moment::derived(event.at_ms, "v1"))
        })
    }

    fn v2_answered(&self) -> Option<Moment> {
        let answers = |event: &&Event| match &*event.detail {
            CallDetail::Members(change) => change
                .changed
                .iter()
                .any(|user| matches!(Action::read(&user.action), Some(Action::Accept | Action::Join))),
            _ => false,
        };
        self.events.iter().find(answers).map(|event| Moment::derived(event.at_ms, "v2"))
    }

    fn ended(&self) -> Option<Moment> {
        self.record(|record| named(record.ended_ms))
            .map(|(at_ms, source)| Moment::told(at_ms, source))
            .or_else(|| self.v1_ended())
            .or_else(|| {
                // The callback came when the call ended, even if it does not say so. A fetched record came whenever it was asked for.
                let (event, _) = self.records.first().filter(|(_, record)| !record.fetched)?;
                Some(Moment::derived(event.at_ms, "end_record"))
            })
    }

    fn v1_ended(&self) -> Option<Moment> {
        let ends = || {
            self.v1
                .iter()
                .filter(|(_, v1)| !v1::is_members_own(v1, self.group))
                .filter(|(_, v1)| v1::result(v1).is_some() || !v1.result.is_empty())
        };
        let named_by = |v1: &V1Event| named(v1.ended_ms).filter(|_| v1::carries_times(v1));
        let told = ends().filter_map(|(_, v1)| named_by(v1)).max();
        // In a group call each member's end counts, and a later one moves the end.
        let counts = |v1: &V1Event| told.is_none() || (self.group && named_by(v1).is_none());
        let happened = ends().filter(|(_, v1)| counts(v1)).map(|(event, _)| event.at_ms).max();
        match (told, happened) {
            (Some(told), happened) if happened.is_none_or(|at_ms| at_ms <= told) => Some(Moment::told(told, "v1")),
            (_, happened) => happened.map(|at_ms| Moment::derived(at_ms, "v1")),
        }
    }

    fn result(&self) -> Found<String> {
        let code = |word: &str| CallResult::read(word).map_or(UNKNOWN, CallResult::code).to_owned();
        if let Some((word, source)) = self.record(|record| said(record.result.as_deref())) {
            return Some((code(word), source));
        }
        let of_call: Vec<_> = self.v1.iter().filter(|(_, v1)| !v1::is_members_own(v1, self.group)).collect();
        let known = of_call.iter().filter_map(|(_, v1)| v1::result(v1)).min();
        let unknown = || of_call.iter().any(|(_, v1)| !v1.result.is_empty()).then_some(UNKNOWN);
        Some((known.map(CallResult::code).or_else(unknown)?.to_owned(), "v1"))
    }

    fn media(&self) -> Found<String> {
        let (word, source) = self
            .record(|record| said(record.media.as_deref()))
            .or_else(|| self.first_v1(|event| said(Some(&event.media))))
            .or_else(|| {
                self.events.iter().find_map(|event| match &*event.detail {
                    CallDetail::Started(started) => said(Some(&started.media)).map(|word| (word, "v2")),
                    _ => None,
                })
            })?;
        Some((Media::read(word).map_or(UNKNOWN, Media::code).to_owned(), source))
    }

    fn call_type(&self) -> Found<String> {
        let (word, source) = self
            .record(|record| said(record.call_type.as_deref()))
            .or_else(|| self.first_v1(|event| said(Some(&event.call_type))))?;
        Some((CallType::read(word).map_or(UNKNOWN, CallType::code).to_owned(), source))
    }

    fn caller(&self) -> Found<String> {
        self.record(|record| said(record.caller.as_deref()))
            .or_else(|| {
                self.first_v1(|event| said(Some(&event.user)).filter(|_| Role::read(&event.role) == Some(Role::Caller)))
            })
            .or_else(|| Some((self.only_calling()?, "v2")))
            .map(|(user, source)| (user.to_owned(), source))
    }

    /// The caller of v2 until the end record names it: the only user who was `Calling` at the start.
    fn only_calling(&self) -> Option<&'a str> {
        let started = self.events.iter().find_map(|event| match &*event.detail {
            CallDetail::Started(started) => Some(started),
            _ => None,
        })?;
        let mut calling = started.users.iter().filter(|user| user.status.eq_ignore_ascii_case("calling"));
        match (calling.next(), calling.next()) {
            (Some(user), None) => Some(&user.user),
            _ => None,
        }
    }

    fn callees(&self) -> Found<Vec<String>> {
        let listed = self.record(|record| record.listed.as_ref().filter(|list| !list.is_empty()).cloned());
        let (mut users, source) = listed.or_else(|| {
            let users: Vec<_> = self
                .v1
                .iter()
                .filter(|(_, v1)| Role::read(&v1.role) == Some(Role::Callee) && !v1.user.is_empty())
                .map(|(_, v1)| v1.user.clone())
                .collect();
            (!users.is_empty()).then_some((users, "v1"))
        })?;
        let mut seen = std::collections::HashSet::new();
        users.retain(|user| !user.is_empty() && seen.insert(user.clone()));
        Some((users, source))
    }

    fn room(&self) -> Found<(String, RoomIdType)> {
        self.record(|record| said(record.room_id.as_deref()))
            .map(|(room, source)| {
                let is_said = |kind: &RoomIdType| *kind != RoomIdType::Unsaid;
                let kind = self.record(|record| record.room_id_type.filter(is_said));
                let kind = kind.map_or(RoomIdType::Unsaid, |(kind, _)| kind);
                ((room.to_owned(), kind), source)
            })
            .or_else(|| {
                let (room, source) = self.first_v1(|event| said(Some(&event.room_id)))?;
                Some(((room.to_owned(), RoomIdType::Unsaid), source))
            })
            .or_else(|| {
                self.events.iter().find_map(|event| match &*event.detail {
                    CallDetail::Started(started) => {
                        said(Some(&started.room_id)).map(|room| ((room.to_owned(), started.room_id_type), "v2"))
                    }
                    _ => None,
                })
            })
    }
}

/// A word that was sent and is not empty.
fn said(word: Option<&str>) -> Option<&str> {
    word.filter(|word| !word.is_empty())
}
