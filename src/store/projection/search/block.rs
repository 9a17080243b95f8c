//! A block of ids: the calls from one whose own id says that a block begins with it (or from the newest) to the next such one,
//! in the order of the list. So which blocks there are depends on the calls alone, whatever came first, and a call that comes
//! or changes rewrites one small block.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::store::error::Error;

/// One call in so many begins a block.
const CALLS: u64 = 64;
/// The entry names its application; without it, it is that of the entry before.
const OTHER_APP: u8 = 1;
/// The call's id is not the same when it is folded, so it follows as it is.
const UNFOLDED: u8 = 2;

/// Where a call is in the list: newest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallKey {
    started_ms: Reverse<i64>,
    pub(crate) app: String,
    pub(crate) call_id: String,
}

impl CallKey {
    pub(crate) fn new(started_ms: i64, app: &str, call_id: &str) -> Self {
        Self { started_ms: Reverse(started_ms), app: app.to_owned(), call_id: call_id.to_owned() }
    }

    /// Before every call that was started earlier than this.
    pub(crate) fn newest_before(at_ms: i64) -> Self {
        Self::new(if at_ms == i64::MAX { at_ms } else { at_ms.saturating_sub(1) }, "", "")
    }

    pub(crate) fn started_ms(&self) -> i64 {
        self.started_ms.0
    }

    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self { started_ms: Reverse(row.get(0)?), app: row.get(1)?, call_id: row.get(2)? })
    }

    /// True for calls that a block begins with (FNV-1a).
    fn begins_a_block(&self) -> bool {
        let bytes = self.app.bytes().chain([0]).chain(self.call_id.bytes());
        let hash = bytes
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        (hash ^ (hash >> 32)).is_multiple_of(CALLS)
    }
}

/// A block that is being changed.
pub(super) struct Block {
    /// The call that it begins with; before all calls for the first.
    begin: CallKey,
    /// False where there is no row of it yet.
    is_stored: bool,
    calls: BTreeMap<CallKey, Vec<String>>,
}

impl Block {
    /// The block in which a call is, or would be.
    pub(super) fn holding(connection: &Connection, place: &CallKey) -> Result<Self, Error> {
        let found = connection
            .prepare_cached(
                "select started_ms, app, call_id, ids from search_block
                 where started_ms >= ?1 and (started_ms > ?1 or (app, call_id) <= (?2, ?3))
                 order by started_ms, app desc, call_id desc limit 1",
            )?
            .query_row((place.started_ms(), &place.app, &place.call_id), |row| {
                Ok((CallKey::read(row)?, row.get::<_, Vec<u8>>(3)?))
            })
            .optional()?;
        let Some((begin, ids)) = found else {
            return Ok(Self { begin: CallKey::newest_before(i64::MAX), is_stored: false, calls: BTreeMap::new() });
        };
        let own = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
        let calls = entries(&ids).map(|entry| {
            let entry = entry?;
            Ok((entry.place()?, entry.ids().map(own).collect()))
        });
        Ok(Self { begin, is_stored: true, calls: calls.collect::<Result<_, Error>>()? })
    }

    pub(super) fn place(self) -> CallKey {
        self.begin
    }

    /// Where the next block begins.
    pub(super) fn end(&self, connection: &Connection) -> Result<Option<CallKey>, Error> {
        Ok(connection
            .prepare_cached(
                "select started_ms, app, call_id from search_block
                 where started_ms <= ?1 and (started_ms < ?1 or (app, call_id) > (?2, ?3))
                 order by started_ms desc, app, call_id limit 1",
            )?
            .query_row((self.begin.started_ms(), &self.begin.app, &self.begin.call_id), CallKey::read)
            .optional()?)
    }

    pub(super) fn change(&mut self, place: CallKey, ids: Option<Vec<String>>) {
        match ids {
            Some(ids) => self.calls.insert(place, ids),
            None => self.calls.remove(&place),
        };
    }

    /// Stores it, as several if calls came that begin one, and as a part of the one before if the call went that it began with.
    pub(super) fn write(mut self, connection: &Connection) -> Result<(), Error> {
        let is_first = self.begin == CallKey::newest_before(i64::MAX);
        if self.is_stored && !is_first && !self.calls.contains_key(&self.begin) {
            self.delete(connection)?;
            let mut before = Self::holding(connection, &self.begin)?;
            before.calls.append(&mut self.calls);
            return before.write(connection);
        }
        if self.calls.is_empty() && self.is_stored {
            return self.delete(connection);
        }
        let (mut begin, mut bytes, mut app) = (self.begin, Vec::new(), None);
        for (place, ids) in self.calls {
            if place.begins_a_block() && place != begin {
                store(connection, &begin, &bytes)?;
                (begin, app) = (place.clone(), None);
                bytes.clear();
            }
            write_entry(&mut bytes, &place, &ids, app.as_ref() == Some(&place.app));
            app = Some(place.app);
        }
        store(connection, &begin, &bytes)
    }

