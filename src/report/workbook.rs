//! A report as a workbook: the summary with its charts, the tables, the lists, and what the report says of itself.

mod charts;
mod list;
mod summary;

use std::{io, path::Path};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use super::{
    Report, Rows,
    about::about,
    cells::{self, Cells, Looks},
    lists::List,
    table::{Column, Table},
    value::Value,
};
use crate::{
    export::{Error, xlsx::fault},
    store::Reader,
};

/// Rows of a sheet below its heading; what is more is on further sheets.
const ROWS_MOST: u32 = 1_048_575;
/// How wide the values are in what the report says of itself, in digits.
const SAID_WIDTH: u8 = 100;

/// Writes the workbook.
pub(super) fn write(
    reader: &Reader,
    report: &Report,
    scratch: &Path,
    out: &mut (dyn io::Write + Send),
    rows: &mut Rows<'_>,
) -> Result<(), Error> {
    fault::caught(|| write_in_sheets_of(ROWS_MOST, reader, report, scratch, out, rows))
}

/// The same with at most so many rows of a list on a sheet.
pub(super) fn write_in_sheets_of(
    most: u32,
    reader: &Reader,
    report: &Report,
    scratch: &Path,
    out: &mut (dyn io::Write + Send),
    rows: &mut Rows<'_>,
) -> Result<(), Error> {
    let looks = Looks::new();
    let cells = Cells { looks: &looks, zone: &report.zone };
    let mut workbook = Workbook::new();
    // Where nothing can be written into the folder of the record, the system's folder for such files is used.
    let _ = workbook.set_tempdir(scratch);
    workbook.set_properties(&properties(report)?);
    summary::add(&mut workbook, report, &cells)?;
    for table in [&report.days, &report.hours, &report.people] {
        add_table(&mut workbook, table, &cells)?;
    }
    let mut counts: Vec<(List, u64)> = Vec::new();
    for list in report.lists() {
        counts.push((list, list::add(&mut workbook, reader, report, list, &cells, (most, &mut *rows))?));
    }
    add_about(&mut workbook, report, &counts, &cells)?;
    workbook.save_to_writer(out).map_err(fault::error)
}

/// The time that the file says it was made at is the end of the period: the same report has the same bytes.
fn properties(report: &Report) -> Result<DocProperties, Error> {
    let (_, to) = report.span;
    let made = ExcelDateTime::from_timestamp(to.div_euclid(1_000)).or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1));
    let properties =
        DocProperties::new().set_title(report.title()).set_subject(report.period()).set_author("Calltrail");
    Ok(properties.set_creation_datetime(&made.map_err(fault::error)?))
}

fn add_table(workbook: &mut Workbook, table: &Table, cells: &Cells<'_>) -> Result<(), Error> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(table.title).map_err(fault::error)?;
    add_head(sheet, &table.columns, cells.looks)?;
    let mut last = 0;
    for (at, row) in (1_u32..).zip(&table.rows) {
        add_row(sheet, at, row, cells)?;
        last = at;
    }
    finish(sheet, &table.columns, last)
}

/// The headings of a sheet, and how wide its columns are.
fn add_head(sheet: &mut Worksheet, columns: &[Column], looks: &Looks) -> Result<(), Error> {
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, column.width).map_err(fault::error)?;
        cells::text(sheet, (0, at), &column.heading, &looks.heading)?;
    }
    Ok(())
}

fn add_row(sheet: &mut Worksheet, row: u32, values: &[Value<'_>], cells: &Cells<'_>) -> Result<(), Error> {
    (0_u16..).zip(values).try_for_each(|(column, value)| cells.write(sheet, (row, column), value))
}

/// What every sheet has below its heading: it stays in sight, filters, and is on each sheet of paper.
fn finish(sheet: &mut Worksheet, columns: &[Column], last: u32) -> Result<(), Error> {
    sheet.set_freeze_panes(1, 0).map_err(fault::error)?;
    sheet.set_repeat_rows(0, 0).map_err(fault::error)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&R&P / &N");
    match u16::try_from(columns.len().saturating_sub(1)) {
        Ok(right) if last > 0 => sheet.autofilter(0, 0, last, right).map(drop).map_err(fault::error),
        _ => Ok(()),
    }
}

fn add_about(workbook: &mut Workbook, report: &Report, counts: &[(List, u64)], cells: &Cells<'_>) -> Result<(), Error> {
    let said = &report.labels.about;
    let sheet = workbook.add_worksheet();
    sheet.set_name(report.labels.sheets.about).map_err(fault::error)?;
    let columns = [Column::new(said.item, 30), Column::new(said.value, SAID_WIDTH)];
    add_head(sheet, &columns, cells.looks)?;
    for (row, (item, value)) in (1_u32..).zip(about(report, counts)) {
        cells::text(sheet, (row, 0), &item, &cells.looks.wrapped)?;
        match &value {
            Value::Text(text) => cells::text(sheet, (row, 1), text, &cells.looks.wrapped)?,
            other => cells.write(sheet, (row, 1), other)?,
        }
    }
    finish(sheet, &columns, 0)
}
