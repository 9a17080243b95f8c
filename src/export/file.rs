//! An export as a file that is either the old one or the new one as a whole.

use std::{
    fs, io,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{Around, Error, Format, Progress, Request, about::Complete, digest::Digesting, rows};
use crate::{
    durable_file,
    store::Reader,
    unfinished::{self, EXPORT},
};

/// What is complete and is about to take its place. It keeps its length and its time there.
pub(crate) struct Ready {
    pub(crate) file: fs::Metadata,
    /// The file that explains it.
    pub(crate) side_car: Option<fs::Metadata>,
}

/// Is told once, when everything is complete and nothing has taken its place yet; with an error nothing does.
pub(crate) type Announce<'a> = &'a dyn Fn(Ready) -> Result<(), Error>;

/// Writes `request` to `path`: into a temporary file of mode 0600 in the same folder, which replaces what is there when
/// it is complete and on disk. On any error, and when `progress` cancels, what was there before is unchanged.
///
/// Where the request wants it, what the file says of itself is written the same way to [`side_car`]. Both are complete before the
/// first takes its place, but they are not replaced in one moment: the digest tells a side-car that belongs to another file.
///
/// In the data folder it is noted meanwhile, so that the next one deletes what this one leaves if it is killed; what earlier
/// ones left is deleted first.
pub fn to_file(
    reader: &Reader,
    request: &Request,
    around: &Around,
    path: &Path,
    progress: Progress<'_>,
) -> Result<u64, Error> {
    to_file_announced(reader, request, around, path, progress, &|_| Ok(()))
}

/// The same, announced to whoever wants to know the files again.
pub(crate) fn to_file_announced(
    reader: &Reader,
    request: &Request,
    around: &Around,
    path: &Path,
    progress: Progress<'_>,
    announce: Announce<'_>,
) -> Result<u64, Error> {
    super::check(request)?;
    if !request.meta || request.format == Format::Xlsx {
        return replace(&around.folder, path, announce, |out| rows::write(reader, request, around, out, progress));
    }
    let folder = around.folder.as_path();
    unfinished::clear_noted(folder);
    let beside = side_car(path);
    refuse_unusual(&beside)?;
    let (file, (rows, about, sha256, bytes)) = Waiting::write(Some(folder), path, |out| {
        let mut digesting = Digesting::new(out);
        let (rows, about) = rows::write_explained(reader, request, around, &mut digesting, progress)?;
        let (sha256, bytes) = digesting.end();
        Ok((rows, about, sha256, bytes))
    })?;
    let said = about.side_car(request, &Complete { rows, bytes, sha256: &sha256 })?;
    let (explained, ()) = Waiting::write(Some(folder), &beside, |out| Ok(out.write_all(&said)?))?;
    announce(Ready { file: file.metadata()?, side_car: Some(explained.metadata()?) })?;
    file.take_place()?;
    explained.take_place()?;
    Ok(rows)
}

/// Where a file is explained: `calls.csv.meta.json` beside `calls.csv`.
pub fn side_car(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".meta.json");
    name.into()
}

/// The same with whatever `write` writes, without a side-car.
pub(crate) fn replace<T>(
    data_folder: &Path,
    path: &Path,
    announce: Announce<'_>,
    write: impl FnOnce(&mut (dyn io::Write + Send)) -> Result<T, Error>,
) -> Result<T, Error> {
    unfinished::clear_noted(data_folder);
    let (file, result) = Waiting::write(Some(data_folder), path, write)?;
    announce(Ready { file: file.metadata()?, side_car: None })?;
    file.take_place()?;
    Ok(result)
}

/// A file that is complete under a name of its own and waits to take its place. It is deleted where it does not.
struct Waiting<'a> {
    file: NamedTempFile,
    path: &'a Path,
    noted: Option<NamedTempFile>,
}

