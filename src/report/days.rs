//! The days of a report, and its months where days would be too many to be seen.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use crate::{
    store::rows::{DayFigures, Figures},
    zone::Zone,
};

/// Days without calls are told too, unless there are more days than this: then only from the first call to the last.
const DAYS_MOST: usize = 1_100;

/// The calls of a day, or of a month, which is told by its first day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) day: NaiveDate,
    pub(super) calls: u64,
    pub(super) answered: u64,
    pub(super) unanswered: u64,
    pub(super) by_result: BTreeMap<String, u64>,
}

impl Bar {
    fn of(day: NaiveDate) -> Self {
        Self { day, ..Self::default() }
    }

    fn add(&mut self, calls: u64, answered: u64, unanswered: u64, by_result: &BTreeMap<String, u64>) {
        self.calls += calls;
        self.answered += answered;
        self.unanswered += unanswered;
        for (code, calls) in by_result {
            *self.by_result.entry(code.clone()).or_default() += calls;
        }
    }
}

/// Every day of a period [from, to), in order.
pub(super) fn days(figures: &Figures, zone: &Zone, (from, to): (i64, i64)) -> Vec<Bar> {
    let known: Vec<(NaiveDate, &DayFigures)> =
        figures.by_day.iter().filter_map(|day| Some((day.day.parse().ok()?, day))).collect();
    let day_of = |ms: i64| zone.at(ms).map(|at| at.date_naive());
    let whole = day_of(from).zip(day_of(to.saturating_sub(1).max(from)));
    let called = known.first().map(|(day, _)| *day).zip(known.last().map(|(day, _)| *day));
    let is_short = |(first, last): &(NaiveDate, NaiveDate)| {
        usize::try_from((*last - *first).num_days()).is_ok_and(|days| days < DAYS_MOST)
    };
    let Some((first, last)) = whole.filter(is_short).or(called) else { return Vec::new() };
    let mut days: BTreeMap<NaiveDate, Bar> =
        first.iter_days().take_while(|day| *day <= last).map(|day| (day, Bar::of(day))).collect();
    for (day, DayFigures { calls, answered, unanswered, by_result, .. }) in known {
        days.entry(day).or_insert_with(|| Bar::of(day)).add(*calls, *answered, *unanswered, by_result);
    }
    days.into_values().collect()
}

/// The same by the month.
pub(super) fn months(days: &[Bar]) -> Vec<Bar> {
    let mut months = BTreeMap::<NaiveDate, Bar>::new();
    for Bar { day, calls, answered, unanswered, by_result } in days {
        let month = day.with_day(1).unwrap_or(*day);
        months.entry(month).or_insert_with(|| Bar::of(month)).add(*calls, *answered, *unanswered, by_result);
    }
    months.into_values().collect()
}
