//! Back-fill: calls that Tencent keeps records of for 7 days, fetched, so that what no callback told is in the record all the same
//! (rules 13; pages 60136 and 68931).
//!
//! The way of a record: `pages` says which pages are asked for, `run` asks, makes each record a delivery of source `backfill`
//! and gives it to the store, where it is folded like everything else; `silent` asks for single calls whose end nobody told. Nothing is remembered between runs: each reads what Tencent
//! has, and the store writes nothing of what it knows, so an interrupted run is made good by the next one.

mod pages;
mod run;
mod silent;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::sync::watch;

pub use self::run::{Progress, Run};
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

/// What is known of an application's runs.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How far the run is that is under way.
    pub running: Option<Progress>,
    /// The run that ended last.
    pub last: Option<Run>,
    /// Tells the run that is under way to end.
    cancel: Option<watch::Sender<()>>,
}

impl State {
    /// False where no run is under way, or it was told already.
    fn cancel(&mut self) -> bool {
        // Told, and not only dropped: whoever looks at a state has a sender too.
        self.cancel.take().map(|cancel| cancel.send_replace(())).is_some()
    }
}

impl Backfill {
    /// For the applications that `subscriptions` can ask for. Asks nobody yet.
    pub fn new(subscriptions: Subscriptions, store: &Arc<Store>, clock: Clock) -> Self {
        let (changed, _) = watch::channel(());
        Self { subscriptions, store: Arc::downgrade(store), clock, states: Arc::default(), changed }
    }

    /// Begins to read an application's records: of calls that began at `from_ms` or later (Unix milliseconds), or all that
    /// Tencent has. Where a run is under way, that one goes on instead, and the answer is false.
    pub fn start(&self, app: &str, from_ms: Option<i64>) -> bool {
        let (cancel, canceled) = watch::channel(());
        let progress = Progress::new(self.clock.now_ms(), from_ms);
        {
            let mut states = lock(&self.states);
            let state = states.entry(app.to_owned()).or_default();
            if state.running.is_some() {
                return false;
            }
            (state.running, state.cancel) = (Some(progress.clone()), Some(cancel));
        }
        let (this, app) = (self.clone(), app.to_owned());
        tokio::spawn(async move {
            let ended = this.run(&app, progress, canceled).await;
            this.end(&app, ended);
        });
        true
    }

    /// Ends a run where it is; what it has read stays. False where none is under way.
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

    /// Waits until no run of the application is under way.
    pub async fn ended(&self, app: &str) {
        let mut changes = self.changed.subscribe();
        while self.state(app).running.is_some() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Reads all applications whose key is known, at each turn, until the future is dropped.
    pub async fn keep_up(&self, apps: Apps, mut turns: Turns) {
        loop {
            turns.next().await;
            for app in apps.list() {
                // One after the other: nobody waits for them.
                if self.subscriptions.client(&app.id).await.is_ok() && self.start(&app.id, None) {
                    self.ended(&app.id).await;
                }
            }
        }
    }

    fn note(&self, app: &str, progress: &Progress) {
        if let Some(state) = lock(&self.states).get_mut(app) {
            state.running = Some(progress.clone());
        }
    }

    fn end(&self, app: &str, ended: Run) {
        {
            let mut states = lock(&self.states);
            let state = states.entry(app.to_owned()).or_default();
            *state = State { last: Some(ended), ..State::default() };
        }
        self.changed.send_replace(());
        if let Some(store) = self.store.upgrade() {
            store.announce();
        }
    }
}
