//! `import`: the way of `export deliveries --format jsonl`, backwards.

use expect_test::expect;

use super::{APP, Folder};

fn exported(folder: &Folder) -> String {
    folder.good(&["export", "deliveries", "--format", "jsonl"])
}

/// A second folder with the deliveries of the first.
fn copy_of(folder: &Folder) -> Folder {
    let copy = Folder::new();
    copy.good(&["app", "add", APP]);
    let file = copy.write("all.jsonl", &exported(folder));
    copy.good(&["import", &file]);
    copy
}

#[test]
fn an_export_that_is_imported_elsewhere_gives_the_same_record() {
    let folder = Folder::with_samples();
    let copy = copy_of(&folder);
    let record = folder.record();
    assert!(record.lines().count() > 25, "there is a record to compare: {} lines", record.lines().count());
    assert_eq!(copy.record(), record, "calls, members, rooms and stays follow from the deliveries alone");
    assert_eq!(exported(&copy), exported(&folder), "and the deliveries are the same");
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let folder = Folder::with_samples();
    let before = (folder.record(), exported(&folder));
    let file = folder.write("all.jsonl", &before.1);
    let said = folder.good(&["import", &file]);
    assert!(said.contains("0 new") && !said.contains("quarantine"), "it is known already: {said}");
    assert_eq!((folder.record(), exported(&folder)), before, "nothing changed");
}

#[test]
fn a_receipt_keeps_its_origin_from_record_to_record() {
    let with_origins = |folder: &Folder| folder.good(&["export", "deliveries", "--format", "jsonl", "--origins"]);
    let (folder, copy) = (Folder::with_samples(), Folder::new());
    let exported = with_origins(&folder);
    let origins = exported.matches("\"origin\":\"").count();
    assert_eq!(origins, exported.lines().count(), "each line says it: {exported}");
    copy.good(&["app", "add", APP]);
    copy.good(&["import", &copy.write("all.jsonl", &exported)]);
    assert_eq!(with_origins(&copy), exported, "whoever has it from here knows where it came from");
}

/// A line with a body of its own.
fn line(app: &str, verdict: &str, more: &str) -> String {
    format!(
        r#"{{"v":1,"received":"2025-03-06T03:19:06.123Z","app":"{app}","verdict":"{verdict}","reason":"why","query":"sdkappid={app}","body":"{{}}"{more}}}"#
    ) + "\n"
}

