//! Storage that fails: an SQLite VFS for Calltrail's tests, and what a power cut leaves of what was written through it.
//!
//! It knows SQLite and nothing of Calltrail. In reading order: [`Vfs`] stands between SQLite and the default VFS, fails
//! calls on command ([`Fault`]) and records them on a [`Tape`]; [`Tape::sweep`] walks the tape with a [`Disk`] that knows
//! what was durable at each moment; a [`Crash`] is one such moment, and gives [`Image`]s of the files as the next start
//! may find them. [`room`] is a folder in memory to put them into.
//!
//! The only crate of the workspace with `unsafe` code, all of it in `vfs/`.

mod disk;
mod fault;
mod image;
mod sweep;
mod tape;
#[cfg(test)]
mod tests;
mod vfs;
mod watch;

pub use disk::{Disk, Mode};
pub use fault::{Call, Fault, Why};
pub use image::{Image, room};
pub use sweep::Crash;
pub use tape::{Device, Entry, FileId, Tape};
pub use vfs::Vfs;
