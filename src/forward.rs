//! The tee: what Tencent sends goes on to the team's own backends. An application has one callback address at Tencent; where that
//! leads to Calltrail, whoever had it before would get nothing any more.
//!
//! The way of a delivery: it is archived and answered as always; `queue` remembers how far each target has come in the archive and
//! which deliveries have to be tried again; `pump` takes what is next, `post` sends the same bytes (`sign`: with a signature that still
//! holds), `schedule` says when it is tried again. Nothing here holds up an answer, and a target that is down costs nothing but its place in the archive.
//!
//! One thing is asked at once: what somebody wants a target to decide in our place (`decision`).

mod address;
mod decision;
mod post;
mod pump;
mod queue;
mod schedule;
mod sign;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex, OnceLock, Weak},
};

use tokio::{sync::watch, task::JoinSet};

pub use self::{
    address::Unfit,
    post::Answer,
    queue::Error,
    target::{Fate, Outcome, Paused, Target},
};
use self::{decision::Decisions, post::Sender, queue::Queue};
use crate::{
    clock::Clock,
    config::Keys,
    lock::lock,
    store::{Store, delivery::Digest, filter::Filter},
    subscription::Ours,
};

/// How a target is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The target.
    pub target: Target,
    /// How many deliveries it has not got yet; those of other applications that lie between are counted with them.
    pub waiting: u64,
    /// How many were given up.
    pub given_up: u64,
    /// Whether it does not answer, so that nothing but one delivery is tried now and then.
    pub down: bool,
}

/// Why something about targets could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The address cannot be used.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such target.
    #[error("there is no such target")]
    NoSuchTarget,
    /// The queue cannot be read or written.
    #[error(transparent)]
    Queue(#[from] Error),
}

/// Says what is wrong with what a data folder remembers of passing on, and changes nothing. Blocks.
pub fn look(folder: &Path) -> Result<(), Error> {
    queue::look(folder)
}

/// Passes deliveries on. Cheap to clone; asks nobody until it [runs](Forwarding::run).
#[derive(Clone, Debug)]
pub struct Forwarding(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: Mutex<Queue>,
    /// Whoever ends the record does not wait for a target.
    store: Weak<Store>,
    clock: Clock,
    /// What Live callbacks are signed with.
    keys: Keys,
    ours: Ours,
    /// Targets that do not answer.
    down: Mutex<BTreeSet<i64>>,
    /// Makes the connections, from the beginning of [`Forwarding::run`] on.
    sender: OnceLock<Sender>,
    /// Who decides in our place, and what is being asked.
    decisions: Decisions,
    /// Told when targets have changed, and when there may be something to send.
    news: watch::Sender<()>,
}

impl Forwarding {
    /// Opens the queue of a data folder. `ours` tells which addresses lead back here. Blocks.
    pub fn open(folder: &Path, store: &Arc<Store>, clock: Clock, keys: Keys, ours: Ours) -> Result<Self, Error> {
        let (news, _) = watch::channel(());
        let (told, queue) = (news.clone(), Mutex::new(Queue::open(folder)?));
        store.on_change(move |_| {
            told.send_replace(());
        });
        let (store, down) = (Arc::downgrade(store), Mutex::default());
        let (sender, decisions) = (OnceLock::new(), Decisions::default());
        let this = Self(Arc::new(Inner { queue, store, clock, keys, ours, down, sender, decisions, news }));
        this.know_deciders()?;
        Ok(this)
    }

    /// What tells that an address leads back here.
    pub fn ours(&self) -> &Ours {
        &self.0.ours
    }

    /// Every target, in the order in which they were added. Blocks.
    pub fn list(&self) -> Result<Vec<Standing>, Error> {
        let Some(store) = self.0.store.upgrade() else { return Ok(Vec::new()) };
        let newest = store.newest_archived()?;
        let queue = lock(&self.0.queue);
        let mut standings = Vec::new();
        for target in queue.targets()? {
            let behind = u64::try_from(newest.id.saturating_sub(target.after)).unwrap_or(0);
            let (waiting, given_up) = queue.counts(target.no)?;
            let down = lock(&self.0.down).contains(&target.no);
            standings.push(Standing { waiting: waiting + behind, given_up, down, target });
        }
        Ok(standings)
    }

    /// Sends an application's deliveries to an address from now on; `private`: it may be on this computer or in a private
    /// network; `answers_before`: what it answers to a command that asks for permission is Tencent's answer. Doing it again changes
    /// nothing but these. Blocks.
    pub fn add(&self, app: &str, url: &str, private: bool, answers_before: bool) -> Result<(), Refusal> {
        let url = address::fit(url, private, &self.0.ours)?;
        if let Some(store) = self.0.store.upgrade() {
            let newest = store.newest_archived().map_err(Error::from)?;
            let mut queue = lock(&self.0.queue);
            let no = queue.add(app, url.as_str(), private, self.0.clock.now_ms(), &newest)?;
            queue.answers(no, answers_before)?;
        }
        self.know_deciders()?;
        self.announce();
        Ok(())
    }

    /// Why an address cannot be a target; nothing where it can.
    pub fn unfit(&self, url: &str, private: bool) -> Option<Unfit> {
        address::fit(url, private, &self.0.ours).err()
    }

