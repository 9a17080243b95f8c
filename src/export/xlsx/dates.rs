//! Moments as a spreadsheet counts them: days since the end of 1899, by the clocks of a zone.

use chrono::{Datelike as _, NaiveDate, Timelike as _};

use crate::{export::times::Precision, zone::Zone};

const DAY_MS: f64 = 86_400_000.0;
const DAY_S: f64 = 86_400.0;
/// Before it spreadsheets disagree: Excel has a 29 February 1900.
const FIRST: Option<NaiveDate> = NaiveDate::from_ymd_opt(1900, 3, 1);
/// Day 0, for all later ones.
const ZERO: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);
const LAST_YEAR: i32 = 9999;

/// What the clocks of a zone show at a moment (Unix milliseconds), as a spreadsheet's number; nothing where all spreadsheets do
/// not have the same one.
pub(crate) fn serial(ms: i64, zone: &Zone, precision: Precision) -> Option<f64> {
    let shown = zone.at(ms)?.naive_local();
    let day = day(shown.date())?;
    let of_day = match precision {
        Precision::Second => f64::from(shown.num_seconds_from_midnight()) / DAY_S,
        Precision::Millisecond => {
            f64::from(shown.num_seconds_from_midnight() * 1_000 + shown.nanosecond() / 1_000_000) / DAY_MS
        }
    };
    Some(day + of_day)
}

/// The number of a day, on the same terms.
pub(crate) fn day(day: NaiveDate) -> Option<f64> {
    let is_counted = day >= FIRST? && day.year() <= LAST_YEAR;
    let days = i32::try_from(day.signed_duration_since(ZERO?).num_days()).ok()?;
    is_counted.then(|| f64::from(days))
}

/// A length of time as a spreadsheet's number of days; nothing for one below zero, which a spreadsheet does not show, or beyond
/// what it counts exactly.
pub(crate) fn duration(seconds: i64) -> Option<f64> {
    u32::try_from(seconds).ok().map(|seconds| f64::from(seconds) / DAY_S)
}

/// A whole number, where a spreadsheet keeps all of its digits, which are 15.
pub(crate) fn whole(number: i64) -> Option<f64> {
    const MOST: i64 = 999_999_999_999_999;
    let two_to_32 = f64::from(u32::MAX) + 1.0;
    let parts = |number: i64| Some((i32::try_from(number >> 32).ok()?, u32::try_from(number & 0xffff_ffff).ok()?));
    let (high, low) = parts(number).filter(|_| (-MOST..=MOST).contains(&number))?;
    Some(f64::from(high) * two_to_32 + f64::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_the_days_that_a_spreadsheet_counts() {
        let [utc, shanghai, berlin] =
            ["utc", "Asia/Shanghai", "Europe/Berlin"].map(|name| Zone::read(name).expect("a zone"));
        for (ms, zone, precision, want) in [
            (0, &utc, Precision::Second, Some(25_569.0)),
            (0, &shanghai, Precision::Second, Some(25_569.0 + 8.0 / 24.0)),
            (1_741_231_146_007, &utc, Precision::Second, Some(45_722.0 + 11_946.0 / 86_400.0)),
            (1_741_231_146_007, &utc, Precision::Millisecond, Some(45_722.0 + 11_946_007.0 / 86_400_000.0)),
            (-2_203_891_200_000, &utc, Precision::Second, Some(61.0)), // 1900-03-01
            (-2_203_891_200_001, &utc, Precision::Second, None),
            (253_402_300_799_999, &utc, Precision::Millisecond, Some(2_958_465.0 + 86_399_999.0 / 86_400_000.0)),
            (253_402_300_799_999, &shanghai, Precision::Millisecond, None), // where it is the year 10000
            (i64::MAX, &utc, Precision::Second, None),
            // The clocks show 02:30 twice; a spreadsheet has no zone, and so they are the same number.
            (1_761_438_600_000, &berlin, Precision::Second, Some(45_956.0 + 2.5 / 24.0)),
            (1_761_442_200_000, &berlin, Precision::Second, Some(45_956.0 + 2.5 / 24.0)),
        ] {
            assert_eq!(serial(ms, zone, precision), want, "{ms} in {}", zone.name());
        }
    }

    #[test]
    fn days_are_counted_from_march_1900_to_the_end_of_9999() {
        let on = |year, month, at| day(NaiveDate::from_ymd_opt(year, month, at).expect("a day"));
        assert_eq!(
            (on(1900, 2, 28), on(1900, 3, 1)),
            (None, Some(61.0)),
            "Excel has a day between them that never was"
        );
        assert_eq!((on(9999, 12, 31), on(10_000, 1, 1)), (Some(2_958_465.0), None), "the end of its calendar");
    }

    #[test]
    fn numbers_keep_their_digits_or_are_none() {
        for number in [0, 1, -1, 5_000_000_000, -5_000_000_000, 999_999_999_999_999, -999_999_999_999_999] {
            assert_eq!(whole(number).map(|float| format!("{float:.0}")), Some(number.to_string()), "{number}");
        }
        for number in [1_000_000_000_000_000, i64::MAX, i64::MIN] {
            assert_eq!(whole(number), None, "{number}");
        }
        assert_eq!(duration(90), Some(90.0 / 86_400.0), "a minute and a half");
        assert_eq!(duration(-1), None, "no spreadsheet shows it");
    }
}
