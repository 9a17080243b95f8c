//! The VFS as Rust sees it: a name to open databases with, and the orders to fail.

mod file;
mod register;

use std::fs;
use std::io;
use std::path::Path;

use crate::fault::{Call, Fault};
use crate::tape::{Device, Tape};
use crate::watch::Watch;
use register::Registered;

/// A VFS of its own in front of SQLite's default one, under a name that no other has. Any number can be there at a time.
///
/// It skips real syncs, promises nothing of the device but what [`Device`] says, and maps no memory but the WAL index.
pub struct Vfs {
    registered: Registered,
}

impl Vfs {
    /// Counts calls and fails them on command.
    pub fn new() -> io::Result<Self> {
        Ok(Self { registered: Registered::new(Watch::new(None, Device::PowerSafe))? })
    }

    /// Also records what happens to the files below a folder, which must exist, on a device of this kind. The files that lie
    /// in the folder now are on the disk already; none of them may be open.
    pub fn recording(folder: &Path, device: Device) -> io::Result<Self> {
        // As SQLite does with every path that it hands to a VFS.
        let folder = folder.canonicalize()?;
        let found = found(&folder)?;
        let watch = Watch::new(Some(folder), device);
        found.into_iter().for_each(|(name, content)| watch.found(name, content));
        Ok(Self { registered: Registered::new(watch)? })
    }

    /// The name to open databases with.
    pub fn name(&self) -> &str {
        self.registered.name()
    }

    /// Fails what the fault says, counted from now on; in place of an earlier fault.
    pub fn arm(&self, fault: Fault) {
        self.watch().arm(Some(fault));
    }

    /// Fails nothing from now on.
    pub fn disarm(&self) {
        self.watch().arm(None);
    }

    /// How many calls of a kind there were so far, or of all kinds.
    pub fn counted(&self, call: Option<Call>) -> u64 {
        self.watch().counted(call)
    }

    /// How many calls were refused so far.
    pub fn refused(&self) -> u64 {
        self.watch().refused()
    }

    /// Puts on the tape that somebody was told that something is kept; the number is the caller's own.
    pub fn ack(&self, id: u64) {
        self.watch().ack(id);
    }

    /// How many events are on the tape.
    pub fn recorded(&self) -> usize {
        self.watch().recorded()
    }

    /// Hands the tape over. Files must be closed: what happens to open ones afterwards has no beginning on the next tape.
    pub fn take_tape(&self) -> Tape {
        self.watch().take_tape()
    }

    fn watch(&self) -> &Watch {
        self.registered.watch()
    }
}

/// The files of a folder but for WAL indexes, which are no files but memory.
fn found(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.ends_with("-shm") {
            found.push((name, fs::read(entry.path())?));
        }
    }
    found.sort();
    Ok(found)
}
