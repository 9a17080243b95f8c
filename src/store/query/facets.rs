//! How many calls each choice of a filter would give: all four choices from one count by kind of call.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::counters::{self, QUARTER_MS, Unit};
use crate::store::projection::numbers::{self, Kind, Listed, kind_of};
use crate::store::query::calls::{self, kinds, open, search};
use crate::store::query::list::{List, count};
use crate::store::rows::{Choice, Facets};

/// The choices of a filter; each leaves its own restriction out.
pub(crate) fn facets(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
    let counted = counted(connection, filter, now_ms)?;
    let facet = |chosen: usize| {
        let mut choices: BTreeMap<&str, u64> = BTreeMap::new();
        for (kind, rows) in &counted.0 {
            if (0..kind.len()).all(|n| n == chosen || kinds::lets_through(filter, n, &kind[n])) {
                *choices.entry(&kind[chosen]).or_default() += rows;
            }
        }
        choices.into_iter().map(|(code, rows)| Choice { code: code.to_owned(), rows }).collect()
    };
    Ok(Facets { result: facet(0), media: facet(1), call_type: facet(2), app: facet(3) })
}

/// How many calls there are of each kind; kinds are few.
#[derive(Default)]
struct Kinds(Vec<(Kind, u64)>);

impl Kinds {
    fn add(&mut self, kind: [&str; 4], rows: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += rows,
            None => self.0.push((kind.map(str::to_owned), rows)),
        }
    }
}

/// The calls that a filter would find without these four choices, by result, media, type and application.
fn counted(connection: &Connection, filter: &Filter, now_ms: i64) -> Result<Kinds, Error> {
    let without = Filter { result: None, media: None, call_type: None, app: None, ..filter.clone() };
    let mut kinds = Kinds::default();
    if let Some(user) = calls::only_user(&without) {
        kinds::count_of_user(connection, &without, user, now_ms, |kind, rows| kinds.add(kind, rows))?;
        return Ok(kinds);
    }
    let wanted = search::wanted(connection, &without)?;
    if let Some(only) = search::only(&without, &wanted) {
        calls::each_found(connection, &without, only, now_ms, |_, kind| kinds.add(kind, 1))?;
    } else {
        of_all(connection, &without, now_ms, &mut kinds)?;
    }
    Ok(kinds)
}

fn of_all(connection: &Connection, filter: &Filter, now_ms: i64, kinds: &mut Kinds) -> Result<(), Error> {
    let list = calls::list(connection, filter, now_ms)?;
    let window = list.window();
    if !list.is_known() {
        return by_kind(connection, list, &window, now_ms, kinds);
    }
    let whole = count::whole_quarters(&window);
    let ended: BTreeMap<i64, Kind> =
        numbers::kinds(connection, Listed::Call, |kind| !kind[0].is_empty())?.into_iter().collect();
    let numbers: Vec<i64> = ended.keys().copied().collect();
    counters::each(connection, &numbers, Unit::Span, &whole, &mut |kind_no, _, rows| {
        if let Some(kind) = ended.get(&kind_no) {
            kinds.add(kind.each_ref().map(String::as_str), rows);
        }
    })?;
    for edge in count::edges(&window, &whole) {
        by_kind(connection, calls::list(connection, filter, now_ms)?, &edge, now_ms, kinds)?;
    }
    // What an open call is depends on the clock, so those are counted.
    let within = whole.start.saturating_mul(QUARTER_MS)..whole.end.saturating_mul(QUARTER_MS);
    by_kind(connection, calls::open(within.start, within.end), &within, now_ms, kinds)
}

fn by_kind(
    connection: &Connection,
    mut list: List,
    window: &Range<i64>,
    now_ms: i64,
    kinds: &mut Kinds,
) -> Result<(), Error> {
    let now = list.bind(now_ms);
    let result = open::open_result(&now);
    let values = |_: &_| {
        format!("case kind.kind_0 when '' then {result} else kind.kind_0 end, kind.kind_1, kind.kind_2, kind.kind_3")
    };
    list.each_value(connection, window, values, |row| {
        kinds.add(kind_of(row, 0)?, 1);
        Ok(())
    })
}
