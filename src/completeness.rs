//! What a record can be relied upon for: which calls of a period Tencent's records confirm, when no callback could be taken, and what
//! can still be fetched before Tencent forgets it (rules.md section 13).
//!
//! It follows from plain values (`derive.rs`); [`of`] reads those from the record.

mod derive;
mod spans;
pub mod statement;
pub mod summary;

pub use statement::Statement;

use crate::{
    store::{self, Reader},
    zone::Zone,
};
use derive::{Facts, KEPT_MS};
use spans::Span;

/// What somebody wants to know the completeness of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// From this moment on, Unix milliseconds; from the first thing that the record knows, where none is named.
    pub from_ms: Option<i64>,
    /// Before this moment, Unix milliseconds; until now, where none is named.
    pub to_ms: Option<i64>,
    /// Whose days are meant.
    pub zone: Zone,
    /// One application alone.
    pub app: Option<String>,
}

/// The statement about a period, at `now_ms`. `ours` are the applications whose calls are to be there.
pub fn of(reader: &Reader, ours: Vec<String>, asked: &Asked, now_ms: i64) -> Result<Statement, store::Error> {
    let first = |reader: &Reader| {
        let up = reader.up_since(i64::MIN)?.first().map(|up| up.from_ms);
        Ok::<_, store::Error>([up, reader.first_call_ms()?].into_iter().flatten().min())
    };
    let to_ms = asked.to_ms.unwrap_or(now_ms);
    let from_ms = asked.from_ms.map_or_else(|| first(reader), |from_ms| Ok(Some(from_ms)))?;
    let window = Span { from_ms: from_ms.unwrap_or(to_ms).min(to_ms), to_ms };
    // What can still be fetched is told whichever period is asked for.
    let since_ms = window.from_ms.min(now_ms.saturating_sub(KEPT_MS));
    Ok(derive::state(&Facts {
        now_ms,
        window,
        zone: &asked.zone,
        apps: &asked.app.clone().map_or(ours, |app| vec![app]),
        up: &reader.up_since(since_ms)?,
        fetched: &reader.fetched_since(since_ms)?,
        known: &reader.known_from((window.from_ms, window.to_ms), asked.app.as_deref())?,
    }))
}
