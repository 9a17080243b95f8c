//! A closed window is no end: callbacks arrive all the same, and it is found again.

mod notices;
mod panel;

use crate::hook::SAMPLE_APP;
use crate::instance;
use crate::quit::closed;
use crate::screen::Bus;
use crate::window::Window;
use crate::x11;
use notices::Notices;
use panel::Panel;
use std::time::{SystemTime, UNIX_EPOCH};

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
    let took = asked.elapsed();
    eprintln!("the window was there again after {took:?}");
    assert!(took < std::time::Duration::from_secs(10), "{took:?} until it is there");
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

/// A call that this user made just now, and that nobody answered.
fn missed(call: &str, caller: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_secs();
    serde_json::json!({
        "CallbackCommand": "Call.CallbackAfterEndCall",
        "CallRecord": {
            "CallId": call, "Caller_Account": caller, "MediaType": "Audio", "CallType": "SingleCall", "StartTime": now - 20,
            "EndTime": now, "AcceptTime": 0, "CallResult": "NotAnswer", "CalleeList_Account": [caller, "bob"], "RoomId": "r",
            "RoomIdType": 2,
        },
        "EventTime": now * 1000,
    })
    .to_string()
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn missed_calls_are_said_in_one_notification_while_nobody_looks() {
    let bus = Bus::new();
    let (_panel, notices) = (Panel::new(&bus.address), Notices::new(&bus.address));
    let window = Window::open_in("Adwaita", &bus.address).await;
    let hook = window.take_in(SAMPLE_APP).await;
    let screen = &window.screen;
    x11::close(&screen.display, &screen.window(TITLE));
    screen.answer(&screen.window("Calltrail keeps running"), None);
    screen.wait_for(0, TITLE);

    let query = format!("SdkAppid={SAMPLE_APP}&CallbackCommand=Call.CallbackAfterEndCall");
    let miss = |call: &str, caller: &str| {
        let (status, reply) = hook.post(&query, &[], missed(call, caller).as_bytes()).expect("it is answered");
        assert_eq!(status, 200, "{reply}");
    };
    // Long ago, and so no news.
    hook.sample("call_after_end_call_NotAnswer.json");
    miss("one", "<b>Anna</b>");
    let first = notices.wait_for(1).swap_remove(0);
    assert_eq!((first.headline.as_str(), first.category.as_deref()), ("Missed call", Some("call.unanswered")));
    assert_eq!(first.line, "From \u{2068}&lt;b&gt;Anna&lt;/b&gt;\u{2069}", "a name is no markup");
    assert_eq!(first.actions.first().map(String::as_str), Some("default"), "it can be clicked");
    miss("two", "carol");
    let second = notices.wait_for(2).swap_remove(1);
    assert_eq!(second.headline, "2 missed calls");
    assert_eq!(second.line, "The last one from \u{2068}carol\u{2069}");
    assert_eq!(second.number, first.number, "it takes the place of the first");

    notices.click(second.number);
    screen.wait_for(1, TITLE);
    window.until("location.hash.startsWith('#/followup')").await;
    window.quit_by_keys().await;
    closed(&window.folder());
}
