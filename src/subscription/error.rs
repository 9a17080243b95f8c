//! Why a configuration could not be read or changed: codes with what belongs to them, and in English what happened and what to do.

use serde::Serialize;
use utoipa::ToSchema;

use super::notice::Notice;
use crate::{config, tencent};

/// Why a configuration could not be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, thiserror::Error)]
#[serde(untagged)]
#[schema(as = SubscriptionError)]
pub enum Error {
    /// Tencent, or the way to it.
    #[error(transparent)]
    Tencent(#[from] tencent::Error),
    /// Something on this side.
    #[error(transparent)]
    Here(#[from] Problem),
}

impl From<config::Error> for Error {
    fn from(why: config::Error) -> Self {
        Self::Here(Problem::Config { why: why.to_string() })
    }
}

impl From<config::vault::Error> for Error {
    fn from(why: config::vault::Error) -> Self {
        Self::Here(Problem::Vault { why: why.to_string() })
    }
}

/// What is in the way on this side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = SubscriptionProblem)]
pub enum Problem {
    /// The application is not one of ours.
    #[error("{app} is not one of our apps. Add it first.")]
    #[serde(rename = "no_such_app")]
    NoApp {
        /// The SDKAppID.
        app: String,
    },
    /// Nothing can be asked without the key.
    #[error(
        "The SDKSecretKey of {app} is not known here, so Tencent cannot be asked. Tencent's console shows it beside the SDKAppID; enter \
         it in the settings, or with `calltrail app add {app} --secret-key-file FILE`."
    )]
    #[serde(rename = "no_secret_key")]
    NoKey {
        /// The SDKAppID.
        app: String,
    },
    /// The settings could not be read.
    #[error("{why}")]
    #[serde(rename = "callbacks_settings")]
    Config {
        /// As a sentence.
        why: String,
    },
    /// The key could not be had from where secrets are kept.
    #[error("{why}")]
    #[serde(rename = "callbacks_secrets")]
    Vault {
        /// As a sentence.
        why: String,
    },
    /// Tencent's configuration is not the one that the plan was made for.
    #[error(
        "What Tencent sends has changed since it was read; somebody else may be changing it too. Nothing was changed here. Read it \
         again and look at the difference."
    )]
    #[serde(rename = "changed_at_tencent")]
    Changed,
    /// Something stands in the way of the plan.
    #[error("{notice} Nothing was changed.")]
    #[serde(rename = "plan_stopped")]
    Stopped {
        /// What.
        notice: Notice,
    },
    /// Something must be agreed to first.
    #[error("{} Nothing was changed. Agree to go on ({}).", sentences(notices), codes(notices))]
    #[serde(rename = "plan_not_agreed")]
    NotAgreed {
        /// What.
        notices: Vec<Notice>,
    },
    /// Tencent took the token of Live callbacks, and does not show it.
    #[error(
        "Tencent accepted the token of Live callbacks, but shows something else when it is asked again. Nothing was changed here: \
         callbacks are taken as before. Wait a moment and switch signing on again."
    )]
    NotSigning,
    /// Tencent signs, and the token could not be kept.
    #[error(
        "Tencent signs Live callbacks now, but the token could not be kept here, so callbacks are taken without the new check. {why} \
         Then switch signing on again; the token that Tencent has is used."
    )]
    SignedUnchecked {
        /// As a sentence.
        why: String,
    },
    /// Nothing is checked any more, and Tencent could not be made to stop signing.
    #[error(
        "Calltrail no longer checks the signatures of Live callbacks, but Tencent may go on signing them. {} No callback is lost by \
         that: signed ones are taken too. Stop signing again later.", still(why.as_ref())
    )]
    StillSigned {
        /// Why Tencent did not stop; null where it said that it did, and shows the token all the same.
        why: Option<tencent::Error>,
    },
    /// There is no such entry in the history.
    #[error("There is no change number {change} in the history of this product.")]
    #[serde(rename = "no_such_change")]
    NoChange {
        /// Its number.
        change: u64,
    },
    /// The history could not be read or written.
    #[error(
        "The history of changes in {path} could not be used ({why}). Without it a change could not be taken back, so nothing was \
         changed. Check that the folder is yours and has room."
    )]
    #[serde(rename = "history_unusable")]
    History {
        /// The file.
        path: String,
        /// What the operating system said.
        why: String,
    },
}

fn sentences(notices: &[Notice]) -> String {
    notices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn codes(notices: &[Notice]) -> String {
    notices.iter().map(Notice::code).collect::<Vec<_>>().join(", ")
}

fn still(why: Option<&tencent::Error>) -> String {
    let accepted = || "Tencent accepted the end of it, but still shows the token.".to_owned();
    why.map_or_else(accepted, ToString::to_string)
}
