//! Bytes as text: UTF-8 with whatever is no UTF-8 replaced, UTF-16, or characters of two bytes.

use std::borrow::Cow;

use super::{Defect, Defects};

/// The body without a UTF-8 byte order mark.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// The ways in which a body may be read as text, the likeliest first.
pub(super) fn readings(body: &[u8]) -> Vec<(Cow<'_, str>, Defects)> {
    let body = without_bom(body);
    if let Some((text, defects)) = utf16(body) {
        return vec![(Cow::Owned(text), defects)];
    }
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) => vec![(Cow::Borrowed(text), Defects::new())],
        lossy @ Cow::Owned(_) => {
            let defects = Defects::from([Defect::Bytes]);
            vec![(lossy, defects.clone()), (Cow::Owned(of_two_bytes(body)), defects)]
        }
    }
}

/// How two bytes are one code unit.
type Unit = fn([u8; 2]) -> u16;

/// The text of a body in UTF-16: told by its mark, or by the zeros beside the first two characters, which are ASCII in any JSON.
pub(super) fn utf16(body: &[u8]) -> Option<(String, Defects)> {
    let (unit, body): (Unit, &[u8]) = match body {
        [0xFF, 0xFE, rest @ ..] => (u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => (u16::from_be_bytes, rest),
        [1..=0x7F, 0, 1..=0x7F, 0, ..] => (u16::from_le_bytes, body),
        [0, 1..=0x7F, 0, 1..=0x7F, ..] => (u16::from_be_bytes, body),
        _ => return None,
    };
    let (pairs, odd) = body.as_chunks::<2>();
    let mut defects = Defects::from([Defect::Utf16]);
    let text = char::decode_utf16(pairs.iter().copied().map(unit)).map(|read| {
        read.unwrap_or_else(|_| {
            defects.insert(Defect::Surrogate);
            char::REPLACEMENT_CHARACTER
        })
    });
    let text = text.collect();
    if !odd.is_empty() {
        defects.insert(Defect::Padding);
    }
    Some((text, defects))
}

/// The text of a body in GBK, Big5 or Shift-JIS, whose second bytes may look like a backslash or a bracket: each of its
/// characters is replaced. Which of them it is nobody says, and the facts do not depend on it.
fn of_two_bytes(body: &[u8]) -> String {
    let mut text = String::with_capacity(body.len());
    let mut bytes = body.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            bytes.next_if(|second| matches!(second, 0x40..=0x7E | 0x80..=0xFE));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}
