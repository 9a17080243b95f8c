//! A question to the record that its asker may give up: the query that answers it is then broken off.

use std::sync::{Arc, Mutex, MutexGuard};

use rusqlite::InterruptHandle;

use crate::lock::lock;
use crate::store::error::Error;
use crate::store::query::reader::Reader;

/// One question. Whoever asks keeps a clone and may give it up from any thread.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Mutex<Phase>>);

#[derive(Default)]
enum Phase {
    #[default]
    Waiting,
    Running(InterruptHandle),
    /// Answered or given up: there is nothing (left) to break off.
    Over,
}

impl Interrupt {
    /// The answer is not wanted any more: a query that waits never begins, one that runs is broken off.
    pub fn interrupt(&self) {
        let mut phase = self.phase();
        match &*phase {
            Phase::Waiting => *phase = Phase::Over,
            Phase::Running(query) => query.interrupt(),
            Phase::Over => {}
        }
    }

    /// Runs a query, unless it was given up before it began.
    pub(crate) fn answer<T>(
        &self,
        reader: &Reader,
        query: impl FnOnce(&Reader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        {
            let mut phase = self.phase();
            if let Phase::Over = &*phase {
                return Err(Error::Interrupted);
            }
            *phase = Phase::Running(reader.interrupt_handle());
        }
        let answer = query(reader);
        // Under the lock, so that no interrupt can come later and hit somebody else's query on the same connection.
        *self.phase() = Phase::Over;
        answer
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;
    use crate::store::Store;

    #[test]
    fn a_question_that_was_given_up_ends_and_disturbs_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "a test").unwrap();
        let question = Interrupt::default();
        let given_up = thread::scope(|scope| {
            let asked = scope.spawn(|| store.read_interruptible(&question, Reader::never_ends));
            // SQLite forgets an interrupt that comes before the statement begins, so one may not be enough.
            while !asked.is_finished() {
                thread::sleep(Duration::from_millis(5));
                question.interrupt();
            }
            asked.join().unwrap()
        });
        assert!(given_up.is_err(), "the query has no end of its own, so it was broken off");
        question.interrupt();
        assert!(store.read(|reader| reader.overview()).is_ok(), "the connection answers the next question");
        assert!(
            matches!(store.read_interruptible(&question, |reader| reader.overview()), Err(Error::Interrupted)),
            "what was given up is not begun"
        );
    }
}
