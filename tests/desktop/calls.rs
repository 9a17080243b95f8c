//! The spine: a callback posted over HTTP, its row in the window, its detail, and the CSV through the native dialog.

use crate::hook::SAMPLE_APP;
use crate::window::Window;
use std::time::{Duration, Instant};

const CALL: &str = "b0a7d1c2-0000-4c11-8d3e-5f00000000aa";

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn calls_appear_by_themselves_and_are_exported_through_the_dialog() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    window.click("nav-calls").await;
    window.see("list-total").await;
    assert_eq!(window.count("[data-testid=call-row]").await, 0, "nothing was posted yet");
    window.run("window.notReloaded = true; return 0").await;

    hook.sample("call_after_start_call.json");
    hook.sample("call_after_member_changed_Accept.json");
    let posted = Instant::now();
    hook.sample("call_after_end_call_NormalEnd.json");
    let row = format!("[data-testid=call-row][data-call-id='{CALL}']");
    window.find(&row).await;
    // A second is what is promised; three leave room for a busy machine, and a reload would take one too.
    assert!(posted.elapsed() < Duration::from_secs(3), "the row came after {:?}", posted.elapsed());
    assert_eq!(window.run("return window.notReloaded === true").await, true, "it came without a reload");

    detail(&window, &row).await;
    export(&window).await;
}

async fn detail(window: &Window, row: &str) {
    window.click_on(row).await;
    let text = window.text("[data-testid=call-detail]").await;
    for word in ["alice", "bob", "room-77", CALL] {
        assert!(text.contains(word), "the detail shows {word}: {text}");
    }
    assert_eq!(
        window.count("[data-testid=call-detail] [data-testid=member-row]").await,
        2,
        "the caller and the callee"
    );
    assert!(window.count("[data-testid=call-detail] [data-testid=step-row]").await >= 3, "started, accepted, ended");
    window.click_on("[data-testid=call-detail] li button[aria-expanded=false]").await;
    window.click_on("[data-testid=call-detail] [data-testid=body-raw]").await;
    let body = window.text("[data-testid=call-detail] [data-testid=body]").await;
    assert!(body.contains(r#""CallbackCommand": "Call.CallbackAfter"#), "the body as it was received: {body}");
    window.click("panel-close").await;
}

async fn export(window: &Window) {
    window.click("call-export").await;
    let file = window.home().join("calls of the team.csv");
    let dialog = window.screen.window("Save export");
    window.screen.answer(&dialog, file.to_str());
    window.find("[data-testid=export-progress][data-state=done]").await;
    let bytes = std::fs::read(&file).expect("the file is where the dialog was told");
    let bytes =
        bytes.strip_prefix("\u{feff}".as_bytes()).expect("the window writes for spreadsheets, with a byte order mark");
    let mut csv = csv::Reader::from_reader(bytes);
    let head = csv.headers().expect("a head").clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 1, "one call was posted, one is in the file: {rows:?}");
    let field = |name: &str| {
        let column = head.iter().position(|head| head == name).unwrap_or_else(|| panic!("a column {name} in {head:?}"));
        rows[0][column].to_owned()
    };
    for (name, value) in [
        ("call_id", CALL),
        ("started", "2025-10-09 08:53:20"),
        ("answered", "2025-10-09 08:53:24"),
        ("ended", "2025-10-09 08:54:24"),
        ("result", "normal_end"),
        ("media", "video"),
        ("type", "single"),
        ("caller", "alice"),
        ("callees", "bob"),
        ("ring_seconds", "4"),
        ("talk_seconds", "60"),
        ("room_id", "room-77"),
    ] {
        assert_eq!(field(name), value, "the column {name} says what was posted");
    }
    assert!(field("app").contains(SAMPLE_APP), "the app, kept from being shown as a number: {}", field("app"));
}
