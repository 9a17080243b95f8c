//! Quitting: whatever the way, the listener drains and the record is closed before the process ends.

use calltrail::{lock::lock, service::Service};
use std::sync::{Arc, Mutex};
use tauri::AppHandle;

/// The service while it runs. Stopped once.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<Mutex<Option<Service>>>);

impl Running {
    /// From now on there is something to drain.
    pub(crate) fn started(&self, service: Service) {
        *lock(&self.0) = Some(service);
    }

    /// Answers what was taken in, closes the record, and returns when that is done.
    pub(crate) fn drain(&self) {
        let service = lock(&self.0).take();
        if let Some(service) = service {
            tauri::async_runtime::block_on(service.stop());
        }
    }
}

/// A polite request to end (SIGTERM at logout or shutdown, Ctrl-C in a terminal) is a quit like any other.
#[cfg(unix)]
pub(crate) fn on_signal(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut asked) => {
                    asked.recv().await;
                    app.exit(0);
                }
                Err(why) => tracing::warn!("signals of kind {kind:?} are not noticed: {why}"),
            }
        });
    }
}

#[cfg(not(unix))]
pub(crate) fn on_signal(_app: &AppHandle) {}
