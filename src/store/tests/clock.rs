//! A clock that was wrong when deliveries came: what happened is dated by those who sent it, when they agree.

use super::*;

/// 2016-01-01 00:00 UTC: where a computer's clock may stand whose battery is empty.
const IN_2016: i64 = 1_451_606_400_000;
const DAY: i64 = 86_400_000;
/// 2025-10-09 08:53:20 UTC.
const T: i64 = 1_760_000_000_000;

/// A v1 event of a call, received when `clock` (the time of a wrong clock at `T`) says.
fn event(clock: i64, call: &str, second: i64, event: &str) -> Delivery {
    let body = format!(
        r#"{{"UserId":"alice","RoomId":"77","MediaType":"audio","CallType":"single","CallId":"{call}","Role":"caller","Event":"{event}","EventTime":{}}}"#,
        T / 1_000 + second
    );
    Delivery { received_ms: clock + second * 1_000, ..v1(T / 1_000, &format!("caller_{event}"), &body) }
}

/// Somebody comes into a live room or leaves it.
fn stay(clock: i64, room: &str, second: i64, kind: &str, cause: &str) -> Delivery {
    let command = "Live.CallbackAfterMemberStateChanged";
    let body = format!(
        r#"{{"CallbackCommand":"{command}","EventTime":{},"RoomId":"{room}","EventType":"{kind}","EventCause":"{cause}","MemberList":[{{"Member_Account":"ann"}}]}}"#,
        T + second * 1_000
    );
    Delivery { received_ms: clock + second * 1_000, ..v2(T, command, &body) }
}

fn closed(clock: i64, room: &str, second: i64) -> Delivery {
    let command = "Live.CallbackAfterDestroyRoom";
    let body = format!(
        r#"{{"CallbackCommand":"{command}","EventTime":{},"RoomId":"{room}","EventType":"DestroyByUser"}}"#,
        T + second * 1_000
    );
    Delivery { received_ms: clock + second * 1_000, ..v2(T, command, &body) }
}

/// A call that was cancelled, and a stay, as they come in twenty seconds.
fn call_and_stay(clock: i64) -> Vec<Delivery> {
    vec![
        event(clock, "c", 0, "start_call"),
        event(clock, "c", 9, "cancel_call"),
        stay(clock, "r", 10, "Online", "Enter"),
        stay(clock, "r", 20, "Offline", "Leave"),
    ]
}

/// Seconds after `T`, or what it is instead.
fn at(ms: i64) -> String {
    match ms - T {
        away if (0..1_000_000).contains(&away) => format!("+{}", away / 1_000),
        _ if (IN_2016 - 30 * DAY..IN_2016 + 30 * DAY).contains(&ms) => "2016".to_owned(),
        _ => ms.to_string(),
    }
}

/// Calls and stays with their times, and how many deliveries have no time of their own.
fn told(store: &Store) -> String {
    let read = |reader: &Reader| {
        let mut lines = Vec::new();
        let on = || Ok(std::ops::ControlFlow::Continue(()));
        reader.each_call(&Filter::default(), NOW, |call| {
            let ended = call.ended_ms.map_or_else(|| "-".to_owned(), at);
            lines.push(format!("{} {}..{} {}", call.call_id, at(call.started_ms), ended, call.result));
            on()
        })?;
        reader.each_stay(&Filter::default(), NOW, |stay| {
            let [entered, left] = [stay.entered_ms, stay.left_ms].map(|ms| ms.map_or_else(|| "-".to_owned(), at));
            lines.push(format!("{} {entered}..{left} {}", stay.room_id, stay.leave_cause));
            on()
        })?;
        let mut without = 0;
        reader.each_delivery(&Filter::default(), NOW, |row| {
            without += u32::from(row.event_ms.is_none());
            on()
        })?;
        lines.push(format!("{without} without"));
        Ok(lines)
    };
    let mut lines = store.read(read).unwrap();
    lines.sort();
    lines.join(", ")
}

