//! Calls made with the older `call()` and `groupCall()` (page 60135).

use super::{Group, Preset, record};

const RESULT: &str = "The call's result, with its times.";
const STEP: &str = "A step of the call's timeline.";

pub(super) const GROUPS: [Group; 3] = [
    Group {
        name: "How a call ended",
        commands: &[
            record("normal_end", Preset::History, "A call that was answered has ended.", RESULT),
            record("cancel", Preset::History, "The caller gave up before an answer.", RESULT),
            record("reject", Preset::History, "The other side declined.", RESULT),
            record("not_answer", Preset::History, "Nobody answered in time.", RESULT),
            record("call_busy", Preset::History, "The other side was busy.", RESULT),
            record("interrupt", Preset::History, "The call broke, for example with the network.", RESULT),
        ],
    },
    Group {
        name: "What the caller does",
        commands: &[
            record(
                "caller_start_call",
                Preset::History,
                "Somebody starts a call.",
                "The call appears in the list while it rings.",
            ),
            record("caller_call_accepted", Preset::Presence, "The other side has answered.", STEP),
            record("caller_call_missed", Preset::Presence, "The call was not answered.", STEP),
            record("caller_call_rejected", Preset::Presence, "The call was declined.", STEP),
            record("caller_call_busy", Preset::Presence, "The other side is busy.", STEP),
            record("caller_cancel_call", Preset::Presence, "The caller cancels.", STEP),
            record("caller_call_failed", Preset::Presence, "The call could not be started.", STEP),
            record("caller_call_end", Preset::Presence, "The call ends for the caller.", STEP),
            record("caller_call_interrupted", Preset::Presence, "The call breaks for the caller.", STEP),
        ],
    },
    Group {
        name: "What the others do",
        commands: &[
            record("callee_receive_call", Preset::Presence, "A call arrives at somebody.", STEP),
            record("callee_accept_call", Preset::Presence, "Somebody answers.", "Who answered, and when."),
            record("callee_not_answer_call", Preset::Presence, "Somebody lets it ring.", STEP),
            record("callee_reject_call", Preset::Presence, "Somebody declines.", STEP),
            record(
                "callee_ignore_call",
                Preset::Presence,
                "The call is ignored, because somebody is in another one.",
                STEP,
            ),
            record("callee_call_canceled", Preset::Presence, "The caller has cancelled.", STEP),
            record("callee_call_end", Preset::Presence, "The call ends for somebody.", STEP),
            record("callee_call_interrupted", Preset::Presence, "The call breaks for somebody.", STEP),
            record("invite_user", Preset::Presence, "Somebody is invited into a call that runs.", STEP),
            record(
                "join_in_group_call",
                Preset::Presence,
                "Somebody joins a group call that runs.",
                "Who was in a group call, and from when.",
            ),
        ],
    },
];
