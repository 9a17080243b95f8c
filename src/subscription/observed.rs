//! What was last read of each product, and what that means beside the history.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Ours,
    history::{Change, Origin},
};
use crate::{
    lock::lock,
    tencent::{self, Configuration, Product},
};

/// How a product's configuration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SubscriptionState)]
pub enum State {
    /// Tencent has not been asked since the start.
    Unread,
    /// Tencent cannot be asked: the SDKSecretKey is not known.
    NoKey,
    /// Tencent has nothing configured.
    Nothing,
    /// Tencent sends to us.
    Ours,
    /// Tencent sends to another address.
    Other,
    /// It is no longer as it was set here: somebody else changed it.
    Drift,
    /// The last attempt to ask failed.
    Error,
}

impl State {
    /// The code that the API uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::NoKey => "no_key",
            Self::Nothing => "nothing",
            Self::Ours => "ours",
            Self::Other => "other",
            Self::Drift => "drift",
            Self::Error => "error",
        }
    }
}

/// A configuration that somebody else changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// When it was set here, Unix milliseconds.
    pub set_ms: i64,
    /// What was set here; `None` when the sending was stopped here.
    pub was: Option<Configuration>,
}

/// How a product stands, as far as is known.
#[derive(Clone, Debug)]
pub struct Reading {
    /// In one word.
    pub state: State,
    /// When Tencent was last asked with success, Unix milliseconds.
    pub read_ms: Option<i64>,
    /// What it had then.
    pub found: Option<Configuration>,
    /// Why the last attempt failed.
    pub error: Option<tencent::Error>,
    /// What was set here, when it is no longer so.
    pub drift: Option<Drift>,
    /// The newest change in the history.
    pub last_change: Option<Change>,
}

/// What Tencent said last.
#[derive(Clone, Debug, Default)]
struct Note {
    good: Option<(i64, Option<Configuration>)>,
    error: Option<tencent::Error>,
}

impl Note {
    /// Another process, such as the command line, may have made a change since; what it read back is newer than what was
    /// read here, and is not somebody else's.
    fn catch_up(&mut self, history: &[Change]) {
        let newest = history.iter().find(|change| change.confirmed);
        if let (Some((read_ms, found)), Some(change)) = (&mut self.good, newest)
            && *read_ms < change.at_ms
        {
            (*read_ms, *found) = (change.at_ms, change.after.clone());
        }
    }
}

/// The last answers, per application and product. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Observed(Arc<Mutex<HashMap<(String, Product), Note>>>);

impl Observed {
    /// Notes an answer and says whether it differs from the last one.
    pub(super) fn note(
        &self,
        app: &str,
        product: Product,
        at_ms: i64,
        answer: &Result<Option<Configuration>, tencent::Error>,
    ) -> bool {
        let mut notes = lock(&self.0);
        let note = notes.entry((app.to_owned(), product)).or_default();
        match answer {
            Ok(found) => {
                let news = note.error.take().is_some() || note.good.as_ref().is_none_or(|(_, before)| before != found);
                note.good = Some((at_ms, found.clone()));
                news
            }
            Err(error) => note.error.replace(error.clone()).as_ref() != Some(error),
        }
    }

    /// Forgets an application: it was removed, or its key was.
    pub(super) fn forget(&self, app: &str) {
        lock(&self.0).retain(|(of, _), _| of != app);
    }

    /// How a product stands. `history`: its changes, the newest first.
    pub(super) fn reading(
        &self,
        app: &str,
        product: Product,
        has_key: bool,
        ours: &Ours,
        history: &[Change],
    ) -> Reading {
        let mut note = {
            let notes = lock(&self.0);
            notes.get(&(app.to_owned(), product)).cloned().unwrap_or_default()
        };
        note.catch_up(history);
        let drift = note.good.as_ref().and_then(|(_, found)| drift(found.as_ref(), history));
        let state = match &note {
            _ if !has_key => State::NoKey,
            Note { error: Some(_), .. } => State::Error,
            Note { good: None, .. } => State::Unread,
            _ if drift.is_some() => State::Drift,
            Note { good: Some((_, None)), .. } => State::Nothing,
            Note { good: Some((_, Some(found))), .. } if ours.url.as_ref() == Some(&found.url) => State::Ours,
            Note { .. } => State::Other,
        };
        let (read_ms, found) = note.good.map_or((None, None), |(at_ms, found)| (Some(at_ms), found));
        Reading { state, read_ms, found, error: note.error, drift, last_change: history.first().cloned() }
    }
}

/// Whether what was found is no longer what was set here last.
pub(super) fn drift(found: Option<&Configuration>, history: &[Change]) -> Option<Drift> {
    let ours = history.iter().find(|change| change.by != Origin::Elsewhere && change.was_made())?;
    let same = match (&ours.after, found) {
        (Some(set), Some(found)) => set.is_same(found),
        (None, None) => true,
        _ => false,
    };
    (!same).then(|| Drift { set_ms: ours.at_ms, was: ours.after.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscription::history::{Answer, Does};

    const APP: &str = "1400000001";

    #[test]
    fn a_change_by_another_process_is_not_somebody_elses() {
        let url = "http://127.0.0.1:8787/hook/token".to_owned();
        let ours = Ours { token: "token".to_owned(), url: Some(url.clone()) };
        let set = Configuration { url, actions: vec!["Call.CallbackAfterEndCall".to_owned()] };
        let change = Change {
            number: 1,
            at_ms: 2_000,
            by: Origin::Command,
            app: APP.to_owned(),
            product: Product::Call,
            does: Does::Set,
            before: None,
            after: Some(set.clone()),
            answer: Answer::accepted(),
            confirmed: true,
        };
        let observed = Observed::default();
        let reading = || observed.reading(APP, Product::Call, true, &ours, std::slice::from_ref(&change));
        assert_eq!(reading().state, State::Unread, "what nobody asked since the start is not known");

        observed.note(APP, Product::Call, 1_000, &Ok(None));
        let found = reading();
        assert_eq!((found.state, found.found), (State::Ours, Some(set)), "it was set here after it was read");
        assert_eq!(found.read_ms, Some(2_000), "and read back then");

        observed.note(APP, Product::Call, 3_000, &Ok(None));
        assert_eq!(reading().state, State::Drift, "what is gone later was taken away by somebody else");
    }
}
