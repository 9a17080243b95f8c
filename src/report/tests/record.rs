//! Records for reports: two days in which everything happens that a report tells, and calls of people with hostile names.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::callback::{self, Query};
use crate::store::{
    Reader, Store,
    delivery::{Delivery, Place, Source},
    entry::{Author, Edit, Person, Subject},
};

/// 2025-10-26 00:00 UTC, a Sunday, in seconds: in Berlin the hour from 02:00 on comes twice.
pub(super) const SUNDAY: i64 = 1_761_436_800;
pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// Ids that a spreadsheet would run or change, that would be markup, or that change how others are shown.
pub(super) const HOSTILE: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1-2",
    "@sum",
    "<script>alert(1)</script>",
    "\u{202e}gro.live",
    "_x000D_",
    "bell\u{7}and\u{1}more",
    "1234567890123456789",
    "00123",
    "219E01",
    "10-12",
    "a\tb\nc\r\nd",
    "  spaces  ",
    "张三 😀 שלום",
];

/// A record in a folder of its own.
pub(super) struct Record {
    folder: TempDir,
    store: Store,
}

impl Record {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path(), "a test").expect("a record");
        Self { folder, store }
    }

    pub(super) fn of_two_days() -> Self {
        let record = Self::new();
        let (single, monday) = ("SingleCall", DAY + 8 * HOUR);
        for (id, users, times, result) in [
            // 02:30 in Berlin, twice.
            ("s1", ["ann", "bob"], (HOUR / 2, 10, 70), "NormalEnd"),
            ("s2", ["ann", "bob"], (HOUR / 2 + HOUR, 0, 30), "NotAnswer"),
            ("m1", ["bob", "ann"], (monday, 4, 600), "NormalEnd"),
            ("m2", ["kim", "ann"], (monday + 60, 20, 100), "NormalEnd"),
            ("m3", ["kim", "bob"], (monday + 590, 10, 700), "Interrupt"),
            ("m4", ["kim", "ann"], (monday + HOUR, 0, 2), "CallBusy"),
            ("m5", ["kim", "bob"], (monday + HOUR + 120, 0, 5), "Reject"),
            ("m6", ["ann", "kim"], (monday + 2 * HOUR, 6, 120), "NormalEnd"),
        ] {
            record.takes(&ended(id, &users, times, result, single));
        }
        record.say("ann", "name", json!("Ann"));
        record.say("kim", "name", json!("Kim, <b>sales</b>"));
        record
    }

    pub(super) fn with_hostile_names() -> Self {
        let record = Self::new();
        for (at, user) in (0_i64..).zip(HOSTILE) {
            let id = format!("call {user}");
            record.takes(&ended(&id, &[user, "bob"], (HOUR + at * 60, 5, 50), "NormalEnd", "SingleCall"));
            record.say(user, "name", json!(user));
        }
        record
    }

    /// One more call.
    pub(super) fn adds(&self, id: &str, at: i64) {
        self.takes(&ended(id, &["ann", "bob"], (at - SUNDAY, 0, 9), "NotAnswer", "SingleCall"));
    }

    /// Somebody enters a room.
    pub(super) fn enters(&self, room: &str, user: &str, at: i64) {
        let at_ms = at * 1_000;
        let body = json!({
            "CallbackCommand": "Live.CallbackAfterMemberStateChanged", "RoomId": room, "EventType": "Online",
            "EventCause": "Enter", "MemberList": [{ "Member_Account": user }], "EventTime": at_ms,
        });
        self.takes(&told(at_ms, "Live.CallbackMemberStateChanged", &body));
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn reader(&self) -> Reader {
        self.store.require_complete().expect("everything is in the lists");
        Reader::open(self.folder.path()).expect("the record can be read")
    }

    fn takes(&self, delivery: &Delivery) {
        let callback = callback::parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body);
        self.store.record_now(delivery.clone(), callback, Place::Archive).expect("the record takes the delivery");
    }

    fn say(&self, user: &str, field: &str, value: Value) {
        let author =
            Author { person: Person { id: "me".to_owned(), name: "Me".to_owned() }, device: "mine".to_owned() };
        let edit = Edit { subject: Subject::User(user.to_owned()), field: field.to_owned(), value };
        self.store.edit(&author, SUNDAY * 1_000, &[edit]).expect("an edit is written");
    }
}

/// A call of the second version that has ended: started at, answered after (0: never), ended after so many seconds.
fn ended(id: &str, users: &[&str], (at, answered, end): (i64, i64, i64), result: &str, kind: &str) -> Delivery {
    let (start, ended) = (SUNDAY + at, SUNDAY + at + end);
    let caller = users.first().expect("somebody calls");
    let record = json!({
        "CallId": id, "Caller_Account": caller, "MediaType": "Audio", "CallType": kind, "StartTime": start,
        "EndTime": ended, "AcceptTime": if answered == 0 { 0 } else { start + answered }, "CallResult": result,
        "CalleeList_Account": users,
    });
    let command = "Call.CallbackAfterEndCall";
    let body = json!({ "CallbackCommand": command, "CallRecord": record, "EventTime": ended * 1_000 });
    told(ended * 1_000, command, &body)
}

/// A callback that is received a second after what it tells.
fn told(at_ms: i64, command: &str, body: &Value) -> Delivery {
    Delivery {
        received_ms: at_ms + 1_000,
        source: Source::Callback,
        remote: "127.0.0.1".to_owned(),
        method: "POST".to_owned(),
        app: "1".to_owned(),
        query: format!(
            "SdkAppid=1&CallbackCommand={command}&contenttype=json&ClientIP=203.0.113.7&OptPlatform=Android"
        ),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    }
}
