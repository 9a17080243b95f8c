//! `secrets.json`: the place for secrets where no key store is. Its owner alone can read it; `doctor` says so.

use std::{collections::BTreeMap, fs, io, path::Path, sync::Mutex};

use zeroize::Zeroizing;

use super::{Error, Kind};
use crate::{
    config::{self, folder},
    lock::lock,
    pasted,
    secret::Secret,
};

/// The file's name in the data folder.
pub const FILE_NAME: &str = "secrets.json";

/// `{"<app>": {"<kind>": "<secret>"}}`. Kinds of a newer version stay in it.
type Contents = BTreeMap<String, BTreeMap<String, Zeroizing<String>>>;

/// Changes of one process wait for each other, so that none is lost.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(super) fn get(data_dir: &Path, app: &str, kind: Kind) -> Result<Option<Secret>, Error> {
    let Some(text) = text(data_dir, app, kind)? else { return Ok(None) };
    // Somebody may have written it by hand. What cannot be used is not taken for what is not set.
    let unusable = |why| Error::Unusable { app: app.to_owned(), kind, path: data_dir.join(FILE_NAME), why };
    Secret::read(&text).map(Some).map_err(unusable)
}

/// Whether there is something, usable or not.
pub(super) fn has(data_dir: &Path, app: &str, kind: Kind) -> Result<bool, Error> {
    Ok(text(data_dir, app, kind)?.is_some())
}

fn text(data_dir: &Path, app: &str, kind: Kind) -> Result<Option<Zeroizing<String>>, Error> {
    let text = read(data_dir)?.get_mut(app).and_then(|kinds| kinds.remove(kind.code()));
    Ok(text.filter(|text| !pasted::tidy(text).is_empty()))
}

pub(super) fn put(data_dir: &Path, app: &str, kind: Kind, secret: &Secret) -> Result<(), Error> {
    let _turn = lock(&ONE_AT_A_TIME);
    let mut contents = read(data_dir)?;
    let text = Zeroizing::new(secret.expose().to_owned());
    contents.entry(app.to_owned()).or_default().insert(kind.code().to_owned(), text);
    write(data_dir, &contents)
}

/// Says whether it was there.
pub(super) fn remove(data_dir: &Path, app: &str, kind: Kind) -> Result<bool, Error> {
    let _turn = lock(&ONE_AT_A_TIME);
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
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::new()),
        Err(source) => return Err(config::Error::Io { what: "Reading the file with the secrets", path, source }.into()),
    };
    // A person's editor may have saved it in another encoding than it was written in.
    let text = pasted::text_of(&text).ok_or_else(|| Error::Damaged { path: path.clone(), line: 1 })?;
    let read: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&text).map_err(|error| Error::Damaged { path, line: error.line() })?;
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
