//! Search by a part of an id: the ids of all calls lie packed in blocks, in the order of the list, and are looked through at
//! the pace of memory. Only what is found is looked up.

mod block;
pub(crate) mod segment;

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use memchr::memmem::Finder;
use rusqlite::Connection;

use crate::store::error::Error;
use block::Block;
pub(crate) use block::{CallKey, Entry};

/// Calls whose ids changed, collected for a batch and written at its end: `None` for those that are not there any more.
#[derive(Default)]
pub(crate) struct Ids(BTreeMap<CallKey, Option<Vec<String>>>);

impl Ids {
    /// A call has these ids; they are folded here.
    pub(crate) fn put<'a>(&mut self, place: CallKey, ids: impl IntoIterator<Item = &'a str>) {
        self.0.insert(place, Some(ids.into_iter().map(crate::store::case_fold::fold).collect()));
    }

    /// A call is not there any more, or has another place.
    pub(crate) fn take(&mut self, place: CallKey) {
        self.0.insert(place, None);
    }

    /// Writes the blocks that changed, each once.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        let mut changes = self.0.into_iter().peekable();
        while let Some((first, _)) = changes.peek() {
            let mut block = Block::holding(connection, first)?;
            let end = block.end(connection)?;
            while let Some((place, ids)) = changes.next_if(|(place, _)| end.as_ref().is_none_or(|end| place < end)) {
                block.change(place, ids);
            }
            block.write(connection)?;
        }
        Ok(())
    }
}

/// Tells the calls with an id that holds the needle, in the order of the list, from a place on (or after the newest) and back to
/// a time, until the visitor breaks off.
pub(crate) fn each(
    connection: &Connection,
    needle: &str,
    from: Option<&CallKey>,
    window: &Range<i64>,
    mut visit: impl FnMut(&Entry<'_>) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let finder = Finder::new(needle);
    let newest = CallKey::newest_before(window.end);
    let from = from.map_or(&newest, |from| from.max(&newest));
    let first = Block::holding(connection, from)?.place();
    let mut statement = connection.prepare_cached(
        "select started_ms, ids from search_block
         where started_ms <= ?1 and (started_ms < ?1 or (app, call_id) >= (?2, ?3))
         order by started_ms desc, app, call_id",
    )?;
    let mut found = statement.query((first.started_ms(), &first.app, &first.call_id))?;
    while let Some(row) = found.next()? {
        if row.get::<_, i64>(0)? < window.start {
            break;
        }
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if finder.find(bytes).is_none() {
            continue;
        }
        for entry in block::entries(bytes) {
            let entry = entry?;
            if entry.is_before(from) || !entry.ids().any(|id| finder.find(id).is_some()) {
                continue;
            }
            if entry.started_ms < window.start || visit(&entry)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// All of them, unless there are more than so many.
pub(crate) fn all(
    connection: &Connection,
    needle: &str,
    window: &Range<i64>,
    most: usize,
) -> Result<Option<Vec<CallKey>>, Error> {
    let mut places = Vec::new();
    each(connection, needle, None, window, |entry| {
        places.push(entry.place()?);
        Ok(if places.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Some(places).filter(|places| places.len() <= most))
}

/// A block as text: its calls, each with its ids.
#[cfg(test)]
type Read = Vec<(CallKey, Vec<String>)>;

/// All blocks.
#[cfg(test)]
pub(crate) fn blocks(connection: &Connection) -> Result<Vec<Read>, Error> {
    let mut statement = connection.prepare("select ids from search_block order by started_ms desc, app, call_id")?;
    let blocks = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
    let own = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
    let calls = |bytes: &Vec<u8>| {
        block::entries(bytes)
            .map(|entry| entry.and_then(|entry| Ok((entry.place()?, entry.ids().map(own).collect()))))
            .collect()
    };
    blocks.iter().map(calls).collect()
}
