//! The characters of a text file that somebody's spreadsheet saved: Unicode, or GB18030 as Excel writes it in China.
//!
//! Nearly any bytes are some GB18030, so that it is valid is not enough: text in another encoding would become Chinese that
//! nobody wrote. Where the bytes speak against it the file is refused; a wrong name in silence is worse than a question.

use std::{borrow::Cow, fmt};

use encoding_rs::GB18030;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Unreadable;
use crate::encoding::{Encoding, to_utf8};

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-16, whichever byte comes first.
    Utf16,
    /// UTF-32, whichever byte comes first.
    Utf32,
    /// GB18030, which holds GBK and GB 2312.
    Gb18030,
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Utf32 => "UTF-32",
            Self::Gb18030 => "GB18030",
        })
    }
}

/// The text of a file without a byte order mark, and how it was written.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Charset), Unreadable> {
    let (text, charset) = match Encoding::of(bytes) {
        Encoding::Utf8 if !bytes.starts_with(UTF8_MARK) => match unmarked_utf16(bytes) {
            Some(marked) => (unicode(&marked, Charset::Utf16)?, Charset::Utf16),
            None => eight_bit(ended(bytes))?,
        },
        Encoding::Utf8 => (unicode(ended(bytes), Charset::Utf8)?, Charset::Utf8),
        Encoding::Utf16Le | Encoding::Utf16Be => (unicode(bytes, Charset::Utf16)?, Charset::Utf16),
        Encoding::Utf32Le | Encoding::Utf32Be => (unicode(bytes, Charset::Utf32)?, Charset::Utf32),
    };
    let text = match text.trim_end_matches(['\0', '\u{1a}']).len() {
        length if length < text.len() => text.get(..length).unwrap_or_default().to_owned(),
        _ => text,
    };
    if text.contains('\0') { Err(Unreadable::NotText) } else { Ok((text, charset)) }
}

/// Without what old programs put at the end of a file.
fn ended(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | 0x1a)).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

fn unicode(bytes: &[u8], charset: Charset) -> Result<String, Unreadable> {
    let text = to_utf8(bytes).into_owned();
    String::from_utf8(text).map_err(|_| Unreadable::BrokenText { charset })
}

/// UTF-16 without a mark that begins with Chinese, behind the mark that it lacks. Every table has separators and line ends,
/// and only in UTF-16 is each of them beside a zero, always on the same side. By chance few are.
fn unmarked_utf16(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let structural = |byte: u8| matches!(byte, b',' | b';' | b'\t' | b'\r' | b'\n');
    let (mut little, mut big) = (0_usize, 0_usize);
    for unit in bytes.chunks_exact(2) {
        match *unit {
            [low, 0] if structural(low) => little += 1,
            [0, low] if structural(low) => big += 1,
            _ => {}
        }
    }
    let all = bytes.iter().filter(|byte| structural(**byte)).count();
    let mark: &[u8] = if little > big { b"\xff\xfe" } else { b"\xfe\xff" };
    let likely = little.max(big);
    (likely > little.min(big) && likely * 4 > all).then(|| Cow::Owned([mark, bytes].concat()))
}

/// UTF-8 or GB18030, whichever the bytes are.
fn eight_bit(bytes: &[u8]) -> Result<(String, Charset), Unreadable> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Charset::Utf8));
    }
    if bytes.contains(&0) {
        return Err(Unreadable::NotText);
    }
    if is_damaged_utf8(bytes) {
        return Err(Unreadable::BrokenText { charset: Charset::Utf8 });
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if is_plausible_gb18030(bytes) => Ok((text.into_owned(), Charset::Gb18030)),
        _ => Err(Unreadable::UnknownCharset),
    }
}

/// UTF-8 with a few wrong bytes in it: more of it is characters of several bytes than is not. In GB18030 hardly anything is.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut characters, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    characters > wrong
}

/// Chinese as it is written: the second byte of a common character is never ASCII. In Western text it nearly always would
/// be (the letter after `ü`), in Big5 and Shift JIS often.
fn is_plausible_gb18030(bytes: &[u8]) -> bool {
    let (mut rare, mut all) = (0_usize, 0_usize);
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => break,
            [0..=0x80, rest @ ..] => rest,
            [_, b'0'..=b'9', _, _, rest @ ..] => {
                all += 1;
                rest
            }
            [_, second, rest @ ..] => {
                all += 1;
                rare += usize::from(second.is_ascii());
                rest
            }
            [_] => break,
        };
    }
    rare * 3 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        match decode(bytes) {
            Ok((text, charset)) => format!("{charset}: {text}"),
            Err(why) => why.to_string(),
        }
    }

    #[test]
    fn western_and_other_chinese_bytes_do_not_become_chinese_that_nobody_wrote() {
        let unknown = Unreadable::UnknownCharset.to_string();
        assert_eq!(decoded(b"user,name\n1,M\xfcller\n"), unknown, "Windows-1252");
        assert_eq!(decoded(b"user,name\n1,Andr\xe9\n"), unknown, "Windows-1252, not even valid");
        assert_eq!(decoded(b"user,name\n1,\xb1i\xa4T\n2,\xa7\xf5\xa5|\n"), unknown, "Big5: 張三, 李四");
        assert_eq!(decoded(b"user,name\n1,\x83e\x83X\x83g\n"), unknown, "Shift JIS");
        let (gb, ..) = GB18030.encode("用户ID,姓名\n1,王珺\n2,😀\n");
        assert_eq!(decoded(&gb), "GB18030: 用户ID,姓名\n1,王珺\n2,😀\n");
    }

    #[test]
    fn damaged_unicode_is_told_and_not_read_as_chinese() {
        let broken = |charset| Unreadable::BrokenText { charset }.to_string();
        let mut utf8 = "用户ID,姓名\n1,张三\n".as_bytes().to_vec();
        utf8.remove(1);
        assert_eq!(decoded(&utf8), broken(Charset::Utf8), "a byte is missing");
        let cut = "用户ID,姓名\n1,张三".as_bytes();
        assert_eq!(decoded(&cut[..cut.len() - 1]), broken(Charset::Utf8), "cut off");
        assert_eq!(decoded(b"\xef\xbb\xbfuser\xff"), broken(Charset::Utf8), "a mark is a promise");
        let utf16: Vec<u8> = "用户ID,姓名\n1,张三".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [[b"\xff\xfe", &utf16[..]].concat(), utf16.clone()] {
            assert_eq!(decoded(&bytes), "UTF-16: 用户ID,姓名\n1,张三");
            assert_eq!(decoded(&bytes[..bytes.len() - 1]), broken(Charset::Utf16), "cut off within a character");
        }
        for bytes in [&b"\x7fELF\x02\0\x01"[..], b"use,\0name,team,ours,phone\n1,a\n"] {
            assert_eq!(decoded(bytes), Unreadable::NotText.to_string());
        }
    }
}
