//! Why a request to Tencent did not work, in sentences that say what to do.

use super::codes::{Api, Meaning, UNKNOWN, meaning_of};

/// Why a request to Tencent did not work. None of its sentences holds a secret or the address that was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The region is none, and no address either.
    #[error(
        "{0:?} is neither a region nor an address of Tencent's API. Use one of china, singapore, seoul, frankfurt, silicon-valley, \
         jakarta, tokyo, mumbai and saudi-arabia, or a host name such as adminapisgp.im.qcloud.com (https; plain http only on this computer)."
    )]
    Region(String),
    /// No answer came.
    #[error(
        "Tencent's API at {host} could not be reached ({why}). Nothing was changed there as far as is known. Check the connection to the internet and the region, and try again."
    )]
    Unreachable {
        /// The host that was asked.
        host: String,
        /// What was in the way.
        why: String,
    },
    /// The answer is not one of Tencent's API.
    #[error("{host} answered, but not as Tencent's API does ({why}). Check the region or host of this application.")]
    NotTencent {
        /// The host that was asked.
        host: String,
        /// What was odd about the answer.
        why: String,
    },
    /// Tencent refused.
    #[error("{} {} (Tencent's {api} code {code}{})", meaning(*api, *code).what, meaning(*api, *code).advice, said(info))]
    Refused {
        /// Whose code it is.
        api: Api,
        /// Tencent's code.
        code: i64,
        /// What Tencent said, shortened and without control characters; may be empty.
        info: String,
    },
}

impl Error {
    /// Tencent's code, where it refused.
    pub const fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// What happened and what to do, as two texts.
    pub fn explained(&self) -> (String, String) {
        match self {
            Self::Refused { api, code, info } => {
                let Meaning { what, advice, .. } = meaning(*api, *code);
                (format!("{what} (Tencent's {api} code {code}{})", said(info)), advice.to_owned())
            }
            other => {
                let text = other.to_string();
                let end = text.find(". ").map_or(text.len(), |at| at + 1);
                let (what, advice) = text.split_at(end);
                (what.to_owned(), advice.trim().to_owned())
            }
        }
    }
}

fn meaning(api: Api, code: i64) -> Meaning {
    meaning_of(api, code).unwrap_or(UNKNOWN)
}

fn said(info: &str) -> String {
    if info.is_empty() { String::new() } else { format!(": \u{201c}{info}\u{201d}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_two_sentences() {
        let refused = Error::Refused { api: Api::V1, code: 70_002, info: "sig".into() };
        for error in [
            Error::Region("mars".into()),
            Error::Unreachable { host: "h".into(), why: "no route".into() },
            Error::NotTencent { host: "h".into(), why: "HTTP 502".into() },
            refused.clone(),
            Error::Refused { api: Api::V4, code: 1, info: String::new() },
        ] {
            let (what, advice) = error.explained();
            assert!(what.len() > 15 && advice.ends_with(['.', ')']), "{error:?}: {what} | {advice}");
        }
        assert_eq!(refused.code(), Some(70_002), "the number helps to look it up");
    }
}
