//! Which pages are asked for, until everything of a period was read; pure. No page of Tencent's says how many records a page may
//! have, in which order they are, or how many pages can be asked for, so nothing of that is relied on.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use crate::tencent::records::{CallRecord, RecordFilter, RecordPage};

/// Records of a page that are asked for: the default of v1 (page 60136). Where fewer come, more pages are asked for.
const PER_PAGE: u32 = 100;
/// Pages of one window; where there are more, it is halved.
const MOST_PAGES: u32 = 50;
/// Requests for one period.
const MOST_REQUESTS: u32 = 20_000;
/// Requests after each other that give nothing new: a server answers the same whatever it is asked.
const MOST_IN_VAIN: u32 = 300;

/// Reads a period: [`Pages::next`] says what to ask, [`Pages::take`] is given the answer.
#[derive(Debug)]
pub(super) struct Pages {
    /// Windows that were not read yet; the last one is the next.
    waiting: Vec<Window>,
    reading: Option<Reading>,
    /// What was handed out, by what it says: pages may repeat, and windows are read again when they are halved.
    given: HashSet<[u8; 32]>,
    requests: u32,
    /// Of these, those since something new was given.
    in_vain: u32,
    /// Records that Tencent counts and did not give.
    withheld: u64,
    /// Windows that were read to the end since somebody asked.
    whole: Vec<Whole>,
}

/// A window of which everything was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    /// Its beginning, Unix seconds.
    pub(super) from_s: i64,
    /// Its last second.
    pub(super) to_s: i64,
    /// How many records it has.
    pub(super) records: u64,
}

/// Both ends belong to it, Unix seconds.
#[derive(Clone, Copy, Debug)]
struct Window {
    from_s: i64,
    to_s: i64,
}

#[derive(Debug)]
struct Reading {
    window: Window,
    page: u32,
    seen: HashSet<[u8; 32]>,
}

/// How a window stands after one of its pages.
enum Stand {
    /// Everything that is counted was seen.
    Whole,
    /// There are more pages.
    More,
    /// So many are counted that no page gave.
    CutOff(u64),
}

impl Pages {
    /// Of everything that began in this period, Unix seconds.
    pub(super) fn of(from_s: i64, to_s: i64) -> Self {
        let waiting = if from_s <= to_s { vec![Window { from_s, to_s }] } else { Vec::new() };
        Self { waiting, reading: None, given: HashSet::new(), requests: 0, in_vain: 0, withheld: 0, whole: Vec::new() }
    }

    /// What to ask next; `None` when there is nothing more, or when it would be too much.
    pub(super) fn next(&mut self) -> Option<RecordFilter> {
        if self.requests == MOST_REQUESTS || self.in_vain == MOST_IN_VAIN {
            return None;
        }
        let begin = |window| Reading { window, page: 1, seen: HashSet::new() };
        let reading = self.reading.take().or_else(|| self.waiting.pop().map(begin))?;
        let Window { from_s, to_s } = reading.window;
        let filter = RecordFilter { from_s, to_s: Some(to_s), page: reading.page, per_page: PER_PAGE };
        self.reading = Some(reading);
        self.requests += 1;
        Some(filter)
    }

    /// Takes the answer; gives the records that were not given before.
    pub(super) fn take(&mut self, page: RecordPage) -> Vec<CallRecord> {
        let Some(mut reading) = self.reading.take() else { return Vec::new() };
        let before = reading.seen.len();
        let is_empty = page.records.is_empty();
        let mut new = Vec::new();
        for record in page.records {
            let says = <[u8; 32]>::from(Sha256::digest(record.fields.to_string()));
            reading.seen.insert(says);
            if self.given.insert(says) {
                new.push(record);
            }
        }
        self.in_vain = if new.is_empty() { self.in_vain + 1 } else { 0 };
        match reading.stand(u64::try_from(page.total).unwrap_or(0), is_empty, reading.seen.len() > before) {
            Stand::Whole => {
                let Window { from_s, to_s } = reading.window;
                let records = u64::try_from(reading.seen.len()).unwrap_or(u64::MAX);
                self.whole.push(Whole { from_s, to_s, records });
            }
            Stand::More => self.reading = Some(Reading { page: reading.page + 1, ..reading }),
            Stand::CutOff(missing) => self.halve(reading.window, missing),
        }
        new
    }

    /// Windows that were read to the end since this was asked last.
    pub(super) fn take_whole(&mut self) -> Vec<Whole> {
        std::mem::take(&mut self.whole)
    }

    /// Whether everything of the period was read.
    pub(super) fn is_complete(&self) -> bool {
        self.withheld == 0 && self.reading.is_none() && self.waiting.is_empty()
    }

    /// The newer half is read first. What a single second has can be asked for in no other way.
    fn halve(&mut self, Window { from_s, to_s }: Window, missing: u64) {
        if from_s == to_s {
            self.withheld += missing;
            return;
        }
        let middle = from_s + (to_s - from_s) / 2;
        self.waiting.push(Window { from_s, to_s: middle });
        self.waiting.push(Window { from_s: middle + 1, to_s });
    }
}

impl Reading {
    fn stand(&self, total: u64, is_empty: bool, is_further: bool) -> Stand {
        let seen = u64::try_from(self.seen.len()).unwrap_or(u64::MAX);
        let missing = total.saturating_sub(seen);
        match (missing, is_empty) {
            // Nothing behind the last page, and nothing is missing; or as many as there are, where that is told.
            (0, true) => Stand::Whole,
            (0, false) if total > 0 => Stand::Whole,
            (_, false) if is_further && self.page < MOST_PAGES => Stand::More,
            // At least one more may be there where a page is repeated and no number is told.
            _ => Stand::CutOff(missing.max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

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

    #[test]
    fn nothing_takes_one_request_and_a_week_as_many_as_it_has_pages() {
        let server = |n| Server { records: records(0..n), largest_page: 100, most_pages: 1_000, tells_total: true };
        for (n, requests) in [(0, 1), (1, 1), (100, 1), (101, 2), (4_999, 50)] {
            let (ids, asked, is_complete) = read(&mut Pages::of(0, 604_800), |filter| server(n).answer(filter));
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
        let (ids, requests, is_complete) = read(&mut Pages::of(0, 604_800), first);
        assert_eq!(ids.len(), 5, "what came is taken");
        assert!(!is_complete && requests <= MOST_IN_VAIN + 1, "and it is said that there is more: {requests}");
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
}
