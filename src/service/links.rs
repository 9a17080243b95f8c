//! The port of the links, open for as long as somebody wants it to be.

use std::{net::Ipv4Addr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, time::timeout};

use crate::{
    api::web,
    links::{Door, Links},
};

/// When a port is tried again that could not be opened.
const AGAIN: Duration = Duration::from_secs(5);

/// Opens and closes the port as the links say, until `closed` becomes true.
pub(super) async fn serve(links: Links, router: Router, mut closed: watch::Receiver<bool>) {
    let mut wanted = links.wanted();
    while !*closed.borrow() {
        let port = *wanted.borrow_and_update();
        // Whoever opens it next begins with this.
        links.tell(if port.is_some() { Door::Opening } else { Door::Closed });
        let over = async {
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => {}
                _ = wanted.changed() => {}
            }
        };
        let Some(port) = port else {
            over.await;
            continue;
        };
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(socket) => {
                links.tell(Door::Open { port });
                serve_until(over, socket, router.clone()).await;
            }
            Err(error) => {
                tracing::warn!(%error, port, "the links that refresh cannot be followed");
                links.tell(Door::Failed { port, kind: error.kind(), why: error.to_string() });
                // It is tried again by itself: what has the port may end.
                let _ = timeout(AGAIN, over).await;
            }
        }
    }
}

/// Serves until `over` is; what is being answered then may end.
async fn serve_until(over: impl Future<Output = ()>, socket: TcpListener, router: Router) {
    let (ending, ended) = watch::channel(false);
    let serving = web::serve_links(socket, router, ended);
    let end = async {
        over.await;
        ending.send_replace(true);
    };
    let (served, ()) = tokio::join!(serving, end);
    if let Err(error) = served {
        tracing::error!(%error, "the port of the links was not open");
    }
}
