//! The report of a period: as a download in a browser, and as a job of the window.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{
    desk::{APP, CALL, Desk},
    exports::Chosen,
};

/// The zone and days of the sample.
const PERIOD: &str = "from=1759968000000&to=1760054400000&tz=utc";

#[tokio::test]
async fn a_report_can_be_downloaded_and_looked_at() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let page = desk.get(&format!("/api/report.html?{PERIOD}&language=zh")).await;
    let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("content-disposition"), "inline; filename=\"calltrail-report-2025-10-09.html\"", "it is shown");
    let policy = header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline'") && policy.ends_with("sandbox"),
        "{policy}"
    );
    assert!(header("calltrail-completeness").starts_with("calls=1, "), "{}", header("calltrail-completeness"));
    let text = page.json.as_str().unwrap();
    assert!(text.contains("通话报告") && text.contains("2025-10-09 08:53:20"), "the call is in it: {text}");

    let refused = desk.get("/api/report.html?period=last-fortnight").await;
    assert_eq!(refused.status, 400, "a period that there is not");
    assert_eq!(desk.get("/api/report.html?tz=Mars").await.status, 400, "a zone that there is not");
    let book = desk.get("/api/report.xlsx?period=last-week&tz=Europe/Berlin").await;
    let name = book.headers["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"calltrail-report-20") && name.ends_with(".xlsx\""), "{name}");
    desk.close().await;
}

#[tokio::test]
async fn the_window_saves_a_report_where_somebody_wants_it() {
    let chosen = Arc::new(Chosen::default());
    let desk = Desk::open_with(Some(chosen.clone())).await;
    let path = desk.path("week.xlsx");
    *chosen.path.lock().unwrap() = Some(path.clone());
    desk.post_call(APP, CALL).await;
    let request = json!({ "format": "xlsx", "filter": { "from": 1_759_968_000_000_i64, "to": 1_760_054_400_000_i64 } });
    let mut job = desk.send("POST", "/api/reports", Some(request)).await;
    assert_eq!(*chosen.suggested.lock().unwrap(), "calltrail-report-2025-10-09.xlsx");
    while job.json["state"] == "running" {
        tokio::time::sleep(Duration::from_millis(20)).await;
        job = desk.get(&format!("/api/exports/{}", job.json["id"].as_str().unwrap())).await;
    }
    assert_eq!((&job.json["state"], &job.json["rows"]), (&json!("done"), &job.json["total"]), "{}", job.json);
    assert!(std::fs::read(&path).unwrap().starts_with(b"PK\x03\x04"), "it is a workbook");
    desk.close().await;
}
