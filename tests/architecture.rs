//! ARCHITECTURE.md and the tree agree: the arrows between modules, and a few habits that every file keeps.

mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The table under "Arrows": module -> what it may use.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    table("Arrows")
}

/// The first table of a section whose cells are names: what it may use, by who uses it.
fn table(section: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let heading = format!("\n## {section}");
    let section = text.split(&heading).nth(1).expect("the page has the section").split("\n## ").next().unwrap();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<_> = line.split('|').collect();
            (names(cells[1]).remove(0), names(cells[2]).into_iter().collect())
        })
        .collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries.map(|entry| entry.unwrap().path()) {
        if entry.is_dir() && !["target", "node_modules", "gen"].iter().any(|skip| entry.ends_with(skip)) {
            files.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files
}

/// The modules that a file names after `crate::` or `calltrail::`, also inside `use crate::{…}`.
fn uses(text: &str, origin: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for after in code.split(origin).skip(1) {
        let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
        let Some(group) = after.strip_prefix('{') else {
            found.insert(word(after));
            continue;
        };
        let mut depth = 1;
        let mut name = String::new();
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 1 && c != '}' {
                name.push(c)
            }
            if depth == 0 {
                break;
            }
        }
        found.extend(name.split(',').map(|part| word(part.trim())));
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn the_arrows_of_the_code_are_those_of_the_page() {
    let arrows = arrows();
    let mut checked = 0;
    for (module, allowed) in &arrows {
        let (folder, file, origin) = match module.as_str() {
            "src-tauri" => (root().join("src-tauri/src"), None, "calltrail::"),
            "cli" => (root().join("src/cli"), Some(root().join("src/main.rs")), "calltrail::"),
            name => (root().join("src").join(name), Some(root().join("src").join(format!("{name}.rs"))), "crate::"),
        };
        let files = rust_files(&folder).into_iter().chain(file.filter(|file| file.exists()));
        // Tests may build their input with whatever they need.
        for file in files
            .filter(|file| !file.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs"))
        {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for used in uses(text, origin) {
                if used == *module || (module != "src-tauri" && module != "cli" && !arrows.contains_key(&used)) {
                    continue;
                }
                assert!(
                    allowed.contains(&used) || !arrows.contains_key(&used),
                    "{}: `{module}` uses `{used}`, which the arrows of ARCHITECTURE.md do not allow",
                    file.display()
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 60, "the walk found the code: {checked} files");
    for module in std::fs::read_to_string(root().join("src/lib.rs"))
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
    {
        let module = module.trim_end_matches(';');
        assert!(arrows.contains_key(module), "ARCHITECTURE.md has a row of arrows for `{module}`");
    }
}

#[test]
fn callback_store_and_traffic_know_no_server_and_no_window() {
    for module in ["callback", "store", "traffic"] {
        let folder = root().join("src").join(module);
        for file in rust_files(&folder).into_iter().chain([folder.with_extension("rs")]) {
            let text = std::fs::read_to_string(&file).unwrap();
            for word in ["axum::", "tokio::", "tauri::", "hyper::"] {
                assert!(!text.contains(word), "{} must not know {word}", file.display());
            }
        }
    }
}

#[test]
fn every_rust_file_begins_with_a_sentence() {
    let folders = ["src", "tests", "benches", "fuzz/fuzz_targets", "xtask/src", "packaging/src", "src-tauri/src"];
    for file in folders.iter().flat_map(|folder| rust_files(&root().join(folder))) {
        let text = std::fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{} begins with a //! sentence", file.display());
    }
}
