//! Exports that are made again and again, by command, beside a running Calltrail and without one.

use std::{fs, path::Path};

use chrono::{Days, Utc};
use serde_json::Value;

use crate::{
    process::{Serve, end_call},
    support::calltrail,
};

const QUERY: &str = "SdkAppid=1400000000&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json&ClientIP=1.2.3.4";

/// `calltrail schedule …`: the exit code, and what it said on either stream.
fn schedule(data_dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let ran = calltrail().arg("--data-dir").arg(data_dir).arg("schedule").args(arguments).output().expect("it runs");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code(), said(&ran.stdout) + &said(&ran.stderr))
}

#[test]
fn a_list_is_exported_by_the_month_into_a_folder() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let reports = tempfile::tempdir().expect("a temporary folder");
    let folder = reports.path().to_str().expect("UTF-8");
    let serve = Serve::with_web(home.path(), &[]);
    assert_eq!(serve.post(QUERY, &[], end_call("one").as_bytes()).status, 200);
    assert_eq!(schedule(home.path(), &["list"]), (Some(0), "No export is scheduled.\n".to_owned()));
    let (code, said) =
        schedule(home.path(), &["add", "calls", "--every", "day", "--folder", folder, "--from", "2025-01-01"]);
    assert_eq!((code, said.contains("each file is of its own period")), (Some(2), true), "{said}");
    let (code, said) = schedule(home.path(), &["add", "calls", "--every", "day", "--folder", "/no/such/folder"]);
    assert_eq!((code, said.contains("There is no folder /no/such/folder.")), (Some(1), true), "{said}");
    for foreign in [["--result", "not_answer"], ["--tag", "urgent"]] {
        let of_stays = ["add", "stays", "--every", "day", "--folder", folder, foreign[0], foreign[1]];
        let (code, said) = schedule(home.path(), &of_stays);
        assert_eq!((code, said.contains("is about calls")), (Some(2), true), "no file holds more than it says: {said}");
    }
    let name = ["--name", "For Anna", "--file-name", "{list} {from}", "--tz", "utc", "--result", "normal_end"];
    let (code, said) =
        schedule(home.path(), &[&["add", "calls", "--every", "day", "--folder", folder], &name[..]].concat());
    assert_eq!((code, said.starts_with(&format!("1  For Anna  into {folder}  next at "))), (Some(0), true), "{said}");

    let report =
        ["add", "report", "--every", "week", "--folder", folder, "--format", "html", "--language", "en", "--tz", "utc"];
    let (code, said) = schedule(home.path(), &report);
    assert_eq!((code, said.contains(&format!("2  report of each week  into {folder}"))), (Some(0), true), "{said}");
    let (code, said) = schedule(home.path(), &["run", "2"]);
    assert_eq!((code, said.contains("/report 20"), said.contains(".html\n")), (Some(0), true, true), "{said}");
    let (code, said) =
        schedule(home.path(), &["add", "report", "--every", "week", "--folder", folder, "--format", "csv"]);
    assert_eq!((code, said.contains("no such format")), (Some(2), true), "{said}");
    schedule(home.path(), &["remove", "2"]);

    let (code, said) = schedule(home.path(), &["run", "1"]);
    let yesterday = Utc::now().date_naive().checked_sub_days(Days::new(1)).expect("a day before");
    let file = reports.path().join(format!("calls {yesterday}.csv"));
    assert_eq!((code, said.contains(&format!(" rows in {}\n", file.display()))), (Some(0), true), "{said}");
    let text = fs::read_to_string(&file).expect("the file is there");
    assert!(text.starts_with("call_id,app,started,"), "{text}");

    // What somebody else has under that name stays.
    fs::remove_file(&file).expect("it is there");
    fs::create_dir(&file).expect("a folder");
    let (code, said) = schedule(home.path(), &["run", "1"]);
    assert_eq!((code, said.contains(&format!("calls {yesterday} (2).csv\n"))), (Some(0), true), "{said}");

    // The folder is gone.
    let elsewhere = home.path().join("elsewhere");
    fs::rename(reports.path(), &elsewhere).expect("it is not in use");
    let (code, said) = schedule(home.path(), &["run", "1"]);
    assert_eq!((code, said.contains("failed at"), said.contains("calltrail: ")), (Some(1), true, true), "{said}");
    fs::rename(&elsewhere, reports.path()).expect("nothing is there");
    schedule(home.path(), &["run", "1"]);

    // Without anybody who runs, it is told and changed all the same.
    serve.terminate();
    let (code, said) = schedule(home.path(), &["pause", "1"]);
    assert_eq!((code, said.contains(&format!("into {folder}  paused\n"))), (Some(0), true), "{said}");
    let listed: Value = serde_json::from_str(&schedule(home.path(), &["list", "--json"]).1).expect("JSON");
    assert_eq!(listed[0]["plan"]["view"]["filter"]["result"], "normal_end");
    assert_eq!((&listed[0]["paused"], &listed[0]["last"]["failure"]), (&Value::Bool(true), &Value::Null));
    assert_eq!(schedule(home.path(), &["remove", "1"]), (Some(0), "No export is scheduled.\n".to_owned()));
    let (code, said) = schedule(home.path(), &["remove", "1"]);
    assert_eq!((code, said.contains("no such scheduled export")), (Some(1), true), "{said}");
    assert!(file.exists(), "its files stay");
}
