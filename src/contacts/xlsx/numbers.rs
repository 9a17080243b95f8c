//! Numbers of a workbook as text: digits where they are exact, and dates.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::{
    super::{Cell, Kind},
    formats::Format,
};

/// Below this every whole number is a number of its own (2^53).
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
/// Excel keeps fifteen digits and puts zeros behind them.
const KEPT_DIGITS: usize = 15;
/// The last day that Excel knows, 9999-12-31, and one more.
const DAYS_BELOW: f64 = 2_958_466.0;

/// The day from which dates are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Epoch {
    /// The first of January 1900 is day 1.
    #[default]
    Of1900,
    /// The first of January 1904 is day 0.
    Of1904,
}

/// The cell of a number as it is written in the file.
pub(super) fn cell(written: &str, format: Format, epoch: Epoch) -> Cell {
    let written = written.trim();
    let Some(number) = written.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Cell { text: written.to_owned(), kind: Kind::Inexact };
    };
    if format == Format::Date {
        let text = date(number, epoch).unwrap_or_else(|| written.to_owned());
        return Cell { text, kind: Kind::Date };
    }
    if number.fract() != 0.0 || number.abs() >= EXACT_BELOW {
        return Cell { text: number.to_string(), kind: Kind::Inexact };
    }
    // Zero has a sign as well.
    let digits = format!("{:.0}", number.abs());
    let is_exact = digits.len() <= KEPT_DIGITS || !digits.ends_with('0');
    let sign = if number < 0.0 { "-" } else { "" };
    let least = if let Format::Digits(least) = format { least } else { 1 };
    let zeros = "0".repeat(least.min(u8::MAX.into()).saturating_sub(digits.len()));
    Cell { text: format!("{sign}{zeros}{digits}"), kind: if is_exact { Kind::Number } else { Kind::Inexact } }
}

/// `2025-03-06 11:19:06`, without the time where it is midnight, without the date where there is none.
fn date(number: f64, epoch: Epoch) -> Option<String> {
    if !(0.0..DAYS_BELOW).contains(&number) {
        return None;
    }
    let whole = number.floor();
    let days = format!("{whole:.0}").parse::<u64>().ok()?;
    let seconds = format!("{:.0}", (number - whole) * 86_400.0).parse::<i64>().ok()?;
    // Excel holds 1900 for a leap year, so that its days before March are counted from one day later.
    let (year, month, day) = match epoch {
        Epoch::Of1904 => (1904, 1, 1),
        Epoch::Of1900 if days < 60 => (1899, 12, 31),
        Epoch::Of1900 => (1899, 12, 30),
    };
    let midnight = NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(days))?;
    let moment = NaiveDateTime::new(midnight, NaiveTime::MIN).checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
    let form = match (days, moment.time() == NaiveTime::MIN) {
        (0, false) => "%H:%M:%S",
        (_, true) => "%Y-%m-%d",
        (_, false) => "%Y-%m-%d %H:%M:%S",
    };
    Some(moment.format(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_their_digits_where_those_are_exact() {
        for (written, format, want, kind) in [
            ("7", Format::Number, "7", Kind::Number),
            ("-0", Format::Number, "0", Kind::Number),
            ("7", Format::Digits(3), "007", Kind::Number),
            ("12345", Format::Digits(3), "12345", Kind::Number),
            ("8.6138001380000E+12", Format::Number, "8613800138000", Kind::Number),
            ("123456789012345", Format::Number, "123456789012345", Kind::Number),
            ("1234567890123456", Format::Number, "1234567890123456", Kind::Number),
            ("1234567890123450", Format::Number, "1234567890123450", Kind::Inexact),
            ("1.23E+15", Format::Number, "1230000000000000", Kind::Inexact),
            ("9007199254740992", Format::Number, "9007199254740992", Kind::Inexact),
            ("1.2345678901234567E+18", Format::Number, "1234567890123456800", Kind::Inexact),
            ("0.1", Format::Number, "0.1", Kind::Inexact),
            ("1e999", Format::Number, "1e999", Kind::Inexact),
            ("seven", Format::Number, "seven", Kind::Inexact),
        ] {
            assert_eq!(cell(written, format, Epoch::Of1900), Cell { text: want.to_owned(), kind }, "{written}");
        }
    }

    #[test]
    fn dates_are_those_that_excel_shows() {
        for (number, epoch, want) in [
            (1.0, Epoch::Of1900, Some("1900-01-01")),
            (59.0, Epoch::Of1900, Some("1900-02-28")),
            (61.0, Epoch::Of1900, Some("1900-03-01")),
            (45_722.471_597_222_2, Epoch::Of1900, Some("2025-03-06 11:19:06")),
            (0.5, Epoch::Of1900, Some("12:00:00")),
            (0.0, Epoch::Of1904, Some("1904-01-01")),
            (-1.0, Epoch::Of1900, None),
            (3e9, Epoch::Of1900, None),
        ] {
            assert_eq!(date(number, epoch).as_deref(), want, "{number}");
        }
    }
}
