//! Change notices after each commit: a number that grows, in an epoch that is random per start.

use crate::lock::lock;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

type Listener = Box<dyn Fn(u64) + Send + Sync>;

/// The revision of the record, and who wants to hear of it.
pub(crate) struct Changes {
    epoch: Mutex<String>,
    revision: AtomicU64,
    listeners: Mutex<Vec<Listener>>,
}

impl Changes {
    pub(crate) fn new() -> Self {
        Self { epoch: Mutex::new(random_epoch()), revision: AtomicU64::new(0), listeners: Mutex::new(Vec::new()) }
    }

    pub(crate) fn epoch(&self) -> String {
        lock(&self.epoch).clone()
    }

    /// The record is not the one that it was: whoever compares revisions must ask for everything anew.
    pub(crate) fn begin_epoch(&self) {
        *lock(&self.epoch) = random_epoch();
        self.notify();
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    pub(crate) fn listen(&self, listener: Listener) {
        lock(&self.listeners).push(listener);
    }

    /// Called after a commit, never before it.
    pub(crate) fn notify(&self) {
        let revision = self.revision.fetch_add(1, Ordering::AcqRel) + 1;
        for listener in lock(&self.listeners).iter() {
            listener(revision);
        }
    }
}

fn random_epoch() -> String {
    format!("{:016x}", rand::random::<u64>())
}
