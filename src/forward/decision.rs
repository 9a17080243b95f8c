//! What one target decides in our place: a command that asks for permission blocks the customer's users, and somebody may want the
//! team's own backend to go on deciding it. It is asked at once, beside the queue; who asks goes on without it when it is late.
//!
//! The queue does not send again what the target had so. What it did not answer goes as everything else does.

use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};

use super::{Forwarding, queue::Error, target::Target};
use crate::{
    callback::{self, Callback, Query},
    lock::lock,
    store::delivery::{Delivery, Digest, Source},
};

/// Questions that are asked at the same time. One more is answered here: a target that hangs must not take every connection.
const BESIDE: usize = 32;
/// Answered questions that are remembered until the queue comes to them; what is forgotten is sent a second time.
const REMEMBERED: usize = 256;
/// The queue waits so long for a question that is being asked. Whoever asks waits less.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who decides, and what is being asked.
#[derive(Debug)]
pub(super) struct Decisions {
    /// By application.
    deciders: Mutex<BTreeMap<String, Target>>,
    asked: Mutex<VecDeque<Asked>>,
    free: Arc<Semaphore>,
}

/// One question.
#[derive(Debug)]
struct Asked {
    target: i64,
    digest: Digest,
    /// Whether the target has it; `None` while it is not known. The sender is gone where nobody waited for it any more.
    taken: watch::Receiver<Option<bool>>,
}

impl Default for Decisions {
    fn default() -> Self {
        Self { deciders: Mutex::default(), asked: Mutex::default(), free: Arc::new(Semaphore::new(BESIDE)) }
    }
}

impl Decisions {
    fn note(&self, asked: Asked) {
        let mut all = lock(&self.asked);
        if all.len() >= REMEMBERED {
            all.pop_front();
        }
        all.push_back(asked);
    }

    fn take(&self, target: i64, digest: &Digest) -> Option<Asked> {
        let mut all = lock(&self.asked);
        let at = all.iter().position(|asked| asked.target == target && asked.digest == *digest)?;
        all.remove(at)
    }
}

impl Forwarding {
    /// Asks the target that decides for an application; `None` where none does. The answer is a JSON object, or nothing that could
    /// be passed on. Whoever asks says how long is waited: giving up gives up the request.
    pub fn decide(
        &self,
        delivery: &Delivery,
        callback: &Callback,
    ) -> Option<impl Future<Output = Option<Vec<u8>>> + Send + use<>> {
        let decisions = &self.0.decisions;
        if delivery.source != Source::Callback {
            return None;
        }
        let target = lock(&decisions.deciders).get(&delivery.app).cloned()?;
        let sender = self.0.sender.get()?.clone();
        let permit = Arc::clone(&decisions.free).try_acquire_owned().ok()?;
        let (tell, taken) = watch::channel(None);
        let digest = Digest::of(&delivery.app, callback, &delivery.body);
        decisions.note(Asked { target: target.no, digest, taken });
        let delivery = delivery.clone();
        Some(async move {
            let (is_taken, said) = sender.ask(&target.url, target.private, &delivery).await;
            tell.send_replace(Some(is_taken));
            drop(permit);
            said
        })
    }

    /// Whether a target has a delivery already because it was asked about it.
    pub(super) async fn has_answered(&self, target: &Target, delivery: &Delivery) -> bool {
        if !target.answers_before {
            return false;
        }
        let query = Query::parse(&delivery.query);
        let callback = callback::parse_or_keep(&query, &delivery.headers, &delivery.body);
        if !callback.is_before() {
            return false;
        }
        let digest = Digest::of(&delivery.app, &callback, &delivery.body);
        let Some(mut asked) = self.0.decisions.take(target.no, &digest) else { return false };
        let known = timeout(PATIENCE, asked.taken.wait_for(Option::is_some)).await;
        matches!(known, Ok(Ok(taken)) if *taken == Some(true))
    }

    /// Notes who decides, after the targets have changed. Blocks.
    pub(super) fn know_deciders(&self) -> Result<(), Error> {
        let targets = lock(&self.0.queue).targets()?;
        let deciding = targets.into_iter().filter(|target| target.answers_before && target.paused.is_none());
        *lock(&self.0.decisions.deciders) = deciding.map(|target| (target.app.clone(), target)).collect();
        Ok(())
    }
}
