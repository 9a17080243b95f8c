//! Text in each encoding and with each separator.

use expect_test::{Expect, expect};

use super::{super::*, encoded, told};

fn check(text: &str, want: Expect) {
    want.assert_eq(&told(&read(text.as_bytes())));
}

#[test]
fn each_encoding_and_separator_gives_the_same_table() {
    let rows = [
        ["用户ID", "姓名", "备注"],
        ["1234567890123456789", "张三", "a,b;c\td"],
        ["007", "say \"hi\"", "two\r\nlines\nand more"],
        ["219E01", "محمد \u{200f}", "😀 👩‍👩‍👧"],
        ["10-12", "=cmd|' /C calc'!A0", ""],
        ["u5", "", "x"],
    ];
    let mut want: Option<Table> = None;
    for separator in [b',', b';', b'\t'] {
        for end in [csv::Terminator::CRLF, csv::Terminator::Any(b'\n')] {
            let mut writer = csv::WriterBuilder::new().delimiter(separator).terminator(end).from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            for (charset, bytes) in encoded(&text) {
                let table = read(&bytes).unwrap();
                assert_eq!(table.source, Source::Text { charset, separator: char::from(separator) });
                let want = want.get_or_insert_with(|| table.clone());
                assert_eq!((&table.header, &table.rows), (&want.header, &want.rows), "{:?}", table.source);
            }
        }
    }
    expect![[r#"
        UTF-8 ','
        1: 用户ID | 姓名 | 备注
        2: 1234567890123456789 | 张三 | a,b;c\td
        3: 007 | say \"hi\" | two\r\nlines\nand more
        6: 219E01 | محمد \u{200f} | 😀 👩\u{200d}👩\u{200d}👧
        7: 10-12 | =cmd|\' /C calc\'!A0
        8: u5 |  | x"#]]
    .assert_eq(&told(&want.ok_or(Unreadable::Empty)));
}

#[test]
fn separators_are_guessed_from_headings_and_widths() {
    for (text, want) in [
        ("user;name, if known;team\n1;a, b;c\n", ';'),
        ("user\tname\n1,2;3\tb\n", '\t'),
        ("user;name\n\"a,b\nc,d\";e\n", ';'),
        ("when;who\n1,5;2\n3,5;4\n", ';'),
        ("x,y\n1;2;3,4\n5;6,7\n", ','),
        ("user\n1\n", ','),
        ("sep=;\nuser,x;name\n1;2\n", ';'),
        ("\"sep=|\"\r\nuser|name\r\n1|2\r\n", '|'),
        ("SEP=\t\nuser\tname\n", '\t'),
    ] {
        let table = read(text.as_bytes()).unwrap();
        assert_eq!(table.source, Source::Text { charset: Charset::Utf8, separator: want }, "{text:?}");
        assert!(!table.header.cells[0].text.starts_with("sep"), "{text:?}");
    }
}

#[test]
fn rows_keep_the_lines_of_an_editor() {
    check(
        "\u{feff}\n\r\nuser,name\n\n1,\"a\nb\"\r\n,,\n  \n2,c\r3,d\n\n\n\"4\",e",
        expect![[r#"
            UTF-8 ','
            3: user | name
            5: 1 | a\nb
            9: 2 | c
            10: 3 | d
            13: 4 | e"#]],
    );
    check(
        "sep=,\nuser,name\n'007,=\"008\"\n''x,'y\n",
        expect![[r#"
            UTF-8 ','
            2: user | name
            3: literal 007 | literal 008
            4: literal \'x | \'y"#]],
    );
}

#[test]
fn what_is_no_table_is_told() {
    let told = |bytes: &[u8]| told(&read(bytes));
    for (bytes, want) in [
        (&b""[..], "empty"),
        (b"\xef\xbb\xbf\r\n , ,\n", "empty"),
        (b"\x1a", "empty"),
        (b"SQLite format 3\0\x10\0", "foreign"),
        (b"{\"v\":1,\"received\":\"2025\"}", "foreign"),
        (b"<html><table>", "foreign"),
        (b"\x1f\x8b\x08", "foreign"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"PK\x03\x04", "damaged_workbook"),
        (b"user,name\n1,a\0b\n", "not_text"),
        (b"user,name\n1,a\n2,\"b\n3,c\n", "open_quote"),
        (b"user,name\n1,\"a\"\"\n", "open_quote"),
        (b"\"", "open_quote"),
    ] {
        assert_eq!(told(bytes).split(':').next(), Some(want), "{:?}", String::from_utf8_lossy(bytes));
    }
    let open = told(b"user,name\n1,a\n2,\"b\n3,c\n");
    assert_eq!(open, "open_quote: A quotation mark in the row that begins in line 3 is never closed.");
    assert_eq!(
        told(b"user,5\" screen\n1,\"a\"b\n"),
        "UTF-8 ','\n1: user | 5\\\" screen\n2: 1 | ab",
        "a stray one is none"
    );
}

#[test]
fn tables_are_bounded() {
    assert_eq!(read(&vec![b','; MOST_BYTES + 1]), Err(Unreadable::TooLarge));
    assert_eq!(read(&vec![b','; 2 * MOST_CELLS + 2]), Err(Unreadable::TooManyCells));
    let rows = format!("user\n{}", "1\n".repeat(MOST_ROWS));
    assert_eq!(read(rows.as_bytes()).map(|table| table.rows.len()), Ok(MOST_ROWS));
    assert_eq!(read(format!("{rows}1\n").as_bytes()), Err(Unreadable::TooManyRows));
    let wide = format!("user,name\n1{}x\n", ",".repeat(MOST_COLUMNS));
    assert_eq!(read(wide.as_bytes()), Err(Unreadable::TooManyColumns { line: 2 }));
    let many = format!("user,name\n{}", format!("1{}x\n", ",".repeat(99)).repeat(MOST_CELLS / 100));
    assert_eq!(read(many.as_bytes()), Err(Unreadable::TooManyCells));
}
