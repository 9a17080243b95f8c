//! What Tencent is to send: read, compared before anything is changed, applied, confirmed, kept in a history, and watched.
//!
//! The way of a change: [`Subscriptions::read`] asks Tencent, [`plan`] says what would change and what speaks against it,
//! [`Subscriptions::apply`] changes it if it still is as the plan saw it, reads it back, and writes the [`history`].

pub mod address;
mod error;
pub mod history;
mod notice;
mod observed;
pub mod plan;
mod reconcile;
mod signing;
mod watch;

pub use self::{
    address::{Ours, Shown},
    error::{Error, Problem},
    history::{Answer, Change, Does, Origin},
    notice::{Level, Notice},
    observed::{Drift, Reading, State},
    plan::{Plan, Wanted},
    reconcile::{Applied, Subscriptions},
    signing::{AtTencent, Signing},
    watch::WATCH_EVERY,
};
#[cfg(test)]
mod tests;
