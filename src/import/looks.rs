//! What a file is that is not what was asked for, told by how it begins.

use crate::encoding;

/// Bytes that are looked at.
pub const LOOKED_AT: usize = 4096;

/// What a file looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Looks {
    /// Nothing that is known here.
    #[default]
    Unknown,
    /// There is nothing in it.
    Empty,
    /// A database of SQLite, as backups are.
    Database,
    /// Deliveries as JSON Lines.
    Lines,
    /// JSON over several lines, or in one list.
    Document,
    /// A table with separators, such as our own CSV.
    Table,
    /// Packed by gzip.
    Gzip,
    /// Packed otherwise: zip, 7z, xz, and others.
    Packed,
    /// A page for a browser.
    Page,
    /// Nothing that is text.
    Binary,
}

impl Looks {
    /// Says what begins with these bytes.
    pub fn of(beginning: &[u8]) -> Self {
        const PACKED: [&[u8]; 7] =
            [b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"BZh", b"Rar!"];
        match beginning {
            [] => Self::Empty,
            _ if beginning.starts_with(b"SQLite format 3\0") => Self::Database,
            _ if beginning.starts_with(b"\x1f\x8b") => Self::Gzip,
            _ if PACKED.iter().any(|magic| beginning.starts_with(magic)) => Self::Packed,
            _ => Self::of_text(&encoding::to_utf8(beginning)),
        }
    }

    fn of_text(text: &[u8]) -> Self {
        let text = text.trim_ascii_start();
        let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let has = |word: &[u8]| line.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
        match text {
            [] => Self::Empty,
            [b'<', ..] => Self::Page,
            [b'{', ..] if has(b"\"v\"") && has(b"\"received\"") => Self::Lines,
            [b'{' | b'[', ..] => Self::Document,
            _ if text.contains(&0) => Self::Binary,
            _ if line.iter().any(|byte| matches!(byte, b',' | b';' | b'\t')) => Self::Table,
            _ => Self::Unknown,
        }
    }

    /// What it is, for "it looks like ...", where that can be said.
    pub const fn words(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::Empty => Some("an empty file"),
            Self::Database => Some("a database, such as a backup; `calltrail restore` brings back what a backup holds"),
            Self::Lines => Some("deliveries as JSON Lines; `calltrail import` reads them"),
            Self::Document => Some(
                "JSON, but not deliveries with one to a line, as `calltrail export deliveries --format jsonl` writes them",
            ),
            Self::Table => Some(
                "a table such as CSV, which cannot be imported; `calltrail export deliveries --format jsonl` writes what can",
            ),
            Self::Gzip => Some("a file packed by gzip; unpack it first"),
            Self::Packed => Some("a packed file; unpack it first"),
            Self::Page => Some("a web page or XML"),
            Self::Binary => Some("no text at all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_beginning() {
        let line = r#"{"v":1,"received":"2025-03-06T03:19:06Z","body":"{}"}"#;
        let utf16: Vec<u8> = format!("\u{feff}{line}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (beginning, want) in [
            (&b""[..], Looks::Empty),
            (b"\xef\xbb\xbf\r\n", Looks::Empty),
            (b"SQLite format 3\0\x10\0", Looks::Database),
            (line.as_bytes(), Looks::Lines),
            (&utf16, Looks::Lines),
            (b"{\n  \"v\": 1,", Looks::Document),
            (b"[{\"v\":1,\"received\"", Looks::Document),
            (b"\xef\xbb\xbfreceived,app,family\r\n", Looks::Table),
            (b"call_id;app\r\n", Looks::Table),
            (b"\x1f\x8b\x08", Looks::Gzip),
            (b"PK\x03\x04", Looks::Packed),
            (b"<!DOCTYPE html>", Looks::Page),
            (b"\x7fELF\x02\0", Looks::Binary),
            (b"hello", Looks::Unknown),
        ] {
            assert_eq!(Looks::of(beginning), want, "{:?}", String::from_utf8_lossy(beginning));
        }
    }
}
