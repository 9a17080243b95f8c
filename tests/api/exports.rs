//! Exports: as jobs behind a save dialog, and as downloads.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use calltrail::{api::FilePicker, language::Language};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::desk::{APP, CALL, Desk};

/// A save dialog in which somebody chooses a file (or does not).
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) path: Mutex<Option<PathBuf>>,
    pub(super) suggested: Mutex<String>,
    language: Mutex<Language>,
    pub(super) folder: Mutex<Option<PathBuf>>,
    shown: Mutex<Vec<PathBuf>>,
}

impl FilePicker for Chosen {
    fn pick(&self, suggested: String, language: Language) -> BoxFuture<'static, Option<PathBuf>> {
        *self.language.lock().unwrap() = language;
        *self.suggested.lock().unwrap() = suggested;
        let path = self.path.lock().unwrap().clone();
        Box::pin(async move { path })
    }

    fn pick_folder(&self, language: Language) -> BoxFuture<'static, Option<PathBuf>> {
        *self.language.lock().unwrap() = language;
        let folder = self.folder.lock().unwrap().clone();
        Box::pin(async move { folder })
    }

    fn show(&self, path: &Path) -> Result<(), String> {
        self.shown.lock().unwrap().push(path.to_owned());
        Ok(())
    }
}

#[tokio::test]
async fn a_list_can_be_downloaded() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let file = desk.get("/api/export/calls.csv?tz=Asia/Shanghai&columns=call_id,started,result").await;
    let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8", "it is a table");
    let name = header("content-disposition");
    assert!(
        name.starts_with("attachment; filename=\"calltrail-calls-20") && name.ends_with(".csv\""),
        "it is saved as {name}"
    );
    assert_eq!(
        file.json.as_str().unwrap(),
        format!("call_id,started,result\r\n{CALL},2025-10-09 16:53:20,normal_end\r\n"),
        "one line of names and one call, in the zone that was asked for"
    );
    let none = desk.get("/api/export/calls.csv?columns=call_id&media=audio").await;
    assert_eq!(none.json, "call_id\r\n", "the filter of the list holds for the file");
    let lines = desk.get("/api/export/deliveries.jsonl").await;
    assert_eq!(lines.json["command"], "Call.CallbackAfterEndCall", "one delivery is one line of JSON: {}", lines.json);
    for kind in ["members", "rooms", "stays", "deliveries"] {
        let file = desk.get(&format!("/api/export/{kind}.csv")).await;
        assert!(file.json.as_str().is_some_and(|text| text.contains("app")), "{kind} can be downloaded: {}", file.json);
    }
    desk.close().await;
}

#[tokio::test]
async fn every_list_can_be_downloaded_in_each_of_its_formats() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    for kind in ["calls", "members", "rooms", "stays", "deliveries", "people", "cases"] {
        for (format, content_type) in [
            ("csv", "text/csv; charset=utf-8"),
            ("jsonl", "application/x-ndjson"),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("parquet", "application/vnd.apache.parquet"),
        ] {
            let file = desk.get(&format!("/api/export/{kind}.{format}")).await;
            assert_eq!(file.status, 200, "{kind}.{format}");
            assert_eq!(file.headers["content-type"], content_type, "{kind}.{format}");
            let name = file.headers["content-disposition"].to_str().unwrap();
            assert!(name.ends_with(&format!(".{format}\"")), "it is saved as {name}");
            assert!(file.headers.contains_key("calltrail-completeness"), "{kind}.{format} says how complete it is");
            let preview = desk.get(&format!("/api/export-preview?kind={kind}&format={format}")).await;
            let rows = preview.json["rows"].as_u64().unwrap();
            let shown = preview.json["first"].as_array().unwrap();
            assert_eq!(u64::try_from(shown.len()).unwrap(), rows.min(5), "{kind}.{format}: {}", preview.json);
            let width = preview.json["headings"].as_array().unwrap().len();
            assert!(shown.iter().all(|row| row.as_array().unwrap().len() == width), "as wide as the headings");
        }
    }
    assert_eq!(desk.get("/api/export/entries.xlsx").await.status, 400, "entries are lines");
    let preview = desk.get("/api/export-preview?kind=calls&format=csv&columns=call_id,result&headings=en").await;
    let csv = format!("Call ID,Result\r\n{CALL},normal_end\r\n");
    let mut told = preview.json;
    let columns = told.as_object_mut().unwrap().remove("columns").unwrap();
    assert_eq!(columns[0], json!({ "name": "call_id", "en": "Call ID", "zh": "通话 ID" }), "what can be chosen");
    assert_eq!(
        told,
        json!({ "rows": 1, "bytes": csv.len(), "headings": ["Call ID", "Result"], "first": [[CALL, "normal_end"]] }),
        "what the file will be"
    );
    assert_eq!(
        desk.get("/api/export-preview?kind=calls&format=csv&columns=colour").await.status,
        400,
        "no such column"
    );
    desk.close().await;
}

