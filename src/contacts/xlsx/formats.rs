//! How numbers are shown: as a date, with leading zeros, or as they are.

use std::collections::BTreeMap;

use super::{
    super::{MOST_CELLS, Unreadable},
    archive::Archive,
    xml::{Node, each},
};

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// The number.
    #[default]
    Number,
    /// A date or a time.
    Date,
    /// At least so many digits: an id such as `00042` that was typed into a number.
    Digits(usize),
}

/// The formats of a workbook, by the number of a cell's style.
#[derive(Default)]
pub(super) struct Formats(Vec<Format>);

impl Formats {
    pub(super) fn get(&self, style: usize) -> Format {
        self.0.get(style).copied().unwrap_or_default()
    }
}

pub(super) fn read(archive: &Archive<'_>, part: &str) -> Result<Formats, Unreadable> {
    let mut own = BTreeMap::new();
    let mut formats = Vec::new();
    let mut is_of_cells = false;
    each(archive, part, |node| {
        match node {
            Node::Start("numFmt", attributes) => {
                let code = attributes.get("formatCode").unwrap_or_default();
                if let Some(id) = attributes.number("numFmtId") {
                    own.insert(id, of_code(&code));
                }
            }
            Node::Start("cellXfs", _) => is_of_cells = true,
            Node::End("cellXfs") => is_of_cells = false,
            Node::Start("xf", attributes) if is_of_cells => {
                let id = attributes.number("numFmtId").unwrap_or(0);
                formats.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
            }
            _ => {}
        }
        if own.len().max(formats.len()) > MOST_CELLS { Err(Unreadable::damaged(part)) } else { Ok(()) }
    })?;
    Ok(Formats(formats))
}

/// Formats that every spreadsheet knows by number; 27 to 36 and 50 to 58 are the dates of East Asia.
const fn built_in(id: u32) -> Format {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
        _ => Format::Number,
    }
}

fn of_code(code: &str) -> Format {
    let positive = code.split(';').next().unwrap_or_default();
    if positive.len() > 1 && positive.bytes().all(|byte| byte == b'0') {
        return Format::Digits(positive.len());
    }
    let shown = without_literals(positive);
    if shown.eq_ignore_ascii_case("general") {
        return Format::Number;
    }
    let is_date = shown.chars().any(|c| matches!(c.to_ascii_lowercase(), 'y' | 'm' | 'd' | 'h' | 's'));
    if is_date { Format::Date } else { Format::Number }
}

/// A format without quoted and escaped text and without what stands in brackets (colours, locales), except for elapsed time.
fn without_literals(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => drop(rest.by_ref().find(|c| *c == '"')),
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                let is_elapsed = inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                kept.push_str(if is_elapsed { &inside } else { "" });
            }
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_code() {
        for (code, want) in [
            ("General", Format::Number),
            ("0", Format::Number),
            ("#,##0.00", Format::Number),
            ("0.00E+00", Format::Number),
            ("[Red]0;-0", Format::Number),
            ("0\"days\"", Format::Number),
            ("@", Format::Number),
            ("00000", Format::Digits(5)),
            ("yyyy\\-mm\\-dd", Format::Date),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\"", Format::Date),
            ("[h]:mm", Format::Date),
            ("mmm-yy", Format::Date),
            ("\"", Format::Number),
        ] {
            assert_eq!(of_code(code), want, "{code}");
        }
    }
}
