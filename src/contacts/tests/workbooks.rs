//! What the cells of a workbook say.

use expect_test::{Expect, expect};

use super::{super::*, told, workbook::Workbook};

const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"00000\"/></numFmts>\
    <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";

fn check(workbook: &Workbook, want: Expect) {
    let packed = told(&read(&workbook.packed()));
    assert_eq!(packed, told(&read(&workbook.stored())));
    want.assert_eq(&packed);
}

#[test]
fn cells_are_texts_that_know_what_they_were() {
    let mut workbook = Workbook::default();
    workbook.part("xl/styles.xml", STYLES);
    workbook.skip_to(2);
    workbook.texts(&["用户ID", "name", "'007", "  "]);
    workbook.row("<c r=\"A3\"><v>12345678901</v></c><c r=\"C3\" s=\"2\"><v>42</v></c>");
    workbook.row("<c><v>1.23E+15</v></c><c/><c s=\"1\"><v>45722.471597222222</v></c>");
    workbook.row("<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c t=\"d\"><v>2025-03-06</v></c>");
    workbook.row(
        "<c t=\"inlineStr\"><is><r><t>a</t></r><r><t> &amp; b&#x4e09;</t></r><rPh><t>no</t></rPh></is></c>\
         <c t=\"str\"><f>\"007\"&amp;1</f><v>0071</v></c><c t=\"inlineStr\"><is><t><![CDATA[<x>]]></t></is></c>",
    );
    workbook.row("<c s=\"0\"/>");
    workbook.skip_to(99);
    workbook.texts(&["219E01", "=cmd|' /C calc'!A0", "_x000D_"]);
    check(
        &workbook,
        expect![[r#"
            sheet People
            2: 用户ID | name | literal 007
            3: number 12345678901 |  | number 00042
            4: inexact 1230000000000000 |  | date 2025-03-06 11:19:06
            5: truth true | error #N/A | date 2025-03-06
            6: a & b三 | 0071 | <x>
            99: 219E01 | =cmd|\' /C calc\'!A0 | _x000D_"#]],
    );
}

#[test]
fn the_first_sheet_with_anything_in_it_is_read() {
    let mut workbook = Workbook::default();
    workbook.part(
        "xl/workbook.xml",
        "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"Lists\" state=\"hidden\" r:id=\"b\"/>\
         <sheet name=\"Chart\" r:id=\"none\"/><sheet name=\"Empty\" r:id=\"a\"/></sheets></workbook>",
    );
    check(&workbook, expect!["empty: The file holds no table: there is nothing in it."]);
    workbook.part(
        "xl\\Worksheets\\sheet2.xml",
        "<x:worksheet><x:sheetData><x:row><x:c t=\"str\"><x:v>user</x:v></x:c></x:row></x:sheetData></x:worksheet>",
    );
    check(
        &workbook,
        expect![[r#"
            sheet Lists
            1: user"#]],
    );
}

#[test]
fn what_is_no_workbook_is_told() {
    let broken = |part: &str, content: &str| {
        let mut workbook = Workbook::default();
        workbook.texts(&["user"]);
        workbook.part(part, content);
        told(&read(&workbook.packed()))
    };
    let sheet = |rows: &str| broken("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{rows}"));
    let damaged = "damaged_workbook: The workbook is damaged (xl/worksheets/sheet1.xml). Open it in a spreadsheet program and save it again.";
    assert_eq!(sheet("<row><c t=\"s\"><v>7</v></c></row>"), damaged, "a string that is not there");
    assert_eq!(sheet("<row><c><v>1</v></c>"), damaged, "cut off within a row");
    assert_eq!(sheet("<row r=\"4294967295\"/>"), damaged, "a row beyond every spreadsheet");
    assert_eq!(sheet("<row><c r=\"AAAAAAAAAAAAAAAA1\"><v>1</v></c></row>"), damaged, "a column beyond counting");
    assert_eq!(sheet("<row><c t=\"str\"><v>&bomb;</v></c></row>"), damaged, "an entity of its own");
    assert_eq!(
        sheet("<row r=\"5\"><c r=\"XFD5\"><v>1</v></c></row>"),
        "too_many_columns: Row 5 has more than 256 columns."
    );
    assert!(
        broken("xl/workbook.xml", "<office:document/>").starts_with("not_workbook: "),
        "a document of another kind"
    );
    let mut workbook = Workbook::default();
    workbook.texts(&["user"]);
    let mut bytes = workbook.stored();
    let at = bytes.windows(4).position(|window| window == b"user").unwrap();
    bytes[at] = b'U';
    assert!(told(&read(&bytes)).starts_with("damaged_workbook: "), "what was packed had another sum");
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    let mut workbook = Workbook::default();
    workbook.texts(&["user"]);
    workbook.part("xl/styles.xml", &" ".repeat(100_000));
    let bytes = workbook.packed();
    assert!(bytes.len() < 2000, "it is small as long as it is packed");
    assert_eq!(xlsx::read(&bytes, 100_000), Err(Unreadable::UnpacksTooLarge), "all parts together count");
    assert!(xlsx::read(&bytes, 102_000).is_ok());
    workbook.part("xl/sharedStrings.xml", &"<si/>".repeat(100));
    assert_eq!(xlsx::string_count(&workbook.packed(), 99), Err(Unreadable::TooManyCells), "empty ones count");
    assert_eq!(xlsx::string_count(&workbook.packed(), 100), Ok(()));
}
