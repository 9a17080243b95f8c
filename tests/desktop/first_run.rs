//! What a newcomer meets: the first page, an application, a test callback seen arriving.

use crate::hook::SAMPLE_APP;
use crate::window::Window;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn first_run_ends_with_a_test_callback_seen_arriving() {
    let window = Window::open().await;
    window.see("first-run").await;
    window.write("app-add-id", SAMPLE_APP).await;
    window.click("app-add-save").await;
    let apps = window.text("[data-testid=first-run-apps]").await;
    assert!(apps.contains(SAMPLE_APP), "the page says that the app is ours now: {apps:?}");
    window.click("first-run-test").await;
    window.see("first-run-arrived").await;
    let page = window.api("/api/deliveries?total=true").await;
    assert_eq!(page["total"], 1, "the test callback went over HTTP into the record: {page}");
    assert_eq!(page["rows"][0]["verdict"], "test", "and is told apart from Tencent's: {page}");
    window.click("first-run-finish").await;
    window.see("list-total").await;
    assert_eq!(window.count("[data-testid=first-run]").await, 0, "the first page makes room for the list");
}
