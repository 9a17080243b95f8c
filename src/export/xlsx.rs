//! The xlsx sink: a workbook for people. Times are dates of the export's zone, lengths of time durations, numbers numbers, and every
//! text is text: nothing that came from outside becomes a formula, a link or a number.
//!
//! Rows wait in files without a name, in the data folder, until the workbook is put together: what is on its first sheet
//! (`about.rs`) is only known at the end. The same rows give the same bytes.

mod about;
mod book;
pub(crate) mod dates;
pub(crate) mod fault;
mod layout;
pub(crate) mod text;

use std::{io::Write, path::Path};

use self::book::Book;
use super::{
    Error, Progress, Request, Written,
    about::About,
    columns::{Each, Exported},
    outlet::Outlet,
};
use crate::store;

/// Rows of a sheet below its headings: Excel's limit of 1,048,576, less one.
const MOST_ROWS: u32 = 1_048_575;

/// Where and how much.
pub(super) struct Limits<'a> {
    /// The folder in which the sheets wait.
    pub(super) folder: &'a Path,
    /// Rows of a sheet below its headings.
    pub(super) most_rows: u32,
}

impl<'a> Limits<'a> {
    pub(super) const fn of(folder: &'a Path) -> Self {
        Self { folder, most_rows: MOST_ROWS }
    }
}

/// Writes the rows of a stream as a workbook.
pub(super) fn write_rows<R: Exported>(
    request: &Request,
    about: &About,
    limits: &Limits<'_>,
    rows: impl FnOnce(Each<'_, R>) -> Result<(), store::Error>,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let mut book = fault::caught(|| Book::<R>::begin(request, limits))?;
    let mut written = Written::new(progress);
    rows(&mut |row| Ok(written.row(fault::caught(|| book.row(&row)))))?;
    let rows = written.end(|| Ok(()))?;
    let mut outlet = Outlet::at_the_end(out, progress, rows);
    let saved = fault::caught(|| book.save(about, rows, &mut outlet));
    outlet.said(saved)?;
    outlet.flush()?;
    Ok(rows)
}

/// A workbook of rows that are no record's, for tests.
#[cfg(test)]
pub(crate) fn workbook<R: Exported + Clone>(request: &Request, most_rows: u32, rows: &[R]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let limits = Limits { folder: folder.path(), most_rows };
    let about = About { revision: "0-0".to_owned(), completeness: crate::completeness::summary::Summary::default() };
    let mut file = Vec::new();
    let rows = |each: Each<'_, R>| {
        for row in rows {
            if each(row.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    };
    write_rows(request, &about, &limits, rows, &mut file, &|_| std::ops::ControlFlow::Continue(()))
        .expect("memory can be written");
    file
}

#[cfg(test)]
mod tests;