/// The record of these deliveries, the same in three orders, one by one and together, and after a rebuild.
fn record_of(deliveries: &[Delivery]) -> String {
    let (told, dump) = with(deliveries, |store| (told(store), store.read(Reader::dump).unwrap()));
    let backwards: Vec<_> = deliveries.iter().rev().cloned().collect();
    let inside_out: Vec<_> =
        deliveries.iter().skip(1).step_by(2).chain(deliveries.iter().step_by(2)).cloned().collect();
    for other in [&backwards, &inside_out] {
        assert_eq!(with(other, |store| store.read(Reader::dump).unwrap()), dump, "another order gives the same rows");
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "a test").unwrap();
        record_all(&store, other);
        assert_eq!(store.read(Reader::dump).unwrap(), dump, "and one by one");
        store.rebuild().unwrap();
        assert_eq!(store.read(Reader::dump).unwrap(), dump, "and a rebuild");
        store.close().unwrap();
        assert!(crate::store::verify(folder.path()).unwrap().is_sound(), "and it equals a replay");
    }
    told
}

#[test]
fn events_are_dated_by_their_senders_when_these_agree_against_the_clock() {
    const RIGHT: &str = "0 without, c +0..+9 cancel, r +10..+20 leave";
    let clock = IN_2016;
    let later = |deliveries: Vec<Delivery>| [call_and_stay(clock), deliveries].concat();
    let cases: Vec<(&str, Vec<Delivery>, &str)> = vec![
        ("the clock is right", call_and_stay(T), RIGHT),
        ("it is in 2016", call_and_stay(clock), RIGHT),
        ("in 1970", call_and_stay(20_000), RIGHT),
        ("two days behind", call_and_stay(T - 2 * DAY), RIGHT),
        ("half a day behind, which nobody minds", call_and_stay(T - DAY / 2), RIGHT),
        ("two years ahead", call_and_stay(T + 730 * DAY), RIGHT),
        (
            "set right in between",
            [&call_and_stay(clock)[..2], &call_and_stay(T)[2..]].concat(),
            "2 without, c 2016..2016 cancel, r +10..+20 leave",
        ),
        (
            "set right after it",
            later(vec![event(T, "d", 30, "start_call"), event(T, "d", 40, "cancel_call")]),
            "0 without, c +0..+9 cancel, d +30..+40 cancel, r +10..+20 leave",
        ),
        ("one call alone", call_and_stay(clock)[..2].to_vec(), "2 without, c 2016..2016 cancel"),
        (
            "two deliveries of two",
            vec![event(clock, "c", 0, "cancel_call"), event(clock, "d", 9, "cancel_call")],
            "2 without, c 2016..2016 cancel, d 2016..2016 cancel",
        ),
        (
            "a third comes",
            vec![
                event(clock, "c", 0, "cancel_call"),
                event(clock, "d", 9, "cancel_call"),
                event(clock, "d", 5, "start_call"),
            ],
            "0 without, c +0..+0 cancel, d +5..+9 cancel",
        ),
        (
            "hours later, by the same clock",
            vec![
                event(clock, "c", 0, "start_call"),
                event(clock, "c", 9, "cancel_call"),
                event(clock, "d", 50_000, "cancel_call"),
            ],
            "0 without, c +0..+9 cancel, d 1760050000000..1760050000000 cancel",
        ),
        (
            "another is years ahead of the others",
            later(vec![event(clock - 9 * 365 * DAY, "x", 0, "start_call")]).into_iter().skip(2).collect(),
            "3 without, r 2016..2016 leave, x 1167782400000..- unknown",
        ),
        (
            "one that is invented among right ones",
            [
                call_and_stay(T),
                vec![
                    event(T - 400 * DAY, "x", 0, "start_call"),
                    event(T - 400 * DAY, "x", 1, "call_accepted"),
                    event(T - 400 * DAY, "x", 2, "call_end"),
                ],
            ]
            .concat(),
            "3 without, c +0..+9 cancel, r +10..+20 leave, x 1725440000000..1725440002000 normal_end",
        ),
        (
            "a room that closes",
            vec![
                event(clock, "c", 0, "start_call"),
                stay(clock, "r", 10, "Online", "Enter"),
                closed(clock, "r", 15),
                stay(clock, "r", 20, "Online", "Enter"),
                stay(clock, "r", 25, "Offline", "Leave"),
            ],
            "0 without, c +0..- unknown, r +10..+15 room_closed, r +20..+25 leave",
        ),
    ];
    for (what, deliveries, want) in cases {
        assert_eq!(record_of(&deliveries), want, "{what}");
    }
}

