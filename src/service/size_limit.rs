//! A limit on the size of files (`ulimit -f`, a quota) is answered like a full disk.

use std::io;

/// Sees to it that a write beyond the limit fails instead of ending the process by SIGXFSZ, for as long as the process
/// lives. Must be called within a runtime.
#[cfg(unix)]
pub fn outlive_size_limit() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // Once asked for, a signal never has its usual effect again, also when nobody waits for it any more.
    signal(SignalKind::from_raw(libc::SIGXFSZ)).map(drop)
}

/// Nothing to be seen to: there is no such signal.
#[cfg(not(unix))]
pub fn outlive_size_limit() -> io::Result<()> {
    Ok(())
}
