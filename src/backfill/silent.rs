//! Calls whose end nobody told. A callback that is lost tells nothing, but Tencent has a record of a call some seconds after its end, so
//! each call that is still open is asked for by its id, less and less often the longer nothing is heard of it.

use std::{collections::BTreeMap, ops::ControlFlow};

use tokio::task::spawn_blocking;

use super::{Backfill, run::KEPT_MS};
use crate::{
    clock::Turns,
    config::Apps,
    store::{self, Reader, filter::Filter},
    tencent::{
        Client, Error,
        codes::{NO_GROUP_CALL, What},
        records::CallRecord,
    },
};

/// A call is asked for when nothing was heard of it for so long, and then each time that the silence has doubled.
const FIRST_MS: i64 = 30_000;
/// Where Tencent cannot be asked it is left alone for so long, and each time for twice as long, up to the second of the two: wrong
/// passwords that come too often are locked out.
const RESTS_MS: (i64, i64) = (10_000, 10 * 60_000);
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

/// Which calls of an application were asked for.
#[derive(Debug, Default)]
struct Asked {
    /// When something had been heard of each, and how long it had been silent.
    calls: BTreeMap<String, (i64, i64)>,
    rest: Option<Rest>,
}

/// A time in which Tencent is not asked, because it could not be asked before.
#[derive(Clone, Copy, Debug)]
struct Rest {
    since_ms: i64,
    long_ms: i64,
}

impl Asked {
    /// Which of all open calls are to be asked for now. What is not open any more is forgotten.
    fn due(&mut self, open: Vec<OpenCall>, now_ms: i64) -> Vec<OpenCall> {
        let mut due = Vec::new();
        let before = std::mem::take(&mut self.calls);
        for call in open {
            let asked = before.get(&call.call_id).filter(|(last_ms, _)| *last_ms == call.last_ms).copied();
            if let Some(asked) = asked {
                self.calls.insert(call.call_id.clone(), asked);
            }
            let next_ms = asked.map_or(FIRST_MS, |(_, silent_ms)| silent_ms.saturating_mul(2));
            if now_ms.saturating_sub(call.last_ms) >= next_ms && due.len() < MOST {
                due.push(call);
            }
        }
        due
    }

    /// A call was asked for, and that was answered.
    fn note(&mut self, call: OpenCall, now_ms: i64) {
        self.calls.insert(call.call_id, (call.last_ms, now_ms.saturating_sub(call.last_ms)));
        self.rest = None;
    }

    /// Tencent cannot be asked now.
    fn rest(&mut self, now_ms: i64) {
        let (first_ms, longest_ms) = RESTS_MS;
        let long_ms = self.rest.map_or(first_ms, |rest| rest.long_ms.saturating_mul(2).min(longest_ms));
        self.rest = Some(Rest { since_ms: now_ms, long_ms });
    }

    /// Whether Tencent is left alone. A clock that was set back makes that no longer.
    fn rests(&self, now_ms: i64) -> bool {
        self.rest.is_some_and(|Rest { since_ms, long_ms }| (0..long_ms).contains(&now_ms.saturating_sub(since_ms)))
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
        if asked.rests(now_ms) {
            return Ok(0);
        }
        let open = self.open_calls(client.app(), now_ms).await.map_err(|why| why.to_string())?;
        let (mut new, mut stopped) = (0, None);
        for call in asked.due(open, now_ms) {
            match self.ask_for_one(client, &call.call_id).await {
                Ok(more) => {
                    new += more;
                    asked.note(call, now_ms);
                }
                Err(why) => {
                    asked.rest(now_ms);
                    stopped = Some(why);
                    break;
                }
            }
        }
        if new > 0
            && let Some(store) = self.store.upgrade()
        {
            store.announce();
        }
        stopped.map_or(Ok(new), Err)
    }

