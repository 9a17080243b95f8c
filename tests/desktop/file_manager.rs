//! A desktop's file manager, played: it is told over the session's bus which files to show.

use crate::screen::PATIENCE;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use zbus::blocking::{Connection, connection};

/// Who shows files.
pub(crate) struct FileManager {
    _session: Connection,
    shown: Arc<Mutex<Vec<String>>>,
}

struct Server(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.freedesktop.FileManager1")]
impl Server {
    fn show_items(&self, files: Vec<String>, _startup: String) {
        self.0.lock().expect("nobody panics here").extend(files);
    }
}

impl FileManager {
    /// Begins to show files in this session.
    pub(crate) fn new(bus: &str) -> FileManager {
        let shown = Arc::<Mutex<Vec<String>>>::default();
        let session = connection::Builder::address(bus)
            .and_then(|builder| builder.serve_at("/org/freedesktop/FileManager1", Server(Arc::clone(&shown))))
            .and_then(|builder| builder.name("org.freedesktop.FileManager1"))
            .and_then(connection::Builder::build)
            .expect("the session has no file manager yet");
        FileManager { _session: session, shown }
    }

    /// The files that were shown, once there are any.
    pub(crate) fn wait(&self) -> Vec<String> {
        let patience = Instant::now() + PATIENCE;
        loop {
            let shown = self.shown.lock().expect("nobody panics here").clone();
            if !shown.is_empty() {
                return shown;
            }
            assert!(Instant::now() < patience, "a file should be shown");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
