//! Contacts from a table that people keep, as a plan of what would change.
//!
//! Bytes become a [`Table`] (a workbook or text), a [`Mapping`] says which column is what, and [`plan()`] holds the rows
//! against the contacts that are known. Nothing here has a clock, a disk or a network: a plan is shown first and written by
//! whoever asked for it.

mod cell;
mod decoding;
mod field;
mod headings;
mod mapping;
mod plan;
mod record;
mod separated;
mod table;
mod unreadable;
mod xlsx;

#[cfg(test)]
mod tests;

pub use self::{
    cell::{Cell, Kind},
    decoding::Charset,
    field::Field,
    mapping::{BadMapping, Mapping},
    plan::{Change, Contact, Counts, Edit, LONGEST_VALUE, Outcome, Plan, PlannedRow, Refusal, Value, plan},
    table::{Row, Source, Table},
    unreadable::{FileKind, Unreadable},
};
use crate::import::{LOOKED_AT, Looks};

/// The largest file that is read.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The most that is unpacked of a workbook.
pub const MOST_UNPACKED: u64 = 256 * 1024 * 1024;
/// The most rows below the headers.
pub const MOST_ROWS: usize = 200_000;
/// The most columns.
pub const MOST_COLUMNS: usize = 256;
/// The most cells, empty ones between others included: a row may be wide, but not each of very many.
pub const MOST_CELLS: usize = 4_000_000;

/// How the containers of Office before 2007 begin, and those of workbooks with a password.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads the table that a file holds.
pub fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(Unreadable::OldWorkbook);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return xlsx::read(bytes, MOST_UNPACKED);
    }
    let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let what = match Looks::of(beginning) {
        Looks::Database => FileKind::Database,
        Looks::Gzip | Looks::Packed => FileKind::Packed,
        Looks::Lines | Looks::Document => FileKind::Json,
        Looks::Page => FileKind::Page,
        Looks::Empty | Looks::Unknown | Looks::Table | Looks::Binary => {
            let (text, charset) = decoding::decode(bytes)?;
            return separated::read(text, charset);
        }
    };
    Err(Unreadable::Foreign { what })
}
