//! Candidates: projections that are filled beside the one in use, and put into use when they are whole or when a person agrees.
//!
//! Two threads fill the candidate's file (`projection/bulk.rs`): one reads the archive and understands it, the other folds and
//! writes, slice by slice. They only read the archive, so they never hold the writer up. What they have done is in the file:
//! killed in between, the next start goes on from there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;

use crate::lock::lock;
use crate::store::condition::Rebuilding;
use crate::store::error::Error;
use crate::store::files::projection_file::{self, Position};
use crate::store::maintenance::background::{Cancelled, News, Parts, Relay};
use crate::store::maintenance::projector::{progress, unknown};
use crate::store::maintenance::review;
use crate::store::projection::bulk;
use crate::store::projection::catch_up::{self, CatchUp};
use crate::store::query::reader::Reader;
use crate::store::writer::databases::Candidate;
use crate::store::writer::queue::WriteQueue;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Deliveries that were replayed.
    pub deliveries: u64,
    /// Deliveries among them whose projection failed.
    pub faults: u64,
}

/// After a failure (a full disk) it is tried again this much later.
const AGAIN: Duration = Duration::from_secs(5);

/// The rebuilds of one record; one runs at a time.
pub(crate) struct Rebuilds {
    parts: Parts,
    relay: Relay,
    /// The projection that waits for a person.
    reviewed: Mutex<Option<u64>>,
}

/// How filling ended.
#[derive(PartialEq, Eq)]
enum End {
    InUse,
    Waiting,
    Cancelled,
}

