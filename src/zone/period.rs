//! Periods by their names, in whole days of a zone.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Zone;

/// A period by its name. Weeks begin on Monday; what is not over yet lasts until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NamedPeriod)]
pub enum Named {
    /// The day that it is.
    Today,
    /// The day before.
    Yesterday,
    /// The week that it is, from Monday.
    ThisWeek,
    /// The whole week before, Monday to Sunday.
    LastWeek,
    /// The month that it is.
    ThisMonth,
    /// The whole month before.
    LastMonth,
    /// The quarter of the year that it is.
    ThisQuarter,
    /// The whole quarter before.
    LastQuarter,
    /// The year that it is.
    ThisYear,
    /// The whole year before.
    LastYear,
    /// Today and the six days before.
    #[serde(rename = "last-7-days")]
    Last7Days,
    /// Today and the 29 days before.
    #[serde(rename = "last-30-days")]
    Last30Days,
    /// Today and the 89 days before.
    #[serde(rename = "last-90-days")]
    Last90Days,
}

impl Named {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::Today,
        Self::Yesterday,
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::LastQuarter,
        Self::ThisYear,
        Self::LastYear,
        Self::Last7Days,
        Self::Last30Days,
        Self::Last90Days,
    ];

    /// The word that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::ThisWeek => "this-week",
            Self::LastWeek => "last-week",
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::ThisQuarter => "this-quarter",
            Self::LastQuarter => "last-quarter",
            Self::ThisYear => "this-year",
            Self::LastYear => "last-year",
            Self::Last7Days => "last-7-days",
            Self::Last30Days => "last-30-days",
            Self::Last90Days => "last-90-days",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|named| named.code() == code)
    }

    /// The period [from, to) in Unix milliseconds, in which it is `now_ms`. None where the calendar ends.
    pub fn window(self, zone: &Zone, now_ms: i64) -> Option<(i64, i64)> {
        let (first, after) = self.days(zone.at(now_ms)?.date_naive())?;
        let midnight = |day: NaiveDate| zone.first_moment(day.and_time(NaiveTime::MIN));
        Some((midnight(first), midnight(after)))
    }

    /// The first day, and the day after the last.
    fn days(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let tomorrow = today.succ_opt()?;
        let week = today.week(Weekday::Mon).checked_first_day()?;
        let month = today.with_day(1)?;
        let quarter = month.checked_sub_months(Months::new(month.month0() % 3))?;
        let year = NaiveDate::from_ymd_opt(today.year(), 1, 1)?;
        let days = |first: NaiveDate, days| Some((first, first.checked_add_days(Days::new(days))?));
        let months = |first: NaiveDate, months| Some((first, first.checked_add_months(Months::new(months))?));
        let months_before = |first: NaiveDate, months| Some((first.checked_sub_months(Months::new(months))?, first));
        let lately = |days| Some((tomorrow.checked_sub_days(Days::new(days))?, tomorrow));
        match self {
            Self::Today => Some((today, tomorrow)),
            Self::Yesterday => Some((today.pred_opt()?, today)),
            Self::ThisWeek => days(week, 7),
            Self::LastWeek => Some((week.checked_sub_days(Days::new(7))?, week)),
            Self::ThisMonth => months(month, 1),
            Self::LastMonth => months_before(month, 1),
            Self::ThisQuarter => months(quarter, 3),
            Self::LastQuarter => months_before(quarter, 3),
            Self::ThisYear => months(year, 12),
            Self::LastYear => months_before(year, 12),
            Self::Last7Days => lately(7),
            Self::Last30Days => lately(30),
            Self::Last90Days => lately(90),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use expect_test::expect;

    use super::*;

    fn written(named: Named, zone: &str, now: &str) -> String {
        let zone = Zone::read(zone).expect("a zone");
        let now = DateTime::parse_from_rfc3339(now).expect("a moment").timestamp_millis();
        let (from, to) = named.window(&zone, now).expect("a period");
        let moment = |ms| zone.at(ms).expect("within the calendar").to_rfc3339();
        format!("{:13} {} {} {} h", named.code(), moment(from), moment(to), (to - from) / 3_600_000)
    }

    #[test]
    fn periods_are_whole_days_of_their_zone() {
        // The Monday after the clocks went back; in UTC it is still Sunday.
        let all = Named::ALL.map(|named| written(named, "Europe/Berlin", "2025-10-26T23:30:00Z"));
        expect![[r#"
            today         2025-10-27T00:00:00+01:00 2025-10-28T00:00:00+01:00 24 h
            yesterday     2025-10-26T00:00:00+02:00 2025-10-27T00:00:00+01:00 25 h
            this-week     2025-10-27T00:00:00+01:00 2025-11-03T00:00:00+01:00 168 h
            last-week     2025-10-20T00:00:00+02:00 2025-10-27T00:00:00+01:00 169 h
            this-month    2025-10-01T00:00:00+02:00 2025-11-01T00:00:00+01:00 745 h
            last-month    2025-09-01T00:00:00+02:00 2025-10-01T00:00:00+02:00 720 h
            this-quarter  2025-10-01T00:00:00+02:00 2026-01-01T00:00:00+01:00 2209 h
            last-quarter  2025-07-01T00:00:00+02:00 2025-10-01T00:00:00+02:00 2208 h
            this-year     2025-01-01T00:00:00+01:00 2026-01-01T00:00:00+01:00 8760 h
            last-year     2024-01-01T00:00:00+01:00 2025-01-01T00:00:00+01:00 8784 h
            last-7-days   2025-10-21T00:00:00+02:00 2025-10-28T00:00:00+01:00 169 h
            last-30-days  2025-09-28T00:00:00+02:00 2025-10-28T00:00:00+01:00 721 h
            last-90-days  2025-07-30T00:00:00+02:00 2025-10-28T00:00:00+01:00 2161 h"#]]
        .assert_eq(&all.join("\n"));
        let leap = written(Named::LastMonth, "Asia/Shanghai", "2024-03-31T15:59:59Z");
        assert!(leap.contains("2024-02-01T00:00:00+08:00 2024-03-01T00:00:00+08:00 696 h"), "{leap}");
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for named in Named::ALL {
            assert_eq!(Named::read(named.code()), Some(named));
            assert_eq!(serde_json::to_value(named).expect("JSON"), named.code(), "the API has the same word");
        }
        assert_eq!(Named::read("last-fortnight"), None, "a period that there is not");
    }
}
