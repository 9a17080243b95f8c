//! The open connections: which one gives way when there are too many, and which ones stayed silent for too long.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::AbortHandle;

use super::{
    awake::Awake,
    limits::Limits,
    looks::{self, Asked, Looks},
};
use crate::lock::lock;

/// A sender that was heard of less than so long ago is at work: its next request may be on its way.
const AT_WORK: Duration = Duration::from_secs(1);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It was opened and has sent nothing yet.
    Opened,
    /// Part of a request's head has arrived.
    Head,
    /// A request's head is complete and its body is being read.
    Body,
    /// A whole request is being kept and answered.
    InFlight,
    /// The last request was answered.
    Idle,
}

/// What a connection is doing, and since when.
#[derive(Clone, Copy, Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Since when its sender has not taken what it was answered.
    untaken: Option<Instant>,
    /// The look at its socket that it was asked for when it was found to be late. Whatever moves it on ends this.
    last_look: Option<(Instant, Asked)>,
}

/// What would be lost if a connection were closed, the least first: what has stood still longest among its like. A stranger is
/// one that never sent an authentic request. Its body that is not finished is worth no more than a head: else slow bodies would
/// take all places but a few, and a sender that has just come would be closed for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    /// A stranger that has had its answer, which is all that it gets.
    Answered(Instant),
    /// A stranger that has not sent a whole request.
    Stranger(Instant),
    /// A stranger that may be about to send its request. It is waited for rather than closed, or a sender in its place.
    Fresh,
    /// The connection of a sender that is silent.
    Silence(Instant),
    /// A body that a sender has not finished.
    SendersBody(Instant),
}

/// Whether one more connection can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// There is a place.
    Now,
    /// A stranger gives way in a moment that may still send its request before that.
    Soon,
    /// All are at work.
    No,
}

/// One open connection, as its own task and the accept loop see it.
#[derive(Debug)]
pub(super) struct Connection {
    /// The sender's address as the socket saw it.
    pub(super) remote: String,
    state: Mutex<State>,
    /// The looks at its socket.
    pub(super) looks: Looks,
    awake: Awake,
    authentic: AtomicBool,
    unread: AtomicBool,
    task: OnceLock<AbortHandle>,
}

