//! Calls that are searched for: by a part of a text (ids of call, room and members, names, notes, tags), by people, by a tag, by having a
//! note. Few are looked up; where they are many, the list is walked.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use rusqlite::{Connection, OptionalExtension as _, Params};

use crate::store::case_fold;
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::segments;
use crate::store::query::calls::asked;
use crate::store::query::list::{List, cursor, few, given, json_of};
use crate::store::query::{notes, who};

/// See [`few`]: a hit is gathered as fast as a row is walked, for each of the 200 rows of a page.
const WEIGHT: i64 = 200;
/// So many hits are gathered in any case: they may all be old, and then the walk is long. The records of tests are small.
const FEW_MIN: usize = if cfg!(test) { 1 } else { 20_000 };

/// One thing that is searched for in all calls. The first is what usually finds fewest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A tag.
    Tag(String),
    /// Having a note.
    Note,
    /// One of these users is a member.
    Users(Vec<i64>),
    /// A part of a text.
    Text {
        /// Folded.
        needle: String,
        /// Who is found by it.
        users: Vec<i64>,
    },
}

impl Wanted {
    /// True where an index keeps what is found in the order of lists, so that nothing needs to be gathered.
    pub(crate) fn is_in_order(&self) -> bool {
        matches!(self, Self::Tag(_) | Self::Note)
    }
}

/// Everything that a filter searches for.
pub(crate) fn wanted(connection: &Connection, filter: &Filter) -> Result<Vec<Wanted>, Error> {
    let mut wanted = Vec::new();
    wanted.extend(given(filter.tag.as_deref()).map(|tag| Wanted::Tag(tag.to_owned())));
    wanted.extend(given(filter.note.as_deref()).map(|_| Wanted::Note));
    wanted.extend(who::wanted_users(connection, filter)?.map(Wanted::Users));
    if let Some(needle) = given(filter.q.as_deref()).map(case_fold::fold) {
        let users = who::users(connection, &needle)?;
        wanted.push(Wanted::Text { needle, users });
    }
    Ok(wanted)
}

/// What is searched for in all calls, the first of what is wanted, and the rest. A user's or a room's calls are few, and looked
/// through row by row.
pub(crate) fn first<'a>(filter: &Filter, wanted: &'a [Wanted]) -> Option<(&'a Wanted, &'a [Wanted])> {
    let is_of_few = given(filter.user.as_deref()).or(given(filter.room.as_deref())).is_some();
    wanted.split_first().filter(|_| !is_of_few)
}

/// What alone is searched for in all calls.
pub(crate) fn only<'a>(filter: &Filter, wanted: &'a [Wanted]) -> Option<&'a Wanted> {
    let is_alone = |rest: &[Wanted]| rest.is_empty() && !asked::is_asked(filter);
    first(filter, wanted).filter(|(_, rest)| is_alone(rest)).map(|(only, _)| only)
}

/// A call that a search finds.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) call_no: i64,
    pub(crate) started_ms: i64,
    pub(crate) kind_no: i64,
}

