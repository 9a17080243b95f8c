//! Checkpointer the logs back into their files on a thread of its own, so that no answer waits for it.
//!
//! SQLite before 3.51.3 could damage a file when two connections wrote and folded at an unlucky moment; such a one is refused
//! when a file is opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::paths;
use crate::store::files::paths::{Files, set};

/// While the log is folded back it grows, and so it is done again; each time there is less to do.
const TIMES: usize = 3;

/// The thread, with connections of its own to the archive and to the projection in use. It ends when dropped.
pub(crate) struct Checkpointer {
    asked: Option<SyncSender<()>>,
    nearly_done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(files: &Files, projection: Option<u64>) -> Result<Self, Error> {
        let mut connections = vec![open(files, files.archive())?];
        if let Some(number) = projection {
            connections.push(open(files, files.projection(number))?);
        }
        let (asked, questions) = sync_channel(1);
        let nearly_done = Arc::<AtomicBool>::default();
        let done = Arc::clone(&nearly_done);
        let thread = thread::Builder::new()
            .name("calltrail-folding".to_owned())
            .spawn(move || run(&connections, &questions, &done))
            .map_err(Error::io("calltrail-folding"))?;
        Ok(Self { asked: Some(asked), nearly_done, thread: Some(thread) })
    }

    /// Has the logs folded back; never waits.
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
            // A fault there has cost nothing: the writer folds its logs back itself when they grow much longer.
            let _ = thread.join();
        }
    }
}

/// How many pages the log of one of the files has that `connection` writes.
pub(crate) fn pages(connection: &Connection, schema: &str) -> Result<i64, Error> {
    let mut statement = connection.prepare_cached(&format!("pragma {schema}.wal_checkpoint(noop)"))?;
    Ok(statement.query_row([], |row| row.get("log"))?)
}

/// Folds one of the logs back as far as nobody else needs it.
pub(crate) fn fold(connection: &Connection, schema: &str) -> Result<(), Error> {
    connection.prepare_cached(&format!("pragma {schema}.wal_checkpoint(passive)"))?.query_row([], |_| Ok(()))?;
    Ok(())
}

fn open(files: &Files, path: std::path::PathBuf) -> Result<Connection, Error> {
    let connection = files.connect(&path, paths::READING)?;
    // The log is synced before its pages are copied, and the file before the log is begun anew.
    set(&connection, "synchronous", "FULL", "2")?;
    Ok(connection)
}

fn run(connections: &[Connection], questions: &Receiver<()>, nearly_done: &AtomicBool) {
    while questions.recv().is_ok() {
        for connection in (0..TIMES).flat_map(|_| connections) {
            if let Err(error) = fold(connection, "main") {
                tracing::debug!(%error, "a log could not be folded back beside the writer");
            }
        }
        nearly_done.store(true, Ordering::Release);
    }
}
