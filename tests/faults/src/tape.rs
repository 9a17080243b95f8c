//! What was asked of the storage, in order.

/// One file through its life; a file that is removed and made again is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) usize);

/// One event on a [`Tape`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file was there when the recording began, or was made past the VFS since.
    Found {
        /// The file.
        file: FileId,
        /// Its path below the recorded folder.
        name: String,
        /// What it held.
        content: Vec<u8>,
    },
    /// A file was made, empty.
    Create {
        /// The file.
        file: FileId,
        /// Its path below the recorded folder.
        name: String,
    },
    /// A file was removed.
    Delete {
        /// Its path below the recorded folder.
        name: String,
        /// Whether the folder was synced with it, so that it cannot come back.
        synced: bool,
    },
    /// Bytes were written.
    Write {
        /// Into which file.
        file: FileId,
        /// Where, in bytes.
        offset: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// A file was cut or stretched.
    Truncate {
        /// Which one.
        file: FileId,
        /// Its new size in bytes.
        size: usize,
    },
    /// What was written to a file so far was made durable.
    Sync {
        /// Which one.
        file: FileId,
    },
    /// It was refused. As on Linux, what was written since the last sync may be on the disk or not, each piece for itself,
    /// and a later sync does not write it again.
    SyncFailed {
        /// Which one.
        file: FileId,
    },
    /// Somebody was told that something is kept; the number is the teller's own.
    Ack(u64),
}

/// What a device promises of a write that the power cuts short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// Nothing: bytes that lie beside it in the same sector may be damaged too. SQLite pads its log against that.
    #[default]
    Bare,
    /// That only what is being written can be damaged (power-safe overwrite), which SQLite believes of every disk unless it is
    /// told otherwise.
    PowerSafe,
}

/// All events in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tape {
    /// What the device promised.
    pub device: Device,
    /// The events.
    pub entries: Vec<Entry>,
}
