//! Everything that the sandbox knows, shared by its REST API, its callers and its control.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    faults::Faults,
    rest::pace::Buckets,
    tenant::{SandboxApp, Tenant},
};
use crate::{clock::Clock, lock::lock};

/// So many requests are remembered.
const REMEMBERED: usize = 10_000;

/// One request that was sent. Its address is left out: Calltrail's token is part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// When, in Unix milliseconds of the sandbox's clock.
    pub at_ms: i64,
    /// The SDKAppID.
    pub app: String,
    /// The family of callbacks: `call-v1`, `call`, `live`, `room`, `rtc`.
    pub family: &'static str,
    /// The command, or RTC Engine's `EventType`.
    pub command: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// The HTTP status of the answer; none when no answer came.
    pub status: Option<u16>,
    /// Whether the answer is what this family takes for success.
    pub reply_ok: bool,
    /// What is wrong with the answer; empty when nothing is.
    pub why: String,
}

/// What the sandbox knows.
#[derive(Debug)]
pub(super) struct World {
    clock: Clock,
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    tenants: BTreeMap<String, Tenant>,
    faults: Faults,
    sent: VecDeque<Sent>,
    buckets: Buckets,
    plays: u64,
    answers: u64,
}

impl World {
    pub(super) fn new(apps: Vec<SandboxApp>, seed: u64, clock: Clock) -> Self {
        let tenants = apps.into_iter().map(|app| (app.id.clone(), Tenant::new(app))).collect();
        Self { clock, seed, state: Mutex::new(State { tenants, ..State::default() }) }
    }

    /// What it knows stays usable whoever failed while holding it: every change is one assignment.
    fn with<T>(&self, ask: impl FnOnce(&mut State) -> T) -> T {
        ask(&mut lock(&self.state))
    }

    /// The time by which Tencent's REST API goes, in Unix milliseconds.
    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// [`Self::now_ms`] in seconds.
    pub(super) fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1_000)
    }

    /// The time by which callbacks are made: with the clock fault, if there is one.
    pub(super) fn skewed_ms(&self) -> i64 {
        self.now_ms().saturating_add(self.faults().clock_skew_s.saturating_mul(1_000))
    }

    /// Asks about an application, or changes it; `None` when it is not known.
    pub(super) fn tenant<T>(&self, app: &str, ask: impl FnOnce(&mut Tenant) -> T) -> Option<T> {
        self.with(|state| state.tenants.get_mut(app).map(ask))
    }

    /// The applications in the order of their ids.
    pub(super) fn apps(&self) -> Vec<String> {
        self.with(|state| state.tenants.keys().cloned().collect())
    }

    pub(super) fn faults(&self) -> Faults {
        self.with(|state| state.faults.clone())
    }

    pub(super) fn set_faults(&self, faults: Faults) {
        self.with(|state| state.faults = faults);
    }

    /// The code that this request is to be answered with, if a fault asks for one; each counts as one of its times.
    pub(super) fn answer_with(&self, path: &str) -> Option<i64> {
        self.with(|state| state.faults.take_answer(path))
    }

    /// Whether one more request of an application to an API is within its rate.
    pub(super) fn is_within_rate(&self, app: &str, path: &'static str, per_second: u32) -> bool {
        let now_ms = self.now_ms();
        self.with(|state| state.buckets.take(app, path, per_second, now_ms))
    }

    /// The seed of the next scenario.
    pub(super) fn next_seed(&self) -> u64 {
        let plays = self.with(|state| {
            state.plays += 1;
            state.plays - 1
        });
        self.seed.wrapping_add(plays)
    }

    /// The number of the next answer, and an id for it: 32 hexadecimal digits, the same in each run with the same seed.
    pub(super) fn next_answer(&self) -> (u64, String) {
        let number = self.with(|state| {
            state.answers += 1;
            state.answers
        });
        let digest = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(number.to_be_bytes()).finalize();
        (number, hex::encode(digest).chars().take(32).collect())
    }

    pub(super) fn remember(&self, sent: Sent) {
        self.with(|state| {
            if state.sent.len() >= REMEMBERED {
                state.sent.pop_front();
            }
            state.sent.push_back(sent);
        });
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.with(|state| state.sent.iter().cloned().collect())
    }
}
