//! Texts of a cell: never taken for anything else, and read back as they are.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// UTF-16 units that a cell can hold.
const MOST_UNITS: usize = 32_767;
/// What a text ends with that did not fit.
const CUT: &str = " […]";
/// Units that still fit when each of them is escaped.
const MOST_ESCAPED: usize = 4_000;
/// `_x0041_` without its last sign.
const ESCAPE: usize = "_x0041".len();

/// Writes a text and says whether it was cut.
pub(crate) fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<bool, XlsxError> {
    let is_ambiguous = is_ambiguous(text);
    let most = if is_ambiguous { MOST_ESCAPED } else { MOST_UNITS };
    let (shown, is_cut) = fitted(text, most);
    if is_ambiguous {
        // Runs of text are not escaped by the library, so they can be escaped in full. There have to be two of them.
        let first = shown.chars().next().map_or(0, char::len_utf8);
        let (first, rest) = shown.split_at(first);
        let plain = Format::new();
        let runs = [escaped(first), escaped(rest)];
        sheet.write_rich_string_with_format(row, column, &runs.each_ref().map(|run| (&plain, run.as_str())), format)?;
    } else if !shown.is_empty() {
        sheet.write_string_with_format(row, column, shown, format)?;
    }
    Ok(is_cut)
}

/// The text, cut between two characters where it is longer than that many UTF-16 units.
fn fitted(text: &str, most: usize) -> (Cow<'_, str>, bool) {
    // A unit takes at least one byte.
    if text.len() <= most || text.encode_utf16().count() <= most {
        return (Cow::Borrowed(text), false);
    }
    let most = most.saturating_sub(CUT.encode_utf16().count());
    let mut units = 0;
    let end = text.char_indices().find(|(_, sign)| {
        units += sign.len_utf16();
        units > most
    });
    let kept = end.and_then(|(end, _)| text.get(..end)).unwrap_or_default();
    (Cow::Owned(format!("{kept}{CUT}")), true)
}

/// What XML cannot hold is written as `_x0001_`, and what looks like that as `_x005F_x0001_`. The library does both, but does not
/// see what only comes to look like that: `_x0041` before a character that is written as `_x0001_`.
fn is_ambiguous(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.contains("_x")
        && text.char_indices().any(|(at, sign)| {
            let before = at.checked_sub(ESCAPE).and_then(|begin| bytes.get(begin..at));
            is_escaped(sign) && before.is_some_and(looks_escaped)
        })
}

/// Whether these are `_x` and four hexadecimal digits.
fn looks_escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', digits @ ..] if digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit))
}

/// What XML 1.0 cannot hold, and the carriage return, which it reads as a line feed.
const fn is_escaped(sign: char) -> bool {
    matches!(sign, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '_' => escaped.push_str("_x005F_"),
            sign if is_escaped(sign) => escaped.push_str(&format!("_x{:04X}_", u32::from(sign))),
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_between_two_characters() {
        for (text, want) in
            [("abcdef", "abcdef"), ("abcdefg", "ab […]"), ("a😀😀😀", "a […]"), ("😀😀😀", "😀😀😀"), ("", "")]
        {
            let (shown, is_cut) = fitted(text, 6);
            assert_eq!((shown.as_ref(), is_cut), (want, want != text), "{text}");
            assert!(shown.encode_utf16().count() <= 6, "{text} fits");
        }
        let long = "张".repeat(MOST_UNITS);
        assert_eq!(fitted(&long, MOST_UNITS), (Cow::Borrowed(long.as_str()), false), "bytes are not what counts");
    }

    #[test]
    fn only_what_comes_to_look_escaped_is_ambiguous() {
        for text in ["_x0041\u{1}", "a_x00e9\r", "_x0041_x0041\u{ffff}"] {
            assert!(is_ambiguous(text), "{text:?}");
        }
        for text in ["", "_x0041_", "_x0041", "\u{1}x0041_", "_x004\u{1}", "_x00g1\u{1}", "_x0041\n", "é_x041\u{1}"] {
            assert!(!is_ambiguous(text), "{text:?}");
        }
    }
}
