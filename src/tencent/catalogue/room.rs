//! Conference rooms (page 60720).

use super::{Group, Preset, record};

const DETAIL: &str = "A detail of the room with its history.";
const STAYS: &str = "The stays: who was in the room, from when to when, and why they left.";

pub(super) const GROUPS: [Group; 3] = [
    Group {
        name: "Rooms",
        commands: &[
            record(
                "Room.CallbackAfterCreateRoom",
                Preset::History,
                "A conference room was opened or scheduled.",
                "The room, with its name and owner.",
            ),
            record(
                "Room.CallbackAfterDestroyRoom",
                Preset::History,
                "A conference room was closed.",
                "The room's end, and the end of every stay in it.",
            ),
            record(
                "Room.CallbackAfterUpdateRoomInfo",
                Preset::Everything,
                "The name, owner or rules of a room changed.",
                DETAIL,
            ),
        ],
    },
    Group {
        name: "People",
        commands: &[
            record("Room.CallbackAfterMemberEnter", Preset::Presence, "Somebody entered a conference room.", STAYS),
            record(
                "Room.CallbackAfterMemberLeave",
                Preset::Presence,
                "Somebody left, was removed, or lost the connection.",
                STAYS,
            ),
        ],
    },
    Group {
        name: "Seats",
        commands: &[record(
            "Mic.CallbackAfterSeatInfoChanged",
            Preset::Everything,
            "Who sits on which seat, and whose microphone is locked.",
            DETAIL,
        )],
    },
];
