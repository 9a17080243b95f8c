//! `cargo xtask deny`: what may be in the dependency tree, and what is known to be wrong with it.

use crate::command::{Outcome, cargo, must, root};
use crate::tool::Tool;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const CARGO_DENY: Tool = Tool { name: "deny", version: "0.20.2" };
/// The folder in which cargo-deny expects RustSec's database: the name of the repository and a hash of its address.
const DATABASE: &str = "advisory-db-3157b0e258782691";
/// The variable that names a snapshot of the database.
const VARIABLE: &str = "CALLTRAIL_ADVISORY_DB";
/// An older snapshot is used with a warning.
const OLD_DAYS: i64 = 60;

/// `cargo xtask deny [--advisories DIR]`, and a step of the tests.
pub(crate) fn deny(snapshot: Option<&str>) -> Outcome {
    CARGO_DENY.set_up()?;
    let rules = fs::read_to_string(root().join("deny.toml")).unwrap_or_default();
    overdue(&rules, today())
        .for_each(|rule| eprintln!("warning: deny.toml: time to look again at this: {}", rule.trim()));
    must(cargo().args(["deny", "--workspace", "--locked", "check", "bans", "licenses", "sources"]))?;
    match snapshot.map(PathBuf::from).or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from)) {
        Some(snapshot) => advisories(&snapshot),
        None => {
            eprintln!(
                "Advisories were not looked at: `--advisories DIR` or {VARIABLE} names a copy of RustSec's database \
                 (https://github.com/rustsec/advisory-db)."
            );
            Ok(())
        }
    }
}

/// Compares the lock file with a snapshot; nothing is fetched.
fn advisories(snapshot: &Path) -> Outcome {
    let newest = newest(snapshot).ok_or_else(|| {
        format!("{} holds no advisories; it should be a copy of RustSec's database.", snapshot.display())
    })?;
    match days_of(&newest).map(|days| today() - days) {
        Some(age) if age > OLD_DAYS => {
            eprintln!("warning: the newest advisory is of {newest}, {age} days ago. Get a newer copy of the database.");
        }
        _ => eprintln!("The newest advisory is of {newest}."),
    }
    let staged = root().join("target/advisory-dbs").join(DATABASE);
    stage(snapshot, &staged).map_err(|why| format!("{} cannot be copied: {why}.", snapshot.display()))?;
    must(cargo().args(["deny", "--workspace", "--locked", "--offline", "check", "advisories"]))
}

/// The database as cargo-deny wants to find it: fetched, and just now.
fn stage(snapshot: &Path, staged: &Path) -> std::io::Result<()> {
    if staged.exists() {
        fs::remove_dir_all(staged)?;
    }
    for part in ["crates", "rust"] {
        copy(&snapshot.join(part), &staged.join(part))?;
    }
    fs::create_dir_all(staged.join(".git"))?;
    fs::write(staged.join(".git/FETCH_HEAD"), "")
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            // Read and written, so that a copy of a read-only file can be replaced.
            fs::write(&to, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// The exceptions that were to be looked at again before a day.
fn overdue(rules: &str, today: i64) -> impl Iterator<Item = &str> {
    rules.lines().filter(move |line| {
        let date = line.split_once("review by ").and_then(|(_, rest)| rest.get(..10));
        date.and_then(days_of).is_some_and(|by| by < today)
    })
}

/// The date of the newest advisory of a snapshot.
fn newest(snapshot: &Path) -> Option<String> {
    let crates = fs::read_dir(snapshot.join("crates")).ok()?.flatten();
    let files = crates.filter_map(|entry| fs::read_dir(entry.path()).ok()).flatten().flatten();
    files.filter_map(|file| date_of(&fs::read_to_string(file.path()).ok()?)).max()
}

/// `date = "2026-08-20"` of an advisory.
fn date_of(advisory: &str) -> Option<String> {
    let line = advisory.lines().find_map(|line| line.strip_prefix("date"))?;
    Some(line.split('"').nth(1)?.to_owned())
}

/// Days since 1970 of `2026-08-20`, by the Gregorian calendar.
fn days_of(date: &str) -> Option<i64> {
    let mut numbers = date.split('-').map(|number| number.parse::<i64>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // A year that begins in March has its leap day at its end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469)
}

fn today() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds / 86_400).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_days() {
        for (date, days) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2024-12-31", 20_088),
            ("2026-08-21", 20_686),
        ] {
            assert_eq!(days_of(date), Some(days), "{date}");
        }
        assert_eq!(days_of("soon"), None, "not a date");
    }

    #[test]
    fn an_exception_is_looked_at_again() {
        let rules = "{ id = \"A\", reason = \"r; review by 2027-05-31\" },\n{ id = \"B\", reason = \"r; review by 2026-05-31\" },";
        let now = days_of("2026-11-21").expect("a date");
        let due: Vec<&str> = overdue(rules, now).collect();
        assert_eq!(due.len(), 1, "one date is past: {due:?}");
        assert!(due[0].contains("\"B\""), "the one of 2026: {due:?}");
    }

    #[test]
    fn an_advisory_says_its_date() {
        let advisory =
            "```toml\n[advisory]\nid = \"RUSTSEC-2024-0429\"\npackage = \"glib\"\ndate = \"2024-03-30\"\n```\n";
        assert_eq!(date_of(advisory).as_deref(), Some("2024-03-30"), "of its head");
        assert_eq!(date_of("no head"), None, "nothing to say");
    }
}
