//! How a sheet looks: the formats of its cells and the widths of its columns.

use rust_xlsxwriter::{Color, Format, FormatBorder};

use crate::export::{
    Headings,
    columns::{Heading, Sort},
};

/// The widest that a heading alone makes a column, in characters.
const WIDEST_HEADING: usize = 24;

/// The formats of a workbook.
pub(super) struct Formats {
    pub(super) heading: Format,
    /// Text stays text when somebody edits the cell.
    pub(super) text: Format,
    pub(super) second: Format,
    pub(super) millisecond: Format,
    pub(super) duration: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        Self {
            heading: Format::new()
                .set_bold()
                .set_num_format("@")
                .set_background_color(Color::RGB(0x00E8_EEF5))
                .set_border_bottom(FormatBorder::Thin),
            text: Format::new().set_num_format("@"),
            second: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            millisecond: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
            duration: Format::new().set_num_format("[h]:mm:ss"),
        }
    }
}

/// How wide a column is, in characters of the usual font: what most of its values need, and what its heading needs beside the arrow
/// of the filter.
pub(super) fn width(heading: &Heading, sort: Sort, called: &str) -> u32 {
    let of_values: usize = match (sort, heading.name) {
        (_, "call_id") => 38,
        (_, "note" | "comment" | "reason") => 40,
        (Sort::List, _) => 30,
        (_, "app") => 13,
        (Sort::Text, _) => 18,
        (Sort::Millisecond, _) => 24,
        (Sort::Second, _) => 20,
        (Sort::Flag | Sort::Number | Sort::Seconds, _) => 10,
    };
    // A Chinese sign is as wide as two letters.
    let of_heading: usize = called.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum();
    u32::try_from(of_values.max((of_heading + 4).min(WIDEST_HEADING))).unwrap_or_default()
}

/// What a column is called here. In words, a length of time is not in seconds, as it is in other formats.
pub(super) fn called(headings: Headings, heading: &Heading, sort: Sort) -> &'static str {
    let called = headings.call(heading);
    let has_unit = sort == Sort::Seconds && headings != Headings::Names;
    let bare = [" (seconds)", "（秒）"].into_iter().find_map(|unit| called.strip_suffix(unit).filter(|_| has_unit));
    bare.unwrap_or(called)
}
