//! A sender as Tencent's are: it posts, and goes by the answer.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    runtime::Builder,
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use super::Serve;
use crate::listener::{call_query, end_call, wire::Wire};

/// How often it posts.
const EVERY: Duration = Duration::from_millis(50);

/// What became of its requests.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How long each answer took that was a success.
    pub(super) took: Vec<Duration>,
    /// What the others came to.
    pub(super) failed: Vec<String>,
}

impl Tally {
    /// Takes over what another one saw.
    pub(super) fn extend(&mut self, other: Self) {
        self.took.extend(other.took);
        self.failed.extend(other.failed);
    }

    /// The time within which all but one in a hundred answers came.
    pub(super) fn p99(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get(took.len() * 99 / 100).copied().unwrap_or_default()
    }
}

/// One that keeps its connection, or one that opens another for each callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    Keeps,
    Opens,
}

/// Posts twenty callbacks a second until the word comes to stop, on a thread of its own: on that of the attackers it would wait
/// for them here, and not at the program.
pub(super) fn post_until(serve: &Serve, name: &str, habit: Habit, stop: watch::Receiver<bool>) -> JoinHandle<Tally> {
    let (address, hook) = (serve.address, format!("{}?{}", serve.path, call_query()));
    let name = format!("{name}-{habit:?}");
    spawn_blocking(move || {
        let own = Builder::new_current_thread().enable_all().build().expect("a runtime");
        own.block_on(post(address, &hook, &name, habit, stop))
    })
}

async fn post(address: SocketAddr, hook: &str, name: &str, habit: Habit, mut stop: watch::Receiver<bool>) -> Tally {
    let mut tally = Tally::default();
    let mut wire = None;
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for call in 0.. {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            _ = ticks.tick() => {}
        }
        let body = end_call(&format!("{name}-{call}"));
        let began = Instant::now();
        let mut open = match wire.take() {
            Some(open) => open,
            None => Wire::open(address).await,
        };
        open.post(hook, "", body.as_bytes()).await;
        match open.answer().await.map(|answer| answer.status) {
            Some(200) => {
                tally.took.push(began.elapsed());
                wire = (habit == Habit::Keeps).then_some(open);
            }
            status => tally.failed.push(format!("{habit:?} {call}: {status:?} after {:?}", began.elapsed())),
        }
    }
    tally
}
