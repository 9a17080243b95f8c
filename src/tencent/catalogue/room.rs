//! Conference rooms (page 60720).

use super::{Group, GroupCode, Makes, Preset, record};

pub(super) const GROUPS: [Group; 3] = [
    Group {
        code: GroupCode::Rooms,
        commands: &[
            record("Room.CallbackAfterCreateRoom", Preset::History, Makes::Room),
            record("Room.CallbackAfterDestroyRoom", Preset::History, Makes::RoomEnd),
            record("Room.CallbackAfterUpdateRoomInfo", Preset::Everything, Makes::RoomDetail),
        ],
    },
    Group {
        code: GroupCode::People,
        commands: &[
            record("Room.CallbackAfterMemberEnter", Preset::Presence, Makes::Stays),
            record("Room.CallbackAfterMemberLeave", Preset::Presence, Makes::Stays),
        ],
    },
    Group {
        code: GroupCode::Seats,
        commands: &[record("Mic.CallbackAfterSeatInfoChanged", Preset::Everything, Makes::RoomDetail)],
    },
];
