//! Search by a part of a text: the texts of 64 rows in a row lie packed in one segment, so that rows which cannot hold what is
//! searched for are not read. What a segment promises is still looked for row by row.

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rusqlite::{Connection, OptionalExtension as _};

use crate::store::case_fold;
use crate::store::error::Error;

/// Rows of a segment.
pub(crate) const ROWS: i64 = 64;
/// Whoever sends long ids would have each row write those of 63 others again. What is longer than this is not packed.
const BYTES_MAX: i64 = 16_384;
/// Ends each text. It is in no UTF-8, so nothing is found across two texts.
const END: u8 = 0xff;

/// A table whose texts are packed.
#[derive(Clone, Copy)]
pub(crate) struct Segmented {
    /// Where the segments are.
    table: &'static str,
    /// The table itself, the column of its numbers, and the texts.
    rows: &'static str,
    number: &'static str,
    texts: &'static [&'static str],
}

/// The ids of calls and of their rooms.
pub(crate) const CALLS: Segmented =
    Segmented { table: "call_segment", rows: "call", number: "call_no", texts: &["call_id", "coalesce(room_id, '')"] };
/// Users, and their names.
pub(crate) const USERS: Segmented = Segmented {
    table: "user_segment",
    rows: "user left join contact using (user_no)",
    number: "user_no",
    texts: &["user", "coalesce(name, '')"],
};
/// What notes say.
pub(crate) const NOTES: Segmented =
    Segmented { table: "note_segment", rows: "note", number: "note_no", texts: &["text"] };

/// Segments in which a text came, changed or went, collected for a batch and written at its end.
#[derive(Default)]
pub(crate) struct Touched {
    calls: BTreeSet<i64>,
    users: BTreeSet<i64>,
    notes: BTreeSet<i64>,
}

impl Touched {
    /// The texts of this call came, changed or went.
    pub(crate) fn call(&mut self, call_no: i64) {
        self.calls.insert(call_no.div_euclid(ROWS));
    }

    /// This user came, or has another name.
    pub(crate) fn user(&mut self, user_no: i64) {
        self.users.insert(user_no.div_euclid(ROWS));
    }

    /// This note came, changed or went.
    pub(crate) fn note(&mut self, note_no: i64) {
        self.notes.insert(note_no.div_euclid(ROWS));
    }

    /// Packs the segments that changed, each once.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        self.calls.into_iter().try_for_each(|segment| CALLS.write(connection, segment))?;
        self.users.into_iter().try_for_each(|segment| USERS.write(connection, segment))?;
        self.notes.into_iter().try_for_each(|segment| NOTES.write(connection, segment))
    }
}

/// What a segment holds.
#[derive(Debug, PartialEq, Eq)]
enum Packed {
    /// No row is left in it.
    Nothing,
    /// It is too long.
    Unpacked,
    Texts(Vec<u8>),
}

impl Segmented {
    /// Packs a segment anew from its rows: so it depends on them alone, whatever came first.
    fn write(self, connection: &Connection, segment: i64) -> Result<(), Error> {
        let texts = match self.pack(connection, segment)? {
            Packed::Nothing => {
                let gone = format!("delete from {} where segment = ?1", self.table);
                connection.prepare_cached(&gone)?.execute([segment])?;
                return Ok(());
            }
            Packed::Unpacked => None,
            Packed::Texts(texts) => Some(texts),
        };
        connection
            .prepare_cached(&format!("insert or replace into {} (segment, texts) values (?1, ?2)", self.table))?
            .execute((segment, texts))?;
        Ok(())
    }

