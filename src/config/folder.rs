//! The data folder: where it is, that only its owner can look into it, and how a file in it is replaced whole.

use std::{
    fs,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;

use super::Error;
use crate::{durable_file, unfinished::SETTINGS};

/// The platform's folder for this user's data, such as `~/.local/share/calltrail`.
pub fn default_data_dir() -> Result<PathBuf, Error> {
    // The local folder, not the roaming one: SQLite's files must never be copied about while they are open.
    ProjectDirs::from("", "", "calltrail").map(|dirs| dirs.data_local_dir().to_path_buf()).ok_or(Error::NoHome)
}

/// Makes a folder with its parents, for its owner alone. One that is there stays as it is.
pub fn make(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| Error::Io { what: "Making the folder", path: path.into(), source })
}

/// Replaces a file in one step that survives a power cut: temporary file (0600) beside it, flushed, renamed over it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    durable_file::write(SETTINGS, path, bytes).map_err(|source| Error::Io {
        what: "Writing the file",
        path: path.into(),
        source,
    })
}
