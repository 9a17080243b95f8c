//! The events of calls that were folded lately: most calls are folded again soon, and need not be read from the archive each time.

use std::collections::{BTreeMap, HashMap};

use crate::store::projection::fold::step;

/// What they may weigh: whoever sends large bodies has fewer of them remembered.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// What an event weighs besides its body.
const EVENT_BYTES: usize = 500;

/// The events of one call, by `delivery_id`.
pub(crate) type Events = BTreeMap<i64, step::Event>;

/// All events of some calls, as one projection has them. Whoever changes a call in another way, or rolls a transaction back, lets
/// it forget them.
#[derive(Default)]
pub(crate) struct RecentEvents {
    calls: HashMap<i64, Events>,
    bytes: usize,
}

impl RecentEvents {
    /// All events of a call, if they are known; they are not any more until they are put back.
    pub(crate) fn take(&mut self, call_no: i64) -> Option<Events> {
        let events = self.calls.remove(&call_no)?;
        self.bytes -= weight(&events);
        Some(events)
    }

    /// These are all events of a call.
    pub(crate) fn put(&mut self, call_no: i64, events: Events) {
        self.take(call_no);
        let bytes = weight(&events);
        if bytes > BYTES_MAX {
            return;
        }
        if self.bytes + bytes > BYTES_MAX {
            *self = Self::default();
        }
        self.bytes += bytes;
        self.calls.insert(call_no, events);
    }
}

fn weight(events: &Events) -> usize {
    events.values().map(|event| event.body_bytes + EVENT_BYTES).sum()
}
