//! Looks at a socket before somebody is called late: what the system holds of a request is read first.

use std::{
    future::{Future as _, poll_fn},
    pin::pin,
    sync::{Mutex, MutexGuard},
    task::{Poll, Waker},
    time::Duration,
};

use super::awake::Awake;
use crate::lock::lock;

/// So long a look may take. Whoever sends without end would otherwise be read without end.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How often the socket of a connection was found empty, and who reads from it.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    empty: u64,
    reader: Option<Waker>,
    is_awaited: bool,
}

/// A look that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked(u64);

impl Looks {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.0)
    }

    /// Asks the task that reads from the socket to look there.
    pub(super) fn ask(&self) -> Asked {
        let seen = self.seen();
        if let Some(reader) = &seen.reader {
            reader.wake_by_ref();
        }
        Asked(seen.empty)
    }

    /// Whether it has looked since, and taken what was there.
    pub(super) fn is_done(&self, Asked(before): Asked) -> bool {
        self.seen().empty > before
    }

    /// The socket gives nothing more for now, or takes nothing more. Said by the task that reads from it.
    pub(super) fn found_nothing(&self, reader: &Waker) {
        let mut seen = self.seen();
        seen.empty += 1;
        if !seen.reader.as_ref().is_some_and(|known| known.will_wake(reader)) {
            seen.reader = Some(reader.clone());
        }
        if std::mem::take(&mut seen.is_awaited) {
            reader.wake_by_ref();
        }
    }

    /// Asks and waits until that is done, or took too long. For the task that reads from the socket.
    pub(super) async fn take(&self, awake: &Awake) {
        let asked = self.ask();
        let mut patience = pin!(awake.sleep(PATIENCE));
        poll_fn(|cx| {
            if self.is_done(asked) || patience.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            self.seen().is_awaited = true;
            Poll::Pending
        })
        .await;
    }
}
