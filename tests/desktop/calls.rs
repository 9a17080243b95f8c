//! The spine: a callback posted over HTTP, its row in the window, its detail, and the CSV through the native dialog; in each
//! language, down to what the desktop itself shows.

use crate::file_manager::FileManager;
use crate::hook::SAMPLE_APP;
use crate::screen::Bus;
use crate::window::Window;
use calltrail::export::Kind;
use std::time::{Duration, Instant};

const CALL: &str = "b0a7d1c2-0000-4c11-8d3e-5f00000000aa";

/// What a language says in the places that this goes by.
struct Said {
    /// The title of the window.
    window: &'static str,
    /// The title of the save dialog.
    dialog: &'static str,
    /// The chip of the call.
    answered: &'static str,
    /// The heading of the first column.
    call_id: &'static str,
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn calls_appear_by_themselves_and_are_exported_through_the_dialog() {
    let bus = Bus::new();
    let manager = FileManager::new(&bus.address);
    let window = Window::open_in("Adwaita", &bus.address).await;
    let said =
        Said { window: "^Calls – Calltrail$", dialog: "^Save export$", answered: "Answered", call_id: "Call ID" };
    journey(&window, &said).await;
    window.click("export-show").await;
    let file = format!("file://{}", window.home().join("calls in words.csv").display()).replace(' ', "%20");
    assert_eq!(manager.wait(), [file], "it is shown where it lies");
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn the_same_in_chinese() {
    let window = Window::open().await;
    window.see("first-run").await;
    window.speak("zh", "zh-Hans").await;
    let said = Said {
        window: "^通话 – Calltrail$", dialog: "^保存导出文件$", answered: "已接听", call_id: "通话 ID"
    };
    journey(&window, &said).await;
}

async fn journey(window: &Window, said: &Said) {
    let hook = window.take_in(SAMPLE_APP).await;
    window.click("nav-calls").await;
    window.see("list-total").await;
    window.screen.window(said.window);
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

    let chip = format!("return document.querySelector(`{row} [data-column=result]`).textContent.trim()");
    assert_eq!(window.run(&chip).await, said.answered, "the result in the window's language");
    detail(window, &row).await;
    window.click("call-export-options").await;
    window.click("export-format-spreadsheet").await;
    window.click("export-no").await;
    let names = export(window, said.dialog, "calls of the team.csv").await;
    assert_eq!(names.get(0), Some("call_id"), "columns have their names until somebody chooses words");
    window.click("call-export-options").await;
    window.click("export-headings-words").await;
    window.click("export-no").await;
    let words = export(window, said.dialog, "calls in words.csv").await;
    assert_eq!(words.get(0), Some(said.call_id), "and then those of the window's language");
    assert_eq!(words.len(), names.len(), "of every column");
}

async fn detail(window: &Window, row: &str) {
    window.click_on(row).await;
    // It opens at once, and says who was in the call when that was read.
    window.find("[data-testid=call-detail] [data-testid=member-row]").await;
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

/// Exports through the dialog with this title to a file at home, and answers what the columns are called.
async fn export(window: &Window, dialog: &str, file: &str) -> csv::StringRecord {
    window.click("call-export").await;
    let file = window.home().join(file);
    let dialog = window.screen.window(dialog);
    window.screen.answer(&dialog, file.to_str());
    window.find("[data-testid=export-progress][data-state=done]").await;
    let bytes = std::fs::read(&file).expect("the file is where the dialog was told");
    let bytes =
        bytes.strip_prefix("\u{feff}".as_bytes()).expect("the window writes for spreadsheets, with a byte order mark");
    let mut csv = csv::Reader::from_reader(bytes);
    let head = csv.headers().expect("a head").clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 1, "one call was posted, one is in the file: {rows:?}");
    // The order of the columns is the same, whatever they are called.
    let columns = Kind::Calls.columns();
    let field = |name: &str| {
        let column = columns.iter().position(|column| *column == name).expect("a column of calls");
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
    head
}
