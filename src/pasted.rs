//! What people paste and what editors save: a text with marks that nobody sees, and a file in another encoding. The marks are taken
//! off, because whoever looks at the text cannot find them.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::encoding;

/// The pairs of marks that stand around a text which somebody quoted.
const QUOTES: [(char, char); 9] =
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('„', '“'), ('‘', '’'), ('«', '»'), ('「', '」'), ('＂', '＂')];

/// A text without what cannot be seen in it, and without spaces and line ends around it. What is seen stays as it is.
pub fn tidy(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|mark: char| mark.is_whitespace() || is_invisible(mark));
    if text.contains(is_invisible) { Cow::Owned(text.replace(is_invisible, "")) } else { Cow::Borrowed(text) }
}

/// [`tidy`] for what is copied in quotation marks, such as a value out of JSON: they go too where they stand on both sides.
pub fn tidy_quoted(text: &str) -> Cow<'_, str> {
    let tidied = tidy(text);
    for (open, close) in QUOTES {
        if let Some(inner) = tidied.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return Cow::Owned(tidy(inner).into_owned());
        }
    }
    tidied
}

/// Digits as keyboards of East Asia make them, wide ones, as the digits that everybody means.
pub fn narrow_digits(text: &str) -> String {
    let narrow =
        |digit: char| u32::from(digit).checked_sub(u32::from('０')).and_then(|value| char::from_digit(value, 10));
    text.chars().map(|digit| narrow(digit).unwrap_or(digit)).collect()
}

/// The text of a file in whichever of Unicode's encodings it was saved; nothing when it is no text.
pub fn text_of(bytes: &[u8]) -> Option<Zeroizing<String>> {
    String::from_utf8(encoding::to_utf8(bytes).into_owned()).ok().map(Zeroizing::new)
}

/// Characters that have no look of their own: of no width, only for the direction or the shape of others, or tags.
fn is_invisible(mark: char) -> bool {
    matches!(mark,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_off() {
        for text in [
            "abc",
            " abc\r\n",
            "\u{feff}abc",
            "abc\u{200b}",
            "a\u{200b}b\u{ad}c",
            "\u{a0}\u{3000}abc\u{2028}",
            "\u{202a}abc\u{202c}",
            "\u{feff} \u{200b}\tabc \u{feff}\n",
            "a\u{2060}bc\u{e0001}",
        ] {
            assert_eq!(tidy(text), "abc", "{}", text.escape_unicode());
        }
        for text in ["a b", "a\nb", "é", "\u{0}", "a\u{a0}b"] {
            assert_eq!(tidy(text), text, "{}: what is seen, or breaks a text in two, stays", text.escape_unicode());
        }
    }

    #[test]
    fn quotation_marks_go_where_they_are_a_pair() {
        for text in ["\"abc\"", "'abc'", "`abc`", "“abc”", "„abc“", "‘abc’", "«abc»", "「abc」", "\u{feff}\" abc \"\n"]
        {
            assert_eq!(tidy_quoted(text), "abc", "{text}");
        }
        for text in ["\"abc", "abc'", "a\"b\"c", "\"", "“abc\""] {
            assert_eq!(tidy_quoted(text), text, "{text} is not quoted");
        }
        assert_eq!(tidy_quoted("\"\""), "", "nothing in quotation marks");
    }

    #[test]
    fn wide_digits_are_digits() {
        for (text, want) in
            [("１４０９", "1409"), ("14０0", "1400"), ("1400", "1400"), ("１，４", "1，4"), ("١٤", "١٤"), ("", "")]
        {
            assert_eq!(narrow_digits(text), want, "{text}");
        }
    }

    #[test]
    fn a_file_may_be_of_another_encoding() {
        let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<_>>();
        for bytes in [
            "a诊\n".as_bytes().to_vec(),
            "\u{feff}a诊\n".as_bytes().to_vec(),
            utf16("\u{feff}a诊\n", u16::to_le_bytes),
            utf16("\u{feff}a诊\n", u16::to_be_bytes),
        ] {
            assert_eq!(text_of(&bytes).as_deref().map(String::as_str), Some("a诊\n"), "{bytes:x?}");
        }
        for bytes in [b"\xff\xfea".as_slice(), b"\xff\xfe\x00\xd8", b"a\xff", b"\x81\x40"] {
            assert_eq!(text_of(bytes), None, "{bytes:x?} is no text");
        }
    }
}
