//! Search in deliveries: what each stretch of the archive tells of lies packed beside it, so that stretches which cannot hold
//! what is searched for are not read. What is found here is still looked through row by row.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem::Finder;
use rusqlite::Connection;

use crate::store::case_fold;
use crate::store::error::Error;

/// So many numbers of the archive are a stretch.
pub(crate) const DELIVERIES: i64 = 64;
/// Rows of a page, as far as this matters here.
const PAGE: i64 = 200;
/// Whoever sends long ids would have each delivery write those of 63 others again. What is longer than this is not packed.
const MOST_BYTES: i64 = 16_384;
/// Ends each text. It is in no UTF-8, so nothing is found across two texts.
const END: u8 = 0xff;

/// Segments in which a delivery came, changed or went, collected for a batch and written at its end.
#[derive(Default)]
pub(crate) struct Segments(BTreeSet<i64>);

impl Segments {
    /// What this delivery tells of came, changed or went.
    pub(crate) fn touch(&mut self, delivery_id: i64) {
        self.0.insert(delivery_id.div_euclid(DELIVERIES));
    }

    /// Packs the stretches that changed, each once.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        self.0.into_iter().try_for_each(|stretch| pack(connection, stretch))
    }
}

/// Packs a stretch anew from its rows: so it depends on them alone, whatever came first.
fn pack(connection: &Connection, stretch: i64) -> Result<(), Error> {
    // The length of a text is known without reading it.
    let times_and_longest = "select min(received_ms), max(received_ms),
             max(octet_length(call_id) + octet_length(room_id) + octet_length(command))
         from reading where delivery_id >= ?1 and delivery_id < ?2";
    let first = stretch * DELIVERIES;
    let numbers = (first, first + DELIVERIES);
    let (earliest_ms, latest_ms, longest): (Option<i64>, Option<i64>, Option<i64>) = connection
        .prepare_cached(times_and_longest)?
        .query_row(numbers, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some(longest) = longest else {
        connection.prepare_cached("delete from search_stretch where stretch = ?1")?.execute([stretch])?;
        return Ok(());
    };
    let texts = if longest <= MOST_BYTES { Some(packed(connection, numbers)?) } else { None };
    let texts = texts.filter(|texts| i64::try_from(texts.len()).is_ok_and(|bytes| bytes <= MOST_BYTES));
    connection
        .prepare_cached(
            "insert or replace into search_stretch (stretch, earliest_ms, latest_ms, texts) values (?1, ?2, ?3, ?4)",
        )?
        .execute((stretch, earliest_ms, latest_ms, texts))?;
    Ok(())
}

/// What some deliveries tell of, each text once.
fn packed(connection: &Connection, numbers: (i64, i64)) -> Result<Vec<u8>, Error> {
    let mut statement = connection
        .prepare_cached("select call_id, room_id, command from reading where delivery_id >= ?1 and delivery_id < ?2")?;
    let mut rows = statement.query(numbers)?;
    let mut texts = BTreeSet::new();
    while let Some(row) = rows.next()? {
        for column in 0..3 {
            texts.insert(case_fold::fold(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?));
        }
    }
    texts.remove("");
    Ok(texts.iter().flat_map(|text| text.bytes().chain([END])).collect())
}

/// Up to so many stretches are looked through whole and sorted for a page of rows. Where more hold the needle, walking the list
/// from its newest row on reads fewer: with `n` of all stretches, about `all / n` of them for each row.
pub(crate) fn few(connection: &Connection) -> Result<usize, Error> {
    if cfg!(test) {
        return Ok(1);
    }
    let newest = "select coalesce(max(stretch), 0) from search_stretch";
    let all: i64 = connection.prepare_cached(newest)?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(all.saturating_mul(PAGE).max(0).isqrt()).unwrap_or(usize::MAX))
}

/// The first number of each stretch that may hold deliveries of a window of time with the needle; `None` when there are more
/// than so many.
pub(crate) fn holding(
    connection: &Connection,
    needle: &str,
    window: &Range<i64>,
    most: usize,
) -> Result<Option<Vec<i64>>, Error> {
    let finder = Finder::new(needle);
    let mut statement = connection
        .prepare_cached("select stretch, texts from search_stretch where latest_ms >= ?1 and earliest_ms < ?2")?;
    let mut rows = statement.query((window.start, window.end))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let texts = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        if texts.is_some_and(|texts| finder.find(texts).is_none()) {
            continue;
        }
        if found.len() == most {
            return Ok(None);
        }
        found.push(row.get::<_, i64>(0)? * DELIVERIES);
    }
    Ok(Some(found))
}

/// A stretch as text: when its first and its last delivery were received, and what they tell of, unless that is too long.
#[cfg(test)]
pub(crate) type Unpacked = (i64, i64, Option<BTreeSet<String>>);

/// All stretches, by their numbers.
#[cfg(test)]
pub(crate) fn unpacked(connection: &Connection) -> Result<std::collections::BTreeMap<i64, Unpacked>, Error> {
    let mut statement = connection.prepare("select stretch, earliest_ms, latest_ms, texts from search_stretch")?;
    let segments = statement.query_map([], |row| {
        let texts = row.get::<_, Option<Vec<u8>>>(3)?.map(|packed| {
            let texts = packed.split_inclusive(|byte| *byte == END);
            let own =
                |text: &[u8]| String::from_utf8_lossy(text.strip_suffix(&[END]).unwrap_or(b"no end")).into_owned();
            texts.map(own).collect()
        });
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, texts)))
    })?;
    Ok(segments.collect::<Result<_, _>>()?)
}
