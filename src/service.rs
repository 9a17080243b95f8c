//! What the window and `calltrail serve` both start and stop: the record, the listener, the API and its web page.

mod commands;
pub mod demo;
pub mod endpoint;
mod key_store;
mod links;
mod offline;
mod router_switch;
mod settings;
mod size_limit;
mod tencent_watch;
mod up;
mod wake;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use futures_util::future::OptionFuture;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::sleep};

use crate::{
    api::{self, Demo as _, Desktop, FilePicker, web::AccessKey},
    backfill::Backfill,
    clock::{Clock, Turns},
    config::{self, App, Apps, Config, KeyStore, Keys, Vault, apps},
    export::Jobs,
    forward::Forwarding,
    language::Language,
    links::Links,
    listener::{self, Decide, Deciding, Listener, ListenerHandle},
    reach::Reach,
    schedule::{self, Schedules},
    store::{self, Store},
    subscription::{Ours, Subscriptions},
    unfinished,
};
use commands::Commands;
pub use offline::Offline;
use router_switch::RouterSwitch;
use settings::Settings;
pub use size_limit::outlive_size_limit;

/// How long the record is waited for at a stop while a request still reads from it.
const LAST_READERS: Duration = Duration::from_secs(2);

/// What is started, and where.
#[derive(Clone, Default)]
pub struct Options {
    /// The folder that holds the record and `config.json`; made where it is missing.
    pub data_dir: PathBuf,
    /// How this process names itself to others that want to write the same record, such as `calltrail serve`.
    pub holder: String,
    /// Where callbacks arrive, instead of what `config.json` says.
    pub hook: Option<SocketAddr>,
    /// The web page and the API over loopback; nothing in the window, which calls [`Service::router`].
    pub web: Option<WebOptions>,
    /// The secret part of the callback URL, instead of what `config.json` says.
    pub token: Option<String>,
    /// Applications to add for good, each with its id and label.
    pub apps: Vec<(String, String)>,
    /// The native save dialog, where there is one.
    pub picker: Option<Arc<dyn FilePicker>>,
    /// What is around the window, where there is one.
    pub desktop: Option<Arc<dyn Desktop>>,
    /// Where the secrets of the applications may be kept.
    pub key_store: KeyStore,
    /// Begin with the demo, in this language.
    pub demo: Option<Language>,
}

/// Where the web page is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebOptions {
    /// The address, instead of what `config.json` says.
    pub addr: Option<SocketAddr>,
}

/// Why the service could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The record.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// An application id that is none.
    #[error(
        "{0:?} is not an SDKAppID. It is a number, such as 1400000000; Tencent's console shows it beside the application's name."
    )]
    NotAnApp(String),
    /// The web page would be open to others.
    #[error(
        "The web page cannot be at {0}: it shows the whole record, so only this computer may reach it. Use an address such as 127.0.0.1:8788."
    )]
    NotLoopback(SocketAddr),
    /// The web page's port.
    #[error(
        "The web page cannot be at {address} ({source}). Stop the program that uses this port, name another with --web, or use --no-web; callbacks do not need it."
    )]
    Web {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// A fault of Calltrail itself.
    #[error("Calltrail could not start because of a fault in itself: {0}")]
    Fault(String),
}

/// The running service.
pub struct Service {
    listener: Listener,
    hook_url: String,
    web: Option<Web>,
    commands: Option<Commands>,
    router_switch: RouterSwitch,
    /// The demo, unless this is the demo.
    demo: Option<demo::Switch>,
    subscriptions: Subscriptions,
    exports: Jobs,
    closing: watch::Sender<bool>,
    /// Writes down when callbacks could be taken; nothing in the demo, which takes invented ones.
    up: Option<JoinHandle<()>>,
    /// Exports what is scheduled.
    scheduled: Option<JoinHandle<()>>,
    /// Lets links be followed.
    linked: Option<JoinHandle<()>>,
    store: Arc<Store>,
}

struct Web {
    url: String,
    task: JoinHandle<io::Result<()>>,
}

impl Service {
    /// Opens the record, then the listener, then the web page. A taken callback port is no failure: it is tried again until
    /// it is free ([`Service::listener`] tells). Everything else that is in the way is, and then nothing was started.
    pub async fn start(options: Options) -> Result<Self, Error> {
        Self::start_as(options, None).await
    }