impl Connection {
    /// A connection that has just been opened. Its times are those of this clock.
    pub(super) fn new(remote: String, awake: Awake) -> Self {
        Self {
            remote,
            state: Mutex::new(State { phase: Phase::Opened, since: awake.now(), untaken: None, last_look: None }),
            looks: Looks::default(),
            awake,
            authentic: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            task: OnceLock::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// What it is doing.
    pub(super) fn phase(&self) -> Phase {
        self.state().phase
    }

    fn enter(&self, phase: Phase) {
        let now = self.awake.now();
        let mut state = self.state();
        (state.phase, state.since, state.last_look) = (phase, now, None);
    }

    /// Bytes arrived: the first ones after silence begin a head.
    pub(super) fn bytes_arrived(&self) {
        let mut state = self.state();
        match state.phase {
            // The time for the first head runs from the beginning, so that opening many sockets buys no time.
            Phase::Opened => state.phase = Phase::Head,
            Phase::Idle => (state.phase, state.since, state.last_look) = (Phase::Head, self.awake.now(), None),
            Phase::Head | Phase::Body | Phase::InFlight => {}
        }
    }

    /// A request's head is complete; its body is read, and it is answered, until the guard goes.
    pub(super) fn begin_request(self: &Arc<Self>) -> Request {
        self.enter(Phase::Body);
        Request(Arc::clone(self))
    }

    /// A request is whole. Its time goes on.
    pub(super) fn body_arrived(&self) {
        self.state().phase = Phase::InFlight;
    }

    /// The sender does not take what it is answered.
    pub(super) fn answers_wait(&self) {
        self.state().untaken.get_or_insert_with(|| self.awake.now());
    }

    /// The sender has taken all that it was answered.
    pub(super) fn answers_taken(&self) {
        let mut state = self.state();
        (state.untaken, state.last_look) = (None, None);
    }

    /// It sent a request that passed every check: it is one of those that are kept.
    pub(super) fn prove_authentic(&self) {
        self.authentic.store(true, Ordering::Relaxed);
    }

    /// Whether it ever did.
    pub(super) fn is_authentic(&self) -> bool {
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
        let State { phase, since, untaken, .. } = *self.state();
        let allowed = match phase {
            Phase::Opened | Phase::Head => limits.head,
            // Body and answer have their own limits inside; this one is for whoever found a way around them.
            Phase::Body | Phase::InFlight => limits.body + limits.answer + Duration::from_secs(2),
            Phase::Idle if self.is_authentic() => limits.idle,
            // It was told that this is the end.
            Phase::Idle => limits.head,
        };
        let passed = |since| now.saturating_duration_since(since);
        passed(since) > allowed || untaken.is_some_and(|since| passed(since) > limits.body)
    }

    /// Before whoever is late is closed, it looks once more at its socket: what arrived in time may not have been read in time.
    /// Says whether that was done; whoever does not even look is not waited for.
    fn has_looked_or_is_asked(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.last_look {
            Some((since, asked)) => self.looks.is_done(asked) || now.saturating_duration_since(since) > looks::PATIENCE,
            None => {
                state.last_look = Some((now, self.looks.ask()));
                false
            }
        }
    }

    /// What would be lost with it; nothing when it is at work. A stranger is fresh for so long after it was heard of.
    fn loss(&self, fresh: Duration, now: Instant) -> Option<Loss> {
        let State { phase, since, untaken, .. } = *self.state();
        let answered = untaken.is_some() || phase == Phase::Idle;
        let still = now.saturating_duration_since(since);
        match (self.is_authentic(), phase) {
            (_, Phase::InFlight) if !answered => None,
            (false, _) if answered => Some(Loss::Answered(since)),
            (false, _) if still < fresh => Some(Loss::Fresh),
            (false, _) => Some(Loss::Stranger(since)),
            (true, _) if still < AT_WORK => None,
            (true, Phase::Body) if !answered => Some(Loss::SendersBody(since)),
            (true, _) => Some(Loss::Silence(since)),
        }
    }
}

/// A request that is being read or answered; dropping it makes the connection idle.
#[derive(Debug)]
pub(super) struct Request(Arc<Connection>);

impl Drop for Request {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

/// All open connections by the order of their opening.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    open: Arc<Mutex<Open>>,
    fresh: Duration,
}

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
    /// None yet. Strangers will have so long for their request before they give way, which is also how long a newcomer may have
    /// to wait for a place.
    pub(super) fn new(fresh: Duration) -> Self {
        Self { open: Arc::default(), fresh }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        lock(&self.open)
    }

    /// Gives a connection its place.
    pub(super) fn enter(&self, connection: &Arc<Connection>) -> Place {
        let mut open = self.open();
        let id = open.next;
        open.next += 1;
        open.all.insert(id, Arc::clone(connection));
        Place { id, connections: self.clone() }
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.open().all.len()
    }

    /// Makes room for one more if `most` are open already, and says whether there is room.
    pub(super) fn make_room(&self, most: usize, now: Instant) -> Admission {
        if self.count() < most { Admission::Now } else { self.let_one_give_way(now) }
    }

    /// Closes the connection that is missed least: of those that never sent an authentic request and have none in flight the one
    /// that has stood still longest, else a sender's that has been silent longest. In a burst all strangers have only just come;
    /// then nobody is closed yet.
    pub(super) fn let_one_give_way(&self, now: Instant) -> Admission {
        let mut open = self.open();
        let losses = open.all.iter().filter_map(|(id, one)| Some((one.loss(self.fresh, now)?, *id)));
        match losses.min() {
            None => Admission::No,
            Some((Loss::Fresh, _)) => Admission::Soon,
            Some((_, id)) => {
                // Its place is free at once, although its task may take a moment to notice.
                if let Some(connection) = open.all.remove(&id) {
                    connection.close();
                }
                Admission::Now
            }
        }
    }

    /// Closes those that have used up their time and have nothing more in their sockets.
    pub(super) fn close_overdue(&self, limits: &Limits, now: Instant) {
        self.open().all.retain(|_, connection| {
            let closes = connection.is_overdue(limits, now) && connection.has_looked_or_is_asked(now);
            if closes {
                connection.close();
            }
            !closes
        });
    }

    /// Asks all of them to look at what their sockets hold; the answer says whether all have.
    pub(super) fn ask_all(&self) -> impl Fn() -> bool + use<> {
        let asked: Vec<_> =
            self.open().all.values().map(|connection| (Arc::clone(connection), connection.looks.ask())).collect();
        move || asked.iter().all(|(connection, asked)| connection.looks.is_done(*asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    const FRESH: Duration = Duration::from_millis(50);

    /// Opens connections; the returned places keep them open.
    fn open(connections: &Connections, count: usize) -> Vec<(Arc<Connection>, Place)> {
        (0..count)
            .map(|n| {
                let connection = Arc::new(Connection::new(format!("192.0.2.{n}"), Awake::default()));
                let place = connections.enter(&connection);
                (connection, place)
            })
            .collect()
    }

    fn remotes(connections: &Connections) -> Vec<String> {
        connections.open().all.values().map(|connection| connection.remote.clone()).collect()
    }

    #[test]
    fn the_oldest_stranger_gives_way_first_then_the_longest_silent() {
        let connections = Connections::new(FRESH);
        let opened = open(&connections, 6);
        opened[0].0.prove_authentic();
        let busy = opened[1].0.begin_request();
        opened[1].0.body_arrived();
        let slow = opened[2].0.begin_request();
        let untaken = opened[5].0.begin_request();
        opened[5].0.body_arrived();
        opened[5].0.answers_wait();
        // Taken last, so that everything above is past by as much.
        let now = Instant::now();
        let (soon, later) = (now + FRESH, now + AT_WORK);
        let left = || remotes(&connections).iter().map(|remote| remote.replace("192.0.2.", "")).collect::<String>();
        assert_eq!(connections.make_room(7, soon), Admission::Now, "there is room");
        assert_eq!(left(), "012345", "so nobody gives way");
        assert_eq!(connections.make_room(6, soon), Admission::Now, "one gives way");
        assert_eq!(left(), "01234", "whoever does not take its answers has had them");
        assert_eq!(connections.make_room(5, soon), Admission::Now, "the next one");
        assert_eq!(left(), "0124", "the oldest stranger that is not busy");
        assert_eq!(connections.make_room(4, soon), Admission::Now, "another one");
        assert_eq!(left(), "012", "again a stranger");
        assert_eq!(connections.make_room(3, soon), Admission::Now, "a body that is not finished is no request yet");
        assert_eq!(left(), "01", "and no reason to turn others away");
        assert_eq!(connections.make_room(2, soon), Admission::No, "a sender that was just heard of may be sending");
        assert_eq!(connections.make_room(2, later), Admission::Now, "only an authentic one is silent");
        assert_eq!(left(), "1", "a new sender is worth more than silence");
        assert_eq!(connections.make_room(1, later), Admission::No, "what is in flight is never broken off");
        drop((busy, slow, untaken));
        assert_eq!(connections.make_room(1, Instant::now() + FRESH), Admission::Now, "now it is idle");
    }

    #[test]
    fn whoever_just_came_does_not_give_way_to_the_next_one() {
        let connections = Connections::new(FRESH);
        let opened = open(&connections, 3);
        let bodies = (opened[0].0.begin_request(), opened[1].0.begin_request());
        // Slow bodies held all other places when this one came.
        let came = Arc::new(Connection::new("192.0.2.9".to_owned(), Awake::default()));
        let _place = connections.enter(&came);
        let now = Instant::now();
        assert_eq!(connections.make_room(4, now + FRESH), Admission::Now, "the oldest gives way");
        assert_eq!(remotes(&connections), ["192.0.2.0", "192.0.2.1", "192.0.2.9"], "which said nothing");
        assert_eq!(connections.make_room(3, now + FRESH), Admission::Now, "the next one");
        assert_eq!(remotes(&connections), ["192.0.2.1", "192.0.2.9"], "a body that stands still, not the newcomer");
        drop(bodies);
    }

    #[test]
    fn in_a_burst_strangers_have_their_say_and_no_sender_pays_for_it() {
        let connections = Connections::new(FRESH);
        let opened = open(&connections, 2);
        opened[0].0.prove_authentic();
        // The sender has been silent for long when the stranger comes.
        opened[0].0.state().since -= AT_WORK;
        let now = Instant::now();
        assert_eq!(connections.make_room(2, now), Admission::Soon, "the stranger may be about to send");
        assert_eq!(remotes(&connections).len(), 2, "so it is waited for, and the silent sender stays");
        assert_eq!(connections.make_room(2, now + FRESH), Admission::Now, "but not for long");
        assert_eq!(remotes(&connections), ["192.0.2.0"], "it is the stranger that gives way");
    }

    #[test]
    fn the_body_of_a_sender_is_the_last_to_give_way() {
        let connections = Connections::new(FRESH);
        let opened = open(&connections, 2);
        opened.iter().for_each(|(connection, _)| connection.prove_authentic());
        let body = opened[0].0.begin_request();
        let later = Instant::now() + AT_WORK;
        assert_eq!(connections.make_room(2, later), Admission::Now, "silence is worth less");
        assert_eq!(remotes(&connections), ["192.0.2.0"], "than half a request");
        assert_eq!(connections.make_room(1, later), Admission::Now, "but half a request less than a whole one");
        drop(body);
    }

    #[test]
    fn a_connection_that_ends_frees_its_place() {
        let connections = Connections::new(FRESH);
        let mut opened = open(&connections, 3);
        opened.remove(1);
        assert_eq!(remotes(&connections), ["192.0.2.0", "192.0.2.2"], "the middle one is gone");
    }

    #[test]
    fn silence_is_allowed_for_as_long_as_the_sender_deserves() {
        let limits = Limits::default();
        let connection = Arc::new(Connection::new(String::new(), Awake::default()));
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert!(!connection.is_overdue(&limits, after(4)), "a new connection has five seconds for its first head");
        connection.bytes_arrived();
        assert!(connection.is_overdue(&limits, after(6)), "a byte now and then does not prolong that");
        let request = connection.begin_request();
        assert!(!connection.is_overdue(&limits, after(7)), "body and answer have their time");
        connection.body_arrived();
        assert!(connection.is_overdue(&limits, after(10)), "but not for ever");
        drop(request);
        assert!(!connection.is_overdue(&limits, after(4)), "a stranger has had its answer and may take it");
        assert!(connection.is_overdue(&limits, after(6)), "and no more");
        connection.prove_authentic();
        assert!(!connection.is_overdue(&limits, after(600)), "an authentic sender for at least ten minutes");
        assert!(connection.is_overdue(&limits, after(1000)), "though not for ever");
        connection.bytes_arrived();
        assert_eq!(connection.phase(), Phase::Head, "the next head has begun");
        assert!(connection.is_overdue(&limits, after(6)), "and five seconds to be complete");
    }

    #[test]
    fn answers_are_to_be_taken() {
        let limits = Limits::default();
        let connection = Arc::new(Connection::new(String::new(), Awake::default()));
        connection.prove_authentic();
        drop(connection.begin_request());
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        connection.answers_wait();
        assert!(!connection.is_overdue(&limits, after(4)), "a slow reader has as long as a slow body");
        connection.bytes_arrived();
        drop(connection.begin_request());
        assert!(connection.is_overdue(&limits, after(6)), "further requests buy no time");
        connection.answers_taken();
        assert!(!connection.is_overdue(&limits, after(60)), "whoever has taken everything is as good as before");
    }

    #[test]
    fn whoever_is_late_is_closed_after_a_last_look_alone() {
        let connections = Connections::new(FRESH);
        let opened = open(&connections, 2);
        let limits = Limits::default();
        let late = Instant::now() + limits.head + AT_WORK;
        connections.close_overdue(&limits, late);
        assert_eq!(remotes(&connections).len(), 2, "nobody is closed unlooked at");
        opened[0].0.bytes_arrived();
        let _request = opened[0].0.begin_request();
        opened[1].0.looks.found_nothing(Waker::noop());
        connections.close_overdue(&limits, late);
        assert_eq!(remotes(&connections), ["192.0.2.0"], "one had its request there, the other one nothing");
        opened[0].0.state().since -= limits.body + limits.answer + 3 * AT_WORK;
        connections.close_overdue(&limits, late);
        assert_eq!(remotes(&connections).len(), 1, "being late again is looked at again");
        connections.close_overdue(&limits, late + 2 * AT_WORK);
        assert!(remotes(&connections).is_empty(), "who does not even look is not waited for");
    }
}
