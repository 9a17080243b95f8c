//! What goes wrong while a workbook is made, as an error of the export.

use std::{
    any::Any,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rust_xlsxwriter::XlsxError;

use crate::export::Error;

/// Does some of the work. The library panics where it cannot write the files in which its sheets wait, most of all when the disk
/// is full; what it was about to make is dropped then, so nothing half done is seen.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Error::Write(told(&*panic))))
}

/// The panic's text is all that is left of the system's error.
fn told(panic: &(dyn Any + Send)) -> io::Error {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let text = text.unwrap_or("the workbook could not be put together");
    let kinds = [
        io::ErrorKind::StorageFull,
        io::ErrorKind::QuotaExceeded,
        io::ErrorKind::FileTooLarge,
        io::ErrorKind::ReadOnlyFilesystem,
    ];
    kinds
        .into_iter()
        .find(|kind| text.contains(&format!("{kind:?}")))
        .map_or_else(|| io::Error::other(text.to_owned()), io::Error::from)
}

/// An error of the library.
pub(crate) fn error(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error.into(),
        // The archive around the sheets has the file's own error inside.
        XlsxError::ZipError(error) => io::Error::from(error).into(),
        other => Error::Write(io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_what_it_is() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        for result in [
            caught::<()>(|| Err(error(XlsxError::IoError(io::ErrorKind::StorageFull.into())))),
            caught::<()>(|| Err(Error::Write(full))),
            caught::<()>(|| {
                on_a_full_disk().expect("Couldn't write to xml file");
                Ok(())
            }),
        ] {
            let Err(Error::Write(why)) = result else { unreachable!("nothing was written") };
            assert!(crate::durable_file::is_full(&why), "{why:?}");
        }
        let odd = caught::<()>(|| std::panic::panic_any(7));
        assert!(matches!(odd, Err(Error::Write(_))), "whatever it panics with");
    }

    /// What the system says when there is no space left.
    fn on_a_full_disk() -> io::Result<()> {
        Err(io::Error::from_raw_os_error(if cfg!(windows) { 112 } else { 28 }))
    }
}
