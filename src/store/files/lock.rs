//! One process writes a record: a lock file held for life, and beside it who holds it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::store::error::Error;
use crate::store::files::identity::Identity;

const LOCK: &str = "calltrail.lock";
const HOLDER: &str = "calltrail.holder";
/// Where the holder takes commands, if it does. The service writes it; it is here because it means nothing without the lock.
pub const COMMANDS: &str = "calltrail.api";

/// The right to write; given back when dropped, and by the operating system when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
    path: PathBuf,
    identity: Option<Identity>,
}

impl Lock {
    /// Takes the lock of a data folder, or says who has it. `holder` describes this process, such as `calltrail serve`.
    pub(crate) fn take(folder: &Path, holder: &str) -> Result<Self, Error> {
        let path = folder.join(LOCK);
        let file = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Held { folder: folder.to_owned(), holder: held_by(folder) });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io(path)(error)),
        }
        // Nobody is to believe what a killed holder said of itself.
        match fs::remove_file(folder.join(COMMANDS)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "what an ended process had said of itself could not be deleted");
            }
            _ => {}
        }
        let name = folder.join(HOLDER);
        // The name is a file of its own, because a locked file cannot be read on Windows.
        private(OpenOptions::new().write(true).create(true).truncate(true))
            .open(&name)
            .and_then(|mut file| write!(file, "{holder} (process {})", std::process::id()))
            .map_err(Error::io(name))?;
        let identity = Identity::of(&path).map_err(Error::io(&path))?;
        Ok(Self { _file: file, path, identity })
    }

    /// Takes the lock again where whoever asks for it does not find this one: it was deleted, or the folder was exchanged.
    pub(crate) fn keep(&mut self, folder: &Path, holder: &str) -> Result<(), Error> {
        // What cannot be looked at has not changed.
        if Identity::of(&self.path).is_ok_and(|found| found.is_none() || found != self.identity) {
            *self = Self::take(folder, holder)?;
        }
        Ok(())
    }
}

/// Who holds the record of a folder, in words; for messages only.
pub fn held_by(folder: &Path) -> String {
    fs::read_to_string(folder.join(HOLDER)).unwrap_or_else(|_| "another Calltrail".to_owned())
}

/// Since when the record of a folder is held by whom [`held_by`] names; nothing where that cannot be found out.
pub fn held_since(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(HOLDER)).and_then(|file| file.modified()).ok()
}

/// True when some process holds the record of a folder for writing, as far as this user can find out.
pub fn is_held(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
