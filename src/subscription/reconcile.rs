//! Where a configuration is read, planned and changed, for the window and for the command line alike.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    sync::{Mutex, MutexGuard},
    task::spawn_blocking,
    time::sleep,
};

use super::{
    Error, Problem,
    address::Ours,
    history::{Answer, Change, Does, History, Origin},
    notice::{Level, Notice},
    observed::{Observed, Reading},
    plan::{Plan, Wanted},
};
use crate::{
    clock::Clock,
    config::{
        App, Config,
        vault::{Kind, Vault},
    },
    tencent::{self, ADMINISTRATOR, Account, Client, Configuration, Hosts, Product, Tencent},
};

/// The pauses before what was set is read back: Tencent may need a moment.
pub(super) const READ_BACK: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(2)];

/// What is sent for our applications. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    data_dir: PathBuf,
    vault: Vault,
    clock: Clock,
    /// The listener's address on this computer, with the token.
    hook_url: String,
    history: History,
    observed: Observed,
    tencent: Arc<OnceLock<Tencent>>,
    signing: Arc<Mutex<()>>,
}

/// A change that was tried.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What the history says of it; `None` when there was nothing to do.
    pub change: Option<Change>,
    /// Whether Tencent was read afterwards and has what was wanted.
    pub confirmed: bool,
    /// Why Tencent did not take it.
    pub error: Option<tencent::Error>,
}

/// An application that can be asked for.
pub(super) struct Asked {
    pub(super) client: Client,
    ours: Ours,
    sandbox: bool,
}

impl Subscriptions {
    /// For the applications of a data folder, whose callbacks arrive at `hook_url` on this computer. Asks nobody yet.
    pub fn new(data_dir: PathBuf, vault: Vault, clock: Clock, hook_url: String) -> Self {
        let history = History::of(&data_dir);
        let (observed, tencent, signing) = (Observed::default(), Arc::default(), Arc::default());
        Self { data_dir, vault, clock, hook_url, history, observed, tencent, signing }
    }

    /// How a product stands, as far as is known; asks nobody.
    pub async fn reading(&self, app: &str, product: Product) -> Result<Reading, Error> {
        let (this, app) = (self.clone(), app.to_owned());
        blocking(move || {
            let found = this.app(&app)?;
            let has_key = this.vault.is_set(&app, Kind::SecretKey)?;
            let ours = this.ours(&found)?;
            Ok(this.observed.reading(&app, product, has_key, &ours, &this.history.changes(&app, product)?))
        })
        .await
    }

    /// Asks Tencent what it has now. A refusal of Tencent's is part of the reading; an error says why nothing could be asked.
    pub async fn read(&self, app: &str, product: Product) -> Result<Reading, Error> {
        let asked = self.asked(app).await?;
        let answer = self.ask(&asked, product).await;
        if let Err(error) = &answer {
            tracing::info!(app, %product, %error, "the callback configuration could not be read");
        }
        self.reading(app, product).await
    }

    /// What a change would do, from what Tencent has now.
    pub async fn plan(&self, app: &str, product: Product, wanted: Wanted) -> Result<Plan, Error> {
        let asked = self.asked(app).await?;
        let now = self.ask(&asked, product).await?;
        Ok(Plan::make(product, now, wanted, &asked.ours, asked.sandbox))
    }

    /// Makes a change if Tencent still has what the plan named `seen` was made for and everything was agreed to; reads it
    /// back, and writes it into the history.
    pub async fn apply(
        &self,
        app: &str,
        product: Product,
        wanted: Wanted,
        seen: &str,
        agreed: &[String],
        by: Origin,
    ) -> Result<Applied, Error> {
        let asked = self.asked(app).await?;
        let now = self.ask(&asked, product).await?;
        let adopts = wanted == Wanted::AsIs;
        let plan = Plan::make(product, now, wanted, &asked.ours, asked.sandbox);
        allowed(&plan, seen, agreed)?;
        if plan.does == Does::Nothing && !adopts {
            return Ok(Applied { change: None, confirmed: true, error: None });
        }
        let history = self.history.clone();
        let pen = blocking(move || history.open()).await?;
        let error = self.carry_out(&asked, product, &plan).await.err();
        let confirmed = self.read_back(&asked, product, plan.after.as_ref(), error.is_some()).await;
        let answer = error.clone().map_or_else(Answer::accepted, Answer::refused);
        let change = Change {
            number: 0,
            at_ms: self.clock.now_ms(),
            by,
            app: app.to_owned(),
            product,
            does: plan.does,
            before: plan.before,
            after: plan.after,
            answer,
            confirmed,
        };
        let kept = change.clone();
        blocking(move || pen.write(&kept)).await?;
        let number = self.history(app, product).await?.first().map_or(0, |newest| newest.number);
        Ok(Applied { change: Some(Change { number, ..change }), confirmed, error })
    }

    /// All changes of a product, the newest first.
    pub async fn history(&self, app: &str, product: Product) -> Result<Vec<Change>, Error> {
        let (history, app) = (self.history.clone(), app.to_owned());
        blocking(move || history.changes(&app, product)).await
    }

    /// What a change of the history restores: what was there before it.
    pub async fn before(&self, app: &str, product: Product, number: u64) -> Result<Wanted, Error> {
        let changes = self.history(app, product).await?;
        let change =
            changes.into_iter().find(|change| change.number == number).ok_or(Problem::NoChange { change: number })?;
        Ok(Wanted::Restore(change.before))
    }

