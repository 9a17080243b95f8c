//! The real command `calltrail`, run on temporary data folders: what it prints, and its exit codes.

mod apps;
mod beside;
mod copies;
mod doctor;
mod export;
mod figures;
mod follow_up;
mod import;
mod jobs;
mod people;
mod report;
mod samples;
mod serve;
mod service;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The application of the samples.
const APP: &str = "1400123456";

/// A data folder, and the command at work on it.
struct Folder(TempDir);

/// What a command left behind.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder whose application is ours and that holds the samples.
    fn with_samples() -> Self {
        let folder = Self::new();
        folder.good(&["app", "add", APP]);
        let file = folder.write("samples.jsonl", &samples::lines());
        folder.good(&["import", &file]);
        folder
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// The path of a file beside the data.
    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("temporary names are UTF-8").to_owned()
    }

    /// Writes a file beside the data and answers its path.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("the temporary folder takes files");
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = crate::support::calltrail();
        command.arg("--data-dir").arg(self.data()).args(args).stdin(Stdio::null());
        // Not UTC, so that a zone that is forgotten shows.
        command.env("TZ", "Asia/Shanghai").env("LC_ALL", "C");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().expect("the command starts").into()
    }

    /// Runs a command that has to work, and answers what it printed.
    fn good(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?} works; it said: {}{}", ran.out, ran.err);
        ran.out
    }

    /// Runs a command that must not work, and answers what it complained.
    fn bad(&self, code: i32, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(code), "{args:?} ends with code {code}; it said: {}{}", ran.out, ran.err);
        ran.err
    }

    /// Changes what lies in the file of what is derived, as a program of another version would.
    fn change_projection(&self, statement: &str) {
        self.projection().execute_batch(statement).expect("it can be changed");
    }

    /// Takes everything out of what is derived but the dictionaries, and leaves that nothing is in it.
    fn empty_projection(&self) {
        let file = self.projection();
        let mut tables = file
            .prepare(
                "select name from sqlite_schema where type = 'table'
                     and name not in ('applied', 'word', 'command', 'user', 'user_segment', 'kind')",
            )
            .expect("it has tables");
        let deletions = tables.query_map([], |row| Ok(format!("delete from {};", row.get::<_, String>(0)?)));
        let deletions: String = deletions.expect("they have names").map(|one| one.expect("a name")).collect();
        file.execute_batch(&format!("{deletions} update applied set low = high")).expect("it can be emptied");
    }

    fn projection(&self) -> rusqlite::Connection {
        let files = std::fs::read_dir(self.data()).expect("the data folder").flatten().map(|entry| entry.path());
        let is_projection = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("projection-") && name.ends_with(".db")
        };
        let file = files.into_iter().find(is_projection).expect("there is one");
        rusqlite::Connection::open(file).expect("it opens")
    }

    /// The whole record as text: every kind's CSV.
    fn record(&self) -> String {
        ["calls", "members", "rooms", "stays"].map(|kind| self.good(&["export", kind, "--tz", "utc"])).join("\n")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the command speaks UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The permission bits of a file.
#[cfg(unix)]
fn mode(path: impl AsRef<Path>) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("the file is there").permissions().mode() & 0o777
}
