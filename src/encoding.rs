//! Text that people and their programs save in any of Unicode's encodings, as UTF-8.
//!
//! PowerShell writes UTF-16, Notepad puts a mark before UTF-8. The encoding is told by the mark, or, without one, where the
//! first characters leave no doubt. Nothing else is guessed.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

/// Stands for what is no character: it is in no UTF-8, so whoever reads the text notices.
const NO_CHARACTER: u8 = 0xff;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// What old editors and cut-off writes leave at the end of a file.
const TRAILING: [u8; 4] = [0, 0x1a, b'\r', b'\n'];

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or whatever its reader makes of it.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// UTF-32, the lowest byte first.
    Utf32Le,
    /// UTF-32, the highest byte first.
    Utf32Be,
}

impl Encoding {
    /// The encoding of a text that begins with these bytes; eight of them tell all there is to know.
    pub fn of(beginning: &[u8]) -> Self {
        let ascii = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        match *beginning {
            [0xff, 0xfe, 0, 0, ..] => Self::Utf32Le,
            [0, 0, 0xfe, 0xff, ..] => Self::Utf32Be,
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [a, 0, 0, 0, b, 0, 0, 0, ..] if ascii(a) && ascii(b) => Self::Utf32Le,
            [0, 0, 0, a, 0, 0, 0, b, ..] if ascii(a) && ascii(b) => Self::Utf32Be,
            [a, 0, b, 0, ..] if ascii(a) && ascii(b) => Self::Utf16Le,
            [0, a, 0, b, ..] if ascii(a) && ascii(b) => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    const fn width(self) -> usize {
        match self {
            Self::Utf8 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf32Le | Self::Utf32Be => 4,
        }
    }
}

/// A whole text as UTF-8 without a mark. What is no character in it makes it no UTF-8.
pub fn to_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let encoding = Encoding::of(bytes);
    if encoding == Encoding::Utf8 {
        return Cow::Borrowed(bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes));
    }
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.to_vec();
    decode(encoding, &mut rest, true, &mut text);
    if text.starts_with(UTF8_MARK) {
        text.drain(..UTF8_MARK.len());
    }
    Cow::Owned(text)
}

/// Reads a text as UTF-8, piece by piece. A mark stays in it.
pub struct Decoded<R> {
    input: R,
    encoding: Encoding,
    raw: Vec<u8>,
    text: Vec<u8>,
    read: usize,
}

impl<R: BufRead> Decoded<R> {
    /// Reads `input`, which is in this encoding.
    pub fn new(input: R, encoding: Encoding) -> Self {
        Self { input, encoding, raw: Vec::new(), text: Vec::new(), read: 0 }
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read >= self.text.len() {
            self.text.clear();
            self.read = 0;
            let piece = self.input.fill_buf()?;
            let (length, is_end) = (piece.len(), piece.is_empty());
            self.raw.extend_from_slice(piece);
            self.input.consume(length);
            decode(self.encoding, &mut self.raw, is_end, &mut self.text);
            if is_end {
                break;
            }
        }
        Ok(self.text.get(self.read..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount;
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let read = from.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

/// Takes whole characters from `raw` and puts them into `text`; what is not whole yet stays, unless nothing follows.
fn decode(encoding: Encoding, raw: &mut Vec<u8>, is_end: bool, text: &mut Vec<u8>) {
    let mut put = |c: Option<char>| match c {
        Some(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => text.push(NO_CHARACTER),
    };
    let mut used = raw.len() - raw.len() % encoding.width();
    match encoding {
        Encoding::Utf8 => text.extend_from_slice(raw),
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let mut units: Vec<u16> = raw.chunks_exact(2).map(|pair| unit(encoding, pair)).collect();
            // The second half of this character comes with the next piece.
            if !is_end && units.pop_if(|last| (0xd800..0xdc00).contains(last)).is_some() {
                used -= 2;
            }
            char::decode_utf16(units).for_each(|c| put(c.ok()));
        }
        Encoding::Utf32Le | Encoding::Utf32Be => {
            raw.chunks_exact(4).for_each(|bytes| put(scalar(encoding, bytes)));
        }
    }
    raw.drain(..used);
    if is_end && !raw.is_empty() {
        if raw.iter().any(|byte| !TRAILING.contains(byte)) {
            text.push(NO_CHARACTER);
        }
        raw.clear();
    }
}

fn unit(encoding: Encoding, pair: &[u8]) -> u16 {
    let pair = pair.try_into().unwrap_or_default();
    if encoding == Encoding::Utf16Le { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
}

fn scalar(encoding: Encoding, bytes: &[u8]) -> Option<char> {
    let bytes = bytes.try_into().ok()?;
    char::from_u32(if encoding == Encoding::Utf32Le { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const TEXT: &str = "{\"name\":\"张三 😀 ü\"}\r\n";

    fn written(text: &str, encoding: Encoding) -> Vec<u8> {
        let units = || text.encode_utf16();
        match encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf32Le => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            Encoding::Utf32Be => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        }
    }

    #[test]
    fn each_encoding_is_told_and_read_with_and_without_its_mark() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be] {
            for text in [TEXT.to_owned(), format!("\u{feff}{TEXT}")] {
                let bytes = written(&text, encoding);
                assert_eq!(Encoding::of(&bytes), encoding, "it is told");
                assert_eq!(to_utf8(&bytes), TEXT.as_bytes(), "{encoding:?} is read whole");
                // Pieces of every length, so that each character is cut in each place.
                for piece in 1..9 {
                    let mut read = String::new();
                    Decoded::new(BufReader::with_capacity(piece, &bytes[..]), encoding)
                        .read_to_string(&mut read)
                        .unwrap();
                    assert_eq!(read, text, "{encoding:?} is read in pieces of {piece} bytes");
                }
            }
        }
    }

    #[test]
    fn what_is_no_character_is_noticed() {
        let mut cut = written("{}", Encoding::Utf16Le);
        cut.extend([0x3d, 0xd8]); // half of a pair
        assert!(std::str::from_utf8(&to_utf8(&cut)).is_err(), "half a character is no character");
        let odd = [&written("{}", Encoding::Utf16Le)[..], b"x"].concat();
        assert!(std::str::from_utf8(&to_utf8(&odd)).is_err(), "half a unit is none either");
        let ended = [&written("{}", Encoding::Utf16Le)[..], b"\x1a"].concat();
        assert_eq!(&*to_utf8(&ended), b"{}", "an editor's end of file is no text");
        for bytes in
            [&b""[..], b"{", b"{}", b"\x00\x00\x00\x00\x00\x00\x00\x00", b"\xffx", b"a\0b\xff", b"\xd6\xd0\xb9\xfa"]
        {
            assert_eq!(Encoding::of(bytes), Encoding::Utf8, "nothing is guessed: {bytes:?}");
            assert_eq!(&*to_utf8(bytes), bytes, "and nothing changed");
        }
    }
}
