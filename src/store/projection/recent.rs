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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::facts::{CallDetail, V1Event};
    use crate::store::delivery::Digest;

    fn events(body_bytes: usize) -> Events {
        let event = step::Event {
            at_ms: 0,
            digest: Digest([0; 32]),
            flagged: false,
            family: "",
            command: "".into(),
            client_ip: "".into(),
            platform: "".into(),
            body_bytes,
            detail: CallDetail::V1(V1Event::default()).into(),
        };
        Events::from([(1, event)])
    }

    #[test]
    fn what_is_remembered_has_a_bound_in_bytes() {
        let mut recent = RecentEvents::default();
        recent.put(1, events(BYTES_MAX / 2));
        recent.put(2, events(BYTES_MAX));
        assert!(recent.take(2).is_none(), "a call that fills all of it is not remembered");
        assert!(recent.take(1).is_some(), "and costs the others nothing");
        assert_eq!(recent.bytes, 0, "nothing is left");
        for call_no in 0..1_000 {
            recent.put(call_no, events(BYTES_MAX / 10));
            recent.put(call_no, events(BYTES_MAX / 10));
            assert!(recent.bytes <= BYTES_MAX, "the bound holds");
        }
        assert!(recent.take(999).is_some(), "the last one is remembered");
        assert!(recent.take(0).is_none(), "the first one is not any more");
    }
}