    /// Asks for one call; answers how many records are new. An error keeps every other call from being asked for, too.
    async fn ask_for_one(&self, client: &Client, call_id: &str) -> Result<u64, String> {
        let found = match record(client, call_id).await {
            Err(why) if is_of_one_call(&why) => {
                tracing::debug!(app = client.app(), call_id, %why, "a call that fell silent could not be asked for");
                None
            }
            found => found.map_err(|why| why.to_string())?,
        };
        self.keep(client.app(), found.into_iter().collect()).await.map_err(|why| why.to_string())
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

/// Whether an error can be that of the one call that was asked for. Whatever else is in the way is in the way of all.
fn is_of_one_call(why: &Error) -> bool {
    let Error::Refused { what, .. } = why else { return false };
    matches!(
        what,
        What::NoCall
            | What::NoRecord
            | What::ParameterRefused
            // What v1 says of any parameter.
            | What::AddressRefused
            | What::RequestUnreadable
            | What::OwnFault
            | What::OwnTimeout
            | What::Unexplained
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tencent::codes::Api;

    fn open(calls: &[(&str, i64)]) -> Vec<OpenCall> {
        calls.iter().map(|(call_id, last_ms)| OpenCall { call_id: (*call_id).to_owned(), last_ms: *last_ms }).collect()
    }

    /// Asks for the calls that are due, and is answered.
    fn ask(asked: &mut Asked, open: Vec<OpenCall>, now_ms: i64) -> Vec<OpenCall> {
        let due = asked.due(open, now_ms);
        due.iter().cloned().for_each(|call| asked.note(call, now_ms));
        due
    }

    /// At which of these moments a call is asked for of which nothing was heard since 0.
    fn asked_at(moments: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut asked = Asked::default();
        moments.filter(|now_ms| !ask(&mut asked, open(&[("a", 0)]), *now_ms).is_empty()).collect()
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
        assert_eq!(ask(&mut asked, open(&[("a", 0), ("b", 20_000)]), 30_000), open(&[("a", 0)]));
        assert_eq!(ask(&mut asked, open(&[("a", 25_000), ("b", 20_000)]), 50_000), open(&[("b", 20_000)]));
        assert_eq!(ask(&mut asked, open(&[("a", 25_000)]), 55_000), open(&[("a", 25_000)]));
        assert_eq!(asked.calls.keys().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn many_are_asked_for_one_turn_after_the_other() {
        let many: Vec<_> = (0..MOST + 5).map(|n| OpenCall { call_id: format!("call-{n:04}"), last_ms: 0 }).collect();
        let mut asked = Asked::default();
        assert_eq!(ask(&mut asked, many.clone(), 40_000).len(), MOST);
        assert_eq!(ask(&mut asked, many.clone(), 40_000), many[MOST..]);
        assert!(ask(&mut asked, many, 40_000).is_empty());
    }

    #[test]
    fn what_was_not_asked_is_still_due() {
        let mut asked = Asked::default();
        let calls = || open(&[("a", 0), ("b", 0), ("c", 0)]);
        let due = asked.due(calls(), 30_000);
        asked.note(due[0].clone(), 30_000);
        assert_eq!(
            asked.due(calls(), 40_000),
            open(&[("b", 0), ("c", 0)]),
            "the first was answered, the second was not"
        );
    }

    #[test]
    fn where_tencent_cannot_be_asked_it_is_left_alone_for_longer_and_longer() {
        let mut asked = Asked::default();
        let mut tried = Vec::new();
        for now_ms in (0..3_000_000).step_by(10_000) {
            if !asked.rests(now_ms) {
                tried.push(now_ms / 1_000);
                asked.rest(now_ms);
            }
        }
        assert_eq!(tried, [0, 10, 30, 70, 150, 310, 630, 1_230, 1_830, 2_430]);
        assert!(!asked.rests(-1), "a clock that was set back is no reason to wait");
        asked.note(OpenCall { call_id: "a".to_owned(), last_ms: 0 }, 2_430_000);
        assert!(!asked.rests(2_430_001), "an answer ends it");
    }

    #[test]
    fn an_answer_about_one_call_keeps_no_other_from_being_asked_for() {
        for (api, code, is_of_one) in [
            (Api::V4, 101_001, true),
            (Api::V4, 101_002, true),
            (Api::V4, 101_004, true),
            (Api::V4, 12_345, true),
            (Api::V1, 70_001, true),
            (Api::V4, 70_003, false),
            (Api::V4, 60_007, false),
            (Api::V4, 60_010, false),
            (Api::V4, 60_020, false),
            (Api::V1, 70_002, false),
            (Api::V1, 70_005, false),
        ] {
            assert_eq!(is_of_one_call(&Error::refused(api, code, String::new())), is_of_one, "{api} {code}");
        }
        assert!(!is_of_one_call(&Error::NoConnections { why: String::new() }));
    }
}
