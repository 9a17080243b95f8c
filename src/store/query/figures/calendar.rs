//! What the clocks of a zone show, by the quarter of an hour: each lies in one local hour, wherever that is.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate, Timelike as _};

use crate::store::projection::counters::QUARTER_MS;
use crate::zone::Zone;

/// Hours of a day, as they are called.
pub(super) const HOURS: usize = 24;
/// Days of a week.
pub(super) const WEEKDAYS: usize = 7;

/// A local day and hour.
#[derive(Clone, Copy)]
pub(super) struct Local {
    pub(super) day: NaiveDate,
    /// From 0.
    pub(super) hour: u8,
    /// From Monday, 0.
    pub(super) weekday: usize,
}

/// The hours of a zone; those that were looked up are remembered, and the last one is at hand.
pub(super) struct Calendar<'a> {
    zone: &'a Zone,
    known: HashMap<i64, Local>,
    last: Option<(i64, Local)>,
}

impl<'a> Calendar<'a> {
    pub(super) fn of(zone: &'a Zone) -> Self {
        Self { zone, known: HashMap::new(), last: None }
    }

    /// What the clocks show at a moment, Unix milliseconds.
    pub(super) fn at(&mut self, ms: i64) -> Local {
        let (zone, quarter) = (self.zone, ms.div_euclid(QUARTER_MS));
        if let Some((_, local)) = self.last.filter(|(known, _)| *known == quarter) {
            return local;
        }
        let local = *self.known.entry(quarter).or_insert_with(|| {
            // A time beyond what the calendar knows (a receipt by a broken clock) counts to 1970, as in the days of a list.
            let at = zone.at(quarter.saturating_mul(QUARTER_MS)).or_else(|| zone.at(0)).unwrap_or_default();
            let weekday = usize::try_from(at.weekday().num_days_from_monday()).unwrap_or(0);
            Local { day: at.date_naive(), hour: u8::try_from(at.hour()).unwrap_or(0), weekday }
        });
        self.last = Some((quarter, local));
        local
    }
}
