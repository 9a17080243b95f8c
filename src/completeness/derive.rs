//! The statement, from plain values: no clock, no record.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::{
    spans::{Span, both, union},
    statement::{AppRecords, CallCounts, DayStatement, Fetchable, FetchedPeriod, Gap, GapCalls, Statement, Why},
};
use crate::{
    store::coverage::{Fetched, KnownFrom, Up},
    tencent::Product,
    zone::Zone,
};

/// How long Tencent keeps records (pages 60136 and 68931).
pub(super) const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// A call that ended so shortly before Tencent was asked may not be in its records yet.
const UNSURE_MS: i64 = 5 * 60 * 1_000;
/// What nobody has read for less than this is read by the next run, without anybody's doing.
const NEXT_RUN_MS: i64 = 40 * 60 * 1_000;
/// A period of [`Up`] that goes on was written down no longer ago than this.
const FRESH_MS: i64 = 90 * 1_000;
/// What has records. A period is fetched when those of all of them were read.
const PRODUCTS: [Product; 2] = [Product::Call, Product::CallV1];

/// What the statement follows from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// When it is made.
    pub(super) now_ms: i64,
    /// About which period.
    pub(super) window: Span,
    /// Whose days are meant.
    pub(super) zone: &'a Zone,
    /// The applications whose calls are to be there.
    pub(super) apps: &'a [String],
    /// In the order of their beginnings, with the last one before the window.
    pub(super) up: &'a [Up],
    /// Those that end in the window or since Tencent's memory begins.
    pub(super) fetched: &'a [Fetched],
    /// The calls of the window, by the beginning of a quarter of an hour.
    pub(super) known: &'a BTreeMap<i64, KnownFrom>,
}

/// The statement that follows from the facts.
pub(super) fn state(facts: &Facts<'_>) -> Statement {
    let Facts { now_ms, window, zone, .. } = *facts;
    let covered = facts.apps.iter().map(|app| covered(facts, app)).reduce(|one, other| both(&one, &other));
    let covered = covered.unwrap_or_default();
    let down = down(facts.up, now_ms);
    let gaps = |span: Span| -> Vec<Gap> {
        let within = down.iter().filter_map(|(gap, why)| Some((gap.and(span)?, *why)));
        within.map(|(gap, why)| told(gap, why, &covered, now_ms)).collect()
    };
    let days = days(facts, &covered, &gaps);
    Statement {
        from_ms: window.from_ms,
        to_ms: window.to_ms,
        zone: zone.name().to_owned(),
        calls: days.iter().map(|day| day.calls).fold(CallCounts::default(), CallCounts::and),
        complete_to_ms: complete_to(&covered, window),
        gaps: gaps(window),
        apps: facts.apps.iter().map(|app| of_app(facts, app)).collect(),
        days,
    }
}

/// When no callback could be taken until now, oldest first.
fn down(up: &[Up], now_ms: i64) -> Vec<(Span, Why)> {
    let (mut down, mut reached_ms, mut why) = (Vec::new(), i64::MIN, Why::BeforeFirst);
    let newest = up.len().checked_sub(1);
    for (n, up) in up.iter().enumerate() {
        // Only the newest one can go on: whoever wrote an earlier one that has no end was killed, however short a while ago.
        let is_open = Some(n) == newest && up.ended.is_none();
        let goes_on = is_open && now_ms.saturating_sub(up.to_ms) <= FRESH_MS;
        let to_ms = if goes_on { up.to_ms.max(now_ms) } else { up.to_ms };
        if up.from_ms > reached_ms {
            down.push((Span { from_ms: reached_ms, to_ms: up.from_ms }, why));
        }
        // Periods overlap where the clock was set back.
        if to_ms >= reached_ms {
            (reached_ms, why) = (to_ms, Why::after(up.ended));
        }
    }
    if reached_ms < now_ms {
        down.push((Span { from_ms: reached_ms, to_ms: now_ms }, why));
    }
    down
}

/// Of which periods an application's records of every product were read.
fn covered(facts: &Facts<'_>, app: &str) -> Vec<Span> {
    let of_product = |product: Product| {
        let readings = facts.fetched.iter().filter(|one| one.app == app && one.product == product.code());
        union(readings.map(|one| sure(one, facts.now_ms)))
    };
    PRODUCTS.into_iter().map(of_product).reduce(|one, other| both(&one, &other)).unwrap_or_default()
}

/// What a reading makes sure of. One that ends long before it was made is sure to its end, and one that a clock has dated in the
/// future was not made later than now.
fn sure(reading: &Fetched, now_ms: i64) -> Span {
    let made_ms = reading.at_ms.min(now_ms);
    let to_ms = reading.to_ms.min(made_ms.saturating_sub(UNSURE_MS));
    Span { from_ms: reading.from_ms, to_ms }
}