#[tokio::test]
async fn zones_separators_and_headings_are_those_that_are_asked_for() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    for (zone, started) in [
        ("Asia/Shanghai", "2025-10-09 16:53:20"),
        ("%2B08:00", "2025-10-09 16:53:20"),
        ("+08:00", "2025-10-09 16:53:20"), // the plus of a query string is a blank
        ("UTC%2B8", "2025-10-09 16:53:20"),
        ("-0330", "2025-10-09 05:23:20"),
        ("Z", "2025-10-09 08:53:20"),
    ] {
        let file = desk.get(&format!("/api/export/calls.csv?tz={zone}&columns=started")).await;
        assert_eq!(file.json, format!("started\r\n{started}\r\n"), "{zone}");
        let days = desk.get(&format!("/api/calls/days?zone={zone}")).await;
        assert_eq!(days.json["days"][0]["day"], "2025-10-09", "{zone}: {}", days.json);
    }
    let late = desk.get("/api/calls/days?zone=%2B16:00").await;
    assert_eq!(late.json["days"][0]["day"], "2025-10-10", "it is the next day there: {}", late.json);
    for address in ["/api/export/calls.csv?tz=Mars", "/api/export/calls.csv?tz=%2B8:7", "/api/calls/days?zone=Mars"] {
        let refused = desk.get(address).await;
        assert_eq!(refused.status, 400, "{address} is not taken for UTC");
        let said = refused.json["message"].as_str().unwrap().to_owned();
        assert!(said.contains("is not a time zone"), "{said}");
    }
    for (separator, ending, want) in [
        ("comma", "csv", "call_id,result\r\n"),
        ("semicolon", "csv", "call_id;result\r\n"),
        ("tab", "tsv", "call_id\tresult\r\n"),
    ] {
        let file = desk.get(&format!("/api/export/calls.csv?columns=call_id,result&separator={separator}")).await;
        assert!(file.json.as_str().unwrap().starts_with(want), "{separator}: {}", file.json);
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.ends_with(&format!(".{ending}\"")), "{separator}: it is saved as {name}");
    }
    assert_eq!(desk.get("/api/export/calls.csv?separator=pipe").await.status, 400, "there are three");
    for (headings, want) in [("names", "call_id,result"), ("en", "Call ID,Result"), ("zh", "通话 ID,结果")] {
        let file = desk.get(&format!("/api/export/calls.csv?columns=call_id,result&headings={headings}")).await;
        let text = file.json.as_str().unwrap();
        assert_eq!(text, format!("{want}\r\n{CALL},normal_end\r\n"), "{headings}: only the first line differs");
    }
    assert_eq!(desk.get("/api/export/calls.csv?headings=de").await.status, 400, "a language that there is not");
    desk.close().await;
}

#[tokio::test]
async fn a_long_list_is_downloaded_whole() {
    let desk = Desk::open().await;
    for n in 0..40 {
        desk.post_call(APP, &format!("{n:03}{}", "x".repeat(10_000))).await;
    }
    let file = desk.get("/api/export/deliveries.jsonl").await;
    let text = file.json.as_str().unwrap();
    assert!(text.len() > 400_000, "it is sent in several pieces: {} bytes", text.len());
    let whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    assert_eq!(text.lines().filter(|line| whole(line)).count(), 40, "nothing is lost between them");
    desk.close().await;
}

