//! Calls made with `calls()` (page 68934).

use super::{Group, GroupCode, Makes, Preset, record};

pub(super) const GROUPS: [Group; 1] = [Group {
    code: GroupCode::Calls,
    commands: &[
        record("Call.CallbackAfterStartCall", Preset::History, Makes::RingingCall),
        record("Call.CallbackAfterMemberChanged", Preset::Presence, Makes::Members),
        record("Call.CallbackAfterEndCall", Preset::History, Makes::ResultAndLengths),
    ],
}];