    /// What makes an address ours, for an application.
    pub async fn ours_of(&self, app: &str) -> Result<Ours, Error> {
        let (this, app) = (self.clone(), app.to_owned());
        blocking(move || this.ours(&this.app(&app)?)).await
    }

    /// By how many seconds this computer's clock is ahead of Tencent's, when that is more than a minute.
    pub fn clock_offset_s(&self) -> Option<i64> {
        self.tencent.get().and_then(Tencent::clock_offset_s)
    }

    /// Forgets what was read of an application.
    pub fn forget(&self, app: &str) {
        self.observed.forget(app);
    }

    /// The history that the watch writes into.
    pub(super) const fn pages(&self) -> &History {
        &self.history
    }

    pub(super) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Held by whoever switches signing on or off.
    pub(super) async fn signing_lock(&self) -> MutexGuard<'_, ()> {
        self.signing.lock().await
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Asks and says whether the answer is news.
    pub(super) async fn look(&self, app: &str, product: Product) -> Result<(bool, Option<Configuration>), Error> {
        let asked = self.asked(app).await?;
        let answer = asked.client.configuration(product).await;
        let news = self.observed.note(app, product, self.clock.now_ms(), &answer);
        Ok((news, answer?))
    }

    async fn ask(&self, asked: &Asked, product: Product) -> Result<Option<Configuration>, tencent::Error> {
        let answer = asked.client.configuration(product).await;
        self.observed.note(asked.client.app(), product, self.clock.now_ms(), &answer);
        answer
    }

    async fn carry_out(&self, asked: &Asked, product: Product, plan: &Plan) -> Result<(), tencent::Error> {
        match (&plan.after, plan.does) {
            (_, Does::Nothing) => Ok(()),
            (Some(after), _) => asked.client.configure(product, after).await,
            (None, _) => asked.client.delete_configuration(product).await,
        }
    }

    /// Whether Tencent has what was wanted. After a refusal it is looked at once, for what is there now.
    async fn read_back(&self, asked: &Asked, product: Product, wanted: Option<&Configuration>, refused: bool) -> bool {
        for pause in READ_BACK.into_iter().take(if refused { 1 } else { READ_BACK.len() }) {
            sleep(pause).await;
            let same = match (self.ask(asked, product).await, wanted) {
                (Ok(Some(found)), Some(wanted)) => found.is_same(wanted),
                (Ok(None), None) => true,
                _ => false,
            };
            if same {
                return true;
            }
        }
        false
    }

    /// What asks Tencent for an application, for whoever asks something else than this.
    pub async fn client(&self, app: &str) -> Result<Client, Error> {
        Ok(self.asked(app).await?.client)
    }

    pub(super) async fn asked(&self, app: &str) -> Result<Asked, Error> {
        let (this, app) = (self.clone(), app.to_owned());
        blocking(move || {
            let found = this.app(&app)?;
            let Some(key) = this.vault.get(&app, Kind::SecretKey)? else { return Err(Problem::NoKey { app }.into()) };
            let (hosts, ours) = (Hosts::of(&app, &found.region)?, this.ours(&found)?);
            let administrator = if found.administrator.is_empty() { ADMINISTRATOR } else { &found.administrator };
            let sandbox = hosts.is_here();
            let account = Account { app, administrator: administrator.to_owned(), key, hosts };
            Ok(Asked { client: this.tencent()?.client(account), ours, sandbox })
        })
        .await
    }

    fn app(&self, id: &str) -> Result<App, Error> {
        let apps = Config::load(&self.data_dir)?.map(|config| config.apps).unwrap_or_default();
        apps.into_iter().find(|app| app.id == id).ok_or_else(|| Problem::NoApp { app: id.to_owned() }.into())
    }

    /// Our address: behind the public one; on this computer itself where whoever sends is on it too.
    fn ours(&self, app: &App) -> Result<Ours, Error> {
        let path = self.hook_url.find("/hook/").and_then(|at| self.hook_url.get(at..)).unwrap_or_default();
        let public = Config::load(&self.data_dir)?.and_then(|config| config.public_url);
        let here = Hosts::of(&app.id, &app.region).is_ok_and(|hosts| hosts.is_here());
        let url = match public {
            Some(base) => Some(format!("{base}{path}")),
            None if here => Some(self.hook_url.clone()),
            None => None,
        };
        Ok(Ours { token: path.trim_start_matches("/hook/").to_owned(), url })
    }

    fn tencent(&self) -> Result<&Tencent, Error> {
        if let Some(tencent) = self.tencent.get() {
            return Ok(tencent);
        }
        let made = Tencent::new(self.clock.clone())?;
        Ok(self.tencent.get_or_init(|| made))
    }
}

/// Whether a plan may be carried out.
fn allowed(plan: &Plan, seen: &str, agreed: &[String]) -> Result<(), Error> {
    if plan.seen != seen {
        return Err(Problem::Changed.into());
    }
    if let Some(stop) = plan.notices.iter().find(|notice| notice.level() == Level::Stop) {
        return Err(Problem::Stopped { notice: stop.clone() }.into());
    }
    let open: Vec<Notice> = plan
        .notices
        .iter()
        .filter(|notice| notice.level() == Level::Ask && !agreed.iter().any(|code| code == notice.code()))
        .cloned()
        .collect();
    if open.is_empty() { Ok(()) } else { Err(Problem::NotAgreed { notices: open }.into()) }
}

/// Files and key stores are asked on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(fault) => std::panic::resume_unwind(fault.into_panic()),
    }
}
