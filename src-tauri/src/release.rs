//! A window that nobody looks at is given up after a while, and its web view's memory with it. It comes back where it was.

use crate::around::Around;
use crate::window;
use calltrail::lock::lock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tauri::{Manager as _, Url, WebviewWindow};

/// What is known of a window that is out of sight.
#[derive(Clone)]
pub(crate) struct Release {
    after: Duration,
    /// Counts each time that the window goes out of sight or comes back: a wait that began earlier ends in nothing.
    turns: Arc<AtomicU64>,
    /// Whether the page holds what would be lost with it, as it said last.
    in_use: Arc<AtomicBool>,
    /// Where the pages were when their window was given up.
    place: Arc<Mutex<Option<Url>>>,
}

impl Release {
    /// Windows are given up so long after they went out of sight.
    pub(crate) fn after(after: Duration) -> Release {
        Release { after, turns: Arc::default(), in_use: Arc::default(), place: Arc::default() }
    }

    /// The page says whether it holds what would be lost with it: a text that is being written, or an open question.
    pub(crate) fn heard(&self, in_use: bool) {
        self.in_use.store(in_use, Ordering::SeqCst);
    }

    /// The window is looked at again.
    pub(crate) fn shown(&self) {
        self.turns.fetch_add(1, Ordering::SeqCst);
    }

    /// Where the pages were; asked for once.
    pub(crate) fn place(&self) -> Option<Url> {
        lock(&self.place).take()
    }

    fn begin(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::SeqCst).wrapping_add(1)
    }

    fn is_still(&self, turn: u64) -> bool {
        self.turns.load(Ordering::SeqCst) == turn
    }
}

/// The window went out of sight.
pub(crate) fn begin(around: &Around) {
    let (around, turn) = (around.clone(), around.release.begin());
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(around.release.after).await;
            let window = around.app.get_webview_window(window::LABEL);
            let Some(window) = window.filter(|_| around.release.is_still(turn)) else {
                return;
            };
            if !around.release.in_use.load(Ordering::SeqCst) {
                give_up(&around, &window);
            }
        }
    });
}

fn give_up(around: &Around, window: &WebviewWindow) {
    *lock(&around.release.place) = window.url().ok();
    if let Err(why) = window.destroy() {
        tracing::warn!("the window that nobody sees could not be given up: {why}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_window_that_stayed_out_of_sight_is_given_up() {
        let release = Release::after(Duration::ZERO);
        let first = release.begin();
        assert!(release.is_still(first), "nobody has looked");
        release.shown();
        assert!(!release.is_still(first), "somebody looked meanwhile");
        let second = release.begin();
        assert!(release.is_still(second) && !release.is_still(first), "its time begins anew");
    }

    #[test]
    fn a_place_is_gone_back_to_once() {
        let release = Release::after(Duration::ZERO);
        let url: Url = "app://localhost/#/rooms".parse().unwrap();
        *lock(&release.place) = Some(url.clone());
        assert_eq!(release.place(), Some(url));
        assert_eq!(release.place(), None, "another window begins at the beginning");
    }
}