impl Rebuilds {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, relay: Relay::default(), reviewed: Mutex::default() }
    }

    /// Begins to fill a candidate in the background, instead of whatever is being filled. Never waits.
    pub(crate) fn start(self: &Arc<Self>, candidate: Candidate) {
        self.parts.tell(|state| state.rebuilding = Some(begun(candidate)));
        let this = Arc::clone(self);
        let started = self.relay.start("calltrail-rebuild", move |cancelled| this.until_done(candidate, cancelled));
        if let Err(error) = started {
            self.parts.cannot_fill(&error);
        }
    }

    /// Ends what runs; what it has done is kept for the next start.
    pub(crate) fn stop(&self) {
        self.relay.stop();
        self.cancel();
    }

    fn cancel(&self) {
        self.relay.cancel();
        if self.relay.join() {
            self.parts.tell(|state| state.rebuilding = None);
        }
    }

    /// Replays the archive into a new projection and waits until it is in use.
    pub(crate) fn rebuild(&self) -> Result<Rebuilt, Error> {
        self.cancel();
        self.forget_review();
        let number = self.queue()?.run(|databases| databases.create_candidate())?;
        self.fill(Candidate::Replacement(number), &Cancelled::default())?;
        let reader = Reader::of(&self.parts.files)?;
        let count = |statement: &str| -> Result<u64, Error> {
            let count: i64 = reader.connection().query_row(statement, [], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or(0))
        };
        Ok(Rebuilt {
            deliveries: count("select count(*) from outcome")?,
            faults: count("select count(*) from outcome join kind using (kind_no) where kind_0 = 'fault'")?,
        })
    }

    /// Begins to read the archive again, to show what would change.
    pub(crate) fn begin_review(self: &Arc<Self>) -> Result<(), Error> {
        if let Some(Rebuilding { partial: true, done, total, .. }) = self.parts.condition.state().rebuilding {
            // There is nothing whole yet to compare with.
            return Err(Error::Rebuilding { missing: total.saturating_sub(done) });
        }
        self.cancel();
        self.forget_review();
        let number = self.queue()?.run(|databases| databases.create_candidate())?;
        self.start(Candidate::Review(number));
        Ok(())
    }

    /// Puts the newer reading into use; `false` when none waits.
    pub(crate) fn accept_review(self: &Arc<Self>) -> bool {
        let Some(number) = self.forget_review() else { return false };
        self.start(Candidate::Replacement(number));
        true
    }

    /// Drops the newer reading; `false` when none waits.
    pub(crate) fn decline_review(&self) -> Result<bool, Error> {
        let Some(number) = self.forget_review() else { return Ok(false) };
        self.queue()?.run(move |databases| {
            databases.discard(number);
            Ok(true)
        })
    }

    fn forget_review(&self) -> Option<u64> {
        self.parts.condition.change(|state| state.review = None);
        lock(&self.reviewed).take()
    }

    fn queue(&self) -> Result<&WriteQueue, Error> {
        if self.relay.is_stopped() { Err(Error::Closed) } else { Ok(&self.parts.queue) }
    }

    /// Fills a projection, however often the disk fails meanwhile.
    fn until_done(&self, mut candidate: Candidate, cancelled: &Cancelled) {
        while !cancelled.is_set() {
            let error = match self.fill(candidate, cancelled) {
                Ok(_) | Err(Error::Closed) => return,
                Err(error) => error,
            };
            self.parts.cannot_fill(&error);
            let is_damaged = error.is_damage();
            let again = |queue: &WriteQueue| queue.run(move |databases| databases.recreate(candidate, is_damaged));
            if !cancelled.is_set()
                && let Ok(recreated) = self.queue().and_then(again)
            {
                candidate = recreated;
            }
            cancelled.pause(AGAIN);
        }
    }

    fn fill(&self, candidate: Candidate, cancelled: &Cancelled) -> Result<End, Error> {
        let number = candidate.number();
        loop {
            let mut connection = projection_file::open_to_fill(&self.parts.files, number)?;
            if !self.fill_to_the_end(&mut connection, candidate, cancelled)? {
                return Ok(End::Cancelled);
            }
            if let Candidate::Review(_) = candidate
                && let Some(review) = review::to_the_one_in_use(&mut connection, &self.parts.files)?
            {
                *lock(&self.reviewed) = Some(number);
                self.parts.tell(|state| (state.rebuilding, state.review) = (None, Some(review)));
                return Ok(End::Waiting);
            }
            connection.query_row("pragma main.wal_checkpoint(truncate)", [], |_| Ok(()))?;
            drop(connection);
            if self.queue()?.run(move |databases| databases.promote(number))? {
                self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (None, None));
                return Ok(End::InUse);
            }
        }
    }

    /// `false`: it was cancelled.
    fn fill_to_the_end(
        &self,
        connection: &mut Connection,
        candidate: Candidate,
        cancelled: &Cancelled,
    ) -> Result<bool, Error> {
        let mut news = News::default();
        let mut tell = |connection: &Connection| {
            if news.are_due() {
                let progress = Rebuilding { for_review: begun(candidate).for_review, ..progress(false, connection)? };
                self.parts.tell(|state| (state.rebuilding, state.rebuild_failed) = (Some(progress), None));
            }
            Ok(())
        };
        if Position::read(connection)?.is_from_the_oldest()
            && !bulk::fill(connection, &self.parts.files, candidate.number(), &|| cancelled.is_set(), &mut tell)?
        {
            return Ok(false);
        }
        let (mut slices, mut catch_up) = (1, CatchUp::of_candidate(&self.parts.files, candidate.number())?);
        loop {
            if cancelled.is_set() {
                return Ok(false);
            }
            let goes_on = |done| done < slices && !cancelled.is_set();
            match catch_up.steps(connection, catch_up::LARGE_SLICE, &goes_on) {
                Ok(0) => return Ok(true),
                // It is in use already.
                Err(Error::Interrupted) => return Ok(false),
                stepped => drop(stepped?),
            }
            // The newest are there soon; then there is time.
            slices = (slices * 2).min(catch_up::MANY_SLICES);
            tell(connection)?;
        }
    }
}

/// Nothing is known yet of how far it is.
fn begun(candidate: Candidate) -> Rebuilding {
    Rebuilding { for_review: matches!(candidate, Candidate::Review(_)), ..unknown(false) }
}