    fn pack(self, connection: &Connection, segment: i64) -> Result<Packed, Error> {
        let Self { rows, number, texts, .. } = self;
        let numbers = (segment * ROWS, (segment + 1) * ROWS);
        // The length of a text is known without reading it.
        let length = texts.iter().map(|text| format!("octet_length({text})")).collect::<Vec<_>>().join(" + ");
        let longest: Option<i64> = connection
            .prepare_cached(&format!("select max({length}) from {rows} where {number} >= ?1 and {number} < ?2"))?
            .query_row(numbers, |row| row.get(0))?;
        match longest {
            None => return Ok(Packed::Nothing),
            Some(longest) if longest > BYTES_MAX => return Ok(Packed::Unpacked),
            Some(_) => {}
        }
        let mut statement = connection.prepare_cached(&format!(
            "select {} from {rows} where {number} >= ?1 and {number} < ?2",
            texts.join(", ")
        ))?;
        let mut found = statement.query(numbers)?;
        let mut distinct = BTreeSet::new();
        while let Some(row) = found.next()? {
            for column in 0..texts.len() {
                distinct.insert(case_fold::fold(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?));
            }
        }
        distinct.remove("");
        let packed: Vec<u8> = distinct.iter().flat_map(|text| text.bytes().chain([END])).collect();
        let is_short = i64::try_from(packed.len()).is_ok_and(|bytes| bytes <= BYTES_MAX);
        Ok(if is_short { Packed::Texts(packed) } else { Packed::Unpacked })
    }

    /// Tells the segments that may hold the needle, the newest first, as ranges of numbers.
    pub(crate) fn each_holding(
        self,
        connection: &Connection,
        needle: &str,
        mut visit: impl FnMut((i64, i64)) -> Result<std::ops::ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let finder = Finder::new(needle);
        let mut statement =
            connection.prepare_cached(&format!("select segment, texts from {} order by segment desc", self.table))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let texts = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
            if texts.is_none_or(|texts| finder.find(texts).is_some()) {
                let segment: i64 = row.get(0)?;
                if visit((segment * ROWS, (segment + 1) * ROWS))?.is_break() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn is_right(self, connection: &Connection) -> Result<bool, Error> {
        let Self { table, rows, number, .. } = self;
        let last = format!(
            "select max(coalesce((select max({number}) from {rows}), 0) / {ROWS}, coalesce((select max(segment) from {table}), 0))"
        );
        let last: i64 = connection.prepare_cached(&last)?.query_row([], |row| row.get(0))?;
        let mut stored = connection.prepare(&format!("select texts from {table} where segment = ?1"))?;
        for segment in 0..=last {
            let stored: Option<Option<Vec<u8>>> = stored.query_row([segment], |row| row.get(0)).optional()?;
            let stored = match stored {
                None => Packed::Nothing,
                Some(None) => Packed::Unpacked,
                Some(Some(texts)) => Packed::Texts(texts),
            };
            let wanted = self.pack(connection, segment)?;
            // Numbers that stand for nothing need no segment.
            let is_empty = |packed: &Packed| matches!(packed, Packed::Nothing) || *packed == Packed::Texts(Vec::new());
            if stored != wanted && !(is_empty(&stored) && is_empty(&wanted)) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The tables of segments in which a search would miss something, or look for what is not there.
pub(crate) fn differing(connection: &Connection) -> Result<Vec<&'static str>, Error> {
    let mut wrong = Vec::new();
    for segmented in [CALLS, USERS, NOTES] {
        if !segmented.is_right(connection)? {
            wrong.push(segmented.table);
        }
    }
    Ok(wrong)
}

/// The segments of a table as text, by their numbers; `None` for one that is too long to be packed.
#[cfg(test)]
pub(crate) fn unpacked(
    connection: &Connection,
    table: &str,
) -> Result<std::collections::BTreeMap<i64, Option<BTreeSet<String>>>, Error> {
    let mut statement = connection.prepare(&format!("select segment, texts from {table}"))?;
    let segments = statement.query_map([], |row| {
        let texts = row.get::<_, Option<Vec<u8>>>(1)?.map(|packed| {
            let texts = packed.split_inclusive(|byte| *byte == END);
            let own =
                |text: &[u8]| String::from_utf8_lossy(text.strip_suffix(&[END]).unwrap_or(b"no end")).into_owned();
            texts.map(own).collect()
        });
        Ok((row.get(0)?, texts))
    })?;
    Ok(segments.collect::<Result<_, _>>()?)
}