    /// Starts the real service, or the demo that a switch shows.
    async fn start_as(options: Options, shown_by: Option<demo::Switch>) -> Result<Self, Error> {
        if let Err(error) = outlive_size_limit() {
            tracing::warn!(%error, "a limit on the size of files would end this process");
        }
        let prepared = options.clone();
        let vault = Vault::open(&options.data_dir, options.key_store);
        let secrets = vault.clone();
        let (config, store, keys) = blocking(move || prepare(&prepared, &secrets)).await??;
        let web = match options.web {
            Some(web) => Some(open_web(web.addr.unwrap_or(config.web)).await?),
            None => None,
        };
        let web_address = web.as_ref().and_then(|socket| socket.local_addr().ok());
        let store = Arc::new(store);
        let settings = {
            let folder = options.data_dir.clone();
            blocking(move || Settings::of(&folder)).await?
        };
        let kept = settings.clone();
        store.put_back_by(move || kept.put_back().map_err(|error| store::Error::Beside(error.into())));
        let (apps, clock) = (Apps::new(config.apps), Clock::system());
        let (hook, data_dir) = (options.hook.unwrap_or(config.hook), options.data_dir.clone());
        let token = options.token.unwrap_or(config.token);
        let sink = Arc::<Store>::clone(&store);
        let listener = Listener::start(hook, token.clone(), apps.clone(), keys.clone(), sink, clock.clone()).await;
        // Only now: nothing of it may keep callbacks waiting. Without it they are kept all the same.
        if let Err(error) = store.start_maintenance() {
            tracing::error!(%error, "the record is neither checked nor backed up in the background");
        }
        let hook_url = hook_url(listener.handle().address().unwrap_or(hook), &token);
        let (closing, closed) = watch::channel(false);
        tokio::spawn(settings.watch(closed.clone()));
        tokio::spawn(key_store::wait(keys.clone(), vault.clone(), apps.clone(), closed.clone()));
        let subscriptions =
            Subscriptions::new(options.data_dir.clone(), vault.clone(), clock.clone(), hook_url.clone());
        let (wakes, woken) = watch::channel(());
        tokio::spawn(tencent_watch::watch(
            subscriptions.clone(),
            apps.clone(),
            Arc::downgrade(&store),
            woken.clone(),
            closed.clone(),
        ));
        let backfill = Backfill::new(subscriptions.clone(), &store, clock.clone());
        let forwarding = {
            let (folder, store, clock) = (options.data_dir.clone(), Arc::clone(&store), clock.clone());
            let (keys, ours) = (keys.clone(), Ours { token: token.clone(), url: None });
            blocking(move || Forwarding::open(&folder, &store, clock, keys, ours)).await?
        };
        // Callbacks are kept all the same.
        let forwarding =
            forwarding.inspect_err(|error| tracing::error!(%error, "nothing is passed on to other addresses")).ok();
        let schedules = {
            let (folder, clock, apps) = (options.data_dir.clone(), clock.clone(), apps.clone());
            blocking(move || Schedules::open(&folder, clock, apps)).await?
        };
        let schedules =
            schedules.inspect_err(|error| tracing::error!(%error, "the scheduled exports cannot be read")).ok();
        let links = {
            let (folder, clock) = (options.data_dir.clone(), clock.clone());
            let taken = [Some(hook), Some(config.hook), web_address, listener.handle().address()];
            let taken = taken.into_iter().flatten().map(|address| address.port()).collect();
            blocking(move || Links::open(&folder, clock, taken)).await?
        };
        let links = links.inspect_err(|error| tracing::error!(%error, "the links that refresh cannot be read")).ok();
        let mut scheduled = None;
        if let Some(forwarding) = forwarding.clone() {
            listener.decide_by(decided_by(forwarding));
        }
        let reach = Reach::new(&options.data_dir, &hook_url, listener.handle(), clock.clone());
        let mut up = None;
        if shown_by.is_none() {
            let (handle, sooner) = (listener.handle(), wakes.clone());
            let keeper = up::Keeper::begin(handle, reach.clone(), &store, clock.clone(), sooner).await;
            up = Some(tokio::spawn(keeper.keep(closed.clone())));
            if let Some(forwarding) = forwarding.clone() {
                tokio::spawn(forwarding.run(closed.clone()));
            }
            if let Some(schedules) = schedules.clone() {
                let turns = Turns::new(schedule::LOOK_EVERY, woken.clone());
                scheduled = Some(tokio::spawn(schedules.keep_up(turns, closed.clone())));
            }
            tokio::spawn(tencent_watch::fetch(backfill.clone(), apps.clone(), woken.clone(), closed.clone()));
            tokio::spawn(reach.clone().run(woken, closed.clone(), announcing(&store)));
            tokio::spawn(wake::watch(listener.handle(), wakes, closed.clone()));
        }
        let exports = Jobs::default();
        let router_switch = RouterSwitch::default();
        // The demo is a service too; it is ended by the switch of the real one.
        let (own_demo, demo) = match shown_by {
            Some(switch) => (None, switch),
            None => {
                let picker = options.picker.clone();
                let switch = demo::Switch::new(options.data_dir.clone(), router_switch.clone(), picker, clock.clone());
                (Some(switch.clone()), switch)
            }
        };
        router_switch.open(api::router(api::State {
            store: Arc::clone(&store),
            apps,
            keys,
            vault,
            subscriptions: subscriptions.clone(),
            backfill,
            forwarding,
            schedules,
            links: links.clone(),
            listener: listener.handle(),
            reach,
            data_dir: options.data_dir,
            hook_url: hook_url.clone(),
            web_address,
            clock,
            exports: exports.clone(),
            picker: options.picker,
            desktop: options.desktop,
            is_demo: own_demo.is_none(),
            demo: Arc::new(demo),
            closing: closed.clone(),
        }));
        if let Some((language, demo)) = options.demo.zip(own_demo.as_ref()) {
            // A demo that cannot begin keeps nothing from being recorded.
            if let Err(why) = demo.begin(language).await {
                tracing::error!("{why}");
            }
        }
        // Nobody has commands for the demo, which is gone when it is ended.
        let commands = match &own_demo {
            Some(_) => Commands::open(data_dir, router_switch.own_router(), closed.clone()).await,
            None => None,
        };
        // Links lead to the real record, also while the demo is shown.
        let linked = links.filter(|_| own_demo.is_some());
        let linked = linked.map(|links| tokio::spawn(links::serve(links, router_switch.own_router(), closed.clone())));
        let web = web.zip(web_address).map(|(socket, address)| {
            let key = AccessKey::random();
            Web {
                url: key.url(address),
                task: tokio::spawn(api::web::serve(socket, router_switch.router(), key, closed)),
            }
        });
        Ok(Self {
            listener,
            hook_url,
            web,
            commands,
            router_switch,
            demo: own_demo,
            subscriptions,
            exports,
            closing,
            up,
            scheduled,
            linked,
            store,
        })
    }