/// The calls that a search finds, unless they are many.
pub(crate) fn all(connection: &Connection, wanted: &Wanted, window: &Range<i64>) -> Result<Option<Vec<Hit>>, Error> {
    let most = few(connection, "select max(call_no) from call", WEIGHT)?.max(FEW_MIN);
    if let Wanted::Users(users) | Wanted::Text { users, .. } = wanted
        && have_more_calls(connection, users, most)?
    {
        return Ok(None);
    }
    let mut found = Vec::new();
    each(connection, wanted, window, |hit| {
        found.push(hit);
        Ok(if found.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Some(found).filter(|found| found.len() <= most))
}

/// Whether some users have more calls than this, as the list of people has it: nothing is gathered then only to be thrown away.
fn have_more_calls(connection: &Connection, users: &[i64], most: usize) -> Result<bool, Error> {
    let mut calls = connection.prepare_cached("select calls from person where user_no = ?1")?;
    let mut left = i64::try_from(most).unwrap_or(i64::MAX);
    for user_no in users {
        left -= calls.query_row([user_no], |row| row.get::<_, i64>(0)).optional()?.unwrap_or(0);
        if left < 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As many of the newest hits as a page needs, so that no more of them are looked up and sorted. `is_sure` for kinds of calls that
/// the page shows; whether it shows others depends on the clock.
pub(crate) fn newest(
    mut hits: Vec<Hit>,
    request: &PageRequest,
    is_sure: impl Fn(i64) -> bool,
) -> Result<Vec<i64>, Error> {
    let begin_ms = given(request.cursor.as_deref()).map(cursor::time_of).transpose()?;
    hits.retain(|hit| begin_ms.is_none_or(|begin_ms| hit.started_ms <= begin_ms));
    hits.sort_by_key(|hit| Reverse(hit.started_ms));
    let before = match begin_ms {
        // Those of the cursor's millisecond may come before it.
        Some(begin_ms) => hits.iter().take_while(|hit| hit.started_ms == begin_ms).count(),
        None => usize::try_from(request.at.unwrap_or(0)).unwrap_or(usize::MAX),
    };
    let wanted = before.saturating_add(usize::try_from(request.limit()).unwrap_or(usize::MAX)).saturating_add(1);
    let sure = hits.iter().filter(|hit| is_sure(hit.kind_no));
    if let Some(last_ms) = sure.map(|hit| hit.started_ms).nth(wanted) {
        hits.retain(|hit| hit.started_ms >= last_ms);
    }
    Ok(hits.into_iter().map(|hit| hit.call_no).collect())
}

/// Tells each call of a window of time that a search finds, once, in no order, until the visitor breaks off.
pub(crate) fn each(
    connection: &Connection,
    wanted: &Wanted,
    window: &Range<i64>,
    visit: impl FnMut(Hit) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let mut walk = Walk { connection, window, seen: HashSet::new(), visit };
    match wanted {
        Wanted::Tag(tag) => walk.tagged("tag = ?1", tag).map(drop),
        Wanted::Note => walk
            .rows("select call_no, started_ms, kind_no from subject where notes > 0 and started_ms is not null", ())
            .map(drop),
        Wanted::Users(users) => walk.of_users(users).map(drop),
        Wanted::Text { needle, users } => walk.text(needle, users),
    }
}

struct Walk<'a, V> {
    connection: &'a Connection,
    window: &'a Range<i64>,
    seen: HashSet<i64>,
    visit: V,
}

impl<V: FnMut(Hit) -> Result<ControlFlow<()>, Error>> Walk<'_, V> {
    fn text(&mut self, needle: &str, users: &[i64]) -> Result<(), Error> {
        let is_over = self.of_ids(needle)?.is_break()
            || self.of_users(users)?.is_break()
            || self.tagged("contains_folded(tag, ?1)", needle)?.is_break();
        if !is_over {
            let notes = notes::holding(self.connection, needle)?;
            let _ = self.noted(&notes)?;
        }
        Ok(())
    }

    /// Calls whose own id, or whose room's, holds the needle.
    fn of_ids(&mut self, needle: &str) -> Result<ControlFlow<()>, Error> {
        let mut flow = ControlFlow::Continue(());
        segments::CALLS.each_holding(self.connection, needle, |(first, end)| {
            flow = self.rows(
                "select call_no, started_ms, kind_no from call where call_no >= ?1 and call_no < ?2
                     and (contains_folded(call_id, ?3) or contains_folded(coalesce(room_id, ''), ?3))",
                (first, end, needle),
            )?;
            Ok(flow)
        })?;
        Ok(flow)
    }

    fn of_users(&mut self, users: &[i64]) -> Result<ControlFlow<()>, Error> {
        // All calls of a user are in one index alone, those of a time are found by another.
        let of_user = if *self.window == (i64::MIN..i64::MAX) {
            "select call_no, started_ms, kind_no from member indexed by member_kind
             where user_no = ?1 and started_ms >= ?2 and started_ms < ?3"
        } else {
            "select call_no, started_ms, kind_no from member indexed by member_user
             where user_no = ?1 and started_ms >= ?2 and started_ms < ?3"
        };
        for user_no in users {
            if self.rows(of_user, (user_no, self.window.start, self.window.end))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn tagged(&mut self, which: &str, tag: &str) -> Result<ControlFlow<()>, Error> {
        let tagged = format!(
            "select call_no, started_ms, kind_no from tag cross join tagged using (tag_no)
             where {which} and started_ms is not null"
        );
        self.rows(&tagged, [tag])
    }

    fn noted(&mut self, notes: &[i64]) -> Result<ControlFlow<()>, Error> {
        self.rows(
            "select call_no, started_ms, kind_no from json_each(?1) as hit cross join note on note_no = hit.value
             cross join subject using (subject_no) where started_ms is not null",
            [json_of(notes)],
        )
    }

    fn rows(&mut self, statement: &str, places: impl Params) -> Result<ControlFlow<()>, Error> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let mut rows = statement.query(places)?;
        while let Some(row) = rows.next()? {
            let hit = Hit { call_no: row.get(0)?, started_ms: row.get(1)?, kind_no: row.get(2)? };
            if self.window.contains(&hit.started_ms) && self.seen.insert(hit.call_no) && (self.visit)(hit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// What a row of a list of calls must meet where it is looked at by itself.
pub(crate) fn conditions(list: &mut List, wanted: &[Wanted]) -> Vec<String> {
    wanted.iter().map(|wanted| condition(list, wanted)).collect()
}

fn condition(list: &mut List, wanted: &Wanted) -> String {
    let (of_tag, of_note) = (
        "exists (select 1 from subject cross join tagged using (subject_no) cross join tag using (tag_no)
             where subject.call_no = call.call_no and ",
        "exists (select 1 from subject cross join note using (subject_no) where subject.call_no = call.call_no",
    );
    match wanted {
        Wanted::Tag(tag) => format!("{of_tag} tag = {})", list.bind(tag.clone())),
        Wanted::Note => format!("{of_note})"),
        Wanted::Users(users) => of_users(list, users),
        Wanted::Text { needle, users } => {
            let mut ways = if users.is_empty() { Vec::new() } else { vec![of_users(list, users)] };
            let needle = list.bind(needle.clone());
            ways.push(format!("contains_folded(call.call_id, {needle})"));
            ways.push(format!("contains_folded(coalesce(call.room_id, ''), {needle})"));
            ways.push(format!("{of_tag} contains_folded(tag, {needle}))"));
            ways.push(format!("{of_note} and contains_folded(text, {needle}))"));
            format!("({})", ways.join(" or "))
        }
    }
}

fn of_users(list: &mut List, users: &[i64]) -> String {
    let users = list.bind(json_of(users));
    format!(
        "exists (select 1 from member as found where found.call_no = call.call_no
             and found.user_no in (select value from json_each({users})))"
    )
}
