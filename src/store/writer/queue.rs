//! The writer's queue: deliveries that wait for their commit, and pieces of work that need the connection that writes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use crate::store::condition::Condition;
use crate::store::error::{Error, QueueFull};
use crate::store::writer::databases::Databases;
use crate::store::writer::insert::Arrival;
use crate::store::writer::retry::{Capacity, Done, Waiting};

/// So many deliveries that wait at once are many.
const BUSY: usize = 16;

/// A piece of work; what it gives hands its answer over.
pub(crate) type Task = Box<dyn FnOnce(&mut Databases) -> Answer + Send>;
pub(crate) type Answer = Box<dyn FnOnce() + Send>;

/// What the writer is asked to do.
pub(crate) enum Job {
    /// Record a delivery and answer it.
    Record(Waiting),
    /// Do a piece of work.
    Task(Task),
    /// The archive cannot be read, as somebody found who read all of it.
    Damage {
        /// What SQLite says.
        why: String,
        /// How many archives had been put aside before that one was opened.
        put_aside: u64,
    },
    /// Finish: nothing comes after this.
    End,
}

/// Hands work to the writer.
#[derive(Clone)]
pub(crate) struct WriteQueue {
    jobs: Sender<Job>,
    capacity: Capacity,
    condition: Arc<Condition>,
}

impl WriteQueue {
    /// An empty queue, and the end that the writer takes work from.
    pub(crate) fn new(capacity: Capacity, condition: Arc<Condition>) -> (Self, Receiver<Job>) {
        let (jobs, receiver) = channel();
        (Self { jobs, capacity, condition }, receiver)
    }

    /// True while many deliveries wait for their commit.
    pub(crate) fn is_busy(&self) -> bool {
        self.capacity.taken_seats() >= BUSY
    }

    /// Tells the writer that the archive is damaged.
    pub(crate) fn report_damage(&self, why: String, put_aside: u64) {
        // A writer that is gone has nothing to put aside.
        let _ = self.jobs.send(Job::Damage { why, put_aside });
    }

    /// Asks the writer to finish what is queued and to end.
    pub(crate) fn end(&self) {
        // A writer that is gone has ended.
        let _ = self.jobs.send(Job::End);
    }

    /// Queues a delivery, where there is room for it.
    pub(crate) fn record(&self, arrival: Arrival, done: Done) -> Result<(), QueueFull> {
        let waiting = Waiting::new(arrival, done, &self.capacity).inspect_err(|_| self.condition.turns_away())?;
        self.jobs.send(Job::Record(waiting)).map_err(|_| QueueFull)
    }

    /// Runs a piece of work on the writer's thread and waits for it.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Databases) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = sync_channel(1);
        let task: Task = Box::new(move |databases| {
            let done = work(databases);
            Box::new(move || {
                // The asker may be gone; then nobody needs the answer.
                let _ = answer.send(done);
            })
        });
        self.jobs.send(Job::Task(task)).map_err(|_| Error::Closed)?;
        answered.recv().map_err(|_| Error::Closed)?
    }
}
