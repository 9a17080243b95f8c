//! Deliveries that were taken and are not stored yet: those that have just come, and those that could not be stored when they
//! came.
//!
//! While nothing can be stored (a lock, a full disk, a fault) their senders are told to try again, and not every kind of
//! callback is sent again. So none of them is thrown away: they wait in memory, in the order in which they came, and go into
//! the record as soon as that is possible. How much may wait is bounded, so that a disk that is away for long costs memory and
//! not the process. What comes when there is no room left is turned away and counted.

use crate::lock::lock;
use crate::store::options::Bound;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};

use rusqlite::Connection;

use crate::store::delivery::Recorded;
use crate::store::error::{Error, QueueFull};
use crate::store::writer::insert::{self, Arrival};

/// Called once, on the writer's thread, after the commit or its failure.
pub(crate) type Done = Box<dyn FnOnce(Result<Recorded, Error>) + Send>;

/// The room for what waits. A delivery has its seat until it is stored.
#[derive(Clone)]
pub(crate) struct Capacity {
    bound: Bound,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    deliveries: usize,
    bytes: usize,
}

/// A delivery's part of the capacity; given back when dropped.
struct Seat {
    capacity: Capacity,
    bytes: usize,
}

impl Capacity {
    pub(crate) fn new(bound: Bound) -> Self {
        Self { bound, taken: Arc::default() }
    }

    fn seat(&self, bytes: usize) -> Result<Seat, QueueFull> {
        let mut taken = self.taken();
        let is_full = taken.deliveries >= self.bound.deliveries || taken.bytes.saturating_add(bytes) > self.bound.bytes;
        if is_full {
            return Err(QueueFull);
        }
        taken.deliveries += 1;
        taken.bytes += bytes;
        drop(taken);
        Ok(Seat { capacity: self.clone(), bytes })
    }

    /// How many wait.
    pub(crate) fn taken_seats(&self) -> usize {
        self.taken().deliveries
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        lock(&self.taken)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.capacity.taken();
        taken.deliveries -= 1;
        taken.bytes -= self.bytes;
    }
}

/// A delivery that waits to be stored.
pub(crate) struct Waiting {
    arrival: Box<Arrival>,
    /// Whoever waits for the answer; nobody any more once it was given.
    done: Option<Done>,
    /// It was tried before, and it is not known whether some of that is on disk.
    is_tried: bool,
    _seat: Seat,
}

impl Waiting {
    /// Takes a seat for a delivery.
    pub(crate) fn new(arrival: Arrival, done: Done, capacity: &Capacity) -> Result<Self, QueueFull> {
        let seat = capacity.seat(arrival.bytes())?;
        Ok(Self { arrival: Box::new(arrival), done: Some(done), is_tried: false, _seat: seat })
    }

    /// Records it inside the writer's transaction.
    pub(crate) fn record(&self, connection: &Connection) -> Result<Recorded, Error> {
        if self.is_tried {
            insert::record_once(connection, &self.arrival)
        } else {
            insert::record(connection, &self.arrival)
        }
    }

    /// Answers whoever waits; once.
    pub(crate) fn answer(&mut self, outcome: Result<Recorded, Error>) {
        let Some(done) = self.done.take() else { return };
        if catch_unwind(AssertUnwindSafe(|| done(outcome))).is_err() {
            tracing::error!("an answer could not be handed back");
        }
    }
}

/// Those that could not be stored when they came, in the order in which they did. Their senders have been answered.
#[derive(Default)]
pub(crate) struct RetryQueue(VecDeque<Waiting>);

impl RetryQueue {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells the senders that nothing of it is stored, and keeps it for later.
    pub(crate) fn keep(&mut self, mut batch: Vec<Waiting>, error: &Error) {
        for waiting in &mut batch {
            waiting.answer(Err(Error::Commit(error.to_string())));
            waiting.is_tried = true;
        }
        self.0.extend(batch);
    }

    /// Stores them by `commit`, oldest first, as far as that is possible; `commit` hands back what it could not store. Where a
    /// disk has one bad place, some fail and others need not: up to `suspects` that fail one after the other are passed over,
    /// each alone, and stay.
    pub(crate) fn store(
        &mut self,
        at_most: usize,
        suspects: usize,
        mut commit: impl FnMut(Vec<Waiting>) -> Result<(), (Vec<Waiting>, Error)>,
    ) -> Result<(), Error> {
        let (mut passed_over, mut together, mut in_a_row) = (Vec::new(), at_most, 0);
        let mut stored = Ok(());
        while !self.is_empty() {
            let batch = self.0.drain(..together.min(self.0.len())).collect();
            let Err((mut batch, error)) = commit(batch) else {
                (stored, together, in_a_row) = (Ok(()), at_most.min(together * 2), 0);
                continue;
            };
            let is_over = error.is_lock() || in_a_row == suspects;
            stored = Err(error);
            if is_over || batch.len() > 1 {
                self.put_back(batch);
                together = 1;
            } else {
                passed_over.append(&mut batch);
                in_a_row += 1;
            }
            if is_over {
                break;
            }
        }
        self.put_back(passed_over);
        stored
    }

