//! What Tencent's error codes mean and what to do about them. The same number means different things in the two APIs
//! (70001 is a wrong parameter in v1 and an expired password in v4), so a code is always told with its API.

mod advice;
mod what;

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::{advice::Advice, what::What};

/// The two REST APIs, each with error codes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TencentApi)]
pub enum Api {
    /// `callkit….trtc.tencent-cloud.com/v1/…` (pages 60130 to 60138).
    V1,
    /// `…/v4/…`, the API that Chat uses too (pages 60027, 68926).
    V4,
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "v1",
            Self::V4 => "v4",
        })
    }
}

/// Whether asking again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same request would be refused again.
    No,
    /// Tencent had a fault of its own: again, a little later.
    Again,
    /// Too many requests: again after a pause that grows.
    Slower,
}

/// A code explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What happened.
    pub what: What,
    /// What to do.
    pub advice: Advice,
    /// Whether asking again can help.
    pub retry: Retry,
}

/// The code that v1 answers when nothing is configured.
pub const V1_NOTHING: i64 = 999;
/// The code that v4 answers to `set_callback` where a configuration exists already.
pub const EXISTS: i64 = 100_300;
/// The code that v4 answers when nothing is configured.
pub const NOTHING: i64 = 100_301;
/// The code that v4 answers when no callback token is set.
pub const NO_TOKEN: i64 = 100_302;
/// The code that v4 answers when a call is not, or no longer, among the records.
pub const NO_RECORD: i64 = 101_050;
/// The application has no Group Call edition, and so no calls of the older client (page 60130).
pub const NO_GROUP_CALL: i64 = 50_001;
/// The code that v4 answers to an address that does not exist.
pub const NO_SUCH_ADDRESS: i64 = 60_009;

/// What to say of a code that no page names.
pub const UNKNOWN: Meaning = meaning(What::Unexplained, Advice::TryLater);

const fn meaning(what: What, advice: Advice) -> Meaning {
    Meaning { what, advice, retry: Retry::No }
}

const fn again(what: What) -> Meaning {
    Meaning { what, advice: Advice::TryLater, retry: Retry::Again }
}

const TOO_OFTEN: Meaning = Meaning { what: What::TooOften, advice: Advice::WaitAMinute, retry: Retry::Slower };
const NOT_ADMINISTRATOR: Meaning = meaning(What::NotAdministrator, Advice::EnterAdministrator);
const NOT_CONFIGURED: Meaning = meaning(What::NothingConfigured, Advice::ChooseCallbacks);
const EXPIRED: Meaning = meaning(What::PasswordExpired, Advice::CheckClock);

/// What a code of an API means; `None` for success and for codes that no page names.
pub const fn meaning_of(api: Api, code: i64) -> Option<Meaning> {
    match api {
        Api::V1 => v1(code),
        Api::V4 => v4(code),
    }
}

/// Pages 60130 to 60138.
const fn v1(code: i64) -> Option<Meaning> {
    Some(match code {
        V1_NOTHING => NOT_CONFIGURED,
        NO_GROUP_CALL => meaning(What::NoGroupCall, Advice::BuyPackage),
        70_001 => meaning(What::AddressRefused, Advice::CheckAddress),
        70_002 => meaning(What::PasswordRefused, Advice::EnterKey),
        70_003 => EXPIRED,
        70_004 => NOT_ADMINISTRATOR,
        70_005 => TOO_OFTEN,
        70_009 => meaning(What::RequestUnreadable, Advice::Report),
        _ => return None,
    })
}

/// Pages 60027 and 68926, the Chat account layer, and the services on top of them.
const fn v4(code: i64) -> Option<Meaning> {
    Some(match code {
        60_002 | 60_003 | 60_012 | 60_015 => meaning(What::RequestUnreadable, Advice::Report),
        60_004 | 60_005 => meaning(What::AccountOrPasswordRefused, Advice::EnterKey),
        60_006 => meaning(What::NoSuchAppHere, Advice::CheckRegion),
        60_007 | 60_011 | 60_018 | 60_019 => TOO_OFTEN,
        60_008 => again(What::OwnTimeout),
        NO_SUCH_ADDRESS => meaning(What::NoSuchRequest, Advice::CheckRegion),
        60_010 | 70_403 => NOT_ADMINISTRATOR,
        60_013 | 60_014 | 70_169 | 70_202 | 70_500 => again(What::OwnFault),
        60_016 => meaning(What::AppDisabled, Advice::LookAtApp),
        60_017 => meaning(What::RequestDisabled, Advice::AskSupport),
        60_020 => meaning(What::PackageExpired, Advice::BuyPackage),
        60_021 => meaning(What::AddressNotAllowed, Advice::AllowAddress),
        70_001 | 70_052 => EXPIRED,
        70_002 => meaning(What::NoPassword, Advice::EnterKey),
        70_003..=70_010 => meaning(What::WrongKey, Advice::EnterKey),
        70_013 => meaning(What::OtherAccount, Advice::EnterAdministrator),
        70_014 => meaning(What::OtherApp, Advice::EnterKey),
        70_016 => meaning(What::NoKey, Advice::MakeKey),
        70_020 => meaning(What::NoSuchAppInRegion, Advice::CheckRegion),
        70_050 => meaning(What::TooManyWrongPasswords, Advice::EnterKeyAndWait),
        70_107 => meaning(What::NoAccount, Advice::EnterAdministrator),
        70_402 => meaning(What::ParameterRefused, Advice::Report),
        _ => return services(code),
    })
}

