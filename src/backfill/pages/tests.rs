//! Servers that have their own ideas of pages, read to their ends.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const WEEK_S: i64 = 604_800;

/// A server with records, each of a second, and its own ideas of pages.
struct Server {
    records: Vec<(i64, String)>,
    largest_page: usize,
    most_pages: usize,
    tells_total: bool,
}

impl Server {
    fn answer(&self, filter: RecordFilter) -> RecordPage {
        let to_s = filter.to_s.unwrap_or(i64::MAX);
        let found: Vec<_> = self.records.iter().filter(|(at, _)| (filter.from_s..=to_s).contains(at)).collect();
        let size = usize::try_from(filter.per_page).expect("a size").min(self.largest_page);
        let page = usize::try_from(filter.page).expect("a page") - 1;
        let shown = found.chunks(size).nth(page).filter(|_| page < self.most_pages).unwrap_or_default();
        let total = if self.tells_total { i64::try_from(found.len()).expect("a number") } else { 0 };
        let record = |(at, id): &&(i64, String)| CallRecord {
            call_id: id.clone(),
            fields: json!({ "CallId": id, "StartTime": at }),
        };
        RecordPage { total, records: shown.iter().map(record).collect() }
    }
}

/// What was read, how many requests that took, and whether it is complete.
fn read(pages: &mut Pages, mut answer: impl FnMut(RecordFilter) -> RecordPage) -> (Vec<String>, u32, bool) {
    let mut ids = Vec::new();
    while let Some(filter) = pages.next() {
        ids.extend(pages.take(answer(filter)).into_iter().map(|record| record.call_id));
    }
    (ids, pages.requests, pages.is_complete())
}

fn records(ats: impl IntoIterator<Item = i64>) -> Vec<(i64, String)> {
    ats.into_iter().enumerate().map(|(i, at)| (at, format!("call-{i}"))).collect()
}

/// So many records in so many seconds of a week, one second after the other.
fn crowded(n: i64, from_s: i64, seconds: i64) -> Vec<(i64, String)> {
    records((0..n).map(|i| from_s + i % seconds))
}

proptest! {
    #[test]
    fn each_record_is_read_once_whatever_a_page_may_hold(
        ats in prop::collection::vec(0_i64..5_000, 0..400),
        largest_page in 1_usize..150,
        most_pages in 20_usize..80,
        tells_total: bool,
    ) {
        let server = Server { records: records(ats), largest_page, most_pages, tells_total };
        let (ids, _, is_complete) = read(&mut Pages::of(0, 5_000), |filter| server.answer(filter));
        let all: BTreeSet<_> = server.records.iter().map(|(_, id)| id.clone()).collect();
        prop_assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "none twice");
        // Without a number, pages that end too early look like the last ones.
        if tells_total || server.records.len() <= largest_page * most_pages {
            prop_assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), all);
            prop_assert!(is_complete);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_crowded_into_a_short_time_is_read_to_its_end(
        n in 5_001_i64..8_000,
        from_s in 0_i64..600_000,
        seconds in 600_i64..4_000,
        largest_page in 20_usize..100,
        most_pages in 10_usize..80,
    ) {
        let server = Server { records: crowded(n, from_s, seconds), largest_page, most_pages, tells_total: true };
        let (ids, _, is_complete) = read(&mut Pages::of(0, WEEK_S), |filter| server.answer(filter));
        prop_assert_eq!(ids.len(), server.records.len());
        prop_assert!(is_complete);
    }
}

#[test]
fn eight_thousand_calls_of_one_hour_are_read_whatever_a_window_may_hold() {
    for (largest_page, most_pages, tells_total) in
        [(100, 1_000, true), (50, 100, true), (50, 50, true), (50, 10, true), (100, 1, true), (50, 1_000, false)]
    {
        let server = Server { records: crowded(8_000, WEEK_S - 3_600, 3_600), largest_page, most_pages, tells_total };
        let (ids, requests, is_complete) = read(&mut Pages::of(0, WEEK_S), |filter| server.answer(filter));
        let what = format!("{most_pages} pages of {largest_page}");
        assert_eq!((ids.len(), is_complete), (8_000, true), "{what}");
        assert!(requests < 1_000, "{what}: {requests}");
    }
}

