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
/// And so many more for each request that gave something: a week is halved 20 times until single seconds are left, and each time
/// what was given already may come again, with a page behind it that gives nothing.
const AGAIN: u32 = 2 * 20;

/// Reads a period: [`Pages::next`] says what to ask, [`Pages::take`] is given the answer.
#[derive(Debug)]
pub(super) struct Pages {
    /// Windows that were not read yet; the last one is the next.
    waiting: Vec<Window>,
    reading: Option<Reading>,
    /// What was handed out, by what it says: pages may repeat, and windows are read again when they are halved.
    given: HashSet<[u8; 32]>,
    requests: u32,
    /// Of these, those that gave something new.
    fruitful: u32,
    /// And those since the last of them.
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
    /// The most that any of its pages counted: a later one may say that there is nothing, which is no reason to believe it.
    total: u64,
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
        Self {
            waiting,
            reading: None,
            given: HashSet::new(),
            requests: 0,
            fruitful: 0,
            in_vain: 0,
            withheld: 0,
            whole: Vec::new(),
        }
    }

    /// What to ask next; `None` when there is nothing more, or when it would be too much.
    pub(super) fn next(&mut self) -> Option<RecordFilter> {
        let most_in_vain = MOST_IN_VAIN.saturating_add(AGAIN.saturating_mul(self.fruitful));
        if self.requests == MOST_REQUESTS || self.in_vain >= most_in_vain {
            return None;
        }
        let begin = |window| Reading { window, page: 1, total: 0, seen: HashSet::new() };
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
        reading.total = reading.total.max(u64::try_from(page.total).unwrap_or(0));
        let mut new = Vec::new();
        for record in page.records {
            let says = <[u8; 32]>::from(Sha256::digest(record.fields.to_string()));
            reading.seen.insert(says);
            if self.given.insert(says) {
                new.push(record);
            }
        }
        if new.is_empty() {
            self.in_vain += 1;
        } else {
            (self.fruitful, self.in_vain) = (self.fruitful + 1, 0);
        }
        match reading.stand(is_empty, reading.seen.len() > before) {
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
    fn halve(&mut self, window: Window, missing: u64) {
        if !window.can_be_halved() {
            self.withheld += missing;
            return;
        }
        let Window { from_s, to_s } = window;
        let middle = from_s + (to_s - from_s) / 2;
        self.waiting.push(Window { from_s, to_s: middle });
        self.waiting.push(Window { from_s: middle + 1, to_s });
    }
}

impl Window {
    fn can_be_halved(self) -> bool {
        self.from_s < self.to_s
    }
}

impl Reading {
    fn stand(&self, is_empty: bool, is_further: bool) -> Stand {
        let seen = u64::try_from(self.seen.len()).unwrap_or(u64::MAX);
        let missing = self.total.saturating_sub(seen);
        // A single second is read for as long as its pages give something.
        let has_more_pages = self.page < MOST_PAGES || !self.window.can_be_halved();
        match (missing, is_empty) {
            // Nothing behind the last page, and nothing is missing; or as many as there are, where that is told.
            (0, true) => Stand::Whole,
            (0, false) if self.total > 0 => Stand::Whole,
            (_, false) if is_further && has_more_pages => Stand::More,
            // At least one more may be there where a page is repeated and no number is told.
            _ => Stand::CutOff(missing.max(1)),
        }
    }
}

#[cfg(test)]
mod tests;
