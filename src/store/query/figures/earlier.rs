//! Which earlier period figures are compared with.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::store::filter::Filter;
use crate::store::rows::Comparison;
use crate::zone::Zone;

/// Days of a week.
const WEEK: u64 = 7;

/// The earlier period [from, to) of a filter's; what has no end yet ends now. None where there is nothing before.
pub(super) fn period(filter: &Filter, with: Comparison, zone: &Zone, now_ms: i64) -> Option<(i64, i64)> {
    let from = filter.from?;
    let to = filter.to.unwrap_or(now_ms).max(from);
    match with {
        Comparison::Week => Some((days_before(zone, from, WEEK)?, days_before(zone, to, WEEK)?)),
        Comparison::Before => Some((before(zone, from, to)?, from)),
    }
}

/// Where the period of the same length begins. A period of whole days is as long as they are many: a week in which the clocks are
/// changed is compared with a week.
fn before(zone: &Zone, from: i64, to: i64) -> Option<i64> {
    let whole = whole_day(zone, from).zip(whole_day(zone, to));
    match whole.and_then(|(first, end)| u64::try_from((end - first).num_days()).ok()) {
        Some(days) => days_before(zone, from, days),
        None => from.checked_sub(to.checked_sub(from)?),
    }
}

/// The day that begins at a moment.
fn whole_day(zone: &Zone, ms: i64) -> Option<NaiveDate> {
    let day = zone.at(ms)?.date_naive();
    (zone.first_moment(day.and_time(NaiveTime::MIN)) == ms).then_some(day)
}

/// The same time of day, so many days before.
fn days_before(zone: &Zone, ms: i64, days: u64) -> Option<i64> {
    let local = zone.at(ms)?.naive_local();
    Some(zone.first_moment(local.checked_sub_days(Days::new(days))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-10-27 00:00 in Berlin: the day before had 25 hours.
    const MONDAY: i64 = 1_761_519_600_000;
    const HOUR: i64 = 3_600_000;

    fn of(from: i64, to: Option<i64>, with: Comparison) -> Option<(i64, i64)> {
        let zone = Zone::read("Europe/Berlin").expect("a zone");
        let filter = Filter { from: Some(from), to, ..Filter::default() };
        period(&filter, with, &zone, MONDAY + 9 * HOUR)
    }

    #[test]
    fn days_are_compared_with_days_and_hours_with_hours() {
        let (day, week) = (24 * HOUR, 7 * 24 * HOUR);
        assert_eq!(of(MONDAY, None, Comparison::Week), Some((MONDAY - week - HOUR, MONDAY - week + 8 * HOUR)));
        assert_eq!(of(MONDAY, Some(MONDAY + day), Comparison::Before), Some((MONDAY - day - HOUR, MONDAY)));
        assert_eq!(of(MONDAY, Some(MONDAY + 2 * HOUR), Comparison::Before), Some((MONDAY - 2 * HOUR, MONDAY)));
        let before = of(MONDAY - week - HOUR, Some(MONDAY), Comparison::Before);
        assert_eq!(before, Some((MONDAY - 2 * week - HOUR, MONDAY - week - HOUR)), "a week of 169 hours");
        assert_eq!(of(i64::MIN, None, Comparison::Before), None, "there is nothing before");
    }

    #[test]
    fn what_has_no_beginning_is_compared_with_nothing() {
        let nothing = period(&Filter::default(), Comparison::Week, &Zone::utc(), MONDAY);
        assert_eq!(nothing, None);
    }
}
