//! On what, when and from which sources something was measured.

use std::{env, fs, path::Path, process::Command, thread};

use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::figures::bytes;

/// One run of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// RFC 3339, in UTC.
    pub(crate) date: String,
    commit: String,
    command: String,
    /// Names and values, such as the processor's.
    pub(crate) machine: Vec<(String, String)>,
}

impl Run {
    /// This run; the data sets are in `home`.
    pub(crate) fn of_now(home: &Path) -> Self {
        let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
        let command = format!("cargo xtask bench {}", words.join(" "));
        Self {
            date: Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
            commit: commit(),
            command: command.trim_end().to_owned(),
            machine: machine(home),
        }
    }

    /// When and how, under a part's tables; another machine than that of the newest run is named.
    pub(crate) fn line(&self, newest: Option<&Self>) -> String {
        let elsewhere = newest.is_some_and(|newest| newest.machine != self.machine);
        let machine: Vec<String> = self.machine.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let machine = if elsewhere { format!(", on {}", machine.join("; ")) } else { String::new() };
        format!("Measured {} at commit {} by `{}`{machine}.", self.date, self.commit, self.command)
    }
}

/// The commit, and whether what was measured is more than that.
fn commit() -> String {
    let Some(commit) = said("git", &["rev-parse", "--short=10", "HEAD"]) else { return "unknown".to_owned() };
    let changes = said("git", &["status", "--porcelain", "--", ".", ":!benches/README.md", ":!benches/results.json"]);
    if changes.is_none_or(|changes| changes.is_empty()) { commit } else { format!("{commit} with changes") }
}

fn machine(home: &Path) -> Vec<(String, String)> {
    let cores = thread::available_parallelism().map_or_else(|_| "unknown".to_owned(), |cores| cores.to_string());
    let facts = [
        ("processor", field("/proc/cpuinfo", "model name")),
        ("cores", Some(cores)),
        ("memory", field("/proc/meminfo", "MemTotal").and_then(|text| kilobytes(&text))),
        ("disk", disk(home)),
        ("system", system()),
        ("Rust", said("rustc", &["--version"])),
        ("SQLite of Calltrail", Some(rusqlite::version().to_owned())),
        ("`sqlite3` command", said("sqlite3", &["--version"]).map(|text| first_word(&text))),
    ];
    facts.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_else(|| "unknown".to_owned()))).collect()
}

fn system() -> Option<String> {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    Some(format!("{} {} {}", env::consts::OS, kernel.as_deref().unwrap_or_default().trim(), env::consts::ARCH))
}

/// The file system that holds a folder, and what it is on: the mount point with the longest name that leads there.
fn disk(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?, words.next()?, words.next()?))
    });
    let (device, _, kind) =
        mounts.filter(|(_, point, _)| folder.starts_with(point)).max_by_key(|(_, point, _)| point.len())?;
    let name = device.trim_start_matches("/dev/");
    let model = fs::read_to_string(format!("/sys/block/{name}/device/model")).ok();
    let model = model.map(|model| format!(" ({})", model.trim())).unwrap_or_default();
    Some(format!("{kind} on {device}{model}"))
}

/// The value of a line `name : value` in one of the kernel's files.
pub(crate) fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

/// The kernel's `1234 kB` as a number of bytes.
pub(crate) fn kernel_bytes(text: &str) -> Option<u64> {
    let kilobytes: u64 = first_word(text).parse().ok()?;
    Some(kilobytes * 1_024)
}

fn kilobytes(text: &str) -> Option<String> {
    Some(bytes(kernel_bytes(text)?))
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// What a command prints, trimmed; nothing when it cannot be run.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
