//! Back-fill: calls that Tencent keeps records of for 7 days, fetched, so that what no callback told is in the record all the same
//! (rules 13; pages 60136 and 68931).
//!
//! The way of a record: `pages` says which pages are asked for, `run` asks, makes each record a delivery of source `backfill` and
//! gives it to the store, where it is folded like everything else; `silent` asks for single calls whose end nobody told, and `state`
//! has one run follow the other. Nothing of what was read is remembered between runs: each reads what Tencent has, and the store
//! writes nothing of what it knows, so an interrupted run is made good by the next one.

mod pages;
mod run;
mod silent;
mod state;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::sync::watch;

use self::state::Begun;
pub use self::{
    run::{Progress, Run},
    state::State,
};
use crate::{
    clock::{Clock, Turns},
    config::Apps,
    lock::lock,
    store::Store,
    subscription::Subscriptions,
};

/// How often everything is read without being asked for.
pub const EVERY: Duration = Duration::from_secs(30 * 60);

/// How often it is looked which calls have fallen silent.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Fetches the records of our applications, one run at a time for each. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Backfill {
    subscriptions: Subscriptions,
    /// Whoever ends the record does not wait for a run.
    store: Weak<Store>,
    clock: Clock,
    states: Arc<Mutex<BTreeMap<String, State>>>,
    /// Whoever waits for the end of a run looks when this changes.
    changed: watch::Sender<()>,
}

impl Backfill {
    /// For the applications that `subscriptions` can ask for. Asks nobody yet.
    pub fn new(subscriptions: Subscriptions, store: &Arc<Store>, clock: Clock) -> Self {
        let (changed, _) = watch::channel(());
        Self { subscriptions, store: Arc::downgrade(store), clock, states: Arc::default(), changed }
    }

    /// Has an application's records read: of calls that began at `from_ms` or later (Unix milliseconds), or all that Tencent has.
    /// That begins now, or after the run that is under way. Answers with the number of the run that does it.
    pub fn start(&self, app: &str, from_ms: Option<i64>) -> u64 {
        let now_ms = self.clock.now_ms();
        let (run, begun) = lock(&self.states).entry(app.to_owned()).or_default().want(from_ms, now_ms);
        if let Some(begun) = begun {
            tokio::spawn(self.clone().carry_out(app.to_owned(), begun));
        }
        run
    }

    /// Ends a run where it is; what it has read stays, and what was wanted after it is not read. False where none is under way.
    pub fn cancel(&self, app: &str) -> bool {
        lock(&self.states).get_mut(app).is_some_and(State::cancel)
    }

    /// Ends every run where it is.
    pub fn cancel_all(&self) {
        for state in lock(&self.states).values_mut() {
            state.cancel();
        }
    }

    /// What is known of an application's runs.
    pub fn state(&self, app: &str) -> State {
        lock(&self.states).get(app).cloned().unwrap_or_default()
    }

    /// The same for whoever waits for one run: once it has ended, nothing is under way, and it is the last one.
    pub fn state_of(&self, app: &str, run: u64) -> State {
        self.state(app).of_run(run)
    }

    /// Waits until no run of the application is under way.
    pub async fn ended(&self, app: &str) {
        self.wait_while(|| self.state(app).running.is_some()).await;
    }

    /// Waits until this run of the application has ended.
    pub async fn run_ended(&self, app: &str, run: u64) {
        self.wait_while(|| self.state_of(app, run).running.is_some()).await;
    }

    /// Reads all applications whose key is known, at each turn, until the future is dropped.
    pub async fn keep_up(&self, apps: Apps, mut turns: Turns) {
        loop {
            turns.next().await;
            for app in apps.list() {
                // One after the other: nobody waits for them.
                if self.subscriptions.client(&app.id).await.is_ok() {
                    let run = self.start(&app.id, None);
                    self.run_ended(&app.id, run).await;
                }
            }
        }
    }

    fn note(&self, app: &str, progress: &Progress) {
        if let Some(state) = lock(&self.states).get_mut(app) {
            state.running = Some(progress.clone());
        }
    }

    /// Carries out a run, and those that are wanted meanwhile.
    async fn carry_out(self, app: String, begun: Begun) {
        let mut next = Some(begun);
        while let Some(Begun { progress, canceled }) = next {
            let ended = self.run(&app, progress, canceled).await;
            next = self.end(&app, ended);
        }
    }

    fn end(&self, app: &str, ended: Run) -> Option<Begun> {
        let now_ms = self.clock.now_ms();
        let next = lock(&self.states).entry(app.to_owned()).or_default().end(ended, now_ms);
        self.changed.send_replace(());
        if let Some(store) = self.store.upgrade() {
            store.announce();
        }
        next
    }

    async fn wait_while(&self, goes_on: impl Fn() -> bool) {
        let mut changes = self.changed.subscribe();
        while goes_on() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }
}
