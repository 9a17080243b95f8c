//! Figures of calls: a record made by hand with every figure in it, and random ones against a recount in another language.

mod recount;

use expect_test::expect;
use serde_json::{Value, json};

use super::*;
use crate::store::entry::{Author, Edit, Person, Subject};
use crate::store::rows::{Comparison, Figures};
use crate::zone::Zone;

/// 2025-10-26 00:00 UTC, a Sunday: in Berlin the hour from 02:00 on comes twice.
const SUNDAY: i64 = 1_761_436_800;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A call of the second version that has ended: started at, answered after (0: never), ended after so many seconds.
fn ended(id: &str, users: &[&str], (at, answered, end): (i64, i64, i64), result: &str, kind: &str) -> Delivery {
    let (start, ended) = (SUNDAY + at, SUNDAY + at + end);
    let record = json!({
        "CallId": id, "Caller_Account": users[0], "MediaType": "Audio", "CallType": kind, "StartTime": start,
        "EndTime": ended, "AcceptTime": if answered == 0 { 0 } else { start + answered }, "CallResult": result,
        "CalleeList_Account": users,
    });
    let body =
        json!({ "CallbackCommand": "Call.CallbackAfterEndCall", "CallRecord": record, "EventTime": ended * 1_000 });
    v2(ended * 1_000, "Call.CallbackAfterEndCall", &body.to_string())
}

/// Somebody does something in a call.
fn does(id: &str, user: &str, at: i64, action: &str) -> Delivery {
    let at_ms = (SUNDAY + at) * 1_000;
    let body = json!({
        "CallbackCommand": "Call.CallbackAfterMemberChanged", "CallId": id, "UserList": [],
        "ChangedUserList": [{ "User_Account": user, "ActionType": action }], "EventTime": at_ms,
    });
    v2(at_ms, "Call.CallbackAfterMemberChanged", &body.to_string())
}

/// A call that begins, and of which no more is told.
fn begins(id: &str, caller: &str, callee: &str, at: i64) -> Delivery {
    let at_ms = (SUNDAY + at) * 1_000;
    let users = [(caller, "Calling"), (callee, "Waiting")]
        .map(|(user, status)| json!({ "User_Account": user, "Status": status }));
    let info = json!({ "CallId": id, "MediaType": "Audio", "RoomId": "7" });
    let body = json!({
        "CallbackCommand": "Call.CallbackAfterStartCall", "CallInfo": info, "UserList": users, "EventTime": at_ms,
    });
    v2(at_ms, "Call.CallbackAfterStartCall", &body.to_string())
}

/// Two days in which everything happens that is counted.
fn days() -> Vec<Delivery> {
    let (single, group, monday) = ("SingleCall", "GroupCall", DAY + 8 * HOUR);
    vec![
        // 02:30 in Berlin, twice.
        ended("s1", &["ann", "bob"], (HOUR / 2, 10, 70), "NormalEnd", single),
        ended("s2", &["ann", "bob"], (HOUR / 2 + HOUR, 0, 30), "NotAnswer", single),
        // Two talks of 09:00 overlap; the third begins when the first ends.
        ended("m1", &["bob", "ann"], (monday, 4, 600), "NormalEnd", single),
        ended("m2", &["kim", "ann"], (monday + 60, 20, 100), "NormalEnd", single),
        ended("m3", &["kim", "bob"], (monday + 590, 10, 700), "Interrupt", single),
        ended("m4", &["kim", "ann"], (monday + HOUR, 0, 2), "CallBusy", single),
        ended("m5", &["kim", "ann"], (monday + HOUR + 60, 0, 12), "Cancel", single),
        ended("m6", &["kim", "bob"], (monday + HOUR + 120, 0, 5), "Reject", single),
        ended("m7", &["kim", "lee"], (monday + HOUR + 180, 0, 40), "Offline", single),
        // Two join a group call, and one does not.
        does("g1", "kim", monday + 2 * HOUR + 6, "Join"),
        does("g1", "bob", monday + 2 * HOUR + 9, "Join"),
        does("g1", "lee", monday + 2 * HOUR + 30, "NotAnswer"),
        does("g1", "kim", monday + 2 * HOUR + 90, "Hangup"),
        ended("g1", &["ann", "bob", "kim", "lee"], (monday + 2 * HOUR, 6, 120), "NormalEnd", group),
        begins("o1", "ann", "kim", monday + 3 * HOUR),
        begins("o2", "ann", "kim", HOUR),
    ]
}

fn now_ms() -> i64 {
    (SUNDAY + DAY + 11 * HOUR + 60) * 1_000
}

fn person(user: &str, field: &str, value: Value) -> Edit {
    Edit { subject: Subject::User(user.to_owned()), field: field.to_owned(), value }
}

