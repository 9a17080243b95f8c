//! Back-fill against the sandbox: what Tencent has records of comes into the record, once.

use std::{sync::Arc, thread, time::Duration};

use calltrail::{
    backfill::{Backfill, Run},
    callback::{self, Query},
    clock::Turns,
    config::{App, Apps, Config, KeyStore, Kind, Vault},
    sandbox::Pace,
    secret::Secret,
    store::{
        Store,
        delivery::{Delivery, Place, Source},
        filter::{Filter, PageRequest},
        rows::CallRow,
    },
    subscription::Subscriptions,
    traffic::Scenario,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    command::{line, start},
    side::{APP, KEY, Side},
};
use crate::{process::Serve, support::calltrail};

/// A record beside a sandbox, with the sandbox's clock.
struct Desk {
    side: Side,
    store: Arc<Store>,
    backfill: Backfill,
    _folder: TempDir,
}

impl Desk {
    fn open() -> Self {
        let (side, folder) = (Side::start(), tempfile::tempdir().expect("a temporary folder"));
        let mut config = Config::load_or_create(folder.path()).expect("settings");
        let region = format!("http://{}", side.sandbox.address());
        config.apps = vec![App { region, ..App::new(APP, "") }];
        config.save(folder.path()).expect("settings");
        let vault = Vault::open(folder.path(), KeyStore::File);
        vault.put(APP, Kind::SecretKey, &Secret::from(KEY.to_owned())).expect("a file");
        let store = Arc::new(Store::open(folder.path(), "a test").expect("a record"));
        let clock = side.clock();
        let hook_url = "http://127.0.0.1:1/hook/token".to_owned();
        let subscriptions = Subscriptions::new(folder.path().to_owned(), vault, clock.clone(), hook_url);
        Self { backfill: Backfill::new(subscriptions, &store, clock), side, store, _folder: folder }
    }

    /// Something happens at Tencent, and has ended.
    fn play(&self, scenario: Scenario) {
        self.side.play_at(scenario, Pace::Instant);
        self.side.later(5_000);
    }

    /// A whole run.
    fn run(&self, from_ms: Option<i64>) -> Run {
        self.side.runtime.block_on(async {
            let run = self.backfill.start(APP, from_ms);
            self.backfill.run_ended(APP, run).await;
        });
        self.backfill.state(APP).last.expect("it has ended")
    }

    /// A callback comes.
    fn hear(&self, body: &Value) {
        let query = format!("SdkAppid={APP}&CallbackCommand={}", body["CallbackCommand"].as_str().expect("a name"));
        let body = body.to_string().into_bytes();
        let callback = callback::parse(&Query::parse(&query), &[], &body);
        let delivery = Delivery {
            received_ms: self.side.now_ms(),
            source: Source::Callback,
            remote: String::new(),
            method: "POST".to_owned(),
            app: APP.to_owned(),
            query,
            headers: Vec::new(),
            body,
        };
        self.store.record_now(delivery, callback, Place::Archive).expect("it is kept");
    }

    /// The records that Tencent has, as it answers them.
    fn records(&self) -> Vec<Value> {
        let records = self.side.ask("v4/call_record_http_srv/get_record_by_filter", json!({"NumberPerPage": 100}));
        records["Response"]["CallRecordList"].as_array().cloned().unwrap_or_default()
    }

    /// The callback comes that a call has begun of which Tencent has a record, and no other.
    fn hear_start(&self, sent: &Value) {
        self.hear(&json!({
            "CallbackCommand": "Call.CallbackAfterStartCall",
            "CallInfo": {"CallId": sent["CallId"], "MediaType": "Audio", "RoomId": "", "RoomIdType": 2},
            "UserList": [{"User_Account": sent["Caller_Account"], "Status": "Calling"}],
            "EventTime": sent["StartTime"].as_i64().expect("a number") * 1_000,
        }));
    }

