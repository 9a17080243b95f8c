//! What has happened before the morning begins, and what is done in it: the files that `ui/dev/morning/day.mjs` reads as well.

use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// 2025-03-06 03:00 UTC, in seconds.
const BEGAN: i64 = 1_741_230_000;

#[derive(Deserialize)]
pub(super) struct Day {
    pub(super) app: String,
    pub(super) me: String,
    pub(super) team: String,
    pub(super) ours: Vec<String>,
    pub(super) result: String,
    pub(super) tag: String,
    calls: Vec<Calls>,
    pub(super) work: Vec<Vec<Deed>>,
    pub(super) reason: String,
    pub(super) assignee: String,
    pub(super) expected: Expected,
}

/// Calls of a kind, a minute after one another. In a name, `*` stands for the number of the call within its kind, and `#` for one of
/// ours, in turn.
#[derive(Deserialize)]
struct Calls {
    kind: String,
    caller: String,
    callee: String,
    result: String,
    rings: i64,
    talks: i64,
    times: usize,
}

/// What is done to a case.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Deed {
    Done,
    Reason,
    Tomorrow,
    Assign,
}

/// How many there are.
#[derive(Deserialize)]
pub(super) struct Expected {
    pub(super) calls: usize,
    pub(super) seen: usize,
    pub(super) contacts: usize,
    pub(super) people: usize,
    pub(super) team: usize,
    pub(super) unmarked: usize,
    pub(super) open: usize,
    pub(super) closed_itself: usize,
    pub(super) done: usize,
    pub(super) reasons: usize,
    pub(super) put_off: usize,
    pub(super) assigned: usize,
    pub(super) found: usize,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dev/morning").join(name)
}

/// The file of contacts.
pub(super) fn contacts() -> PathBuf {
    file("contacts.csv")
}

impl Day {
    pub(super) fn read() -> Day {
        let text = std::fs::read(file("day.json")).expect("the day");
        serde_json::from_slice(&text).expect("it is JSON of this shape")
    }

    /// The callbacks of all calls, as their bodies are posted.
    pub(super) fn callbacks(&self) -> Vec<Value> {
        let each = self.calls.iter().flat_map(|calls| (1..=calls.times).map(move |n| (calls, n)));
        let minutes = (BEGAN..).step_by(60);
        each.zip(minutes).map(|((calls, n), started)| calls.callback(n, started, self.ours.len())).collect()
    }
}

impl Calls {
    /// The callback of a call of the v2 interface that has ended.
    fn callback(&self, n: usize, started: i64, ours: usize) -> Value {
        let named = |name: &str| name.replace('*', &n.to_string()).replace('#', &((n - 1) % ours + 1).to_string());
        let (caller, callee) = (named(&self.caller), named(&self.callee));
        let ended = started + self.rings + self.talks;
        json!({
            "CallbackCommand": "Call.CallbackAfterEndCall",
            "CallRecord": {
                "CallId": format!("{}-{n}", self.kind),
                "Caller_Account": caller,
                "MediaType": "Audio",
                "CallType": "SingleCall",
                "StartTime": started,
                "EndTime": ended,
                "AcceptTime": if self.talks == 0 { 0 } else { started + self.rings },
                "CallResult": self.result,
                "CalleeList_Account": [caller, callee],
            },
            "EventTime": ended * 1000,
        })
    }
}
