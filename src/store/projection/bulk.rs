//! A projection that nobody uses yet, filled at once: one thread reads the archive and understands it, this one folds and writes,
//! the oldest deliveries first, so that rows are added at the ends of tables and indexes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, Position};
use crate::store::files::projection_schema;
use crate::store::projection::apply::catch_panic;
use crate::store::projection::catch_up::{self, CatchUp, Slice};
use crate::store::projection::{people, stale};

/// So often it is looked whether indexes that are being made are still wanted.
const LOOK: Duration = Duration::from_millis(20);
/// Slices that are read ahead; two more are at work.
const AHEAD: usize = 2;
/// Slices that share a transaction: each one changes the pages of calls that began before it.
const TOGETHER: usize = 4;

/// Fills the candidate of a number, which begins with the oldest delivery; `false`: it was cancelled, and can be gone on with. `told` hears how
/// far it is. What arrives meanwhile and repeats are left to [`CatchUp`].
pub(crate) fn fill(
    connection: &mut Connection,
    files: &Files,
    number: u64,
    is_cancelled: &(dyn Fn() -> bool + Sync),
    told: &mut dyn FnMut(&Connection) -> Result<(), Error>,
) -> Result<bool, Error> {
    projection_file::checkpoint_every(connection, projection_file::PAGES_IN_LONG_LOG)?;
    let from = Position::read(connection)?.high;
    if from == 0 {
        projection_schema::drop_late_indexes(connection)?;
    }
    let catch_up = CatchUp::of_candidate(files, number)?;
    let (sender, slices) = sync_channel(AHEAD);
    thread::scope(|scope| {
        let name = "calltrail-bulk-read";
        let reader = thread::Builder::new().name(name.to_owned());
        reader.spawn_scoped(scope, move || read(files, from, &sender, is_cancelled)).map_err(Error::io(name))?;
        Ok(apply(connection, catch_up, slices, is_cancelled, told)? && make_last(connection, is_cancelled)?)
    })
}

/// Makes the indexes that are made last, and the people, who are found by them; `false`: it was cancelled. A single statement takes seconds, so somebody else looks meanwhile.
fn make_last(connection: &mut Connection, is_cancelled: &(dyn Fn() -> bool + Sync)) -> Result<bool, Error> {
    let (done, interrupt) = (AtomicBool::new(false), connection.get_interrupt_handle());
    thread::scope(|scope| {
        let name = "calltrail-bulk-cancel";
        let watch = || {
            while !done.load(Ordering::Acquire) {
                if is_cancelled() {
                    interrupt.interrupt();
                }
                thread::sleep(LOOK);
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, watch).map_err(Error::io(name))?;
        // Cases follow when it is in use.
        let made = projection_schema::make_late_indexes(connection)
            .and_then(|()| people::derive_all(connection))
            .and_then(|()| stale::sweep_all(connection));
        done.store(true, Ordering::Release);
        match made {
            Err(_) if is_cancelled() => Ok(false),
            made => made.map(|()| true),
        }
    })
}

/// Reads the archive to its end. Whoever does not take the slices any more has ended.
fn read(files: &Files, from: i64, slices: &SyncSender<Slice>, is_cancelled: &dyn Fn() -> bool) {
    let mut after = from;
    let mut next = |archive: &Connection| {
        let slice = catch_panic(|| catch_up::read_newer(archive, after))?;
        after = slice.last().map_or(after, |last| last.archived.id);
        Ok::<_, Error>(slice)
    };
    let archive = match archive_file::open_reader(files) {
        Ok(archive) => archive,
        Err(error) => return drop(slices.send(Err(error))),
    };
    while !is_cancelled() {
        let slice = next(&archive);
        let is_last = slice.as_ref().map_or(true, Vec::is_empty);
        if slices.send(slice).is_err() || is_last {
            return;
        }
    }
}

/// Applies slices until the last one, which is empty. Each is folded while the next ones are read.
fn apply(
    connection: &mut Connection,
    mut catch_up: CatchUp,
    slices: Receiver<Slice>,
    is_cancelled: &dyn Fn() -> bool,
    told: &mut dyn FnMut(&Connection) -> Result<(), Error>,
) -> Result<bool, Error> {
    let mut is_whole = false;
    while !is_whole {
        let mut next = || match slices.recv() {
            _ if is_cancelled() => Some(Err(Error::Interrupted)),
            Ok(Ok(last)) if last.is_empty() => {
                is_whole = true;
                None
            }
            Ok(slice) => Some(slice),
            // Whoever reads has been cancelled.
            Err(_) => Some(Err(Error::Interrupted)),
        };
        let mut some = std::iter::from_fn(&mut next).take(TOGETHER);
        match catch_up.add(connection, &mut some) {
            Err(Error::Interrupted) => return Ok(false),
            added => added?,
        }
        told(connection)?;
    }
    Ok(true)
}
