//! One walk over calls: each is counted once, where it belongs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, Row};

use crate::callback::words::{CallResult, Words as _};
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::query::calls;
use crate::store::query::calls::open::{UNKNOWN, is_open_as};
use crate::store::query::calls::rows::durations;
use crate::store::query::figures::at_once::at_once;
use crate::store::query::figures::calendar::{Calendar, HOURS, WEEKDAYS};
use crate::store::query::figures::spread::{spread, talk};
use crate::store::rows::{DayFigures, Figures};
use crate::zone::Zone;

/// What is read of a call, in the order of [`Call::read`].
const COLUMNS: &str =
    "call.call_no, call.started_ms, call.answered_ms, call.ended_ms, call.last_ms, kind.kind_0, kind.kind_2";

/// What the figures of people need of a call.
pub(super) struct Counted {
    pub(super) call_no: i64,
    /// The local hour of its start.
    pub(super) hour: u8,
    pub(super) is_answered: bool,
    pub(super) is_group: bool,
}

/// How a call stands, as far as rates go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Answered,
    Unanswered,
    Open,
    Unknown,
}

struct Call {
    call_no: i64,
    started_ms: i64,
    answered_ms: Option<i64>,
    ended_ms: Option<i64>,
    result: &'static str,
    is_group: bool,
}

impl Call {
    fn read(row: &Row<'_>, now_ms: i64) -> Result<Self, Error> {
        let (answered_ms, ended_ms) = (row.get(2)?, row.get(3)?);
        let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let result = match text(5)? {
            "" => is_open_as(answered_ms, ended_ms, row.get(4)?, now_ms),
            code => CallResult::all().find(|known| *known == code).unwrap_or(UNKNOWN),
        };
        let is_group = text(6)? == "group";
        Ok(Self { call_no: row.get(0)?, started_ms: row.get(1)?, answered_ms, ended_ms, result, is_group })
    }

    fn standing(&self) -> Standing {
        match self.result {
            UNKNOWN => Standing::Unknown,
            "ringing" | "in_progress" => Standing::Open,
            "normal_end" => Standing::Answered,
            _ if self.answered_ms.is_some() => Standing::Answered,
            _ => Standing::Unanswered,
        }
    }
}

/// How many calls, by result and by how they stand.
#[derive(Default)]
struct Counts {
    answered: u64,
    unanswered: u64,
    open: u64,
    unknown: u64,
    by_result: BTreeMap<&'static str, u64>,
}

impl Counts {
    fn add(&mut self, call: &Call) {
        *match call.standing() {
            Standing::Answered => &mut self.answered,
            Standing::Unanswered => &mut self.unanswered,
            Standing::Open => &mut self.open,
            Standing::Unknown => &mut self.unknown,
        } += 1;
        *self.by_result.entry(call.result).or_default() += 1;
    }

    fn calls(&self) -> u64 {
        self.by_result.values().sum()
    }

    fn by_result(&self) -> BTreeMap<String, u64> {
        self.by_result.iter().map(|(code, calls)| ((*code).to_owned(), *calls)).collect()
    }
}

/// What was counted so far.
pub(super) struct Tally<'a> {
    calendar: Calendar<'a>,
    all: Counts,
    by_day: BTreeMap<NaiveDate, Counts>,
    by_weekday_hour: [[u64; HOURS]; WEEKDAYS],
    rang: Vec<i64>,
    waited: Vec<i64>,
    talked: Vec<i64>,
    /// From answer to end.
    talks: Vec<(i64, i64)>,
    calls: Vec<Counted>,
}

impl<'a> Tally<'a> {
    /// Counts every call that the filter finds.
    pub(super) fn read(connection: &Connection, filter: &Filter, zone: &'a Zone, now_ms: i64) -> Result<Self, Error> {
        let list = calls::list(connection, filter, now_ms)?;
        let mut tally = Self::new(zone);
        list.each_value(
            connection,
            &list.window(),
            |_| COLUMNS.to_owned(),
            |row| {
                tally.add(&Call::read(row, now_ms)?);
                Ok(())
            },
        )?;
        Ok(tally)
    }

    fn new(zone: &'a Zone) -> Self {
        Self {
            calendar: Calendar::of(zone),
            all: Counts::default(),
            by_day: BTreeMap::new(),
            by_weekday_hour: Default::default(),
            rang: Vec::new(),
            waited: Vec::new(),
            talked: Vec::new(),
            talks: Vec::new(),
            calls: Vec::new(),
        }
    }

    fn add(&mut self, call: &Call) {
        let local = self.calendar.at(call.started_ms);
        let (rang, talked) = durations(call.result, call.started_ms, call.answered_ms, call.ended_ms);
        let standing = call.standing();
        match standing {
            Standing::Answered => {
                self.rang.extend(rang);
                self.talked.extend(talked);
            }
            Standing::Unanswered => self.waited.extend(rang),
            Standing::Open | Standing::Unknown => {}
        }
        self.talks.extend(call.answered_ms.zip(call.ended_ms));
        self.all.add(call);
        self.by_day.entry(local.day).or_default().add(call);
        let of_hour = self.by_weekday_hour.get_mut(local.weekday).and_then(|day| day.get_mut(usize::from(local.hour)));
        of_hour.into_iter().for_each(|calls| *calls += 1);
        self.calls.push(Counted {
            call_no: call.call_no,
            hour: local.hour,
            is_answered: standing == Standing::Answered,
            is_group: call.is_group,
        });
    }

    /// All of it but who was in the calls, and the calls.
    pub(super) fn figures(self) -> (Figures, Vec<Counted>) {
        let Self { all, by_day, by_weekday_hour, rang, waited, talked, talks, calls, .. } = self;
        let by_hour = (0..HOURS).map(|hour| by_weekday_hour.iter().filter_map(|day| day.get(hour)).sum()).collect();
        let by_day = by_day.into_iter().map(|(day, counts)| DayFigures {
            day: day.to_string(),
            calls: counts.calls(),
            answered: counts.answered,
            unanswered: counts.unanswered,
            by_result: counts.by_result(),
        });
        let figures = Figures {
            calls: all.calls(),
            answered: all.answered,
            unanswered: all.unanswered,
            open: all.open,
            unknown: all.unknown,
            answer_rate: part_of(all.answered, all.answered + all.unanswered),
            by_result: all.by_result(),
            ring: spread(rang),
            waited: spread(waited),
            talk: talk(talked),
            at_once: at_once(talks),
            by_day: by_day.collect(),
            by_hour,
            by_weekday_hour: by_weekday_hour.into_iter().map(Vec::from).collect(),
            ..Figures::default()
        };
        (figures, calls)
    }
}

/// Nothing is no part of nothing.
fn part_of(part: u64, whole: u64) -> Option<f64> {
    let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (whole > 0).then(|| number(part) / number(whole))
}
