//! Ctrl-C and SIGTERM: how a command is asked to stop.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// From now on a request to stop does not end the process; the answer waits for one. Must be called within a runtime.
#[cfg(unix)]
pub(crate) fn asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// From now on a request to stop does not end the process; the answer waits for one. Must be called within a runtime.
#[cfg(windows)]
pub(crate) fn asked() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// A flag for work without a runtime: true once the process is asked to stop.
pub(crate) fn flag() -> io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = runtime.block_on(async { asked() })?;
    let raised = Arc::clone(&flag);
    // The thread lives as long as the process; it holds nothing that would have to be given back.
    thread::Builder::new().name("stop".to_owned()).spawn(move || {
        runtime.block_on(asked);
        raised.store(true, Ordering::Relaxed);
    })?;
    Ok(flag)
}
