//! Codes of the record in words, as the window says them: whoever opens a report has never seen a code.

use std::borrow::Cow;

use crate::language::Language;

/// A code, and what it is called in English and in Chinese.
type Said = (&'static str, &'static str, &'static str);

/// Which codes a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    Result,
    Media,
    CallType,
    Source,
    RoomIdType,
    Product,
    EndReason,
    Cause,
    CaseState,
    CaseHow,
    Ours,
    Part,
}

impl Codes {
    /// Those of a column of an export, or of a filter; none where it has texts.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "result" => Self::Result,
            "media" => Self::Media,
            "type" => Self::CallType,
            "source" => Self::Source,
            "room_id_type" => Self::RoomIdType,
            "product" => Self::Product,
            "end_reason" => Self::EndReason,
            "enter_cause" | "leave_cause" => Self::Cause,
            "state" => Self::CaseState,
            "how" => Self::CaseHow,
            "note" | "answered" | "ours" => Self::Ours,
            "part" => Self::Part,
            _ => return None,
        })
    }

    /// What a code is called; what has no word is shown as it is.
    pub(super) fn say<'a>(self, code: &'a str, language: Language) -> Cow<'a, str> {
        let said = self.all().iter().find(|(known, ..)| *known == code);
        Cow::Borrowed(said.map_or(code, |(_, en, zh)| match language {
            Language::En => *en,
            Language::Zh => *zh,
        }))
    }

    const fn all(self) -> &'static [Said] {
        match self {
            Self::Result => RESULTS,
            Self::Media => &[("audio", "Audio", "音频"), ("video", "Video", "视频"), UNKNOWN],
            Self::CallType => &[("single", "One to one", "单人通话"), ("group", "Group", "多人通话"), UNKNOWN],
            Self::Source => &[
                ("callback", "Callbacks", "回调"),
                ("backfill", "Fetched from Tencent", "从腾讯云拉取"),
                ("both", "Callbacks and fetched", "回调和拉取"),
            ],
            Self::RoomIdType => &[("number", "Number", "数字"), ("text", "Text", "字符串")],
            Self::Product => {
                &[("live", "Live", "直播"), ("conference", "Conference", "会议"), ("rtc", "RTC Engine", "RTC Engine")]
            }
            Self::EndReason => &[
                ("destroy", "closed", "已关闭"),
                ("dismiss", "dismissed", "已解散"),
                ("destroy_by_user", "closed by a user", "由用户关闭"),
                ("destroy_by_system", "closed by the system", "由系统关闭"),
            ],
            Self::Cause => CAUSES,
            Self::CaseState => &[
                ("open", "Open", "待处理"),
                ("put_off", "Put off", "稍后处理"),
                ("done", "Done", "已处理"),
                ("closed_itself", "Closed by a call", "通话后已完成"),
            ],
            Self::CaseHow => &[
                ("called_back", "Called back", "已回电"),
                ("called_again", "Called again", "再次来电"),
                ("by_hand", "By hand", "手动"),
            ],
            Self::Ours => &[("yes", "yes", "是"), ("no", "no", "否")],
            Self::Part => &[
                ("made", "Called", "呼叫"),
                ("received", "Was called", "被叫"),
                ("answered", "Answered", "接听"),
                ("missed", "Missed", "未接"),
                ("declined", "Declined", "拒接"),
            ],
        }
    }
}

const UNKNOWN: Said = ("unknown", "Unknown", "未知");

/// In the order in which they are stacked, and told: what went well is first.
const RESULTS: &[Said] = &[
    ("normal_end", "Answered", "已接听"),
    ("in_progress", "In progress", "通话中"),
    ("ringing", "Ringing", "振铃中"),
    ("not_answer", "Missed", "未接"),
    ("cancel", "Cancelled", "已取消"),
    ("reject", "Declined", "已拒接"),
    ("call_busy", "Busy", "忙线"),
    ("offline", "Offline", "不在线"),
    ("interrupt", "Interrupted", "已中断"),
    ("failed", "Failed", "失败"),
    UNKNOWN,
];

const CAUSES: &[Said] = &[
    ("enter", "entered", "进房"),
    ("network_change", "network changed", "网络切换"),
    ("timeout_retry", "came back after a timeout", "超时后重新进房"),
    ("cross_room", "linked from another room", "跨房连麦"),
    ("heartbeat_recover", "connection came back", "连接恢复"),
    ("leave", "left", "退房"),
    ("timeout", "timed out", "超时"),
    ("kicked", "removed", "被移出"),
    ("cross_room_ended", "room link ended", "跨房连麦结束"),
    ("killed", "app was closed", "客户端被关闭"),
    ("heartbeat_interrupt", "connection lost", "连接中断"),
    ("room_closed", "room closed", "房间已关闭"),
    ("unknown", "unknown", "未知"),
];

/// Every result, in the order in which they are told.
pub(super) fn results() -> impl Iterator<Item = &'static str> {
    RESULTS.iter().map(|(code, ..)| *code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::callback::words::{
        CallPart, CallResult, CallSource, CallType, CaseHow, CaseState, Media, RoomProduct, Words,
    };

    fn every<W: Words>(codes: Codes) {
        for code in W::all().filter(|code| !code.is_empty()) {
            for language in Language::ALL {
                assert_ne!(codes.say(code, language), code, "{code} of {codes:?} has a word in {language:?}");
            }
        }
    }

    #[test]
    fn every_code_has_a_word_and_what_is_new_is_shown_as_it_is() {
        every::<CallResult>(Codes::Result);
        every::<Media>(Codes::Media);
        every::<CallType>(Codes::CallType);
        every::<CallSource>(Codes::Source);
        every::<RoomProduct>(Codes::Product);
        every::<CaseState>(Codes::CaseState);
        every::<CaseHow>(Codes::CaseHow);
        every::<CallPart>(Codes::Part);
        assert_eq!(Codes::Result.say("melted", Language::En), "melted");
        let told: BTreeSet<&str> = results().collect();
        assert_eq!(told, CallResult::all().collect(), "each result is told, once");
    }
}
