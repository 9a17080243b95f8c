//! What is counted of calls: each once, where it belongs.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::query::calls::rows::durations;
use crate::store::query::figures::at_once::Talks;
use crate::store::query::figures::calendar::{Calendar, HOURS, WEEKDAYS};
use crate::store::query::figures::call::{Call, RawCall, Standing};
use crate::store::query::figures::kinds::CallKinds;
use crate::store::query::figures::packed;
use crate::store::query::figures::spread::Seconds;
use crate::store::query::list::List;
use crate::store::rows::{DayFigures, Figures};
use crate::zone::Zone;

/// What the figures of people need of a call whose row was read.
pub(super) struct Counted {
    pub(super) call_no: i64,
    /// The local hour of its start.
    pub(super) hour: u8,
    pub(super) is_answered: bool,
    pub(super) is_group: bool,
}

/// How many calls, by result and by how they stand.
#[derive(Default)]
struct Counts {
    answered: u64,
    unanswered: u64,
    open: u64,
    unknown: u64,
    /// There are some ten results, and most calls have one of two: looking through them takes less than a search tree does.
    by_result: Vec<(&'static str, u64)>,
}

impl Counts {
    fn add(&mut self, result: &'static str, standing: Standing) {
        *match standing {
            Standing::Answered => &mut self.answered,
            Standing::Unanswered => &mut self.unanswered,
            Standing::Open => &mut self.open,
            Standing::Unknown => &mut self.unknown,
        } += 1;
        self.add_result(result, 1);
    }

    fn add_result(&mut self, result: &'static str, calls: u64) {
        match self.by_result.iter_mut().find(|(known, _)| *known == result) {
            Some((_, counted)) => *counted += calls,
            None => self.by_result.push((result, calls)),
        }
    }

    fn add_all(&mut self, other: &Self) {
        self.answered += other.answered;
        self.unanswered += other.unanswered;
        self.open += other.open;
        self.unknown += other.unknown;
        other.by_result.iter().for_each(|(result, calls)| self.add_result(result, *calls));
    }

    fn calls(&self) -> u64 {
        self.by_result.iter().map(|(_, calls)| calls).sum()
    }

    fn by_result(&self) -> BTreeMap<String, u64> {
        self.by_result.iter().map(|(code, calls)| ((*code).to_owned(), *calls)).collect()
    }
}

/// What was counted so far.
pub(super) struct Tally<'a> {
    calendar: Calendar<'a>,
    by_day: BTreeMap<NaiveDate, Counts>,
    /// The day that was counted last, which is mostly the next one's too.
    day: Option<(NaiveDate, Counts)>,
    by_weekday_hour: [[u64; HOURS]; WEEKDAYS],
    rang: Seconds,
    waited: Seconds,
    talked: Seconds,
    talks: Talks,
}

impl<'a> Tally<'a> {
    pub(super) fn new(zone: &'a Zone) -> Self {
        Self {
            calendar: Calendar::of(zone),
            by_day: BTreeMap::new(),
            day: None,
            by_weekday_hour: Default::default(),
            rang: Seconds::default(),
            waited: Seconds::default(),
            talked: Seconds::default(),
            talks: Talks::default(),
        }
    }

    /// Counts the calls of a list row by row; answers which those were.
    pub(super) fn read(
        &mut self,
        connection: &Connection,
        list: &List,
        kinds: &CallKinds,
        now_ms: i64,
    ) -> Result<Vec<Counted>, Error> {
        let mut counted = Vec::new();
        list.each_value(
            connection,
            &list.window(),
            |_| RawCall::COLUMNS.to_owned(),
            |row| {
                let (call_no, raw) = RawCall::of_row(row)?;
                let call = raw.read(kinds, now_ms)?;
                let hour = self.add(&call);
                let is_answered = call.standing() == Standing::Answered;
                counted.push(Counted { call_no, hour, is_answered, is_group: call.is_group });
                Ok(())
            },
        )?;
        Ok(counted)
    }

    /// Counts the calls of some hours as they are packed.
    pub(super) fn read_packed(
        &mut self,
        connection: &Connection,
        hours: &Range<i64>,
        kinds: &CallKinds,
        now_ms: i64,
    ) -> Result<(), Error> {
        packed::each_call(connection, hours, |raw| {
            let kind = kinds.of(raw.kind_no)?;
            if kind.is_wanted {
                self.add(&Call::of(raw, kind, now_ms));
            }
            Ok(())
        })
    }

    /// Counts a call; answers the local hour of its start.
    fn add(&mut self, call: &Call) -> u8 {
        let local = self.calendar.at(call.started_ms);
        let (rang, talked) = durations(call.result, call.started_ms, call.answered_ms, call.ended_ms);
        let standing = call.standing();
        match standing {
            Standing::Answered => {
                rang.into_iter().for_each(|seconds| self.rang.add(seconds));
                talked.into_iter().for_each(|seconds| self.talked.add(seconds));
            }
            Standing::Unanswered => rang.into_iter().for_each(|seconds| self.waited.add(seconds)),
            Standing::Open | Standing::Unknown => {}
        }
        call.answered_ms.zip(call.ended_ms).into_iter().for_each(|talk| self.talks.add(talk));
        self.on(local.day).add(call.result, standing);
        let of_hour = self.by_weekday_hour.get_mut(local.weekday).and_then(|day| day.get_mut(usize::from(local.hour)));
        of_hour.into_iter().for_each(|calls| *calls += 1);
        local.hour
    }

    fn on(&mut self, day: NaiveDate) -> &mut Counts {
        if self.day.as_ref().is_none_or(|(counted, _)| *counted != day) {
            self.put_day_away();
        }
        &mut self.day.get_or_insert_with(|| (day, Counts::default())).1
    }

    fn put_day_away(&mut self) {
        if let Some((day, counts)) = self.day.take() {
            self.by_day.entry(day).or_default().add_all(&counts);
        }
    }

    /// All of it but who was in the calls.
    pub(super) fn figures(mut self) -> Figures {
        self.put_day_away();
        let Self { by_day, by_weekday_hour, rang, waited, talked, talks, .. } = self;
        let mut all = Counts::default();
        by_day.values().for_each(|day| all.add_all(day));
        let by_hour = (0..HOURS).map(|hour| by_weekday_hour.iter().filter_map(|day| day.get(hour)).sum()).collect();
        let by_day = by_day.into_iter().map(|(day, counts)| DayFigures {
            day: day.to_string(),
            calls: counts.calls(),
            answered: counts.answered,
            unanswered: counts.unanswered,
            by_result: counts.by_result(),
        });
        Figures {
            calls: all.calls(),
            answered: all.answered,
            unanswered: all.unanswered,
            open: all.open,
            unknown: all.unknown,
            answer_rate: part_of(all.answered, all.answered + all.unanswered),
            by_result: all.by_result(),
            ring: rang.spread(),
            waited: waited.spread(),
            talk: talked.talk(),
            at_once: talks.at_once(),
            by_day: by_day.collect(),
            by_hour,
            by_weekday_hour: by_weekday_hour.into_iter().map(Vec::from).collect(),
            ..Figures::default()
        }
    }
}

/// Nothing is no part of nothing.
fn part_of(part: u64, whole: u64) -> Option<f64> {
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (whole > 0).then(|| number(part) / number(whole))
}
