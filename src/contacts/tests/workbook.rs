//! Writes workbooks, good and bad ones: as little of the format as a reader needs, so that a test can break each part.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// A workbook with one sheet, whose parts can be replaced.
#[derive(Default)]
pub(super) struct Workbook {
    rows: String,
    next_row: u64,
    strings: String,
    string_count: usize,
    parts: Vec<(String, Vec<u8>)>,
}

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

impl Workbook {
    /// A row of texts, all of them shared strings.
    pub(super) fn texts(&mut self, texts: &[&str]) {
        let mut cells = String::new();
        for text in texts {
            cells.push_str(&format!("<c t=\"s\"><v>{}</v></c>", self.string_count));
            self.string_count += 1;
            self.strings.push_str(&format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text)));
        }
        self.row(&cells);
    }

    /// A row of cells that are XML.
    pub(super) fn row(&mut self, cells: &str) {
        self.next_row += 1;
        self.rows.push_str(&format!("<row r=\"{}\">{cells}</row>", self.next_row));
    }

    /// The next row has this number.
    pub(super) fn skip_to(&mut self, row: u64) {
        self.next_row = row - 1;
    }

    /// A part in place of the usual one.
    pub(super) fn part(&mut self, name: &str, content: &str) {
        self.parts.push((name.to_owned(), content.as_bytes().to_vec()));
    }

    pub(super) fn packed(&self) -> Vec<u8> {
        zip(&self.all_parts(), true)
    }

    pub(super) fn stored(&self) -> Vec<u8> {
        zip(&self.all_parts(), false)
    }

    fn all_parts(&self) -> Vec<(String, Vec<u8>)> {
        let relationship = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"{target}\"/>")
        };
        let usual = [
            (
                "_rels/.rels",
                format!("<Relationships>{}</Relationships>", relationship("r", "officeDocument", "xl/workbook.xml")),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships>{}{}{}{}</Relationships>",
                    relationship("a", "worksheet", "worksheets/sheet1.xml"),
                    relationship("b", "worksheet", "/xl/worksheets/sheet2.xml"),
                    relationship("c", "sharedStrings", "sharedStrings.xml"),
                    relationship("d", "styles", "styles.xml"),
                ),
            ),
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"People\" r:id=\"a\"/></sheets></workbook>".to_owned()),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{}</sheetData></worksheet>", self.rows)),
            ("xl/sharedStrings.xml", format!("<sst>{}</sst>", self.strings)),
        ];
        let mut parts = self.parts.clone();
        for (name, content) in usual {
            if !parts.iter().any(|(other, _)| other == name) {
                parts.push((name.to_owned(), content.into_bytes()));
            }
        }
        parts
    }
}

/// XML cannot hold most control characters, and reads `\r` as `\n`.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    for c in text.replace("_x", "_x005F_x").chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '\t' | '\n' => written.push(c),
            c if u32::from(c) < 0x20 => written.push_str(&format!("_x{:04X}_", u32::from(c))),
            '\u{fffe}' | '\u{ffff}' => written.push_str(&format!("_x{:04X}_", u32::from(c))),
            c => written.push(c),
        }
    }
    written
}

fn zip(parts: &[(String, Vec<u8>)], is_packed: bool) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut crc = Crc::new();
        crc.update(content);
        let mut data = content.clone();
        if is_packed {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(content).unwrap();
            data = encoder.finish().unwrap();
        }
        let method = if is_packed { 8_u16 } else { 0 };
        let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let mut entry =
            [&20_u16.to_le_bytes()[..], &[0; 2], &method.to_le_bytes(), &[0; 4], &crc.sum().to_le_bytes()].concat();
        entry.extend([number(data.len()), number(content.len()), number(name.len())].concat());
        let at = number(file.len());
        file.extend([b"PK\x03\x04", &entry[..], name.as_bytes(), &data].concat());
        directory.extend([b"PK\x01\x02\x14\0", &entry[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let (size, at) = (u32::try_from(directory.len()).unwrap(), u32::try_from(file.len()).unwrap());
    file.extend(directory);
    file.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &at.to_le_bytes(), &[0; 2]].concat());
    file
}