impl<'a> Waiting<'a> {
    /// Writes it.
    fn write<T>(
        data_folder: Option<&Path>,
        path: &'a Path,
        write: impl FnOnce(&mut (dyn io::Write + Send)) -> Result<T, Error>,
    ) -> Result<(Self, T), Error> {
        let target = |why| not_written(path, why);
        refuse_unusual(path)?;
        let file = EXPORT.begin(durable_file::folder_of(path)).map_err(target)?;
        let noted = data_folder.and_then(|data_folder| unfinished::noted(data_folder, file.path()));
        let mut out = BufWriter::with_capacity(256 * 1024, file);
        let result = write(&mut out)?;
        out.flush().map_err(target)?;
        let file = out.into_inner().map_err(|error| target(error.into_error()))?;
        Ok((Self { file, path, noted }, result))
    }

    fn metadata(&self) -> Result<fs::Metadata, Error> {
        self.file.as_file().metadata().map_err(|why| not_written(self.path, why))
    }

    fn take_place(self) -> Result<(), Error> {
        let Self { file, path, noted } = self;
        let target = |why| not_written(path, why);
        durable_file::take_place(file, path).map_err(target)?;
        drop(noted);
        durable_file::sync_any_folder(durable_file::folder_of(path)).map_err(target)
    }
}

fn not_written(path: &Path, why: io::Error) -> Error {
    Error::Target { path: path.display().to_string(), why }
}

/// A rename would replace a device, and would make a file of a link that somebody else keeps.
fn refuse_unusual(path: &Path) -> Result<(), Error> {
    let unusual = || Error::NotAFile(path.display().to_string());
    if path.file_name().is_none() {
        return Err(unusual());
    }
    match fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => Err(unusual()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn replaced<T>(
        path: &Path,
        write: impl FnOnce(&mut (dyn io::Write + Send)) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (file, result) = Waiting::write(None, path, write)?;
        file.take_place()?;
        Ok(result)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_complete_export_replaces_the_old_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        fs::write(&path, "old").expect("the old file");
        replaced(&path, |out| Ok(out.write_all(b"new")?)).expect("the export works");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "new", "the new file is in its place");
        assert_eq!(names(folder.path()), ["calls.csv"], "and nothing else is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        replaced(&path, |out| Ok(out.write_all(b"new")?)).expect("the export works");
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "call history is personal");
    }

    #[test]
    fn an_export_that_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        fs::write(&path, "old").expect("the old file");
        let result = replaced(&path, |out| {
            out.write_all(&[b'x'; 1_000_000])?;
            Err::<(), _>(Error::Cancelled)
        });
        assert!(matches!(result, Err(Error::Cancelled)), "the cancellation is told");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old", "the old file is intact");
        assert_eq!(names(folder.path()), ["calls.csv"], "half a file is not left behind");
    }

    #[test]
    fn what_is_announced_is_what_takes_its_place_and_what_is_refused_does_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        let stamp = |file: &fs::Metadata| (file.len(), file.modified().expect("a time"));
        let told = Cell::new(None);
        let announce = |ready: Ready| {
            told.set(Some(stamp(&ready.file)));
            Ok(())
        };
        replace(folder.path(), &path, &announce, |out| Ok(out.write_all(b"new")?)).expect("the export works");
        assert_eq!(told.get(), Some(stamp(&fs::metadata(&path).expect("the file"))), "it is known by that");
        fs::write(&path, "old").expect("a file");
        let refused = replace(folder.path(), &path, &|_| Err(Error::Cancelled), |out| Ok(out.write_all(b"new")?));
        assert!(matches!(refused, Err(Error::Cancelled)), "that is told");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old", "and nothing is replaced");
        assert_eq!(names(folder.path()), ["calls.csv"], "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn links_folders_and_devices_are_not_replaced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = folder.path().join("kept.csv");
        let link = folder.path().join("link.csv");
        fs::write(&kept, "old").expect("a file");
        std::os::unix::fs::symlink(&kept, &link).expect("a link");
        for path in [link.as_path(), folder.path(), Path::new("/dev/null"), Path::new("..")] {
            let result = replaced(path, |out| Ok(out.write_all(b"new")?));
            assert!(matches!(result, Err(Error::NotAFile(_))), "{} is no ordinary file", path.display());
        }
        assert_eq!(fs::read_to_string(&kept).expect("the file"), "old", "what the link names is untouched");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("missing").join("calls.csv");
        let error = replaced(&path, |_| Ok(())).expect_err("there is no such folder").to_string();
        assert!(error.contains("missing"), "the message names the place: {error}");
    }
}
