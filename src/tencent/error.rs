//! Why a request to Tencent did not work: a code with what belongs to it, and in English what happened and what to do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    codes::{Advice, Api, Meaning, UNKNOWN, What, meaning_of},
    envelope::OddAnswer,
};
use crate::outbound::NoAnswer;

/// Why a request to Tencent did not work. None of it holds a secret or the address that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code")]
#[schema(as = TencentError)]
pub enum Error {
    /// The region is none, and no address either.
    #[error(
        "{region:?} is neither a region nor an address of Tencent's API. Use one of china, singapore, seoul, frankfurt, silicon-valley, \
         jakarta, tokyo, mumbai and saudi-arabia, or a host name such as adminapisgp.im.qcloud.com (https; plain http only on this computer)."
    )]
    #[serde(rename = "tencent_region")]
    Region {
        /// What was given.
        region: String,
    },
    /// No connection can be made at all.
    #[error("Secure connections cannot be made from this computer ({why}). Check its certificates, and try again.")]
    #[serde(rename = "tencent_no_connections")]
    NoConnections {
        /// What the system said.
        why: String,
    },
    /// No answer came.
    #[error(
        "Tencent's API at {host} could not be reached ({why}). Nothing was changed there as far as is known. Check the connection to the internet and the region, and try again."
    )]
    #[serde(rename = "tencent_unreachable")]
    Unreachable {
        /// The host that was asked.
        host: String,
        /// What was in the way.
        why: NoAnswer,
    },
    /// The answer is not one of Tencent's API.
    #[error("{host} answered, but not as Tencent's API does ({why}). Check the region or host of this application.")]
    #[serde(rename = "tencent_not_tencent")]
    NotTencent {
        /// The host that was asked.
        host: String,
        /// What was odd about the answer.
        why: OddAnswer,
    },
    /// Tencent refused.
    #[error("{what} {advice} (Tencent's {api} code {tencent_code}{})", said(info))]
    #[serde(rename = "tencent_refused")]
    Refused {
        /// Whose code it is.
        api: Api,
        /// Tencent's code.
        tencent_code: i64,
        /// What Tencent said, shortened and without control characters; may be empty.
        info: String,
        /// What that says happened.
        what: What,
        /// What to do about it.
        advice: Advice,
    },
}

impl Error {
    /// A refusal, with what its code means.
    pub fn refused(api: Api, tencent_code: i64, info: String) -> Self {
        let Meaning { what, advice, .. } = meaning_of(api, tencent_code).unwrap_or(UNKNOWN);
        Self::Refused { api, tencent_code, info, what, advice }
    }

    /// Tencent's code, where it refused.
    pub const fn tencent_code(&self) -> Option<i64> {
        match self {
            Self::Refused { tencent_code, .. } => Some(*tencent_code),
            _ => None,
        }
    }
}

fn said(info: &str) -> String {
    if info.is_empty() { String::new() } else { format!(": \u{201c}{info}\u{201d}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_error_is_a_code_with_what_belongs_to_it() {
        let refused = Error::refused(Api::V1, 70_002, "sig".into());
        let told = json!({
            "code": "tencent_refused", "api": "v1", "tencent_code": 70_002, "info": "sig",
            "what": "password_refused", "advice": "enter_key",
        });
        assert_eq!(serde_json::to_value(&refused).expect("JSON"), told, "for programs");
        let text = refused.to_string();
        assert!(
            text.contains("SDKSecretKey") && text.ends_with("(Tencent's v1 code 70002: “sig”)"),
            "for people: {text}"
        );
        let odd = OddAnswer::HttpStatus { status: 502 };
        for error in [
            refused,
            Error::Region { region: "mars".into() },
            Error::NoConnections { why: "no certificates".into() },
            Error::Unreachable { host: "h".into(), why: NoAnswer::InTime },
            Error::NotTencent { host: "h".into(), why: odd },
            Error::refused(Api::V4, 1, String::new()),
        ] {
            let value = serde_json::to_value(&error).expect("JSON");
            assert!(
                value["code"].as_str().is_some_and(|code| code.starts_with("tencent_")),
                "unique over all: {value}"
            );
            assert_eq!(serde_json::from_value::<Error>(value).expect("read"), error, "the history gives it back");
        }
    }
}