    /// The listener's address on this computer, with the token and without a slash at the end.
    pub fn hook_url(&self) -> String {
        self.hook_url.clone()
    }

    /// The web page's address with its key; nothing without one.
    pub fn web_url(&self) -> Option<String> {
        self.web.as_ref().map(|web| web.url.clone())
    }

    /// Tells how the listener is doing.
    pub fn listener(&self) -> ListenerHandle {
        self.listener.handle()
    }

    /// What Tencent is to send.
    fn subscriptions(&self) -> Subscriptions {
        self.subscriptions.clone()
    }

    /// The API and the user interface, to be called in process. After the stop it answers 503.
    pub fn router(&self) -> Router {
        self.router_switch.router()
    }

    /// The same, also while the demo is shown: for what is about the real record.
    pub fn own_router(&self) -> Router {
        self.router_switch.own_router()
    }

    /// Answers what is in flight, releases who waits for news, and closes the record. Takes about 5 seconds at most.
    pub async fn stop(self) {
        if let Some(demo) = &self.demo
            && let Err(why) = demo.end().await
        {
            tracing::warn!("{why}");
        }
        self.closing.send_replace(true);
        self.store.cancel_background_work();
        let web = async {
            if let Some(web) = self.web {
                report("the web page", web.task.await);
            }
        };
        let commands = OptionFuture::from(self.commands.map(Commands::end));
        // An export that runs is cancelled, and its temporary file with it.
        let exports = blocking(move || self.exports.stop());
        let (up, scheduled) = (OptionFuture::from(self.up), OptionFuture::from(self.scheduled));
        let linked = OptionFuture::from(self.linked);
        let _ = tokio::join!(self.listener.stop(), web, commands, exports, up, scheduled, linked);
        self.router_switch.close();
        close(self.store).await;
    }
}