/// What is said of users: of the first that it is the same person as the second, whose name is given.
fn say(store: &Store, user: &str, same_as: &str, name: &str) {
    let author = Author { person: Person { id: "ann".to_owned(), name: "Ann".to_owned() }, device: "hers".to_owned() };
    let edits = [person(user, "same_as", json!(same_as)), person(same_as, "name", json!(name))];
    store.edit(&author, NOW, &edits).expect("an edit is written");
}

fn berlin() -> Zone {
    Zone::read("Europe/Berlin").expect("a zone")
}

/// Figures, a line each; hours without calls are left out.
fn text(figures: &Figures) -> String {
    let Figures { calls, answered, unanswered, open, unknown, answer_rate, by_result, .. } = figures;
    let Figures { ring, waited, talk, at_once, by_day, by_hour, by_weekday_hour, people, compared, .. } = figures;
    let mut lines = vec![
        format!(
            "{calls} calls: {answered} answered, {unanswered} not, {open} open, {unknown} unknown; {answer_rate:?}"
        ),
        format!("{by_result:?}"),
        format!("{ring:?}; waited {waited:?}"),
        format!("{talk:?}"),
        format!("{at_once:?}"),
    ];
    lines.extend(by_day.iter().map(|day| format!("{day:?}")));
    let hours = |hours: &[u64]| -> Vec<(usize, u64)> {
        hours.iter().copied().enumerate().filter(|(_, calls)| *calls > 0).collect()
    };
    lines.push(format!("hours {:?}", hours(by_hour)));
    lines.extend(by_weekday_hour.iter().enumerate().map(|(day, of_day)| format!("weekday {day} {:?}", hours(of_day))));
    lines.extend(people.iter().map(|person| format!("{person:?}")));
    lines.push(format!("{compared:?}"));
    lines.join("\n")
}

