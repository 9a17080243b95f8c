//! Whether the public address leads here: every few minutes a knock goes out and has to come in, the way in which Tencent's callbacks
//! come. What is shown as connected was seen to be so.

mod judgement;

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::header;
use serde_json::json;
use tokio::{sync::watch, task::spawn_blocking, time::sleep};
use url::Url;

pub use self::judgement::{Judgement, Outcome};
use crate::{
    callback::TEST_COMMAND,
    clock::Clock,
    config::Config,
    listener::{KNOCK, ListenerHandle},
    lock::lock,
    outbound,
    tencent::hosts,
};

/// How often a knock goes out.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// How soon after one that failed.
const AGAIN: Duration = Duration::from_secs(20);
/// How long it may take. Tencent waits for 2 to 5 seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Knocks at the public address. Cheap to clone; asks nobody until it [runs](Reach::run).
#[derive(Clone, Debug)]
pub struct Reach(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: Box<Path>,
    /// The hook's path, with the token.
    path: String,
    listener: ListenerHandle,
    clock: Clock,
    known: Mutex<Known>,
    sooner: watch::Sender<()>,
}

/// What is known, and of which address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    url: Option<String>,
    judgement: Judgement,
}

impl Reach {
    /// Of the listener behind `hook_url`, whose public address is in the settings of a data folder.
    pub fn new(folder: &Path, hook_url: &str, listener: ListenerHandle, clock: Clock) -> Self {
        let path = hook_url.find("/hook/").and_then(|at| hook_url.get(at..)).unwrap_or_default().to_owned();
        let (sooner, _) = watch::channel(());
        Self(Arc::new(Inner { folder: folder.into(), path, listener, clock, known: Mutex::default(), sooner }))
    }

    /// What is known of the public address; nothing where there is none.
    pub fn judgement(&self) -> Option<Judgement> {
        let known = lock(&self.0.known);
        known.url.as_ref().map(|_| known.judgement.clone())
    }

    /// Since when it is known that the public address does not lead here, Unix milliseconds, where it is.
    pub fn lost_since_ms(&self) -> Option<i64> {
        self.judgement()?.lost_since_ms(self.0.listener.last_arrived_ms())
    }

    /// When the last callback of ours came in since the start, Unix milliseconds.
    pub fn called_ms(&self) -> Option<i64> {
        self.0.listener.last_arrived_ms()
    }

    /// Something else has come in through the public address: a test that somebody sent.
    pub fn prove(&self) {
        lock(&self.0.known).judgement.note(Outcome::Arrived, self.0.clock.now_ms());
    }

    /// Knocks now: the address may be another one.
    pub fn look(&self) {
        self.0.sooner.send_replace(());
    }

    /// Knocks until the service closes; `woken` tells of a reason to do it sooner, and `announce` is told of news.
    pub async fn run(self, mut woken: watch::Receiver<()>, mut closing: watch::Receiver<bool>, announce: impl Fn()) {
        let mut sooner = self.0.sooner.subscribe();
        loop {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                has_news = self.knock() => if has_news { announce() },
            }
            let wait = if lock(&self.0.known).judgement.is_open() { AGAIN } else { EVERY };
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                () = sleep(wait) => {}
                _ = sooner.changed() => {}
                Ok(()) = woken.changed() => {}
            }
        }
    }

    /// Knocks once; answers whether there is news.
    async fn knock(&self) -> bool {
        let url = self.public_url().await;
        let before = {
            let mut known = lock(&self.0.known);
            let before = known.clone();
            if known.url != url {
                *known = Known { url: url.clone(), judgement: Judgement::default() };
            }
            before
        };
        // A port that is closed is told of by the listener itself.
        if let Some(url) = &url
            && self.0.listener.address().is_some()
            && let Some(outcome) = self.outcome(url).await
        {
            let mut known = lock(&self.0.known);
            if known.url.as_ref() == Some(url) {
                known.judgement.note(outcome, self.0.clock.now_ms());
            }
        }
        *lock(&self.0.known) != before
    }

    async fn outcome(&self, public_url: &str) -> Option<Outcome> {
        let url = Url::parse(&format!("{public_url}{}", self.0.path)).ok()?;
        let mut knock = self.0.listener.expect_knock();
        let client = match outbound::client(PATIENCE, hosts::is_loopback(&url)) {
            Ok(client) => client,
            Err(error) => return Some(Outcome::Silent { why: outbound::no_answer(&error) }),
        };
        // Whoever else gets it sees what it is.
        let body = json!({ "CallbackCommand": TEST_COMMAND, "Nonce": knock.nonce() }).to_string();
        let request = client.post(url).header(header::CONTENT_TYPE, "application/json").header(KNOCK, knock.nonce());
        let answer = request.body(body).send().await;
        if knock.has_come() {
            return Some(Outcome::Arrived);
        }
        Some(match answer {
            Ok(answer) => Outcome::Elsewhere { status: answer.status().as_u16() },
            Err(error) => Outcome::Silent { why: outbound::no_answer(&error) },
        })
    }

    async fn public_url(&self) -> Option<String> {
        let folder = self.0.folder.clone();
        let read = spawn_blocking(move || Config::load(&folder)).await;
        match read {
            Ok(Ok(config)) => config?.public_url,
            // What cannot be read now is not known to be another one.
            _ => lock(&self.0.known).url.clone(),
        }
    }
}
