//! Sends the callbacks of a scenario as Tencent does: to the configured address, only what is switched on, with the family's
//! query, headers, signature, time limit and retries.

mod answer;
mod disturb;
mod hang_up;
mod pace;
mod post;
mod report;
mod retry;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{StreamExt as _, stream};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;

use self::{
    answer::Heard,
    disturb::{Post, disturbed},
    post::{Signer, Target},
};
pub use self::{
    pace::Pace,
    report::{Outcome, Progress, Report, Told},
};
use super::{
    Error, Faults,
    record::{KEPT_S, records},
    world::{Sent, World},
};
use crate::{
    callback::codes::Family,
    language::Language,
    outbound,
    tencent::Product,
    traffic::{self, Scenario},
};

/// A scenario on its way.
#[derive(Clone, Debug)]
pub struct Play {
    /// The SDKAppID.
    pub app: String,
    /// What happens.
    pub scenario: Scenario,
    /// What chance begins with; the sandbox's next seed where it is not given.
    pub seed: Option<u64>,
    /// How fast.
    pub pace: Pace,
    /// The language of the names of people and rooms.
    pub language: Language,
    /// Is told how far it is.
    pub progress: Option<watch::Sender<Progress>>,
}

impl Play {
    /// A scenario with the next seed, at once.
    pub fn new(app: &str, scenario: Scenario) -> Self {
        Self { app: app.to_owned(), scenario, seed: None, pace: Pace::Instant, language: Language::En, progress: None }
    }
}

/// Sends callbacks. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    world: Arc<World>,
    http: reqwest::Client,
}

impl Caller {
    pub(super) fn new(world: Arc<World>) -> Result<Self, Error> {
        let http = outbound::client(answer::LONGEST_WAIT, true).map_err(Error::NoSender)?;
        Ok(Self { world, http })
    }

    pub(super) const fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Plays a scenario to its end. Its own times are such that its last delivery, sent at this pace, is sent when it happens.
    pub(super) async fn perform(&self, play: Play) -> Result<Report, Error> {
        let Play { app, scenario, seed, pace, language, progress } = play;
        let seed = seed.unwrap_or_else(|| self.world.next_seed());
        let faults = self.world.faults();
        let span_ms = scenario.span_ms(seed);
        let begin_ms = self.world.skewed_ms() + pace.scaled(span_ms + faults.delay_ms) - span_ms - faults.delay_ms;
        let deliveries = scenario.play_in(language, seed, &app, begin_ms);
        let kept = self.world.tenant(&app, |tenant| {
            let made = records(&deliveries).into_iter().map(|record| (record.call_id.clone(), record));
            tenant.records.extend(made);
            tenant.records.retain(|_, record| record.start_s >= self.world.now_s() - KEPT_S);
        });
        kept.ok_or_else(|| Error::unknown_app(&app))?;

        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let posts = disturbed(deliveries, begin_ms, &faults, &mut chance);
        let (total, done, began) = (posts.len(), AtomicUsize::new(0), pace.begin());
        let told = stream::iter(posts).map(|post| {
            let (app, faults, done, progress) = (&app, &faults, &done, progress.as_ref());
            async move {
                pace.until(began, post.at_ms + faults.delay_ms).await;
                let told = self.tell(app, &post, faults, pace).await;
                let sent = done.fetch_add(1, Ordering::Relaxed) + 1;
                if let Some(progress) = progress {
                    progress.send_replace(Progress { sent, total });
                }
                told
            }
        });
        let deliveries = told.buffered(pace.at_once(total)).collect().await;
        Ok(Report { scenario: scenario.code(), seed, deliveries })
    }

    /// Sends one delivery, if the application wants it, until it is taken or nobody tries again.
    async fn tell(&self, app: &str, post: &Post, faults: &Faults, pace: Pace) -> Told {
        let callback = traffic::read(&post.delivery);
        let (family, command) = (callback.family, callback.command);
        let told = |outcome| Told { family: family.code(), command: command.clone(), outcome };
        let Some(target) = self.target(app, family, &command, post.bad_signature) else {
            return told(Outcome::NotConfigured);
        };
        let mut log = Sent {
            at_ms: 0,
            app: app.to_owned(),
            family: family.code(),
            command: command.clone(),
            attempt: 0,
            status: None,
            reply_ok: false,
            why: String::new(),
        };
        let mut waits = retry::waits(family, faults.retries).iter();
        let mut waited_ms = Vec::new();
        loop {
            log.attempt += 1;
            log.at_ms = self.world.now_ms();
            let request = target.request(&post.delivery, self.world.skewed_ms());
            if post.gives_up {
                log.why = hang_up::post(&request).await.err().unwrap_or_default();
                self.world.remember(log.clone());
                return told(Outcome::GaveUp { attempts: log.attempt });
            }
            let heard = answer::hear(&self.http, family, request).await;
            (log.status, log.reply_ok, log.why) = (heard.status, heard.is_success(), heard.why.clone());
            self.world.remember(log.clone());
            match waits.next() {
                Some(seconds) if retry::is_due(family, &heard) => {
                    waited_ms.push(seconds * 1_000);
                    pace.wait(i64::from(seconds * 1_000)).await;
                }
                _ => return told(sent(log.attempt, heard, waited_ms)),
            }
        }
    }

    /// Where a delivery goes; `None` when it is not switched on.
    fn target(&self, app: &str, family: Family, command: &str, bad_signature: bool) -> Option<Target> {
        let product = match family {
            Family::CallV1 => Product::CallV1,
            Family::Call => Product::Call,
            Family::Live => Product::Live,
            Family::Room => Product::Room,
            Family::Rtc => {
                let rtc = self.world.tenant(app, |tenant| tenant.rtc.clone())??;
                return Some(Target::new(&rtc.url, Signer::rtc(rtc.key, bad_signature)));
            }
            // The sandbox plays no Chat, and nobody can ask for what has no name.
            Family::Chat | Family::Unknown => return None,
        };
        self.world.tenant(app, |tenant| {
            let configuration = tenant.configurations.get(&product)?;
            let is_on = configuration.actions.iter().any(|action| action == command);
            let token = tenant.live_token.clone().filter(|token| product == Product::Live && token.enabled);
            is_on.then(|| Target::new(&configuration.url, Signer::live(token, bad_signature)))
        })?
    }
}

fn sent(attempts: u32, heard: Heard, waited_ms: Vec<u32>) -> Outcome {
    let reply_ok = heard.is_success();
    Outcome::Sent { attempts, status: heard.status, reply_ok, why: heard.why, waited_ms }
}

/// True in so many of a hundred cases. Draws always, so that one fault does not change what another one meets.
fn percent(chance: &mut ChaCha8Rng, percent: u32) -> bool {
    chance.random_range(0..100_u32) < percent
}
