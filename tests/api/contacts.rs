//! A file of contacts through the API: what is shown of it first, and what is written.

use expect_test::{Expect, expect};
use flate2::Crc;
use serde_json::{Value, json};

use super::desk::{Answer, Desk};

const PREVIEW: &str = "/api/contacts/preview";
const IMPORT: &str = "/api/contacts/import";

/// One broken row of each kind that people meet, and good ones around them.
const BROKEN: &str = "user,name,team,ours\nu1,Anna,Billing,yes\n1.23E+15,Eva,,\nu2,李四,,\n,Nobody,,\nu3,Smith, John,,x\nu4,Tom,,perhaps\n\
                      u5,One,,\nu5,Two,,\nu1,,Billing,\n";

/// What a preview shows, a line for each thing.
fn told(answer: &Answer) -> String {
    if answer.status != 200 {
        return format!("{} {}", answer.status, answer.json["problem"]);
    }
    let json = &answer.json;
    let list = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let mut lines = vec![format!("{} rows of {}", json["rows"], json["source"])];
    lines.extend(
        list(&json["columns"]).iter().map(|column| format!("column {} {}", column["heading"], column["examples"])),
    );
    let mapping = list(&json["mapping"]);
    let mapping = mapping.iter().map(|one| format!("{}={}", one["field"].as_str().unwrap(), one["column"]));
    lines.push(mapping.collect::<Vec<_>>().join(" "));
    if json["plan"].is_null() {
        return [lines.join("\n"), "no plan".to_owned()].join("\n");
    }
    lines.push(counts(&json["plan"]["counts"]));
    for kind in ["new", "changed", "unchanged"] {
        for row in list(&json["plan"][kind]) {
            let changes = list(&row["changes"]);
            let changes = changes.iter().map(|change| {
                format!(" {} {}>{}", change["field"].as_str().unwrap(), change["before"], change["after"])
            });
            lines.push(format!("{} {} {kind}{}", row["line"], row["user"], changes.collect::<String>()));
        }
    }
    lines.extend(refused(&json["plan"]["refused"]));
    lines.join("\n")
}

fn counts(counts: &Value) -> String {
    let told = ["new", "changed", "unchanged", "refused"].map(|kind| format!("{} {kind}", counts[kind]));
    told.join(", ")
}

fn refused(rows: &Value) -> Vec<String> {
    let told = |row: &Value| format!("{} {} {}", row["line"], row["user"], row["why"]);
    rows.as_array().into_iter().flatten().map(told).collect()
}

async fn check(desk: &Desk, query: &str, file: &[u8], want: Expect) {
    want.assert_eq(&told(&desk.post_file(&format!("{PREVIEW}{query}"), file).await));
}

/// Everybody who is known, by id.
async fn people(desk: &Desk) -> String {
    let mut people: Vec<String> = desk.get("/api/people").await.json["rows"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| format!("{} {} {} {}", row["user"], row["name"], row["team"], row["ours"]))
        .collect();
    people.sort();
    people.join("\n")
}

fn ids(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "it is taken: {}", answer.json);
    answer.json["ids"].as_array().expect("ids").clone()
}

