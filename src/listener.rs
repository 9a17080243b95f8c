//! The public listener: Tencent's callbacks arrive here, are checked, kept and only then acknowledged. It serves nothing else.

mod accept;
mod arrivals;
mod awake;
mod coding;
mod connections;
mod decide;
mod foreign;
mod gate;
mod handler;
mod headers;
mod knock;
pub mod limits;
mod looks;
mod path;
mod port_closed;
mod refusals;
mod reply;
mod serve;
mod signature;
pub mod sink;
mod socket;
mod verdict;
mod whose;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock, atomic::Ordering},
};

use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};

pub use arrivals::Arrived;
pub use decide::{Decide, Deciding};
pub use knock::{HEADER as KNOCK, Knock};
pub use limits::Limits;
pub use refusals::{Refusal, Refusals};
pub use sink::Sink;
pub use socket::reachable;
pub use whose::own_path;

use crate::{
    callback::codes::Family,
    callback::span::in_words,
    clock::Clock,
    config::{Apps, Keys},
    lock::lock,
};
use awake::Awake;
use handler::{Handler, Seen};
pub use port_closed::PortClosed;
use socket::Port;

/// How long a pause lasts, in milliseconds: an hour.
pub const PAUSE_MS: i64 = 3_600_000;

/// Whether the port is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenerState {
    /// It is, at this address (with the real port where 0 was asked for).
    Listening {
        /// The bound address.
        address: SocketAddr,
    },
    /// It is not, and is tried again and again.
    Retrying {
        /// The address that was asked for.
        address: SocketAddr,
        /// What is in the way.
        why: PortClosed,
        /// Since when, Unix milliseconds.
        since_ms: i64,
    },
}

/// How far this computer's clock was from Tencent's when a request was signed correctly and yet not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOff {
    /// How far this computer's clock is ahead, in seconds; negative when it is behind.
    pub seconds: i64,
    /// When that was seen, Unix milliseconds of this computer's clock.
    pub at_ms: i64,
}

impl ClockOff {
    /// A sentence for a person. A request from the future can only be our own clock's fault; an old one can also be an old
    /// one.
    pub fn message(&self) -> String {
        let long = in_words(self.seconds);
        let so = if self.seconds < 0 {
            format!("This computer's clock is {long} behind")
        } else {
            format!("This computer's clock seems to be {long} ahead, or somebody sends old requests again")
        };
        format!("{so}: signed callbacks are turned away and wait in quarantine. Set the clock; then release them.")
    }
}

/// Who decides about what asks for permission, once somebody is named.
type Decider = Arc<OnceLock<Decide>>;

/// The running listener. Whoever holds it stops it.
pub struct Listener {
    handle: ListenerHandle,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    decide: Decider,
}

/// Tells how the listener is doing. Cheap to clone, and still answers after the stop.
#[derive(Clone, Debug)]
pub struct ListenerHandle {
    seen: Arc<Seen>,
    state: watch::Receiver<ListenerState>,
    reopen: Arc<Notify>,
    pause: Arc<watch::Sender<Option<i64>>>,
}

impl Listener {
    /// Starts listening. A port that is taken is no failure: it is tried again until it is free, and `state` says so.
    pub async fn start(
        addr: SocketAddr,
        token: String,
        apps: Apps,
        keys: Keys,
        sink: Arc<dyn Sink>,
        clock: Clock,
    ) -> Self {
        Self::start_within(Limits::default(), addr, token, apps, keys, sink, clock).await
    }

    /// Starts listening with other limits than the product's.
    pub async fn start_within(
        limits: Limits,
        addr: SocketAddr,
        token: String,
        apps: Apps,
        keys: Keys,
        sink: Arc<dyn Sink>,
        clock: Clock,
    ) -> Self {
        let (socket, state) = match socket::open(addr, clock.now_ms()).await {
            Ok((socket, state)) => (Some(socket), state),
            Err(state) => (None, state),
        };
        let (state_sender, state) = watch::channel(state);
        let (stop, stopped) = watch::channel(false);
        let (seen, decide) = (Arc::<Seen>::default(), Decider::default());
        let handler = Arc::new(Handler {
            token,
            apps,
            keys,
            sink,
            clock,
            limits,
            awake: Awake::default(),
            decide: Arc::clone(&decide),
            seen: Arc::clone(&seen),
        });
        let (reopen, pause) = (Arc::<Notify>::default(), Arc::new(watch::Sender::new(None)));
        let handle = ListenerHandle { seen, state, reopen: Arc::clone(&reopen), pause: Arc::clone(&pause) };
        let port = Port { address: addr, state: state_sender, reopen, pause, stop: stopped };
        let task = tokio::spawn(run(port, socket, handler));
        Self { handle, stop, task, decide }
    }

