//! What Tencent's error codes mean and what to do about them. The same number means different things in the two APIs
//! (70001 is a wrong parameter in v1 and an expired password in v4), so a code is always told with its API.

use std::fmt;

/// The two REST APIs, each with error codes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// What happened, as a sentence.
    pub what: &'static str,
    /// What to do, as a sentence.
    pub advice: &'static str,
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
/// The code that v4 answers to an address that does not exist.
pub const NO_SUCH_ADDRESS: i64 = 60_009;

const KEY: &str = "Enter the SDKSecretKey of this SDKAppID again, as Tencent's console shows it.";
const CLOCK: &str =
    "Check that this computer's clock is right, then try again; if it is, enter the SDKSecretKey again.";
const ADMINISTRATOR: &str = "Enter an administrator of this application; Tencent makes one named administrator.";
const REGION: &str = "Check the SDKAppID, and choose the region in which this application was made.";
const LATER: &str = "Try again in a few minutes. If it stays so, ask Tencent's support and name the request.";
const WAIT: &str = "Wait a minute and try again; something else may be asking Tencent for this application too.";
const OURS: &str = "Nothing was changed. This is most likely a fault in Calltrail; please report it with this code.";
const PACKAGE: &str = "Buy or renew the package in Tencent's console, or start its trial; then try again.";

const fn meaning(what: &'static str, advice: &'static str, retry: Retry) -> Meaning {
    Meaning { what, advice, retry }
}

/// What a code of an API means; `None` for success and for codes that no page names.
pub const fn meaning_of(api: Api, code: i64) -> Option<Meaning> {
    match api {
        Api::V1 => v1(code),
        Api::V4 => v4(code),
    }
}

/// What to say of a code that no page names.
pub const UNKNOWN: Meaning = meaning("Tencent answered with a code that its pages do not explain.", LATER, Retry::No);

/// Pages 60130 to 60138.
const fn v1(code: i64) -> Option<Meaning> {
    Some(match code {
        V1_NOTHING => {
            meaning("No callback is configured for this application.", "Choose callbacks and apply them.", Retry::No)
        }
        50_001 => meaning(
            "This application does not have the Group Call edition, without which Tencent sends no callbacks of the older client.",
            PACKAGE,
            Retry::No,
        ),
        70_001 => meaning(
            "Tencent does not accept a parameter; for callbacks that is an address that does not begin with http:// or https://.",
            "Check the public address in the settings and apply again.",
            Retry::No,
        ),
        70_002 => meaning("Tencent does not accept the password that was made from the SDKSecretKey.", KEY, Retry::No),
        70_003 => meaning("The password that was made from the SDKSecretKey has expired.", CLOCK, Retry::No),
        70_004 => {
            meaning("The account that asks is not an administrator of this application.", ADMINISTRATOR, Retry::No)
        }
        70_005 => meaning("Tencent was asked too often.", WAIT, Retry::Slower),
        70_009 => meaning("Tencent could not read the request.", OURS, Retry::No),
        _ => return None,
    })
}

