//! Records that can only be read: on a disk that cannot be written, and in another user's folder. What can be read is read;
//! what cannot is told as what it is, and never as damage.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
};

use super::{load::Answers, tmpfs::Tmpfs};
use crate::{process::Serve, support::calltrail};

/// The user without rights.
const NOBODY: u32 = 65_534;

/// What a command said and how it ended.
struct Ran {
    code: Option<i32>,
    said: String,
}

fn run(program: Command, data_dir: &Path, arguments: &[&str]) -> Ran {
    let mut program = program;
    let output = program.args(arguments).arg("--data-dir").arg(data_dir).output().expect("it starts");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    Ran { code: output.status.code(), said }
}

/// A record with some callbacks in it, closed in order.
fn closed_record(data_dir: &Path) -> Answers {
    let serve = Serve::start(data_dir);
    let mut answers = Answers::default();
    for n in 0..5 {
        assert_eq!(answers.post_to(&serve, &format!("kept-{n}")), 200, "it is kept");
    }
    let (status, _) = serve.terminate();
    assert_eq!(status.code(), Some(0), "it stops as usual");
    answers
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("room for it");
        }
    }
}

/// Every command that reads a record reads it.
fn assert_read(program: &dyn Fn() -> Command, data_dir: &Path, elsewhere: &Path, when: &str) {
    let backup = elsewhere.join("backup.db");
    let backup = backup.to_str().expect("temporary names are UTF-8");
    for (arguments, told) in [
        (&["verify"][..], "The archive holds 5 deliveries, each as it was received."),
        (&["export", "calls"], "kept-4"),
        (&["export", "deliveries", "--format", "jsonl"], "kept-0"),
        (&["app", "list"], "1400000000"),
        (&["backup", backup], "5 deliveries copied"),
        (&["doctor"], "5 deliveries"),
    ] {
        let Ran { code, said } = run(program(), data_dir, arguments);
        assert!(said.contains(told), "{when}: {arguments:?} reads it: {said}");
        for other in ["unable to open", "BAD  record", "BAD  projection", "BAD  contents", "BAD  integrity", "restore"]
        {
            assert!(!said.contains(other), "{when}: {arguments:?} says nothing of {other:?}: {said}");
        }
        // The doctor also looks at what is not the record's.
        if arguments != ["doctor"] {
            assert_eq!(code, Some(0), "{when}: {arguments:?}: {said}");
        }
    }
}

/// What cannot be read there is told with the remedy, and nothing is said of damage.
fn assert_told(program: &dyn Fn() -> Command, data_dir: &Path, remedy: &str, when: &str) {
    for arguments in [&["verify"][..], &["export", "calls"], &["doctor"]] {
        let Ran { code, said } = run(program(), data_dir, arguments);
        assert_eq!(code, Some(1), "{when}: {arguments:?} cannot be done: {said}");
        assert!(said.contains(remedy), "{when}: {arguments:?} says what to do: {said}");
        for other in ["restore", "is damaged", "There is no record", "there is none yet"] {
            assert!(!said.contains(other), "{when}: {arguments:?} says nothing of {other:?}: {said}");
        }
    }
}

#[test]
fn a_closed_record_on_a_disk_that_can_only_be_read_is_read() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let closed = home.path().join("closed");
    closed_record(&closed);
    let Some(disk) = Tmpfs::mount("32m") else { return };
    // A name that means something in a URI.
    let sealed = disk.path().join("data 100% ?mode=rw#1");
    copy(&closed, &sealed);
    disk.seal();
    assert_read(&calltrail, &sealed, home.path(), "on a disk that can only be read");
    let restored =
        run(calltrail(), &home.path().join("new"), &["restore", sealed.join("calltrail.db").to_str().expect("UTF-8")]);
    assert!(
        restored.said.contains("5 deliveries were read"),
        "it can be brought into another record: {}",
        restored.said
    );
}

#[test]
fn a_record_that_was_not_closed_needs_a_folder_that_can_be_written() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let open = home.path().join("open");
    let serve = Serve::start(&open);
    let mut answers = Answers::default();
    assert_eq!(answers.post_to(&serve, "in the log"), 200, "it is kept");
    serve.kill();
    let log = open.join("calltrail.db-wal").metadata().expect("a crash leaves the log").len();
    assert!(log > 0, "the newest delivery is in it");
    let Some(disk) = Tmpfs::mount("32m") else { return };
    let sealed = disk.path().join("data");
    copy(&open, &sealed);
    // As a person copies it who takes the index for rubbish.
    fs::remove_file(sealed.join("calltrail.db-shm")).expect("it was copied");
    disk.seal();
    assert_told(&calltrail, &sealed, "can be written", "a record that was not closed");
}

#[test]
fn a_record_of_another_user_is_read_or_told_as_such() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("it is ours");
    let id = NOBODY.to_string();
    let as_nobody = |program: &Path| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups"]).arg(program);
        command.env("TZ", "UTC").env("CALLTRAIL_KEY_STORE", "file");
        command
    };
    let program: PathBuf = home.path().join("calltrail");
    fs::copy(calltrail().get_program(), &program).expect("room for the program");
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a new folder");
    let may = chown(&elsewhere, Some(NOBODY), Some(NOBODY)).is_ok();
    if !may || !as_nobody(Path::new("true")).output().is_ok_and(|tried| tried.status.success()) {
        eprintln!("skipped: only root can run the program as a user without rights");
        return;
    }
    let data_dir = home.path().join("data");
    closed_record(&data_dir);
    let allow = |mode: u32| {
        for file in fs::read_dir(&data_dir).expect("a folder").flatten().filter(|file| file.path().is_file()) {
            fs::set_permissions(file.path(), Permissions::from_mode(mode)).expect("as root");
        }
    };
    fs::set_permissions(&data_dir, Permissions::from_mode(0o755)).expect("as root");
    allow(0o644);
    assert_read(&|| as_nobody(&program), &data_dir, &elsewhere, "in another user's folder");
    allow(0o600);
    let told = run(as_nobody(&program), &data_dir, &["verify"]);
    assert_eq!(told.code, Some(1), "it may not be read: {}", told.said);
    assert!(told.said.contains("may read it"), "rights are spoken of: {}", told.said);
    assert!(!told.said.contains("restore"), "and not damage: {}", told.said);
    fs::set_permissions(&data_dir, Permissions::from_mode(0o700)).expect("as root");
    assert_told(&|| as_nobody(&program), &data_dir, "Permission denied", "a folder that may not be looked into");
}
