//! The first sheet: what the report is of, the charts, the figures beside those of the period before, and the hours of the week.

use rust_xlsxwriter::{ConditionalFormat2ColorScale, Workbook, Worksheet};

use super::{add_row, charts};
use crate::{
    export::{Error, xlsx::fault},
    report::{
        Report,
        cells::{self, Cells},
        summary,
        table::{Column, Table},
    },
};

/// The column of the hours of the week, beside the figures.
const WEEK: u16 = 5;
/// Rows that the charts are high.
const CHART_ROWS: u32 = 16;
/// Of the hours of the week: the fewest calls, the most.
const FEW: u32 = 0x00FF_FFFF;
const MANY: u32 = 0x0086_B0FF;

pub(super) fn add(workbook: &mut Workbook, report: &Report, cells: &Cells<'_>) -> Result<(), Error> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(report.labels.sheets.summary).map_err(fault::error)?;
    let widths = [30, 14, 14, 14, 3, 8, 8, 8, 8, 8, 8, 8, 8, 8];
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, width).map_err(fault::error)?;
    }
    sheet.set_print_fit_to_pages(1, 0).set_screen_gridlines(false).set_footer("&L&A&R&P / &N");
    let mut row = add_title(sheet, report, cells)?;
    if report.figures.calls == 0 {
        return cells::text(sheet, (row, 0), report.labels.no_calls, &cells.looks.section);
    }
    charts::insert(sheet, row, WEEK, report)?;
    row += CHART_ROWS;
    add_week(sheet, row, report, cells)?;
    let figures = summary::figures(&report.figures, report.labels);
    let results = summary::by_result(&report.figures, report.labels, report.language);
    let most = summary::most(&report.figures, report.labels);
    for table in [&figures, &results].into_iter().chain(&most) {
        row = add_table(sheet, row, table, report, cells)?;
    }
    Ok(())
}

/// What the report is of. Answers the row below.
fn add_title(sheet: &mut Worksheet, report: &Report, cells: &Cells<'_>) -> Result<u32, Error> {
    cells::text(sheet, (0, 0), &report.title(), &cells.looks.title)?;
    let demo = report.is_demo.then(|| report.labels.about.demo.to_owned());
    let lines = demo.into_iter().chain([report.period()]).chain(report.compared_with()).chain(report.filter_words());
    let mut row = 1;
    for line in lines.chain([report.completeness()]) {
        cells::text(sheet, (row, 0), &line, &cells.looks.muted)?;
        row += 1;
    }
    Ok(row + 1)
}

/// A table below the ones before. Answers the row below.
fn add_table(sheet: &mut Worksheet, row: u32, table: &Table, report: &Report, cells: &Cells<'_>) -> Result<u32, Error> {
    add_headings(sheet, (row, 0), &table.columns, cells)?;
    let mut next = row + 1;
    for values in &table.rows {
        add_row(sheet, next, values, cells)?;
        next += 1;
    }
    if table.rows.is_empty() {
        cells::text(sheet, (next, 0), report.labels.nobody, &cells.looks.muted)?;
        next += 1;
    }
    Ok(next + 1)
}

fn add_headings(
    sheet: &mut Worksheet,
    (row, first): (u32, u16),
    columns: &[Column],
    cells: &Cells<'_>,
) -> Result<(), Error> {
    (first..)
        .zip(columns)
        .try_for_each(|(at, column)| cells::text(sheet, (row, at), &column.heading, &cells.looks.heading))
}

/// The hours of the week, darker the more calls there were.
fn add_week(sheet: &mut Worksheet, row: u32, report: &Report, cells: &Cells<'_>) -> Result<(), Error> {
    cells::text(sheet, (row, WEEK), report.labels.week, &cells.looks.section)?;
    add_headings(sheet, (row + 1, WEEK), &report.hours.columns, cells)?;
    let mut last = row + 1;
    for values in &report.hours.rows {
        last += 1;
        for (column, value) in (WEEK..).zip(values) {
            cells.write(sheet, (last, column), value)?;
        }
    }
    // Beside the hour and its calls are the seven days.
    let (left, right) = (WEEK + 2, WEEK + 8);
    let scale = ConditionalFormat2ColorScale::new().set_minimum_color(FEW).set_maximum_color(MANY);
    sheet.add_conditional_format(row + 2, left, last, right, &scale).map(drop).map_err(fault::error)
}