#[test]
fn bad_lines_are_told_and_the_others_go_on() {
    let folder = Folder::new();
    let text = format!("{}\nnonsense\n\n{{\"v\":7}}\n{}", line("1", "applied", "").trim(), line("2", "applied", ""));
    let file = folder.write("mixed.jsonl", &text);
    let missing = folder.path("missing.jsonl");
    let ran = folder.run(&["import", &missing, &file]);
    assert_eq!(ran.code, Some(1), "something was bad");
    let told = ran.err.replace(&folder.path(""), "");
    expect![[r#"
        calltrail: missing.jsonl: No such file or directory (os error 2)
        calltrail: mixed.jsonl, line 2: it is not a delivery in JSON Lines: expected ident at line 1 column 2. The line was left out.
        calltrail: mixed.jsonl, line 4: it is in version 7 of the format, and this program reads version 1. The line was left out.
    "#]]
    .assert_eq(&told);
    assert_eq!(
        ran.out.replace(&folder.path(""), ""),
        "mixed.jsonl: 2 new, 0 known already, 2 bad lines left out.\n",
        "two were good"
    );
    assert_eq!(exported(&folder).lines().count(), 2, "and are kept");
}

/// What other programs make of a file on its way.
#[test]
fn the_encoding_of_a_file_is_told_and_not_assumed() {
    let folder = Folder::new();
    let text = line("1", "applied", "").replace("{}", "张三 😀") + &line("2", "applied", "");
    folder.good(&["import", &folder.write("plain.jsonl", &text)]);
    let want = exported(&folder);
    let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
    let little = |text: &str| units(text).into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| units(text).into_iter().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let (windows, marked) = (text.replace('\n', "\r\n"), format!("\u{feff}{text}"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &little(&marked)).expect("memory takes it");
    for (name, bytes) in [
        ("UTF-16 of PowerShell", little(&format!("\u{feff}{windows}"))),
        ("UTF-16, the higher byte first", big(&marked)),
        ("UTF-16 without a mark", little(&text)),
        ("UTF-16 without a mark, the higher byte first", big(&text)),
        ("UTF-8 with a mark and CRLF", format!("\u{feff}{windows}").into_bytes()),
        ("a Ctrl-Z at the end", format!("{text}\u{1a}").into_bytes()),
        ("NULs at the end", format!("{text}\0\0\0").into_bytes()),
        (
            "two files with marks, joined",
            text.lines().flat_map(|line| format!("\u{feff}{line}\n").into_bytes()).collect(),
        ),
        ("packed by gzip", packed.finish().expect("memory takes it")),
    ] {
        let other = Folder::new();
        let file = other.path("saved.jsonl");
        std::fs::write(&file, bytes).expect("the file");
        let ran = other.run(&["import", &file]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{name} is read: {}", ran.out);
        assert!(ran.out.ends_with("2 new, 0 known already.\n"), "{name}: {}", ran.out);
        assert_eq!(exported(&other), want, "{name} gives the same deliveries, byte for byte");
    }
}

#[test]
fn what_cannot_be_read_is_named_once() {
    let folder = Folder::new();
    let told = |name: &str, bytes: &[u8]| {
        let file = folder.path(name);
        std::fs::write(&file, bytes).expect("the file");
        let ran = folder.run(&["import", &file]);
        assert_eq!(ran.code, Some(1), "{name} is not what is imported: {}", ran.out);
        ran.err.replace(&folder.path(""), "")
    };
    let chinese: Vec<u8> =
        std::iter::repeat_n(&b"{\"v\":1,\"body\":\"\xd6\xd0\xb9\xfa\"}\n"[..], 300).flatten().copied().collect();
    let table = format!("received,app\r\n{}", "2025-03-06 11:19:06.007,1400000000\r\n".repeat(40));
    let document = format!("[\n{}]\n", "  {\n    \"v\": 1\n  },\n".repeat(40));
    let all = [
        told("chinese.jsonl", &chinese),
        told("table.csv", table.as_bytes()),
        told("document.json", document.as_bytes()),
        told("copy.db", b"SQLite format 3\0\x10\0"),
        told("all.zip", b"PK\x03\x04 and so on"),
    ];
    expect![[r#"
        calltrail: chinese.jsonl, lines 1 to 300: it is not UTF-8, so the file was saved in another encoding on its way; save or export it as UTF-8 (the first of them). These lines were left out.
        calltrail: chinese.jsonl: nothing in it is a delivery. It looks like JSON, but not deliveries with one to a line, as `calltrail export deliveries --format jsonl` writes them.
    "#]]
    .assert_eq(&all[0]);
    for (told, words) in [
        (&all[1], "It looks like a table such as CSV"),
        (&all[2], "It looks like JSON, but not deliveries"),
        (&all[3], "It looks like a database, such as a backup; `calltrail restore`"),
        (&all[4], "It looks like a packed file; unpack it first"),
    ] {
        assert!(told.contains(words), "it is said what it is ({words}): {told}");
        assert!(told.lines().count() <= 4, "and not once a line: {told}");
    }
}

#[test]
fn settings_that_an_editor_saved_in_another_encoding_are_read() {
    let folder = Folder::new();
    folder.good(&["app", "add", "1400000000", "--label", "Fro\u{1d4}h"]);
    let path = folder.data().join("config.json");
    let text = std::fs::read_to_string(&path).expect("the settings");
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{text}").into_bytes(), utf16] {
        std::fs::write(&path, bytes).expect("the settings");
        let listed = folder.good(&["app", "list"]);
        assert!(listed.contains("1400000000"), "an editor's encoding is no damage: {listed}");
    }
}

#[test]
fn repeats_are_brought_up_to_the_count_of_the_line() {
    let folder = Folder::new();
    let repeats = |folder: &Folder| {
        let line: serde_json::Value = serde_json::from_str(&exported(folder)).expect("one line");
        line["repeats"].as_u64()
    };
    for (count, want) in [(3, 3), (3, 3), (1, 3), (5, 5)] {
        let file = folder.write("one.jsonl", &line("1", "applied", &format!(r#","repeats":{count}"#)));
        folder.good(&["import", &file]);
        assert_eq!(repeats(&folder), Some(want), "a line that came {count} times");
    }
}

#[test]
fn what_was_quarantined_stays_so_until_its_app_is_ours() {
    let folder = Folder::new();
    folder.good(&["app", "add", "2"]);
    let lines = line("1", "foreign_app", r#","repeats":2"#)
        + &line("2", "foreign_app", r#","method":"PUT""#)
        + &line("2", "app_conflict", r#","remote":"x""#).replace("{}", "{ }");
    let file = folder.write("quarantine.jsonl", &lines);
    let said = folder.good(&["import", &file]);
    assert!(said.ends_with("1 new, 0 known already, 2 in quarantine.\n"), "two wait, one has become ours: {said}");
    let places = || -> Vec<String> {
        let text = folder.good(&["export", "deliveries", "--columns", "app,verdict,repeats"]);
        let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let before = places();
    assert!(before.contains(&"1,foreign_app,2".to_owned()), "with its repeats: {before:?}");
    assert!(before.contains(&"2,app_conflict,0".to_owned()), "two apps in one request stay suspect: {before:?}");

    let said = folder.good(&["import", &file]);
    assert!(said.ends_with("0 new, 3 known already.\n"), "all are known: {said}");
    assert_eq!(places(), before, "and nothing is counted twice");

    let said = folder.good(&["app", "add", "1"]);
    assert_eq!(
        said, "1 is one of our apps now. 1 delivery came out of quarantine into the record.\n",
        "now it is ours"
    );
    folder.good(&["import", &file]);
    let after = places();
    assert_eq!(after.len(), 3, "an import does not put it back into quarantine: {after:?}");
    assert!(!after.iter().any(|line| line.contains("foreign_app")), "nothing waits for its app any more: {after:?}");
}
