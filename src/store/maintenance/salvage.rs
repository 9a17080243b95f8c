//! Deliveries from the pages of a damaged archive, without the tree that leads to them.
//!
//! SQLite reaches a row from the first page through the pages in between; where one of those is gone, sound pages below it
//! cannot be reached. Here every page of the file and of its log is looked at by itself, as <https://sqlite.org/fileformat2.html>
//! describes it. What only looks like a delivery does not give its digest, and whoever asks leaves it out.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::store::archive::content::Request;
use crate::store::delivery::{Delivery, Digest, Source};
use crate::store::error::Error;
use crate::store::files::sidecars::with_sidecars;

/// The size of a page; the archive never has another one.
const PAGE: usize = 4096;
/// What the log has before its first page, and before each.
const LOG_HEAD: u64 = 32;
const FRAME_HEAD: usize = 24;
/// A page with rows of a table begins with this.
const LEAF: u8 = 0x0d;
/// More than any delivery has; a damaged length is not believed.
const LONGEST: usize = 16 << 20;

/// Calls `found` with whatever has the form of a delivery, from the oldest page to the newest of the log.
pub(crate) fn each_delivery(
    archive: &Path,
    mut found: impl FnMut(Digest, Delivery) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut pages = Pages::open(archive)?;
    let places: Vec<_> =
        (0..pages.count).map(PageLocation::File).chain(pages.frames.iter().copied().map(PageLocation::Log)).collect();
    for place in places {
        // A place that cannot be read at all holds nothing to save.
        let Some(page) = pages.read(place) else { continue };
        for cell in cells(&page) {
            if let Some((digest, delivery)) = pages.payload(&page, cell).as_deref().and_then(delivery) {
                found(digest, delivery)?;
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum PageLocation {
    /// The n-th page of the file, from 0.
    File(u64),
    /// A page at this place in the log.
    Log(u64),
}

struct Pages {
    /// None where a log was left without its file.
    file: Option<File>,
    count: u64,
    log: Option<File>,
    /// Where pages stand in the log.
    frames: Vec<u64>,
    /// The newest place of each page that the log has, by its number.
    newest: HashMap<u32, u64>,
}

impl Pages {
    fn open(archive: &Path) -> Result<Self, Error> {
        let file = archive.is_file().then(|| File::open(archive)).transpose().map_err(Error::io(archive))?;
        let length = file.as_ref().map_or(Ok(0), |file| file.metadata().map(|file| file.len()));
        let length = length.map_err(Error::io(archive))?;
        let size = u64::try_from(PAGE).unwrap_or(u64::MAX);
        let mut pages =
            Self { file, count: length.div_ceil(size), log: None, frames: Vec::new(), newest: HashMap::new() };
        let log = with_sidecars(archive).nth(1).unwrap_or_default();
        match File::open(&log) {
            Ok(log) => pages.read_log(log),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(log)(error)),
        }
        Ok(pages)
    }

    fn read_log(&mut self, mut log: File) {
        let mut at = LOG_HEAD;
        let mut head = [0; FRAME_HEAD];
        while log.seek(SeekFrom::Start(at)).and_then(|_| log.read_exact(&mut head)).is_ok() {
            let page = at + u64::try_from(FRAME_HEAD).unwrap_or(0);
            self.frames.push(page);
            self.newest.insert(number(&head, 0).unwrap_or(0), page);
            at = page + u64::try_from(PAGE).unwrap_or(u64::MAX);
        }
        self.log = Some(log);
    }

    /// A page; what is missing at its end counts as zeroes.
    fn read(&mut self, place: PageLocation) -> Option<Vec<u8>> {
        let size = u64::try_from(PAGE).ok()?;
        let (file, at) = match place {
            PageLocation::File(index) => (self.file.as_mut()?, index * size),
            PageLocation::Log(at) => (self.log.as_mut()?, at),
        };
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut page = Vec::with_capacity(PAGE);
        file.take(size).read_to_end(&mut page).ok()?;
        page.resize(PAGE, 0);
        Some(page)
    }

    fn read_newest(&mut self, number: u32) -> Option<Vec<u8>> {
        match self.newest.get(&number) {
            Some(at) => self.read(PageLocation::Log(*at)),
            None => self.read(PageLocation::File(u64::from(number.checked_sub(1)?))),
        }
    }

    /// The whole of a row, which may go on on other pages.
    fn payload(&mut self, page: &[u8], cell: usize) -> Option<Vec<u8>> {
        let mut rest = page.get(cell..)?;
        let length = usize::try_from(varint(&mut rest)?).ok().filter(|length| *length <= LONGEST)?;
        varint(&mut rest)?;
        let here = local(length);
        let mut payload = rest.get(..here)?.to_vec();
        let mut next = if here < length { number(rest, here)? } else { 0 };
        while payload.len() < length {
            let more = self.read_newest(next)?;
            next = number(&more, 0)?;
            let wanted = (length - payload.len()).min(PAGE - 4);
            payload.extend_from_slice(more.get(4..4 + wanted)?);
        }
        Some(payload)
    }
}

/// How much of a row of this length stands on its own page.
fn local(length: usize) -> usize {
    let (most, least) = (PAGE - 35, (PAGE - 12) * 32 / 255 - 23);
    if length <= most {
        return length;
    }
    let fitting = least + (length - least) % (PAGE - 4);
    if fitting <= most { fitting } else { least }
}

/// Where the rows of a page begin.
fn cells(page: &[u8]) -> Vec<usize> {
    if page.first() != Some(&LEAF) {
        return Vec::new();
    }
    let places = page.get(8..).unwrap_or_default().chunks_exact(2);
    places.take(short(page, 3).unwrap_or(0)).filter_map(|place| short(place, 0)).collect()
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Takes a number of one to nine bytes off the front.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if place == 8 {
            return Some(value << 8 | u64::from(*byte));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

/// A row of `delivery`, if this is one.
fn delivery(payload: &[u8]) -> Option<(Digest, Delivery)> {
    let mut columns = Columns::of(payload)?;
    // The row's own number stands elsewhere; its column is null.
    if columns.next()?.0 != 0 {
        return None;
    }
    let digest = Digest(columns.next()?.1.try_into().ok()?);
    packed(columns).or_else(|| unpacked(columns)).map(|delivery| (digest, delivery))
}

/// What follows a digest since version 3.
fn packed(mut columns: Columns<'_>) -> Option<Delivery> {
    let (_origin_no, _n) = (columns.integer()?, columns.integer()?);
    let received_ms = columns.integer()?;
    let source = if columns.integer()? == 1 { Source::Backfill } else { Source::Callback };
    let app = columns.text()?;
    let body_bytes = columns.integer()?;
    let Request { remote, method, query, headers, body } = Request::unpack(columns.next()?.1);
    let is_whole = i64::try_from(body.len()) == Ok(body_bytes);
    is_whole.then_some(Delivery { received_ms, source, remote, method, app, query, headers, body })
}

/// What follows a digest in versions 1 and 2.
fn unpacked(mut columns: Columns<'_>) -> Option<Delivery> {
    let received_ms = columns.integer()?;
    let source = Source::read(&columns.text()?);
    let (app, remote, method, query) = (columns.text()?, columns.text()?, columns.text()?, columns.text()?);
    let headers = serde_json::from_str(&columns.text()?).unwrap_or_default();
    let body = columns.next()?.1.to_vec();
    Some(Delivery { received_ms, source, remote, method, app, query, headers, body })
}

/// The columns of a row that are left: what kind of value each is, and the values one behind the other.
#[derive(Clone, Copy)]
struct Columns<'a> {
    kinds: &'a [u8],
    values: &'a [u8],
}

impl<'a> Columns<'a> {
    fn of(payload: &'a [u8]) -> Option<Self> {
        let mut head = payload;
        let length = usize::try_from(varint(&mut head)?).ok()?;
        let kinds = head.get(..length.checked_sub(payload.len() - head.len())?)?;
        Some(Self { kinds, values: payload.get(length..)? })
    }

    fn next(&mut self) -> Option<(u64, &'a [u8])> {
        let kind = varint(&mut self.kinds)?;
        let (value, rest) = self.values.split_at_checked(width(kind)?)?;
        self.values = rest;
        Some((kind, value))
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.next()?.1.to_vec()).ok()
    }

    fn integer(&mut self) -> Option<i64> {
        let (kind, value) = self.next()?;
        match kind {
            8 => Some(0),
            9 => Some(1),
            _ => integer(kind, value),
        }
    }
}

/// How many bytes a value of this kind has.
fn width(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

fn integer(kind: u64, bytes: &[u8]) -> Option<i64> {
    if !(1..=6).contains(&kind) {
        return None;
    }
    let filler = if bytes.first()? & 0x80 == 0 { 0 } else { 0xff };
    let mut whole = [filler; 8];
    whole.get_mut(8 - bytes.len()..)?.copy_from_slice(bytes);
    Some(i64::from_be_bytes(whole))
}
