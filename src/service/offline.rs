//! The API over a record that nobody else holds, for one command: no listener, no page, nothing in the background.
//!
//! A command that writes is one request to the API, whoever answers it. So what it checks, does and says is written once, and is
//! the same beside a running Calltrail as without one.

use std::{path::Path, sync::Arc};

use axum::Router;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

use super::{Error, hook_url};
use crate::{
    api::{self, DemoState},
    backfill::Backfill,
    clock::Clock,
    config::{Apps, Config, KeyStore, Keys, Vault},
    export::Jobs,
    forward::Forwarding,
    language::Language,
    links::Links,
    listener::ListenerHandle,
    reach::Reach,
    schedule::Schedules,
    store::Store,
    subscription::{Ours, Subscriptions},
};

/// The record of a folder, and the API over it.
pub struct Offline {
    store: Arc<Store>,
    router: Router,
    /// Dropped with the rest, which releases whoever waits for news.
    _closing: watch::Sender<bool>,
}

impl Offline {
    /// Opens the record; `holder` names the command to others. Blocks.
    pub fn open(folder: &Path, holder: &str) -> Result<Self, Error> {
        let store = Arc::new(Store::open(folder, holder)?);
        let config = Config::load_or_create(folder)?;
        let (clock, vault) = (Clock::system(), Vault::open(folder, KeyStore::Auto));
        let hook_url = hook_url(config.hook, &config.token);
        let (closing, closed) = watch::channel(false);
        let subscriptions = Subscriptions::new(folder.to_owned(), vault.clone(), clock.clone(), hook_url.clone());
        let ours = Ours { token: config.token.clone(), url: None };
        let forwarding = Forwarding::open(folder, &store, clock.clone(), Keys::default(), ours)
            .inspect_err(|error| tracing::error!(%error, "nothing is passed on to other addresses"))
            .ok();
        let apps = Apps::new(config.apps);
        // What they are about to export is exported by whoever runs.
        let schedules = Schedules::open(folder, clock.clone(), apps.clone())
            .inspect_err(|error| tracing::error!(%error, "the scheduled exports cannot be read"))
            .ok();
        let links = Links::open(folder, clock.clone(), vec![config.hook.port()])
            .inspect_err(|error| tracing::error!(%error, "the links that refresh cannot be read"))
            .ok();
        let listener = ListenerHandle::of_none(config.hook, clock.now_ms());
        let router = api::router(api::State {
            schedules,
            links,
            store: Arc::clone(&store),
            apps,
            // They are what a listener checks with. To read them could make the system ask a person to unlock its key store.
            keys: Keys::default(),
            vault,
            backfill: Backfill::new(subscriptions.clone(), &store, clock.clone()),
            forwarding,
            subscriptions,
            reach: Reach::new(folder, &hook_url, listener.clone(), clock.clone()),
            listener,
            data_dir: folder.to_owned(),
            hook_url,
            web_address: None,
            clock,
            exports: Jobs::default(),
            picker: None,
            desktop: None,
            demo: Arc::new(NoDemo),
            is_demo: false,
            closing: closed,
        });
        Ok(Self { store, router, _closing: closing })
    }

    /// The API, to be called in process. It does not know which secrets are set.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Closes the record, once every router of it is gone. Blocks.
    pub fn close(self) -> Result<(), Error> {
        drop(self.router);
        let store = Arc::into_inner(self.store);
        store.ok_or_else(|| Error::Fault("a request still reads from the record".to_owned()))?.close()?;
        Ok(())
    }
}

/// Nobody looks.
struct NoDemo;

impl api::Demo for NoDemo {
    fn state(&self) -> DemoState {
        DemoState::default()
    }

    fn begin(&self, _: Language) -> BoxFuture<'static, Result<(), String>> {
        Box::pin(async { Err("The demo is shown in the window and by `calltrail serve --demo`.".to_owned()) })
    }

    fn end(&self) -> BoxFuture<'static, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}
