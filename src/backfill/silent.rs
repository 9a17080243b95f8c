//! Calls whose end nobody told. A callback that is lost tells nothing, but Tencent has a record of a call some seconds after its end, so
//! each call that is still open is asked for by its id, less and less often the longer nothing is heard of it.

use std::{collections::BTreeMap, ops::ControlFlow};

use tokio::task::spawn_blocking;

use super::{Backfill, run::KEPT_MS};
use crate::{
    clock::Turns,
    config::Apps,
    store::{self, Reader, filter::Filter},
    tencent::{Client, Error, codes::NO_GROUP_CALL, records::CallRecord},
};

/// A call is asked for when nothing was heard of it for so long, and then each time that the silence has doubled.
const FIRST_MS: i64 = 30_000;
/// So many calls of an application are asked for in one turn; Tencent answers 20 of the older kind a second.
const MOST: usize = 100;
/// What a call is that has not ended, as lists have it.
const OPEN: &str = "ringing,in_progress,unknown";

/// A call that has not ended, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OpenCall {
    call_id: String,
    /// When something was heard of it last, Unix milliseconds.
    last_ms: i64,
}

/// Which calls of an application were asked for: when something had been heard of each, and how long it had been silent.
#[derive(Debug, Default)]
struct Asked(BTreeMap<String, (i64, i64)>);

impl Asked {
    /// Which of all open calls are asked for now. What is not open any more is forgotten.
    fn due(&mut self, open: Vec<OpenCall>, now_ms: i64) -> Vec<OpenCall> {
        let mut due = Vec::new();
        let mut asked = BTreeMap::new();
        for call in open {
            let silent_ms = now_ms.saturating_sub(call.last_ms);
            let before = self.0.get(&call.call_id).filter(|(last_ms, _)| *last_ms == call.last_ms).copied();
            let next_ms = before.map_or(FIRST_MS, |(_, silent_ms)| silent_ms.saturating_mul(2));
            if silent_ms >= next_ms && due.len() < MOST {
                asked.insert(call.call_id.clone(), (call.last_ms, silent_ms));
                due.push(call);
            } else if let Some(before) = before {
                asked.insert(call.call_id, before);
            }
        }
        self.0 = asked;
        due
    }
}

impl Backfill {
    /// Asks for the calls of our applications that fell silent, at each turn, until the future is dropped.
    pub async fn ask_for_silent(&self, apps: Apps, mut turns: Turns) {
        let mut asked = BTreeMap::<String, Asked>::new();
        loop {
            turns.next().await;
            for app in apps.list() {
                // Without a key nobody can be asked. What goes wrong is made good by the next whole run, or told by it.
                let Ok(client) = self.subscriptions.client(&app.id).await else { continue };
                match self.ask_for(&client, asked.entry(app.id.clone()).or_default()).await {
                    Ok(0) => {}
                    Ok(new) => tracing::info!(app = app.id, new, "Tencent told of the ends of calls"),
                    Err(why) => tracing::debug!(app = app.id, %why, "calls that fell silent could not be asked for"),
                }
            }
        }
    }

    /// One turn; answers how many records are new.
    async fn ask_for(&self, client: &Client, asked: &mut Asked) -> Result<u64, String> {
        let now_ms = self.clock.now_ms();
        let open = self.open_calls(client.app(), now_ms).await.map_err(|why| why.to_string())?;
        let mut new = 0;
        for call in asked.due(open, now_ms) {
            let found = record(client, &call.call_id).await.map_err(|why| why.to_string())?;
            new += self.keep(client.app(), found.into_iter().collect()).await.map_err(|why| why.to_string())?;
        }
        if new > 0
            && let Some(store) = self.store.upgrade()
        {
            store.announce();
        }
        Ok(new)
    }

    /// The calls of the application that have not ended, of the time of which Tencent has records.
    async fn open_calls(&self, app: &str, now_ms: i64) -> Result<Vec<OpenCall>, store::Error> {
        let Some(store) = self.store.upgrade() else { return Ok(Vec::new()) };
        let filter = Filter {
            app: Some(app.to_owned()),
            result: Some(OPEN.to_owned()),
            from: Some(now_ms - KEPT_MS),
            ..Filter::default()
        };
        let read = move |reader: &Reader| {
            let mut open = Vec::new();
            reader.each_call(&filter, now_ms, |call| {
                open.push(OpenCall { call_id: call.call_id, last_ms: call.last_ms });
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(open)
        };
        let read = spawn_blocking(move || store.read(read));
        read.await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
    }
}

/// Tencent's record of a call, of whichever version of the API has one.
async fn record(client: &Client, call_id: &str) -> Result<Option<CallRecord>, Error> {
    if let Some(found) = client.record(call_id).await? {
        return Ok(Some(found));
    }
    match client.record_v1(call_id).await {
        // Without the package that the older client needs there are no calls of it.
        Err(why) if why.tencent_code() == Some(NO_GROUP_CALL) => Ok(None),
        found => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(calls: &[(&str, i64)]) -> Vec<OpenCall> {
        calls.iter().map(|(call_id, last_ms)| OpenCall { call_id: (*call_id).to_owned(), last_ms: *last_ms }).collect()
    }

    /// At which of these moments a call is asked for of which nothing was heard since 0.
    fn asked_at(moments: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut asked = Asked::default();
        moments.filter(|now_ms| !asked.due(open(&[("a", 0)]), *now_ms).is_empty()).collect()
    }

    #[test]
    fn a_call_is_asked_for_each_time_that_its_silence_has_doubled() {
        assert_eq!(asked_at((0..400_000).step_by(10_000)), [30_000, 60_000, 120_000, 240_000]);
        assert_eq!(asked_at([500_000, 510_000, 1_000_000].into_iter()), [500_000, 1_000_000], "after a sleep");
        assert!(
            asked_at([-500_000, 29_999].into_iter()).is_empty(),
            "and not at all while something was just heard of it"
        );
    }

    #[test]
    fn a_call_that_is_heard_of_begins_anew_and_one_that_has_ended_is_forgotten() {
        let mut asked = Asked::default();
        assert_eq!(asked.due(open(&[("a", 0), ("b", 20_000)]), 30_000), open(&[("a", 0)]));
        assert_eq!(asked.due(open(&[("a", 25_000), ("b", 20_000)]), 50_000), open(&[("b", 20_000)]));
        assert_eq!(asked.due(open(&[("a", 25_000)]), 55_000), open(&[("a", 25_000)]));
        assert_eq!(asked.0.keys().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn many_are_asked_for_one_turn_after_the_other() {
        let many: Vec<_> = (0..MOST + 5).map(|n| OpenCall { call_id: format!("call-{n:04}"), last_ms: 0 }).collect();
        let mut asked = Asked::default();
        assert_eq!(asked.due(many.clone(), 40_000).len(), MOST);
        assert_eq!(asked.due(many.clone(), 40_000), many[MOST..]);
        assert!(asked.due(many, 40_000).is_empty());
    }
}
