//! Lists against the rows themselves: filters, pages by cursor and by number, totals, days, choices, and how SQLite goes about it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::ops::ControlFlow;

use super::*;
use crate::store::projection::counters::QUARTER_MS;
use crate::store::projection::segments;
use crate::store::query::list::List;
use crate::store::query::{calls, deliveries, rooms};
use crate::store::rows::{CallRow, Choice, Day, Days, Page, RoomRow};
use crate::store::{Error, case_fold};
use crate::traffic;
use crate::zone::Zone;

/// 2025-10-25 00:00 UTC: summer time ends in Europe on the second day.
const AUTUMN: i64 = 1_761_350_400_000;
/// While the last calls go on.
const THEN: i64 = AUTUMN + 43 * 3_600_000;
/// UTC, three quarters of an hour off it, half an hour of summer time, an hour of it, and where days begin last.
const ZONES: [&str; 7] =
    ["utc", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Pago_Pago", "+08:00", "-03:30"];

fn zone(n: usize) -> Zone {
    Zone::read(ZONES[n]).expect("a zone")
}

/// Everything that can happen, and two days of an office.
fn traffic() -> Vec<Delivery> {
    let mut deliveries = traffic::story(7);
    deliveries.extend(traffic::fortnight(7, AUTUMN, 2, 90).filter(|delivery| delivery.received_ms <= THEN));
    deliveries
}

/// Filters of every kind, alone and together.
fn filters(some: &CallRow, room: &str) -> Vec<Filter> {
    let said = |text: &str| Some(text.to_owned());
    let none = Filter::default;
    let mut filters = vec![
        none(),
        Filter { from: Some(AUTUMN + 1), ..none() },
        Filter { to: Some(AUTUMN + 30 * 3_600_000 + 123_456), ..none() },
        Filter { from: Some(AUTUMN + 9 * 3_600_000 + 7), to: Some(AUTUMN + 9 * 3_600_000 + 200_000), ..none() },
        Filter { from: Some(AUTUMN + 9 * 3_600_000), to: Some(AUTUMN + 10 * 3_600_000), ..none() },
        Filter { app: said(&some.app), ..none() },
        Filter { app: said("no such application"), ..none() },
        Filter { room: said(room), ..none() },
        Filter { room: said(&some.room_id), ..none() },
        Filter { user: said(&some.caller), ..none() },
        Filter { user: said("nobody"), ..none() },
        Filter { product: said("live"), room_id_type: said(""), ..none() },
        Filter { product: said("rtc"), ..none() },
        Filter { inside: said("yes"), ..none() },
        Filter { inside: said("yes"), product: said("live"), ..none() },
        Filter { verdict: said("ok, ignored"), ..none() },
        Filter { verdict: said("no_app,unparsable,unknown_app"), family: said("call"), ..none() },
        Filter { family: said("live"), app: said(&some.app), ..none() },
        Filter { q: said(&some.call_id[2..9].to_uppercase()), ..none() },
        Filter { q: said(&some.caller), ..none() },
        Filter { q: said("nothing has this in it"), ..none() },
        Filter { q: said("1"), from: Some(AUTUMN + 5), ..none() },
    ];
    for result in
        ["normal_end", "cancel,reject", "unknown", "ringing", "in_progress, ringing", "unknown,not_answer,ringing"]
    {
        for media in [None, said("video")] {
            filters.push(Filter { result: said(result), media: media.clone(), ..none() });
            filters.push(Filter { result: said(result), media, from: Some(AUTUMN + 77), ..none() });
        }
        filters.push(Filter { result: said(result), user: said(&some.caller), ..none() });
        filters.push(Filter { result: said(result), q: said("a"), call_type: said("single"), ..none() });
    }
    filters
}

/// What the rules say that a filter finds.
fn finds(filter: &Filter, call: &CallRow, users: &HashSet<String>) -> bool {
    let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
    let holds = |text: &str, needle: &str| text.to_lowercase().contains(&needle.to_lowercase());
    filter.from.is_none_or(|from| call.started_ms >= from)
        && filter.to.is_none_or(|to| call.started_ms < to)
        && filter.result.as_ref().is_none_or(|codes| codes.split(',').any(|code| code.trim() == call.result))
        && is(&filter.media, &call.media)
        && is(&filter.call_type, &call.call_type)
        && is(&filter.app, &call.app)
        && is(&filter.room, &call.room_id)
        && filter.user.as_ref().is_none_or(|user| users.contains(user))
        && filter.q.as_ref().is_none_or(|q| {
            holds(&call.call_id, q) || holds(&call.room_id, q) || users.iter().any(|user| holds(user, q))
        })
}

/// Walks a list by cursor, and begins at every one of its rows.
fn check_pages<T: PartialEq + Debug>(what: &str, rows: &[T], page: impl Fn(PageRequest) -> Page<T>) {
    let (mut walked, mut cursor) = (Vec::new(), None);
    loop {
        let found = page(PageRequest { limit: Some(7), cursor, ..PageRequest::default() });
        walked.extend(found.rows);
        cursor = found.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(walked, rows, "{what}: page after page gives every row once");
    let total = page(PageRequest { total: Some(true), ..PageRequest::default() }).total;
    assert_eq!(total, u64::try_from(rows.len()).ok(), "{what}: the total is exact");
    let step = 1 + rows.len() / 40;
    for at in (0..rows.len()).step_by(step).chain([rows.len(), rows.len() + 1]) {
        let request = |limit| PageRequest { at: u64::try_from(at).ok(), limit: Some(limit), ..PageRequest::default() };
        let rest = rows.get(at..).unwrap_or_default();
        let found = page(request(2));
        assert_eq!(found.rows, rest[..rest.len().min(2)], "{what}: from row {at} on");
        let next = found.next.map(|next| page(PageRequest { cursor: Some(next), ..request(1) }.without_at()).rows);
        assert_eq!(next.as_ref().and_then(|next| next.first()), rest.get(2), "{what}: and on from there");
    }
}

impl PageRequest {
    fn without_at(self) -> Self {
        Self { at: None, ..self }
    }
}

/// Days by the calendar, time by time.
fn days(times: &[i64], zone: &Zone) -> Days {
    let mut days = BTreeMap::new();
    for at in times {
        let day = zone.at(*at).expect("a time").date_naive();
        *days.entry(day).or_insert(0) += 1;
    }
    let days = days.into_iter().rev().map(|(day, rows)| Day { day: day.to_string(), rows }).collect();
    Days { total: u64::try_from(times.len()).unwrap(), days }
}

fn all<T>(each: impl FnOnce(&mut dyn FnMut(T) -> Result<ControlFlow<()>, Error>) -> Result<(), Error>) -> Vec<T> {
    let mut rows = Vec::new();
    each(&mut |row| {
        rows.push(row);
        Ok(ControlFlow::Continue(()))
    })
    .expect("the record can be read");
    rows
}

/// What the filters are made of: a call that has everything, and a room.
fn examples(reader: &Reader) -> (CallRow, String) {
    let calls = all(|visit| reader.each_call(&Filter::default(), THEN, visit));
    let call = calls.iter().find(|call| !call.caller.is_empty() && !call.room_id.is_empty()).expect("there is one");
    let rooms = all(|visit| reader.each_room(&Filter::default(), THEN, visit));
    (call.clone(), rooms[rooms.len() / 2].room_id.clone())
}

#[test]
fn calls_are_found_paged_and_counted_by_every_filter() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let (some, room) = examples(reader);
            let every = all(|visit| reader.each_call(&Filter::default(), THEN, visit));
            let mut users: HashMap<String, HashSet<String>> = HashMap::new();
            for member in all(|visit| reader.each_member(&Filter::default(), THEN, visit)) {
                users.entry(member.call_id).or_default().insert(member.user);
            }
            let nobody = HashSet::new();
            let found = |filter: &Filter| -> Vec<CallRow> {
                let users = |call: &CallRow| users.get(&call.call_id).unwrap_or(&nobody);
                every.iter().filter(|call| finds(filter, call, users(call))).cloned().collect()
            };
            for filter in filters(&some, &room) {
                let (what, rows) = (format!("{filter:?}"), found(&filter));
                if filter.product.is_none() && filter.verdict.is_none() && filter.family.is_none() {
                    check_pages(&what, &rows, |page| reader.calls(&filter, &page, THEN).expect("a page"));
                }
                for (n, zone) in (0..ZONES.len()).map(zone).enumerate() {
                    let times: Vec<i64> = rows.iter().map(|row| row.started_ms).collect();
                    assert_eq!(reader.days_of_calls(&filter, &zone, THEN)?, days(&times, &zone), "{what} {n}: days");
                }
                let choices = |without: Filter, code: fn(&CallRow) -> &str| -> Vec<Choice> {
                    let mut counted = BTreeMap::new();
                    found(&without).iter().for_each(|row| *counted.entry(code(row).to_owned()).or_insert(0) += 1);
                    counted.into_iter().map(|(code, rows)| Choice { code, rows }).collect()
                };
                let facets = reader.facets(&filter, THEN)?;
                let results = choices(Filter { result: None, ..filter.clone() }, |row| &row.result);
                assert_eq!(facets.result, results, "{what}: results");
                let media = choices(Filter { media: None, ..filter.clone() }, |row| &row.media);
                assert_eq!(facets.media, media, "{what}: media");
                let types = choices(Filter { call_type: None, ..filter.clone() }, |row| &row.call_type);
                assert_eq!(facets.call_type, types, "{what}: types");
                let apps = choices(Filter { app: None, ..filter.clone() }, |row| &row.app);
                assert_eq!(facets.app, apps, "{what}: applications");
            }
            Ok(())
        })
    })
    .unwrap();
}

