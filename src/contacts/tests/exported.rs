//! People as a workbook of ours, read back: cell by cell what they were.

use proptest::prelude::*;

use super::super::*;
use crate::{
    export::{self, Format, Headings, Request},
    store::rows::PersonRow,
    zone::Zone,
};

/// What spreadsheets and their files have made something else of.
const NASTY: &[&str] = &[
    "plain",
    "a \"quoted\" name",
    "two\nlines",
    "\r\nand a return\r",
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-5",
    "@x",
    "\ttab",
    " blanks ",
    "😀🇨🇳",
    "张三",
    "שלום مرحبا",
    "\u{202e}txt.exe",
    "1234567890123456789",
    "007",
    "219E01",
    "10-12",
    "1970-01-01",
    "TRUE",
    "https://example.com/",
    "mailto:a@example.com",
    "'apostrophe",
    "<b>&amp;</b>",
    "]]>",
    "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}",
    "\u{7f}\u{85}\u{a0}\u{2028}",
    "\u{fffe}\u{ffff}",
    "_x000D_",
    "_x0041_x0042_",
    "_x005F_",
    "_x0041\u{1}",
    "__x00e9\r_",
    "\u{1}x0041_",
    "_X0041_",
    "_x00",
];

fn person(user: &str, comment: &str) -> PersonRow {
    PersonRow {
        user: user.to_owned(),
        users: vec![user.to_owned()],
        name: String::new(),
        team: String::new(),
        ours: true,
        phone: String::new(),
        email: String::new(),
        comment: comment.to_owned(),
        calls: 7,
        first_ms: Some(0),
        last_ms: None,
        notes: 0,
        same_as: String::new(),
    }
}

/// What the reader makes of a text in a workbook: one that only looks like a guarded one of CSV is taken for that, and one in which
/// there is nothing to see is passed over.
fn read_as(text: &str) -> Cell {
    Some(Cell::written(text)).filter(|cell| !cell.is_blank()).unwrap_or_default()
}

/// The rows of a workbook as our reader has them.
fn read_back(people: &[PersonRow], headings: Headings) -> Table {
    let columns = ["user", "comment", "ours", "first_seen", "calls"].map(str::to_owned).to_vec();
    let zone = Zone::read("Asia/Shanghai").expect("a zone");
    let request =
        Request { columns: Some(columns), tz: zone, headings, ..Request::of(export::Kind::People, Format::Xlsx) };
    read(&export::workbook(&request, 1_000, people)).expect("our own workbook is read")
}

#[test]
fn what_is_nasty_comes_back_as_it_was() {
    let people: Vec<PersonRow> = NASTY.iter().map(|text| person("u", text)).collect();
    for (headings, name, called) in [
        (Headings::Names, "people", ["user", "comment", "ours", "first_seen", "calls"]),
        (Headings::En, "People", ["User", "Comment", "One of us", "First seen", "Calls"]),
        (Headings::Zh, "联系人", ["用户", "备注", "我方", "首次出现", "通话数"]),
    ] {
        let table = read_back(&people, headings);
        assert_eq!(table.source, Source::Sheet { name: name.to_owned() }, "not what the file says of itself");
        assert_eq!(table.header.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), called, "headings");
        assert_eq!(table.rows.len(), NASTY.len(), "no row is lost");
        for (row, text) in table.rows.iter().zip(NASTY) {
            let [user, comment, ours, first_seen, calls] = row.cells.as_slice() else { panic!("five cells: {row:?}") };
            assert_eq!(comment, &Cell { text: (*text).to_owned(), kind: Kind::Text }, "text is text, and the same");
            assert_eq!((user.text.as_str(), ours.text.as_str()), ("u", "yes"), "beside {text:?}");
            assert_eq!((first_seen.text.as_str(), first_seen.kind), ("1970-01-01 08:00:00", Kind::Date), "a date");
            assert_eq!((calls.text.as_str(), calls.kind), ("7", Kind::Number), "a number");
        }
    }
}

proptest! {
    #[test]
    fn any_text_comes_back(texts in prop::collection::vec(prop_oneof![any::<String>(), "[_x0041aF\u{1}\r\u{ffff}\n <&]{0,24}"], 1..8)) {
        let people: Vec<PersonRow> = texts.iter().map(|text| person("u", text)).collect();
        let table = read_back(&people, Headings::En);
        let read: Vec<Cell> = table.rows.iter().map(|row| row.cells[1].clone()).collect();
        let want: Vec<Cell> = texts.iter().map(|text| read_as(text)).collect();
        prop_assert_eq!(read, want);
    }
}
