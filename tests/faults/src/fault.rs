//! Which call fails, when and how.

use std::ffi::c_int;

use rusqlite::ffi;

/// What SQLite asks of the storage and may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A file is opened, and made where there is none.
    Open,
    /// Bytes are written. A refused write leaves its first half behind.
    Write,
    /// A file is cut.
    Truncate,
    /// What was written is made durable. After a refusal nobody knows what is; see [`crate::Entry::SyncFailed`].
    Sync,
    /// A file is removed.
    Delete,
}

impl Call {
    /// Every call that can fail.
    pub const ALL: [Self; 5] = [Self::Open, Self::Write, Self::Truncate, Self::Sync, Self::Delete];

    fn index(self) -> usize {
        match self {
            Self::Open => 0,
            Self::Write => 1,
            Self::Truncate => 2,
            Self::Sync => 3,
            Self::Delete => 4,
        }
    }
}

/// What the storage says when it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The device is broken (EIO).
    Io,
    /// The device is full (ENOSPC). From a sync or a deletion that is rare, but network and quota file systems do it.
    Full,
}

impl Why {
    /// What the VFS answers to SQLite.
    pub(crate) fn code(self, call: Call) -> c_int {
        match (self, call) {
            (Self::Full, _) => ffi::SQLITE_FULL,
            (Self::Io, Call::Open) => ffi::SQLITE_CANTOPEN,
            (Self::Io, Call::Write) => ffi::SQLITE_IOERR_WRITE,
            (Self::Io, Call::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
            (Self::Io, Call::Sync) => ffi::SQLITE_IOERR_FSYNC,
            (Self::Io, Call::Delete) => ffi::SQLITE_IOERR_DELETE,
        }
    }
}

/// The order to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which calls count and fail; `None`: any of them.
    pub call: Option<Call>,
    /// The first that fails, counted from 1 at the moment of arming.
    pub nth: u64,
    /// Whether all that follow fail too, until the fault is disarmed.
    pub lasting: bool,
    /// What SQLite is told.
    pub why: Why,
}

/// Counts calls and refuses those that a fault names.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    armed: Option<(Fault, u64)>,
    counted: [u64; Call::ALL.len()],
    refused: u64,
}

impl Gate {
    pub(crate) fn arm(&mut self, fault: Option<Fault>) {
        self.armed = fault.map(|fault| (fault, 0));
    }

    /// Counts a call; says what SQLite is told instead of an answer.
    pub(crate) fn refuses(&mut self, call: Call) -> Option<c_int> {
        if let Some(counted) = self.counted.get_mut(call.index()) {
            *counted += 1;
        }
        let (fault, seen) = self.armed.as_mut()?;
        if fault.call.is_some_and(|wanted| wanted != call) {
            return None;
        }
        *seen += 1;
        let fails = if fault.lasting { *seen >= fault.nth } else { *seen == fault.nth };
        if !fails {
            return None;
        }
        self.refused += 1;
        Some(fault.why.code(call))
    }

    pub(crate) fn counted(&self, call: Option<Call>) -> u64 {
        match call {
            Some(call) => self.counted.get(call.index()).copied().unwrap_or(0),
            None => self.counted.iter().sum(),
        }
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }
}
