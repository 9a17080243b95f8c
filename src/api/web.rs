//! The doors to the API, for browsers, for commands and for what follows links: this machine only, a key for each, and nothing for
//! other web pages.

mod guard;

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use subtle::ConstantTimeEq as _;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::secret::Secret;
pub use guard::{guarded, guarded_for_commands, guarded_for_links};

/// How long a request's head may take. `axum::serve` has no such limit at all.
const LONGEST_HEAD: Duration = Duration::from_secs(10);
/// How long answers in flight may take once the process wants to end.
const LONGEST_GOODBYE: Duration = Duration::from_secs(3);
/// Open connections at most; a browser has about six per tab, a command one.
const MOST_CONNECTIONS: usize = 256;
/// How long accepting pauses after it failed, which happens when the process has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// The secret that the printed address carries, or the file for commands: who knows it may read and change everything. It is
/// never shown by accident.
#[derive(Clone, Debug)]
pub struct AccessKey(Secret);

impl AccessKey {
    /// 128 random bits, another one at each start.
    pub fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 16]>()).into())
    }

    /// The address to open in a browser, once: it leaves a cookie behind.
    pub fn url(&self, address: SocketAddr) -> String {
        format!("http://{address}/?key={}", self.reveal())
    }

    /// The key as a secret, for the file in which commands find it.
    pub fn secret(&self) -> Secret {
        self.0.clone()
    }

    /// The key itself, for the cookie.
    fn reveal(&self) -> &str {
        self.0.expose()
    }

    /// Compares in a time that does not depend on where the two differ.
    fn is(&self, given: &str) -> bool {
        self.reveal().as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// Offers `router` to browsers of this machine until `shutdown` becomes true, then lets answers in flight end.
/// Long polls have to be released by the router itself ([`super::State::closing`]).
pub async fn serve(
    listener: TcpListener,
    router: Router,
    key: AccessKey,
    shutdown: watch::Receiver<bool>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    serve_guarded(listener, guarded(router, key, address), shutdown).await
}

/// Offers `router` to commands of this machine, as [`serve`] does to browsers.
pub async fn serve_commands(
    listener: TcpListener,
    router: Router,
    key: AccessKey,
    shutdown: watch::Receiver<bool>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    serve_guarded(listener, guarded_for_commands(router, key, address), shutdown).await
}

/// Offers what is behind links to programs of this machine, as [`serve`] does the rest to browsers. The keys are those of the links.
pub async fn serve_links(listener: TcpListener, router: Router, shutdown: watch::Receiver<bool>) -> io::Result<()> {
    let address = listener.local_addr()?;
    serve_guarded(listener, guarded_for_links(router, address), shutdown).await
}

async fn serve_guarded(listener: TcpListener, router: Router, mut shutdown: watch::Receiver<bool>) -> io::Result<()> {
    let service = TowerToHyperService::new(router);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(LONGEST_HEAD);

    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // An error means that nobody is left who could say so, which is an end as well.
            _ = shutdown.wait_for(|shutdown| *shutdown) => break,
            Some(_) = connections.join_next() => {}
            stream = accept(&listener) => {
                if connections.len() < MOST_CONNECTIONS {
                    connections.spawn(graceful.watch(http.serve_connection(TokioIo::new(stream), service.clone())));
                }
            }
        }
    }
    drop(listener);
    if timeout(LONGEST_GOODBYE, graceful.shutdown()).await.is_err() {
        tracing::info!("a web request was still being answered and is broken off");
    }
    connections.shutdown().await;
    Ok(())
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                tracing::warn!(%error, "a web connection could not be accepted");
                sleep(PAUSE).await;
            }
        }
    }
}