    fn delete(&self, connection: &Connection) -> Result<(), Error> {
        let CallKey { app, call_id, .. } = &self.begin;
        connection
            .prepare_cached("delete from search_block where started_ms = ?1 and app = ?2 and call_id = ?3")?
            .execute((self.begin.started_ms(), app, call_id))?;
        Ok(())
    }
}

/// Stores a block; one without calls is not there.
fn store(connection: &Connection, begin: &CallKey, bytes: &[u8]) -> Result<(), Error> {
    if bytes.is_empty() {
        let gone = Block { begin: begin.clone(), is_stored: true, calls: BTreeMap::new() };
        return gone.delete(connection);
    }
    connection
        .prepare_cached(
            "insert into search_block (started_ms, app, call_id, ids) values (?1, ?2, ?3, ?4)
             on conflict (started_ms, app, call_id) do update set ids = excluded.ids",
        )?
        .execute((begin.started_ms(), &begin.app, &begin.call_id, bytes))?;
    Ok(())
}

/// Flags, time, application where it is another one, ids, and the call's own id where folding changed it.
fn write_entry(bytes: &mut Vec<u8>, place: &CallKey, ids: &[String], same_app: bool) {
    let is_folded = ids.first() == Some(&place.call_id);
    bytes.push(if same_app { 0 } else { OTHER_APP } | if is_folded { 0 } else { UNFOLDED });
    bytes.extend(place.started_ms().to_le_bytes());
    if !same_app {
        write_text(bytes, &place.app);
    }
    if !is_folded {
        write_text(bytes, &place.call_id);
    }
    write_number(bytes, ids.len());
    ids.iter().for_each(|id| write_text(bytes, id));
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    write_number(bytes, text.len());
    bytes.extend(text.as_bytes());
}

/// Seven bits a byte, the lowest first.
fn write_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

/// A call of a block, where it lies.
pub(crate) struct Entry<'a> {
    pub(crate) started_ms: i64,
    app: &'a [u8],
    call_id: &'a [u8],
    /// The folded ids, one after the other.
    ids: &'a [u8],
}

impl<'a> Entry<'a> {
    pub(crate) fn place(&self) -> Result<CallKey, Error> {
        let text = |bytes| std::str::from_utf8(bytes).map_err(|_| damaged());
        Ok(CallKey::new(self.started_ms, text(self.app)?, text(self.call_id)?))
    }

    /// True when it is this call.
    pub(crate) fn is(&self, started_ms: i64, app: &str, call_id: &[u8]) -> bool {
        self.started_ms == started_ms && self.call_id == call_id && self.app == app.as_bytes()
    }

    /// Its folded ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.ids;
        std::iter::from_fn(move || read_text(&mut rest))
    }

    /// True when it comes before a place in the list.
    pub(super) fn is_before(&self, place: &CallKey) -> bool {
        let own = (Reverse(self.started_ms), self.app, self.call_id);
        own < (place.started_ms, place.app.as_bytes(), place.call_id.as_bytes())
    }
}

/// The calls of a block.
pub(super) fn entries(bytes: &[u8]) -> impl Iterator<Item = Result<Entry<'_>, Error>> {
    let (mut rest, mut app) = (bytes, &[][..]);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let entry = read_entry(&mut rest, app);
        match &entry {
            Some(entry) => app = entry.app,
            None => rest = &[],
        }
        Some(entry.ok_or_else(damaged))
    })
}

fn damaged() -> Error {
    Error::Content("a block of ids".to_owned())
}

fn read_entry<'a>(rest: &mut &'a [u8], app_before: &'a [u8]) -> Option<Entry<'a>> {
    let flags = *take(rest, 1)?.first()?;
    let started_ms = i64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
    let app = if flags & OTHER_APP != 0 { read_text(rest)? } else { app_before };
    let own = if flags & UNFOLDED != 0 { Some(read_text(rest)?) } else { None };
    let count = read_number(rest)?;
    let (begin, mut first) = (*rest, None);
    for _ in 0..count {
        let id = read_text(rest)?;
        first = first.or(Some(id));
    }
    let ids = begin.get(..begin.len() - rest.len())?;
    Some(Entry { started_ms, app, call_id: own.or(first)?, ids })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn read_text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = read_number(rest)?;
    take(rest, length)
}

fn read_number(rest: &mut &[u8]) -> Option<usize> {
    let (mut number, mut shift) = (0_usize, 0);
    loop {
        let byte = *take(rest, 1)?.first()?;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}
