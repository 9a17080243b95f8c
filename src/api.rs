//! The one HTTP API, described by OpenAPI, and the web assets. The window calls it in process, `calltrail serve` over loopback.

mod apps;
mod assets;
mod backfill;
mod backups;
mod callbacks;
mod calls;
mod cases;
mod changes;
mod clock;
mod completeness;
mod condition;
mod connection;
mod contacts;
mod damage;
mod deliveries;
mod demo;
mod desktop;
mod document;
mod download;
mod entries;
mod error;
mod export_preview;
mod exports;
mod figures;
mod form;
mod forward;
mod headers;
mod language;
mod links;
mod list;
mod me;
mod notes;
mod object;
mod pause;
mod people;
mod problem;
mod regions;
mod reports;
mod review;
mod rooms;
mod schedules;
mod secrets;
mod settings;
mod signing;
mod status;
mod tags;
mod test_callback;
pub mod web;
mod zone;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::Uri,
    middleware,
};
use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, watch};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    demo::{Demo, DemoState},
    desktop::{Desktop, Refuge},
    document::openapi,
    error::Error,
    problem::Problem,
};
use crate::{
    backfill::Backfill,
    clock::Clock,
    config::{Apps, Keys, Vault},
    export::Jobs,
    forward::Forwarding,
    language::Language,
    links::Links,
    listener::ListenerHandle,
    reach::Reach,
    schedule::Schedules,
    store::{self, Interrupt, Reader, Store},
    subscription::Subscriptions,
};

/// Largest body of a request to the API, in bytes: nothing but settings is sent.
const LARGEST_BODY: usize = 64 * 1024;

/// What the API speaks for.
pub struct State {
    /// The record.
    pub store: Arc<Store>,
    /// The applications that are ours.
    pub apps: Apps,
    /// What the listener checks signatures with.
    pub keys: Keys,
    /// Where the secrets of the applications are kept.
    pub vault: Vault,
    /// What Tencent is to send.
    pub subscriptions: Subscriptions,
    /// What fetches Tencent's call records.
    pub backfill: Backfill,
    /// What passes callbacks on; `None` where its queue cannot be used.
    pub forwarding: Option<Forwarding>,
    /// The exports that are made again and again; `None` where the list of them cannot be read.
    pub schedules: Option<Schedules>,
    /// The links that refresh; `None` where the list of them cannot be read.
    pub links: Option<Links>,
    /// The listener that Tencent's callbacks arrive at.
    pub listener: ListenerHandle,
    /// Whether the public address leads to it.
    pub reach: Reach,
    /// The folder that holds the record and `config.json`.
    pub data_dir: PathBuf,
    /// The listener's address on this machine, with the token.
    pub hook_url: String,
    /// Where `calltrail serve` offers this API; `None` in the window, which opens no port for it.
    pub web_address: Option<SocketAddr>,
    /// What time it is.
    pub clock: Clock,
    /// The exports that run.
    pub exports: Jobs,
    /// The native save dialog; `None` where there is none, and exports are downloads.
    pub picker: Option<Arc<dyn FilePicker>>,
    /// What is around the window; `None` where the pages are shown in a browser.
    pub desktop: Option<Arc<dyn Desktop>>,
    /// Begins and ends the demo.
    pub demo: Arc<dyn Demo>,
    /// Whether this is the demo's own record.
    pub is_demo: bool,
    /// Becomes true when the process wants to end: requests that wait for news are answered at once.
    pub closing: watch::Receiver<bool>,
}

/// Asks a person where to save a file or many, and shows one there. The desktop shell installs one.
pub trait FilePicker: Send + Sync {
    /// Opens the dialog with a suggested name, in the language of who is asked; `None` when it was cancelled.
    fn pick(&self, suggested: String, language: Language) -> BoxFuture<'static, Option<PathBuf>>;
    /// Opens the dialog for a folder, in the language of who is asked; `None` when it was cancelled.
    fn pick_folder(&self, language: Language) -> BoxFuture<'static, Option<PathBuf>>;
    /// Shows a file where it lies, in what the system manages files with; a sentence says why that cannot be. Blocks.
    fn show(&self, path: &Path) -> Result<(), String>;
}

/// What every request of one router shares.
#[derive(Clone)]
struct Api {
    state: Arc<State>,
    /// The record's revision, to wait on.
    revision: watch::Receiver<u64>,
    /// One permit per download that may run at once.
    downloads: Arc<Semaphore>,
    /// The same for what is behind links.
    followed: Arc<Semaphore>,
    /// The permit to copy the whole archive, out or in.
    copying: Arc<Semaphore>,
}