#[test]
fn rooms_stays_and_deliveries_are_paged_and_counted_by_every_filter() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let (some, room) = examples(reader);
            let times_of = |sql: &str| -> Vec<i64> {
                let mut statement = reader.connection().prepare(sql).unwrap();
                statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            };
            let same = |filter: &Filter| *filter == Filter::default();
            for filter in filters(&some, &room) {
                let what = format!("{filter:?}");
                let rows = all(|visit| reader.each_room(&filter, THEN, visit));
                let times: Vec<i64> = rows.iter().map(|row| row.first_ms).collect();
                check_pages(&what, &rows, |page| reader.rooms(&filter, &page, THEN).expect("a page"));
                assert_eq!(reader.days_of_rooms(&filter, &zone(1), THEN)?, days(&times, &zone(1)), "{what}: rooms");
                let rows = all(|visit| reader.each_stay(&filter, THEN, visit));
                check_pages(&what, &rows, |page| reader.stays(&filter, &page, THEN).expect("a page"));
                let rows = all(|visit| reader.each_delivery(&filter, THEN, visit));
                let times: Vec<i64> = rows.iter().map(|row| row.received_ms).collect();
                check_pages(&what, &rows, |page| reader.deliveries(&filter, &page, THEN).expect("a page"));
                let found = reader.days_of_deliveries(&filter, &zone(3), THEN)?;
                assert_eq!(found, days(&times, &zone(3)), "{what}: deliveries");
                if same(&filter) {
                    let times = times_of("select sort_ms from stay");
                    let found = reader.days_of_stays(&filter, &zone(2), THEN)?;
                    assert_eq!(found, days(&times, &zone(2)), "{what}: stays");
                }
            }
            let counted = reader.overview()?;
            let rows = [counted.calls, counted.rooms, counted.deliveries];
            let count = |table: &str| u64::try_from(times_of(&format!("select count(*) from {table}"))[0]).unwrap();
            assert_eq!(rows, ["call", "room", "delivery"].map(count), "the overview knows without counting");
            Ok(())
        })
    })
    .unwrap();
}