    /// Tells how it is doing.
    pub fn handle(&self) -> ListenerHandle {
        self.handle.clone()
    }

    /// From now on this decides about what asks for permission; what it does not decide in time is allowed. Named once.
    pub fn decide_by(&self, decide: Decide) {
        // A second one is never named.
        let _ = self.decide.set(decide);
    }

    /// Closes the port, answers the requests in flight (for 3 seconds at most) and ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the listener ended by a fault");
        }
    }
}

async fn run(mut port: Port, socket: Option<TcpListener>, handler: Arc<Handler>) {
    let mut socket = match socket {
        Some(socket) => Some(socket),
        None => port.retry(&handler.limits, &handler.clock).await,
    };
    while let Some(open) = socket {
        accept::run(open, &mut port, Arc::clone(&handler)).await;
        socket = port.open_after_pause(&handler.limits, &handler.clock).await;
    }
}

/// Waits for the word to stop, or for the end of whoever could say it.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stop.wait_for(|stop| *stop).await;
}

impl ListenerHandle {
    /// Tells of a listener that was never started, at `now_ms`: who works without one has the rest of the API all the same.
    pub fn of_none(address: SocketAddr, now_ms: i64) -> Self {
        let why = PortClosed::of(address, &io::Error::other("this process takes no callbacks"));
        let (_, state) = watch::channel(ListenerState::Retrying { address, why, since_ms: now_ms });
        Self { seen: Arc::default(), state, reopen: Arc::default(), pause: Arc::new(watch::Sender::new(None)) }
    }

    /// The bound address; nothing while the port is not open.
    pub fn address(&self) -> Option<SocketAddr> {
        match &*self.state.borrow() {
            ListenerState::Listening { address } => Some(*address),
            ListenerState::Retrying { .. } => None,
        }
    }

    /// Whether the port is open, and why not.
    pub fn state(&self) -> ListenerState {
        self.state.borrow().clone()
    }

    /// Waits until the port is open; nothing when the listener was stopped before that.
    pub async fn listening(&self) -> Option<SocketAddr> {
        let mut state = self.state.clone();
        let open = state.wait_for(|state| matches!(state, ListenerState::Listening { .. })).await;
        match open.as_deref() {
            Ok(ListenerState::Listening { address }) => Some(*address),
            _ => None,
        }
    }

    /// Waits until the state is another one than this, or the listener has ended.
    pub async fn moved_from(&self, state: &ListenerState) {
        let mut now = self.state.clone();
        // An error means that the listener is gone, which is another state too.
        let _ = now.wait_for(|now| now != state).await;
    }

    /// Closes the port and opens it again. Connections that are there are served on.
    pub fn reopen(&self) {
        self.reopen.notify_one();
    }

    /// Closes the port until then (Unix milliseconds), or ends that with `None`. What is being taken in is answered; who comes
    /// later is refused by the operating system.
    pub fn pause(&self, until_ms: Option<i64>) {
        self.pause.send_replace(until_ms);
    }

    /// Whether the port is closed because somebody wanted it.
    pub fn is_paused(&self) -> bool {
        self.pause.borrow().is_some()
    }

    /// What was refused since the start, and so is in no list of deliveries.
    pub fn refusals(&self) -> Refusals {
        self.seen.ledger.read()
    }

    /// When the last delivery was kept since the start, Unix milliseconds.
    pub fn last_kept_ms(&self) -> Option<i64> {
        Some(self.seen.last_kept_ms.load(Ordering::Relaxed)).filter(|ms| *ms != i64::MIN)
    }

    /// What arrived of a family for an application since the start.
    pub fn arrived(&self, app: &str, family: Family) -> Arrived {
        self.seen.arrivals.of(app, family)
    }

    /// When the last delivery of an application of ours came in since the start that nothing was wrong with, Unix milliseconds.
    pub fn last_arrived_ms(&self) -> Option<i64> {
        self.seen.arrivals.last_ms()
    }

    /// Begins to expect a request of our own from outside.
    pub fn expect_knock(&self) -> Knock {
        self.seen.knocks.expect()
    }

    /// How far this computer's clock is from Tencent's, if the last request that told was turned away for it.
    pub fn clock_off(&self) -> Option<ClockOff> {
        *lock(&self.seen.clock)
    }
}
