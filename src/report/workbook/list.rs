//! A list as sheets: of any length, in as much memory as a row takes.

use std::ops::ControlFlow;

use rust_xlsxwriter::{Workbook, Worksheet};

use super::{add_head, add_row, finish};
use crate::{
    export::{Error, xlsx::fault},
    report::{
        Report, Rows,
        cells::Cells,
        each_row,
        lists::{Detail, List},
        table::Column,
        value::Value,
    },
    store::Reader,
};

/// Writes a list with at most so many rows on a sheet, and says how many there were.
pub(super) fn add(
    workbook: &mut Workbook,
    reader: &Reader,
    report: &Report,
    list: List,
    cells: &Cells<'_>,
    (most, rows): (u32, &mut Rows<'_>),
) -> Result<u64, Error> {
    let columns = list.columns(Detail::All, report.language);
    let title = |part| match part {
        1 => list.title(report.labels).to_owned(),
        part => (report.labels.part)(list.title(report.labels), part),
    };
    let before = rows.written;
    let mut part = 1;
    let mut sheet = Sheet::begin(workbook, title(part), &columns, cells)?;
    each_row(reader, report, list, Detail::All, |values| {
        if sheet.rows == most {
            part += 1;
            let next = Sheet::begin(workbook, title(part), &columns, cells)?;
            std::mem::replace(&mut sheet, next).end(workbook, &columns)?;
        }
        sheet.add(&values, cells)?;
        rows.count()?;
        Ok(ControlFlow::Continue(()))
    })?;
    sheet.end(workbook, &columns)?;
    Ok(rows.written - before)
}

/// A sheet whose rows wait in a file and not in memory.
struct Sheet {
    sheet: Worksheet,
    rows: u32,
}

impl Sheet {
    fn begin(workbook: &mut Workbook, title: String, columns: &[Column], cells: &Cells<'_>) -> Result<Self, Error> {
        let mut sheet = workbook.new_worksheet_with_constant_memory().map_err(fault::error)?;
        sheet.set_name(title).map_err(fault::error)?;
        add_head(&mut sheet, columns, cells.looks)?;
        Ok(Self { sheet, rows: 0 })
    }

    fn add(&mut self, values: &[Value<'_>], cells: &Cells<'_>) -> Result<(), Error> {
        self.rows += 1;
        add_row(&mut self.sheet, self.rows, values, cells)
    }

    fn end(mut self, workbook: &mut Workbook, columns: &[Column]) -> Result<(), Error> {
        finish(&mut self.sheet, columns, self.rows)?;
        workbook.push_worksheet(self.sheet);
        Ok(())
    }
}