/// What a search looks through, against the rows: the ids of calls and of their rooms, and users.
pub(super) fn check_segments(reader: &Reader) {
    let connection = reader.connection();
    assert!(segments::differing(connection).unwrap().is_empty(), "each segment is what packing it anew gives");
    for (table, texts) in [
        ("call_segment", "select call_no, call_id from call union all select call_no, coalesce(room_id, '') from call"),
        ("user_segment", "select user_no, user from user union all select user_no, name from contact"),
        ("note_segment", "select note_no, text from note"),
    ] {
        let mut expected: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        let mut statement = connection.prepare(texts).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let (number, text): (i64, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            if !text.is_empty() {
                expected.entry(number / segments::ROWS).or_default().insert(case_fold::fold(&text));
            }
        }
        let packed = segments::unpacked(connection, table).unwrap();
        let packed = packed.into_iter().map(|(segment, texts)| (segment, texts.expect("it is short enough")));
        let packed: BTreeMap<_, _> = packed.filter(|(_, texts)| !texts.is_empty()).collect();
        assert_eq!(packed, expected, "{table}: each segment holds what its rows are called, and nothing else");
    }
}

/// Plain counting of what the counters know.
pub(super) fn check_counters(reader: &Reader) {
    let counted = |statement: &str| -> BTreeMap<(String, i64), i64> {
        let mut statement = reader.connection().prepare(statement).unwrap();
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for (unit, quarters) in [(0, 1), (1, 96), (2, 32 * 96)] {
        let ms = quarters * QUARTER_MS;
        let expected = counted(&format!(
            "select list || '|' || kind, at / {ms} - (at % {ms} < 0), count(*) from (
                 select 'call' as list, result || '|' || media || '|' || call_type || '|' || app as kind, started_ms as at
                     from call_natural
                 union all select 'outcome', verdict || '|' || family || '|' || app || '|', received_ms from outcome_natural
                 union all select 'room', product || '|' || room_id_type || '|' || app || '|', first_ms from room_natural
                 union all select 'person', team || '|' || ours || '||', seen_ms from person_natural
                 union all select 'case', kind_0 || '|' || kind_1 || '|' || kind_2 || '|', last_ms from follow_up join kind using (kind_no)
                 union all select 'stay', product || '|' || room_id_type || '|' || app || '|', sort_ms from stay_natural
             ) group by 1, 2"
        ));
        let known = counted(&format!(
            "select list || '|' || kind_0 || '|' || kind_1 || '|' || kind_2 || '|' || kind_3, number, rows
             from counter join kind using (kind_no) where unit = {unit}"
        ));
        assert_eq!(known, expected, "the counters of unit {unit} are what counting gives");
    }
}

