//! `secrets.json`: the place for secrets where no key store is. Its owner alone can read it; `doctor` says so.

use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    sync::{Mutex, PoisonError},
};

use zeroize::Zeroizing;

use super::{Error, Kind};
use crate::{
    config::{self, folder},
    encoding,
    secret::Secret,
};

/// The file's name in the data folder.
pub const FILE_NAME: &str = "secrets.json";

/// `{"<app>": {"<kind>": "<secret>"}}`. Kinds of a newer version stay in it.
type Contents = BTreeMap<String, BTreeMap<String, Zeroizing<String>>>;

/// Changes of one process wait for each other, so that none is lost.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(super) fn get(data_dir: &Path, app: &str, kind: Kind) -> Result<Option<Secret>, Error> {
    let text = read(data_dir)?.get_mut(app).and_then(|kinds| kinds.remove(kind.code()));
    Ok(text.and_then(|text| Secret::read(&text).ok()))
}

pub(super) fn put(data_dir: &Path, app: &str, kind: Kind, secret: &Secret) -> Result<(), Error> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut contents = read(data_dir)?;
    let text = Zeroizing::new(secret.expose().to_owned());
    contents.entry(app.to_owned()).or_default().insert(kind.code().to_owned(), text);
    write(data_dir, &contents)
}

/// Says whether it was there.
pub(super) fn remove(data_dir: &Path, app: &str, kind: Kind) -> Result<bool, Error> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut contents = read(data_dir)?;
    let Some(kinds) = contents.get_mut(app) else { return Ok(false) };
    if kinds.remove(kind.code()).is_none() {
        return Ok(false);
    }
    contents.retain(|_, kinds| !kinds.is_empty());
    write(data_dir, &contents)?;
    Ok(true)
}

pub(super) fn count(data_dir: &Path) -> Result<usize, Error> {
    Ok(read(data_dir)?.values().map(BTreeMap::len).sum())
}

fn read(data_dir: &Path) -> Result<Contents, Error> {
    let path = data_dir.join(FILE_NAME);
    let text = match fs::read(&path) {
        // A person's editor may have saved it in another encoding than it was written in.
        Ok(text) => Zeroizing::new(encoding::to_utf8(&Zeroizing::new(text)).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::new()),
        Err(source) => return Err(config::Error::Io { what: "Reading the file with the secrets", path, source }.into()),
    };
    let read: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_slice(&text).map_err(|error| Error::Damaged { path, line: error.line() })?;
    let guarded = |kinds: BTreeMap<String, String>| kinds.into_iter().map(|(kind, text)| (kind, Zeroizing::new(text)));
    Ok(read.into_iter().map(|(app, kinds)| (app, guarded(kinds).collect())).collect())
}

fn write(data_dir: &Path, contents: &Contents) -> Result<(), Error> {
    let path = data_dir.join(FILE_NAME);
    let plain: BTreeMap<&str, BTreeMap<&str, &str>> = contents
        .iter()
        .map(|(app, kinds)| (app.as_str(), kinds.iter().map(|(kind, text)| (kind.as_str(), text.as_str())).collect()))
        .collect();
    // The buffer is as long as it will be: one that grows would leave copies of secrets behind.
    let room = contents.values().flatten().map(|(kind, text)| kind.len() + 6 * text.len() + 64).sum::<usize>() + 4096;
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer_pretty(&mut *text, &plain)
        .map_err(|error| Error::Damaged { path: path.clone(), line: error.line() })?;
    text.push(b'\n');
    folder::make(data_dir)?;
    Ok(folder::write_atomically(&path, &text)?)
}
