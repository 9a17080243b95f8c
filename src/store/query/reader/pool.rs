//! Read-only connections that wait for the next question.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use super::Reader;
use crate::{lock::lock, store::error::Error};

/// Idle connections that are kept.
const MOST: usize = 8;

/// Connections that are lent to whoever asks.
pub(crate) struct Pool {
    /// Grows when connections must be opened anew, because another file is in use.
    opened: Arc<AtomicU64>,
    idle: Mutex<Idle>,
}

/// Connections that were all opened since `opened` last grew.
#[derive(Default)]
struct Idle {
    opened: u64,
    readers: Vec<Reader>,
}

impl Pool {
    pub(crate) fn new(opened: Arc<AtomicU64>) -> Self {
        Self { opened, idle: Mutex::default() }
    }

    /// Lends a reader that is in no snapshot yet, and keeps it for the next question. `open` makes one where none is idle.
    pub(crate) fn lend<T>(
        &self,
        open: impl FnOnce() -> Result<Reader, Error>,
        ask: impl FnOnce(&Reader) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let opened = self.opened.load(Ordering::Acquire);
        let idle = {
            let mut idle = lock(&self.idle);
            if idle.opened != opened {
                *idle = Idle { opened, readers: Vec::new() };
            }
            idle.readers.pop()
        };
        let reader = idle.map_or_else(open, Ok)?;
        let answer = ask(&reader);
        let mut idle = lock(&self.idle);
        if idle.opened == opened && idle.readers.len() < MOST {
            idle.readers.push(reader);
        }
        answer
    }

    /// Closes those that nobody uses.
    pub(crate) fn close(&self) {
        *lock(&self.idle) = Idle::default();
    }
}