#[test]
fn counters_are_what_counting_gives() {
    with(&traffic(), |store| {
        let check = |reader: &Reader| Ok((check_counters(reader), check_segments(reader)));
        store.read(check).unwrap();
        store.rebuild().unwrap();
        store.read(check).unwrap();
    });
}

#[test]
fn a_search_in_deliveries_finds_what_looking_at_each_of_them_finds() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let (some, _) = examples(reader);
            let every = all(|visit| reader.each_delivery(&Filter::default(), THEN, visit));
            let said = |text: &str| Some(text.to_owned());
            let newest = &every[0].call_id;
            let unparsable = every.iter().find(|row| row.verdict == "unparsable").expect("the story has one");
            let needles =
                [&some.call_id, &some.call_id[3..8].to_uppercase(), newest, &some.room_id, &unparsable.command];
            let more = ["nothing has this in it", "1", "callback", "LIVE.", "\u{e9}", "%", "\u{ff}", "call-1\u{0}"];
            let (mut few, mut many, mut of_kind) = (0, 0, 0);
            for q in needles.into_iter().map(String::as_str).chain(more).filter(|q| !q.is_empty()) {
                let none = Filter { q: said(q), ..Filter::default() };
                for filter in [
                    none.clone(),
                    Filter {
                        from: Some(AUTUMN + 9 * 3_600_000),
                        to: Some(AUTUMN + 12 * 3_600_000 + 1),
                        ..none.clone()
                    },
                    Filter { verdict: said("applied"), family: said("call"), ..none.clone() },
                    Filter { app: said(&some.app), ..none.clone() },
                    Filter { room: said(&some.room_id), ..none },
                ] {
                    let is =
                        |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
                    let holds = |text: &str| text.to_lowercase().contains(&q.to_lowercase());
                    let expected = every.iter().filter(|row| {
                        (holds(&row.call_id) || holds(&row.room_id) || holds(&row.command))
                            && filter.from.is_none_or(|from| row.received_ms >= from)
                            && filter.to.is_none_or(|to| row.received_ms < to)
                            && is(&filter.verdict, &row.verdict)
                            && is(&filter.family, &row.family)
                            && is(&filter.app, &row.app)
                            && is(&filter.room, &row.room_id)
                    });
                    let expected: Vec<_> = expected.cloned().collect();
                    let found = all(|visit| reader.each_delivery(&filter, THEN, visit));
                    assert_eq!(found, expected, "{filter:?}");
                    assert_eq!(reader.count_deliveries(&filter)?, u64::try_from(found.len()).unwrap(), "{filter:?}");
                    of_kind += if filter.verdict.is_some() { found.len() } else { 0 };
                    *(if found.len() > 20 { &mut many } else { &mut few }) += found.len();
                }
            }
            assert!(few > 10 && many > 100, "there are searches that find few ({few}) and many ({many})");
            assert!(of_kind > 10, "a search among one kind finds some: {of_kind}");
            Ok(())
        })
    })
    .unwrap();
}

