//! What works beside the writer: what all of it shares, and how one thread takes over from the one before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::lock::lock;
use crate::store::changes::Changes;
use crate::store::condition::{Condition, Failure, State};
use crate::store::error::Error;
use crate::store::files::paths::Files;
use crate::store::lag::Lag;
use crate::store::writer::queue::WriteQueue;

/// How often whoever watches is told of progress.
const NEWS: Duration = Duration::from_millis(500);

/// What everybody shares who works beside the writer.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) files: Files,
    pub(crate) queue: WriteQueue,
    pub(crate) condition: Arc<Condition>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) lag: Arc<Lag>,
}

impl Parts {
    /// Changes what people are told, and says so.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut State)) {
        self.condition.change(change);
        self.changes.notify();
    }

    /// A projection cannot be filled at the moment.
    pub(crate) fn cannot_fill(&self, why: &Error) {
        tracing::error!(%why, "what is archived could not be applied; it is tried again");
        self.tell(|state| (state.rebuilding, state.rebuild_failed) = (None, Some(Failure::of(why))));
    }
}

/// One thread at a time for one kind of work. The next one begins when the one before has ended, and nobody waits for that.
#[derive(Default)]
pub(crate) struct Relay {
    running: Mutex<Option<Running>>,
    stopped: AtomicBool,
}

struct Running {
    cancelled: Cancelled,
    thread: JoinHandle<()>,
}

/// Says to a thread that it is to end.
#[derive(Clone, Default)]
pub(crate) struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Waits for so long, or until it is set.
    pub(crate) fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until && !self.is_set() {
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Relay {
    /// Begins a piece of work instead of the one that runs; after the stop, nothing.
    pub(crate) fn start(&self, name: &str, work: impl FnOnce(&Cancelled) + Send + 'static) -> Result<(), Error> {
        let mut running = lock(&self.running);
        if self.is_stopped() {
            return Ok(());
        }
        let before = running.take();
        before.iter().for_each(|before| before.cancelled.set());
        let cancelled = Cancelled::default();
        let flag = cancelled.clone();
        let in_turn = move || {
            before.into_iter().for_each(Running::join);
            work(&flag);
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(in_turn).map_err(Error::io(name))?;
        *running = Some(Running { cancelled, thread });
        Ok(())
    }

    /// Says to the thread that runs that it is to end.
    pub(crate) fn cancel(&self) {
        lock(&self.running).iter().for_each(|running| running.cancelled.set());
    }

    /// Waits for the end of the thread that was cancelled; `false` when none ran.
    pub(crate) fn join(&self) -> bool {
        let running = lock(&self.running).take();
        let is_any = running.is_some();
        running.into_iter().for_each(Running::join);
        is_any
    }

    /// From here on nothing begins any more.
    pub(crate) fn stop(&self) {
        let _running = lock(&self.running);
        self.stopped.store(true, Ordering::Release);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}

impl Running {
    fn join(self) {
        if self.thread.join().is_err() {
            tracing::error!("what worked beside the writer ended by a fault");
        }
    }
}

/// Whether it is time to tell of progress again.
#[derive(Default)]
pub(crate) struct News(Option<Instant>);

impl News {
    pub(crate) fn are_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|told| told.elapsed() >= NEWS);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}
