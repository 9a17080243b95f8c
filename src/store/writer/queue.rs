//! The writer's queue: deliveries that wait for their commit, and pieces of work that need the connection that writes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use crate::store::condition::Condition;
use crate::store::error::{Error, QueueFull};
use crate::store::writer::databases::Databases;
use crate::store::writer::insert::Arrival;
use crate::store::writer::retry::{Done, Room, Waiting};

pub(crate) type Task = Box<dyn FnOnce(&mut Databases) + Send>;

/// What the writer is asked to do.
pub(crate) enum Job {
    /// Record a delivery and answer it.
    Record(Waiting),
    /// Do a piece of work.
    Task(Task),
    /// Finish: nothing comes after this.
    End,
}

/// Hands work to the writer.
#[derive(Clone)]
pub(crate) struct WriteQueue {
    jobs: Sender<Job>,
    room: Room,
    condition: Arc<Condition>,
}

impl WriteQueue {
    /// An empty queue, and the end that the writer takes work from.
    pub(crate) fn new(room: Room, condition: Arc<Condition>) -> (Self, Receiver<Job>) {
        let (jobs, receiver) = channel();
        (Self { jobs, room, condition }, receiver)
    }

    /// Asks the writer to finish what is queued and to end.
    pub(crate) fn end(&self) {
        // A writer that is gone has ended.
        let _ = self.jobs.send(Job::End);
    }

    /// Queues a delivery, where there is room for it.
    pub(crate) fn record(&self, arrival: Arrival, done: Done) -> Result<(), QueueFull> {
        let waiting = Waiting::new(arrival, done, &self.room).inspect_err(|_| self.condition.turns_away())?;
        self.jobs.send(Job::Record(waiting)).map_err(|_| QueueFull)
    }

    /// Runs a piece of work on the writer's thread and waits for it.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Databases) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = sync_channel(1);
        let task: Task = Box::new(move |databases| {
            // The asker may be gone; then nobody needs the answer.
            let _ = answer.send(work(databases));
        });
        self.jobs.send(Job::Task(task)).map_err(|_| Error::Closed)?;
        answered.recv().map_err(|_| Error::Closed)?
    }
}
