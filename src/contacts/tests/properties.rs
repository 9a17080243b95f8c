//! What holds for any bytes and any table.

use proptest::prelude::*;

use super::{super::*, encoded, workbook::Workbook};
use crate::export::guard::guard;

/// Characters that have made trouble somewhere, and any other that GB18030 has too and no program takes for a mark.
fn cell() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        '"', '\'', ',', ';', '\t', '\n', '\r', '=', ' ', '0', '1', 'E', '+', '-', '|', '张', '三', '用', '😀', 'م',
        '\u{200f}', '\u{feff}',
    ]);
    let any = any::<char>().prop_filter("a character", |c| {
        !matches!(c, '\0' | '\u{1}' | '\u{1a}' | '\u{e000}'..='\u{f8ff}')
            && !encoding_rs::GB18030.encode(&c.to_string()).2
    });
    prop::collection::vec(prop_oneof![4 => nasty, 1 => any], 0..8).prop_map(String::from_iter)
}

fn rows() -> impl Strategy<Value = Vec<[String; 3]>> {
    prop::collection::vec([cell(), cell(), cell()], 0..6)
}

/// Rows up to their last cell that is not blank, without blank rows; a sheet has no blank cells at all.
fn texts(rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    let is_blank = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty();
    let seen = rows.map(|row| {
        let mut row: Vec<String> =
            row.into_iter().map(|text| if is_blank(&text) { String::new() } else { text }).collect();
        while row.pop_if(|text| text.is_empty()).is_some() {}
        row
    });
    seen.filter(|row| !row.is_empty()).collect()
}

fn written(rows: &[[String; 3]]) -> Vec<Vec<String>> {
    texts(rows.iter().map(|row| row.to_vec()))
}

fn read_texts(table: &Table) -> Vec<Vec<String>> {
    texts(table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()))
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(table) = read(&bytes) {
            plan(&table, &Mapping::guess(&table.header), &|_| None);
        }
    }

    #[test]
    fn any_text_is_a_table_or_an_error(text in "(sep=[;,]\n)?[user,;\t\"\n\r'=]{0,40}[^\0]{0,40}") {
        for (_, bytes) in encoded(&text) {
            if let Ok(table) = read(&bytes) {
                plan(&table, &Mapping::guess(&table.header), &|_| None);
            }
        }
    }

    /// Our export writes with the guard, for spreadsheets.
    #[test]
    fn any_table_comes_back(rows in rows(), separator in prop::sample::select(vec![b',', b';', b'\t'])) {
        // The headings tell the separator and, being common Chinese, the encoding.
        let mut csv = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        csv.write_record(["用户账号编号和所属的单位名称", "姓名", "备注"]).unwrap();
        for row in &rows {
            csv.write_record(row.iter().map(|cell| guard(cell).into_owned())).unwrap();
        }
        let text = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        for (charset, bytes) in encoded(&text) {
            let table = read(&bytes).map_err(|why| TestCaseError::fail(format!("{charset}: {why}")))?;
            prop_assert_eq!(&table.source, &Source::Text { charset, separator: char::from(separator) });
            prop_assert_eq!(read_texts(&table), written(&rows), "{}", charset);
        }
    }

    #[test]
    fn any_workbook_comes_back(rows in rows()) {
        let mut workbook = Workbook::default();
        workbook.texts(&["user", "name", "comment"]);
        for row in &rows {
            workbook.texts(&row.each_ref().map(|cell| guard(cell).into_owned()).each_ref().map(String::as_str));
        }
        let table = read(&workbook.packed()).map_err(|why| TestCaseError::fail(why.to_string()))?;
        prop_assert_eq!(read_texts(&table), written(&rows));
    }

    #[test]
    fn any_damage_to_a_workbook_is_a_table_or_an_error(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(), is_packed in any::<bool>(),
    ) {
        let mut workbook = Workbook::default();
        workbook.texts(&["user", "name"]);
        workbook.texts(&["u1", "张三"]);
        let mut bytes = if is_packed { workbook.packed() } else { workbook.stored() };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read(&bytes);
        let _ = read(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn any_xml_is_a_table_or_an_error(
        sheet in "(<(/?)(row|c|v|is|t|rPh|sheetData)( (r|s|t)=\"(s|b|e|d|inlineStr|[A-Z]{0,9}[0-9]{0,10})\")*(/?)>|&(lt|#x41|#xD800|x);|[0-9]|<!|]]>|\\]|<\\?|>){0,40}",
    ) {
        let mut workbook = Workbook::default();
        workbook.part("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{sheet}"));
        let _ = read(&workbook.packed());
        let mut workbook = Workbook::default();
        for part in ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels"] {
            workbook.part(part, &sheet);
        }
        let _ = read(&workbook.packed());
    }
}
