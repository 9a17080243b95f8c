//! Files that are not whole yet. Each is written under a name of its own and takes its place when it is complete.
//!
//! Whoever writes one holds the operating system's lock on it, which ends with the process, however that ends. A file with
//! such a name that nobody holds is what a dead process left, and is deleted by the next one that writes into the same folder.
//! Files outside the data folder are noted in it, so that the next start finds them too.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// Random letters and digits in a name.
const RANDOM: usize = 6;
/// How often a name is tried that somebody else is just clearing away.
const TRIES: usize = 8;

/// What an unfinished file is to become. Its name is the beginning, six letters or digits, and the end.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    beginning: &'static str,
    end: &'static str,
    /// What SQLite may keep beside it.
    beside: &'static [&'static str],
}

/// An export.
pub const EXPORT: Kind = Kind { beginning: ".calltrail-", end: ".part", beside: &[] };
/// A copy of the archive.
pub const BACKUP: Kind = Kind { beginning: ".backup-", end: "", beside: &["-journal", "-wal", "-shm"] };
/// Settings, secrets, and what else is replaced as a whole in the data folder.
pub const SETTINGS: Kind = Kind { beginning: ".calltrail-", end: "", beside: &[] };
/// What is said of an archive that was put aside.
pub const NOTE: Kind = Kind { beginning: ".note-", end: "", beside: &[] };
/// Where in the data folder it is noted that a file elsewhere is not whole yet.
const ELSEWHERE: Kind = Kind { beginning: ".unfinished-", end: "", beside: &[] };

impl Kind {
    /// Begins a file of mode 0600 in a folder, after what dead processes left of this kind there is gone. It is deleted when it
    /// is dropped before it was given its place.
    pub fn begin(&self, folder: &Path) -> io::Result<NamedTempFile> {
        self.clear(folder);
        self.locked(folder)
    }

    fn locked(&self, folder: &Path) -> io::Result<NamedTempFile> {
        let mut name = tempfile::Builder::new();
        name.prefix(self.beginning).suffix(self.end).rand_bytes(RANDOM);
        for _ in 0..TRIES {
            let file = name.tempfile_in(folder)?;
            match file.as_file().try_lock() {
                // Between its beginning and the lock somebody may have taken it for a leftover.
                Ok(()) if file.path().exists() => return Ok(file),
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                // Where files cannot be locked, nobody can take one for a leftover either.
                Err(TryLockError::Error(_)) => return Ok(file),
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Deletes what dead processes left of this kind in a folder.
    pub fn clear(&self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            self.clear_file(&entry.path());
        }
    }

    fn clear_file(&self, path: &Path) {
        let Some(_held) = self.leftover(path) else { return };
        let beside = self.beside.iter().map(|end| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        });
        for path in beside.chain([path.to_owned()]) {
            match fs::remove_file(&path) {
                Ok(()) => tracing::info!("{}, which an ended process had left, was deleted", path.display()),
                Err(why) if why.kind() == io::ErrorKind::NotFound => {}
                Err(why) => {
                    tracing::warn!("{}, which an ended process has left, could not be deleted: {why}", path.display())
                }
            }
        }
    }

    /// The file, locked, if it is of this kind and nobody writes it.
    fn leftover(&self, path: &Path) -> Option<File> {
        let is_file = fs::symlink_metadata(path).is_ok_and(|there| there.is_file());
        if !is_file || !path.file_name().is_some_and(|name| self.is_name(name)) {
            return None;
        }
        let file = OpenOptions::new().read(true).write(true).open(path).ok()?;
        file.try_lock().ok().map(|()| file)
    }

    fn is_name(&self, name: &OsStr) -> bool {
        let random = name.to_str().and_then(|name| name.strip_prefix(self.beginning)?.strip_suffix(self.end));
        random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

/// Notes in the data folder that a file elsewhere is not whole yet, for as long as the answer lives. Without the note the file
/// is still found by whoever writes into its folder next, so it is written where that is possible and not insisted on.
pub fn noted(data_folder: &Path, file: &Path) -> Option<NamedTempFile> {
    let place = std::path::absolute(file).ok()?;
    // Notes that are leftovers themselves are read before they go: see `clear_noted`.
    let mut note = ELSEWHERE.locked(data_folder).ok()?;
    note.write_all(place.to_str()?.as_bytes()).ok()?;
    note.flush().ok()?;
    Some(note)
}

/// Deletes what dead processes left outside the data folder, as far as it was noted.
pub fn clear_noted(data_folder: &Path) {
    for entry in fs::read_dir(data_folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Some(mut note) = ELSEWHERE.leftover(&path) else { continue };
        let mut place = String::new();
        if io::Read::read_to_string(&mut note, &mut place).is_err() {
            continue;
        }
        let file = Path::new(&place);
        // A drive that is not there now may come back.
        if file.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
            continue;
        }
        [EXPORT, BACKUP].iter().for_each(|kind| kind.clear_file(file));
        drop(note);
        ELSEWHERE.clear_file(&path);
    }
}

#[cfg(test)]
mod tests;