/// The services that keep callback configurations and call records (pages 60027 and 54901).
const fn services(code: i64) -> Option<Meaning> {
    Some(match code {
        100_001 | 101_001 => again(What::OwnFault),
        100_002 => meaning(What::AddressOrCallbackRefused, Advice::CheckAddressAndCallbacks),
        100_003 => meaning(What::RoomExists, Advice::Report),
        100_004 => meaning(What::NoRoom, Advice::RoomStays),
        100_005 => meaning(What::NotInRoom, Advice::RoomStays),
        100_006 => meaning(What::NotAllowed, Advice::EnterAdministrator),
        100_008 => meaning(What::RoomFull, Advice::LargerPackage),
        100_016 | 100_017 => meaning(What::Banned, Advice::Nothing),
        EXISTS => meaning(What::ConfigurationExists, Advice::ReadAgain),
        NOTHING => NOT_CONFIGURED,
        NO_TOKEN => meaning(What::NoToken, Advice::SetToken),
        101_002 => meaning(What::ParameterRefused, Advice::Report),
        101_004 => meaning(What::NoCall, Advice::CallStays),
        NO_RECORD => meaning(What::NoRecord, Advice::TryWhenEnded),
        102_100..=102_200 => meaning(What::ReplyPassedOn, Advice::SwitchPermissionOff),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code that protocol.md names, per API (sections 1.7, 2.7, 3, 4.4, 4.5, 8.3).
    const DOCUMENTED: [(Api, &[i64]); 2] = [
        (Api::V1, &[999, 50_001, 70_001, 70_002, 70_003, 70_004, 70_005, 70_009]),
        (
            Api::V4,
            &[
                60_002, 60_003, 60_004, 60_005, 60_006, 60_007, 60_008, 60_009, 60_010, 60_011, 60_012, 60_013, 60_014,
                60_015, 60_016, 60_017, 60_018, 60_019, 60_020, 60_021, 70_001, 70_002, 70_003, 70_004, 70_005, 70_006,
                70_007, 70_008, 70_009, 70_010, 70_013, 70_014, 70_016, 70_020, 70_050, 70_052, 70_107, 70_169, 70_202,
                70_402, 70_403, 70_500, 100_001, 100_002, 100_003, 100_004, 100_005, 100_006, 100_008, 100_016,
                100_017, 100_300, 100_301, 100_302, 101_001, 101_002, 101_004, 101_050, 102_100, 102_150, 102_200,
            ],
        ),
    ];

    #[test]
    fn each_documented_code_says_what_happened_and_what_to_do() {
        for (api, codes) in DOCUMENTED {
            for code in codes {
                let Some(Meaning { what, advice, .. }) = meaning_of(api, *code) else {
                    panic!("{api} {code} is on Tencent's pages and has no sentence")
                };
                for text in [what.to_string(), advice.to_string()] {
                    assert!(text.ends_with('.') && text.len() > 15, "{api} {code}: {text:?} is a sentence");
                    assert!(!text.contains("UserSig"), "{api} {code}: people do not know that word: {text}");
                }
            }
        }
        assert_eq!(meaning_of(Api::V4, 12_345), None, "what no page names is not explained by a guess");
    }

    #[test]
    fn a_number_means_something_else_in_the_other_api() {
        for code in [70_001, 70_002, 70_003, 70_004, 70_005, 70_009] {
            assert_ne!(meaning_of(Api::V1, code), meaning_of(Api::V4, code), "{code} is told with its API");
        }
    }

    #[test]
    fn only_what_the_table_allows_is_asked_again() {
        let again = |api, codes: &[i64]| -> Vec<i64> {
            codes.iter().copied().filter(|code| meaning_of(api, *code).is_some_and(|m| m.retry != Retry::No)).collect()
        };
        assert_eq!(again(Api::V1, DOCUMENTED[0].1), [70_005], "v1: the rate");
        assert_eq!(
            again(Api::V4, DOCUMENTED[1].1),
            [60_007, 60_008, 60_011, 60_013, 60_014, 60_018, 60_019, 70_169, 70_202, 70_500, 100_001, 101_001],
            "v4: the rates, and Tencent's own faults (protocol.md 8.3)"
        );
    }
}
