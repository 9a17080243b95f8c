//! The rows of a sheet.

use super::{
    super::{Cell, Kind, MOST_COLUMNS, Unreadable, table::Builder},
    archive::Archive,
    formats::Formats,
    numbers::{self, Epoch},
    strings::{Runs, Strings, unescaped},
    xml::{Attributes, Node, each},
};

/// No spreadsheet has more.
const MOST_ROW_NUMBER: u64 = 1_048_576;

/// What the cells of a sheet refer to.
pub(super) struct Meaning<'a> {
    pub(super) strings: &'a Strings,
    pub(super) formats: &'a Formats,
    pub(super) epoch: Epoch,
}

/// Puts the rows of a sheet into `builder`.
pub(super) fn read(
    archive: &Archive<'_>,
    part: &str,
    meaning: &Meaning<'_>,
    builder: &mut Builder,
) -> Result<(), Unreadable> {
    let damaged = || Unreadable::damaged(part);
    let (mut row, mut cells, mut next) = (0_u64, Vec::new(), 0);
    let mut open = None;
    each(archive, part, |node| {
        match (&node, &mut open) {
            (Node::Start("row", attributes), None) => {
                row = attributes.number("r").map_or(row + 1, u64::from);
                if row > MOST_ROW_NUMBER {
                    return Err(damaged());
                }
                (cells, next) = (Vec::new(), 0);
            }
            (Node::End("row"), None) => builder.push(row, std::mem::take(&mut cells))?,
            (Node::Start("c", attributes), None) => open = Some(Open::at(attributes, next).ok_or_else(damaged)?),
            (Node::End("c"), Some(cell)) => {
                let column = cell.column;
                let cell = cell.read(meaning).ok_or_else(damaged)?;
                open = None;
                next = column.saturating_add(1);
                if cell.is_blank() {
                    return Ok(());
                }
                if column >= MOST_COLUMNS {
                    return Err(Unreadable::TooManyColumns { line: row });
                }
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::default());
                }
                if let Some(place) = cells.get_mut(column) {
                    *place = cell;
                }
            }
            (node, Some(cell)) => cell.on(node),
            _ => {}
        }
        Ok(())
    })?;
    // A sheet that ends within a row was cut off.
    if open.is_some() || !cells.is_empty() { Err(damaged()) } else { Ok(()) }
}

/// A cell that is being read.
struct Open {
    column: usize,
    style: usize,
    kind: String,
    is_value: bool,
    runs: Runs,
    text: String,
}

impl Open {
    /// A cell that does not say its column follows the one before.
    fn at(attributes: &Attributes<'_>, next: usize) -> Option<Self> {
        let column = match attributes.get("r") {
            Some(place) => column(&place)?,
            None => next,
        };
        Some(Self {
            column,
            style: attributes.number("s").and_then(|style| usize::try_from(style).ok()).unwrap_or(0),
            kind: attributes.get("t").unwrap_or_default(),
            is_value: false,
            runs: Runs::default(),
            text: String::new(),
        })
    }

    fn on(&mut self, node: &Node<'_>) {
        match node {
            Node::Start("v", _) => self.is_value = true,
            Node::End("v") => self.is_value = false,
            Node::Text(piece) if self.is_value => self.text.push_str(piece),
            node => self.runs.on(node, &mut self.text),
        }
    }

    /// The cell; `None` when it refers to what is not there.
    fn read(&self, meaning: &Meaning<'_>) -> Option<Cell> {
        let text = self.text.as_str();
        if text.is_empty() {
            return Some(Cell::default());
        }
        let plain = |text: &str, kind| Some(Cell { text: text.to_owned(), kind });
        match self.kind.as_str() {
            "s" => Some(Cell::written(meaning.strings.get(text.trim().parse().ok()?)?)),
            "inlineStr" | "str" => Some(Cell::written(&unescaped(text))),
            "b" => plain(if text.trim() == "0" { "false" } else { "true" }, Kind::Truth),
            "e" => plain(text, Kind::Error),
            "d" => plain(text, Kind::Date),
            _ => Some(numbers::cell(text, meaning.formats.get(self.style), meaning.epoch)),
        }
    }
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> Option<usize> {
    let mut column = 0_usize;
    for letter in place.bytes().take_while(u8::is_ascii_alphabetic) {
        let value = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        for (place, want) in [
            ("A1", Some(0)),
            ("z9", Some(25)),
            ("AA1", Some(26)),
            ("XFD1048576", Some(16_383)),
            ("1", None),
            ("", None),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAAA1", None),
        ] {
            assert_eq!(column(place), want, "{place}");
        }
    }
}
