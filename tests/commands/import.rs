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