/// Tells whoever looks at the record that there is news. The record is not held open for that.
fn announcing(store: &Arc<Store>) -> impl Fn() + use<> {
    let store = Arc::downgrade(store);
    move || {
        if let Some(store) = store.upgrade() {
            store.announce();
        }
    }
}

/// What asks for permission is decided by the target that somebody has chosen for it, where one was.
fn decided_by(forwarding: Forwarding) -> Decide {
    Arc::new(move |delivery, callback| {
        let asked = forwarding.decide(delivery, callback)?;
        let deciding: Deciding = Box::pin(async move { asked.await.map(Into::into) });
        Some(deciding)
    })
}

/// The settings as they bind this run, the record, and what signatures are checked with. Blocks.
fn prepare(options: &Options, vault: &Vault) -> Result<(Config, Store, Keys), Error> {
    let folder = &options.data_dir;
    if options.token.as_deref().is_some_and(|token| !config::is_strong(token)) {
        return Err(config::Error::WeakToken.into());
    }
    if let Some((id, _)) = options.apps.iter().find(|(id, _)| !App::is_id(id)) {
        return Err(Error::NotAnApp(id.clone()));
    }
    // The record first: its lock says whether this process may write here at all.
    let store = Store::open(folder, &options.holder)?;
    // What a process left here, or noted here, that was killed.
    demo::sweep(folder);
    unfinished::SETTINGS.clear(folder);
    unfinished::clear_noted(folder);
    let mut config = Config::load_or_create(folder)?;
    if !options.apps.is_empty() {
        config = config::update(folder, |config| {
            for (id, label) in &options.apps {
                apps::put(&mut config.apps, App::new(id, label));
            }
        })?;
    }
    // An application may have been added while nothing ran; what waited for it belongs in the record.
    for app in &config.apps {
        match store.release_app(&app.id) {
            // Callbacks are kept all the same; the store puts what is damaged aside, and the next start releases the rest.
            Err(error) if error.is_damage() => tracing::error!(%error, "the quarantine could not be read"),
            released => {
                released?;
            }
        }
    }
    let keys = Keys::load(vault, &config.apps);
    Ok((config, store, keys))
}

async fn open_web(address: SocketAddr) -> Result<TcpListener, Error> {
    if !address.ip().to_canonical().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|source| Error::Web { address, source })
}

/// The callback URL as this computer reaches it.
pub fn hook_url(address: SocketAddr, token: &str) -> String {
    format!("http://{}/hook/{token}", listener::reachable(address))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(error.to_string()))
}

/// Closes the record once the last request that reads from it is done.
async fn close(mut store: Arc<Store>) {
    let step = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match Arc::try_unwrap(store) {
            Ok(store) => {
                match blocking(move || store.close()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::error!(%error, "the record was not closed cleanly; what was acknowledged is on disk")
                    }
                    Err(error) => tracing::error!(%error, "the record was not closed"),
                }
                return;
            }
            Err(shared) if waited < LAST_READERS => store = shared,
            Err(_) => {
                tracing::warn!(
                    "a request still reads from the record; it ends with the process. What was acknowledged is on disk"
                );
                return;
            }
        }
        sleep(step).await;
        waited += step;
    }
}

fn report(what: &str, ended: Result<io::Result<()>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "{what} ended early"),
        Err(error) => tracing::error!(%error, "{what} ended by a fault"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callback_url_can_be_opened_on_this_computer() {
        for (address, want) in [
            ("127.0.0.1:8787", "http://127.0.0.1:8787/hook/t"),
            ("0.0.0.0:8787", "http://127.0.0.1:8787/hook/t"),
            ("[::]:8787", "http://[::1]:8787/hook/t"),
            ("192.0.2.7:80", "http://192.0.2.7:80/hook/t"),
        ] {
            let address = address.parse().expect("an address");
            assert_eq!(hook_url(address, "t"), want, "no slash at the end, and an address that leads somewhere");
        }
    }
}
