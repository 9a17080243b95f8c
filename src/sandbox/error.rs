//! Why the sandbox does not do something, as sentences for people.

use std::{io, net::SocketAddr};

/// Why the sandbox does not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It listens on this computer only: it knows keys and sends to any address.
    #[error("The sandbox listens on this computer only, and other computers can reach {0}. Take 127.0.0.1 and a port.")]
    NotThisComputer(SocketAddr),
    /// The port is taken, or not allowed.
    #[error("The sandbox cannot listen at {address}: {why}. Take another port, or 0 for any free one.")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system says.
        why: io::Error,
    },
    /// It was not told of this application when it was started.
    #[error("The sandbox does not know the application {0}. It knows the ones that it was started with.")]
    UnknownApp(String),
    /// No connection can be made at all.
    #[error("The sandbox cannot send anything: {0}.")]
    NoSender(reqwest::Error),
}

impl Error {
    pub(super) fn unknown_app(app: &str) -> Self {
        Self::UnknownApp(app.to_owned())
    }
}
