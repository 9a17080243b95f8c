//! Plays Tencent's side: the REST APIs that Calltrail asks, and the callbacks of calls and rooms that are only scripted.
//!
//! A [`Sandbox`] listens on this computer alone. It keeps what Tencent keeps (callback configurations, the Live token, the
//! RTC Engine address, call records), refuses what Tencent refuses with Tencent's codes, and sends the callbacks of a
//! [`Scenario`] to the address that was configured, with each family's retry rules. What goes wrong
//! on the way is asked for by [`Faults`]. It never touches a record: it is the other side, in tests, in the demo, and for
//! somebody who wants to try Calltrail without an account at Tencent.

mod caller;
mod control;
mod error;
mod faults;
mod record;
mod rest;
mod tenant;
mod world;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};

use self::{caller::Caller, world::World};
pub use self::{
    caller::{Outcome, Pace, Play, Progress, Report, Told},
    error::Error,
    faults::{AnswerWith, Faults},
    tenant::SandboxApp,
    world::Sent,
};
use crate::{
    clock::Clock,
    secret::Secret,
    tencent::{Configuration, Product},
    traffic::Scenario,
};

/// The key that Tencent prints in its own sample code: what the sandbox uses where no key is given, because everybody may
/// know it.
pub const DEMO_KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// How long a stop waits for requests that are being answered.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// How a sandbox begins.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; on this computer only. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// The applications that it knows.
    pub apps: Vec<SandboxApp>,
    /// What chance begins with: the same seed, the same calls.
    pub seed: u64,
    /// The time that Tencent's side goes by.
    pub clock: Clock,
}

/// Tencent's side, as long as this value lives.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    world: Arc<World>,
    caller: Caller,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Begins to listen. Refuses an address that other computers could reach.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let Options { listen, apps, seed, clock } = options;
        if !listen.ip().is_loopback() {
            return Err(Error::NotThisComputer(listen));
        }
        let unheard = |why| Error::Listen { address: listen, why };
        let listener = TcpListener::bind(listen).await.map_err(unheard)?;
        let address = listener.local_addr().map_err(unheard)?;
        let world = Arc::new(World::new(apps, seed, clock));
        let caller = Caller::new(Arc::clone(&world))?;
        let router: Router = control::router(caller.clone()).fallback_service(rest::router(Arc::clone(&world)));
        let (stop, mut stopped) = watch::channel(false);
        let until = async move {
            // An error means that the sandbox is gone, which is a stop too.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let serving = tokio::spawn(async move {
            // `axum::serve` goes on after whatever happens to one connection and ends when it is asked to.
            let _ = axum::serve(listener, router).with_graceful_shutdown(until).await;
        });
        Ok(Self { address, world, caller, stop, serving: Some(serving) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What takes the place of `https://console.tim.qq.com` and the other hosts, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Plays a scenario of an application with the next seed: makes its call records, and sends what the application's
    /// configurations ask for. Answers when the last delivery was answered or given up.
    pub async fn play(&self, app: &str, scenario: Scenario, pace: Pace) -> Result<Report, Error> {
        self.perform(Play { pace, ..Play::new(app, scenario) }).await
    }

    /// [`Self::play`] with a seed, or with somebody who watches how far it is.
    pub async fn perform(&self, play: Play) -> Result<Report, Error> {
        self.caller.perform(play).await
    }

    /// What goes wrong from now on.
    pub fn faults(&self, faults: Faults) {
        self.world.set_faults(faults);
    }

    /// What an application has configured for a product; `None` when nothing, or when the application is not known.
    pub fn configuration(&self, app: &str, product: Product) -> Option<Configuration> {
        self.world.tenant(app, |tenant| tenant.configurations.get(&product).cloned())?
    }

    /// Changes a configuration as somebody else at Tencent's console would; `None` removes it.
    pub fn configure(&self, app: &str, product: Product, configuration: Option<Configuration>) -> Result<(), Error> {
        self.world.tenant(app, |tenant| tenant.configure(product, configuration)).ok_or_else(|| Error::unknown_app(app))
    }

    /// Sets the address of RTC Engine's events and the key that signs them, which is done in Tencent's console only; no address
    /// means that none are sent.
    pub fn rtc(&self, app: &str, url: Option<String>, key: Option<Secret>) -> Result<(), Error> {
        let rtc = url.map(|url| tenant::RtcEngine { url, key });
        self.world.tenant(app, |tenant| tenant.rtc = rtc).ok_or_else(|| Error::unknown_app(app))
    }

    /// The last requests that were sent, oldest first; at most 10,000.
    pub fn sent(&self) -> Vec<Sent> {
        self.world.sent()
    }

    /// Stops listening; who is being answered gets the answer, within a second.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        if let Some(mut serving) = self.serving.take()
            && timeout(STOP_WITHIN, &mut serving).await.is_err()
        {
            serving.abort();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}