#[test]
fn every_figure_of_a_record_made_by_hand() {
    with(&days(), |store| {
        say(store, "leo", "lee", "Lee");
        let read = |reader: &Reader| reader.figures(&Filter::default(), &berlin(), Some(Comparison::Week), now_ms());
        let figures = store.read(read).expect("the record can be read");
        expect![[r#"
            12 calls: 5 answered, 5 not, 1 open, 1 unknown; Some(0.5)
            {"call_busy": 1, "cancel": 1, "interrupt": 1, "normal_end": 4, "not_answer": 1, "offline": 1, "reject": 1, "ringing": 1, "unknown": 1}
            Spread { median: Some(10), p90: Some(20) }; waited Spread { median: Some(12), p90: Some(40) }
            Talk { sum: 1540, median: Some(114), longest: Some(690) }
            AtOnce { most: 2, at: Some(1761552080000) }
            DayFigures { day: "2025-10-26", calls: 3, answered: 1, unanswered: 1, by_result: {"normal_end": 1, "not_answer": 1, "unknown": 1} }
            DayFigures { day: "2025-10-27", calls: 9, answered: 4, unanswered: 4, by_result: {"call_busy": 1, "cancel": 1, "interrupt": 1, "normal_end": 3, "offline": 1, "reject": 1, "ringing": 1} }
            hours [(2, 3), (9, 3), (10, 4), (11, 1), (12, 1)]
            weekday 0 [(9, 3), (10, 4), (11, 1), (12, 1)]
            weekday 1 []
            weekday 2 []
            weekday 3 []
            weekday 4 []
            weekday 5 []
            weekday 6 [(2, 3)]
            PersonFigures { user: "ann", name: "", made: 5, made_answered: 2, received: 4, answered: 2, missed: 2, declined: 0, talk: 850, ring: Some(4), busiest: Some(2), first: 0 }
            PersonFigures { user: "kim", name: "", made: 6, made_answered: 2, received: 3, answered: 1, missed: 0, declined: 0, talk: 854, ring: None, busiest: Some(10), first: 1 }
            PersonFigures { user: "bob", name: "", made: 1, made_answered: 1, received: 5, answered: 3, missed: 1, declined: 1, talk: 1457, ring: Some(10), busiest: Some(2), first: 0 }
            PersonFigures { user: "lee", name: "Lee", made: 0, made_answered: 0, received: 2, answered: 0, missed: 2, declined: 0, talk: 0, ring: None, busiest: Some(10), first: 0 }
            None"#]].assert_eq(&text(&figures));
    });
}

#[test]
fn monday_beside_the_day_before() {
    with(&days(), |store| {
        let from = Some((SUNDAY + DAY - HOUR) * 1_000);
        let filter = Filter { from, to: from.map(|from| from + DAY * 1_000), ..Filter::default() };
        let read = |with| move |reader: &Reader| reader.figures(&filter, &berlin(), Some(with), now_ms());
        let figures = store.read(read(Comparison::Before)).expect("the record can be read");
        expect![[r#"
            Some(
                Compared {
                    with: Before,
                    from: 1761429600000,
                    to: 1761519600000,
                    calls: 3,
                    answered: 1,
                    unanswered: 1,
                    open: 0,
                    unknown: 1,
                    answer_rate: Some(
                        0.5,
                    ),
                    by_result: {
                        "normal_end": 1,
                        "not_answer": 1,
                        "unknown": 1,
                    },
                    ring: Spread {
                        median: Some(
                            10,
                        ),
                        p90: Some(
                            10,
                        ),
                    },
                    waited: Spread {
                        median: Some(
                            30,
                        ),
                        p90: Some(
                            30,
                        ),
                    },
                    talk: Talk {
                        sum: 60,
                        median: Some(
                            60,
                        ),
                        longest: Some(
                            60,
                        ),
                    },
                    at_once: AtOnce {
                        most: 1,
                        at: Some(
                            1761438610000,
                        ),
                    },
                },
            )"#]]
        .assert_eq(&format!("{:#?}", figures.compared));
    });
}

#[test]
fn a_person_is_all_of_the_ids_and_alone() {
    with(&days(), |store| {
        say(store, "kim", "bob", "Bob");
        let of = |user: &'static str| {
            let read =
                move |reader: &Reader| reader.person_figures(user, &Filter::default(), &berlin(), None, now_ms());
            store.read(read).expect("the record can be read")
        };
        let both = of("kim").expect("a person");
        expect![[r#"
            12 calls: 5 answered, 5 not, 1 open, 1 unknown; Some(0.5)
            {"call_busy": 1, "cancel": 1, "interrupt": 1, "normal_end": 4, "not_answer": 1, "offline": 1, "reject": 1, "ringing": 1, "unknown": 1}
            Spread { median: Some(10), p90: Some(20) }; waited Spread { median: Some(12), p90: Some(40) }
            Talk { sum: 1540, median: Some(114), longest: Some(690) }
            AtOnce { most: 2, at: Some(1761552080000) }
            DayFigures { day: "2025-10-26", calls: 3, answered: 1, unanswered: 1, by_result: {"normal_end": 1, "not_answer": 1, "unknown": 1} }
            DayFigures { day: "2025-10-27", calls: 9, answered: 4, unanswered: 4, by_result: {"call_busy": 1, "cancel": 1, "interrupt": 1, "normal_end": 3, "offline": 1, "reject": 1, "ringing": 1} }
            hours [(2, 3), (9, 3), (10, 4), (11, 1), (12, 1)]
            weekday 0 [(9, 3), (10, 4), (11, 1), (12, 1)]
            weekday 1 []
            weekday 2 []
            weekday 3 []
            weekday 4 []
            weekday 5 []
            weekday 6 [(2, 3)]
            PersonFigures { user: "bob", name: "Bob", made: 7, made_answered: 3, received: 5, answered: 2, missed: 1, declined: 0, talk: 2311, ring: Some(10), busiest: Some(10), first: 1 }
            None"#]].assert_eq(&text(&both));
        assert_eq!(of("bob"), Some(both), "whichever id is asked for");
        assert_eq!(of("nobody"), None, "of whom nobody ever heard");
    });
}

#[test]
fn a_call_in_which_somebody_has_two_ids_is_one_call() {
    let group = [
        does("g1", "kim", 20, "Join"),
        does("g1", "bob", 30, "NotAnswer"),
        ended("g1", &["ann", "bob", "kim"], (0, 20, 120), "NormalEnd", "GroupCall"),
        does("g2", "kim", HOUR + 9, "Reject"),
        does("g2", "bob", HOUR + 30, "NotAnswer"),
        ended("g2", &["ann", "bob", "kim"], (HOUR, 0, 40), "NotAnswer", "GroupCall"),
        ended("s1", &["kim", "bob"], (2 * HOUR, 0, 30), "NotAnswer", "SingleCall"),
    ];
    with(&group, |store| {
        say(store, "kim", "bob", "");
        let read = |reader: &Reader| reader.person_figures("bob", &Filter::default(), &berlin(), None, now_ms());
        let figures = store.read(read).expect("the record can be read").expect("a person");
        let [person] = figures.people.as_slice() else { panic!("{:?}", figures.people) };
        assert_eq!((person.made, person.made_answered), (1, 0), "who made a call did not miss it");
        assert_eq!((person.received, person.answered, person.missed), (2, 1, 0), "answered under one of the ids");
        assert_eq!(person.declined, 1, "who declined it did not miss it either");
        assert_eq!(person.made + person.received, figures.calls, "each call once");
    });
}

#[test]
fn of_nothing_there_is_nothing() {
    with(&[], |store| {
        let read = |reader: &Reader| reader.figures(&Filter::default(), &berlin(), None, NOW);
        let figures = store.read(read).expect("the record can be read");
        assert_eq!((figures.calls, figures.answer_rate, figures.talk.sum, figures.at_once.at), (0, None, 0, None));
        assert_eq!(
            (figures.by_hour, figures.by_weekday_hour),
            (vec![0; 24], vec![vec![0; 24]; 7]),
            "every hour is there"
        );
    });
}
