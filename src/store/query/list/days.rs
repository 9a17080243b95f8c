//! How many rows of a list each local day has.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::store::projection::counters::QUARTER_MS;
use crate::store::rows::{Day, Days};
use crate::zone::Zone;

/// The days of rows that are counted by the quarter of an hour, newest first; days without rows are left out.
pub(crate) fn of_quarters(quarters: &BTreeMap<i64, u64>, zone: &Zone) -> Days {
    let mut days: Vec<(NaiveDate, u64)> = Vec::new();
    for (quarter, rows) in quarters.iter().rev() {
        // A time beyond what the calendar knows (a receipt by a broken clock) counts to that of 1970.
        let begins = zone.at(quarter.saturating_mul(QUARTER_MS)).or_else(|| zone.at(0)).unwrap_or_default();
        let day = begins.date_naive();
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
