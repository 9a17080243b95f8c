//! One process writes a record: a lock file held for life, and beside it who holds it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::store::error::Error;
use crate::store::files::identity::Identity;

const LOCK: &str = "calltrail.lock";
const HOLDER: &str = "calltrail.holder";

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
