//! Which kinds of calls a filter lets through: result, media, type and application. What an open call is depends on the clock.

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::numbers::{self, Kind, Listed};
use crate::store::query::calls::open::{self, OPEN};
use crate::store::query::list::{List, given, is_among, is_wanted};

/// True when only calls of some result, media, type or application are wanted.
pub(crate) fn has_kind(filter: &Filter) -> bool {
    let choices = [&filter.result, &filter.media, &filter.call_type, &filter.app];
    choices.into_iter().any(|choice| given(choice.as_deref()).is_some())
}

/// The numbers of the kinds that a filter lets through: those of calls that have ended, and those of open ones, whose result
/// depends on the clock.
pub(crate) fn wanted(connection: &Connection, filter: &Filter) -> Result<(Vec<i64>, Vec<i64>), Error> {
    let is_open_wanted = OPEN.iter().any(|code| is_among(filter.result.as_deref(), code));
    let kinds = numbers::kinds(connection, Listed::Call, |kind| {
        let result = if kind[0].is_empty() { is_open_wanted } else { lets_through(filter, 0, kind[0]) };
        result && (1..kind.len()).all(|n| lets_through(filter, n, kind[n]))
    })?;
    let (open, ended): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(_, kind)| kind[0].is_empty());
    let numbers = |kinds: Vec<(i64, Kind)>| kinds.into_iter().map(|(kind_no, _)| kind_no).collect();
    Ok((numbers(ended), numbers(open)))
}

/// True when the filter lets a value of a kind of calls through: result, media, type, application.
pub(crate) fn lets_through(filter: &Filter, n: usize, value: &str) -> bool {
    match n {
        0 => is_among(filter.result.as_deref(), value),
        1 => is_wanted(filter.media.as_deref(), value),
        2 => is_wanted(filter.call_type.as_deref(), value),
        _ => is_wanted(filter.app.as_deref(), value),
    }
}

/// The restrictions of what kind a call is, row by row.
pub(crate) fn condition(
    connection: &Connection,
    list: &mut List,
    filter: &Filter,
    now_ms: i64,
) -> Result<Vec<String>, Error> {
    if !has_kind(filter) {
        return Ok(Vec::new());
    }
    let (ended, open) = wanted(connection, filter)?;
    let ended = list.among_numbers("call.kind_no", &ended);
    let open = list.among_numbers("call.kind_no", &open);
    let is_open =
        open::among_results(list, filter, now_ms).map(|is_open| format!(" and {is_open}")).unwrap_or_default();
    Ok(vec![format!("({ended} or ({open}{is_open}))")])
}

/// How many calls of a user there are of each kind: of those that have ended by the index alone, of open ones one by one.
pub(crate) fn count_of_user(
    connection: &Connection,
    filter: &Filter,
    user: &str,
    now_ms: i64,
    mut visit: impl FnMut([&str; 4], u64),
) -> Result<(), Error> {
    let Some(user_no) = numbers::user_no(connection, user)? else { return Ok(()) };
    let window = List::new(filter.from, filter.to).window();
    for (kind_no, kind) in numbers::kinds(connection, Listed::Call, |_| true)? {
        let of_kind = (user_no, kind_no, window.start, window.end);
        if kind[0].is_empty() {
            let open: Vec<i64> = connection
                .prepare_cached(
                    "select call_no from member indexed by member_kind
                     where user_no = ?1 and kind_no = ?2 and started_ms >= ?3 and started_ms < ?4",
                )?
                .query_map(of_kind, |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            open::each(connection, &open, now_ms, |_, kind| visit(kind, 1))?;
            continue;
        }
        let rows: i64 = connection
            .prepare_cached(
                "select count(*) from member indexed by member_kind
                 where user_no = ?1 and kind_no = ?2 and started_ms >= ?3 and started_ms < ?4",
            )?
            .query_row(of_kind, |row| row.get(0))?;
        if rows > 0 {
            visit(kind.each_ref().map(String::as_str), u64::try_from(rows).unwrap_or(0));
        }
    }
    Ok(())
}
