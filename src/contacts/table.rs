//! Rows of cells under headings, with the places that they had in the file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Cell, Charset, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Unreadable};

/// A table of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Where it comes from.
    pub source: Source,
    /// The first row that is not blank.
    pub header: Row,
    /// The rows below it that are not blank.
    pub rows: Vec<Row>,
}

/// What a table was read from: to be shown, because some of it was guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = TableSource)]
pub enum Source {
    /// Text with separators.
    Text {
        /// How its characters were written.
        charset: Charset,
        /// What stands between its cells.
        separator: char,
    },
    /// A sheet of a workbook.
    Sheet {
        /// Its name.
        name: String,
    },
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line of the file on which it begins, or its number in the sheet; from 1.
    pub line: u64,
    /// Its cells, up to the last one that is not blank.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column, from 0; `None` where there is nothing.
    pub fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.get(column).filter(|cell| !cell.is_blank())
    }
}

/// Takes rows and keeps a table within its bounds.
#[derive(Default)]
pub(super) struct Builder {
    header: Option<Row>,
    rows: Vec<Row>,
    cells: usize,
}

impl Builder {
    /// Adds a row. Blank ones are left out.
    pub(super) fn push(&mut self, line: u64, mut cells: Vec<Cell>) -> Result<(), Unreadable> {
        let used = cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1);
        if used == 0 {
            return Ok(());
        }
        if used > MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns { line });
        }
        cells.truncate(used);
        cells.shrink_to_fit();
        self.cells += used;
        if self.cells > MOST_CELLS {
            return Err(Unreadable::TooManyCells);
        }
        let row = Row { line, cells };
        match &self.header {
            None => self.header = Some(row),
            Some(_) if self.rows.len() >= MOST_ROWS => return Err(Unreadable::TooManyRows),
            Some(_) => self.rows.push(row),
        }
        Ok(())
    }

    /// The table; `None` when there was nothing.
    pub(super) fn finish(self, source: Source) -> Option<Table> {
        Some(Table { source, header: self.header?, rows: self.rows })
    }
}
