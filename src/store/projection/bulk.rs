//! A projection that nobody uses yet, filled at once: one thread reads the archive and understands it, this one folds and writes,
//! the oldest deliveries first, so that rows are added at the ends of tables and indexes. Nothing is synced before the end: until
//! then the file is marked as of no use, and whoever finds such a file after a crash makes another.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::error::Error;
use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, Position};
use crate::store::projection::apply::catch_panic;
use crate::store::projection::catch_up::{self, CatchUp, Replayed};

/// Slices that are read ahead.
const AHEAD: usize = 2;

/// Fills an empty projection from an archive; `false`: it was cancelled, and the file is of no use. `told` hears how far it is
/// now and then. What arrives meanwhile is left to [`CatchUp`].
pub(crate) fn fill(
    connection: &mut Connection,
    files: &Files,
    is_cancelled: &(dyn Fn() -> bool + Sync),
    told: &mut dyn FnMut(&Connection) -> Result<(), Error>,
) -> Result<bool, Error> {
    projection_file::begin_bulk(connection)?;
    let from = Position::read(connection)?.high;
    let (sender, slices) = sync_channel(AHEAD);
    let filled = thread::scope(|scope| {
        let name = "calltrail-bulk-read";
        let reader = thread::Builder::new().name(name.to_owned());
        reader.spawn_scoped(scope, move || read(files, from, &sender, is_cancelled)).map_err(Error::io(name))?;
        apply(connection, slices, is_cancelled, told)
    })?;
    if filled {
        projection_file::end_bulk(connection)?;
    }
    Ok(filled)
}

type Slice = Result<Vec<Replayed>, Error>;

/// Reads the archive to its end. Whoever does not take the slices any more has ended.
fn read(files: &Files, from: i64, slices: &SyncSender<Slice>, is_cancelled: &dyn Fn() -> bool) {
    let mut after = from;
    let mut next = |archive: &Connection| {
        let slice = catch_panic(|| catch_up::read_newer(archive, after))?;
        after = slice.last().map_or(after, |last| last.entry.id);
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

/// Applies slices until the last one, which is empty.
fn apply(
    connection: &mut Connection,
    slices: Receiver<Slice>,
    is_cancelled: &dyn Fn() -> bool,
    told: &mut dyn FnMut(&Connection) -> Result<(), Error>,
) -> Result<bool, Error> {
    let mut catch_up = CatchUp::default();
    for slice in slices {
        let slice = slice?;
        if slice.is_empty() {
            return Ok(true);
        }
        if is_cancelled() {
            return Ok(false);
        }
        catch_up.add(connection, TransactionBehavior::Immediate, &slice)?;
        told(connection)?;
    }
    Ok(false)
}
