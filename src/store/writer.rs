//! The one thread that writes: what waits in its queue, what it commits, and how it keeps the files.

pub(crate) mod batch;
pub(crate) mod checkpoint;
pub(crate) mod databases;
pub(crate) mod edits;
pub(crate) mod insert;
pub(crate) mod queue;
pub(crate) mod retry;
pub(crate) mod thread;
