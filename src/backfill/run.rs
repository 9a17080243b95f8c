//! One run: the records of an application, of both versions of the call API, read and kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::spawn_blocking};
use utoipa::ToSchema;

use super::{
    Backfill,
    pages::{Pages, Whole},
};
use crate::{
    callback,
    store::{
        self, Store,
        coverage::Fetched,
        delivery::{Delivery, Recorded, Source},
    },
    subscription,
    tencent::{
        Client, Product,
        codes::NO_GROUP_CALL,
        records::{CallRecord, RecordFilter, RecordPage},
    },
};

/// How long Tencent keeps records (pages 60136 and 68931).
pub(super) const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// What has records. No page says whether the two have the same calls, so both are read.
const PRODUCTS: [Product; 2] = [Product::Call, Product::CallV1];

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BackfillProgress)]
pub struct Progress {
    /// When it began, Unix milliseconds.
    pub began_ms: i64,
    /// Calls are asked for that began at this moment or later, Unix milliseconds.
    pub from_ms: i64,
    /// Records that were read until now.
    pub read: u64,
    /// Of these, those that the record did not have.
    pub new: u64,
}

/// A run that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How far it came.
    pub progress: Progress,
    /// When it ended, Unix milliseconds.
    pub ended_ms: i64,
    /// Whether everything was read that Tencent has of the period. Otherwise the next run reads it.
    pub complete: bool,
    /// Whether somebody ended it.
    pub canceled: bool,
    /// Why Tencent's records could not be read to the end, where that is so.
    pub problem: Option<subscription::Error>,
    /// Why records that were read could not be kept, as an English sentence, where that is so.
    pub not_kept: Option<String>,
}

/// Why a run ends before its end.
enum Stop {
    Asking(subscription::Error),
    Keeping(store::Error),
    Canceled,
}

impl Progress {
    /// A run that begins now, for calls since `from_ms`.
    pub(super) fn new(now_ms: i64, from_ms: Option<i64>) -> Self {
        let oldest_ms = now_ms - KEPT_MS;
        Self { began_ms: now_ms, from_ms: from_ms.map_or(oldest_ms, |from_ms| from_ms.max(oldest_ms)), read: 0, new: 0 }
    }
}

impl Run {
    /// Why not everything was read, as English sentences; empty where everything was, or where somebody ended it.
    pub fn why_incomplete(&self) -> String {
        match (&self.problem, &self.not_kept) {
            (_, Some(why)) => format!("Records that were read could not be kept: {why} They are read again later."),
            (Some(why), None) => why.to_string(),
            (None, None) if self.complete || self.canceled => String::new(),
            (None, None) => {
                "Tencent counts more calls than it gave, so some may be missing; they are asked for again later."
                    .to_owned()
            }
        }
    }
}

impl Backfill {
    pub(super) async fn run(&self, app: &str, mut progress: Progress, mut canceled: watch::Receiver<()>) -> Run {
        let stop = tokio::select! {
            read = self.read(app, &mut progress) => read,
            _ = canceled.changed() => Err(Stop::Canceled),
        };
        let ended_ms = self.clock.now_ms();
        let mut run = Run { progress, ended_ms, complete: false, canceled: false, problem: None, not_kept: None };
        match stop {
            Ok(complete) => run.complete = complete,
            Err(Stop::Canceled) => run.canceled = true,
            Err(Stop::Asking(why)) => {
                tracing::info!(app, error = %why, "Tencent's call records could not be read");
                run.problem = Some(why);
            }
            Err(Stop::Keeping(why)) => {
                tracing::error!(app, error = %why, "call records that were read could not be kept");
                run.not_kept = Some(why.to_string());
            }
        }
        let Progress { read, new, .. } = run.progress;
        tracing::info!(app, read, new, complete = run.complete, "Tencent's call records were read");
        run
    }

    /// Reads everything; answers whether Tencent gave everything that it counts.
    async fn read(&self, app: &str, progress: &mut Progress) -> Result<bool, Stop> {
        let client = self.subscriptions.client(app).await.map_err(Stop::Asking)?;
        let (mut complete, mut failed) = (true, None);
        for product in PRODUCTS {
            match self.read_product(&client, product, progress).await {
                Ok(whole) => complete &= whole,
                // The other one may have what this one did not tell.
                Err(Stop::Asking(why)) => failed = failed.or(Some(why)),
                Err(other) => return Err(other),
            }
        }
        failed.map_or(Ok(complete), |why| Err(Stop::Asking(why)))
    }

