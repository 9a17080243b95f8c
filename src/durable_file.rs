//! A file that is, whenever the power goes, either the old one or the new one as a whole: written beside its target, synced,
//! renamed over it, and then the folder synced that holds the name.
//!
//! Whoever writes much, or in another way, begins the file with a [`Kind`] of [`crate::unfinished`] and takes the steps one by
//! one; [`write()`] takes them all.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};
use tempfile::NamedTempFile;

use crate::unfinished::Kind;

/// Replaces the file at `path` with these bytes, for its owner alone (0600). Whatever fails before the rename leaves the old one.
pub fn write(kind: Kind, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let mut file = kind.begin(folder)?;
    file.write_all(bytes)?;
    take_place(file, path)?;
    sync_folder(folder)
}

/// Reads what [`write_json`] wrote; the default where there is no file yet.
pub fn read_json<T: DeserializeOwned + Default>(path: &Path) -> io::Result<T> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    }
}

/// [`write()`] of a value as JSON that people can read.
pub fn write_json(kind: Kind, path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    write(kind, path, &text)
}

/// Syncs a file and renames it to `path`, whatever is there. The folder is still to be synced.
pub fn take_place(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Syncs a file and renames it to `path`, unless something is there. The folder is still to be synced.
pub fn take_free_place(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The folder that holds a name: the current one where the path says nothing of it.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a folder last through a power cut. Where a folder cannot be opened for that,
/// as on Windows, nothing is done.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Like [`sync_folder`], in a folder that somebody chose: some network and user-space file systems cannot do it, and the file
/// is complete all the same.
pub fn sync_any_folder(folder: &Path) -> io::Result<()> {
    match sync_folder(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

/// Whether a file could not be written because there is no room for it: on the disk, or in what its owner may use.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unfinished::SETTINGS;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("config.json");
        for text in ["old", "new"] {
            write(SETTINGS, &path, text.as_bytes()).expect("there is room");
            assert_eq!(fs::read_to_string(&path).expect("the file"), text, "it is there as a whole");
        }
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "and alone");
    }

    #[test]
    fn a_place_that_is_taken_stays_so_where_that_is_wanted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("backup.db");
        let file = || {
            let mut file = SETTINGS.begin(folder.path()).expect("a file");
            file.write_all(b"new").expect("there is room");
            file
        };
        fs::write(&path, "old").expect("a file");
        let refused = take_free_place(file(), &path).expect_err("something is there");
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists, "that is why");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old", "and it is untouched");
        take_place(file(), &path).expect("whatever is there");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "new", "it was replaced");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn a_name_alone_is_in_the_current_folder() {
        for (path, want) in [("calls.csv", "."), ("a/calls.csv", "a"), ("/calls.csv", "/"), ("/", ".")] {
            assert_eq!(folder_of(Path::new(path)), Path::new(want), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_gone_is_no_folder_that_cannot_be_synced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let gone = folder.path().join("gone");
        for told in [sync_folder(&gone), sync_any_folder(&gone)] {
            assert_eq!(told.expect_err("it is not there").kind(), io::ErrorKind::NotFound, "that is told");
        }
        sync_folder(folder.path()).expect("it is there");
    }
}
