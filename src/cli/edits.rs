//! What a command writes: edits, through the API of whoever has the record.

use axum::http::Method;
use calltrail::store::entry::{Edit, Entry};
use serde::Deserialize;
use serde_json::json;

use super::record::{Record, Refused};

/// Edits that go into one request: they are short, and a request has a bound.
const TOGETHER: usize = 500;

/// What the API says of edits.
#[derive(Deserialize)]
struct Written {
    entries: Vec<Entry>,
}

/// Writes edits; answers how many changed something.
pub(super) fn write(record: &Record, edits: &[Edit]) -> Result<u64, Refused> {
    let mut changed = 0;
    for some in edits.chunks(TOGETHER) {
        let Written { entries } = record.ask(Method::POST, "/api/entries", Some(&json!({ "edits": some })))?;
        changed += u64::try_from(entries.len()).unwrap_or(0);
    }
    Ok(changed)
}
