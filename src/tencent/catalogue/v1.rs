//! Calls made with the older `call()` and `groupCall()` (page 60135).

use super::{Group, GroupCode, Makes, Preset, record};

pub(super) const GROUPS: [Group; 3] = [
    Group {
        code: GroupCode::Results,
        commands: &[
            record("normal_end", Preset::History, Makes::Result),
            record("cancel", Preset::History, Makes::Result),
            record("reject", Preset::History, Makes::Result),
            record("not_answer", Preset::History, Makes::Result),
            record("call_busy", Preset::History, Makes::Result),
            record("interrupt", Preset::History, Makes::Result),
        ],
    },
    Group {
        code: GroupCode::Caller,
        commands: &[
            record("caller_start_call", Preset::History, Makes::RingingCall),
            record("caller_call_accepted", Preset::Presence, Makes::Step),
            record("caller_call_missed", Preset::Presence, Makes::Step),
            record("caller_call_rejected", Preset::Presence, Makes::Step),
            record("caller_call_busy", Preset::Presence, Makes::Step),
            record("caller_cancel_call", Preset::Presence, Makes::Step),
            record("caller_call_failed", Preset::Presence, Makes::Step),
            record("caller_call_end", Preset::Presence, Makes::Step),
            record("caller_call_interrupted", Preset::Presence, Makes::Step),
        ],
    },
    Group {
        code: GroupCode::Others,
        commands: &[
            record("callee_receive_call", Preset::Presence, Makes::Step),
            record("callee_accept_call", Preset::Presence, Makes::Answer),
            record("callee_not_answer_call", Preset::Presence, Makes::Step),
            record("callee_reject_call", Preset::Presence, Makes::Step),
            record("callee_ignore_call", Preset::Presence, Makes::Step),
            record("callee_call_canceled", Preset::Presence, Makes::Step),
            record("callee_call_end", Preset::Presence, Makes::Step),
            record("callee_call_interrupted", Preset::Presence, Makes::Step),
            record("invite_user", Preset::Presence, Makes::Step),
            record("join_in_group_call", Preset::Presence, Makes::Joining),
        ],
    },
];
