//! What of valid JSON serde_json does not read, or should not: numbers larger than any float, and values that are inside too many
//! others. A zero stands for each of them while the rest is read, at the same place, so that nothing beside it is lost.

use serde_json::value::RawValue;

use crate::callback::{lasting_body::string_length, number::is_vast};

/// Lists and objects are read inside so many others, the document itself among them. Tencent's go four deep; serde_json stops at
/// 128, and facts are kept inside a few more.
pub(super) const MOST_DEEP: usize = 64;

/// What of a document goes beyond what is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::callback) struct Beyond {
    /// Values that are inside too many others.
    pub(in crate::callback) depth: bool,
    /// Numbers that no float holds.
    pub(in crate::callback) number: bool,
}

/// The text with zeros and spaces in place of what goes beyond, byte for byte as long. `None` where there is nothing of the kind, or
/// where it does not end or is no JSON itself. One pass, whatever comes.
pub(super) fn fitted(text: &str) -> Option<(String, Beyond)> {
    let (mut out, mut beyond) = (String::with_capacity(text.len()), Beyond::default());
    let (mut depth, mut at) = (0, 0);
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.bytes().next()
    {
        let (length, is_kept) = match first {
            b'"' => (string_length(rest.as_bytes()), true),
            b'[' | b'{' if depth == MOST_DEEP => {
                beyond.depth = true;
                (nested_length(rest).filter(|length| rest.get(..*length).is_some_and(is_json))?, false)
            }
            b'[' | b'{' => {
                depth += 1;
                (1, true)
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                (1, true)
            }
            b'-' | b'0'..=b'9' => {
                let number = number_at(rest);
                let is_beyond = is_vast(number) && is_json(number);
                beyond.number |= is_beyond;
                (number.len(), !is_beyond)
            }
            _ => (rest.chars().next().map_or(1, char::len_utf8), true),
        };
        let part = rest.get(..length)?;
        if is_kept {
            out.push_str(part);
        } else {
            out.push('0');
            out.extend(std::iter::repeat_n(' ', length.saturating_sub(1)));
        }
        at += length;
    }
    (beyond != Beyond::default()).then_some((out, beyond))
}

/// The number that a text begins with, as far as characters of numbers go.
pub(super) fn number_at(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
    text.split_once(|c| !is_part(c)).map_or(text, |(number, _)| number)
}

/// How long the list or object is that a text begins with; `None` where it does not end.
fn nested_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = bytes.get(at..)
        && let Some(first) = rest.first()
    {
        match first {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += if *first == b'"' { string_length(rest) } else { 1 };
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Whether a text is valid JSON, however deep it goes and however large its numbers are. serde_json only passes over it here, and
/// needs no recursion for that.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_beyond_is_a_zero_of_the_same_length() {
        let deep = |inside: &str| format!("{}{inside}{}", "[".repeat(MOST_DEEP), "]".repeat(MOST_DEEP));
        for (text, want) in [
            (r#"{"a":1e309,"b":-1E+999 ,"c":1e308}"#.to_owned(), r#"{"a":0    ,"b":0       ,"c":1e308}"#.to_owned()),
            (r#"["1e309","\"1e309",1e309]"#.to_owned(), r#"["1e309","\"1e309",0    ]"#.to_owned()),
            (deep(r#"[],{"é":"]"},1"#), deep(&format!("0 ,0{},1", " ".repeat(9)))),
            (deep("1e400"), deep("0    ")),
        ] {
            let fitted = fitted(&text).map(|(fitted, _)| fitted);
            assert_eq!(fitted.as_deref(), Some(want.as_str()), "{text}");
            assert_eq!(text.len(), want.len(), "{text}: each byte is where it was");
        }
        for text in
            ["{}", "1", "\"1e400", "01e400", "1e400e1", "1e4.0", "-", "", &deep("1"), &deep("[x]"), &"[".repeat(200)]
        {
            assert_eq!(fitted(text), None, "{text:.80}");
        }
    }
}
