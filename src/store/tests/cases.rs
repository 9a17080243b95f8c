//! Cases of missed callers, as people work on them: what an undo brings back, and whose they are.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::store::entry::{Author, CASE_ASSIGNEE, CASE_REASON, CASE_STATE, CASE_UNTIL, Person};
use crate::store::filter::ME;

/// A call that nobody answered, at a second, for half a minute.
pub(super) fn missed(call_id: &str, caller: &str, at: i64) -> Delivery {
    let record = json!({
        "CallId": call_id, "Caller_Account": caller, "MediaType": "Audio", "CallType": "SingleCall", "StartTime": at,
        "EndTime": at + 30, "AcceptTime": 0, "CallResult": "NotAnswer", "CalleeList_Account": [caller, "us"],
    });
    let ended = (at + 30) * 1_000;
    let body = json!({ "CallbackCommand": "Call.CallbackAfterEndCall", "CallRecord": record, "EventTime": ended });
    v2(ended, "Call.CallbackAfterEndCall", &body.to_string())
}

fn author(name: &str) -> Author {
    Author { person: Person { id: name.to_owned(), name: name.to_uppercase() }, device: format!("{name}'s") }
}

/// Waits until nobody's cases are still to be derived.
fn settle(store: &Store) {
    let began = Instant::now();
    while store.read(Reader::stale_cases).unwrap() > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody derives the cases");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Says something of a case at a second, as the API does; answers the ids for an undo.
fn say(store: &Store, who: &str, at: i64, call_id: &str, say: &[(&'static str, Value)]) -> Vec<Uuid> {
    settle(store);
    let edits = store.read(|reader| reader.case_edits("1", call_id, say)).unwrap().expect("a case");
    store.edit(&author(who), at * 1_000, &edits).unwrap().into_iter().map(|entry| entry.id).collect()
}

/// The cases, the newest first: their misses, and how they were closed.
fn told(store: &Store) -> Vec<String> {
    settle(store);
    let mut lines = Vec::new();
    let read = |reader: &Reader| {
        reader.each_whole_case(&Filter::default(), NOW, |case| {
            let closed = case.closed_ms.map(|closed_ms| format!(" at {}", closed_ms / 1_000)).unwrap_or_default();
            let by = case.by.map(|by| format!(" by {}", by.name)).unwrap_or_default();
            let after = case.after_ms.map(|after_ms| format!(" after {}", after_ms / 1_000)).unwrap_or_default();
            lines.push(format!("{}: {}{closed}{by}{after} {}", case.calls.join("+"), case.state, case.reason));
            Ok(std::ops::ControlFlow::Continue(()))
        })
    };
    store.read(read).unwrap();
    lines
}

#[test]
fn a_reopening_that_is_taken_back_leaves_everything_as_it_was() {
    let began = NOW / 1_000 - 10_000;
    with(&[missed("m1", "u1", began)], |store| {
        let done = [(CASE_STATE, json!("done")), (CASE_REASON, json!("mailed"))];
        say(store, "ann", began + 60, "m1", &done);
        record(store, &missed("m2", "u1", began + 3_600));
        let closed = format!("m1: done at {} by ANN after 30 mailed", began + 60);
        let before = told(store);
        assert_eq!(before, ["m2: open ".to_owned(), closed]);

        let open = [(CASE_STATE, json!("open")), (CASE_UNTIL, Value::Null)];
        let opened = say(store, "bob", began + 3_900, "m1", &open);
        assert_eq!(told(store), ["m1+m2: open "], "a case that was closed by hand was open all the time");
        let undone = store.undo(&author("bob"), (began + 3_960) * 1_000, &opened).unwrap();
        assert_eq!((undone.len(), told(store)), (2, before.clone()), "state and reason");

        let ids: Vec<Uuid> = undone.iter().map(|entry| entry.id).collect();
        store.undo(&author("bob"), (began + 4_000) * 1_000, &ids).unwrap();
        assert_eq!(told(store), ["m1+m2: open "], "the undo undone");
        say(store, "bob", began + 4_100, "m1", &done);
        let by_hand = format!("m1+m2: done at {} by BOB after 4070 mailed", began + 4_100);
        assert_eq!(told(store), std::slice::from_ref(&by_hand), "who closes it again by hand has closed it");
        store.rebuild().unwrap();
        assert_eq!(told(store), [by_hand], "a rebuild finds the same");
    });
}

#[test]
fn somebody_who_was_known_by_the_name_alone_is_whoever_is_called_so() {
    let began = NOW / 1_000 - 10_000;
    let calls = [("m1", "u1"), ("m2", "u2"), ("m3", "u3")].map(|(call_id, caller)| missed(call_id, caller, began));
    with(&calls, |store| {
        let assign = |call_id: &str, id: &str| {
            say(store, "ann", began + 60, call_id, &[(CASE_ASSIGNEE, json!({ "id": id, "name": "Bea" }))]);
            settle(store);
        };
        let found = |filter: Filter| {
            let cases = store.read(|reader| reader.cases(&filter, &PageRequest::default(), NOW)).unwrap().rows;
            let mut found: Vec<String> = cases.into_iter().map(|case| case.call_id).collect();
            found.sort();
            found.join(" ")
        };
        let of = |id: &str| found(Filter { assignee: Some(id.to_owned()), ..Filter::default() });
        let offered = |me: Option<Person>| {
            let filter = Filter { me, ..Filter::default() };
            let figures = store.read(|reader| reader.case_figures(&filter, NOW)).unwrap();
            let mut ids: Vec<String> = figures.assignees.into_iter().map(|person| person.id).collect();
            ids.sort();
            ids.join(" ")
        };
        assign("m1", "name:Bea");
        assert_eq!((offered(None), of("name:Bea")), ("name:Bea".to_owned(), "m1".to_owned()));
        assign("m2", "b1");
        assert_eq!(offered(None), "b1", "one of the two is enough");
        assert_eq!((of("name:Bea"), of("b1")), ("m1 m2".to_owned(), "m1 m2".to_owned()), "and finds the cases of both");
        assign("m3", "b2");
        assert_eq!(offered(None), "b1 b2", "two who write are two");
        assert_eq!((of("b1"), of("b2"), of("name:bea")), ("m1 m2".to_owned(), "m1 m3".to_owned(), String::new()));
        assert_eq!(of("name:Bea"), "m1 m2 m3");
        let me = Some(Person { id: "b1".to_owned(), name: "bea".to_owned() });
        let mine = Filter { assignee: Some(ME.to_owned()), me: me.clone(), ..Filter::default() };
        assert_eq!((found(mine), offered(me)), ("m1 m2".to_owned(), "b1 b2".to_owned()), "whoever asks is one of them");
        assert_eq!(of("-"), "", "nobody has none");
    });
}
