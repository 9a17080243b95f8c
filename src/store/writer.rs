//! The one thread that writes. Deliveries that wait share a commit, and each is answered after it: group commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::changes::Changes;
use super::delivery::{Delivery, Place, Recorded};
use super::projection::{Care, Touched};
use super::{Error, QueueFull, intake};
use crate::callback::Callback;

/// Deliveries that may wait for the writer; one more is turned away, so that its sender tries again.
const QUEUE: usize = 4_096;
/// Deliveries that share one commit at most.
const BATCH: usize = 256;
/// After this long without work the WAL is folded back into the database file.
const IDLE: Duration = Duration::from_secs(30);

/// Called once, on the writer's thread, after the commit or its failure.
pub(super) type Done = Box<dyn FnOnce(Result<Recorded, Error>) + Send>;
type Task = Box<dyn FnOnce(&mut Connection) + Send>;

/// What the writer is asked to do.
enum Job {
    Record { delivery: Box<Delivery>, callback: Box<Callback>, place: Place, done: Done },
    Task(Task),
}

/// The queue's end that everybody else holds, and the thread.
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    thread: JoinHandle<Connection>,
}

impl Writer {
    /// Starts the thread with the only connection that writes.
    pub(super) fn start(connection: Connection, changes: Arc<Changes>) -> Result<Self, Error> {
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("calltrail-writer".to_owned())
            .spawn(move || run(connection, &queue, &changes))
            .map_err(Error::io("calltrail-writer"))?;
        Ok(Self { jobs, thread })
    }

    /// Queues a delivery.
    pub(super) fn record(
        &self,
        delivery: Delivery,
        callback: Callback,
        place: Place,
        done: Done,
    ) -> Result<(), QueueFull> {
        let job = Job::Record { delivery: Box::new(delivery), callback: Box::new(callback), place, done };
        match self.jobs.try_send(job) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(QueueFull),
        }
    }

    /// Runs a piece of work on the writing connection and waits for it.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = sync_channel(1);
        let task: Task = Box::new(move |connection| {
            // The asker may be gone; then nobody needs the answer.
            let _ = answer.send(work(connection));
        });
        self.jobs.send(Job::Task(task)).map_err(|_| Error::Closed)?;
        answered.recv().map_err(|_| Error::Closed)?
    }

    /// Finishes what is queued, folds the WAL back and closes the file.
    pub(super) fn close(self) -> Result<(), Error> {
        drop(self.jobs);
        let connection = self.thread.join().map_err(|_| Error::Closed)?;
        truncate_wal(&connection)?;
        connection.close().map_err(|(_, error)| error.into())
    }
}

fn run(mut connection: Connection, queue: &Receiver<Job>, changes: &Changes) -> Connection {
    let mut settled = true;
    let mut held = None;
    loop {
        let job = match held.take() {
            Some(job) => job,
            None => match queue.recv_timeout(IDLE) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    if !settled {
                        settled = truncate_wal(&connection).is_ok();
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return connection,
            },
        };
        settled = false;
        match job {
            Job::Task(task) => {
                // A fault in one piece of work must not end the thread that keeps the record.
                if catch_unwind(AssertUnwindSafe(|| task(&mut connection))).is_err() {
                    tracing::error!("a task of the writer failed");
                }
                changes.notify();
            }
            first @ Job::Record { .. } => {
                held = batch(&mut connection, first, queue, changes);
            }
        }
    }
}

/// Records what waits in one transaction and answers each after the commit. A task that was met on the way is handed back.
fn batch(connection: &mut Connection, first: Job, queue: &Receiver<Job>, changes: &Changes) -> Option<Job> {
    let mut deliveries = Vec::with_capacity(BATCH);
    let mut next = Some(first);
    let met = loop {
        match next {
            Some(Job::Record { delivery, callback, place, done }) => deliveries.push((delivery, callback, place, done)),
            task => break task,
        }
        next = if deliveries.len() < BATCH { queue.try_recv().ok() } else { None };
    };
    let committed = match together(connection, &deliveries) {
        Attempt::Over(committed) => committed,
        Attempt::Fault => one_by_one(connection, &deliveries),
    };
    let dones = deliveries.into_iter().map(|(.., done)| done);
    match committed {
        Ok(outcomes) => {
            changes.notify();
            dones.zip(outcomes).for_each(|(done, outcome)| answer(done, outcome));
        }
        Err(error) => {
            tracing::error!(%error, "the commit failed; the senders are told to try again");
            dones.for_each(|done| answer(done, Err(Error::Commit(error.to_string()))));
        }
    }
    met
}

fn answer(done: Done, outcome: Result<Recorded, Error>) {
    if catch_unwind(AssertUnwindSafe(|| done(outcome))).is_err() {
        tracing::error!("an answer could not be handed back");
    }
}

type Waiting = (Box<Delivery>, Box<Callback>, Place, Done);
/// What became of each delivery, or why nothing was committed.
type Committed = Result<Vec<Result<Recorded, Error>>, rusqlite::Error>;

/// How the attempt to record a batch as a whole ended.
enum Attempt {
    /// It was committed, or the commit itself failed.
    Over(Committed),
    /// One of the deliveries cannot be recorded as it should; nothing was committed.
    Fault,
}

/// Records a batch without savepoints, which would cost more than the deliveries. Hardly ever does one of them fail.
fn together(connection: &mut Connection, batch: &[Waiting]) -> Attempt {
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return Attempt::Over(Err(error)),
    };
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut touched = Touched::default();
    for (delivery, callback, place, _) in batch {
        match caught(|| intake::record(&transaction, delivery, callback, place, Care::Together(&mut touched))) {
            Ok(recorded) => outcomes.push(Ok(recorded)),
            Err(_) => return Attempt::Fault,
        }
    }
    if caught(|| touched.fold(&transaction)).is_err() {
        return Attempt::Fault;
    }
    Attempt::Over(transaction.commit().map(|()| outcomes))
}

/// Records a batch with a savepoint for each delivery, so that the failure of one leaves its neighbours alone.
fn one_by_one(connection: &mut Connection, batch: &[Waiting]) -> Committed {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcomes = batch.iter().map(|waiting| alone(&transaction, waiting)).collect();
    transaction.commit()?;
    Ok(outcomes)
}

fn alone(connection: &Connection, (delivery, callback, place, _): &Waiting) -> Result<Recorded, Error> {
    connection.prepare_cached("savepoint delivery")?.execute([])?;
    let outcome = caught(|| intake::record(connection, delivery, callback, place, Care::Guarded));
    if outcome.is_err() {
        connection.prepare_cached("rollback to delivery")?.execute([])?;
    }
    connection.prepare_cached("release delivery")?.execute([])?;
    outcome
}

/// A panic while recording is an error like any other: it must not end the thread that keeps the record.
fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::Content("a fault while recording".to_owned())))
}

fn truncate_wal(connection: &Connection) -> Result<(), Error> {
    connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    Ok(())
}