    /// Asks for calls that fell silent until so many have ended.
    fn ask_for_silent_until(&self, ended: usize) {
        let (_, sooner) = tokio::sync::watch::channel(());
        let turns = Turns::new(Duration::from_millis(20), sooner);
        let apps = Apps::new(vec![App::new(APP, "")]);
        self.side.runtime.block_on(async {
            let enough = async {
                while self.calls().iter().filter(|call| call.ended_ms.is_some()).count() < ended {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            tokio::select! {
                () = self.backfill.ask_for_silent(apps, turns) => unreachable!("it goes on"),
                () = enough => {}
                () = tokio::time::sleep(Duration::from_secs(60)) => panic!("nobody asked"),
            }
        });
    }

    fn calls(&self) -> Vec<CallRow> {
        let now_ms = self.side.now_ms();
        let read =
            move |reader: &calltrail::store::Reader| reader.calls(&Filter::default(), &PageRequest::default(), now_ms);
        self.store.read(read).expect("readable").rows
    }

    /// How many deliveries the archive has, and how often one of them came again.
    fn deliveries(&self) -> (usize, u64) {
        let rows = self
            .store
            .read(|reader| reader.deliveries(&Filter::default(), &PageRequest::default(), 0))
            .expect("readable")
            .rows;
        (rows.len(), rows.iter().map(|row| row.repeats).sum())
    }
}

#[test]
fn calls_that_no_callback_told_are_fetched_once() {
    let desk = Desk::open();
    desk.play(Scenario::Story);
    let records = desk.side.ask("v4/call_record_http_srv/get_record_by_filter", json!({"NumberPerPage": 100}));
    let total = usize::try_from(records["Response"]["TotalNum"].as_u64().expect("a number")).expect("a small one");
    let run = desk.run(None);
    assert_eq!((run.complete, run.canceled, &run.problem), (true, false, &None), "{run:?}");
    assert_eq!(run.why_incomplete(), "");
    // Each call is told by both versions of the API.
    assert_eq!(run.progress.new, u64::try_from(2 * total).expect("a number"), "{run:?}");
    let calls = desk.calls();
    assert_eq!(calls.len(), total, "every call is in the list");
    assert!(calls.iter().all(|call| call.source == "backfill"), "and it says where from");
    let sent = {
        let list = records["Response"]["CallRecordList"].as_array().expect("a list");
        let mut sent: Vec<_> = list.iter().map(|call| call["CallId"].as_str().expect("an id").to_owned()).collect();
        sent.sort();
        sent
    };
    let mut known: Vec<_> = calls.into_iter().map(|call| call.call_id).collect();
    known.sort();
    assert_eq!(known, sent);

    let before = desk.deliveries();
    let again = desk.run(None);
    assert_eq!((again.progress.read, again.progress.new), (run.progress.read, 0), "nothing of it is new: {again:?}");
    assert_eq!(desk.deliveries(), before, "and nothing was written, not even that it was asked for again");
    assert_eq!(before.1, 0, "no repeats");
}

#[test]
fn the_end_of_a_call_that_no_callback_told_is_asked_for() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    desk.hear_start(&desk.records()[0]);
    assert_eq!(desk.calls().iter().map(|call| &*call.source).collect::<Vec<_>>(), ["callback"]);
    assert!(desk.calls()[0].ended_ms.is_none(), "it is open");
    desk.side.later(60_000);
    desk.ask_for_silent_until(1);
    assert_eq!(desk.calls()[0].result, "normal_end");
    assert_eq!(desk.deliveries(), (2, 0), "and one record was fetched");
}

#[test]
fn a_call_that_tencent_refuses_keeps_no_other_from_being_asked_for() {
    let desk = Desk::open();
    desk.play(Scenario::Story);
    desk.records().iter().take(2).for_each(|sent| desk.hear_start(sent));
    desk.side.later(60_000);
    // That is the answer for whichever is asked for first.
    desk.side.faults(&["answer=v4/call_record_http_srv/get_record_by_callid:101002:1"]);
    desk.ask_for_silent_until(1);
    assert_eq!(desk.calls().iter().filter(|call| call.ended_ms.is_none()).count(), 1, "the other one is asked for");
    desk.ask_for_silent_until(2);
}

#[test]
fn only_calls_since_a_moment_are_asked_for_where_somebody_says_so() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    let run = desk.run(Some(desk.side.now_ms()));
    assert_eq!((run.progress.read, run.complete), (0, true), "it began before: {run:?}");
    let run = desk.run(Some(0));
    assert_eq!(run.progress.from_ms, run.progress.began_ms - 7 * 86_400_000, "Tencent has nothing older");
    assert_eq!((run.progress.read, run.complete), (2, true), "{run:?}");
}

#[test]
fn what_is_wanted_during_a_run_is_read_after_it() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    let (narrow, wide) = desk.side.runtime.block_on(async {
        let narrow = desk.backfill.start(APP, Some(desk.side.now_ms()));
        let wide = desk.backfill.start(APP, None);
        desk.backfill.run_ended(APP, wide).await;
        (narrow, wide)
    });
    let read = [narrow, wide].map(|run| desk.backfill.state_of(APP, run).last.expect("it has ended").progress.read);
    assert_eq!(read, [0, 2], "each of those who wait learns what was read for it");
}

#[test]
fn what_lies_ahead_of_tencents_clock_was_not_read() {
    let desk = Desk::open();
    // Tencent's answers are dated an hour before our clock.
    desk.side.faults(&["clock-skew=-3600"]);
    assert!(desk.run(None).complete);
    let there_ms = desk.side.now_ms() - 3_600_000;
    let fetched = desk.store.read(|reader| reader.fetched_since(i64::MIN)).expect("readable");
    let fetched: Vec<_> = fetched.iter().map(|one| (&*one.product, one.to_ms, one.at_ms)).collect();
    assert_eq!(fetched, [("call", there_ms, there_ms), ("call-v1", there_ms, there_ms)]);
}

