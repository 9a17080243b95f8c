//! What a row says: values that can be trusted, or why it is refused.

use super::{
    super::{Cell, Field, Kind, Mapping, Row, Source, Table, headings::narrow},
    contact::Value,
    refusal::{LONGEST_ID, LONGEST_VALUE, Refusal},
};

/// What a row says of a user.
pub(super) struct Said {
    pub(super) user: String,
    /// Without what is empty.
    pub(super) values: Vec<(Field, Value)>,
}

/// What Excel shows in place of a value that it cannot work out.
const ERRORS: [&str; 9] = ["#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];
const YES: [&str; 10] = ["yes", "y", "true", "1", "x", "是", "对", "√", "✓", "✔"];
const NO: [&str; 7] = ["no", "n", "false", "0", "否", "不是", "不对"];

pub(super) fn read(row: &Row, table: &Table, mapping: &Mapping) -> Result<Said, Refusal> {
    // In a sheet each cell has its own place; in text a separator too many moves all that follow.
    let (cells, headings) = (row.cells.len(), table.header.cells.len());
    if cells > headings && matches!(table.source, Source::Text { .. }) {
        return Err(Refusal::Shifted { cells, headings });
    }
    let mut user = None;
    let mut values = Vec::new();
    for (field, column) in mapping.columns() {
        let Some(cell) = row.cell(column) else { continue };
        let text = trusted(field, cell)?;
        match field {
            Field::User => user = Some(text.to_owned()),
            Field::Ours => values.push((field, Value::Truth(is_ours(text)?))),
            _ => values.push((field, Value::Text(text.to_owned()))),
        }
    }
    let user = user.ok_or(Refusal::NoId)?;
    if values.iter().any(|(field, value)| *field == Field::SameAs && matches!(value, Value::Text(id) if *id == user)) {
        return Err(Refusal::SameAsItself);
    }
    Ok(Said { user, values })
}

/// The user id of a row that is refused, cut to what can be shown.
pub(super) fn user_text(row: &Row, mapping: &Mapping) -> String {
    let cell = mapping.column(Field::User).and_then(|column| row.cell(column));
    cell.map(|cell| cell.value().chars().take(LONGEST_ID).collect()).unwrap_or_default()
}

/// The text of a cell, if it is what somebody wrote.
fn trusted(field: Field, cell: &Cell) -> Result<&str, Refusal> {
    let text = cell.value();
    let is_id = matches!(field, Field::User | Field::SameAs);
    if is_id && text.chars().nth(LONGEST_ID).is_some() {
        return Err(Refusal::TooLong { field, most: LONGEST_ID });
    }
    if !is_id && is_larger(text, LONGEST_VALUE) {
        return Err(Refusal::TooLarge { field, most: LONGEST_VALUE });
    }
    let said = || text.to_owned();
    match cell.kind {
        Kind::Literal => Ok(text),
        Kind::Error => Err(Refusal::FormulaFailed { field, text: said() }),
        Kind::Text if ERRORS.contains(&text) => Err(Refusal::FormulaFailed { field, text: said() }),
        _ if !field.is_identifier() => Ok(text),
        Kind::Inexact => Err(Refusal::Rounded { field, text: said() }),
        Kind::Date | Kind::Truth => Err(Refusal::Converted { field, text: said(), was: cell.kind }),
        Kind::Text if is_shortened(text) => Err(Refusal::Rounded { field, text: said() }),
        Kind::Text | Kind::Number => Ok(text),
    }
}

/// Whether a text takes more bytes as JSON, where a character takes six of them at most for each of its own.
fn is_larger(text: &str, most: usize) -> bool {
    text.len() > most / 6 - 1 && serde_json::to_string(text).is_ok_and(|json| json.len() > most)
}

/// True for what programs show of a long number: `1.23E+15`, in Java `1.23E15`, in half of Europe `1,23E+15`. `219E01` is
/// somebody's id: nothing writes a number like that. `####` is what Excel shows in a narrow column.
fn is_shortened(text: &str) -> bool {
    if text.len() > 1 && text.bytes().all(|byte| byte == b'#') {
        return true;
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some((number, exponent)) = unsigned.split_once(['E', 'e']) else { return false };
    let (whole, fraction) = number.split_once(['.', ',']).map_or((number, None), |(a, b)| (a, Some(b)));
    let power = exponent.strip_prefix(['-', '+']);
    let is_marked = fraction.is_some() || power.is_some();
    is_marked
        && whole.len() <= 3
        && is_digits(whole)
        && fraction.is_none_or(is_digits)
        && is_digits(power.unwrap_or(exponent))
}

fn is_ours(text: &str) -> Result<bool, Refusal> {
    let plain: String = text.chars().map(narrow).flat_map(char::to_lowercase).collect();
    match plain.trim() {
        said if YES.contains(&said) => Ok(true),
        said if NO.contains(&said) => Ok(false),
        _ => Err(Refusal::OursUnclear { text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_numbers_are_told_from_ids() {
        for text in
            ["1.23E+15", "1.23457E+18", "1E+15", "1,23E+15", "8.6138e+12", "1.23E15", "12.3E+12", "-1.2E+15", "#####"]
        {
            assert!(is_shortened(text), "{text}");
        }
        for text in [
            "219E01",
            "2E5",
            "E+15",
            "1.E+15",
            "1.23E+",
            "10-12",
            "1.23",
            "e",
            "1.23E+15a",
            "1e+5+5",
            "#",
            "#1",
            "1234E+5",
        ] {
            assert!(!is_shortened(text), "{text}");
        }
    }

    #[test]
    fn ours_is_said_in_many_ways() {
        for text in ["yes", "Y", "TRUE", "1", "x", "Ｘ", "是", "对", "√", "１"] {
            assert_eq!(is_ours(text), Ok(true), "{text}");
        }
        for text in ["no", "N", "False", "0", "否"] {
            assert_eq!(is_ours(text), Ok(false), "{text}");
        }
        for text in ["maybe", "×", "2", "ja"] {
            assert!(is_ours(text).is_err(), "{text}");
        }
    }
}
