//! The lives of a room: its id is used again after it was destroyed or dismissed.

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value;

use crate::store::error::Error;
use crate::store::projection::rooms::boundaries;
use crate::store::query::rooms::attendance::{Attendance, Counts, StaySpan};
use crate::store::rows::LifeRow;

/// The newest lives that a room's detail shows.
const MOST: usize = 200;

/// The first sign of life after a moment. Without statistics SQLite would rather read the whole room.
const BEGUN_AFTER: &str = "select min(at_ms) from room_event indexed by room_event_begin
     where room_no = ?1 and action_no in (1, 4, 7) and at_ms > ?2";
/// The newest creation within a life.
const CREATED: &str = "select max(at_ms) from room_event indexed by room_event_created
     where room_no = ?1 and action_no = 1 and at_ms > ?2 and at_ms <= ?3";
/// Why a life ended, as last told within it.
const END_REASON: &str = "select value from room_detail
     where room_no = ?1 and register_no = (select word_no from word where word = 'end_reason') and at_ms > ?2 and at_ms <= ?3
     order by at_ms desc, (select digest from delivery where delivery.delivery_id = room_detail.delivery_id) desc limit 1";

/// When a life began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// The first sign of it.
    began_ms: i64,
    /// The boundary that ended it.
    ended_ms: Option<i64>,
}

/// The lives of a room, oldest first. A room without any boundary has one.
pub(crate) struct RoomSessions(Vec<Span>);

impl RoomSessions {
    /// Reads the lives of a room whose oldest event was at `first_ms`: a few look-ups in indexes for each boundary.
    pub(crate) fn read(connection: &Connection, room_no: i64, first_ms: i64) -> Result<Self, Error> {
        let boundaries = boundaries(connection, room_no)?;
        let mut begun_after = connection.prepare_cached(BEGUN_AFTER)?;
        let mut begun_after = |after_ms: i64| -> Result<Option<i64>, Error> {
            Ok(begun_after.query_row((room_no, after_ms), |row| row.get(0))?)
        };
        let mut lives = Vec::new();
        // The next life's first sign; the first life begins with whatever was told first.
        let mut next_ms = Some(first_ms);
        for boundary_ms in boundaries {
            match (next_ms.filter(|began| *began <= boundary_ms), lives.last_mut()) {
                (Some(began_ms), _) => lives.push(Span { began_ms, ended_ms: Some(boundary_ms) }),
                // Closed again before anything began: still the same end, and the newest word on it counts.
                (None, Some(Span { ended_ms, .. })) => *ended_ms = Some(boundary_ms),
                (None, None) => {}
            }
            next_ms = begun_after(boundary_ms)?;
        }
        lives.extend(next_ms.map(|began_ms| Span { began_ms, ended_ms: None }));
        Ok(Self(lives))
    }

    /// The stays of a room by life, oldest life first.
    pub(crate) fn split(&self, attendance: &Attendance) -> Vec<Attendance> {
        attendance.split(self.0.len(), |visit| self.of(visit))
    }

    /// Which life a stay belongs to, counted from 0. A stay whose beginning is known belongs to the life whose end ends
    /// it; another one (somebody left whom nobody saw enter) to the life that had begun last.
    fn of(&self, visit: &StaySpan) -> usize {
        let newest = self.0.len().saturating_sub(1);
        match (visit.entered_ms, visit.closes_from_ms) {
            (Some(_), Some(from_ms)) => {
                self.0.partition_point(|life| life.ended_ms.is_some_and(|ended| ended < from_ms)).min(newest)
            }
            _ => self.0.partition_point(|life| life.began_ms <= visit.sort_ms).saturating_sub(1),
        }
    }

    /// The life of a number, counted from 1, as an index; `None` where there is none.
    pub(crate) fn index(&self, n: u32) -> Option<usize> {
        let index = usize::try_from(n).ok()?.checked_sub(1)?;
        (index < self.0.len()).then_some(index)
    }

    /// The newest lives with what happened in each, newest first. `crowds` is what [`Self::split`] gave.
    pub(crate) fn rows(
        &self,
        connection: &Connection,
        room_no: i64,
        crowds: &[Attendance],
    ) -> Result<Vec<LifeRow>, Error> {
        let newest = self.0.iter().zip(crowds).enumerate().rev().take(MOST);
        newest
            .map(|(index, (span, attendance))| self.row(connection, room_no, index, *span, attendance.counts()))
            .collect()
    }

    fn row(
        &self,
        connection: &Connection,
        room_no: i64,
        index: usize,
        span: Span,
        counts: Counts,
    ) -> Result<LifeRow, Error> {
        let before = index.checked_sub(1).and_then(|index| self.0.get(index)?.ended_ms).unwrap_or(i64::MIN);
        let until = span.ended_ms.unwrap_or(i64::MAX);
        let within = (room_no, before, until);
        let created_ms = connection.prepare_cached(CREATED)?.query_row(within, |row| row.get(0))?;
        let reason: Option<String> =
            connection.prepare_cached(END_REASON)?.query_row(within, |row| row.get(0)).optional()?;
        Ok(LifeRow {
            n: u32::try_from(index + 1).unwrap_or(u32::MAX),
            began_ms: span.began_ms,
            created_ms,
            ended_ms: span.ended_ms,
            end_reason: match span.ended_ms {
                Some(_) => words(reason)?,
                None => String::new(),
            },
            users: counts.users,
            stays: counts.stays,
            peak: counts.peak,
            peak_ms: counts.peak_ms,
        })
    }
}

/// The value of a register as text; empty when there is none.
pub(crate) fn words(json: Option<String>) -> Result<String, Error> {
    Ok(match json.map(|text| serde_json::from_str(&text)).transpose()? {
        Some(Value::String(text)) => text,
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    })
}
