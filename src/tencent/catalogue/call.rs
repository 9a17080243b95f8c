//! Calls made with `calls()` (page 68934).

use super::{Group, Preset, record};

pub(super) const GROUPS: [Group; 1] = [Group {
    name: "Calls",
    commands: &[
        record(
            "Call.CallbackAfterStartCall",
            Preset::History,
            "A call has begun to ring.",
            "The call appears in the list while it rings.",
        ),
        record(
            "Call.CallbackAfterMemberChanged",
            Preset::Presence,
            "Somebody answered, declined, joined, left or lost the connection.",
            "The timeline of each member, ring and talk times, and when it was answered.",
        ),
        record(
            "Call.CallbackAfterEndCall",
            Preset::History,
            "A call has ended, with its result and times.",
            "The result and the lengths. Without it no call gets a result.",
        ),
    ],
}];