#[test]
fn long_ids_are_found_and_not_written_over_and_over() {
    let call = |id: &str| {
        let body = format!(
            r#"{{"CallbackCommand":"Call.CallbackAfterStartCall","CallInfo":{{"CallId":"{id}"}},"EventTime":{AUTUMN}}}"#
        );
        v2(AUTUMN, "Call.CallbackAfterStartCall", &body)
    };
    let long = "x".repeat(20_000);
    let half: Vec<String> = (10..20).map(|n| format!("{n}{}", "y".repeat(2_000))).collect();
    for (what, ids) in [("one that is too long", vec![long]), ("many that are", half)] {
        let deliveries: Vec<Delivery> =
            ids.iter().map(|id| call(&format!("{id}-end"))).chain([call("short")]).collect();
        with(&deliveries, |store| {
            store.read(|reader| {
                let texts: Vec<_> = segments::unpacked(reader.connection(), "call_segment")?.into_values().collect();
                assert_eq!(texts, [None], "{what}: nothing of it is packed");
                for (q, rows) in [("y-END", ids.len()), ("x-end", ids.len()), ("short", 1), ("nothing", 0)] {
                    let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
                    let found = all(|visit| reader.each_delivery(&filter, THEN, visit)).len();
                    let is_of_others = q.starts_with(['x', 'y']) && !ids[0].ends_with(&q[..1]);
                    assert_eq!(found, if is_of_others { 0 } else { rows }, "{what}: {q}");
                }
                Ok(())
            })
        })
        .unwrap();
    }
}

/// Each part of a list is read in the order of an index. What is few is sorted: calls that were heard of lately or were found by
/// a search, the rooms of a user, the stays of a room. (Sorting a right part or the last term is sorting what is of one time.)
#[test]
fn an_index_keeps_the_order_of_every_list() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let (some, room) = examples(reader);
            let connection = reader.connection();
            for filter in filters(&some, &room) {
                let lists = [
                    ("calls", calls::list(connection, &filter, THEN)?),
                    ("rooms", rooms::list(connection, &filter, THEN)?),
                    ("stays", rooms::stays(connection, &filter)?),
                    ("deliveries", deliveries::list(connection, &filter)?),
                ];
                for (name, list) in lists {
                    let results = filter.result.as_deref().unwrap_or_default();
                    let few = match name {
                        "calls" if filter.user.is_some() || filter.room.is_some() => false,
                        "calls" => filter.q.is_some() || results.contains("ringing") && !results.contains("unknown"),
                        "rooms" => filter.user.is_some() || filter.room.is_some() || filter.inside.is_some(),
                        "stays" => filter.room.is_some(),
                        "deliveries" => filter.q.is_some(),
                        _ => false,
                    };
                    let plan = list.plan(connection)?;
                    let sorts = plan.iter().any(|line| line == "USE TEMP B-TREE FOR ORDER BY");
                    assert!(few || !sorts, "{name} {filter:?}: {plan:#?}");
                    // What a subquery reads has lines of its own.
                    let is_scan = |line: &&String| line.starts_with("SCAN") && !line.starts_with("SCAN (subquery");
                    let scans = plan.iter().find(|line| is_scan(line) && !line.contains("INDEX"));
                    assert_eq!(scans, None, "{name} {filter:?}: {plan:#?}");
                }
            }
            Ok(())
        })
    })
    .unwrap();
}

