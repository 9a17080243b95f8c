//! Requests to others: one way to make the connections, for Tencent's API, the sandbox and the test of the way in.

use std::{io, time::Duration};

use reqwest::{Client, Error, redirect::Policy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Connections that follow no redirect and give up after `limit`. `here`: to this computer alone, past any proxy, which would
/// lead to the internet.
pub fn client(limit: Duration, here: bool) -> Result<Client, Error> {
    // Fails only where another one is installed already, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .timeout(limit)
        .redirect(Policy::none())
        .user_agent(concat!("Calltrail/", env!("CARGO_PKG_VERSION")));
    if here { builder.no_proxy() } else { builder }.build()
}

/// Why a request got no answer, without the address that was asked: there are secrets in addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum NoAnswer {
    /// The time was over.
    #[error("no answer came in time")]
    InTime,
    /// Nobody listens there.
    #[error("the connection was refused")]
    Refused,
    /// The name leads to no address: mostly there is no connection to the internet.
    #[error("the name of the host could not be looked up")]
    NoSuchName,
    /// Something else.
    #[error("{said}")]
    Other {
        /// What the system said, in its own words.
        said: String,
    },
    /// Nobody knows.
    #[error("the connection failed")]
    Failed,
}

/// Why a request got no answer.
pub fn no_answer(error: &Error) -> NoAnswer {
    if error.is_timeout() { NoAnswer::InTime } else { deepest(error) }
}

/// The same in English.
pub fn why(error: &Error) -> String {
    no_answer(error).to_string()
}

/// Only what lies below is told: the error itself would name the address.
fn deepest(error: &(dyn std::error::Error + 'static)) -> NoAnswer {
    let mut deepest = None;
    let mut cause = error.source();
    while let Some(deeper) = cause {
        // The connector gives it no kind of its own, only this name.
        if deeper.to_string() == "dns error" {
            return NoAnswer::NoSuchName;
        }
        (cause, deepest) = (deeper.source(), Some(deeper));
    }
    match deepest {
        None => NoAnswer::Failed,
        Some(deepest) => match deepest.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => NoAnswer::Refused,
            _ => NoAnswer::Other { said: deepest.to_string() },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{said}")]
    struct Above {
        said: &'static str,
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    }

    #[test]
    fn the_cause_is_told_and_the_address_is_not() {
        let told = |source: Option<Box<dyn std::error::Error + Send + Sync>>| {
            deepest(&Above { said: "https://host/?password", source })
        };
        assert_eq!(told(None), NoAnswer::Failed, "nothing below");
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(
            told(Some(refused.into())),
            NoAnswer::Refused,
            "by its kind, in whatever language the system says it"
        );
        let unknown = Above { said: "dns error", source: Some("try again".into()) };
        assert_eq!(told(Some(Box::new(unknown))), NoAnswer::NoSuchName, "the connector's name for it");
        assert_eq!(told(Some("tls".into())), NoAnswer::Other { said: "tls".to_owned() }, "the system's own words");
    }
}
