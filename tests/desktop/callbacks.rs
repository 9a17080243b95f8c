//! Choosing in the window what Tencent sends, told to a sandbox of which Calltrail knows the address and a key alone.

use crate::hook::Hook;
use crate::tencent::Tencent;
use crate::window::Window;
use calltrail::tencent::catalogue::Preset;
use calltrail::tencent::{Configuration, Product};
use calltrail::traffic::Scenario;
use serde_json::Value;

const APP: &str = "1400000001";
const MEMBER: &str = "Call.CallbackAfterMemberChanged";
const ROW: &str = "[data-testid=call-row]";

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn what_is_chosen_in_the_window_is_what_arrives() {
    let (window, tencent, hook) = begin().await;
    tencent.open(&window, Product::Call).await;
    standing(&window, "nothing").await;

    window.click("preset-history").await;
    plan(&window, "set").await;
    assert_eq!(tencent.stored(Product::Call), None, "a plan changes nothing");
    apply(&window).await;
    standing(&window, "ours").await;
    let mut chosen = Preset::History.words(Product::Call);
    assert_eq!(stored(&tencent, &hook), chosen, "Tencent has what was chosen");

    let report = tencent.play(Scenario::Answered).await;
    assert_eq!(report.refused(), 0, "each was taken: {report:?}");
    assert!(report.not_configured() > 0, "more happened than was chosen: {report:?}");
    let arrived = commands(&window).await;
    assert_eq!(arrived.len(), report.taken(), "everything that was sent is in the record: {arrived:?}");
    assert!(arrived.iter().all(|command| chosen.contains(&command.as_str())), "what was not chosen came: {arrived:?}");
    calls(&window, 1).await;
    let row = window.run("return document.querySelector('[data-testid=call-row]').textContent").await.to_string();
    assert!(row.contains("Answered"), "the list says how it ended: {row}");

    tencent.open(&window, Product::Call).await;
    window.click("choose-one-by-one").await;
    window.click_on(&format!("[data-testid='command-{MEMBER}']")).await;
    plan(&window, "update").await;
    apply(&window).await;
    chosen.push(MEMBER);
    let mut now = stored(&tencent, &hook);
    now.sort_unstable();
    chosen.sort_unstable();
    assert_eq!(now, chosen, "one more");
    tencent.play(Scenario::Missed).await;
    assert!(commands(&window).await.iter().any(|command| command == MEMBER), "and it arrives");
    calls(&window, 2).await;

    tencent.open(&window, Product::Call).await;
    window.click("stop-sending").await;
    plan(&window, "delete").await;
    apply(&window).await;
    standing(&window, "nothing").await;
    assert_eq!(tencent.stored(Product::Call), None, "Tencent has nothing");
    let before = commands(&window).await.len();
    assert_eq!(tencent.play(Scenario::Answered).await.taken(), 0, "nothing is sent any more");
    assert_eq!(commands(&window).await.len(), before, "nothing arrives");
    calls(&window, 2).await;
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn what_others_change_is_shown_and_taken_back() {
    let (window, tencent, hook) = begin().await;
    tencent.open(&window, Product::Call).await;
    window.click("preset-presence").await;
    plan(&window, "set").await;
    apply(&window).await;
    let ours = stored(&tencent, &hook);
    window.click("applied-close").await;
    window.click("stop-sending").await;
    plan(&window, "delete").await;
    apply(&window).await;

    let url = "https://somebody.example/cb?token=theirs-alone".to_owned();
    tencent.elsewhere(Product::Call, Configuration { url, actions: vec![MEMBER.to_owned()] });
    window.click_on("[data-testid=standing] [data-testid=read-now]").await;
    standing(&window, "drift").await;
    let drift = window.text("[data-testid=drift]").await;
    assert!(drift.contains("somebody.example"), "where it goes now is shown: {drift}");
    window.never_shows("theirs-alone").await;

    // The newest change is the deletion: what was before it is what was chosen here.
    let newest = &window.api(&format!("/api/callbacks/{APP}/call/history")).await[0]["change"];
    window.click(&format!("restore-{newest}")).await;
    plan(&window, "update").await;
    window.find("[data-testid=apply]:disabled").await;
    window.click("agree-other_url").await;
    apply(&window).await;
    standing(&window, "ours").await;
    assert_eq!(stored(&tencent, &hook), ours, "Tencent has it again");
    tencent.play(Scenario::Answered).await;
    calls(&window, 1).await;
    tencent.keep_secret(&window).await;
}

/// A window whose only application is at a sandbox, and the window's own callback address.
async fn begin() -> (Window, Tencent, Hook) {
    let (window, tencent) = tokio::join!(Window::open(), Tencent::start(APP));
    let hook = window.take_in(APP).await;
    tencent.introduce(&window).await;
    (window, tencent, hook)
}

async fn standing(window: &Window, state: &str) {
    window.find(&format!("[data-testid=standing][data-state={state}]")).await;
}

async fn plan(window: &Window, does: &str) {
    window.find(&format!("[data-testid=plan][data-does={does}][aria-busy=false]")).await;
}

async fn apply(window: &Window) {
    window.click_on("[data-testid=apply]:enabled").await;
    window.find("[data-testid=applied][data-confirmed=true]").await;
}

/// The callbacks that Tencent sends to this window's address.
fn stored(tencent: &Tencent, hook: &Hook) -> Vec<String> {
    let Configuration { url, actions } = tencent.stored(Product::Call).expect("something is stored");
    assert_eq!(url, hook.url(), "they go to the address that the window shows");
    actions
}

/// The commands in the record.
async fn commands(window: &Window) -> Vec<String> {
    let page = window.api("/api/deliveries?limit=200").await;
    let rows = page["rows"].as_array().expect("rows");
    rows.iter().map(|row| row["command"].as_str().unwrap_or_default().to_owned()).collect()
}

/// So many calls are in the record, and the list shows them.
async fn calls(window: &Window, count: usize) {
    window.click("nav-calls").await;
    window.see_count(ROW, count).await;
    assert_eq!(window.api("/api/calls?total=true").await["total"], Value::from(count), "and as many are in the record");
}
