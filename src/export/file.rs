//! An export as a file that is either the old one or the new one as a whole.

use std::{
    fs, io,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::{
    Around, Error, Format, Progress, Request,
    about::{About, Complete},
    digest::Digesting,
    rows,
};
use crate::{
    durable_file,
    store::Reader,
    unfinished::{self, EXPORT},
};

/// Writes `request` to `path`: into a temporary file of mode 0600 in the same folder, which replaces what is there when
/// it is complete and on disk. On any error, and when `progress` cancels, what was there before is unchanged.
///
/// Where the request wants it, what the file says of itself is written the same way to [`side_car`] afterwards. The digest in it
/// tells a side-car that belongs to another file: the two are not replaced in one moment.
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
    super::check(request)?;
    if !request.meta || request.format == Format::Xlsx {
        return replace(&around.folder, path, |out| rows::write(reader, request, around, out, progress));
    }
    let (rows, about, sha256, bytes) = replace(&around.folder, path, |out| {
        let mut digesting = Digesting::new(out);
        let (rows, about) = rows::write_explained(reader, request, around, &mut digesting, progress)?;
        let (sha256, bytes) = digesting.end();
        Ok((rows, about, sha256, bytes))
    })?;
    explain(request, around, &about, &Complete { rows, bytes, sha256: &sha256 }, path)?;
    Ok(rows)
}

/// Where a file is explained: `calls.csv.meta.json` beside `calls.csv`.
pub fn side_car(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".meta.json");
    name.into()
}

fn explain(request: &Request, around: &Around, about: &About, file: &Complete<'_>, path: &Path) -> Result<(), Error> {
    let said = about.side_car(request, file)?;
    replace(&around.folder, &side_car(path), |out| Ok(out.write_all(&said)?))
}

/// The same with whatever `write` writes.
pub(crate) fn replace<T>(
    data_folder: &Path,
    path: &Path,
    write: impl FnOnce(&mut (dyn io::Write + Send)) -> Result<T, Error>,
) -> Result<T, Error> {
    unfinished::clear_noted(data_folder);
    replace_noted(Some(data_folder), path, write)
}

fn replace_noted<T>(
    data_folder: Option<&Path>,
    path: &Path,
    write: impl FnOnce(&mut (dyn io::Write + Send)) -> Result<T, Error>,
) -> Result<T, Error> {
    let target = |why| Error::Target { path: path.display().to_string(), why };
    refuse_unusual(path)?;
    let folder = durable_file::folder_of(path);
    let file = EXPORT.begin(folder).map_err(target)?;
    let _noted = data_folder.and_then(|data_folder| unfinished::noted(data_folder, file.path()));
    let mut out = BufWriter::with_capacity(256 * 1024, file);
    let result = write(&mut out)?;
    out.flush().map_err(target)?;
    let file = out.into_inner().map_err(|error| target(error.into_error()))?;
    durable_file::take_place(file, path).map_err(target)?;
    durable_file::sync_any_folder(folder).map_err(target)?;
    Ok(result)
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
    use super::*;

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
        replace_noted(None, &path, |out| Ok(out.write_all(b"new")?)).expect("the export works");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "new", "the new file is in its place");
        assert_eq!(names(folder.path()), ["calls.csv"], "and nothing else is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        replace_noted(None, &path, |out| Ok(out.write_all(b"new")?)).expect("the export works");
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "call history is personal");
    }

    #[test]
    fn an_export_that_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("calls.csv");
        fs::write(&path, "old").expect("the old file");
        let result = replace_noted(None, &path, |out| {
            out.write_all(&[b'x'; 1_000_000])?;
            Err::<(), _>(Error::Cancelled)
        });
        assert!(matches!(result, Err(Error::Cancelled)), "the cancellation is told");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old", "the old file is intact");
        assert_eq!(names(folder.path()), ["calls.csv"], "half a file is not left behind");
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
            let result = replace_noted(None, path, |out| Ok(out.write_all(b"new")?));
            assert!(matches!(result, Err(Error::NotAFile(_))), "{} is no ordinary file", path.display());
        }
        assert_eq!(fs::read_to_string(&kept).expect("the file"), "old", "what the link names is untouched");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("missing").join("calls.csv");
        let error = replace_noted(None, &path, |_| Ok(())).expect_err("there is no such folder").to_string();
        assert!(error.contains("missing"), "the message names the place: {error}");
    }
}
