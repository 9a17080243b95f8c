//! Tencent's enumerations in Calltrail's own spelling; every spelling that Tencent's pages print maps to one code.

use serde::{Deserialize, Serialize};

/// Lower-cases and drops spaces, underscores and hyphens, so that `Hang Up`, `Hangup` and `HangUp` are one word.
fn squashed(raw: &str) -> impl Iterator<Item = char> + '_ {
    raw.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase)
}

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal $(| $spelling:literal)*),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = concat!("`", $code, "`.")] $(#[$vmeta])* $variant),+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code of every value, in the same order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The code that the record, the API and the exports use.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads any spelling that Tencent uses; `None` for a value that is not known.
            pub fn read(raw: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| {
                    let spellings: &[&str] = match value { $(Self::$variant => &[$code $(, $spelling)*]),+ };
                    spellings.iter().any(|spelling| squashed(spelling).eq(squashed(raw)))
                })
            }
        }
    };
}

codes! {
    /// Audio or video (`MediaType`, `CallMediaType`).
    Media { Audio = "audio", Video = "video" }
}

codes! {
    /// One-to-one or group (`CallType`: `single`/`group` in v1, `SingleCall`/`MultiCall` in v2).
    CallType { Single = "single" | "SingleCall", Group = "group" | "MultiCall" | "GroupCall" }
}

codes! {
    /// `Role` of CallKit v1; in v2 it follows from who called.
    Role { Caller = "caller", Callee = "callee" }
}

codes! {
    /// How a call ended (`CallResult`). The order is the order of precedence of rules.md section 3.
    CallResult {
        NormalEnd = "normal_end",
        Interrupt = "interrupt",
        Offline = "offline",
        Reject = "reject",
        CallBusy = "call_busy",
        Cancel = "cancel",
        NotAnswer = "not_answer",
        Failed = "failed",
    }
}

codes! {
    /// What one step of a call's timeline was. The order is the rank of steps of the same millisecond.
    Action {
        Start = "start",
        Receive = "receive",
        Invite = "invite" | "invited",
        Accept = "accept" | "answer",
        Join = "join",
        Busy = "busy",
        Reject = "reject",
        NotAnswer = "not_answer",
        CancelInvite = "cancel_invite" | "canncel_invite" | "cancel_invited",
        HangUp = "hang_up",
        Offline = "offline",
        Interrupt = "interrupt",
        Fail = "fail",
        End = "end",
    }
}

codes! {
    /// Which product a room belongs to: `Live.*`, `Room.*` or RTC Engine events.
    Product { Live = "live", Conference = "conference", Rtc = "rtc" }
}

codes! {
    /// Which family of callbacks a delivery belongs to (protocol.md section 0).
    Family {
        /// CallKit v1 status and event callbacks.
        CallV1 = "call-v1",
        /// `Call.Callback*`.
        Call = "call",
        /// `Live.*`, `Mic.*`, `Follow.*`, `Group.*`.
        Live = "live",
        /// `Room.*`, and `Mic.*` with an operator.
        Room = "room",
        /// RTC Engine room and media events.
        Rtc = "rtc",
        /// Chat callbacks (`C2C.*`, `State.*`, ...), which share the protocol of `Call.*`.
        Chat = "chat",
        /// Nothing in the request names a family.
        Unknown = "unknown",
    }
}

codes! {
    /// What Calltrail made of a delivery (rules.md 1.3 and 1.6).
    Verdict {
        /// Understood and part of the record.
        Applied = "applied",
        /// Understood after the lenient JSON repair, and part of the record.
        Repaired = "repaired",
        /// Kept; its command is not known.
        UnknownCommand = "unknown_command",
        /// Kept; its body could not be understood.
        Unparsable = "unparsable",
        /// A request without a body, such as a console's address check.
        Empty = "empty",
        /// Kept, not applied: the request names no application.
        NoApp = "no_app",
        /// Understood; it holds nothing that belongs in the record.
        NotRelevant = "not_relevant",
        /// Calltrail's own test callback.
        Test = "test",
        /// The projection failed; tried again at the next rebuild.
        Fault = "fault",
        /// Quarantined: the application is not one of ours.
        ForeignApp = "foreign_app",
        /// Quarantined: the request names two applications.
        AppConflict = "app_conflict",
        /// Quarantined: the signature does not fit.
        BadSignature = "bad_signature",
        /// Quarantined: the signature is older than a minute, or a clock is wrong.
        StaleSignature = "stale_signature",
    }
}

impl Verdict {
    /// True for a delivery that waits in quarantine and not in the archive.
    pub const fn is_quarantine(self) -> bool {
        matches!(self, Self::ForeignApp | Self::AppConflict | Self::BadSignature | Self::StaleSignature)
    }
}

/// What kind of room id Tencent named; number 123 and text "123" are different rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomIdType {
    /// Tencent does not say.
    #[default]
    Unsaid,
    /// A numeric room (`RoomIdType` 1; a JSON number in RTC Engine events).
    Number,
    /// A string room (`RoomIdType` 2; a JSON string in RTC Engine events).
    Text,
}

impl RoomIdType {
    /// The code of every value, in declaration order.
    pub const CODES: &'static [&'static str] = &[Self::Unsaid.code(), Self::Number.code(), Self::Text.code()];

    /// `number`, `text`, or empty where Tencent does not say.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unsaid => "",
            Self::Number => "number",
            Self::Text => "text",
        }
    }

    /// From the code, as the API and the database write it.
    pub fn read(code: &str) -> Self {
        match code {
            "number" => Self::Number,
            "text" => Self::Text,
            _ => Self::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_protocol_2_4_is_read() {
        for (raw, want) in [
            ("Answer", Action::Accept),
            ("Accept", Action::Accept),
            ("Hangup", Action::HangUp),
            ("Hang Up", Action::HangUp),
            ("HangUp", Action::HangUp),
            ("Invited", Action::Invite),
            ("Cancel_Invite", Action::CancelInvite),
            ("Canncel_Invite", Action::CancelInvite),
            ("NotAnswer", Action::NotAnswer),
            ("OFFLINE", Action::Offline),
        ] {
            assert_eq!(Action::read(raw), Some(want), "{raw} is printed on Tencent's pages");
        }
        assert_eq!(Action::read("Teleport"), None, "an unknown action stays raw");
        assert_eq!(CallResult::read("Not_answer"), Some(CallResult::NotAnswer), "v1's English table");
        assert_eq!(CallType::read("MultiCall"), Some(CallType::Group), "v2's word for a group call");
    }
}
