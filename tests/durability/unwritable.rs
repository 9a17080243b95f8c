//! Folders and files that may not be written: said once, in a sentence, with exit code 1, and nothing is changed.

use std::{
    fs::{self, Permissions},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
};

use super::load::Answers;
use crate::{
    process::{Refusal, Serve, started, with_arguments},
    support::calltrail,
};

/// The user without rights.
const NOBODY: u32 = 65_534;

/// Folders for a user without rights, and the program where that user can start it.
struct Stranger {
    home: tempfile::TempDir,
    program: PathBuf,
}

impl Stranger {
    /// Where this test may not become somebody else, says so and answers nothing.
    fn new() -> Option<Self> {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("it is ours");
        if chown(home.path(), Some(NOBODY), Some(NOBODY)).is_err() || !can_become_nobody() {
            eprintln!(
                "skipped: only root can run the program as a user without rights (root itself may write everywhere)"
            );
            return None;
        }
        let program = home.path().join("calltrail");
        fs::copy(calltrail().get_program(), &program).expect("room for the program");
        Some(Self { home, program })
    }

    /// A folder that belongs to them.
    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join(name);
        fs::create_dir(&folder).expect("a new folder");
        chown(&folder, Some(NOBODY), Some(NOBODY)).expect("as root");
        folder
    }

    fn start(&self, data_dir: &Path) -> Result<Serve, Refusal> {
        let child = with_arguments(self.command(), data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn();
        started(child.expect("setpriv starts"))
    }

    fn command(&self) -> Command {
        let id = NOBODY.to_string();
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups"]).arg(&self.program).env_remove("CALLTRAIL_LOG");
        command
    }

    /// It does not start: exit code 1, one sentence that names the place, and nothing is changed.
    fn assert_refused(&self, data_dir: &Path, named: &Path, when: &str) {
        let before = tree(self.home.path());
        for attempt in 1..=2 {
            let refusal = self.start(data_dir).err().unwrap_or_else(|| panic!("{when}: it runs"));
            let said = &refusal.said;
            assert_eq!(refusal.code, Some(1), "{when}, attempt {attempt}: it did not work: {said}");
            assert!(said.contains(&named.display().to_string()), "{when}: the place is named: {said}");
            assert!(!said.contains("panicked"), "{when}: a sentence, not a crash: {said}");
            eprintln!("{when}: {}", said.trim());
            assert_eq!(tree(self.home.path()), before, "{when}, attempt {attempt}: nothing is changed");
        }
    }
}

fn can_become_nobody() -> bool {
    let id = NOBODY.to_string();
    let tried = Command::new("setpriv").args(["--reuid", &id, "--regid", &id, "--clear-groups", "true"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// Everything below a folder: path, rights and a digest of the content. Who took the lock last, and what SQLite
/// makes to look at a database, is no part of a record.
fn tree(folder: &Path) -> Vec<(PathBuf, u32, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mode = path.metadata().expect("it is there").mode();
        if path.is_dir() {
            found.extend(tree(&path));
            found.push((path, mode, 0));
        } else if !["calltrail.holder", "calltrail.db-wal", "calltrail.db-shm"].iter().any(|name| path.ends_with(name))
        {
            let mut digest = DefaultHasher::new();
            fs::read(&path).expect("root may").hash(&mut digest);
            found.push((path, mode, digest.finish()));
        }
    }
    found.sort();
    found
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("as root");
}

#[test]
fn a_folder_that_cannot_be_used_is_said_and_left_alone() {
    let Some(stranger) = Stranger::new() else { return };
    let missing = stranger.folder("closed").join("data");
    allow(missing.parent().expect("closed"), 0o500);
    stranger.assert_refused(&missing, &missing, "a missing folder that cannot be made");

    let file = stranger.home.path().join("file");
    fs::write(&file, b"not a folder").expect("room");
    stranger.assert_refused(&file, &file, "a file in the place of the folder");

    let forbidden = stranger.folder("forbidden");
    allow(&forbidden, 0o000);
    stranger.assert_refused(&forbidden, &forbidden, "a folder without any right");

    let read_only = stranger.folder("read-only");
    allow(&read_only, 0o500);
    stranger.assert_refused(&read_only, &read_only, "an empty folder that can only be read");
}

#[test]
fn a_record_that_can_only_be_read_is_said_and_left_alone() {
    let Some(stranger) = Stranger::new() else { return };
    let folder = stranger.folder("record");
    let mut answers = Answers::default();
    let serve = stranger.start(&folder).expect("it may write here");
    assert_eq!(answers.post_to(&serve, "first"), 200, "it is kept");
    let (status, took) = serve.terminate();
    assert_eq!(status.code(), Some(0), "it stops: {status} after {took:?}");

    allow(&folder, 0o500);
    stranger.assert_refused(&folder, &folder, "a record in a folder that can only be read");
    allow(&folder, 0o700);

    let database = folder.join("calltrail.db");
    chown(&database, Some(0), Some(0)).expect("as root");
    allow(&database, 0o444);
    stranger.assert_refused(&folder, &database, "a database of another user that can only be read");
    chown(&database, Some(NOBODY), Some(NOBODY)).expect("as root");
    allow(&database, 0o600);

    let serve = stranger.start(&folder).expect("it may write again");
    assert_eq!(answers.post_to(&serve, "second"), 200, "it goes on");
    serve.kill();
    answers.assert_kept(&folder, "after it was refused");
}