#[tokio::test]
async fn a_file_is_shown_before_anything_is_written() {
    let desk = Desk::open().await;
    check(
        &desk,
        "",
        BROKEN.as_bytes(),
        expect![[r#"
        9 rows of {"kind":"text","charset":"utf8","separator":","}
        column "user" ["u1","1.23E+15","u2"]
        column "name" ["Anna","Eva","李四"]
        column "team" ["Billing","John","Billing"]
        column "ours" ["yes","perhaps"]
        user=1 name=2 team=3 ours=4
        2 new, 0 changed, 1 unchanged, 6 refused
        2 "u1" new name null>"Anna" team null>"Billing" ours null>true
        4 "u2" new name null>"李四"
        10 "u1" unchanged
        3 "1.23E+15" {"code":"rounded","field":"user","text":"1.23E+15"}
        5 "" {"code":"no_id"}
        6 "u3" {"code":"shifted","cells":5,"headings":4}
        7 "u4" {"code":"ours_unclear","text":"perhaps"}
        8 "u5" {"code":"contradicted","field":"name","line":9}
        9 "u5" {"code":"contradicted","field":"name","line":8}"#]],
    )
    .await;
    assert_eq!(people(&desk).await, "", "nothing is written");
    desk.close().await;
}

#[tokio::test]
async fn rows_are_taken_without_those_that_are_refused_and_undone_together() {
    let desk = Desk::open().await;
    let known = json!({ "edits": [{ "subject": ["user", "u2"], "field": "team", "value": "Front desk" }] });
    assert_eq!(desk.send("POST", "/api/entries", Some(known)).await.status, 200, "somebody is known");
    let before = people(&desk).await;

    let none = desk.post_file(&format!("{IMPORT}?all_or_none=true"), BROKEN.as_bytes()).await;
    assert_eq!(ids(&none), Vec::<Value>::new(), "all or none");
    assert_eq!(refused(&none.json["refused"]).len(), 6, "each row that stands in the way is named");
    assert_eq!(people(&desk).await, before, "and nothing was written");

    let some = desk.post_file(IMPORT, BROKEN.as_bytes()).await;
    let written = ids(&some);
    expect!["1 new, 1 changed, 1 unchanged, 6 refused"].assert_eq(&counts(&some.json["counts"]));
    expect![[r#"
        3 "1.23E+15" {"code":"rounded","field":"user","text":"1.23E+15"}
        5 "" {"code":"no_id"}
        6 "u3" {"code":"shifted","cells":5,"headings":4}
        7 "u4" {"code":"ours_unclear","text":"perhaps"}
        8 "u5" {"code":"contradicted","field":"name","line":9}
        9 "u5" {"code":"contradicted","field":"name","line":8}"#]]
    .assert_eq(&refused(&some.json["refused"]).join("\n"));
    expect![[r#"
        "u1" "Anna" "Billing" true
        "u2" "李四" "Front desk" false"#]]
    .assert_eq(&people(&desk).await);
    assert_eq!(
        ids(&desk.post_file(IMPORT, BROKEN.as_bytes()).await),
        Vec::<Value>::new(),
        "what holds is not written again"
    );

    let undone = desk.send("POST", "/api/entries/undo", Some(json!({ "ids": written }))).await;
    assert_eq!(undone.status, 200, "one undo for the whole of it: {}", undone.json);
    expect![[r#""u2" "" "Front desk" false"#]].assert_eq(&people(&desk).await);
    assert_eq!(ids(&desk.post_file(IMPORT, BROKEN.as_bytes()).await).len(), written.len(), "it can be taken again");
    desk.close().await;
}

#[tokio::test]
async fn files_of_chinese_spreadsheets_are_read_as_they_were_saved() {
    let desk = Desk::open().await;
    let text = "用户ID;姓名;我方人员;手机\r\n'007;王芳;是;138 0013 8000\r\n8,61E+12;李四;;\r\n";
    let (gb18030, ..) = encoding_rs::GB18030.encode(text);
    let want = |charset: &str| format!("2 rows of {{\"kind\":\"text\",\"charset\":\"{charset}\",\"separator\":\";\"}}");
    for (charset, bytes) in [
        ("gb18030", gb18030.to_vec()),
        ("utf8", format!("\u{feff}{text}").into_bytes()),
        ("utf16", format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        let told = told(&desk.post_file(PREVIEW, &bytes).await);
        let (first, rest) = told.split_once('\n').expect("lines");
        assert_eq!(first, want(charset));
        expect![[r#"
            column "用户ID" ["007","8,61E+12"]
            column "姓名" ["王芳","李四"]
            column "我方人员" ["是"]
            column "手机" ["138 0013 8000"]
            user=1 name=2 ours=3 phone=4
            1 new, 0 changed, 0 unchanged, 1 refused
            2 "007" new name null>"王芳" ours null>true phone null>"138 0013 8000"
            3 "8,61E+12" {"code":"rounded","field":"user","text":"8,61E+12"}"#]]
        .assert_eq(rest);
    }
    desk.close().await;
}

#[tokio::test]
async fn a_workbook_is_read_and_its_numbers_are_refused_where_digits_matter() {
    let desk = Desk::open().await;
    let row = |cells: [&str; 3]| cells.map(|cell| format!("<c{cell}</c>")).concat();
    let text = |text: &str| format!(" t=\"str\"><v>{text}</v>");
    let rows = [
        row([&text("用户 ID"), &text("姓名"), &text("Phone")]),
        row([&text("00123"), &text("&lt;b&gt;"), "><v>13800138000</v>"]),
        row(["><v>1.23E+15</v>", &text("Eva"), "><v/>"]),
        row(["><v>12345678901234567890</v>", &text("Eva"), "><v/>"]),
        row([&text("1.23E+15"), &text("Eva"), "><v/>"]),
    ];
    check(
        &desk,
        "",
        &workbook(&rows),
        expect![[r#"
        4 rows of {"kind":"sheet","name":"通讯录"}
        column "用户 ID" ["00123","1230000000000000","12345678901234567000"]
        column "姓名" ["<b>","Eva","Eva"]
        column "Phone" ["13800138000"]
        user=1 name=2 phone=3
        1 new, 0 changed, 0 unchanged, 3 refused
        2 "00123" new name null>"<b>" phone null>"13800138000"
        3 "1230000000000000" {"code":"rounded","field":"user","text":"1230000000000000"}
        4 "12345678901234567000" {"code":"rounded","field":"user","text":"12345678901234567000"}
        5 "1.23E+15" {"code":"rounded","field":"user","text":"1.23E+15"}"#]],
    )
    .await;
    assert_eq!(ids(&desk.post_file(IMPORT, &workbook(&rows)).await).len(), 2, "name and telephone of the one");
    desk.close().await;
}

#[tokio::test]
async fn columns_are_what_somebody_says() {
    let desk = Desk::open().await;
    let file = "Kennung,Wer,2\nu1,Anna,x\n".as_bytes();
    check(
        &desk,
        "",
        file,
        expect![[r#"
        1 rows of {"kind":"text","charset":"utf8","separator":","}
        column "Kennung" ["u1"]
        column "Wer" ["Anna"]
        column "2" ["x"]

        no plan"#]],
    )
    .await;
    check(
        &desk,
        "?map=user=1,name=2,team=3",
        file,
        expect![[r#"
        1 rows of {"kind":"text","charset":"utf8","separator":","}
        column "Kennung" ["u1"]
        column "Wer" ["Anna"]
        column "2" ["x"]
        user=1 name=2 team=3
        1 new, 0 changed, 0 unchanged, 0 refused
        2 "u1" new name null>"Anna" team null>"x""#]],
    )
    .await;
    let none = desk.post_file(IMPORT, file).await;
    expect![[r#"400 {"code":"contacts_unmapped","why":{"code":"no_user","columns":["Kennung","Wer","2"]}}"#]]
        .assert_eq(&told(&none));
    for map in ["user=9", "user=Kennung", "user=1,name=1", "user=1,user=2", "nick=1", "user", "user=1,name=0"] {
        let (shown, taken) = (format!("{PREVIEW}?map={map}"), format!("{IMPORT}?map={map}"));
        let (shown, taken) = (desk.post_file(&shown, file).await, desk.post_file(&taken, file).await);
        assert_eq!((shown.status, taken.status), (400, 400), "{map}: {}", shown.json);
        assert_eq!(shown.json, taken.json, "both say the same of {map}");
        assert_eq!(shown.json["problem"]["code"], "contacts_unmapped", "{map}: {}", shown.json);
    }
    assert_eq!(ids(&desk.post_file(&format!("{IMPORT}?map=user=1,name=2"), file).await).len(), 1, "as it was said");
    desk.close().await;
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_a_code() {
    let desk = Desk::open().await;
    let mut told = String::new();
    for file in [
        &b""[..],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04",
        b"{\"user\":\"u1\"}\n",
        b"user,name\n1,M\xfcller\n",
        b"user,name\nu1,\"Anna\nu2,Ben\n",
    ] {
        for address in [PREVIEW, IMPORT] {
            let answer = desk.post_file(address, file).await;
            assert_eq!(
                (answer.status, &answer.json["problem"]["code"]),
                (400, &json!("contacts_unreadable")),
                "{}",
                answer.json
            );
            if address == PREVIEW {
                told.push_str(&format!("{}\n", answer.json["problem"]["why"]));
            }
        }
    }
    expect![[r#"
        {"code":"empty"}
        {"code":"old_workbook"}
        {"code":"damaged_workbook","part":"zip"}
        {"code":"foreign","what":"json"}
        {"code":"unknown_charset"}
        {"code":"open_quote","line":2}
    "#]]
    .assert_eq(&told);
    let answer = desk.send("POST", PREVIEW, Some(json!({}))).await;
    assert_eq!(
        (answer.status, &answer.json["problem"]["code"]),
        (400, &json!("body_unusable")),
        "JSON is no file: {}",
        answer.json
    );
    let large = vec![b'a'; 64 * 1024 * 1024 + 1];
    let answer = desk.post_file(PREVIEW, &large).await;
    assert_eq!(
        answer.json["problem"]["why"],
        json!({ "code": "too_large" }),
        "it is said before it is read: {}",
        answer.json
    );
    desk.close().await;
}

#[tokio::test]
async fn a_value_that_the_record_does_not_take_is_refused_with_its_row() {
    let desk = Desk::open().await;
    let long = "字".repeat(6_000);
    let file = format!("user,comment\nu1,{long}\nu2,short\n");
    let answer = desk.post_file(IMPORT, file.as_bytes()).await;
    assert_eq!(ids(&answer).len(), 1, "the other row is taken");
    let why = json!([{ "line": 2, "user": "u1", "why": { "code": "too_large", "field": "comment", "most": 16384 } }]);
    assert_eq!(answer.json["refused"], why);
    desk.close().await;
}

#[tokio::test]
async fn a_long_file_is_shown_in_part_and_every_refused_row_of_it() {
    let desk = Desk::open().await;
    let mut file = "user,name\n".to_owned();
    for n in 0..150 {
        file.push_str(&format!("u{n},Name {n}\n,nobody\n"));
    }
    let plan = desk.post_file(PREVIEW, file.as_bytes()).await.json["plan"].clone();
    assert_eq!(counts(&plan["counts"]), "150 new, 0 changed, 0 unchanged, 150 refused");
    let length = |kind: &str| plan[kind].as_array().map(Vec::len);
    assert_eq!((length("new"), length("refused")), (Some(100), Some(150)), "the first ones, and all");
    assert_eq!(plan["refused"][149]["line"], 301, "each with its line");

    let many: String = std::iter::once("user,name,team,phone\n".to_owned())
        .chain((0..33_334).map(|n| format!("u{n},Name {n},Team,1{n}\n")))
        .collect();
    let answer = desk.post_file(IMPORT, many.as_bytes()).await;
    let problem = json!({ "code": "contacts_too_many", "most": 100_000, "found": 100_002 });
    assert_eq!((answer.status, &answer.json["problem"]), (400, &problem), "one undo has a bound");
    assert_eq!(people(&desk).await, "", "nothing of it is written");
    desk.close().await;
}

/// A workbook with one sheet of these rows, whose parts are not packed.
fn workbook(rows: &[String]) -> Vec<u8> {
    const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"a\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let numbered = rows.iter().zip(1..).map(|(cells, number)| format!("<row r=\"{number}\">{cells}</row>"));
    let parts = [
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"通讯录\" r:id=\"a\"/></sheets></workbook>".to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{}</sheetData></worksheet>", numbered.collect::<String>()),
        ),
    ];
    let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in &parts {
        let mut crc = Crc::new();
        crc.update(content.as_bytes());
        let entry = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &number(content.len()),
            &number(content.len()),
            &number(name.len()),
        ]
        .concat();
        let at = number(file.len());
        file.extend([b"PK\x03\x04", &entry[..], name.as_bytes(), content.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\0", &entry[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let end = [number(directory.len()), number(file.len())].concat();
    let count = [u8::try_from(parts.len()).unwrap(), 0];
    file.extend(directory);
    file.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &end, &[0; 2]].concat());
    file
}
