//! What an open call is: ringing is believed for five minutes, a conversation for a day (rules.md section 5).

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::numbers::kind_of;
use crate::store::query::list::{List, given, json_of};

/// A call that was not heard of for so long is neither ringing nor in progress.
pub(crate) const OPEN_MS: i64 = 86_400_000;
/// One that nobody has answered rings for so long at most.
const RINGING_MS: i64 = 300_000;
/// Results that depend on the clock.
pub(crate) const OPEN: [&str; 3] = ["ringing", "in_progress", UNKNOWN];
/// What every open call becomes in the end, if nothing more is heard of it.
pub(crate) const UNKNOWN: &str = "unknown";

/// What an open call is at a moment, or at the moment of a place in a statement.
pub(crate) fn open_result(now: &str) -> String {
    let (open, ringing) = (OPEN_MS - 1, RINGING_MS - 1);
    format!(
        "case
    when call.ended_ms is not null then '{UNKNOWN}'
    when call.answered_ms is not null
        then case when {now} - call.last_ms between -{open} and {open} then 'in_progress' else '{UNKNOWN}' end
    when {now} - call.last_ms between -{ringing} and {ringing} then 'ringing'
    else '{UNKNOWN}' end"
    )
}

/// The same as [`open_result`], in Rust.
pub(crate) fn is_open_as(answered_ms: Option<i64>, ended_ms: Option<i64>, last_ms: i64, now_ms: i64) -> &'static str {
    // What is dated in the future was not heard of just now either: one of the two clocks is wrong.
    let away_ms = now_ms.abs_diff(last_ms);
    match (ended_ms, answered_ms) {
        (None, Some(_)) if away_ms < OPEN_MS.unsigned_abs() => "in_progress",
        (None, None) if away_ms < RINGING_MS.unsigned_abs() => "ringing",
        _ => UNKNOWN,
    }
}

/// An open call is one of the results that a filter names, where it names any.
pub(crate) fn among_results(list: &mut List, filter: &Filter, now_ms: i64) -> Option<String> {
    let codes = given(filter.result.as_deref())?;
    let now = list.bind(now_ms);
    list.among(&format!("({})", open_result(&now)), Some(codes))
}

/// Tells when each of these open calls was started and of which kind it is.
pub(crate) fn each(
    connection: &Connection,
    calls: &[i64],
    now_ms: i64,
    mut visit: impl FnMut(i64, [&str; 4]),
) -> Result<(), Error> {
    let statement = format!(
        "select call.started_ms, {}, kind.kind_1, kind.kind_2, kind.kind_3
         from json_each(?1) as hit cross join call on call.call_no = hit.value cross join kind on kind.kind_no = call.kind_no",
        open_result("?2")
    );
    let mut statement = connection.prepare_cached(&statement)?;
    let mut rows = statement.query((json_of(calls), now_ms))?;
    while let Some(row) = rows.next()? {
        visit(row.get(0)?, kind_of(row, 1)?);
    }
    Ok(())
}