#[test]
fn nothing_takes_one_request_and_a_week_as_many_as_it_has_pages() {
    let server = |n| Server { records: records(0..n), largest_page: 100, most_pages: 1_000, tells_total: true };
    for (n, requests) in [(0, 1), (1, 1), (100, 1), (101, 2), (4_999, 50)] {
        let (ids, asked, is_complete) = read(&mut Pages::of(0, WEEK_S), |filter| server(n).answer(filter));
        assert_eq!((ids.len(), asked, is_complete), (usize::try_from(n).expect("a number"), requests, true), "{n}");
    }
}

#[test]
fn a_period_that_is_none_asks_nothing() {
    let (ids, requests, is_complete) = read(&mut Pages::of(10, 9), |_| panic!("nobody is asked"));
    assert_eq!((ids.len(), requests, is_complete), (0, 0, true));
}

#[test]
fn one_page_whatever_is_asked_is_not_taken_for_everything() {
    let server = Server { records: records(0..5), largest_page: 100, most_pages: 100, tells_total: true };
    let first = |_| {
        let filter = RecordFilter { from_s: 0, to_s: None, page: 1, per_page: 100 };
        RecordPage { total: 9, ..server.answer(filter) }
    };
    let (ids, requests, is_complete) = read(&mut Pages::of(0, WEEK_S), first);
    assert_eq!(ids.len(), 5, "what came is taken");
    assert!(!is_complete && requests <= MOST_IN_VAIN + AGAIN + 1, "and it is said that there is more: {requests}");
}

#[test]
fn a_server_that_does_not_look_at_the_time_is_not_asked_for_ever() {
    let server = Server { records: records(0..300), largest_page: 5, most_pages: 1_000, tells_total: true };
    let whenever = |filter: RecordFilter| server.answer(RecordFilter { from_s: 0, to_s: None, ..filter });
    let (ids, requests, is_complete) = read(&mut Pages::of(0, WEEK_S), whenever);
    assert!(!is_complete, "{} were given", ids.len());
    assert!(requests < 4_000, "as many as what it gave deserves: {requests}");
}

#[test]
fn a_list_that_ends_before_its_own_number_is_not_whole() {
    let broken = |server: &Server, filter: RecordFilter| {
        if filter.page > 1 { RecordPage::default() } else { server.answer(filter) }
    };
    let server = Server { records: records(0..300), largest_page: 100, most_pages: 100, tells_total: true };
    let (ids, _, is_complete) = read(&mut Pages::of(0, WEEK_S), |filter| broken(&server, filter));
    assert_eq!((ids.len(), is_complete), (300, true), "the first page of each half has the rest");

    let server = Server { records: records([7; 30]), largest_page: 10, most_pages: 100, tells_total: true };
    let mut pages = Pages::of(0, 15);
    let (ids, _, is_complete) = read(&mut pages, |filter| broken(&server, filter));
    assert_eq!((ids.len(), pages.withheld, is_complete), (10, 20, false), "a second has no halves");
    assert!(pages.take_whole().iter().all(|whole| !(whole.from_s..=whole.to_s).contains(&7)), "and is not whole");
}

#[test]
fn a_second_with_more_than_is_given_is_told() {
    let server = Server { records: records([7; 30]), largest_page: 10, most_pages: 1, tells_total: true };
    let mut pages = Pages::of(0, 15);
    let (ids, _, is_complete) = read(&mut pages, |filter| server.answer(filter));
    assert_eq!((ids.len(), pages.withheld, is_complete), (10, 20, false));
}

#[test]
fn two_contents_of_one_call_are_two_records_and_a_shrinking_list_is_read_to_its_end() {
    let record =
        |id: &str, talk: u32| CallRecord { call_id: id.to_owned(), fields: json!({ "CallId": id, "talk": talk }) };
    let mut answers = vec![
        RecordPage { total: 1, records: Vec::new() },
        RecordPage { total: 4, records: vec![record("a", 1), record("a", 2), record("b", 1)] },
    ];
    // The fourth has left Tencent meanwhile: the second page is empty. Its window is read again, and has it no more.
    let mut pages = Pages::of(0, 1);
    let (ids, _, is_complete) = read(&mut pages, |_| answers.pop().unwrap_or_default());
    assert_eq!(ids, ["a", "a", "b"]);
    assert!(is_complete);
}
