//! The zip archive that a workbook is: its parts by name, unpacked piece by piece, with one bound for all of them.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
};

use flate2::{Crc, read::DeflateDecoder};

use super::super::Unreadable;

const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
/// The end of the directory and the longest comment behind it.
const LONGEST_END: usize = 22 + 0xffff;
const IS_ENCRYPTED: u16 = 1;

/// An archive in memory.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry<'a>>,
    /// Bytes that may still be unpacked.
    left: Cell<u64>,
}

struct Entry<'a> {
    name: &'a [u8],
    is_packed: bool,
    crc: u32,
    packed_size: usize,
    local_header: usize,
}

impl<'a> Archive<'a> {
    /// Reads the directory. Archives beyond 4 GiB or 65,535 parts (zip64) are none that is read here.
    pub(super) fn open(bytes: &'a [u8], most: u64) -> Result<Self, Unreadable> {
        let entries = directory(bytes).ok_or_else(|| Unreadable::damaged("zip"))?;
        Ok(Self { bytes, entries, left: Cell::new(most) })
    }

    /// A part by its name; `None` where there is none. Some programs write other cases and `\`.
    pub(super) fn part<'b>(&'b self, name: &str) -> Result<Option<Part<'b>>, Unreadable> {
        let same = |(a, b): (&u8, &u8)| a.eq_ignore_ascii_case(b) || (*a == b'\\' && *b == b'/');
        let is_named =
            |entry: &&Entry<'_>| entry.name.len() == name.len() && entry.name.iter().zip(name.as_bytes()).all(same);
        let Some(entry) = self.entries.iter().find(is_named) else { return Ok(None) };
        let packed = self.packed(entry).ok_or_else(|| Unreadable::damaged(name))?;
        let content: Box<dyn Read> =
            if entry.is_packed { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
        Ok(Some(BufReader::new(Bounded { content, crc: Crc::new(), want: entry.crc, left: &self.left })))
    }

    fn packed(&self, entry: &Entry<'_>) -> Option<&'a [u8]> {
        let header = self.bytes.get(entry.local_header..)?;
        if !header.starts_with(LOCAL_HEADER) {
            return None;
        }
        let start = 30 + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
        header.get(start..)?.get(..entry.packed_size)
    }
}

/// The content of a part.
pub(super) type Part<'a> = BufReader<Bounded<'a>>;

/// Unpacks until there is too much of it, and checks at the end that it is what was packed.
pub(super) struct Bounded<'a> {
    content: Box<dyn Read + 'a>,
    crc: Crc,
    want: u32,
    left: &'a Cell<u64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(into)?;
        if read == 0 && !into.is_empty() && self.crc.sum() != self.want {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.crc.update(into.get(..read).unwrap_or_default());
        let left = u64::try_from(read).ok().and_then(|read| self.left.get().checked_sub(read));
        self.left.set(left.ok_or(io::ErrorKind::FileTooLarge)?);
        Ok(read)
    }
}

fn directory(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let tail = bytes.get(bytes.len().saturating_sub(LONGEST_END)..)?;
    let end = tail.get(tail.windows(4).rposition(|window| window == END_OF_DIRECTORY)?..)?;
    let count = u16_at(end, 10)?;
    let mut rest = bytes.get(size_at(end, 16)?..)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        if !rest.starts_with(DIRECTORY_ENTRY) || u16_at(rest, 8)? & IS_ENCRYPTED != 0 {
            return None;
        }
        let is_packed = match u16_at(rest, 10)? {
            0 => false,
            8 => true,
            _ => return None,
        };
        let name_length = usize::from(u16_at(rest, 28)?);
        let length = 46 + name_length + usize::from(u16_at(rest, 30)?) + usize::from(u16_at(rest, 32)?);
        entries.push(Entry {
            name: rest.get(46..)?.get(..name_length)?,
            is_packed,
            crc: u32_at(rest, 16)?,
            packed_size: size_at(rest, 20)?,
            local_header: size_at(rest, 42)?,
        });
        rest = rest.get(length..)?;
    }
    Some(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}
