//! Reads a workbook back: names of sheets and values of cells, as they are in the file.

use std::{collections::BTreeMap, io::Read as _};

use quick_xml::{
    Reader as Xml, XmlVersion,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};

/// A workbook that was read.
pub(super) struct Book {
    sheets: Vec<(String, Cells)>,
}

/// By row and column.
type Cells = BTreeMap<(usize, usize), String>;

impl Book {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut strings = Vec::new();
        walk(&part(bytes, "xl/sharedStrings.xml").unwrap_or_default(), |event| match event {
            Found::Begin(tag, _) if tag == "si" => strings.push(String::new()),
            Found::Text(text) => {
                strings.iter_mut().next_back().into_iter().for_each(|string: &mut String| string.push_str(&text))
            }
            _ => {}
        });
        let mut names = Vec::new();
        walk(&part(bytes, "xl/workbook.xml").expect("a workbook"), |event| match event {
            Found::Begin(tag, element) if tag == "sheet" => names.push(attribute(&element, "name").expect("a name")),
            _ => {}
        });
        let sheet = |(number, name): (usize, String)| {
            let text = part(bytes, &format!("xl/worksheets/sheet{}.xml", number + 1)).expect("a sheet");
            (name, cells(&text, &strings))
        };
        Self { sheets: names.into_iter().enumerate().map(sheet).collect() }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.sheets.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn cells(&self, sheet: &str) -> &BTreeMap<(usize, usize), String> {
        &self.sheets.iter().find(|(name, _)| name == sheet).unwrap_or_else(|| panic!("a sheet {sheet}")).1
    }

    /// What a cell has: `"text"`, or a number as it is in the file.
    pub(super) fn cell(&self, sheet: &str, row: usize, column: usize) -> Option<&str> {
        self.cells(sheet).get(&(row, column)).map(|value| value.strip_prefix('"').unwrap_or(value))
    }

    pub(super) fn number(&self, sheet: &str, row: usize, column: usize) -> f64 {
        self.cells(sheet)[&(row, column)].parse().expect("a number")
    }

    pub(super) fn has_text(&self, sheet: &str, text: &str) -> bool {
        self.cells(sheet).values().any(|value| value.strip_prefix('"') == Some(text))
    }

    /// How many rows have anything in them.
    pub(super) fn rows(&self, sheet: &str) -> usize {
        self.cells(sheet).keys().map(|(row, _)| row + 1).max().unwrap_or(0)
    }

    /// All cells, a line each row; texts begin with a quotation mark.
    pub(super) fn text(&self, sheet: &str) -> String {
        let cells = self.cells(sheet);
        let row = |row| {
            let of_row = cells.range((row, 0)..(row + 1, 0)).map(|(_, value)| short(value));
            of_row.collect::<Vec<_>>().join(" | ")
        };
        (0..self.rows(sheet)).map(row).collect::<Vec<_>>().join("\n")
    }
}

/// A number without what doubles add to it.
fn short(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) => fixed(number),
        Err(_) => value.to_owned(),
    }
}

pub(super) fn fixed(number: f64) -> String {
    let text = format!("{number:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Every part of the file, one after the other.
pub(super) fn everything(bytes: &[u8]) -> String {
    let archive = archive(bytes);
    let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    names.iter().filter_map(|name| part(bytes, name)).collect()
}

fn archive(bytes: &[u8]) -> zip::ZipArchive<std::io::Cursor<&[u8]>> {
    zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is an archive")
}

fn part(bytes: &[u8], name: &str) -> Option<String> {
    let mut text = String::new();
    archive(bytes).by_name(name).ok()?.read_to_string(&mut text).expect("a part is UTF-8");
    Some(text)
}

enum Found {
    Begin(String, BytesStart<'static>),
    Text(String),
    End(String),
}

fn walk(text: &str, mut found: impl FnMut(Found)) {
    let mut xml = Xml::from_reader(text.as_bytes());
    xml.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).expect("XML") {
            Event::Start(element) => {
                found(Found::Begin(element.local_name().as_ref().to_owned(), element.into_owned()))
            }
            Event::Text(text) => found(Found::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => {
                let sign = resolve_xml_entity(reference.as_ref()).expect("a sign that XML has");
                found(Found::Text(sign.to_owned()));
            }
            Event::End(element) => found(Found::End(element.local_name().as_ref().to_owned())),
            Event::Eof => return,
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).expect("attributes")?;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).expect("a value").into_owned())
}

fn cells(text: &str, strings: &[String]) -> BTreeMap<(usize, usize), String> {
    let mut cells = BTreeMap::new();
    let (mut at, mut kind, mut value) = ((0, 0), String::new(), None::<String>);
    walk(text, |found| match found {
        Found::Begin(tag, element) if tag == "c" => {
            at = place(&attribute(&element, "r").expect("a place"));
            kind = attribute(&element, "t").unwrap_or_default();
        }
        Found::Begin(tag, _) if tag == "v" || tag == "t" => value = Some(String::new()),
        Found::Text(more) => value.iter_mut().for_each(|value| value.push_str(&more)),
        Found::End(tag) if tag == "c" => {
            let Some(value) = value.take() else { return };
            let value = match kind.as_str() {
                "s" => format!("\"{}", unescaped(&strings[value.parse::<usize>().expect("a number")])),
                "inlineStr" => format!("\"{}", unescaped(&value)),
                _ => value,
            };
            cells.insert(at, value);
        }
        _ => {}
    });
    cells
}

/// `C12` is the twelfth row's third cell.
fn place(reference: &str) -> (usize, usize) {
    let letters = reference.chars().take_while(char::is_ascii_alphabetic).count();
    let (column, row) = reference.split_at(letters);
    let column = column.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    (row.parse::<usize>().expect("a row") - 1, column - 1)
}

/// Signs that XML does not have are written `_x0007_`.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let sign = rest.get(at + 2..at + 6).and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        match sign.filter(|_| rest.get(at + 6..at + 7) == Some("_")) {
            Some(sign) => {
                out.push_str(&rest[..at]);
                out.push(sign);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out + rest
}
