//! Cells of a workbook: each value as what it is. Text is never interpreted, and what Excel cannot hold is text.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::value::{Value, float};
use crate::{
    export::{
        Error, TimeFormat,
        times::{self, Precision},
        xlsx::fault,
    },
    zone::Zone,
};

/// The longest text of a cell, in UTF-16 units.
const LONGEST: usize = 32_767;
/// What stands at the end of a text that was too long.
const CUT: char = '…';
/// Of what is said beside, and behind headings.
const MUTED: u32 = 0x0054_5D6C;
const HEAD: u32 = 0x00EC_EFF3;
const SECONDS_OF_DAY: f64 = 86_400.0;
const MILLISECONDS: f64 = 1_000.0;

/// How cells look, by what is in them.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) muted: Format,
    pub(super) heading: Format,
    pub(super) section: Format,
    text: Format,
    pub(super) wrapped: Format,
    count: Format,
    part: Format,
    change: Format,
    points: Format,
    seconds: Format,
    moment: Format,
    day: Format,
    hour: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        let at_left = |format: &str| number(format).set_align(FormatAlign::Left);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            muted: Format::new().set_font_color(MUTED),
            heading: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(HEAD)
                .set_border_bottom(FormatBorder::Thin),
            section: Format::new().set_bold().set_font_size(12),
            // As text, so that whoever edits a cell does not make a number or a formula of it.
            text: number("@"),
            wrapped: number("@").set_text_wrap().set_align(FormatAlign::Top),
            count: number("#,##0"),
            part: number("0.0%"),
            change: number("+0.0%;-0.0%;0.0%"),
            points: number("+0.0;-0.0;0.0"),
            seconds: number("[h]:mm:ss"),
            moment: at_left("yyyy-mm-dd hh:mm:ss"),
            day: at_left("yyyy-mm-dd"),
            hour: at_left("hh:mm"),
        }
    }
}

/// Writes cells of one zone.
pub(super) struct Cells<'a> {
    pub(super) looks: &'a Looks,
    pub(super) zone: &'a Zone,
}

impl Cells<'_> {
    /// Writes a value into a cell; nothing for nothing.
    pub(super) fn write(&self, sheet: &mut Worksheet, at: (u32, u16), value: &Value<'_>) -> Result<(), Error> {
        let looks = self.looks;
        match value {
            Value::Empty => Ok(()),
            Value::Text(value) => text(sheet, at, value, &looks.text),
            Value::Count(count) => number(sheet, at, float(*count), &looks.count),
            Value::Part(part) => number(sheet, at, *part, &looks.part),
            Value::Change(part) => number(sheet, at, *part, &looks.change),
            Value::Points(points) => number(sheet, at, *points, &looks.points),
            // A length below nothing is shown as ####.
            Value::Seconds(seconds) if *seconds < 0 => number(sheet, at, float(*seconds), &looks.count),
            Value::Seconds(seconds) => number(sheet, at, float(*seconds) / SECONDS_OF_DAY, &looks.seconds),
            Value::Hour(hour) => number(sheet, at, f64::from(*hour) / 24.0, &looks.hour),
            Value::Day(day) => match serial(day.and_time(chrono::NaiveTime::MIN)) {
                Some(serial) => number(sheet, at, serial, &looks.day),
                None => text(sheet, at, &day.to_string(), &looks.text),
            },
            Value::Moment(ms) => match self.zone.at(*ms).and_then(|at| serial(at.naive_local())) {
                Some(serial) => number(sheet, at, serial, &looks.moment),
                None => {
                    text(sheet, at, &times::format(*ms, self.zone, TimeFormat::Local, Precision::Second), &looks.text)
                }
            },
        }
    }
}

/// Writes text as text, whatever it looks like.
pub(super) fn text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, look: &Format) -> Result<(), Error> {
    sheet.write_string_with_format(row, column, fitting(text), look).map(drop).map_err(fault::error)
}

fn number(sheet: &mut Worksheet, (row, column): (u32, u16), number: f64, look: &Format) -> Result<(), Error> {
    sheet.write_number_with_format(row, column, number, look).map(drop).map_err(fault::error)
}

/// A moment as Excel counts it: days since the end of 1899. Before March 1900 programs do not agree about it, and after 9999 there is
/// none.
fn serial(local: NaiveDateTime) -> Option<f64> {
    let since = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let (first, last) = (NaiveDate::from_ymd_opt(1900, 3, 1)?, NaiveDate::from_ymd_opt(9999, 12, 31)?);
    let ms = float((local - since).num_milliseconds());
    (first..=last).contains(&local.date()).then(|| ms / MILLISECONDS / SECONDS_OF_DAY)
}

/// A text that a cell can hold: one that is too long is cut, and says so.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut left = LONGEST - CUT.len_utf16();
    let fits = |letter: &char| match left.checked_sub(letter.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    text.chars().take_while(fits).chain([CUT]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters_and_say_so() {
        assert_eq!(fitting("=cmd|' /C calc'!A0"), "=cmd|' /C calc'!A0", "what fits is not touched");
        let long = fitting(&"😀".repeat(20_000));
        assert_eq!(
            (long.encode_utf16().count(), long.chars().last()),
            (LONGEST, Some(CUT)),
            "16,383 whole letters and the mark"
        );
    }

    #[test]
    fn moments_that_excel_cannot_count_are_none() {
        let at = |text: &str| serial(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment"));
        assert_eq!(at("1970-01-01 12:00"), Some(25_569.5));
        assert_eq!(at("1900-03-01 00:00"), Some(61.0));
        assert_eq!(at("1900-02-28 00:00"), None, "Excel has a day here that never was");
        assert!(at("9999-12-31 23:59").is_some() && at("+10000-01-01 00:00").is_none(), "the end of its calendar");
    }
}
