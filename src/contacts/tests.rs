//! Data in, text out.

mod exported;
mod plans;
mod properties;
mod texts;
mod workbook;
mod workbooks;

use super::*;

/// What was read, with a line for each row: `3: u1 | =name | date 2025-03-06`.
fn told(read: &Result<Table, Unreadable>) -> String {
    let table = match read {
        Ok(table) => table,
        Err(why) => return format!("{}: {why}", code(why)),
    };
    let source = match &table.source {
        Source::Text { charset, separator } => format!("{charset} {separator:?}"),
        Source::Sheet { name } => format!("sheet {name}"),
    };
    let rows = std::iter::once(&table.header).chain(&table.rows).map(|row| {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        format!("\n{}: {}", row.line, cells.join(" | "))
    });
    source + &rows.collect::<String>()
}

fn cell(cell: &Cell) -> String {
    match cell.kind {
        Kind::Text => cell.text.escape_debug().to_string(),
        kind => format!("{} {}", code(&kind), cell.text.escape_debug()),
    }
}

/// The word that goes out for something.
fn code(of: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(of).unwrap();
    let word = json.get("code").or_else(|| json.get("outcome")).unwrap_or(&json);
    word.as_str().unwrap_or_default().to_owned()
}

/// A text in each encoding that is read, with the name by which it is told.
fn encoded(text: &str) -> Vec<(Charset, Vec<u8>)> {
    let marked = format!("\u{feff}{text}");
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let mut all = vec![
        (Charset::Utf8, text.as_bytes().to_vec()),
        (Charset::Utf8, marked.as_bytes().to_vec()),
        (Charset::Utf16, little(text)),
        (Charset::Utf16, little(&marked)),
        (Charset::Utf16, big(text)),
        (Charset::Utf16, big(&marked)),
    ];
    let (gb, _, is_lossy) = encoding_rs::GB18030.encode(text);
    if !is_lossy {
        let charset = if text.is_ascii() { Charset::Utf8 } else { Charset::Gb18030 };
        all.push((charset, gb.into_owned()));
    }
    all
}