#[test]
fn a_run_that_tencent_refuses_says_why_and_the_next_one_goes_on() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    desk.side.faults(&["answer=v4/call_record_http_srv:60010:9"]);
    let run = desk.run(None);
    assert_eq!(
        (run.complete, run.progress.new),
        (false, 1),
        "the other version of the API is asked all the same: {run:?}"
    );
    assert!(run.why_incomplete().contains("60010"), "{}", run.why_incomplete());
    desk.side.faults(&[]);
    let run = desk.run(None);
    assert_eq!((run.complete, run.progress.read, run.progress.new), (true, 2, 1), "{run:?}");
}

#[test]
fn an_app_without_the_older_client_has_no_records_of_it() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    desk.side.faults(&["answer=v1/records:50001:9"]);
    let run = desk.run(None);
    assert_eq!((run.complete, run.progress.new), (true, 1), "that is no failure: {run:?}");
}

#[test]
fn without_a_key_nobody_is_asked() {
    let desk = Desk::open();
    let run = desk.side.runtime.block_on(async {
        desk.backfill.start("1400000009", None);
        desk.backfill.ended("1400000009").await;
        desk.backfill.state("1400000009").last.expect("it has ended")
    });
    assert!(run.why_incomplete().contains("is not one of our apps"), "{run:?}");
}

#[test]
fn somebody_may_end_a_run() {
    let desk = Desk::open();
    desk.play(Scenario::Answered);
    let run = desk.side.runtime.block_on(async {
        desk.backfill.start(APP, None);
        let next = desk.backfill.start(APP, None);
        // Whoever looks at the run does not hold it.
        let _seen = desk.backfill.state(APP);
        assert!(desk.backfill.cancel(APP), "one is under way");
        desk.backfill.ended(APP).await;
        assert!(!desk.backfill.cancel(APP), "none is");
        let told = desk.backfill.state_of(APP, next).last;
        assert!(told.is_some_and(|run| run.canceled), "what was wanted after it is not wanted any more");
        desk.backfill.state(APP).last.expect("it has ended")
    });
    assert!(run.canceled && !run.complete && run.why_incomplete().is_empty(), "{run:?}");
    assert_eq!(desk.run(None).progress.new, 2, "what was left is read by the next one");
}

#[test]
fn records_are_fetched_by_command_beside_a_running_calltrail_and_without_one() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let key_file = home.path().join("key");
    std::fs::write(&key_file, KEY).expect("a file");
    let key_file = key_file.to_str().expect("UTF-8");
    let (_running, mut out) = start(&["--json", "--app", APP, "--secret-key-file", key_file, "--play", "answered"]);
    let told: Value = serde_json::from_str(&line(&mut out)).expect("JSON");
    let region = told["url"].as_str().expect("an address");
    for beside in [true, false] {
        let data = home.path().join(if beside { "beside" } else { "alone" });
        let ran = |args: &[&str]| {
            let ran = calltrail().arg("--data-dir").arg(&data).args(args).output().expect("it runs");
            (
                ran.status.code(),
                String::from_utf8_lossy(&ran.stdout).into_owned(),
                String::from_utf8_lossy(&ran.stderr).into_owned(),
            )
        };
        let (code, _, why) = ran(&["backfill", "--app", APP]);
        assert_eq!(code, Some(1), "{why}");
        assert!(why.contains("is not one of our apps"), "{why}");
        ran(&["app", "add", APP, "--region", region, "--secret-key-file", key_file]);
        let serve = beside.then(|| Serve::start(&data));
        // A record appears five seconds after the end of its call.
        let fetched = loop {
            let (code, out, why) = ran(&["backfill", "--app", APP]);
            assert_eq!(code, Some(0), "{out}{why}");
            if !out.starts_with("0 ") {
                break out;
            }
            thread::sleep(Duration::from_millis(200));
        };
        // A running Calltrail may have read them by itself.
        let new = if beside { ["2", "0"].as_slice() } else { &["2"] };
        assert!(new.iter().any(|new| fetched == format!("2 records read, {new} of them new.\n")), "{fetched}");
        assert_eq!(ran(&["backfill", "--app", APP, "--since", "2020-01-01"]).1, "2 records read, 0 of them new.\n");
        assert_eq!(ran(&["backfill", "--app", APP, "--since", "yesterday"]).0, Some(2), "no time");
        assert_eq!(
            ran(&["export", "calls", "--columns", "result,source"]).1.lines().nth(1),
            Some("normal_end,backfill")
        );
        drop(serve);
        assert_eq!(ran(&["verify"]).0, Some(0), "and the record follows from the archive");
    }
}
