//! What Tencent is to send: read, compared before anything is changed, applied, confirmed, kept in a history, and watched.
//!
//! The way of a change: [`Subscriptions::read`] asks Tencent, [`plan`] says what would change and what speaks against it,
//! [`Subscriptions::apply`] changes it if it still is as the plan saw it, reads it back, and writes the [`history`].

pub mod address;
pub mod history;
mod notice;
mod observed;
pub mod plan;
mod reconcile;
mod signing;
mod watch;

use std::path::PathBuf;

pub use self::{
    address::{Ours, Shown},
    history::{Change, Does, Origin},
    notice::{Level, Notice},
    observed::{Drift, Reading, State},
    plan::{Plan, Wanted},
    reconcile::{Applied, Subscriptions},
    signing::{AtTencent, Signing},
    watch::WATCH_EVERY,
};
use crate::{config, tencent};

/// Why a configuration could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The application is not one of ours.
    #[error("{0} is not one of our apps. Add it first.")]
    NoApp(String),
    /// Nothing can be asked without the key.
    #[error(
        "The SDKSecretKey of {0} is not known here, so Tencent cannot be asked. Tencent's console shows it beside the SDKAppID; enter \
         it in the settings, or with `calltrail app add {0} --secret-key-file FILE`."
    )]
    NoKey(String),
    /// The key or the settings could not be read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The key could not be had from where secrets are kept.
    #[error(transparent)]
    Vault(#[from] config::vault::Error),
    /// Tencent, or the way to it.
    #[error(transparent)]
    Tencent(#[from] tencent::Error),
    /// Tencent's configuration is not the one that the plan was made for.
    #[error(
        "What Tencent sends has changed since it was read; somebody else may be changing it too. Nothing was changed here. Read it \
         again and look at the difference."
    )]
    Changed,
    /// Something stands in the way of the plan.
    #[error("{0} Nothing was changed.")]
    Stopped(String),
    /// Something must be agreed to first.
    #[error("{} Nothing was changed. Agree to go on ({}).", messages(.0), codes(.0))]
    NotAgreed(Vec<Notice>),
    /// Tencent took the token of Live callbacks, and does not show it.
    #[error(
        "Tencent accepted the token of Live callbacks, but shows something else when it is asked again. Nothing was changed here: \
         callbacks are taken as before. Wait a moment and switch signing on again."
    )]
    NotSigning,
    /// Tencent signs, and the token could not be kept.
    #[error(
        "Tencent signs Live callbacks now, but the token could not be kept here, so callbacks are taken without the new check. {0} \
         Then switch signing on again; the token that Tencent has is used."
    )]
    SignedUnchecked(#[source] config::vault::Error),
    /// Nothing is checked any more, and Tencent could not be made to stop signing.
    #[error(
        "Calltrail no longer checks the signatures of Live callbacks, but Tencent may go on signing them. {0} No callback is lost by \
         that: signed ones are taken too. Stop signing again later."
    )]
    StillSigned(String),
    /// There is no such entry in the history.
    #[error("There is no change number {0} in the history of this product.")]
    NoChange(u64),
    /// The history could not be read or written.
    #[error(
        "The history of changes in {path} could not be used ({why}). Without it a change could not be taken back, so nothing was \
         changed. Check that the folder is yours and has room.", path = path.display()
    )]
    History {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        why: std::io::Error,
    },
}

fn messages(notices: &[Notice]) -> String {
    notices.iter().map(|notice| notice.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn codes(notices: &[Notice]) -> String {
    notices.iter().map(|notice| notice.code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
