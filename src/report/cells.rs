//! Cells of a workbook: each value as what it is. Text is never interpreted, and what Excel cannot hold is text.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::value::{Value, float};
use crate::{
    export::{
        Error, TimeFormat,
        times::{self, Precision},
        xlsx::{dates, fault, text::write},
    },
    zone::Zone,
};

/// Of what is said beside, and behind headings.
const MUTED: u32 = 0x0054_5D6C;
const HEAD: u32 = 0x00EC_EFF3;

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
            Value::Seconds(seconds) => match dates::duration(*seconds) {
                Some(days) => number(sheet, at, days, &looks.seconds),
                None => number(sheet, at, float(*seconds), &looks.count),
            },
            Value::Hour(hour) => number(sheet, at, f64::from(*hour) / 24.0, &looks.hour),
            Value::Day(day) => match dates::day(*day) {
                Some(serial) => number(sheet, at, serial, &looks.day),
                None => text(sheet, at, &day.to_string(), &looks.text),
            },
            Value::Moment(ms) => match dates::serial(*ms, self.zone, Precision::Second) {
                Some(serial) => number(sheet, at, serial, &looks.moment),
                None => {
                    text(sheet, at, &times::format(*ms, self.zone, TimeFormat::Local, Precision::Second), &looks.text)
                }
            },
        }
    }
}

/// Writes text as text, whatever it looks like.
pub(super) fn text(sheet: &mut Worksheet, at: (u32, u16), text: &str, look: &Format) -> Result<(), Error> {
    write(sheet, at, text, look).map(drop).map_err(fault::error)
}

fn number(sheet: &mut Worksheet, (row, column): (u32, u16), number: f64, look: &Format) -> Result<(), Error> {
    sheet.write_number_with_format(row, column, number, look).map(drop).map_err(fault::error)
}
