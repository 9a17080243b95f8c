//! Live rooms (page 64413).

use super::{Command, Group, Kind, Preset, before, other, record};

/// Not a callback: with it in the list, the gift callback no longer blocks (page 72210).
pub(super) const NOT_BLOCKING: &str = "Live.CallbackBeforeCallBackNotBlock";

const DETAIL: &str = "A detail of the room with its history.";

pub(super) const GROUPS: [Group; 7] = [
    Group {
        name: "Rooms",
        commands: &[
            record(
                "Live.CallbackAfterCreateRoom",
                Preset::History,
                "A live room was opened.",
                "The room, with its name and owner.",
            ),
            record(
                "Live.CallbackAfterDestroyRoom",
                Preset::History,
                "A live room was closed.",
                "The room's end, and the end of every stay in it.",
            ),
            record(
                "Live.CallbackAfterUpdateRoomInfo",
                Preset::Everything,
                "The name, cover or rules of a room changed.",
                DETAIL,
            ),
            record(
                "Live.CallbackAfterSetMetadata",
                Preset::Everything,
                "An application wrote data of its own into a room.",
                DETAIL,
            ),
            record(
                "Live.CallbackAfterDelMetadata",
                Preset::Everything,
                "An application removed data of its own from a room.",
                DETAIL,
            ),
            other(
                "Live.CallbackAfterCreateRoomReachingThreshold",
                Some(Preset::Everything),
                "70 % of the rooms that your package allows are in use.",
            ),
        ],
    },
    Group {
        name: "People",
        commands: &[
            record(
                "Live.CallbackAfterMemberStateChanged",
                Preset::Presence,
                "Somebody entered or left a live room, or lost the connection.",
                "The stays: who was in the room, from when to when, and why they left.",
            ),
            record("Live.CallbackAfterChangeOwner", Preset::Everything, "A room has another owner.", DETAIL),
            record(
                "Live.CallbackAfterModifyAdmin",
                Preset::Everything,
                "Somebody became or is no longer an administrator of a room.",
                DETAIL,
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
    Group {
        name: "Battles",
        commands: &[
            other("Live.CallbackAfterCreateBattle", Some(Preset::Everything), "A battle between rooms was proposed."),
            other("Live.CallbackAfterStartBattle", Some(Preset::Everything), "A battle began."),
            other("Live.CallbackAfterEndBattle", Some(Preset::Everything), "A battle ended, with its score."),
        ],
    },
    Group {
        name: "Followers",
        commands: &[
            other("Follow.CallbackAfterFollowAdd", Some(Preset::Everything), "Somebody follows somebody."),
            other("Follow.CallbackAfterFollowDelete", Some(Preset::Everything), "Somebody no longer follows somebody."),
        ],
    },
    Group {
        name: "Messages",
        commands: &[
            other(
                "Group.CallbackAfterSendMsg",
                None,
                "Somebody wrote a message in a room. A busy room sends very many of these.",
            ),
            before("Group.CallbackBeforeSendMsg", "Asks whether a message may be sent, before anybody sees it."),
        ],
    },
    Group {
        name: "Gifts",
        commands: &[
            before(
                "Live.CallbackBeforeSendGift",
                "Asks whether a gift may be sent. Without an answer within 2 seconds the gift is refused.",
            ),
            Command {
                word: NOT_BLOCKING,
                tells: "Tells nothing: with it, gifts no longer wait for an answer.",
                makes: "Nothing. It only belongs beside the gift callback.",
                kind: Kind::Switch,
                from: None,
            },
        ],
    },
];