/// Pages 60027 and 68926, the Chat account layer, and the services on top of them.
const fn v4(code: i64) -> Option<Meaning> {
    Some(match code {
        60_002 => meaning("Tencent could not read the request's address.", OURS, Retry::No),
        60_003 => meaning("Tencent could not read the request's body.", OURS, Retry::No),
        60_004 | 60_005 => meaning(
            "Tencent does not accept the account or the password that was made from the SDKSecretKey.",
            KEY,
            Retry::No,
        ),
        60_006 => meaning("Tencent does not know this SDKAppID at this address.", REGION, Retry::No),
        60_007 | 60_011 | 60_018 | 60_019 => meaning("Tencent was asked too often.", WAIT, Retry::Slower),
        60_008 => meaning("Tencent's own service did not answer in time.", LATER, Retry::Again),
        NO_SUCH_ADDRESS => meaning("Tencent does not know this request at this address.", REGION, Retry::No),
        60_010 => {
            meaning("The account that asks is not an administrator of this application.", ADMINISTRATOR, Retry::No)
        }
        60_012 => meaning("The request names no SDKAppID.", OURS, Retry::No),
        60_013 | 60_014 => meaning("Tencent's own service had a fault.", LATER, Retry::Again),
        60_015 => meaning("Tencent expected an account as a text.", OURS, Retry::No),
        60_016 => meaning(
            "Tencent has disabled this application.",
            "Look at the application in Tencent's console; it may be suspended or unpaid.",
            Retry::No,
        ),
        60_017 => meaning(
            "Tencent has disabled this request for the application.",
            "Ask Tencent's support to allow it, or set the callbacks in Tencent's console.",
            Retry::No,
        ),
        60_020 => meaning("The application's package has expired.", PACKAGE, Retry::No),
        60_021 => meaning(
            "Tencent does not take requests for this application from this computer's address.",
            "Allow this network's public address in Tencent's console, under the application's IP allow-list.",
            Retry::No,
        ),
        70_001 | 70_052 => meaning("The password that was made from the SDKSecretKey has expired.", CLOCK, Retry::No),
        70_002 => meaning("The request carries no password.", KEY, Retry::No),
        70_003..=70_010 => meaning(
            "Tencent does not accept the password: the SDKSecretKey does not belong to this SDKAppID.",
            KEY,
            Retry::No,
        ),
        70_013 => {
            meaning("The password was made for another account than the one that asks.", ADMINISTRATOR, Retry::No)
        }
        70_014 => meaning("The password was made for another SDKAppID.", KEY, Retry::No),
        70_016 => meaning(
            "The application has no key at Tencent.",
            "Make a key in Tencent's console and enter it here.",
            Retry::No,
        ),
        70_020 => meaning("Tencent does not know this SDKAppID in this region.", REGION, Retry::No),
        70_050 => meaning(
            "Tencent was given a wrong password too often and waits before it takes another.",
            "Enter the right SDKSecretKey, wait a few minutes, and try again.",
            Retry::No,
        ),
        70_107 => meaning("The account that asks does not exist.", ADMINISTRATOR, Retry::No),
        70_169 | 70_202 | 70_500 => meaning("Tencent's own service had a fault.", LATER, Retry::Again),
        70_402 => meaning("Tencent does not accept a parameter of the request.", OURS, Retry::No),
        70_403 => {
            meaning("The account that asks is not an administrator of this application.", ADMINISTRATOR, Retry::No)
        }
        _ => return services(code),
    })
}

/// The services that keep callback configurations and call records (pages 60027 and 54901).
const fn services(code: i64) -> Option<Meaning> {
    Some(match code {
        100_001 => meaning("Tencent's own service had a fault.", LATER, Retry::Again),
        100_002 => meaning(
            "Tencent does not accept the address or one of the callbacks.",
            "Check the public address in the settings. If it is right, a callback of the list may not exist in this region: switch the last ones off and try again.",
            Retry::No,
        ),
        100_003 => meaning("The room exists already.", OURS, Retry::No),
        100_004 => meaning(
            "The room does not exist, or has ended.",
            "Nothing needs to be done; what was recorded of the room stays.",
            Retry::No,
        ),
        100_005 => meaning(
            "The user is not in the room.",
            "Nothing needs to be done; what was recorded of the room stays.",
            Retry::No,
        ),
        100_006 => meaning("The account that asks may not do this.", ADMINISTRATOR, Retry::No),
        100_008 => meaning(
            "The room is full.",
            "Nothing needs to be done here; a larger package allows larger rooms.",
            Retry::No,
        ),
        100_016 | 100_017 => {
            meaning("The user is banned or muted in the room.", "Nothing needs to be done here.", Retry::No)
        }
        EXISTS => meaning(
            "A callback configuration exists already.",
            "Read again what Tencent has, look at the difference, and apply again.",
            Retry::No,
        ),
        NOTHING => {
            meaning("No callback is configured for this application.", "Choose callbacks and apply them.", Retry::No)
        }
        NO_TOKEN => {
            meaning("No callback token is set at Tencent.", "Set one, or leave the live token empty here.", Retry::No)
        }
        101_001 => meaning("Tencent's own service had a fault.", LATER, Retry::Again),
        101_002 => meaning("Tencent does not accept a parameter of the request.", OURS, Retry::No),
        101_004 => meaning(
            "The call does not exist, or has ended.",
            "Nothing needs to be done; what was recorded of the call stays.",
            Retry::No,
        ),
        NO_RECORD => meaning(
            "Tencent has no record of such a call: it keeps them for 7 days, from about 5 seconds after the end of a call.",
            "Try again in a minute if the call has only just ended.",
            Retry::No,
        ),
        102_100..=102_200 => meaning(
            "The reply of a callback that asks for permission was passed on to the user.",
            "Switch callbacks that ask for permission (Before…) off, unless another program answers them.",
            Retry::No,
        ),
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
                for text in [what, advice] {
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
