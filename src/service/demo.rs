//! The demo: a second, complete Calltrail with invented data, shown in the place of the real one. It has a record, a listener
//! and a sandbox of its own in a temporary folder, so the real record never sees any of it, and ending it leaves no trace.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use futures_util::future::BoxFuture;
use tempfile::TempDir;
use tokio::{
    sync::{Mutex as Turn, watch},
    task::JoinHandle,
};

use super::{Options, Service, router_switch::RouterSwitch};
use crate::{
    api::{self, DemoState, FilePicker},
    clock::Clock,
    config::{self, App, KeyStore, Kind, Vault},
    language::Language,
    lock::lock,
    sandbox::{self, Pace, Play, Progress, Sandbox, SandboxApp},
    secret::Secret,
    subscription::{Origin, Subscriptions, Wanted},
    tencent::{Product, catalogue::Preset},
    traffic::Scenario,
};

/// The demo's application: above what Tencent gives, whose ids have 32 bits, so that it is nobody's.
pub const APP: &str = "9999999999";
/// What it is called.
const fn label(language: Language) -> &'static str {
    match language {
        Language::En => "Demo",
        Language::Zh => "示例",
    }
}

/// What the demo's folder begins with.
const PREFIX: &str = "demo-";
/// Random letters and digits after it.
const RANDOM: usize = 6;
/// The same calls each time.
const SEED: u64 = 7;
/// How many invented callbacks are on their way at once.
const AT_ONCE: u16 = 8;

/// Begins and ends the demo. Cheap to clone.
#[derive(Clone)]
pub(super) struct Switch(Arc<Parts>);

struct Parts {
    data_dir: PathBuf,
    router_switch: RouterSwitch,
    picker: Option<Arc<dyn FilePicker>>,
    clock: Clock,
    /// Beginning and ending wait for each other.
    running: Turn<Option<Running>>,
    progress: Mutex<Option<watch::Receiver<Progress>>>,
    /// When it began, Unix milliseconds; 0 while there is none.
    started_ms: AtomicI64,
}

struct Running {
    service: Box<Service>,
    sandbox: Arc<Sandbox>,
    filling: JoinHandle<()>,
    folder: TempDir,
}

impl Switch {
    /// The demo beside the record of this folder, shown through this switch of its router.
    pub(super) fn new(
        data_dir: PathBuf,
        router_switch: RouterSwitch,
        picker: Option<Arc<dyn FilePicker>>,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Parts {
            data_dir,
            router_switch,
            picker,
            clock,
            running: Turn::default(),
            progress: Mutex::default(),
            started_ms: AtomicI64::new(0),
        }))
    }

    /// Ends the demo, if there is one.
    async fn stop(&self) -> Result<(), String> {
        let Some(Running { service, sandbox, filling, folder }) = self.0.running.lock().await.take() else {
            return Ok(());
        };
        self.0.router_switch.show_own();
        self.0.started_ms.store(0, Ordering::Release);
        self.watch(None);
        filling.abort();
        // Boxed, because the service that ends the demo is a service too.
        let stopping: BoxFuture<'_, ()> = Box::pin(service.stop());
        stopping.await;
        drop(sandbox);
        let path = folder.path().to_owned();
        let gone = tokio::task::spawn_blocking(move || folder.close()).await;
        match gone {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(left_behind(&path, &why)),
            Err(why) => Err(left_behind(&path, &why)),
        }
    }

    async fn start(&self, language: Language) -> Result<(), String> {
        let mut running = self.0.running.lock().await;
        if running.is_some() {
            return Ok(());
        }
        let (folder, sandbox) =
            self.prepare(language).await.map_err(|why| format!("The demo could not begin: {why}"))?;
        let options = Options {
            data_dir: folder.path().to_owned(),
            holder: "the demo".to_owned(),
            hook: Some(([127, 0, 0, 1], 0).into()),
            picker: self.0.picker.clone(),
            key_store: KeyStore::File,
            ..Options::default()
        };
        let starting: BoxFuture<'_, _> = Box::pin(Service::start_as(options, Some(self.clone())));
        let service = starting.await.map_err(|why| format!("The demo could not begin: {why}"))?;
        let (sandbox, (told, progress)) = (Arc::new(sandbox), watch::channel(Progress::default()));
        let subscriptions = service.subscriptions();
        let filling = tokio::spawn(fill(language, Arc::clone(&sandbox), subscriptions, service.hook_url(), told));
        self.watch(Some(progress));
        self.0.started_ms.store(self.0.clock.now_ms(), Ordering::Release);
        self.0.router_switch.show(service.router());
        *running = Some(Running { service: Box::new(service), sandbox, filling, folder });
        Ok(())
    }

    /// A folder with the settings of the demo, and the sandbox that they name.
    async fn prepare(&self, language: Language) -> Result<(TempDir, Sandbox), String> {
        let key = Secret::from(hex::encode(rand::random::<[u8; 32]>()));
        let options = sandbox::Options {
            listen: ([127, 0, 0, 1], 0).into(),
            apps: vec![SandboxApp::new(APP, key.clone())],
            seed: SEED,
            clock: self.0.clock.clone(),
        };
        let sandbox = Sandbox::start(options).await.map_err(|why| why.to_string())?;
        let (data_dir, region) = (self.0.data_dir.clone(), sandbox.url());
        let folder = tokio::task::spawn_blocking(move || settings(&data_dir, region, &key, label(language)));
        let folder = folder.await.map_err(|why| why.to_string())??;
        Ok((folder, sandbox))
    }

    fn watch(&self, progress: Option<watch::Receiver<Progress>>) {
        *lock(&self.0.progress) = progress;
    }
}

