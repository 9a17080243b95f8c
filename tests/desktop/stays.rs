//! A closed window is no end: callbacks arrive all the same, and it is found again.

mod panel;

use crate::hook::SAMPLE_APP;
use crate::instance;
use crate::quit::closed;
use crate::screen::Bus;
use crate::window::Window;
use crate::x11;
use panel::Panel;

const TITLE: &str = "– Calltrail$";
/// A callback of `SAMPLE_APP` among the samples.
const SAMPLE: &str = "call_after_end_call_NormalEnd.json";

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_closed_window_waits_in_the_tray_while_callbacks_arrive() {
    let bus = Bus::new();
    let panel = Panel::new(&bus.address);
    let window = Window::open_in("Adwaita", &bus.address).await;
    panel.wait_for("No callback yet");
    let hook = window.take_in(SAMPLE_APP).await;
    let before = window.api("/api/desktop").await;
    assert_eq!(before["refuge"], "tray", "the panel is noticed: {before}");

    let (screen, frame) = (&window.screen, window.screen.window(TITLE));
    x11::close(&screen.display, &frame);
    let notice = screen.window("Calltrail keeps running");
    screen.wait_for(1, TITLE);
    screen.answer(&notice, None);
    screen.wait_for(0, TITLE);
    hook.sample(SAMPLE);
    panel.wait_for("Last callback: ");

    let mut second = instance::start(&window, &window.folder(), &bus.address);
    assert_eq!(second.exit_code(), 0, "the second start hands over to the first");
    screen.wait_for(1, TITLE);
    let calls = window.api("/api/calls?total=true").await;
    assert_eq!(calls["total"], 1, "what came while the window was closed is in the record: {calls}");

    x11::close(&screen.display, &screen.window(TITLE));
    screen.wait_for(0, TITLE);
    panel.click("Open Calltrail");
    screen.wait_for(1, TITLE);
    panel.click("Quit Calltrail");
    closed(&window.folder());
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn without_a_tray_a_closed_window_is_minimised_and_says_so() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    let page = window.text("[data-testid=settings-page]").await;
    assert!(page.contains("minimised instead"), "the settings say what this desktop does not show: {page}");
    x11::close(&window.screen.display, &window.screen.window(TITLE));
    let notice = window.screen.window("Calltrail keeps running");
    window.screen.answer(&notice, None);
    window.screen.wait_for(0, "Calltrail keeps running");
    // Nobody minimises here, because there is no window manager; what counts is that the listener goes on.
    hook.sample(SAMPLE);
    let told = window.api("/api/calls?total=true").await;
    assert_eq!(told["total"], 1, "callbacks are taken in as before: {told}");
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_window_that_nobody_sees_is_given_up_and_comes_back_at_once() {
    let bus = Bus::new();
    let panel = Panel::new(&bus.address);
    let window = Window::open_with("Adwaita", &bus.address, &["--release-after", "2"]).await;
    window.see("first-run").await;
    let (screen, before) = (&window.screen, window.screen.window(TITLE));
    x11::close(&screen.display, &before);
    screen.answer(&screen.window("Calltrail keeps running"), None);
    screen.wait_for(0, TITLE);
    // The window is gone from the screen's server, not only from the screen.
    screen.wait_for_end(&before);
    let asked = std::time::Instant::now();
    panel.click("Open Calltrail");
    let after = screen.window(TITLE);
    assert!(asked.elapsed() < std::time::Duration::from_secs(10), "{:?} until it is there", asked.elapsed());
    assert_ne!(after, before, "it is another window");
    panel.click("Quit Calltrail");
    closed(&window.folder());
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_start_at_login_has_no_window_until_it_is_opened() {
    let bus = Bus::new();
    let panel = Panel::new(&bus.address);
    let beside = Window::open_in("Adwaita", &bus.address).await;
    beside.see("first-run").await;
    panel.wait_for("Open Calltrail");
    let folder = beside.home().join("other");
    let _hidden = instance::start_with(&beside, &folder, &bus.address, &["--hidden"]);
    let patience = std::time::Instant::now() + crate::screen::PATIENCE;
    while !calltrail::store::is_held(&folder) {
        assert!(std::time::Instant::now() < patience, "the record should be open");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panel.wait_for_icons(2);
    beside.screen.wait_for(1, TITLE);
    let mut second = instance::start(&beside, &folder, &bus.address);
    assert_eq!(second.exit_code(), 0, "the second start hands over to the hidden one");
    beside.screen.wait_for(2, TITLE);
}
