//! Who was in a room: its stays as they are read, boundaries and silence applied, and what can be counted of them.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row};

use crate::store::error::Error;
use crate::store::projection::rooms::boundaries;
use crate::store::query::rooms::occupancy::{self, Moves};
use crate::store::query::rooms::silence::{SILENT_MS, ended, is_silent};
use crate::store::rows::OccupancyPoint;

/// One stay, as far as counting needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StaySpan {
    /// Which of the room's users, counted from 0.
    user: usize,
    /// When the user came in, where that was told.
    pub(crate) entered_ms: Option<i64>,
    end: End,
    /// Boundaries from here on end the stay.
    pub(crate) closes_from_ms: Option<i64>,
    /// By which stays are ordered: when it began, else when it ended.
    pub(crate) sort_ms: i64,
}

/// How long a stay counts as inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It ended.
    Left(i64),
    /// It is open and fell silent after this moment.
    Silent(i64),
    /// It is open and believed.
    Open,
}

/// The stays of one room, or of one life of it.
pub(crate) struct Attendance {
    visits: Vec<StaySpan>,
    /// When anything was last heard of the room.
    heard_ms: i64,
}

/// How many were in a room, or in one life of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Distinct users.
    pub(crate) users: u64,
    /// Stays.
    pub(crate) stays: u64,
    /// Users who are inside now.
    pub(crate) inside: u64,
    /// The most who were inside at once.
    pub(crate) peak: u64,
    /// When so many were inside first.
    pub(crate) peak_ms: Option<i64>,
}

impl Counts {
    /// Those that are kept in a row of `room`; `None` where they are not.
    pub(crate) fn kept(room: &Row<'_>) -> Result<Option<Self>, rusqlite::Error> {
        let count = |column| room.get::<_, Option<i64>>(column);
        let (Some(users), Some(stays), Some(peak)) = (count("users")?, count("stays")?, count("peak")?) else {
            return Ok(None);
        };
        let [users, stays, peak] = [users, stays, peak].map(|count| u64::try_from(count).unwrap_or(0));
        Ok(Some(Self { users, stays, peak, ..Self::default() }))
    }
}

impl Attendance {
    /// Reads the stays of a room. `heard_ms` is the room's newest event.
    pub(crate) fn read(connection: &Connection, room_no: i64, heard_ms: i64, now_ms: i64) -> Result<Self, Error> {
        let boundaries = boundaries(connection, room_no)?;
        // By position, and the boundaries at once: a page of rooms reads some ten thousand stays.
        let mut statement = connection.prepare_cached(
            "select user_no, entered_ms, left_ms, closes_from_ms, last_ms, sort_ms from stay where room_no = ?1",
        )?;
        let mut found = statement.query([room_no])?;
        let (mut visits, mut users) = (Vec::new(), HashMap::new());
        while let Some(row) = found.next()? {
            let (closes_from_ms, last_ms): (Option<i64>, i64) = (row.get(3)?, row.get(4)?);
            let boundary = closes_from_ms
                .and_then(|from| boundaries.get(boundaries.partition_point(|boundary| *boundary < from)).copied());
            let end = match ended(row.get(2)?, boundary) {
                Some(left) => End::Left(left),
                None if is_silent(last_ms, now_ms) => End::Silent(last_ms),
                None => End::Open,
            };
            let next = users.len();
            visits.push(StaySpan {
                user: *users.entry(row.get::<_, i64>(0)?).or_insert(next),
                entered_ms: row.get(1)?,
                end,
                closes_from_ms,
                sort_ms: row.get(5)?,
            });
        }
        Ok(Self { visits, heard_ms })
    }

    /// The same stays in groups, as `group` says for each.
    pub(crate) fn split(&self, groups: usize, group: impl Fn(&StaySpan) -> usize) -> Vec<Self> {
        let mut parts: Vec<_> = (0..groups).map(|_| Self { visits: Vec::new(), heard_ms: self.heard_ms }).collect();
        for visit in &self.visits {
            if let Some(part) = parts.get_mut(group(visit)) {
                part.visits.push(*visit);
            }
        }
        parts
    }

    /// True when every stay has ended, so that time passing changes nothing.
    pub(crate) fn have_all_left(&self) -> bool {
        self.visits.iter().all(|visit| matches!(visit.end, End::Left(_)))
    }

    /// Counts the stays.
    pub(crate) fn counts(&self) -> Counts {
        let line = self.line();
        let peak = occupancy::peak(&line);
        let distinct = |wanted: fn(&&StaySpan) -> bool| -> HashSet<usize> {
            self.visits.iter().filter(wanted).map(|visit| visit.user).collect()
        };
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Counts {
            users: count(distinct(|_| true).len()),
            stays: count(self.visits.len()),
            inside: count(distinct(|visit| visit.end == End::Open).len()),
            peak: peak.map_or(0, |point| point.inside),
            peak_ms: peak.map(|point| point.at_ms),
        }
    }

