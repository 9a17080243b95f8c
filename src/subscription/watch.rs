//! The watch: looks every ten minutes whether Tencent still has what was set here, and writes down when somebody else changed it.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Error, Problem, Subscriptions,
    history::{Answer, Change, Does, Origin},
    observed,
};
use crate::{
    clock::Turns,
    config::Apps,
    tencent::{Configuration, Product},
};

/// How often Tencent is asked.
pub const WATCH_EVERY: Duration = Duration::from_secs(600);
/// Another process may have made a change and not written it down yet.
const PATIENCE: Duration = Duration::from_secs(3);

impl Subscriptions {
    /// Looks at each turn until the future is dropped; calls `news` when something is not as it was.
    pub async fn watch(&self, apps: Apps, mut turns: Turns, news: impl Fn() + Send + Sync) {
        loop {
            turns.next().await;
            if self.look_round(&apps).await {
                news();
            }
        }
    }

    /// Looks once at every product of every application that can be asked for; true when something is not as it was.
    pub async fn look_round(&self, apps: &Apps) -> bool {
        let mut news = false;
        for app in apps.list() {
            for product in Product::ALL {
                match self.look_at(&app.id, product).await {
                    Ok(changed) => news |= changed,
                    // Without a key nobody can be asked about any of its products.
                    Err(Error::Here(Problem::NoKey { .. } | Problem::NoApp { .. })) => break,
                    Err(error) => {
                        tracing::debug!(app = app.id, %product, %error, "the callback configuration could not be read");
                        news = true;
                    }
                }
            }
        }
        news
    }

    async fn look_at(&self, app: &str, product: Product) -> Result<bool, Error> {
        let (news, found) = self.look(app, product).await?;
        if !self.is_unwritten(app, product, found.as_ref()).await? {
            return Ok(news);
        }
        sleep(PATIENCE).await;
        let (_, found) = self.look(app, product).await?;
        if self.is_unwritten(app, product, found.as_ref()).await? {
            self.write_down(app, product, found).await?;
        }
        Ok(true)
    }

    /// Whether what was found is neither what was set here nor what was written down last.
    async fn is_unwritten(&self, app: &str, product: Product, found: Option<&Configuration>) -> Result<bool, Error> {
        let history = self.history(app, product).await?;
        let last = history.iter().find(|change| change.was_made()).and_then(|change| change.after.as_ref());
        let known = Does::between(last, found) == Does::Nothing;
        Ok(!known && (observed::drift(found, &history).is_some() || !history.is_empty()))
    }

    async fn write_down(&self, app: &str, product: Product, found: Option<Configuration>) -> Result<(), Error> {
        let history = self.history(app, product).await?;
        let before = history.into_iter().find(Change::was_made).and_then(|change| change.after);
        let change = Change {
            number: 0,
            at_ms: self.now_ms(),
            by: Origin::Elsewhere,
            app: app.to_owned(),
            product,
            does: Does::between(before.as_ref(), found.as_ref()),
            before,
            after: found,
            answer: Answer::none(),
            confirmed: true,
        };
        let pen = self.pages().open()?;
        pen.write(&change)
    }
}
