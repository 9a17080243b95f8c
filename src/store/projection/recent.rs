//! The events of calls that were folded lately: most calls are folded again soon, and need not be read from the archive each time.

use std::collections::{BTreeMap, HashMap};

use crate::store::projection::fold::step;

/// So many events are kept at most; an event is some hundred bytes.
const EVENTS_MAX: usize = 8_192;

/// The events of one call, by `delivery_id`.
pub(crate) type Events = BTreeMap<i64, step::Event>;

/// All events of some calls, as one projection has them. Whoever changes a call in another way, or rolls a transaction back, lets
/// it forget them.
#[derive(Default)]
pub(crate) struct RecentEvents {
    calls: HashMap<i64, Events>,
    events: usize,
}

impl RecentEvents {
    /// All events of a call, if they are known; they are not any more until they are put back.
    pub(crate) fn take(&mut self, call_no: i64) -> Option<Events> {
        let events = self.calls.remove(&call_no)?;
        self.events -= events.len();
        Some(events)
    }

    /// These are all events of a call.
    pub(crate) fn put(&mut self, call_no: i64, events: Events) {
        if self.events + events.len() > EVENTS_MAX {
            *self = Self::default();
        }
        if events.len() <= EVENTS_MAX {
            self.take(call_no);
            self.events += events.len();
            self.calls.insert(call_no, events);
        }
    }
}