/// The end of the last time that was read (rules.md section 13), whatever was not read before it: that is told as fetchable.
fn complete_to(covered: &[Span], within: Span) -> Option<i64> {
    covered.iter().filter_map(|span| span.and(within)).map(|span| span.to_ms).max()
}

fn told(gap: Span, why: Why, covered: &[Span], now_ms: i64) -> Gap {
    let oldest_ms = now_ms.saturating_sub(KEPT_MS);
    let missing = gap.without(covered);
    let (calls, forgets_ms) = match (missing.first(), missing.last()) {
        (Some(first), _) if first.from_ms >= oldest_ms => {
            (GapCalls::Fetchable, Some(first.from_ms.saturating_add(KEPT_MS)))
        }
        (_, Some(last)) if last.to_ms > oldest_ms => {
            (GapCalls::PartlyForgotten, Some(last.to_ms.saturating_add(KEPT_MS)))
        }
        (Some(_), _) => (GapCalls::Forgotten, None),
        _ => (GapCalls::Fetched, None),
    };
    Gap { from_ms: gap.from_ms, to_ms: gap.to_ms, why, calls, forgets_ms }
}

fn of_app(facts: &Facts<'_>, app: &str) -> AppRecords {
    let covered = covered(facts, app);
    let until_ms = facts.now_ms.saturating_sub(UNSURE_MS);
    let remembered = Span { from_ms: facts.now_ms.saturating_sub(KEPT_MS), to_ms: until_ms };
    let is_left = |span: &Span| span.to_ms < until_ms || span.to_ms - span.from_ms > NEXT_RUN_MS;
    let fetchable = remembered.without(&covered).into_iter().filter(is_left).map(|Span { from_ms, to_ms }| Fetchable {
        from_ms,
        to_ms,
        forgets_ms: from_ms.saturating_add(KEPT_MS),
    });
    AppRecords {
        app: app.to_owned(),
        complete_to_ms: covered.last().map(|span| span.to_ms),
        fetched: PRODUCTS.into_iter().flat_map(|product| periods(facts.fetched, app, product)).collect(),
        fetchable: fetchable.collect(),
    }
}

/// What was read of one product, readings that meet taken together.
fn periods(fetched: &[Fetched], app: &str, product: Product) -> Vec<FetchedPeriod> {
    let readings: Vec<&Fetched> =
        fetched.iter().filter(|one| one.app == app && one.product == product.code()).collect();
    let whole = union(readings.iter().map(|one| Span { from_ms: one.from_ms, to_ms: one.to_ms }));
    let period = |span: Span| {
        let within = readings.iter().filter(|one| span.from_ms <= one.from_ms && one.to_ms <= span.to_ms);
        let at_ms = within.clone().map(|one| one.at_ms).max().unwrap_or(span.to_ms);
        // A run reads a period in windows, all at one moment.
        let records = within.filter(|one| one.at_ms == at_ms).map(|one| one.records).sum();
        FetchedPeriod { product: product.code().to_owned(), from_ms: span.from_ms, to_ms: span.to_ms, at_ms, records }
    };
    whole.into_iter().map(period).collect()
}

/// The days from the first thing that the record knows of until now, and those beyond that have calls.
fn days(facts: &Facts<'_>, covered: &[Span], gaps: &dyn Fn(Span) -> Vec<Gap>) -> Vec<DayStatement> {
    let Facts { now_ms, window, zone, .. } = *facts;
    let day_of = |at_ms: i64| zone.at(at_ms).map(|at| at.date_naive());
    let mut days = BTreeMap::<NaiveDate, CallCounts>::new();
    for (quarter, known) in facts.known {
        // A quarter of an hour may begin before the window.
        let Some(day) = day_of((*quarter).max(window.from_ms)) else { continue };
        let counts = days.entry(day).or_default();
        *counts = counts.and(CallCounts::of(*known));
    }
    let first_up = facts.up.first().map(|up| up.from_ms);
    let first_known = facts.known.keys().next().copied();
    let first = [first_up, first_known].into_iter().flatten().min().map(|first_ms| first_ms.max(window.from_ms));
    let last = day_of(window.to_ms.min(now_ms).saturating_sub(1));
    if let (Some(first), Some(last)) = (first.and_then(day_of), last) {
        for day in first.iter_days().take_while(|day| *day <= last) {
            days.entry(day).or_default();
        }
    }
    let midnight = |day: NaiveDate| zone.first_moment(day.and_time(NaiveTime::MIN));
    let of_day = |(day, calls): (NaiveDate, CallCounts)| {
        let whole = Span { from_ms: midnight(day), to_ms: day.succ_opt().map_or(i64::MAX, midnight) };
        let span = whole.and(window);
        DayStatement {
            day: day.to_string(),
            calls,
            complete_to_ms: span.and_then(|span| complete_to(covered, span)),
            gaps: span.map(gaps).unwrap_or_default(),
        }
    };
    days.into_iter().map(of_day).collect()
}

#[cfg(test)]
mod tests;
