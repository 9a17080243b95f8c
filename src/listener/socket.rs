//! Opening the port: always the one that is registered at Tencent, tried again for as long as it takes.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::{Notify, watch},
    time::sleep,
};

use super::{ListenerState, limits::Limits, port_closed::PortClosed, stopped};
use crate::clock::Clock;

/// How many connections may wait in the system's queue to be taken. With the usual 128 a crowd fills it while this computer is
/// busy; then the system drops whoever knocks, and a sender tries again after a second at the earliest.
const QUEUE: u32 = 1024;

/// How often the end of a pause is looked for, at least.
const LOOK: Duration = Duration::from_secs(5);

/// Where a listener is reached on this computer: one that is bound to every address, through loopback.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Tries once to open the port and says what came of it.
pub(super) async fn open(address: SocketAddr, since_ms: i64) -> Result<(TcpListener, ListenerState), ListenerState> {
    let opened = async {
        let socket = listen(address)?;
        let bound = socket.local_addr()?;
        Ok::<_, io::Error>((socket, ListenerState::Listening { address: bound }))
    };
    opened.await.map_err(|error| ListenerState::Retrying { address, why: PortClosed::of(address, &error), since_ms })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows this would let two programs share the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// The port, as long as the listener runs.
pub(super) struct Port {
    /// The address that was asked for.
    pub(super) address: SocketAddr,
    /// Whether it is open, for others to read.
    pub(super) state: watch::Sender<ListenerState>,
    /// Asks to open it again.
    pub(super) reopen: Arc<Notify>,
    /// Until when it is to be closed, Unix milliseconds; nothing while it is not.
    pub(super) pause: Arc<watch::Sender<Option<i64>>>,
    /// Becomes true at the stop.
    pub(super) stop: watch::Receiver<bool>,
}

impl Port {
    /// Opens it after its socket was closed: the one that was had, also where any was asked for, because Tencent knows it.
    pub(super) async fn open_again(&mut self, limits: &Limits, clock: &Clock) -> Option<TcpListener> {
        if let ListenerState::Listening { address } = *self.state.borrow() {
            self.address = address;
        }
        match self.try_once(clock.now_ms()).await {
            None => self.retry(limits, clock).await,
            open => open,
        }
    }

    /// Says that it is closed for a pause, where there is one.
    pub(super) fn say_paused(&mut self, clock: &Clock) {
        if let ListenerState::Listening { address } = *self.state.borrow() {
            self.address = address;
        }
        if let Some(until_ms) = *self.pause.borrow() {
            let why = PortClosed::Paused { until_ms };
            self.state.send_replace(ListenerState::Retrying { address: self.address, why, since_ms: clock.now_ms() });
        }
    }

    /// Keeps it closed until the pause is over or taken back, then opens it; nothing when the stop comes first.
    pub(super) async fn open_after_pause(&mut self, limits: &Limits, clock: &Clock) -> Option<TcpListener> {
        let (mut stop, mut pause) = (self.stop.clone(), self.pause.subscribe());
        loop {
            let until_ms = pause.borrow_and_update().unwrap_or(i64::MIN);
            let left_ms = until_ms.saturating_sub(clock.now_ms());
            let Some(left) = u64::try_from(left_ms).ok().filter(|left| *left > 0) else {
                break;
            };
            tokio::select! {
                () = stopped(&mut stop) => return None,
                _ = pause.changed() => self.say_paused(clock),
                // The wall clock decides, and it goes on while the computer sleeps.
                () = sleep(Duration::from_millis(left).min(LOOK)) => {}
            }
        }
        self.pause.send_replace(None);
        if *stop.borrow() { None } else { self.open_again(limits, clock).await }
    }

    /// Tries until it is open; nothing when the stop comes first.
    pub(super) async fn retry(&self, limits: &Limits, clock: &Clock) -> Option<TcpListener> {
        let since_ms = clock.now_ms();
        let mut stop = self.stop.clone();
        let mut wait = limits.retry_first;
        loop {
            tokio::select! {
                () = stopped(&mut stop) => return None,
                () = sleep(wait) => {}
            }
            wait = (wait * 2).min(limits.retry_most);
            if let Some(socket) = self.try_once(since_ms).await {
                tracing::info!(address = %self.address, "the port is open now; callbacks arrive");
                return Some(socket);
            }
        }
    }

    /// Tries once, and says what came of it.
    async fn try_once(&self, since_ms: i64) -> Option<TcpListener> {
        let (socket, state) = match open(self.address, since_ms).await {
            Ok((socket, listening)) => (Some(socket), listening),
            Err(retrying) => (None, retrying),
        };
        self.state.send_replace(state);
        socket
    }
}
