//! `backup` and `restore`: the copy is the record, and bringing it back is a union.

use std::fs;

use expect_test::expect;

use super::{APP, Folder, samples};

fn is_in(text: &str, part: &str, why: &str) {
    assert!(text.contains(part), "{why}; {part:?} is missing from: {text}");
}

#[test]
fn a_backup_that_is_restored_elsewhere_gives_the_same_record() {
    let folder = Folder::with_samples();
    let file = folder.path("copy.db");
    let said = folder.good(&["backup", &file]);
    assert_eq!(
        said,
        format!("87 deliveries copied to {file}, and the copy was checked.\n"),
        "what was done is said in numbers"
    );
    #[cfg(unix)]
    assert_eq!(super::mode(&file), 0o600, "a copy is as private as the record");

    let other = Folder::new();
    let said = other.good(&["restore", &file]);
    is_in(&said, "87 were new to the record", "an empty record takes everything");
    assert_eq!(other.record(), folder.record(), "calls, members, rooms and stays are those of the first record");
    let said = other.good(&["restore", &file]);
    is_in(&said, "None of them was new", "a second time changes nothing");
    assert_eq!(other.record(), folder.record(), "as the record shows");
    is_in(&other.good(&["verify"]), "holds 87 deliveries", "and verify agrees");
}

#[test]
fn what_came_since_the_backup_stays() {
    let folder = Folder::new();
    folder.good(&["app", "add", APP]);
    let lines: Vec<String> = samples::lines().lines().map(|line| format!("{line}\n")).collect();
    let half = folder.write("half.jsonl", &lines[..40].concat());
    folder.good(&["import", &half]);
    let file = folder.path("copy.db");
    folder.good(&["backup", &file]);

    let other = Folder::new();
    other.good(&["app", "add", APP]);
    let rest = other.write("rest.jsonl", &lines[40..].concat());
    other.good(&["import", &rest]);
    let said = other.good(&["restore", &file]);
    is_in(&said, "were new to the record", "the first half is brought back");
    assert_eq!(other.record(), Folder::with_samples().record(), "both halves together are the whole");
}

#[test]
fn a_backup_takes_no_other_files_place() {
    let folder = Folder::with_samples();
    let file = folder.write("precious.txt", "a thesis");
    let complaint = folder.bad(1, &["backup", &file]);
    is_in(&complaint, "exists already. Nothing was written", "it is refused");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "a thesis", "and nothing was");
    let complaint = Folder::new().bad(1, &["backup", &folder.path("new.db")]);
    is_in(&complaint, "There is no record", "without a record there is nothing to copy");
}

#[test]
fn what_is_no_archive_is_refused_in_a_sentence() {
    let folder = Folder::with_samples();
    let before = folder.record();
    let text = folder.write("notes.txt", &"no database ".repeat(1_000));
    let empty = folder.write("empty.db", "");
    let (missing, folders) = (folder.path("missing.db"), folder.path(""));
    let foreign = folder.path("foreign.db");
    rusqlite::Connection::open(&foreign).expect("a file").execute_batch("create table theirs (x)").expect("a table");
    let newer = folder.path("newer.db");
    folder.good(&["backup", &newer]);
    rusqlite::Connection::open(&newer).expect("a copy").execute_batch("pragma user_version = 99").expect("a version");
    let complaints: Vec<String> = [&text, &empty, &missing, &folders, &foreign, &newer]
        .map(|file| folder.bad(1, &["restore", file]).replace(&folder.path(""), "~/"))
        .into();
    expect![[r#"
        calltrail: ~/notes.txt is not an archive of Calltrail, or it is damaged beyond reading. Nothing that is in the record was lost.
        calltrail: ~/empty.db could not be read: it is empty. Nothing was changed.
        calltrail: ~/missing.db could not be read: No such file or directory (os error 2). Nothing was changed.
        calltrail: ~/ could not be read: it is not a file. Nothing was changed.
        calltrail: ~/foreign.db is a database of another program, not an archive of Calltrail. Nothing was changed.
        calltrail: ~/newer.db is of version 99, and this Calltrail knows versions up to 5. Nothing was changed; please use the newer Calltrail.
    "#]]
    .assert_eq(&complaints.concat());
    assert_eq!(folder.record(), before, "none of them changed the record");
    let nowhere = Folder::new();
    nowhere.bad(1, &["restore", &missing]);
    assert!(!nowhere.data().exists(), "a wrong name begins no record");
}

#[test]
fn what_was_taken_for_a_backup_is_named() {
    let folder = Folder::with_samples();
    let lines = folder.good(&["export", "deliveries", "--format", "jsonl"]);
    let utf16: Vec<u8> = format!("\u{feff}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table = folder.good(&["export", "deliveries"]);
    for (name, bytes, words) in [
        ("lines.db", lines.as_bytes(), "It looks like deliveries as JSON Lines; `calltrail import` reads them."),
        ("lines16.db", &utf16, "It looks like deliveries as JSON Lines; `calltrail import` reads them."),
        ("table.db", table.as_bytes(), "It looks like a table such as CSV"),
        ("packed.db", b"\x1f\x8b\x08\0\0\0\0\0", "It looks like a file packed by gzip; unpack it first."),
        ("archive.db", b"PK\x03\x04\x14\0", "It looks like a packed file; unpack it first."),
    ] {
        let file = folder.path(name);
        fs::write(&file, bytes).expect("the file");
        let other = Folder::new();
        is_in(&other.bad(1, &["restore", &file]), words, "it is said what it is");
        assert!(!other.data().exists(), "and no record is begun for it");
    }
}

/// A page with deliveries on it, from 0.
fn page_of_deliveries(file: &str) -> usize {
    let page = "select pageno from dbstat where name = 'delivery' and pagetype = 'leaf' order by path limit 1 offset 1";
    let copy = rusqlite::Connection::open(file).expect("a copy");
    let page: i64 = copy.query_row(page, [], |row| row.get(0)).expect("more than one page");
    usize::try_from(page).expect("a page") - 1
}

#[test]
fn a_damaged_file_gives_what_can_be_read_of_it() {
    let folder = Folder::with_samples();
    let file = folder.path("copy.db");
    folder.good(&["backup", &file]);
    let mut bytes = fs::read(&file).expect("the copy");
    let page = page_of_deliveries(&file) * 4096;
    bytes[page..page + 4096].fill(0x5a);
    fs::write(&file, bytes).expect("it can be changed");
    let other = Folder::new();
    let said = other.good(&["restore", &file]);
    is_in(&said, "were new to the record", "what can be read is brought over");
    is_in(&said, "could not be read; how much was there is not known", "and it is said that something is missing");
    is_in(&other.good(&["verify"]), "ok   The record is what follows", "the record is sound");
    let said = other.good(&["restore", &file]);
    is_in(&said, "None of them was new", "a second time finds the same");
    folder.good(&["verify"]);
}

#[test]
fn an_archive_that_was_put_aside_is_told_until_it_is_saved() {
    let folder = Folder::with_samples();
    let path = folder.data().join("calltrail.db");
    let mut bytes = fs::read(&path).expect("the database");
    bytes[..100].fill(0x5a);
    fs::write(&path, bytes).expect("it can be changed");
    let complaint = folder.bad(1, &["verify"]);
    is_in(&complaint, "move calltrail.db", "verify says what to do");
    folder.good(&["app", "add", "7"]);
    is_in(&folder.good(&["verify"]), "note 1 damaged archive put aside and not saved yet", "verify says what is left");
    is_in(&folder.run(&["doctor"]).out, "1 damaged archive was put aside; Calltrail saves", "and so does doctor");
}
