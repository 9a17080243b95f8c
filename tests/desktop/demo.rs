//! For who only wants to look: the demo, from the button on the first page to no trace of it.

use crate::window::Window;
use std::path::{Path, PathBuf};

const SCREENS: [(&str, &str); 5] = [
    ("calls", "call-row"),
    ("rooms", "room-row"),
    ("deliveries", "delivery-row"),
    ("callbacks", "product-card"),
    ("settings", "app-row"),
];

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn the_demo_is_flagged_everywhere_and_goes_without_a_trace() {
    let window = Window::open().await;
    window.see("first-run").await;
    let real = window.api("/api/settings").await;
    window.click("demo-start").await;
    window.see("demo-banner").await;
    for (screen, row) in SCREENS {
        window.click(&format!("nav-{screen}")).await;
        window.see(row).await;
        assert_eq!(window.count("[data-testid=demo-banner]").await, 1, "{screen} says that nothing here is real");
    }
    assert_eq!(demo_files(&window.folder()).len(), 1, "the demo is in a folder of its own");
    let file = window.header("/api/export/calls.csv", "content-disposition").await;
    assert!(file.contains("demo-calltrail-calls"), "an export's name says that it is the demo: {file:?}");

    window.click("demo-remove").await;
    window.see("first-run").await;
    window.see_count("[data-testid=demo-banner]", 0).await;
    assert_eq!(demo_files(&window.folder()), Vec::<PathBuf>::new(), "no file of it is left");
    assert_eq!(window.api("/api/settings").await, real, "the settings are as they were");
    window.click("nav-calls").await;
    window.see("list-total").await;
    assert_eq!(window.count("[data-testid=call-row]").await, 0, "no call of it is left");
    assert_eq!(window.api("/api/deliveries?total=true").await["total"], 0, "nor any message");
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn the_demo_of_a_chinese_window_has_chinese_names() {
    let window = Window::open().await;
    window.see("first-run").await;
    window.speak("zh", "zh-Hans").await;
    window.run("location.hash = '#/start'; return 0").await;
    window.click("demo-start").await;
    window.see("demo-banner").await;
    window.click("nav-calls").await;
    window.see("call-row").await;
    window.screen.window("^通话 – Calltrail 示例$");
    let calls = window.api("/api/calls?q=%E5%BC%A0%E4%BC%9F").await;
    assert_ne!(calls["rows"], serde_json::json!([]), "somebody called 张伟 is in it");
}

fn demo_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the data folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("demo-")));
    files
}
