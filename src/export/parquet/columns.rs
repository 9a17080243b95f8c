//! The columns of a Parquet file: how they are declared, and their values while they wait.

use ::parquet::{
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    errors::ParquetError,
    file::writer::SerializedColumnWriter,
};

use crate::export::columns::{Cell, Sort};

/// What a value takes beside its text, about.
const BESIDE: usize = 32;

/// A column in the language of Parquet's schemas. Whatever may be unknown is optional; a list is always there, if empty.
pub(super) fn declared(name: &str, sort: Sort) -> String {
    match sort {
        Sort::Text => format!("OPTIONAL BYTE_ARRAY {name} (STRING);"),
        Sort::List => {
            format!(
                "REQUIRED group {name} (LIST) {{ REPEATED group list {{ REQUIRED BYTE_ARRAY element (STRING); }} }}"
            )
        }
        Sort::Flag => format!("REQUIRED BOOLEAN {name};"),
        Sort::Number | Sort::Seconds => format!("OPTIONAL INT64 {name};"),
        Sort::Second | Sort::Millisecond => format!("OPTIONAL INT64 {name} (TIMESTAMP(MILLIS,true));"),
    }
}

/// The values of a column, and where there is none (level 0) or one (level 1).
pub(super) enum Values {
    Texts { values: Vec<ByteArray>, levels: Vec<i16> },
    Lists { values: Vec<ByteArray>, levels: Vec<i16>, repeats: Vec<i16> },
    Flags(Vec<bool>),
    Numbers { values: Vec<i64>, levels: Vec<i16> },
}

impl Values {
    pub(super) const fn of(sort: Sort) -> Self {
        match sort {
            Sort::Text => Self::Texts { values: Vec::new(), levels: Vec::new() },
            Sort::List => Self::Lists { values: Vec::new(), levels: Vec::new(), repeats: Vec::new() },
            Sort::Flag => Self::Flags(Vec::new()),
            Sort::Number | Sort::Seconds | Sort::Second | Sort::Millisecond => {
                Self::Numbers { values: Vec::new(), levels: Vec::new() }
            }
        }
    }

    /// Adds a cell, and says how many bytes more wait now, about.
    pub(super) fn push(&mut self, cell: Cell<'_>) -> usize {
        match (self, cell) {
            (Self::Texts { values, levels }, Cell::Text(text)) if !text.is_empty() => {
                levels.push(1);
                values.push(ByteArray::from(text.as_ref()));
                text.len() + BESIDE
            }
            (Self::Lists { values, levels, repeats }, Cell::List(texts)) if !texts.is_empty() => {
                for (at, text) in texts.iter().enumerate() {
                    levels.push(1);
                    // 0 begins a row, 1 goes on with it.
                    repeats.push(i16::from(at > 0));
                    values.push(ByteArray::from(text.as_str()));
                }
                texts.iter().map(|text| text.len() + BESIDE).sum()
            }
            (Self::Lists { levels, repeats, .. }, _) => {
                levels.push(0);
                repeats.push(0);
                BESIDE
            }
            (Self::Flags(values), cell) => {
                values.push(cell == Cell::Flag(true));
                1
            }
            (Self::Numbers { values, levels }, cell) => {
                let number = match cell {
                    Cell::Number(number) | Cell::Seconds(number) | Cell::Millisecond(number) => Some(number),
                    // To the second, as every other format has it.
                    Cell::Second(ms) => Some(ms.div_euclid(1_000).saturating_mul(1_000)),
                    _ => None,
                };
                levels.push(i16::from(number.is_some()));
                values.extend(number);
                BESIDE
            }
            (Self::Texts { levels, .. }, _) => {
                levels.push(0);
                BESIDE
            }
        }
    }

    /// Writes the values, and keeps their room for the next ones.
    pub(super) fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        match self {
            Self::Texts { values, levels } => {
                column.typed::<ByteArrayType>().write_batch(values, Some(levels), None)?;
                values.clear();
                levels.clear();
            }
            Self::Lists { values, levels, repeats } => {
                column.typed::<ByteArrayType>().write_batch(values, Some(levels), Some(repeats))?;
                values.clear();
                levels.clear();
                repeats.clear();
            }
            Self::Flags(values) => {
                column.typed::<BoolType>().write_batch(values, None, None)?;
                values.clear();
            }
            Self::Numbers { values, levels } => {
                column.typed::<Int64Type>().write_batch(values, Some(levels), None)?;
                values.clear();
                levels.clear();
            }
        }
        Ok(())
    }
}
