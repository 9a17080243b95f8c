//! What the VFS does with a call before and after the real one: count it, refuse it, put it on the tape.
//!
//! Each call is carried out and recorded under one lock, so that the tape has the order of the disk.

use std::collections::HashMap;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use crate::fault::{Call, Fault, Gate};
use crate::tape::{Device, Entry, FileId, Tape};

/// The state of one VFS.
pub(crate) struct Watch {
    /// What lies below it is recorded; `None`: nothing is.
    folder: Option<PathBuf>,
    device: Device,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    gate: Gate,
    tape: Tape,
    files: usize,
    names: HashMap<String, FileId>,
}

impl State {
    fn next_file(&mut self, name: &str) -> FileId {
        let file = FileId(self.files);
        self.files += 1;
        self.names.insert(name.to_owned(), file);
        file
    }
}

impl Watch {
    pub(crate) fn new(folder: Option<PathBuf>, device: Device) -> Self {
        Self { folder, device, state: Mutex::default() }
    }

    pub(crate) fn device(&self) -> Device {
        self.device
    }

    /// Notes a file that is on the disk from the beginning.
    pub(crate) fn found(&self, name: String, content: Vec<u8>) {
        let mut state = self.state();
        let file = state.next_file(&name);
        state.tape.entries.push(Entry::Found { file, name, content });
    }

    pub(crate) fn arm(&self, fault: Option<Fault>) {
        self.state().gate.arm(fault);
    }

    pub(crate) fn counted(&self, call: Option<Call>) -> u64 {
        self.state().gate.counted(call)
    }

    pub(crate) fn refused(&self) -> u64 {
        self.state().gate.refused()
    }

    pub(crate) fn ack(&self, id: u64) {
        if self.folder.is_some() {
            self.state().tape.entries.push(Entry::Ack(id));
        }
    }

    /// How many events are on the tape.
    pub(crate) fn recorded(&self) -> usize {
        self.state().tape.entries.len()
    }

    /// Hands the tape over; the next one begins empty, with files that the new tape has never seen.
    pub(crate) fn take_tape(&self) -> Tape {
        let mut state = self.state();
        state.names.clear();
        Tape { device: self.device, ..std::mem::take(&mut state.tape) }
    }

    /// Opens a file through `real`; `content` reads one that was there before. Answers SQLite's code and the file's number.
    pub(crate) fn open(
        &self,
        path: Option<&Path>,
        real: impl FnOnce() -> c_int,
        content: impl FnOnce() -> Vec<u8>,
    ) -> (c_int, Option<FileId>) {
        let mut state = self.state();
        if let Some(code) = state.gate.refuses(Call::Open) {
            return (code, None);
        }
        let name = path.and_then(|path| self.recorded_name(path));
        let existed = path.is_some_and(Path::exists);
        let code = real();
        let Some(name) = name.filter(|_| code == ffi::SQLITE_OK) else { return (code, None) };
        if let (true, Some(file)) = (existed, state.names.get(&name)) {
            return (code, Some(*file));
        }
        if !existed && state.names.remove(&name).is_some() {
            // Somebody removed it past the VFS.
            state.tape.entries.push(Entry::Delete { name: name.clone(), synced: false });
        }
        let file = state.next_file(&name);
        let entry =
            if existed { Entry::Found { file, name, content: content() } } else { Entry::Create { file, name } };
        state.tape.entries.push(entry);
        (code, Some(file))
    }

    /// Writes through `real`. A write that is refused leaves its first half behind, as a full disk does.
    pub(crate) fn write(
        &self,
        file: Option<FileId>,
        offset: usize,
        bytes: &[u8],
        real: impl FnOnce(&[u8]) -> c_int,
    ) -> c_int {
        let mut state = self.state();
        let refusal = state.gate.refuses(Call::Write);
        let bytes = if refusal.is_some() { bytes.get(..bytes.len() / 2).unwrap_or_default() } else { bytes };
        let code = real(bytes);
        if let Some(file) = file.filter(|_| code == ffi::SQLITE_OK) {
            state.tape.entries.push(Entry::Write { file, offset, bytes: bytes.to_vec() });
        }
        refusal.unwrap_or(code)
    }

    pub(crate) fn truncate(&self, file: Option<FileId>, size: usize, real: impl FnOnce() -> c_int) -> c_int {
        let mut state = self.state();
        if let Some(code) = state.gate.refuses(Call::Truncate) {
            return code;
        }
        let code = real();
        if let Some(file) = file.filter(|_| code == ffi::SQLITE_OK) {
            state.tape.entries.push(Entry::Truncate { file, size });
        }
        code
    }

    /// Syncs on the tape only: whoever cuts the power on paper needs no real sync.
    pub(crate) fn sync(&self, file: Option<FileId>) -> c_int {
        let mut state = self.state();
        let refusal = state.gate.refuses(Call::Sync);
        if let Some(file) = file {
            let entry = if refusal.is_some() { Entry::SyncFailed { file } } else { Entry::Sync { file } };
            state.tape.entries.push(entry);
        }
        refusal.unwrap_or(ffi::SQLITE_OK)
    }

    pub(crate) fn delete(&self, path: Option<&Path>, synced: bool, real: impl FnOnce() -> c_int) -> c_int {
        let mut state = self.state();
        if let Some(code) = state.gate.refuses(Call::Delete) {
            return code;
        }
        let code = real();
        let name = path.and_then(|path| self.recorded_name(path));
        if let Some(name) = name.filter(|_| code == ffi::SQLITE_OK)
            && state.names.remove(&name).is_some()
        {
            state.tape.entries.push(Entry::Delete { name, synced });
        }
        code
    }

    fn recorded_name(&self, path: &Path) -> Option<String> {
        let name = path.strip_prefix(self.folder.as_deref()?).ok()?;
        Some(name.to_string_lossy().into_owned())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
