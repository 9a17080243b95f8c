//! The open connections: which one gives way when there are too many, and which ones stayed silent for too long.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::AbortHandle;

use super::limits::Limits;

/// What a connection is doing, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It was opened and has sent nothing yet.
    Opened,
    /// Part of a request's head has arrived.
    Head,
    /// A request is being read, kept and answered.
    InFlight,
    /// The last request was answered.
    Idle,
}

/// One open connection, as its own task and the accept loop see it.
#[derive(Debug)]
pub(super) struct Connection {
    /// The sender's address as the socket saw it.
    pub(super) remote: String,
    phase: Mutex<(Phase, Instant)>,
    authentic: AtomicBool,
    unread: AtomicBool,
    task: OnceLock<AbortHandle>,
}

impl Connection {
    /// A connection that has just been opened.
    pub(super) fn new(remote: String) -> Self {
        Self {
            remote,
            phase: Mutex::new((Phase::Opened, Instant::now())),
            authentic: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            task: OnceLock::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, (Phase, Instant)> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it is doing.
    pub(super) fn phase(&self) -> Phase {
        self.state().0
    }

    /// Bytes arrived: the first ones after silence begin a head.
    pub(super) fn bytes_arrived(&self) {
        let mut state = self.state();
        match state.0 {
            // The time for the first head runs from the beginning, so that opening many sockets buys no time.
            Phase::Opened => state.0 = Phase::Head,
            Phase::Idle => *state = (Phase::Head, Instant::now()),
            Phase::Head | Phase::InFlight => {}
        }
    }

    /// A request's head is complete; it is in flight until the guard goes.
    pub(super) fn begin_request(self: &Arc<Self>) -> InFlight {
        *self.state() = (Phase::InFlight, Instant::now());
        InFlight(Arc::clone(self))
    }

    /// It sent a request that passed every check: it is one of those that are kept.
    pub(super) fn prove_authentic(&self) {
        self.authentic.store(true, Ordering::Relaxed);
    }

    fn is_authentic(&self) -> bool {
        self.authentic.load(Ordering::Relaxed)
    }

    /// A request was answered without reading all of it.
    pub(super) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether bytes may wait that were never read. Closing then would take the answer away from the sender.
    pub(super) fn has_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// Names the task that serves it, so that it can be made to give way.
    pub(super) fn served_by(&self, task: AbortHandle) {
        // A connection is served by one task; a second name would be a mistake that changes nothing.
        let _ = self.task.set(task);
    }

    fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    /// Whether it has used up the time for what it is doing.
    fn is_overdue(&self, limits: &Limits, now: Instant) -> bool {
        let (phase, since) = *self.state();
        let allowed = match phase {
            Phase::Opened | Phase::Head => limits.head,
            // Body and answer have their own limits inside; this one is for whoever does not read the answer.
            Phase::InFlight => limits.body + limits.answer + Duration::from_secs(2),
            Phase::Idle if self.is_authentic() => limits.idle_authentic,
            Phase::Idle => limits.idle,
        };
        now.saturating_duration_since(since) > allowed
    }
}

/// A request in flight; dropping it makes the connection idle.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Connection>);

impl Drop for InFlight {
    fn drop(&mut self) {
        *self.0.state() = (Phase::Idle, Instant::now());
    }
}

/// All open connections by the order of their opening.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: BTreeMap<u64, Arc<Connection>>,
}

/// A place among the open connections; dropping it frees it.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    connections: Connections,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open().all.remove(&self.id);
    }
}

impl Connections {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a connection its place.
    pub(super) fn enter(&self, connection: &Arc<Connection>) -> Place {
        let mut open = self.open();
        let id = open.next;
        open.next += 1;
        open.all.insert(id, Arc::clone(connection));
        Place { id, connections: self.clone() }
    }

    /// Makes room for one more if `most` are open already, and says whether there is room.
    pub(super) fn make_room(&self, most: usize) -> bool {
        self.open().all.len() < most || self.let_one_give_way()
    }