#[test]
fn a_page_deep_in_a_list_begins_as_soon_as_the_first() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let (connection, filter) = (reader.connection(), Filter::default());
            let last = |total: u64| PageRequest { at: Some(total - 2), limit: Some(1), ..PageRequest::default() };
            let check = |name, list: &dyn Fn() -> Result<List, Error>, cursor: Option<String>| {
                assert!(cursor.is_some(), "{name}: a page before the last row names the next");
                let (first, deep) = (list()?.steps(connection, None)?, list()?.steps(connection, cursor.as_deref())?);
                assert!(deep < 4 * first, "{name}: {deep} steps to the last row, {first} to the first");
                Ok::<_, Error>(())
            };
            let next = reader.calls(&filter, &last(reader.count_calls(&filter, THEN)?), THEN)?.next;
            check("calls", &|| calls::list(connection, &filter, THEN), next)?;
            let next = reader.rooms(&filter, &last(reader.count_rooms(&filter, THEN)?), THEN)?.next;
            check("rooms", &|| rooms::list(connection, &filter, THEN), next)?;
            let next = reader.stays(&filter, &last(reader.count_stays(&filter)?), THEN)?.next;
            check("stays", &|| rooms::stays(connection, &filter), next)?;
            let next = reader.deliveries(&filter, &last(reader.count_deliveries(&filter)?), THEN)?.next;
            check("deliveries", &|| deliveries::list(connection, &filter), next)?;
            Ok(())
        })
    })
    .unwrap();
}

/// Whenever it is asked: what goes on is judged by the moment in which it is read.
#[test]
fn rooms_with_somebody_inside_are_those_that_count_somebody() {
    with(&traffic(), |store| {
        store.read(|reader| {
            let inside = |user: Option<&str>| Filter {
                inside: Some("yes".to_owned()),
                user: user.map(str::to_owned),
                ..Filter::default()
            };
            let key = |room: &RoomRow| (room.app.clone(), room.product.clone(), room.room_id.clone());
            let (mut some, mut none) = (0, 0);
            for now in (0..16).map(|n| AUTUMN + n * 6 * 3_600_000).chain([THEN]) {
                let rooms: Vec<RoomRow> = all(|visit| reader.each_room(&Filter::default(), now, visit));
                let want: Vec<_> = rooms.iter().filter(|room| room.inside > 0).map(key).collect();
                let found: Vec<RoomRow> = all(|visit| reader.each_room(&inside(None), now, visit));
                assert_eq!(found.iter().map(key).collect::<Vec<_>>(), want, "at {now}");
                assert_eq!(reader.count_rooms(&inside(None), now)?, u64::try_from(want.len()).unwrap(), "at {now}");
                if want.is_empty() {
                    none += 1
                } else {
                    some += 1
                }
                let Some(owner) = rooms.iter().map(|room| &room.owner).find(|owner| !owner.is_empty()) else {
                    continue;
                };
                let theirs: Vec<RoomRow> = all(|visit| reader.each_room(&inside(Some(owner)), now, visit));
                assert!(theirs.iter().all(|room| want.contains(&key(room))), "of one user at {now}");
            }
            assert!(some > 2 && none > 0, "rooms that go on, and none any more: {some}, {none}");
            Ok(())
        })
    })
    .unwrap();
}