impl api::Demo for Switch {
    fn state(&self) -> DemoState {
        let progress = lock(&self.0.progress);
        let Some(Progress { sent, total }) = progress.as_ref().map(|progress| *progress.borrow()) else {
            return DemoState::default();
        };
        let started_ms = Some(self.0.started_ms.load(Ordering::Acquire)).filter(|started_ms| *started_ms != 0);
        DemoState { running: true, filled: count(sent), total: count(total), started_ms }
    }

    fn begin(&self, language: Language) -> BoxFuture<'static, Result<(), String>> {
        let this = self.clone();
        // A task of its own: whoever asked may go away, and half a demo must not be left.
        let task = tokio::spawn(async move { this.start(language).await });
        Box::pin(async move { task.await.map_err(|why| why.to_string())? })
    }

    fn end(&self) -> BoxFuture<'static, Result<(), String>> {
        let this = self.clone();
        let task = tokio::spawn(async move { this.stop().await });
        Box::pin(async move { task.await.map_err(|why| why.to_string())? })
    }
}

/// Deletes what a demo left behind whose process was killed.
pub(super) fn sweep(data_dir: &Path) {
    let entries = fs::read_dir(data_dir).into_iter().flatten().filter_map(Result::ok);
    for entry in entries.filter(|entry| is_demo(&entry.file_name())) {
        if entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Err(why) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!("{}", left_behind(&entry.path(), &why));
        }
    }
}

/// A name as [`settings`] makes them, so that nobody else's folder is taken for one.
fn is_demo(name: &OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn left_behind(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!(
        "The demo's folder {} could not be deleted ({why}). It holds invented data only; delete it.",
        path.display()
    )
}

fn count(callbacks: usize) -> u64 {
    u64::try_from(callbacks).unwrap_or(u64::MAX)
}

fn settings(data_dir: &Path, region: String, key: &Secret, label: &str) -> Result<TempDir, String> {
    let folder = tempfile::Builder::new()
        .prefix(PREFIX)
        .rand_bytes(RANDOM)
        .tempdir_in(data_dir)
        .map_err(|why| why.to_string())?;
    let app = App { region, ..App::new(APP, label) };
    config::update(folder.path(), |config| config.apps.push(app)).map_err(|why| why.to_string())?;
    let vault = Vault::open(folder.path(), KeyStore::File);
    vault.put(APP, Kind::SecretKey, key).map_err(|why| why.to_string())?;
    Ok(folder)
}

/// Subscribes to everything useful, as a person would, and lets two weeks happen.
async fn fill(
    language: Language,
    sandbox: Arc<Sandbox>,
    subscriptions: Subscriptions,
    hook_url: String,
    told: watch::Sender<Progress>,
) {
    for product in Product::ALL {
        let words = Preset::Everything.words(product).into_iter().map(str::to_owned).collect();
        let wanted = Wanted::Actions(words);
        let applied = match subscriptions.plan(APP, product, wanted.clone()).await {
            Ok(plan) => subscriptions.apply(APP, product, wanted, &plan.seen, &[], Origin::Window).await.map(|_| ()),
            Err(why) => Err(why),
        };
        if let Err(error) = applied {
            tracing::error!(%product, %error, "the demo could not subscribe");
        }
    }
    if let Err(error) = sandbox.rtc(APP, Some(hook_url), None) {
        tracing::error!(%error, "the demo has no RTC Engine rooms");
    }
    let play = Play {
        seed: Some(SEED),
        pace: Pace::Burst(AT_ONCE),
        language,
        progress: Some(told),
        ..Play::new(APP, Scenario::Fortnight)
    };
    if let Err(error) = sandbox.perform(play).await {
        tracing::error!(%error, "the demo could not be filled");
    }
}
