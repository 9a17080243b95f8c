//! The formula guard of the spreadsheet profile: a leading apostrophe, put and taken away without loss.
//!
//! A spreadsheet runs a cell that begins with one of a few characters and rounds ids that look like numbers. What came
//! from a callback is never trusted, so such a cell begins with `'` instead. A cell that begins with `'` by itself gets
//! another one: every guarded cell begins with exactly one apostrophe too many, and [`unguard`] gives the value back.

use std::borrow::Cow;

/// Digits that a spreadsheet keeps of a number; longer ids would end in zeros.
const KEPT_DIGITS: usize = 15;

/// Puts the guard on a cell that needs it.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.starts_with('\'') || begins_formula(cell) || is_fragile_id(cell) {
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

/// True for digits that a spreadsheet would round or strip of their leading zeros.
fn is_fragile_id(cell: &str) -> bool {
    let digits = cell.trim_matches(is_invisible);
    digits.chars().all(|c| c.is_ascii_digit())
        && (digits.len() > KEPT_DIGITS || (digits.len() > 1 && digits.starts_with('0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_run_or_round_is_guarded() {
        for cell in [
            "=1+1",
            "+86138",
            "-2",
            "@SUM(A1)",
            "\tx",
            "\rx",
            " =1",
            "\u{a0}=1",
            "\u{200b}=1",
            "\u{202e}=1",
            "\u{feff}=1",
            "\u{0}=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "hello\n=1",
            "hello\r\n  +1",
            "hello\r=1",
            "a\u{2028}=1",
            "'",
            "'=1",
            "''",
            "007",
            "00",
            "1234567890123456",
            " 007 ",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"), "{cell:?} must reach the spreadsheet as text");
        }
    }

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        for cell in [
            "",
            "alice",
            "a=b",
            "a-b",
            "0",
            "123456789012345",
            "user@example.com",
            "1 = 2",
            "a\nb",
            "张三",
            "it's",
            "a\r\nb",
        ] {
            assert_eq!(guard(cell), cell, "{cell:?} is not changed without need");
        }
    }

    proptest! {
        #[test]
        fn the_guard_loses_nothing(cell in ".*|['=+@\\-\t\r\n 0-9\u{a0}\u{200b}]{0,20}") {
            let guarded = guard(&cell);
            prop_assert_eq!(unguard(&guarded), &*cell, "a guarded cell gives its value back");
            prop_assert!(!begins_formula(&guarded) || guarded.starts_with('\''), "no guarded cell begins a formula");
        }
    }
}