    async fn read_product(&self, client: &Client, product: Product, progress: &mut Progress) -> Result<bool, Stop> {
        let mut pages = Pages::of(progress.from_ms.div_euclid(1_000), progress.began_ms.div_euclid(1_000));
        let mut first_ms = None;
        while let Some(filter) = pages.next() {
            let page = ask(client, product, filter).await?;
            // How far our clock is ahead of Tencent's is known once it has answered.
            let asked_ms = *first_ms.get_or_insert_with(|| progress.began_ms.min(self.tencents_now_ms()));
            let records = pages.take(page);
            let read = u64::try_from(records.len()).unwrap_or(u64::MAX);
            progress.new += self.keep(client.app(), records).await.map_err(Stop::Keeping)?;
            progress.read += read;
            self.note(client.app(), progress);
            let whole = pages.take_whole();
            self.note_fetched(client.app(), product, asked_ms, whole).await.map_err(Stop::Keeping)?;
        }
        Ok(pages.is_complete())
    }

    /// Now by Tencent's clock where it is known that ours is ahead of it, and else by ours: where that is behind, no more was asked
    /// for than until then.
    fn tencents_now_ms(&self) -> i64 {
        tencents_now_ms(self.clock.now_ms(), self.subscriptions.clock_offset_s())
    }

    /// Writes down which windows were read, once their records are kept. They are as old as the run: a call that ended since may be
    /// missing in any of them. What lies ahead of that moment was not read.
    async fn note_fetched(
        &self,
        app: &str,
        product: Product,
        at_ms: i64,
        whole: Vec<Whole>,
    ) -> Result<(), store::Error> {
        let Some(store) = self.store.upgrade().filter(|_| !whole.is_empty()) else { return Ok(()) };
        let fetched = |Whole { from_s, to_s, records }: Whole| Fetched {
            app: app.to_owned(),
            product: product.code().to_owned(),
            from_ms: from_s.saturating_mul(1_000),
            to_ms: to_s.saturating_add(1).saturating_mul(1_000).min(at_ms),
            at_ms,
            records,
        };
        let periods = whole.into_iter().map(fetched).filter(|one| one.from_ms < one.to_ms).collect::<Vec<_>>();
        let written = spawn_blocking(move || store.put_fetched(periods));
        written.await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
    }

    /// Puts records into the archive; answers how many it did not have.
    pub(super) async fn keep(&self, app: &str, records: Vec<CallRecord>) -> Result<u64, store::Error> {
        let Some(store) = self.store.upgrade().filter(|_| !records.is_empty()) else { return Ok(0) };
        let received_ms = self.clock.now_ms();
        let fetched = records.iter().map(|record| delivery(app, record, received_ms)).collect();
        let recorded = keep_in(store, fetched).await?;
        Ok(u64::try_from(recorded.iter().filter(|one| **one == Recorded::New).count()).unwrap_or(u64::MAX))
    }
}

/// `ahead_s`: by how many seconds our clock is ahead of Tencent's, where that is known.
fn tencents_now_ms(now_ms: i64, ahead_s: Option<i64>) -> i64 {
    now_ms.saturating_sub(ahead_s.unwrap_or(0).max(0).saturating_mul(1_000))
}

async fn ask(client: &Client, product: Product, filter: RecordFilter) -> Result<RecordPage, Stop> {
    let page = if product == Product::CallV1 { client.records_v1(filter).await } else { client.records(filter).await };
    match page {
        // Without the package that the older client needs there are no calls of it.
        Err(why) if why.tencent_code() == Some(NO_GROUP_CALL) => Ok(RecordPage::default()),
        page => page.map_err(|why| Stop::Asking(why.into())),
    }
}

async fn keep_in(store: Arc<Store>, fetched: Vec<Delivery>) -> Result<Vec<Recorded>, store::Error> {
    let kept = spawn_blocking(move || {
        let with_meaning = fetched.into_iter().map(|one| {
            let callback = callback::parse_fetched(&one.body);
            (one, callback)
        });
        store.add_fetched(with_meaning.collect())
    });
    kept.await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
}

/// A record as the archive has it: what Tencent wrote, and nothing that differs from one reading to the next.
fn delivery(app: &str, record: &CallRecord, received_ms: i64) -> Delivery {
    Delivery {
        received_ms,
        source: Source::Backfill,
        remote: String::new(),
        method: String::new(),
        app: app.to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: record.fields.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_read_that_lies_ahead_of_tencents_clock() {
        for (ahead_s, want) in [(None, 10_000), (Some(0), 10_000), (Some(7), 3_000), (Some(-7), 10_000)] {
            assert_eq!(tencents_now_ms(10_000, ahead_s), want, "{ahead_s:?}");
        }
    }
}
