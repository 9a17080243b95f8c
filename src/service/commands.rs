//! The door for commands: whoever holds the record offers the API to commands that write, so that none of them has to wait until
//! the window is closed. The file that leads to it ([`Endpoint`]) is there for as long as the door is open.

use std::{
    fs, io,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::Router;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use super::{
    endpoint::{self, Endpoint},
    report,
};
use crate::api::web::{self, AccessKey};

/// How often it is looked whether the file is there.
const LOOK: Duration = Duration::from_secs(1);

/// The open door.
pub(super) struct Commands {
    folder: PathBuf,
    serving: JoinHandle<io::Result<()>>,
    watching: JoinHandle<()>,
}

impl Commands {
    /// Opens it for the record of a folder, which this process holds, until `closed` becomes true. Where that does not work,
    /// commands are refused, and nothing else is any worse.
    pub(super) async fn open(folder: PathBuf, router: Router, closed: watch::Receiver<bool>) -> Option<Self> {
        let opened = Self::try_open(folder, router, closed).await;
        opened.inspect_err(|error| tracing::error!(%error, "commands that write are refused while this runs")).ok()
    }

    async fn try_open(folder: PathBuf, router: Router, closed: watch::Receiver<bool>) -> io::Result<Self> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let key = AccessKey::random();
        let endpoint = Endpoint::of_this_process(socket.local_addr()?, key.secret());
        let (written, place) = (endpoint.clone(), folder.clone());
        spawn_blocking(move || written.write(&place)).await??;
        let serving = tokio::spawn(web::serve_commands(socket, router, key, closed.clone()));
        let watching = tokio::spawn(watch(endpoint, folder.clone(), closed));
        Ok(Self { folder, serving, watching })
    }

    /// Takes the file away and answers what is in flight. The record must still be held: the file may be another process's
    /// afterwards.
    pub(super) async fn end(self) {
        report("looking after the file for commands", self.watching.await.map(Ok));
        if let Err(error) = fs::remove_file(endpoint::file(&self.folder)) {
            tracing::debug!(%error, "the file for commands is left; nobody believes it once the record is free");
        }
        report("the door for commands", self.serving.await);
    }
}

/// Puts the file back when a cleaner, a sync client or a person takes it away, or the whole folder.
async fn watch(endpoint: Endpoint, folder: PathBuf, mut closed: watch::Receiver<bool>) {
    while timeout(LOOK, closed.wait_for(|closed| *closed)).await.is_err() {
        let (endpoint, folder) = (endpoint.clone(), folder.clone());
        if spawn_blocking(move || put_back(&endpoint, &folder)).await.is_err() {
            tracing::error!("the file for commands could not be looked after because of a fault");
        }
    }
}

fn put_back(endpoint: &Endpoint, folder: &Path) {
    let is_gone = fs::metadata(endpoint::file(folder)).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    // While there is no folder, the record makes it again.
    if is_gone
        && folder.exists()
        && let Err(error) = endpoint.write(folder)
    {
        tracing::warn!(%error, "the file for commands went away and could not be put back yet; it is tried again");
    }
}
