//! Requests to others: one way to make the connections, for Tencent's API, the sandbox and the test of the way in.

use std::{io, sync::LazyLock, time::Duration};

use reqwest::{
    Client, ClientBuilder, Error,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Says which running Calltrails passed a request on, each by a name that it has until it ends.
const PASSED_ON: HeaderName = HeaderName::from_static("calltrail-passed-on");

/// Notes in a request that this process passes it on.
pub fn mark_as_passed_on(headers: &mut HeaderMap) {
    headers.append(PASSED_ON, own_name());
}

/// Whether a request has been passed on by this process: then it has come back.
pub fn was_passed_on_here(headers: &HeaderMap) -> bool {
    let own = own_name();
    headers.get_all(PASSED_ON).iter().any(|name| *name == own)
}

fn own_name() -> HeaderValue {
    static NAME: LazyLock<u64> = LazyLock::new(rand::random);
    HeaderValue::from(*NAME)
}

/// Connections that follow no redirect and give up after `limit`. `here`: to this computer alone, past any proxy, which would
/// lead to the internet.
pub fn client(limit: Duration, here: bool) -> Result<Client, Error> {
    client_with(limit, here, |builder| builder)
}

/// The same, with what else is wanted of them.
pub fn client_with(
    limit: Duration,
    here: bool,
    with: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Error> {
    // Fails only where another one is installed already, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .timeout(limit)
        .redirect(Policy::none())
        .user_agent(concat!("Calltrail/", env!("CARGO_PKG_VERSION")));
    with(if here { builder.no_proxy() } else { builder }).build()
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
