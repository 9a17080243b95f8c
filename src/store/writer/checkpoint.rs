//! Checkpoints of the archive's log, most of them on a thread of its own, so that no answer waits for them.
//!
//! While somebody reads, a checkpoint may copy a part of the log into the file and leave the sync of that to the next one. When
//! that sync fails, the system may have dropped what was written before, and SQLite does not copy it again: it believes that part
//! to be in the file. So after a checkpoint that failed the log stays as it is, and nothing of it is given up, until the next
//! start: then SQLite reads it from its beginning.
//!
//! SQLite before 3.51.3 could damage a file when two connections wrote and checkpointed at an unlucky moment; such a one is
//! refused when a file is opened.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use crate::lock::lock;
use crate::store::error::Error;
use crate::store::files::paths::{self, Files, set};

/// While the log is checkpointed it grows, and so it is done again; each time there is less to do.
const TIMES: usize = 3;

/// The log of the archive. All clones are about one log.
#[derive(Clone, Default)]
pub(crate) struct Log {
    /// A checkpoint has failed.
    stays: Arc<Mutex<bool>>,
}

/// How much a checkpoint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As much as it can beside those who read.
    Passive,
    /// Everything, or nothing more than `Passive` where somebody reads; the log is empty then.
    Truncate,
}

impl Log {
    /// Checkpoints it, one at a time; answers whether all of it is in the file.
    pub(crate) fn checkpoint(&self, connection: &Connection, mode: Mode) -> Result<bool, Error> {
        let mut stays = lock(&self.stays);
        if *stays {
            return Ok(false);
        }
        let pragma = match mode {
            Mode::Passive => "pragma main.wal_checkpoint(passive)",
            Mode::Truncate => "pragma main.wal_checkpoint(truncate)",
        };
        let done = connection.prepare_cached(pragma).and_then(|mut statement| {
            statement.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
        });
        match done.map_err(Error::from) {
            Ok((busy, pages, copied)) => Ok(busy == 0 && pages == copied),
            Err(error) => {
                if !error.is_lock() {
                    tracing::error!(%error, "a checkpoint failed; the log is kept until the next start");
                    *stays = true;
                }
                Err(error)
            }
        }
    }

    /// True when it must not be checkpointed any more, also not by the last connection that closes.
    pub(crate) fn stays(&self) -> bool {
        *lock(&self.stays)
    }

    /// Another archive is in use, or this one was read from its beginning.
    pub(crate) fn begin(&self) {
        *lock(&self.stays) = false;
    }
}

/// The thread, with a connection of its own. It ends when dropped.
pub(crate) struct Checkpointer {
    asked: Option<SyncSender<()>>,
    nearly_done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(files: &Files, log: Log) -> Result<Self, Error> {
        let connection = files.connect(&files.archive(), paths::READING)?;
        // The log is synced before its pages are copied, and the file before the log is begun anew.
        set(&connection, "synchronous", "FULL", "2")?;
        let (asked, questions) = sync_channel(1);
        let nearly_done = Arc::<AtomicBool>::default();
        let done = Arc::clone(&nearly_done);
        let thread = thread::Builder::new()
            .name("calltrail-checkpoint".to_owned())
            .spawn(move || run(&connection, &log, &questions, &done))
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

fn run(connection: &Connection, log: &Log, questions: &Receiver<()>, nearly_done: &AtomicBool) {
    while questions.recv().is_ok() {
        for _ in 0..TIMES {
            if let Err(error) = log.checkpoint(connection, Mode::Passive) {
                tracing::debug!(%error, "the log could not be checkpointed beside the writer");
            }
        }
        nearly_done.store(true, Ordering::Release);
    }
}