impl Api {
    fn now_ms(&self) -> i64 {
        self.state.clock.now_ms()
    }

    /// Reads the record on a thread that may block. A request that is dropped (because a newer one took its place, or the
    /// page was closed) gives its question up, so that no query runs for nobody.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (store, question) = (Arc::clone(&self.state.store), Interrupt::default());
        let _given_up_when_dropped = Asker(question.clone());
        Ok(blocking(move || store.read_interruptible(&question, query)).await??)
    }

    /// Changes the record, on a thread that may block.
    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Store) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.state.store);
        Ok(blocking(move || change(&store)).await??)
    }
}

/// Whoever waits for the answer to a question, until dropped.
struct Asker(Interrupt);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

/// Runs `work` on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// A length as the API's numbers are.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The API and the user interface. It sends the security headers itself, so they are the same in the window and in a browser;
/// who may call it is decided in front of it ([`web`]).
pub fn router(state: State) -> Router {
    let api = Api {
        revision: changes::follow(&state.store),
        state: Arc::new(state),
        downloads: Arc::new(Semaphore::new(download::AT_ONCE)),
        followed: Arc::new(Semaphore::new(download::AT_ONCE)),
        copying: Arc::new(Semaphore::new(1)),
    };
    let (router, _) = documented().split_for_parts();
    router
        .fallback(assets::serve)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::map_response(headers::harden))
        .with_state(api)
}

/// Every route with its description: what is not described cannot be called.
fn documented() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(condition::condition))
        .routes(routes!(changes::changes))
        .routes(routes!(calls::calls))
        .routes(routes!(calls::days_of_calls))
        .routes(routes!(calls::facets))
        .routes(routes!(calls::members))
        .routes(routes!(calls::call))
        .routes(routes!(figures::figures))
        .routes(routes!(figures::of_person))
        .routes(routes!(rooms::rooms))
        .routes(routes!(rooms::days_of_rooms))
        .routes(routes!(rooms::stays))
        .routes(routes!(rooms::days_of_stays))
        .routes(routes!(rooms::room))
        .routes(routes!(people::people))
        .routes(routes!(people::days_of_people))
        .routes(routes!(people::teams))
        .routes(routes!(people::find))
        .routes(routes!(people::person))
        .routes(routes!(cases::cases))
        .routes(routes!(cases::days_of_cases))
        .routes(routes!(cases::figures))
        .routes(routes!(cases::case))
        .routes(routes!(cases::settings, cases::change_settings))
        .merge(contacts::routes())
        .routes(routes!(notes::write))
        .routes(routes!(tags::tags))
        .merge(entries::routes())
        .routes(routes!(me::read, me::change))
        .routes(routes!(deliveries::deliveries))
        .routes(routes!(deliveries::days_of_deliveries))
        .routes(routes!(deliveries::delivery))
        .routes(routes!(deliveries::refusals))
        .routes(routes!(deliveries::release))
        .routes(routes!(review::waiting, review::begin))
        .routes(routes!(review::accept))
        .routes(routes!(review::decline))
        .routes(routes!(backups::list, backups::make))
        .routes(routes!(backups::restore))
        .routes(routes!(damage::list))
        .routes(routes!(damage::seen))
        .routes(routes!(apps::list, apps::add))
        .routes(routes!(apps::remove))
        .routes(routes!(secrets::change))
        .routes(routes!(signing::read, signing::change))
        .merge(callbacks::routes())
        .merge(backfill::routes())
        .merge(forward::routes())
        .routes(routes!(completeness::completeness))
        .routes(routes!(connection::connection))
        .routes(routes!(regions::regions))
        .routes(routes!(settings::read, settings::change))
        .routes(routes!(test_callback::send))
        .routes(routes!(demo::state, demo::begin, demo::end))
        .routes(routes!(pause::begin, pause::end))
        .routes(routes!(desktop::state, desktop::change))
        .routes(routes!(desktop::quit))
        .routes(routes!(exports::start))
        .routes(routes!(exports::get, exports::cancel))
        .routes(routes!(exports::show))
        .routes(routes!(download::download))
        .merge(schedules::routes())
        .merge(links::routes())
        .routes(routes!(export_preview::preview))
        .merge(reports::routes())
        .routes(routes!(document::document))
}

async fn wrong_method(request: Request) -> Error {
    Problem::MethodUnusable { method: request.method().to_string() }.into()
}

/// The answer at an address of the API that does not exist.
fn no_such_address(uri: &Uri) -> Error {
    Problem::NoSuchAddress { path: uri.path().to_owned() }.into()
}