    /// The number of an application's target of this address. Blocks.
    pub fn find(&self, app: &str, url: &str) -> Result<Option<i64>, Error> {
        let Ok(url) = address::fit(url, true, &self.0.ours) else { return Ok(None) };
        let targets = lock(&self.0.queue).targets()?;
        Ok(targets.iter().find(|target| target.app == app && target.url == url.as_str()).map(|target| target.no))
    }

    /// Whether what a target answers to a command that asks for permission is Tencent's answer. One target of an application decides
    /// at most. Blocks.
    pub fn answers_before(&self, no: i64, answers: bool) -> Result<(), Refusal> {
        self.change(|queue| queue.answers(no, answers))
    }

    /// Sends nothing to a target any more, and forgets what waited for it. Blocks.
    pub fn remove(&self, no: i64) -> Result<(), Refusal> {
        self.change(|queue| queue.remove(no))
    }

    /// Sends nothing to a target until somebody wants it to go on; nothing is lost meanwhile. Blocks.
    pub fn pause(&self, no: i64, is_paused: bool) -> Result<(), Refusal> {
        self.change(|queue| queue.pause(no, is_paused.then_some(Paused::ByPerson)))
    }

    /// Tries again what was given up; answers how many deliveries. Blocks.
    pub fn retry(&self, no: i64) -> Result<u64, Refusal> {
        let now_ms = self.0.clock.now_ms();
        let retried = lock(&self.0.queue).retry(no, now_ms)?;
        self.announce();
        Ok(retried)
    }

    /// Sends again what a filter of deliveries finds among an application's, also what was received before the target was added;
    /// answers how many deliveries. Blocks.
    pub fn replay(&self, no: i64, filter: &Filter) -> Result<u64, Refusal> {
        let target = lock(&self.0.queue).target(no)?.ok_or(Refusal::NoSuchTarget)?;
        let Some(store) = self.0.store.upgrade() else { return Ok(0) };
        let filter = Filter { app: Some(target.app), ..filter.clone() };
        let mut ids = store.archived_matching(&filter, self.0.clock.now_ms()).map_err(Error::from)?;
        // What comes behind goes by itself.
        ids.retain(|id| *id <= target.after);
        let mut queued = 0;
        for some in ids.chunks(pump::REPLAYED_TOGETHER) {
            let lanes = some.iter().map(|id| (*id, pump::lane_in(&store, *id)));
            queued += lock(&self.0.queue).enqueue(no, lanes, self.0.clock.now_ms())?;
        }
        self.announce();
        Ok(queued)
    }

    /// What became of a delivery at each target that it goes to, or went to. Blocks.
    pub fn outcomes(&self, digest: &Digest) -> Result<Vec<(Target, Outcome)>, Error> {
        let Some(store) = self.0.store.upgrade() else { return Ok(Vec::new()) };
        let Some((id, delivery)) = store.archived(digest)? else { return Ok(Vec::new()) };
        let queue = lock(&self.0.queue);
        let mut outcomes = Vec::new();
        for target in queue.targets()? {
            if let Some(outcome) = queue.outcome(&target, id, &delivery)? {
                outcomes.push((target, outcome));
            }
        }
        Ok(outcomes)
    }

    /// Passes on until the service closes. What is under way then goes again at the next start.
    pub async fn run(self, mut closing: watch::Receiver<bool>) {
        let sender = self.0.sender.get_or_init(|| Sender::new(self.0.keys.clone())).clone();
        let mut news = self.0.news.subscribe();
        let mut pumps = JoinSet::new();
        let mut running = BTreeMap::new();
        loop {
            for target in self.active().await {
                running.entry(target).or_insert_with(|| {
                    let pump = pump::run(self.clone(), sender.clone(), target);
                    pumps.spawn(async move {
                        pump.await;
                        target
                    });
                });
            }
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => break,
                Some(ended) = pumps.join_next() => {
                    match ended {
                        Ok(target) => drop(running.remove(&target)),
                        Err(fault) => {
                            tracing::error!(%fault, "passing on to a target ended by a fault");
                            running.clear();
                            pumps.abort_all();
                        }
                    }
                    // It was paused or removed, and somebody may have wanted it to go on since.
                    news.mark_changed();
                }
                changed = news.changed() => if changed.is_err() { break },
            }
        }
        pumps.shutdown().await;
    }

    /// The targets to which something is sent.
    async fn active(&self) -> Vec<i64> {
        let this = self.clone();
        let targets = tokio::task::spawn_blocking(move || lock(&this.0.queue).targets());
        match targets.await {
            Ok(Ok(targets)) => {
                targets.into_iter().filter(|target| target.paused.is_none()).map(|target| target.no).collect()
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the queue of what is passed on cannot be read");
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Queue) -> Result<bool, Error>) -> Result<(), Refusal> {
        let is_there = change(&mut lock(&self.0.queue))?;
        self.know_deciders()?;
        self.announce();
        if is_there { Ok(()) } else { Err(Refusal::NoSuchTarget) }
    }

    /// Whoever looks at targets asks again.
    fn announce(&self) {
        self.0.news.send_replace(());
        if let Some(store) = self.0.store.upgrade() {
            store.announce();
        }
    }
}