    fn put_back(&mut self, taken: Vec<Waiting>) {
        taken.into_iter().rev().for_each(|waiting| self.0.push_front(waiting));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::{self, Query};
    use crate::store::delivery::{Delivery, Place, Source};

    fn capacity(deliveries: usize, bytes: usize) -> Capacity {
        Capacity::new(Bound { deliveries, bytes })
    }

    /// A delivery with a body of its own, as it comes.
    fn waiting(body: &str, capacity: &Capacity) -> Result<Waiting, QueueFull> {
        let delivery = Delivery {
            received_ms: 0,
            source: Source::Callback,
            remote: String::new(),
            method: "POST".to_owned(),
            app: "1".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        let callback = callback::parse(&Query::parse(""), &[], &delivery.body);
        Waiting::new(Arrival::new(delivery, callback, Place::Archive), Box::new(|_| {}), capacity)
    }

    /// A queue of deliveries, each with one letter.
    fn queue(letters: &str) -> RetryQueue {
        let capacity = capacity(100, 1 << 20);
        let mut queue = RetryQueue::default();
        let all =
            letters.chars().map(|letter| waiting(&letter.to_string(), &capacity).expect("there is room")).collect();
        queue.keep(all, &Error::Content("a fault".to_owned()));
        queue
    }

    fn letters<'a>(batch: impl IntoIterator<Item = &'a Waiting>) -> String {
        batch.into_iter().map(|waiting| String::from_utf8_lossy(waiting.arrival.body()).into_owned()).collect()
    }

    /// What a disk that fails on capital letters lets through, in commits of four at most, and what stays.
    fn stored(queue: &mut RetryQueue, suspects: usize) -> (String, String) {
        let mut commits = Vec::new();
        let stored = queue.store(4, suspects, |batch| {
            let text = letters(&batch);
            if text.chars().any(char::is_uppercase) {
                return Err((batch, Error::Content("a bad place".to_owned())));
            }
            commits.push(text);
            Ok(())
        });
        if queue.is_empty() {
            assert!(stored.is_ok(), "nothing is left, so nothing failed");
        }
        (commits.join(" "), letters(&queue.0))
    }

    #[test]
    fn they_are_stored_in_the_order_in_which_they_came() {
        assert_eq!(stored(&mut queue("abcdefghij"), 0), ("abcd efgh ij".to_owned(), String::new()), "nothing fails");
        assert_eq!(stored(&mut queue(""), 0), (String::new(), String::new()), "nothing waits");
    }

    #[test]
    fn one_bad_place_keeps_the_others_from_nothing() {
        for (all, wanted, left) in [
            ("Abcdefg", "b cd efg", "A"),
            ("abCdefgh", "a b d ef gh", "C"),
            ("abcdefgH", "abcd e fg", "H"),
            ("ABcd", "c d", "AB"),
        ] {
            assert_eq!(stored(&mut queue(all), 2), (wanted.to_owned(), left.to_owned()), "{all}");
        }
    }

    #[test]
    fn a_disk_that_is_away_is_not_asked_about_each_of_them() {
        let mut many = queue("ABCDEFGHIJ");
        assert_eq!(stored(&mut many, 2), (String::new(), "ABCDEFGHIJ".to_owned()), "all stay, in their order");
        let mut asked = 0;
        let lock = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        let refused = many.store(4, 2, |batch| {
            asked += 1;
            Err((batch, rusqlite::Error::SqliteFailure(lock, None).into()))
        });
        assert!(refused.is_err_and(|error| error.is_lock()), "why is told");
        assert_eq!((asked, letters(&many.0)), (1, "ABCDEFGHIJ".to_owned()), "a lock is nobody's fault");
        let mut one = queue("A");
        assert_eq!(stored(&mut one, 0), (String::new(), "A".to_owned()), "one alone stays as well");
    }

    #[test]
    fn there_is_room_for_so_many_and_for_so_much() {
        let capacity = capacity(2, 5_000);
        let first = waiting("a", &capacity).expect("there is room");
        assert!(waiting(&"b".repeat(4_000), &capacity).is_err(), "too much");
        let small = waiting("b", &capacity).expect("there is room for a small one");
        assert!(waiting("c", &capacity).is_err(), "too many");
        drop((first, small));
        let taken = capacity.taken();
        assert_eq!((taken.deliveries, taken.bytes), (0, 0), "a seat is given back");
    }
}
