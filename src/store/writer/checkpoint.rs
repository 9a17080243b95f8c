//! Checkpoints of the archive's log on a thread of its own, so that no answer waits for them.
//!
//! SQLite before 3.51.3 could damage a file when two connections wrote and checkpointed at an unlucky moment; such a one is
//! refused when a file is opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::paths;
use crate::store::files::paths::{Files, set};

/// While the log is checkpointed it grows, and so it is done again; each time there is less to do.
const TIMES: usize = 3;

/// The thread, with a connection of its own. It ends when dropped.
pub(crate) struct Checkpointer {
    asked: Option<SyncSender<()>>,
    nearly_done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(files: &Files) -> Result<Self, Error> {
        let connection = files.connect(&files.archive(), paths::READING)?;
        // The log is synced before its pages are copied, and the file before the log is begun anew.
        set(&connection, "synchronous", "FULL", "2")?;
        let (asked, questions) = sync_channel(1);
        let nearly_done = Arc::<AtomicBool>::default();
        let done = Arc::clone(&nearly_done);
        let thread = thread::Builder::new()
            .name("calltrail-checkpoint".to_owned())
            .spawn(move || run(&connection, &questions, &done))
            .map_err(Error::io("calltrail-checkpoint"))?;
        Ok(Self { asked: Some(asked), nearly_done, thread: Some(thread) })
    }

    /// Has the log checkpointed; never waits.
    pub(crate) fn ask(&self) {
        if let Some(asked) = &self.asked {
            // It is being done, if there is no room for another question.
            let _ = asked.try_send(());
        }
    }

    /// True once after each time: what is left is little, and only the writer can bring a log to its end.
    pub(crate) fn is_nearly_done(&self) -> bool {
        self.nearly_done.swap(false, Ordering::AcqRel)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.asked.take());
        if let Some(thread) = self.thread.take() {
            // A fault there has cost nothing: the writer checkpoints its log itself when it grows much longer.
            let _ = thread.join();
        }
    }
}

/// How many pages the log has that `connection` writes.
pub(crate) fn pages(connection: &Connection) -> Result<i64, Error> {
    let mut statement = connection.prepare_cached("pragma wal_checkpoint(noop)")?;
    Ok(statement.query_row([], |row| row.get("log"))?)
}

/// Checkpoints the log as far as nobody else needs it.
pub(crate) fn passive(connection: &Connection) -> Result<(), Error> {
    connection.prepare_cached("pragma wal_checkpoint(passive)")?.query_row([], |_| Ok(()))?;
    Ok(())
}

fn run(connection: &Connection, questions: &Receiver<()>, nearly_done: &AtomicBool) {
    while questions.recv().is_ok() {
        for _ in 0..TIMES {
            if let Err(error) = passive(connection) {
                tracing::debug!(%error, "the log could not be checkpointed beside the writer");
            }
        }
        nearly_done.store(true, Ordering::Release);
    }
}