#[test]
fn an_earlier_receipt_can_take_the_word_of_others_away_and_a_later_one_changes_nothing() {
    let deliveries = call_and_stay(IN_2016);
    let again = |n: usize, by_ms: i64| {
        let delivery = deliveries[n].clone();
        Delivery { received_ms: delivery.received_ms + by_ms, ..delivery }
    };
    let repeated = [&deliveries[..], &[again(0, 1_000), again(3, 300 * DAY)]].concat();
    assert_eq!(record_of(&repeated), record_of(&deliveries), "the earliest receipt speaks");
    // All of the room's were received days before: they agree with each other, and with nobody else.
    let apart = [&deliveries[..], &[again(2, -9 * DAY), again(3, -9 * DAY)]].concat();
    assert_eq!(record_of(&apart), "4 without, c 2016..2016 cancel, r 2016..2016 leave", "now nobody bears them out");
}

#[test]
fn a_room_of_thousands_under_a_wrong_clock_is_dated_when_another_bears_it_out() {
    let mut deliveries: Vec<_> = (0..1_500).map(|n| stay(IN_2016, "r", n, "Online", "Enter")).collect();
    deliveries.push(event(IN_2016, "c", 3, "cancel_call"));
    deliveries.extend((1_500..3_000).map(|n| stay(IN_2016, "r", n, "Online", "Enter")));
    with(&deliveries, |store| {
        let dump = store.read(Reader::dump).unwrap();
        assert!(told(store).starts_with("0 without, c +3..+3 cancel, r +0..- "), "{}", told(store));
        store.rebuild().unwrap();
        assert_eq!(store.read(Reader::dump).unwrap(), dump, "a rebuild gives the same");
    });
}

#[test]
fn a_record_that_was_made_under_a_wrong_clock_is_right_after_the_upgrade() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, &call_and_stay(IN_2016));
    store.close().unwrap();
    // As the version before this one left it: without what is doubted, and everything dated by its receipt.
    let projection = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().ends_with("projection-1.db"))
        .expect("a projection");
    rusqlite::Connection::open(projection)
        .unwrap()
        .execute_batch(&format!(
            "drop table doubt; update applied set made_with = 'an older version', rules = 2;
             update call set started_ms = {IN_2016}, ended_ms = {IN_2016}; update stay set entered_ms = {IN_2016}, left_ms = {IN_2016}"
        ))
        .unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    store.require_complete().unwrap();
    assert_eq!(told(&store), "0 without, c +0..+9 cancel, r +10..+20 leave");
    store.close().unwrap();
}

#[test]
fn the_senders_tell_that_the_clock_is_wrong_and_that_it_is_right_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let take = |deliveries: &[Delivery]| {
        for delivery in deliveries {
            let (done, answered) = std::sync::mpsc::channel();
            let answer = move |outcome: Result<Recorded, _>| done.send(outcome.is_ok()).unwrap();
            store.record(delivery.clone(), stored::parse(delivery), Place::Archive, answer).unwrap();
            assert!(answered.recv().unwrap(), "it is kept");
        }
    };
    let asked = |now_ms: i64| (store.clock_off_ms(now_ms), store.read(|reader| reader.clock_off_ms(now_ms)).unwrap());
    assert_eq!(asked(IN_2016), (None, None), "nobody has said anything");
    take(&call_and_stay(IN_2016)[..2]);
    assert_eq!(asked(IN_2016 + 30_000), (None, None), "one call alone says nothing of the clock");
    take(&call_and_stay(IN_2016)[2..]);
    let off = Some(IN_2016 - T);
    assert_eq!(asked(IN_2016 + 30_000), (off, off), "now two agree");
    assert_eq!(asked(T + 30_000), (None, None), "it was set: nothing was received lately by the clock as it is now");
    take(&[event(T, "d", 60, "start_call")]);
    assert_eq!(asked(T + 61_000), (None, None), "and those that come agree with it");
    store.close().unwrap();
}
