//! A search finds a text in whatever spelling it was sent and is asked for.

use super::*;
use crate::store::Error;

/// Seconds; the time of the samples.
const T: i64 = 1_760_000_000;

/// A call with these ids.
fn call(at: i64, call_id: &str, room: &str, user: &str) -> Delivery {
    let body = format!(
        r#"{{"UserId":"{user}","RoomId":"{room}","TotalNum":2,"MediaType":"video","CallType":"single","CallId":"{call_id}","Role":"caller","Event":"start_call","CallResult":"","EventTime":{at}}}"#
    );
    v1(at, "start_call", &body)
}

/// Somebody enters a room.
fn enter(at: i64, room: &str, user: &str) -> Delivery {
    let body = format!(
        r#"{{"CallbackCommand":"Live.CallbackAfterMemberStateChanged","RoomId":"{room}","EventType":"Online","EventCause":"Enter","MemberList":[{{"Member_Account":"{user}"}}],"EventTime":{}}}"#,
        at * 1_000
    );
    v2(at * 1_000, "Live.CallbackMemberStateChanged", &body)
}

/// How many calls, members, rooms, stays and deliveries a search finds, each counted in every way that there is. Of deliveries,
/// the ids of calls and of Live rooms are searched.
fn found(store: &Store, q: &str) -> [u64; 5] {
    let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
    let page = PageRequest { total: Some(true), ..PageRequest::default() };
    let read = |reader: &Reader| -> Result<[u64; 5], Error> {
        let mut members = 0;
        reader.each_member(&filter, NOW, |_| {
            members += 1;
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        let calls = reader.calls(&filter, &page, NOW)?;
        let rooms = reader.rooms(&filter, &page, NOW)?;
        let stays = reader.stays(&filter, &page, NOW)?;
        let deliveries = reader.deliveries(&filter, &page, NOW)?;
        assert_eq!(calls.total, Some(reader.count_calls(&filter, NOW)?), "{q}");
        let shown = [calls.rows.len(), rooms.rows.len(), stays.rows.len(), deliveries.rows.len()];
        let totals = [calls.total, rooms.total, stays.total, deliveries.total].map(Option::unwrap_or_default);
        assert_eq!(shown.map(|rows| u64::try_from(rows).unwrap()), totals, "{q}: what is counted is shown");
        let [calls, rooms, stays, deliveries] = totals;
        Ok([calls, members, rooms, stays, deliveries])
    };
    store.read(read).unwrap()
}

#[test]
fn a_text_is_found_in_every_spelling() {
    let spellings: [&[&str]; 6] = [
        &["Forêt", "Fore\u{302}t", "FORÊT", "Ｆｏｒｅ\u{302}ｔ"],
        &["ABC-12", "ＡＢＣ－１２", "abc-12"],
        &["ガイド", "ｶﾞｲﾄﾞ", "カ\u{3099}イト\u{3099}"],
        &["Straße", "STRASSE"],
        &["ΟΔΟΣ", "οδος"],
        &["us\u{200b}er", "user"],
    ];
    for same in spellings {
        for stored in same {
            let ids = [format!("call-{stored}-1"), format!("room-{stored}-1"), format!("by-{stored}-1")];
            let [call_id, room, user] = &ids;
            let deliveries = [
                call(T, call_id, "r", "u"),
                call(T + 1, "c2", room, "u"),
                call(T + 2, "c3", "r", user),
                call(T + 3, "other", "r", "u"),
                enter(T + 4, room, "u"),
                enter(T + 5, "r", user),
                enter(T + 6, "r2", "u"),
            ];
            with(&deliveries, |store| {
                for asked in same {
                    assert_eq!(found(store, asked), [3, 3, 2, 2, 2], "{stored:?} is found by {asked:?}");
                    assert_eq!(
                        found(store, &format!("{asked}-1")),
                        [3, 3, 2, 2, 2],
                        "{stored:?} by more than {asked:?}"
                    );
                }
                assert_eq!(found(store, "Foret"), [0; 5], "another letter is another text");
                assert_eq!(found(store, "\u{200b}"), [0; 5], "what nobody sees is not found everywhere");
                let exact = |user: &str| {
                    let filter = Filter { user: Some(user.to_owned()), ..Filter::default() };
                    store.read(|reader| reader.count_calls(&filter, NOW)).unwrap()
                };
                assert_eq!(exact(user), 1, "a filter by a user is by the id as it was sent");
                assert_eq!(exact(&user.to_uppercase()), 0, "and by no other");
            });
        }
    }
}

#[test]
fn what_many_calls_have_is_found_in_every_spelling_too() {
    let deliveries: Vec<_> =
        (0..60).map(|n| call(T + n, &format!("{n}-ｶﾞ"), "r", &format!("Fore\u{302}t-{n}"))).collect();
    with(&deliveries, |store| {
        for asked in ["ガ", "ｶﾞ", "forêt", "FORE\u{302}T", "ê", "タ"] {
            let want = if asked == "タ" { 0 } else { 60 };
            let filter = Filter { q: Some(asked.to_owned()), ..Filter::default() };
            let mut seen = 0;
            store
                .read(|reader| {
                    reader.each_call(&filter, NOW, |_| {
                        seen += 1;
                        Ok(std::ops::ControlFlow::Continue(()))
                    })
                })
                .unwrap();
            assert_eq!(seen, want, "{asked}: every row of an export");
            assert_eq!(store.read(|reader| reader.count_calls(&filter, NOW)).unwrap(), want, "{asked}: counted");
            let choices = store.read(|reader| reader.facets(&filter, NOW)).unwrap();
            assert_eq!(choices.media.iter().map(|choice| choice.rows).sum::<u64>(), want, "{asked}: by their kinds");
        }
    });
}