    /// How many were inside over time. Lost heartbeats count as inside, as they count into a stay's
    /// seconds. A stay that nobody saw beginning counts nowhere.
    ///
    /// A stay that fell silent counts until the last event of its room, but not for longer than it was believed (24 hours
    /// after its own last event). So time passing changes nothing in the past: were it counted until its own last event
    /// only, yesterday's peak would be lower today.
    pub(crate) fn line(&self) -> Vec<OccupancyPoint> {
        let mut moves = Moves::default();
        for visit in &self.visits {
            let Some(entered_ms) = visit.entered_ms else { continue };
            moves.enter(visit.user, entered_ms);
            match visit.end {
                End::Left(left_ms) => moves.leave(visit.user, entered_ms, left_ms),
                End::Silent(last_ms) => {
                    moves.lose(visit.user, last_ms.saturating_add(SILENT_MS).min(self.heard_ms.max(last_ms)))
                }
                End::Open => {}
            }
        }
        moves.line()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    /// Stays of a few users within two days, ended, open and silent.
    fn visits() -> impl Strategy<Value = Vec<StaySpan>> {
        let visit = (0..6_usize, 0..40_i64, 0..30_i64, 0..4_u8).prop_map(|(user, from, length, end)| {
            let (entered, left) = (from * HOUR, (from + length) * HOUR);
            StaySpan {
                user,
                entered_ms: (end != 3).then_some(entered),
                end: match end {
                    0 => End::Open,
                    1 => End::Silent(left),
                    _ => End::Left(left),
                },
                closes_from_ms: None,
                sort_ms: entered,
            }
        });
        prop::collection::vec(visit, 0..60)
    }

    /// The same by looking at one moment: who had come by then, and was not gone before somebody else came in it.
    fn together(visits: &[StaySpan], heard_ms: i64, at_ms: i64) -> usize {
        let there = |visit: &&StaySpan| {
            let Some(entered) = visit.entered_ms.filter(|entered| *entered <= at_ms) else { return false };
            match visit.end {
                End::Open => true,
                End::Left(left) => at_ms < left || (at_ms == left && entered == left),
                End::Silent(last) => at_ms <= (last + SILENT_MS).min(heard_ms.max(last)),
            }
        };
        visits.iter().filter(there).map(|visit| visit.user).collect::<HashSet<_>>().len()
    }

    proptest! {
        #[test]
        fn the_line_s_highest_point_is_the_peak(visits in visits(), heard in 0..70_i64) {
            let attendance = Attendance { heard_ms: heard * HOUR, visits };
            let (counts, line) = (attendance.counts(), occupancy::thin(attendance.line()));
            prop_assert_eq!(line.iter().map(|point| point.inside).max().unwrap_or(0), counts.peak, "the line holds the peak");
            let moments: Vec<i64> = attendance.visits.iter().filter_map(|visit| visit.entered_ms).collect();
            let most = moments.iter().map(|at| together(&attendance.visits, attendance.heard_ms, *at)).max().unwrap_or(0);
            prop_assert_eq!(u64::try_from(most).unwrap(), counts.peak, "the peak is what counting at each entry finds");
            if let Some(at) = counts.peak_ms {
                let then = together(&attendance.visits, attendance.heard_ms, at);
                prop_assert_eq!(u64::try_from(then).unwrap(), counts.peak, "so many were inside at its moment");
            }
            let stays = attendance.visits.iter().filter(|visit| visit.end == End::Open && visit.entered_ms.is_some());
            let in_the_end = stays.map(|visit| visit.user).collect::<HashSet<_>>().len();
            prop_assert_eq!(line.last().map_or(0, |point| point.inside), u64::try_from(in_the_end).unwrap(), "who did not leave is inside in the end");
        }

        #[test]
        fn silence_changes_nothing_in_the_past(visits in visits()) {
            let heard_ms = visits.iter().filter_map(|visit| visit.entered_ms).max().unwrap_or(0);
            let believed = Attendance {
                heard_ms,
                visits: visits.iter().map(|visit| match visit.end {
                    End::Silent(last) if last + SILENT_MS >= heard_ms => StaySpan { end: End::Open, ..*visit },
                    _ => *visit,
                }).collect(),
            };
            let later = Attendance { heard_ms, visits };
            prop_assert_eq!(believed.counts().peak, later.counts().peak, "a stay that falls silent does not lower the peak");
        }
    }
}
