//! Reading a database where its folder cannot be written: on a disk that can only be read, or in another user's folder.
//!
//! Even for whoever only reads it, SQLite makes two files beside a database that has a write-ahead log. Where it cannot make
//! them it says "unable to open database file", which says nothing about what is in the file. One that was closed in order has
//! no log and can be read as it is (`immutable`). SQLite then looks at no lock and at no log, so it must never be used where
//! somebody may write.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use url::Url;

use crate::store::error::Error;
use crate::store::files::lock;
use crate::store::files::sidecars::with_sidecars;

/// Opens a database for reading: as usual, or as it is where that is the only way and a safe one. `open` opens it by a name
/// that may be a URI.
pub(crate) fn open(path: &Path, open: impl Fn(&Path) -> Result<Connection, Error>) -> Result<Connection, Error> {
    let as_usual = plain(path)?;
    let opened = open(&as_usual).and_then(|connection| looked_at(&connection, "main").map(|()| connection));
    match opened {
        Err(error) if error.is_of_access() => {
            open(Path::new(&as_it_is(path, error)?)).map_err(|error| error.reading(path))
        }
        opened => opened,
    }
}

/// Attaches a database for reading in the same way. The connection must take URIs.
pub(crate) fn attach(connection: &Connection, path: &Path, name: &str) -> Result<(), Error> {
    let attach = |file: &str| connection.execute(&format!("attach ?1 as {name}"), [file]);
    let as_usual = plain(path)?;
    let text = as_usual.to_str().ok_or_else(|| Error::Content(format!("{} is not Unicode", path.display())))?;
    let attached = attach(text).map_err(Error::from).and_then(|_| looked_at(connection, name));
    match attached {
        Err(error) if error.is_of_access() => {
            let uri = as_it_is(path, error)?;
            // It is attached unless it could not even be opened.
            let _ = connection.execute_batch(&format!("detach {name}"));
            attach(&uri).map(drop).map_err(|error| Error::from(error).reading(path))
        }
        attached => attached,
    }
}

/// SQLite opens what lies beside a database when it is first read.
fn looked_at(connection: &Connection, name: &str) -> Result<(), Error> {
    Ok(connection.query_row(&format!("pragma {name}.schema_version"), [], |_| Ok(()))?)
}

/// The path as a name that is taken for no URI.
fn plain(path: &Path) -> Result<PathBuf, Error> {
    if path.as_os_str().to_string_lossy().starts_with("file:") {
        return std::path::absolute(path).map_err(Error::io(path));
    }
    Ok(path.to_owned())
}

/// The URI by which a file is read as it is, where nothing is missed by that and nobody can write it; else why it cannot be.
fn as_it_is(path: &Path, error: Error) -> Result<String, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A folder that can be written lacks something else, such as room or open files.
    if can_be_written(folder) {
        return Err(error.reading(path));
    }
    let lengths: Vec<Option<u64>> =
        with_sidecars(path).skip(1).map(|file| fs::metadata(file).ok().map(|file| file.len())).collect();
    match lengths.as_slice() {
        [None | Some(0), None, None] if !lock::is_held(folder) => {}
        _ => return Err(Error::NotClosed { path: path.to_owned() }),
    }
    let whole = std::path::absolute(path).map_err(Error::io(path))?;
    let mut uri = Url::from_file_path(&whole).map_err(|()| error.reading(path))?;
    uri.set_query(Some("immutable=1"));
    Ok(uri.into())
}

/// The only sure way to know it on every system: rights have many forms. What is made for it is gone at once.
fn can_be_written(folder: &Path) -> bool {
    let refused =
        |error: io::Error| matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
    !tempfile::tempfile_in(folder).is_err_and(refused)
}

/// Opens any database for reading in its plainest form, as a file is read that may be damaged.
pub(crate) fn open_plainly(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    open(path, |name| Ok(Connection::open_with_flags(name, flags)?))
}
