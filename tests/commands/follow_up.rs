//! Missed callers, from the command line: the same beside a running Calltrail and without one.

use super::{APP, Folder};
use crate::process::Serve;

/// A call of the v2 interface that has ended, in seconds after 2025-03-06 03:00 UTC.
fn call(id: &str, caller: &str, callee: &str, (started, answered, ended): (i64, i64, i64), result: &str) -> String {
    let at = |seconds: i64| 1_741_230_000 + seconds;
    let accepted = if answered == 0 { 0 } else { at(answered) };
    format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{{"CallId":"{id}","Caller_Account":"{caller}","MediaType":"Audio","CallType":"SingleCall","StartTime":{started},"EndTime":{ended},"AcceptTime":{accepted},"CallResult":"{result}","CalleeList_Account":["{caller}","{callee}"]}},"EventTime":{ended}000}}"#,
        started = at(started),
        ended = at(ended),
    )
}

/// The cases, a line each.
fn cases(folder: &Folder, columns: &str) -> Vec<String> {
    let text = folder.good(&["export", "cases", "--tz", "utc", "--columns", columns]);
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn cases_are_worked_off_by_command() {
    for running in [true, false] {
        let folder = Folder::new();
        folder.good(&["app", "add", APP]);
        let serve = Serve::start(&folder.data());
        for body in [
            call("m1", "pat", "ann", (0, 0, 30), "NotAnswer"),
            call("m2", "pat", "bob", (60, 0, 90), "NotAnswer"),
            call("m3", "kim", "ann", (100, 0, 130), "NotAnswer"),
            call("m4", "lee", "ann", (200, 0, 203), "Cancel"),
            call("t1", "ann", "kim", (300, 310, 400), "NormalEnd"),
        ] {
            assert_eq!(serve.post(&format!("SdkAppid={APP}"), &[], body.as_bytes()).status, 200, "a call: {body}");
        }
        let beside = running.then_some(serve);
        for user in ["ann", "bob"] {
            folder.good(&["contacts", "set", user, "--name", &user.to_uppercase(), "--ours", "yes"]);
        }
        let all = "counterpart,state,misses,how,by,after_seconds,calls";
        assert_eq!(
            cases(&folder, all),
            ["kim,closed_itself,1,called_back,ANN,180,m3", "pat,open,2,,,,m1; m2"],
            "who was missed; a cancel after three seconds is no miss"
        );
        assert_eq!(folder.good(&["follow-up", "assign", "m1", "--to", "Bob"]), "Written.\n");
        folder.good(&["follow-up", "put-off", "m2", "--until", "2099-01-01 09:00", "--tz", "utc"]);
        let one = "counterpart,state,assignee,until,reason";
        let of_pat =
            |folder: &Folder| cases(folder, one).into_iter().find(|line| line.starts_with("pat")).expect("the case");
        assert_eq!(of_pat(&folder), "pat,put_off,Bob,2099-01-01 09:00:00,");
        folder.good(&["follow-up", "reopen", "m1"]);
        assert_eq!(of_pat(&folder), "pat,open,Bob,,", "open again");
        let entries = folder.good(&["export", "entries", "--format", "jsonl"]);
        assert!(
            !entries.contains("case.state"),
            "nobody has said that it is open, so a talk still closes it: {entries}"
        );
        for _ in 0..2 {
            folder.good(&["follow-up", "done", "m1", "--reason", "came in person"]);
            assert_eq!(of_pat(&folder), "pat,done,Bob,,came in person");
            folder.good(&["follow-up", "reopen", "m2"]);
            assert_eq!(of_pat(&folder), "pat,open,Bob,,", "the reason is gone with the closing");
        }
        folder.good(&["follow-up", "done", "m1", "--reason", "came in person"]);
        assert_eq!(of_pat(&folder), "pat,done,Bob,,came in person");
        assert_eq!(folder.good(&["follow-up", "done", "m2"]), "That was known already.\n", "of the same case");
        assert!(folder.bad(1, &["follow-up", "done", "t1"]).contains("no missed call"), "a call that was answered");
        assert!(
            folder.bad(1, &["follow-up", "done", "m4"]).contains("no missed call"),
            "one that was cancelled at once"
        );
        assert!(folder.bad(2, &["follow-up", "put-off", "m1", "--until", "soon"]).contains("soon"), "no time");
        assert_eq!(folder.good(&["export", "cases", "--state", "open"]).lines().count(), 1, "none is open");
        assert_eq!(folder.good(&["export", "cases", "--state", "done", "--person", "pat"]).lines().count(), 2);
        drop(beside);
        folder.good(&["verify"]);
    }
}
