//! Requests to others: one way to make the connections, for Tencent's API, the sandbox and the test of the way in.

use std::time::Duration;

use reqwest::{Client, Error, redirect::Policy};

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
pub fn why(error: &Error) -> String {
    if error.is_timeout() {
        return "no answer came in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    let mut deepest = None;
    while let Some(deeper) = cause.source() {
        (cause, deepest) = (deeper, Some(deeper));
    }
    deepest.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}
