//! Which periods have ended, and which of them nobody has exported yet: pure.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::zone::Zone;

/// So many missed periods are made up for at most. More are not missed by sleep, but by a clock that was wrong.
const MADE_UP_FOR: usize = 400;

/// How long the periods of a schedule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScheduleEvery)]
pub enum Every {
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
}

/// Some whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first one.
    pub from: NaiveDate,
    /// The one after the last.
    pub to: NaiveDate,
}

impl Period {
    /// [from, to) in Unix milliseconds.
    pub(super) fn moments(&self, zone: &Zone) -> (i64, i64) {
        let midnight = |day: NaiveDate| zone.first_moment(day.and_time(NaiveTime::MIN));
        (midnight(self.from), midnight(self.to))
    }

    /// Its last day.
    pub fn last_day(&self) -> NaiveDate {
        self.to.pred_opt().unwrap_or(self.from)
    }
}

impl Every {
    /// The period that a day lies in.
    pub(super) fn around(self, day: NaiveDate) -> Period {
        let from = match self {
            Self::Day => day,
            Self::Week => back(day, u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day.with_day(1).unwrap_or(day),
        };
        let to = match self {
            Self::Day => from.checked_add_days(Days::new(1)),
            Self::Week => from.checked_add_days(Days::new(7)),
            Self::Month => from.checked_add_months(Months::new(1)),
        };
        Period { from, to: to.unwrap_or(NaiveDate::MAX) }
    }

    /// The period that ended last before the one around a day.
    pub(super) fn before(self, day: NaiveDate) -> Period {
        self.around(back(self.around(day).from, 1))
    }

    /// When the period that begins on `next` is exported, Unix milliseconds: at a time of the day after it.
    pub(super) fn due_ms(self, next: NaiveDate, at: NaiveTime, zone: &Zone) -> i64 {
        zone.first_moment(self.around(next).to.and_time(at))
    }

    /// The periods from `next` on that are due at a moment, the oldest first; only the newest where more than `keep` would be.
    pub(super) fn due(
        self,
        next: NaiveDate,
        at: NaiveTime,
        zone: &Zone,
        now_ms: i64,
        keep: Option<u32>,
    ) -> Vec<Period> {
        let mut due = Vec::new();
        let mut begin = self.around(next).from;
        while self.due_ms(begin, at, zone) <= now_ms && begin < NaiveDate::MAX {
            let period = self.around(begin);
            due.push(period);
            begin = period.to;
        }
        let most = keep.and_then(|keep| usize::try_from(keep).ok()).unwrap_or(usize::MAX).min(MADE_UP_FOR);
        due.split_off(due.len().saturating_sub(most))
    }
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn text(period: Period) -> String {
        format!("{}..{}", period.from, period.to)
    }

    #[test]
    fn days_weeks_and_months() {
        for (every, on, around, before) in [
            (Every::Day, "2024-02-29", "2024-02-29..2024-03-01", "2024-02-28..2024-02-29"),
            (Every::Week, "2025-03-02", "2025-02-24..2025-03-03", "2025-02-17..2025-02-24"),
            (Every::Week, "2025-03-03", "2025-03-03..2025-03-10", "2025-02-24..2025-03-03"),
            (Every::Month, "2025-01-31", "2025-01-01..2025-02-01", "2024-12-01..2025-01-01"),
        ] {
            assert_eq!(text(every.around(day(on))), around, "{every:?} around {on}");
            assert_eq!(text(every.before(day(on))), before, "{every:?} before {on}");
        }
        let last = Every::Month.around(day("2024-02-10")).last_day();
        assert_eq!(last, day("2024-02-29"), "a month's last day");
    }

    #[test]
    fn what_was_missed_is_due_and_nothing_twice() {
        let zone = Zone::read("Europe/Berlin").expect("a zone");
        let seven = NaiveTime::from_hms_opt(7, 0, 0).expect("a time");
        let at = |text: &str| zone.first_moment(text.parse().expect("a moment"));
        let due = |every: Every, next: &str, now: &str, keep| -> Vec<String> {
            every.due(day(next), seven, &zone, at(now), keep).into_iter().map(text).collect()
        };
        assert_eq!(due(Every::Day, "2025-10-25", "2025-10-26T06:59:59", None), Vec::<String>::new(), "not yet");
        assert_eq!(due(Every::Day, "2025-10-25", "2025-10-26T07:00:00", None), ["2025-10-25..2025-10-26"]);
        assert_eq!(
            due(Every::Day, "2025-10-25", "2025-10-28T12:00:00", None),
            ["2025-10-25..2025-10-26", "2025-10-26..2025-10-27", "2025-10-27..2025-10-28"],
            "three days asleep, on one of which clocks were set back"
        );
        assert_eq!(due(Every::Day, "2025-01-01", "2025-10-28T12:00:00", Some(1)), ["2025-10-27..2025-10-28"]);
        assert_eq!(due(Every::Week, "2025-10-20", "2025-10-27T07:00:00", None), ["2025-10-20..2025-10-27"]);
        assert_eq!(due(Every::Month, "2025-09-01", "2025-10-01T06:00:00", None), Vec::<String>::new());
        assert_eq!(due(Every::Day, "1990-01-01", "2025-10-28T12:00:00", None).len(), MADE_UP_FOR, "a clock was wrong");
        let day_of_25_hours = Period { from: day("2025-10-26"), to: day("2025-10-27") }.moments(&zone);
        assert_eq!(day_of_25_hours.1 - day_of_25_hours.0, 25 * 3_600_000, "a day is a day of the zone");
    }
}
