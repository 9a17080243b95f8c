//! Workbooks as a whole; cell by cell they are read back by LibreOffice (`libreoffice.rs`), and by the reader of contacts, in its
//! tests.

mod libreoffice;

use std::{io, ops::ControlFlow};

use super::*;
use crate::{
    completeness::summary::Summary,
    export::{Format, Headings, Kind},
    store::rows::PersonRow,
};

fn request() -> Request {
    Request { headings: Headings::En, ..Request::of(Kind::People, Format::Xlsx) }
}

fn people(count: usize) -> Vec<PersonRow> {
    (0..count).map(|n| person(format!("u{n}"))).collect()
}

fn person(user: String) -> PersonRow {
    PersonRow {
        users: vec![user.clone()],
        user,
        name: String::new(),
        team: String::new(),
        ours: false,
        phone: String::new(),
        email: String::new(),
        comment: String::new(),
        calls: 3,
        first_ms: Some(0),
        last_ms: None,
        notes: 0,
        same_as: String::new(),
    }
}

/// Writes rows to something that may not take them.
fn written(
    rows: &[PersonRow],
    folder: &Path,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let about = About { revision: "0-0".to_owned(), completeness: Summary::default() };
    let stream = |each: Each<'_, PersonRow>| {
        for row in rows {
            if each(row.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    };
    write_rows(&request(), &about, &Limits::of(folder), stream, out, progress)
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let [once, again] = [1, 2].map(|_| workbook(&request(), 2, &people(5)));
    assert!(once == again, "and {} of them", once.len());
    let other = workbook(&request(), 2, &people(4));
    assert!(once != other, "others do not");
}

#[test]
fn whoever_goes_away_a_full_disk_and_a_cancellation_are_told_apart() {
    /// Takes nothing, for the reason given.
    struct Refusing(io::ErrorKind);
    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let go_on = |_| ControlFlow::Continue(());
    let written = |out: &mut (dyn Write + Send), progress| written(&people(600), folder.path(), out, progress);
    let gone = written(&mut Refusing(io::ErrorKind::BrokenPipe), &go_on);
    assert!(matches!(gone, Err(Error::Closed)), "{gone:?}");
    let full = written(&mut Refusing(io::ErrorKind::StorageFull), &go_on);
    assert!(matches!(&full, Err(Error::Write(why)) if why.kind() == io::ErrorKind::StorageFull), "{full:?}");
    let rows =
        written(&mut io::sink(), &|rows| if rows == 256 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
    assert!(matches!(rows, Err(Error::Cancelled)), "among the rows: {rows:?}");
    // The last of the progress is that of the rows; what comes after it is the workbook being put together.
    let calls = std::sync::atomic::AtomicU32::new(0);
    let late = |_| match calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0..=2 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let end = written(&mut io::sink(), &late);
    assert!(matches!(end, Err(Error::Cancelled)), "while it is put together: {end:?}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing of it is left");
}

#[test]
fn a_folder_that_cannot_be_written_is_done_without() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut file = Vec::new();
    let nowhere = folder.path().join("nowhere");
    let rows = written(&people(3), &nowhere, &mut file, &|_| ControlFlow::Continue(()));
    assert!(rows.is_ok_and(|rows| rows == 3) && file.starts_with(b"PK"), "the sheets wait somewhere else");
}
