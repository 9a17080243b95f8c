//! The guard of the spreadsheet profile: a leading apostrophe, put and taken away without loss.
//!
//! A spreadsheet runs a cell that begins with one of a few characters, and turns text into numbers, dates and truth values
//! (`reading.rs`). What came from a callback is never trusted, so such a cell begins with `'` instead. A cell that begins with `'` by itself gets
//! another one: every guarded cell begins with exactly one apostrophe too many, and [`unguard`] gives the value back.

mod reading;

use std::borrow::Cow;

/// Puts the guard on a cell that needs it.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.starts_with('\'') || begins_formula(cell) || reading::is_read_as_a_value(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Takes the guard away: the value as it was before [`guard`].
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// True when the cell, or any line in it, begins with a character that starts a formula; what is invisible before it does
/// not count, because spreadsheets strip it.
fn begins_formula(cell: &str) -> bool {
    let mut at_start = true;
    for c in cell.chars() {
        if at_start && starts_formula(c) {
            return true;
        }
        at_start = ends_line(c) || (at_start && is_invisible(c));
    }
    false
}

/// OWASP's set, and the full-width and small forms that East Asian locales read alike.
const fn starts_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '\u{ff1d}'
            | '\u{ff0b}'
            | '\u{ff0d}'
            | '\u{ff20}'
            | '\u{fe66}'
            | '\u{fe62}'
            | '\u{fe63}'
            | '\u{fe6b}'
    )
}

const fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Space, no-break space, control characters, bidirectional marks and zero-width characters.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests;
