//! The rules of the workspace hold in every crate of it, and nothing of ours is `unsafe`.

use std::path::{Path, PathBuf};

use super::{file, path};

/// Our own crates, and whether they take the workspace's lints. The others say by hand what they need beyond them.
const CRATES: [(&str, bool); 6] = [
    ("Cargo.toml", true),
    ("packaging/Cargo.toml", true),
    ("src-tauri/Cargo.toml", true),
    ("xtask/Cargo.toml", true),
    // A VFS of SQLite cannot be written without `unsafe`.
    ("tests/faults/Cargo.toml", false),
    // A workspace of its own.
    ("fuzz/Cargo.toml", false),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let root = file("Cargo.toml");
    assert!(root.contains("\nunsafe_code = \"forbid\"\n"), "the workspace forbids unsafe code");
    let members = root.lines().find(|line| line.starts_with("members = ")).expect("the workspace names its members");
    for member in members.split('"').skip(1).step_by(2) {
        let manifest = format!("{member}/Cargo.toml");
        assert!(
            CRATES.iter().any(|(known, _)| *known == manifest),
            "{manifest} is among the crates that are looked at"
        );
    }
    for (manifest, inherits) in CRATES {
        let text = file(manifest);
        assert_eq!(text.contains("\n[lints]\nworkspace = true\n"), inherits, "{manifest}");
        assert!(inherits || text.contains("\n[lints.rust]\nunsafe_code = "), "{manifest} says what it allows instead");
    }
}

#[test]
fn nothing_of_ours_is_unsafe() {
    let mut files = vec![path("build.rs")];
    for folder in ["src", "src-tauri/src", "xtask/src", "packaging/src", "benches", "fuzz/fuzz_targets"] {
        sources(&path(folder), &mut files);
    }
    assert!(files.len() > 200, "the sources are found: {}", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (n, line) in text.lines().enumerate() {
            // A content security policy has a word of its own for styles inside of a page.
            let code = line.split("//").next().unwrap_or_default().replace("'unsafe-inline'", "");
            let mut words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            assert!(!words.any(|word| word == "unsafe"), "{}:{}: {line}", file.display(), n + 1);
        }
    }
}
