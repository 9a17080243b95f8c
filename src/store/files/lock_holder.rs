//! Who keeps the record from being written: a lock that another program has on one of its files.

use crate::store::files::paths::Files;
use crate::store::locked::{Locked, Process};

/// Looks who has one at this moment.
pub(crate) fn look(files: &Files) -> Locked {
    Locked { by: holder(files) }
}

/// Linux tells every lock. To ask for one directly (`F_GETLK`), the file would have to be opened and closed, and closing it
/// gives up all locks that this process has on it.
#[cfg(target_os = "linux")]
fn holder(files: &Files) -> Option<Process> {
    let table = std::fs::read_to_string("/proc/locks").ok()?;
    let locks: Vec<_> = table.lines().filter_map(linux::Lock::read).collect();
    let databases =
        std::iter::once(files.archive()).chain(files.projections().into_iter().map(|n| files.projection(n)));
    databases.flat_map(linux::keeping_writers_out).find_map(|(path, bytes)| {
        let lock = locks.iter().find(|lock| lock.excludes(&bytes) && lock.is_on(&path))?;
        Some(Process { pid: lock.pid, program: linux::program(lock.pid) })
    })
}

#[cfg(not(target_os = "linux"))]
fn holder(_files: &Files) -> Option<Process> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::ops::RangeInclusive;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};

    use crate::store::files::sidecars::with_sidecars;

    /// One line of `/proc/locks` (proc_locks(5)): a lock for writing that a process has.
    pub(crate) struct Lock {
        pub(crate) pid: u32,
        device: (u64, u64),
        inode: u64,
        bytes: RangeInclusive<u64>,
    }

    /// The bytes whose lock keeps a writer out: in the index of the log those of the writer and of the recovery
    /// (`WAL_WRITE_LOCK`, `WAL_RECOVER_LOCK`), in the database those of whoever has it for itself (`PENDING_BYTE` and on).
    pub(crate) fn keeping_writers_out(database: PathBuf) -> impl Iterator<Item = (PathBuf, RangeInclusive<u64>)> {
        const WRITER: RangeInclusive<u64> = 120..=120;
        const RECOVERY: RangeInclusive<u64> = 122..=122;
        const WHOLE: RangeInclusive<u64> = 0x4000_0000..=0x4000_01ff;
        let index = with_sidecars(&database).nth(2);
        let of_index = index.into_iter().flat_map(|index| [(index.clone(), WRITER), (index, RECOVERY)]);
        of_index.chain([(database, WHOLE)])
    }

    impl Lock {
        /// Reads a line such as `1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 120 120`. Nothing for one that only waits, is for
        /// reading, is of no process that can be named, or is our own.
        pub(crate) fn read(line: &str) -> Option<Self> {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, "POSIX", _, "WRITE", pid, file, first, last] = fields.as_slice() else { return None };
            let pid = pid.parse().ok().filter(|pid| *pid != 0 && *pid != std::process::id())?;
            let mut file = file.split(':');
            let mut hex = || u64::from_str_radix(file.next()?, 16).ok();
            let device = (hex()?, hex()?);
            let inode = file.next()?.parse().ok()?;
            let last = if *last == "EOF" { u64::MAX } else { last.parse().ok()? };
            Some(Self { pid, device, inode, bytes: first.parse().ok()?..=last })
        }

        pub(crate) fn excludes(&self, bytes: &RangeInclusive<u64>) -> bool {
            self.bytes.start() <= bytes.end() && bytes.start() <= self.bytes.end()
        }

        /// Some file systems (btrfs) give their files another device than the one that the kernel's table has; then the
        /// process must have the file open.
        pub(crate) fn is_on(&self, path: &Path) -> bool {
            let Ok(file) = fs::metadata(path) else { return false };
            let device = (u64::from(libc::major(file.dev())), u64::from(libc::minor(file.dev())));
            file.ino() == self.inode && (device == self.device || has_open(self.pid, path))
        }
    }

    fn has_open(pid: u32, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        open.filter_map(|file| fs::read_link(file.path()).ok()).any(|open| open == path)
    }

    /// The name of a process's program. A program chooses it itself, so what would act on a screen is left out.
    pub(crate) fn program(pid: u32) -> String {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim().chars().filter(|letter| !letter.is_control()).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_line_of_the_table_is_a_lock_for_writing_or_nothing() {
            let lock =
                Lock::read("2: POSIX  ADVISORY  WRITE 1 fd:1f:2531452 120 120").expect("a lock of another process");
            assert_eq!((lock.pid, lock.device, lock.inode), (1, (0xfd, 0x1f), 2_531_452), "the device is hexadecimal");
            assert!(lock.excludes(&(120..=120)) && !lock.excludes(&(122..=122)), "one byte");
            let whole =
                Lock::read("1: POSIX  ADVISORY  WRITE 1 08:01:7 1073741824 EOF").expect("to the end of the file");
            assert!(whole.excludes(&(0x4000_0000..=0x4000_01ff)), "all of it");
            let own = format!("1: POSIX  ADVISORY  WRITE {} 08:01:7 120 120", std::process::id());
            for nothing in [
                own.as_str(),
                "1: -> POSIX  ADVISORY  WRITE 1 08:01:7 120 120",
                "1: POSIX  ADVISORY  READ  1 08:01:7 128 128",
                "1: FLOCK  ADVISORY  WRITE 1 08:01:7 0 EOF",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:7 120 120",
                "1: POSIX  ADVISORY  WRITE 0 08:01:7 120 120",
                "",
            ] {
                assert!(Lock::read(nothing).is_none(), "{nothing:?} is no lock that somebody else has for writing");
            }
        }
    }
}
