//! A small disk of the test's own.

use std::{path::Path, process::Command};

use tempfile::TempDir;

/// A file system in memory; unmounted when dropped. Declare it before the process that uses it.
pub(super) struct Tmpfs(TempDir);

impl Tmpfs {
    /// Mounts one of this size, such as `8m`. Where that is not allowed, says so and answers nothing.
    pub(super) fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let options = format!("size={size}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(folder)),
            refused => {
                eprintln!("skipped: a small disk can only be mounted by root ({refused:?})");
                None
            }
        }
    }

    /// From now on it can only be read, also by root.
    pub(super) fn seal(&self) {
        let sealed = Command::new("mount").args(["-o", "remount,ro"]).arg(self.0.path()).output().expect("mount");
        assert!(sealed.status.success(), "whoever mounted it can: {sealed:?}");
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let unmounted = |arguments: &[&str]| {
            let umount = Command::new("umount").args(arguments).arg(self.0.path()).output();
            umount.is_ok_and(|output| output.status.success())
        };
        // Where a failing test has left somebody in it, it goes as soon as they do.
        if !unmounted(&[]) && !unmounted(&["--lazy"]) {
            eprintln!("{} could not be unmounted", self.0.path().display());
        }
    }
}
