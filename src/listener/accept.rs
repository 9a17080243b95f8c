//! The accept loop: takes every connection, lets idle ones give way, closes silent ones, survives a lack of files, drains.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinSet, yield_now},
    time::{MissedTickBehavior, interval, sleep},
};

use super::{
    awake::Awake,
    connections::{Admission, Connection, Connections},
    handler::Handler,
    serve::{Welcome, serve},
    socket::Port,
    stopped,
};

/// How often silent connections are looked for.
const SWEEP: Duration = Duration::from_millis(250);
/// Connections beyond the limit that are told so at one time, at least; it may be a quarter of the limit.
const TURNED_AWAY_AT_ONCE: usize = 16;
/// How long a stranger has for its request before it gives way to another one. Short, because in this time no more of them are
/// taken than there are places.
const FRESH: Duration = Duration::from_millis(50);
/// The same for those beyond the limit. Longer, because what they wait for is only to hear that they were not taken.
const FRESH_TURNED_AWAY: Duration = Duration::from_millis(250);
/// How long accepting waits, after nothing ran for a while, for what the connections hold unread.
const CATCHING_UP: Duration = Duration::from_millis(250);
/// How long accepting waits when nobody can be taken at this moment.
const BREATH: Duration = Duration::from_millis(5);
/// How long the log is silent about connections that could not be taken after it told of one.
const COMPLAINTS: Duration = Duration::from_secs(60);

/// Takes connections until the stop or a pause, then finishes the requests in flight.
pub(super) async fn run(mut socket: TcpListener, port: &mut Port, handler: Arc<Handler>) {
    let (mut stop, mut pause) = (port.stop.clone(), port.pause.subscribe());
    let (end, ended) = watch::channel(false);
    let mut loop_ = Loop {
        served: Connections::new(FRESH),
        turned_away: Connections::new(FRESH_TURNED_AWAY),
        tasks: JoinSet::new(),
        awake: handler.awake.clone(),
        sleeps: 0,
        handler,
        stop: ended,
        complained: None,
    };
    let mut sweep = interval(SWEEP);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            () = paused(&mut pause) => break,
            accepted = socket.accept() => loop_.accepted(accepted).await,
            _ = sweep.tick() => loop_.sweep(),
            () = port.reopen.notified() => {
                drop(socket);
                let Some(again) = port.open_again(&loop_.handler.limits, &loop_.handler.clock).await else {
                    end.send_replace(true);
                    return loop_.drain().await;
                };
                socket = again;
            }
            Some(_) = loop_.tasks.join_next() => {}
        }
    }
    // From here on the port is free for the next process.
    drop(socket);
    port.say_paused(&loop_.handler.clock);
    end.send_replace(true);
    loop_.drain().await;
}

/// Waits until somebody wants a pause.
async fn paused(pause: &mut watch::Receiver<Option<i64>>) {
    if pause.wait_for(Option::is_some).await.is_err() {
        std::future::pending::<()>().await;
    }
}

struct Loop {
    served: Connections,
    turned_away: Connections,
    tasks: JoinSet<()>,
    awake: Awake,
    /// How many times of sleep have been caught up with.
    sleeps: u64,
    handler: Arc<Handler>,
    /// Becomes true when the connections are to end.
    stop: watch::Receiver<bool>,
    complained: Option<Instant>,
}

impl Loop {
    async fn accepted(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, peer)) => {
                self.catch_up().await;
                self.welcome(stream, peer).await;
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                // No file is left for another connection: an idle one must make room, or nobody gets in any more.
                self.complain(&error);
                self.catch_up().await;
                self.served.let_one_give_way(self.awake.now());
                sleep(BREATH).await;
            }
        }
    }

    /// Whoever attacks must not be able to fill the log as well.
    fn complain(&mut self, error: &io::Error) {
        let now = Instant::now();
        if self.complained.is_none_or(|last| now.duration_since(last) > COMPLAINTS) {
            self.complained = Some(now);
            tracing::warn!(%error, "connections cannot be taken; idle ones give way");
        }
    }

    /// After a time in which nothing ran, everybody who was there before is heard before it could give way: what it sent
    /// meanwhile lies unread in its socket.
    async fn catch_up(&mut self) {
        let sleeps = self.awake.sleeps();
        if std::mem::replace(&mut self.sleeps, sleeps) == sleeps {
            return;
        }
        let (served, turned_away) = (self.served.ask_all(), self.turned_away.ask_all());
        let all = async {
            while !(served() && turned_away()) {
                sleep(BREATH).await
            }
        };
        // Whoever is being answered does not look; nobody waits for that.
        let _ = self.awake.within(CATCHING_UP, all).await;
    }

    async fn welcome(&mut self, stream: TcpStream, peer: SocketAddr) {
        // An answer is one small packet; holding it back for more would only delay it.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the connection ended before it began");
            return;
        }
        let connection = Arc::new(Connection::new(peer.ip().to_canonical().to_string(), self.awake.clone()));
        let (register, welcome) = self.room().await;
        let place = register.enter(&connection);
        let (served, handler, stop) = (Arc::clone(&connection), Arc::clone(&self.handler), self.stop.clone());
        let task = self.tasks.spawn(async move {
            let _place = place;
            serve(stream, served, handler, welcome, stop).await;
        });
        connection.served_by(task);
        if welcome == Welcome::Serve && self.served.count() >= self.handler.limits.connections {
            // In a burst, whoever has sent its request is looked at before it could give way to the next one. Whoever is only told
            // to come back gives way to nobody, and each turn of a busy listener that it costs is waited for by all behind it.
            yield_now().await;
        }
    }

    /// Where there is room for one more. In a burst it is waited for: the others wait in the system's queue meanwhile, and
    /// whoever just came has its say before it gives way to them. That takes no longer than strangers stay fresh.
    async fn room(&self) -> (&Connections, Welcome) {
        let most = self.handler.limits.connections;
        let told = TURNED_AWAY_AT_ONCE.max(most / 4);
        loop {
            let now = self.awake.now();
            match self.served.make_room(most, now) {
                Admission::Now => return (&self.served, Welcome::Serve),
                Admission::No if self.turned_away.make_room(told, now) == Admission::Now => {
                    return (&self.turned_away, Welcome::TurnAway);
                }
                Admission::No | Admission::Soon => sleep(BREATH).await,
            }
        }
    }

    fn sweep(&self) {
        let now = self.awake.now();
        self.served.close_overdue(&self.handler.limits, now);
        self.turned_away.close_overdue(&self.handler.limits, now);
    }

    /// The connections have heard of the stop themselves; whoever is not done in time is broken off.
    async fn drain(mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if self.awake.within(self.handler.limits.drain, all).await.is_none() {
            tracing::warn!("some requests did not finish before the stop; their senders got no answer");
            self.tasks.shutdown().await;
        }
    }
}

/// Errors that say something of one connection and nothing of the listener.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
