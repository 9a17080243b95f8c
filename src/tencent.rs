//! Tencent's REST API: which callbacks are sent and where to, the token that signs them, and the call records of the last 7 days.
//!
//! [`Tencent`] holds the connections, [`Client`] speaks for one application. What Tencent answers is read leniently (pages and deployments differ in case and
//! spelling); what Tencent refuses becomes an [`Error`] with what it means, by [`codes`].

#[cfg(any(test, fuzzing))]
pub(crate) mod any_answer;
pub mod catalogue;
mod client;
pub mod codes;
mod configuration;
mod envelope;
mod error;
pub mod hosts;
mod pace;
mod product;
pub mod records;
mod token;
pub mod usersig;

pub use self::{
    client::{Account, Client, Tencent},
    configuration::Configuration,
    envelope::OddAnswer,
    error::Error,
    hosts::Hosts,
    product::Product,
    token::CallbackToken,
};

/// The administrator that Tencent makes for each application (page 60138).
pub const ADMINISTRATOR: &str = "administrator";

#[cfg(test)]
mod tests;
