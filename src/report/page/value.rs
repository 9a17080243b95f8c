//! Values as a page shows them.

use super::html;
use crate::{
    export::{
        TimeFormat,
        times::{self, Precision},
    },
    report::value::Value,
    zone::Zone,
};

/// A value as markup. What comes from outside is set apart, so that what is written from right to left does not change the order of
/// what stands beside it.
pub(super) fn shown(value: &Value<'_>, zone: &Zone) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => format!("<bdi>{}</bdi>", html::text(text)),
        Value::Count(count) => grouped(*count),
        Value::Part(part) => format!("{:.1}%", part * 100.0),
        Value::Change(part) => signed(part * 100.0, "%"),
        Value::Points(points) => signed(*points, ""),
        Value::Seconds(seconds) => length(*seconds),
        Value::Moment(ms) => html::text(&times::format(*ms, zone, TimeFormat::Local, Precision::Second)),
        Value::Day(day) => day.to_string(),
        Value::Hour(hour) => format!("{hour:02}:00"),
    }
}

/// What keeps a text as it is where a page is opened in a spreadsheet, which would compute `=1+1`, and make a number of `007` or
/// `219E01`. LibreOffice reads this attribute of a cell; Excel reads `mso-number-format` in the style sheet.
pub(super) const fn as_it_is(value: &Value<'_>) -> &'static str {
    match value {
        Value::Text(_) => " sdnum=\"0;0;@\"",
        _ => "",
    }
}

/// `+12.5%`, `−3.0%`: with the sign of a number and not a hyphen.
fn signed(number: f64, unit: &str) -> String {
    // What is rounded to nothing has no sign.
    let tenths = (number * 10.0).round();
    let sign = if tenths > 0.0 {
        "+"
    } else if tenths < 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{:.1}{unit}", (tenths / 10.0).abs())
}

/// `12,345`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// `0:04`, `12:30`, `1:02:03`, as the window has it.
fn length(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{rest:02}") } else { format!("{}:{minutes:02}:{rest:02}", grouped(hours)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_in_the_window() {
        let zone = Zone::read("Europe/Berlin").expect("a zone");
        for (value, text) in [
            (Value::Count(1_234_567), "1,234,567"),
            (Value::Count(-1_234), "−1,234"),
            (Value::Count(999), "999"),
            (Value::Part(0.8749), "87.5%"),
            (Value::Change(-0.0304), "−3.0%"),
            (Value::Change(0.000_1), "0.0%"),
            (Value::Points(4.25), "+4.3"),
            (Value::Seconds(3_723), "1:02:03"),
            (Value::Seconds(4), "0:04"),
            (Value::Moment(1_761_439_800_000), "2025-10-26 02:50:00"),
            (Value::Hour(7), "07:00"),
            (Value::of("<b>"), "<bdi>&lt;b&gt;</bdi>"),
        ] {
            assert_eq!(shown(&value, &zone), text, "{value:?}");
        }
    }
}