    /// Closes the connection that is missed least: the oldest that never sent an authentic request and has none in
    /// flight, else the one that has been idle longest. False when all are in flight.
    pub(super) fn let_one_give_way(&self) -> bool {
        let mut open = self.open();
        let stranger = open.all.iter().find(|(_, one)| !one.is_authentic() && one.phase() != Phase::InFlight);
        let idle =
            || open.all.iter().filter(|(_, one)| one.phase() != Phase::InFlight).min_by_key(|(_, one)| one.state().1);
        let Some(id) = stranger.or_else(idle).map(|(id, _)| *id) else { return false };
        // Its place is free at once, although its task may take a moment to notice.
        if let Some(connection) = open.all.remove(&id) {
            connection.close();
        }
        true
    }

    /// Closes those that have used up their time.
    pub(super) fn close_overdue(&self, limits: &Limits, now: Instant) {
        self.open().all.retain(|_, connection| {
            let overdue = connection.is_overdue(limits, now);
            if overdue {
                connection.close();
            }
            !overdue
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens connections; the returned places keep them open.
    fn open(connections: &Connections, count: usize) -> Vec<(Arc<Connection>, Place)> {
        (0..count)
            .map(|n| {
                let connection = Arc::new(Connection::new(format!("192.0.2.{n}")));
                let place = connections.enter(&connection);
                (connection, place)
            })
            .collect()
    }

    fn remotes(connections: &Connections) -> Vec<String> {
        connections.open().all.values().map(|connection| connection.remote.clone()).collect()
    }

    #[test]
    fn the_oldest_stranger_gives_way_first_then_the_longest_idle() {
        let connections = Connections::default();
        let opened = open(&connections, 4);
        opened[0].0.prove_authentic();
        let busy = opened[1].0.begin_request();
        assert!(connections.make_room(5), "there is room");
        assert_eq!(remotes(&connections).len(), 4, "so nobody gives way");
        assert!(connections.make_room(4), "one gives way");
        assert_eq!(
            remotes(&connections),
            ["192.0.2.0", "192.0.2.1", "192.0.2.3"],
            "the oldest stranger that is not busy"
        );
        assert!(connections.make_room(3), "the next one");
        assert_eq!(remotes(&connections), ["192.0.2.0", "192.0.2.1"], "again a stranger");
        assert!(connections.make_room(2), "only an authentic one is idle");
        assert_eq!(remotes(&connections), ["192.0.2.1"], "a new sender is worth more than silence");
        assert!(!connections.make_room(1), "what is in flight is never broken off");
        drop(busy);
        assert!(connections.make_room(1), "now it is idle");
    }

    #[test]
    fn a_connection_that_ends_frees_its_place() {
        let connections = Connections::default();
        let mut opened = open(&connections, 3);
        opened.remove(1);
        assert_eq!(remotes(&connections), ["192.0.2.0", "192.0.2.2"], "the middle one is gone");
    }

    #[test]
    fn silence_is_allowed_for_as_long_as_the_sender_deserves() {
        let limits = Limits::default();
        let connection = Arc::new(Connection::new(String::new()));
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!connection.is_overdue(&limits, after(4)), "a new connection has five seconds for its first head");
        connection.bytes_arrived();
        assert!(connection.is_overdue(&limits, after(6)), "a byte now and then does not prolong that");
        let request = connection.begin_request();
        assert!(!connection.is_overdue(&limits, after(7)), "body and answer have their time");
        assert!(connection.is_overdue(&limits, after(10)), "but not for ever");
        drop(request);
        assert!(!connection.is_overdue(&limits, after(59)), "a stranger may be silent for a minute");
        assert!(connection.is_overdue(&limits, after(61)), "and no longer");
        connection.prove_authentic();
        assert!(!connection.is_overdue(&limits, after(600)), "an authentic sender for at least ten minutes");
        assert!(connection.is_overdue(&limits, after(1000)), "though not for ever");
        connection.bytes_arrived();
        assert_eq!(connection.phase(), Phase::Head, "the next head has begun");
        assert!(connection.is_overdue(&limits, after(6)), "and five seconds to be complete");
    }
}
