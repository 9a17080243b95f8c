//! The sheets with rows, one after the other.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, IgnoreError, Workbook, Worksheet};

use super::{
    Limits, about, dates,
    fault::error,
    layout::{self, Formats},
    text,
};
use crate::export::{
    Error, Headings, Request, TimeFormat,
    about::About,
    columns::{self, Cell, Column, Exported},
    outlet::Outlet,
    times::{self, Precision},
    words,
};

/// More than this in one sheet, in bytes, needs the form of a package for large files, which a few readers lack.
const LARGE: u64 = 3_000_000_000;
/// What a cell takes at most beside its text, in bytes.
const CELL: u64 = 64;
/// How many times as long a text can become when it is escaped.
const GROWTH: u64 = 7;

/// A workbook that is being filled.
pub(super) struct Book<'a, R: 'static> {
    request: &'a Request,
    workbook: Workbook,
    columns: Vec<(u16, &'static Column<R>)>,
    formats: Formats,
    most_rows: u32,
    /// Those that are full.
    full: Vec<Worksheet>,
    sheet: Worksheet,
    /// The next row of the sheet; its headings are row 0.
    at: u32,
    /// Cells whose text did not fit.
    cut: u64,
    /// The sheet has at most so many bytes.
    bytes: u64,
    is_large: bool,
}

impl<'a, R: Exported> Book<'a, R> {
    /// Begins one whose sheets wait in the folder, or, where that cannot be written, where the system has such files.
    pub(super) fn begin(request: &'a Request, limits: &Limits<'_>) -> Result<Self, Error> {
        let mut workbook = Workbook::new();
        // The record may be on something that can only be read.
        let _ = workbook.set_tempdir(limits.folder);
        let sheet = workbook.new_worksheet_with_constant_memory().map_err(error)?;
        let columns = columns::chosen::<R>(request.columns.as_deref());
        let mut book = Self {
            request,
            workbook,
            columns: (0..).zip(columns).collect(),
            formats: Formats::new(),
            most_rows: limits.most_rows,
            full: Vec::new(),
            sheet,
            at: 0,
            cut: 0,
            bytes: 0,
            is_large: false,
        };
        book.head()?;
        Ok(book)
    }

    /// Adds a row, on a new sheet where this one is full.
    pub(super) fn row(&mut self, row: &R) -> Result<(), Error> {
        if self.at > self.most_rows {
            let next = self.workbook.new_worksheet_with_constant_memory().map_err(error)?;
            let full = std::mem::replace(&mut self.sheet, next);
            let full = self.finished(full)?;
            self.full.push(full);
            self.head()?;
        }
        for n in 0..self.columns.len() {
            if let Some((place, column)) = self.columns.get(n).copied() {
                self.cell(place, (column.cell)(row))?;
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Puts the workbook together: what it says of itself, then the sheets in their order.
    pub(super) fn save(mut self, about: &About, rows: u64, out: &mut Outlet<'_>) -> Result<(), Error> {
        let last = std::mem::take(&mut self.sheet);
        let last = self.finished(last)?;
        self.full.push(last);
        let list = self.list();
        let facts = about::Facts { about, rows, cut: self.cut, sheets: self.full.len() };
        self.workbook.push_worksheet(about::sheet(self.request, &facts).map_err(error)?);
        for (n, mut sheet) in (1_usize..).zip(self.full.drain(..)) {
            let name = if n == 1 { list.to_owned() } else { format!("{list} {n}") };
            sheet.set_name(name).map_err(error)?;
            // What somebody opens the file for.
            sheet.set_active(n == 1);
            self.workbook.push_worksheet(sheet);
        }
        // Not when it was made: the same rows give the same bytes.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(error)?;
        self.workbook.set_properties(&DocProperties::new().set_title(list).set_creation_datetime(&made));
        self.workbook.use_zip_large_file(self.is_large);
        self.workbook.save_to_writer(out).map_err(error)
    }

    fn list(&self) -> &'static str {
        match self.request.headings {
            Headings::Names => self.request.kind.code(),
            Headings::En | Headings::Zh => words::list(self.request.kind, self.request.headings.language()),
        }
    }

    /// Begins the sheet with its headings.
    fn head(&mut self) -> Result<(), Error> {
        (self.at, self.bytes) = (1, 0);
        for (place, column) in &self.columns {
            let called = layout::called(self.request.headings, &column.heading, column.sort);
            let width = layout::width(&column.heading, column.sort, called);
            self.sheet.set_column_width(*place, width).map_err(error)?;
            self.sheet.write_string_with_format(0, *place, called, &self.formats.heading).map_err(error)?;
        }
        self.sheet.set_freeze_panes(1, 0).map_err(error)?;
        Ok(())
    }

    /// A sheet to which nothing is added any more.
    fn finished(&mut self, mut sheet: Worksheet) -> Result<Worksheet, Error> {
        let last_row = self.at.saturating_sub(1);
        if let Some((last, _)) = self.columns.last() {
            // A filter has at least one row to filter.
            sheet.autofilter(0, 0, last_row.max(1), *last).map_err(error)?;
            // No green corner on ids: they are text because they are no numbers.
            sheet.ignore_error_range(0, 0, last_row, *last, IgnoreError::NumberStoredAsText).map_err(error)?;
        }
        self.is_large |= self.bytes > LARGE;
        Ok(sheet)
    }

    fn cell(&mut self, column: u16, cell: Cell<'_>) -> Result<(), Error> {
        self.bytes = self.bytes.saturating_add(CELL);
        match cell {
            Cell::Empty | Cell::Flag(false) => Ok(()),
            Cell::Flag(true) => self.text(column, "yes"),
            Cell::Text(text) => self.text(column, &text),
            Cell::List(texts) => columns::joined(texts).map_or(Ok(()), |text| self.text(column, &text)),
            Cell::Second(ms) => self.moment(column, ms, Precision::Second),
            Cell::Millisecond(ms) => self.moment(column, ms, Precision::Millisecond),
            // Under its name it is what the name says: seconds.
            Cell::Seconds(seconds) if self.request.headings != Headings::Names => self.duration(column, seconds),
            Cell::Number(number) | Cell::Seconds(number) => match dates::whole(number) {
                Some(number) => self.sheet.write_number(self.at, column, number).map(drop).map_err(error),
                None => self.text(column, &number.to_string()),
            },
        }
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), Error> {
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes.saturating_mul(GROWTH));
        if text::write(&mut self.sheet, (self.at, column), text, &self.formats.text).map_err(error)? {
            self.cut += 1;
        }
        Ok(())
    }

    fn duration(&mut self, column: u16, seconds: i64) -> Result<(), Error> {
        match dates::duration(seconds) {
            Some(days) => self
                .sheet
                .write_number_with_format(self.at, column, days, &self.formats.duration)
                .map(drop)
                .map_err(error),
            None => self.text(column, &format!("{seconds} s")),
        }
    }

    /// A date, or the text of it where a spreadsheet has none or a text was asked for.
    fn moment(&mut self, column: u16, ms: i64, precision: Precision) -> Result<(), Error> {
        let zone = &self.request.tz;
        let serial = match self.request.time_format {
            TimeFormat::Local => dates::serial(ms, zone, precision),
            TimeFormat::Iso => None,
        };
        let Some(serial) = serial else {
            return self.text(column, &times::format(ms, zone, TimeFormat::Iso, precision));
        };
        let format = match precision {
            Precision::Second => &self.formats.second,
            Precision::Millisecond => &self.formats.millisecond,
        };
        self.sheet.write_number_with_format(self.at, column, serial, format).map(drop).map_err(error)
    }
}
