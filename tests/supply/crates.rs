//! The lock files of Rust: where crates come from, which versions are too old, and that there is one SQLite.

use super::file;

/// A package of a lock file.
#[derive(Debug)]
struct Locked {
    name: String,
    version: String,
    /// Empty for our own crates.
    source: String,
    checksum: String,
    /// By name.
    dependencies: Vec<String>,
}

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "fuzz/Cargo.lock"];

/// Versions below these are known to be wrong, whatever a database of advisories says.
const AT_LEAST: [(&str, &str, &str); 5] = [
    ("tauri", "2.11.0", "CVE-2026-42184: a remote page could call what the window may"),
    ("tracing-subscriber", "0.3.20", "RUSTSEC-2025-0055: text in a log could move a terminal's cursor"),
    ("hyper", "1.0.0", "the old one reads requests that proxies read otherwise"),
    ("rustls", "0.23.18", "RUSTSEC-2024-0399: a handshake could stop the program"),
    ("chrono", "0.4.20", "RUSTSEC-2020-0159: reading the time zone could crash"),
];

fn locked(lock: &str) -> Vec<Locked> {
    let text = file(lock);
    let field = |block: &str, name: &str| {
        let start = format!("{name} = \"");
        let line = block.lines().find_map(|line| line.strip_prefix(start.as_str()));
        line.map(|rest| rest.trim_end_matches('"').to_owned()).unwrap_or_default()
    };
    let blocks = text.split("[[package]]").skip(1);
    let packages: Vec<Locked> = blocks
        .map(|block| Locked {
            name: field(block, "name"),
            version: field(block, "version"),
            source: field(block, "source"),
            checksum: field(block, "checksum"),
            dependencies: block.lines().filter_map(|line| line.strip_prefix(" \"")).map(first_word).collect(),
        })
        .collect();
    assert!(packages.len() > 200, "{lock} was read: {} packages", packages.len());
    packages
}

fn first_word(text: &str) -> String {
    text.split([' ', '"']).next().unwrap_or_default().to_owned()
}

/// `1.2.3-beta` as numbers that can be compared.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{version} is a version"))).collect()
}

#[test]
fn every_crate_of_others_is_from_crates_io_and_has_a_checksum() {
    for lock in LOCK_FILES {
        for Locked { name, source, checksum, .. } in locked(lock) {
            if source.is_empty() {
                assert!(name.starts_with("calltrail") || name == "xtask", "{lock}: {name} is a folder, but not ours");
                continue;
            }
            assert_eq!(source, CRATES_IO, "{lock}: {name} comes from elsewhere");
            assert_eq!(checksum.len(), 64, "{lock}: {name} has a checksum");
        }
    }
}

#[test]
fn there_is_one_sqlite_and_it_is_new_enough() {
    for lock in LOCK_FILES {
        for name in ["libsqlite3-sys", "rusqlite"] {
            let found: Vec<_> = locked(lock).into_iter().filter(|package| package.name == name).collect();
            assert_eq!(found.len(), 1, "{lock}: two SQLites in one process break each other's locks: {found:?}");
        }
    }
    let linked = rusqlite::version_number();
    assert!(linked >= 3_051_003, "SQLite before 3.51.3 can damage databases with a write-ahead log; this is {linked}");
}

#[test]
fn no_crate_is_older_than_what_is_known_to_be_wrong() {
    for (name, least, why) in AT_LEAST {
        let found: Vec<_> = locked("Cargo.lock").into_iter().filter(|package| package.name == name).collect();
        assert!(!found.is_empty(), "{name} is still in the tree; else take it off this list");
        for Locked { version, .. } in found {
            assert!(numbers(&version) >= numbers(least), "{name} {version} is older than {least}: {why}");
        }
    }
    assert!(numbers("0.3.9") < numbers("0.3.20"), "versions are compared as numbers");
    assert_eq!(numbers("2.0.0-beta.1"), [2, 0, 0], "what follows a hyphen does not count");
}

#[test]
fn what_is_fuzzed_is_what_is_shipped() {
    let shipped = locked("Cargo.lock");
    let own = ["arbitrary", "calltrail-fuzz", "jobserver", "libfuzzer-sys"];
    let manifest = file("Cargo.toml");
    let dependencies = manifest.split("\n[dependencies]\n").nth(1).and_then(|rest| rest.split("\n[").next());
    let lines = dependencies.unwrap_or_default().lines().filter(|line| !line.starts_with('#'));
    let wanted: Vec<&str> = lines.filter_map(|line| Some(line.split_once([' ', '.', '='])?.0)).collect();
    assert!(wanted.contains(&"rusqlite"), "the manifest was read: {wanted:?}");
    for package in locked("fuzz/Cargo.lock") {
        if package.name == "calltrail" {
            let missing: Vec<_> =
                wanted.iter().filter(|name| !package.dependencies.iter().any(|known| known == *name)).collect();
            assert!(
                missing.is_empty(),
                "fuzz/Cargo.lock is older than Cargo.toml, which asks for {missing:?}. Copy Cargo.lock over it and run \
                 `cargo tree --manifest-path fuzz/Cargo.toml`."
            );
            continue;
        }
        let same = |known: &Locked| {
            (&known.name, &known.version) == (&package.name, &package.version)
                && (&known.source, &known.checksum) == (&package.source, &package.checksum)
        };
        assert!(
            own.contains(&package.name.as_str()) || shipped.iter().any(same),
            "fuzz/Cargo.lock has {} {}, which is not in Cargo.lock. Copy Cargo.lock over it and run \
             `cargo tree --manifest-path fuzz/Cargo.toml`.",
            package.name,
            package.version
        );
    }
}

#[test]
fn every_exception_has_a_reason_and_a_date() {
    let rules = file("deny.toml");
    let exceptions: Vec<&str> = rules.lines().filter(|line| line.contains("id = \"RUSTSEC-")).collect();
    assert!(!exceptions.is_empty(), "the exceptions are read");
    for line in exceptions {
        assert!(line.contains("; noted 20") && line.contains("review by 20"), "since when, and until when: {line}");
        assert!(line.contains("reason = \""), "and why: {line}");
    }
}
