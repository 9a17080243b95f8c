//! `doctor`, `verify` and `rebuild`: what is well, and what is not.

use std::fs;

use super::{APP, Folder};

/// Settings whose port depends on nothing else that runs on the machine.
fn with_any_port(folder: &Folder) {
    let path = folder.data().join("config.json");
    let text = fs::read_to_string(&path).expect("the settings are there");
    fs::write(&path, text.replace("127.0.0.1:8787", "127.0.0.1:0")).expect("they can be changed");
}

#[test]
fn a_sound_record_is_well_and_its_report_names_nobody() {
    let folder = Folder::with_samples();
    with_any_port(&folder);
    let report = folder.good(&["doctor"]);
    for part in ["SQLite 3.", "nothing wrong", "87 deliveries", "1 app is ours", "All is well."] {
        assert!(report.contains(part), "the report says {part:?}:\n{report}");
    }
    let token = fs::read_to_string(folder.data().join("config.json")).expect("the settings");
    let token =
        serde_json::from_str::<serde_json::Value>(&token).expect("JSON")["token"].as_str().expect("a token").to_owned();
    let path = folder.path("");
    for secret in [APP, token.as_str(), path.as_str(), "alice"] {
        assert!(!report.contains(secret), "the report can be shown to a stranger, so not {secret}:\n{report}");
    }
    let said = folder.good(&["verify"]);
    assert!(said.contains("The archive holds 87 deliveries"), "verify agrees: {said}");
}

#[test]
fn a_rebuild_gives_the_same_record() {
    let folder = Folder::with_samples();
    let before = folder.record();
    let said = folder.good(&["rebuild"]);
    assert_eq!(
        said, "87 deliveries were replayed; calls, rooms and stays follow from them again.\n",
        "what was done is said"
    );
    assert_eq!(folder.record(), before, "the record follows from the archive");
}

#[test]
fn a_damaged_database_is_told_with_what_to_do() {
    let folder = Folder::with_samples();
    with_any_port(&folder);
    let path = folder.data().join("calltrail.db");
    let mut bytes = fs::read(&path).expect("the database");
    // The pages behind the first one, so that it is still known as a database.
    for byte in bytes.iter_mut().skip(8192).take(40_000) {
        *byte = 0x5a;
    }
    fs::write(&path, bytes).expect("it can be changed");
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "not all is well: {}", ran.out);
    assert!(ran.out.contains("BAD"), "the report says what: {}", ran.out);
    let ran = folder.run(&["verify"]);
    assert_eq!(ran.code, Some(1), "verify sees it too: {}{}", ran.out, ran.err);
}

#[test]
fn a_projection_that_is_not_whole_is_told_and_exports_wait_for_it() {
    let folder = Folder::with_samples();
    with_any_port(&folder);
    let whole = folder.good(&["export", "calls"]);
    folder.empty_projection();
    let report = folder.good(&["doctor"]);
    assert!(report.contains("deliveries are to come"), "doctor says how much is missing:\n{report}");
    let said = folder.good(&["verify"]);
    assert!(
        said.contains("note Calls, rooms and stays are still being derived"),
        "verify compares nothing yet: {said}"
    );
    assert_eq!(folder.good(&["export", "calls"]), whole, "an export that would miss some waits until none is missing");
    let said = folder.good(&["verify"]);
    assert!(said.contains("ok   The record is what follows"), "now it is whole: {said}");
}

#[test]
fn a_newer_reading_that_waits_is_no_fault() {
    let folder = Folder::with_samples();
    folder.change_projection("update applied set rules = rules + 1; update call set answered_ms = 1");
    let said = folder.good(&["verify"]);
    assert!(said.contains("note Calls, rooms and stays were derived by the rules of another version"), "{said}");
    folder.good(&["rebuild"]);
    let said = folder.good(&["verify"]);
    assert!(said.contains("ok   The record is what follows"), "the rebuild accepted it: {said}");
}

#[test]
fn broken_settings_are_told_and_the_record_is_still_looked_at() {
    let folder = Folder::with_samples();
    fs::write(folder.data().join("config.json"), "{").expect("they can be changed");
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "not all is well: {}", ran.out);
    assert!(ran.out.contains("BAD  settings"), "the settings are to blame: {}", ran.out);
    assert!(ran.out.contains("87 deliveries"), "the record is fine: {}", ran.out);
}
