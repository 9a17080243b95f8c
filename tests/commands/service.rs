//! `service`: what the system's service keeper is told. It is played by a script that writes down what it was asked.
#![cfg(target_os = "linux")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Output};

use crate::support::calltrail;

/// A home with a `systemctl` that answers with this exit code.
struct Home(tempfile::TempDir);

impl Home {
    fn new(exit_code: u8) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let script = home.path().join("bin/systemctl");
        fs::create_dir_all(home.path().join("bin")).expect("room");
        let log = home.path().join("asked");
        fs::write(
            &script,
            format!("#!/bin/sh\necho \"$@\" >> '{}'\necho 'no bus' >&2\nexit {exit_code}\n", log.display()),
        )
        .expect("room");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is ours");
        Self(home)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = calltrail();
        let path = format!("{}:/usr/bin:/bin", self.path().join("bin").display());
        command.env("HOME", self.path()).env_remove("XDG_CONFIG_HOME").env("PATH", path);
        command.arg("--data-dir").arg(self.path().join("record")).arg("service").args(arguments);
        command.output().expect("it runs")
    }

    /// What `systemctl` was asked since the last time.
    fn asked(&self) -> String {
        let log = self.path().join("asked");
        let asked = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(log);
        asked
    }

    fn unit(&self) -> Option<String> {
        fs::read_to_string(self.path().join(".config/systemd/user/calltrail.service")).ok()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[test]
fn a_service_is_installed_asked_for_and_removed() {
    let home = Home::new(0);
    assert!(said(&home.run(&["status"])).contains("not installed"), "not yet");
    assert!(said(&home.run(&["remove"])).contains("not installed"), "nothing to remove");
    assert_eq!(home.asked(), "", "nobody was asked for that");

    let printed = said(&home.run(&["install", "--print", "--", "--no-web"]));
    assert_eq!((home.unit(), home.asked()), (None, String::new()), "only printed");
    let installed = home.run(&["install", "--", "--no-web"]);
    assert!(installed.status.success(), "{}", said(&installed));
    assert_eq!(
        home.asked(),
        "--user daemon-reload\n--user enable calltrail.service\n--user restart calltrail.service\n"
    );
    let unit = home.unit().expect("the unit is written");
    assert_eq!(unit, printed, "what was shown is what is written");
    let record = home.path().join("record");
    assert!(unit.contains(&format!("\"--data-dir\" \"{}\" \"serve\" \"--no-web\"\n", record.display())), "{unit}");
    assert!(!record.exists(), "the record is made by whoever runs");

    assert!(said(&home.run(&["status"])).contains("and runs"), "systemctl says so");
    assert_eq!(home.asked(), "--user is-active --quiet calltrail.service\n");
    let removed = home.run(&["remove"]);
    assert!(removed.status.success() && said(&removed).contains("The record is where it was"), "{}", said(&removed));
    assert_eq!(home.asked(), "--user disable --now calltrail.service\n--user daemon-reload\n");
    assert_eq!(home.unit(), None, "it is gone");
}

#[test]
fn what_could_not_start_is_not_installed() {
    let home = Home::new(0);
    let ran = home.run(&["install", "--", "--hook", "nowhere"]);
    assert_eq!((ran.status.code(), home.unit(), home.asked()), (Some(2), None, String::new()), "{}", said(&ran));
    assert!(said(&ran).contains("nowhere"), "it says what is wrong: {}", said(&ran));
}

#[test]
fn a_service_keeper_that_refuses_is_named_with_what_it_says() {
    let home = Home::new(1);
    let ran = home.run(&["install"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(said(&ran).contains("systemctl said: no bus.") && home.unit().is_some(), "{}", said(&ran));
    let ran = home.run(&["status"]);
    assert!(ran.status.code() == Some(1) && said(&ran).contains("does not run"), "{}", said(&ran));
    let ran = home.run(&["remove"]);
    assert!(ran.status.code() == Some(1) && said(&ran).contains("no bus"), "{}", said(&ran));
    assert_eq!(home.unit(), None, "it starts no more all the same");
}