#[tokio::test]
async fn without_a_save_dialog_there_are_only_downloads() {
    let desk = Desk::open().await;
    let answer = desk.send("POST", "/api/exports", Some(json!({ "kind": "calls", "format": "csv" }))).await;
    assert_eq!((answer.status, &answer.json["code"]), (409, &json!("no_dialog")), "there is nobody to ask where");
    desk.close().await;
}

#[tokio::test]
async fn the_window_saves_where_somebody_chose() {
    let chosen = Arc::new(Chosen::default());
    let desk = Desk::open_with(Some(chosen.clone())).await;
    desk.post_call(APP, CALL).await;
    assert_eq!(desk.get("/api/status").await.json["desktop"], true, "a save dialog is what the window has");
    let request = json!({ "kind": "calls", "format": "csv", "filter": { "result": "normal_end" }, "tz": "UTC" });

    let closed = desk.send("POST", "/api/exports", Some(request.clone())).await;
    assert_eq!(
        (&closed.json["state"], &closed.json["path"]),
        (&json!("cancelled"), &json!(null)),
        "nobody chose a file"
    );
    assert_eq!(*chosen.language.lock().unwrap(), Language::En, "the dialog speaks the window's language");
    desk.send_in("zh-Hans", "POST", "/api/exports", Some(request.clone())).await;
    assert_eq!(*chosen.language.lock().unwrap(), Language::Zh, "which may be Chinese");

    *chosen.path.lock().unwrap() = Some(desk.path("calls.csv"));
    let mut job = desk.send("POST", "/api/exports", Some(request)).await;
    let suggested = chosen.suggested.lock().unwrap().clone();
    assert!(
        suggested.starts_with("calltrail-calls-20") && suggested.ends_with(".csv"),
        "a name is suggested: {suggested}"
    );
    let address = format!("/api/exports/{}", job.json["id"].as_str().unwrap());
    for _ in 0..500 {
        if job.json["state"] != "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        job = desk.get(&address).await;
    }
    assert_eq!((&job.json["state"], &job.json["rows"]), (&json!("done"), &json!(1)), "it is done: {}", job.json);
    let file = std::fs::read_to_string(desk.path("calls.csv")).unwrap();
    assert!(file.starts_with('\u{feff}') && file.contains(CALL), "the window writes for spreadsheets");
    let said = std::fs::read_to_string(desk.path("calls.csv.meta.json")).unwrap();
    assert!(said.contains("\"query\": \"result=normal_end\""), "beside it is said what is in it: {said}");
    let shown = desk.send("POST", &format!("{address}/show"), None).await;
    assert_eq!((shown.status, &*chosen.shown.lock().unwrap()), (200, &vec![desk.path("calls.csv")]), "where it lies");
    let other = desk.send("POST", "/api/exports/99/show", None).await;
    assert_eq!((other.status, &other.json["problem"]["code"]), (404, &json!("no_such_export")));
    let cancelled = desk.send("DELETE", &address, None).await;
    assert_eq!(cancelled.json["state"], "done", "what is done stays done");
    desk.close().await;
}

#[tokio::test]
async fn the_folder_of_a_schedule_is_chosen_in_a_dialog_where_there_is_one() {
    let chosen = Arc::new(Chosen::default());
    let desk = Desk::open_with(Some(chosen.clone())).await;
    let folder = async || desk.send_in("zh-Hans", "POST", "/api/schedules/folder", None).await;
    assert_eq!(folder().await.json, json!({ "folder": null }), "it was closed");
    assert_eq!(*chosen.language.lock().unwrap(), Language::Zh, "it speaks the window's language");
    *chosen.folder.lock().unwrap() = Some(desk.path("Reports of 2026"));
    assert_eq!(folder().await.json, json!({ "folder": desk.path("Reports of 2026") }));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        *chosen.folder.lock().unwrap() = Some(std::ffi::OsString::from_vec(b"/tmp/\xff".to_vec()).into());
        let refused = folder().await;
        assert_eq!((refused.status, &refused.json["problem"]["code"]), (400, &json!("schedule_no_folder")));
    }
    desk.close().await;
    let headless = Desk::open().await;
    let refused = headless.send("POST", "/api/schedules/folder", None).await;
    assert_eq!((refused.status, &refused.json["problem"]["code"]), (409, &json!("no_save_dialog")));
    headless.close().await;
}
