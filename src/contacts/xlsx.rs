//! Workbooks of Excel and of those who write them alike (ISO/IEC 29500): the first sheet with anything in it, as a table; what our
//! own say of themselves is passed over.
//!
//! Read here and not by a crate, because what a cell says must be exact or refused, and the file is anybody's: all parts
//! stream through one bound, and nothing is believed of sizes and places that the file names.

mod archive;
mod formats;
mod numbers;
mod package;
mod sheet;
mod strings;
mod xml;

use self::{archive::Archive, package::Package};
use super::{MOST_CELLS, Source, Table, Unreadable, table::Builder};
use crate::export::is_about_sheet;

/// Reads a workbook of which no more than `most` bytes are unpacked.
pub(super) fn read(bytes: &[u8], most: u64) -> Result<Table, Unreadable> {
    let archive = Archive::open(bytes, most)?;
    let package = Package::read(&archive)?;
    let strings = match &package.strings {
        Some(part) => strings::read(&archive, part, MOST_CELLS)?,
        None => strings::Strings::default(),
    };
    let formats = match &package.styles {
        Some(part) => formats::read(&archive, part)?,
        None => formats::Formats::default(),
    };
    let meaning = sheet::Meaning { strings: &strings, formats: &formats, epoch: package.epoch };
    // What our own workbooks say of themselves comes before their rows.
    let (said, rows): (Vec<_>, Vec<_>) = package.sheets.into_iter().partition(|sheet| is_about_sheet(&sheet.name));
    for sheet in rows.into_iter().chain(said) {
        let mut builder = Builder::default();
        sheet::read(&archive, &sheet.part, &meaning, &mut builder)?;
        if let Some(table) = builder.finish(Source::Sheet { name: sheet.name }) {
            return Ok(table);
        }
    }
    Err(Unreadable::Empty)
}

#[cfg(test)]
pub(super) fn string_count(bytes: &[u8], most: usize) -> Result<(), Unreadable> {
    strings::read(&Archive::open(bytes, u64::MAX)?, "xl/sharedStrings.xml", most).map(drop)
}
