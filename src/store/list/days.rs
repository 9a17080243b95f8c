//! How many rows of a list each local day has.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::store::rows::{Day, Days};
use crate::store::tally::QUARTER_MS;

/// The days of rows that are counted by the quarter of an hour, newest first; days without rows are left out.
pub(in crate::store) fn of_quarters(quarters: &BTreeMap<i64, u64>, zone: Tz) -> Days {
    let mut days: Vec<(NaiveDate, u64)> = Vec::new();
    for (quarter, rows) in quarters.iter().rev() {
        // A time beyond what the calendar knows (a receipt by a broken clock) counts to that of 1970.
        let begins = DateTime::from_timestamp_millis(quarter.saturating_mul(QUARTER_MS)).unwrap_or_default();
        let day = begins.with_timezone(&zone).date_naive();
        match days.last_mut() {
            Some((last, sum)) if *last == day => *sum += rows,
            _ => days.push((day, *rows)),
        }
    }
    Days {
        total: quarters.values().sum(),
        days: days.into_iter().map(|(day, rows)| Day { day: day.to_string(), rows }).collect(),
    }
}
