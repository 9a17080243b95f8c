//! Writing an archive again whose name was taken from it, out of the connection that still has it open.
//!
//! The copy is whole and durable under a name of its own before anything at the archive's name is touched, and from then on it
//! is the archive: where the process ends in between, the next start goes on. What was found at the archive's name instead is put
//! aside, and its deliveries are brought over like those of a damaged archive.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::store::error::Error;
use crate::store::files::copy;
use crate::store::files::corrupt::{self, AsideKind};
use crate::store::files::identity::Identity;
use crate::store::files::paths::{self, Files};
use crate::store::files::sidecars::with_sidecars;
use crate::store::loss::Loss;

/// How a copy is called while it is written.
const UNFINISHED: &str = ".calltrail-again-";

/// Writes everything that an open archive holds; [`take_place`] puts it where it belongs. Answers which file that is.
pub(crate) fn write(archive: &Connection, files: &Files) -> Result<Option<Identity>, Error> {
    let folder = files.folder();
    let part = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder);
    let part = part.map_err(Error::io(folder))?.into_temp_path();
    copy::write(archive, &part, &|| false)?;
    let again = files.written_again();
    fs::File::open(&part).and_then(|file| file.sync_all()).map_err(Error::io(&again))?;
    part.persist(&again).map_err(|error| Error::io(&again)(error.error))?;
    paths::sync_folder(folder)?;
    Identity::of(&again).map_err(Error::io(&again))
}

/// Gives an archive that was written again its name. What is found there is put aside, unless it is the archive that was open.
pub(crate) fn take_place(files: &Files, loss: Option<&Loss>, why: &str) -> Result<(), Error> {
    let (archive, again) = (files.archive(), files.written_again());
    let found = with_sidecars(&archive).filter(|path| path.symlink_metadata().is_ok());
    let (ours, others): (Vec<PathBuf>, Vec<PathBuf>) = found.partition(|path| {
        let is_other = *path == archive && matches!(loss, Some(Loss::WrittenOver(_)));
        !is_other && files.held().is_ours(&archive, path)
    });
    // The index of a log that nobody has open says nothing.
    let is_index = |path: &PathBuf| with_sidecars(&archive).nth(2).as_ref() == Some(path);
    let (indexes, others): (Vec<PathBuf>, Vec<PathBuf>) = others.into_iter().partition(is_index);
    let kind = if others.is_empty() { AsideKind::WentAway } else { AsideKind::Exchanged };
    corrupt::put_aside(files, kind, why, &others, None)?;
    let _alone = paths::names_change();
    // The database itself is replaced.
    for path in ours.into_iter().chain(indexes).filter(|path| *path != archive) {
        remove(path)?;
    }
    fs::rename(&again, &archive).map_err(Error::io(&archive))?;
    paths::sync_folder(files.folder())
}

/// Goes on with what a process was at that ended; at the start, when nothing is open. Answers whether there was something.
pub(crate) fn finish(files: &Files) -> Result<bool, Error> {
    for entry in fs::read_dir(files.folder()).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED)
            && let Err(error) = remove(entry.path())
        {
            tracing::info!(%error, "an unfinished copy could not be removed");
        }
    }
    if files.written_again().symlink_metadata().is_err() {
        return Ok(false);
    }
    take_place(files, None, "Calltrail ended while it wrote the record again that had gone away while it was in use")?;
    Ok(true)
}

/// The archive has its name again: what was written in its place is not wanted.
pub(crate) fn call_off(files: &Files) {
    let _ = fs::remove_file(files.written_again());
}

fn remove(path: PathBuf) -> Result<(), Error> {
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path)(error)),
        _ => Ok(()),
    }
}
