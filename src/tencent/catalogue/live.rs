//! Live rooms (page 64413).

use super::{Command, Group, GroupCode, Kind, Makes, Preset, before, other, record};

/// Not a callback: with it in the list, the gift callback no longer blocks (page 72210).
pub(super) const NOT_BLOCKING: &str = "Live.CallbackBeforeCallBackNotBlock";

pub(super) const GROUPS: [Group; 7] = [
    Group {
        code: GroupCode::Rooms,
        commands: &[
            record("Live.CallbackAfterCreateRoom", Preset::History, Makes::Room),
            record("Live.CallbackAfterDestroyRoom", Preset::History, Makes::RoomEnd),
            record("Live.CallbackAfterUpdateRoomInfo", Preset::Everything, Makes::RoomDetail),
            record("Live.CallbackAfterSetMetadata", Preset::Everything, Makes::RoomDetail),
            record("Live.CallbackAfterDelMetadata", Preset::Everything, Makes::RoomDetail),
            other("Live.CallbackAfterCreateRoomReachingThreshold", Some(Preset::Everything)),
        ],
    },
    Group {
        code: GroupCode::People,
        commands: &[
            record("Live.CallbackAfterMemberStateChanged", Preset::Presence, Makes::Stays),
            record("Live.CallbackAfterChangeOwner", Preset::Everything, Makes::RoomDetail),
            record("Live.CallbackAfterModifyAdmin", Preset::Everything, Makes::RoomDetail),
        ],
    },
    Group {
        code: GroupCode::Seats,
        commands: &[record("Mic.CallbackAfterSeatInfoChanged", Preset::Everything, Makes::RoomDetail)],
    },
    Group {
        code: GroupCode::Battles,
        commands: &[
            other("Live.CallbackAfterCreateBattle", Some(Preset::Everything)),
            other("Live.CallbackAfterStartBattle", Some(Preset::Everything)),
            other("Live.CallbackAfterEndBattle", Some(Preset::Everything)),
        ],
    },
    Group {
        code: GroupCode::Followers,
        commands: &[
            other("Follow.CallbackAfterFollowAdd", Some(Preset::Everything)),
            other("Follow.CallbackAfterFollowDelete", Some(Preset::Everything)),
        ],
    },
    Group {
        code: GroupCode::Messages,
        commands: &[other("Group.CallbackAfterSendMsg", None), before("Group.CallbackBeforeSendMsg")],
    },
    Group {
        code: GroupCode::Gifts,
        commands: &[
            before("Live.CallbackBeforeSendGift"),
            Command { word: NOT_BLOCKING, makes: Makes::Nothing, kind: Kind::Switch, from: None },
        ],
    },
];
