//! Ctrl-C, SIGTERM, and a terminal or session that goes away: how a command is asked to stop.

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
    let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit()];
    if !is_hangup_ignored() {
        kinds.push(SignalKind::hangup());
    }
    let mut signals = kinds.into_iter().map(signal).collect::<io::Result<Vec<_>>>()?;
    Ok(async move {
        let any = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
        futures_util::future::select_all(any).await;
    })
}

/// True under `nohup`: whoever started this process wants it to outlive the terminal. Once somebody waits for a signal, it is
/// ignored no longer, so that is to be known before.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok()).unwrap_or(0);
    // The first bit is the first signal, SIGHUP.
    ignored & 1 == 1
}

/// From now on a request to stop does not end the process; the answer waits for one. Must be called within a runtime.
#[cfg(windows)]
pub(crate) fn asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let (mut interrupt, mut pause, mut close) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    let (mut logoff, mut shutdown) = (ctrl_logoff()?, ctrl_shutdown()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = pause.recv() => {}
            _ = close.recv() => {}
            _ = logoff.recv() => {}
            _ = shutdown.recv() => {}
        }
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
