//! Each screen, light and dark: files where `CALLTRAIL_SCREENSHOTS` names a folder (`cargo xtask screenshots`), else only
//! the proof that each screen can be shown.

use crate::hook::Hook;
use crate::tencent::Tencent;
use crate::window::{NO_BUS, Window};
use calltrail::tencent::{Configuration, Product};
use calltrail::traffic::{self, Scenario};
use std::path::PathBuf;
use std::time::SystemTime;

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn photographs_in_light() {
    album("light", "Adwaita").await;
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn photographs_in_dark() {
    album("dark", "Adwaita:dark").await;
}

async fn album(shade: &str, theme: &str) {
    let window = Window::open_in(theme, NO_BUS).await;
    let camera =
        Camera { window: &window, shade, folder: std::env::var_os("CALLTRAIL_SCREENSHOTS").map(PathBuf::from) };
    window.see("first-run").await;
    assert_eq!(
        window.run("return document.documentElement.dataset.theme").await,
        shade,
        "the page follows the desktop's own light or dark"
    );
    camera.take("first-run").await;
    demo(&camera).await;
    seed(&window.take_in(traffic::APP).await);
    for (screen, row, detail) in [
        ("calls", "call-row", "call-detail"),
        ("rooms", "room-row", "room-detail"),
        ("deliveries", "delivery-row", "delivery-detail"),
    ] {
        window.click(&format!("nav-{screen}")).await;
        window.see(row).await;
        camera.take(screen).await;
        window.click_nth(&format!("[data-testid={row}]"), 3).await;
        window.see(detail).await;
        camera.take(&format!("{screen}-detail")).await;
    }
    callbacks(&camera).await;
    window.click("nav-settings").await;
    window.find("[data-testid=connection][data-verdict=attention]").await;
    camera.take("settings").await;
    window.click("app-edit").await;
    window.see("app-form").await;
    window.run("document.querySelector('[data-testid=app-form]').closest('li').scrollIntoView(); return 0").await;
    camera.take("settings-app").await;
}

/// The demo as it looks when it is full.
async fn demo(camera: &Camera<'_>) {
    let window = camera.window;
    window.click("demo-start").await;
    window.see("demo-banner").await;
    window.click("nav-calls").await;
    window.see("call-row").await;
    if camera.folder.is_some() {
        // Two whole weeks take a while: worth it for a photograph that is kept.
        window.see_count("[data-testid=demo-banner] progress", 0).await;
    }
    camera.take("demo-calls").await;
    window.click("demo-remove").await;
    window.see("first-run").await;
    window.see_count("[data-testid=demo-banner]", 0).await;
}

/// What Tencent sends: chosen here, and then changed by somebody else.
async fn callbacks(camera: &Camera<'_>) {
    let (window, tencent) = (camera.window, Tencent::start(traffic::APP).await);
    tencent.introduce(window).await;
    tencent.open(window, Product::Call).await;
    window.click("preset-presence").await;
    window.find("[data-testid=plan][data-does=set][aria-busy=false]").await;
    camera.take("callbacks-plan").await;
    window.click_on("[data-testid=apply]:enabled").await;
    window.find("[data-testid=applied][data-confirmed=true]").await;
    camera.take("callbacks-ours").await;
    tencent.play(Scenario::Answered).await;
    window.click("nav-callbacks").await;
    window.click("read-all").await;
    window.see_count("[data-testid=product-card]:is([data-state=unread], [data-state=reading])", 0).await;
    camera.take("callbacks").await;
    let url = "https://moderation.example/callbacks?team=north".to_owned();
    let actions = vec!["Call.CallbackAfterEndCall".to_owned()];
    tencent.elsewhere(Product::Call, Configuration { url, actions });
    tencent.open(window, Product::Call).await;
    window.click_on("[data-testid=standing] [data-testid=read-now]").await;
    window.see("drift").await;
    camera.take("callbacks-drift").await;
}

/// Three days of an office until last midnight, the calls and rooms of a story, and one callback of somebody else's app.
fn seed(hook: &Hook) {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the clock is right").as_secs();
    let now = i64::try_from(seconds).expect("the clock is right") * 1000;
    // The old ones first: senders whose last words are of last year would speak against this computer's clock.
    hook.traffic(
        traffic::story(7).into_iter().filter(|delivery| delivery.received_ms < traffic::STORY_START_MS + DAY_MS / 8),
    );
    hook.traffic(traffic::fortnight(7, now - now % DAY_MS - 3 * DAY_MS, 3, 24));
    let foreign = "SdkAppid=1400999999&CallbackCommand=Call.CallbackAfterEndCall";
    hook.post(foreign, &[], br#"{"CallbackCommand":"Call.CallbackAfterEndCall"}"#).expect("the listener answers");
}

struct Camera<'a> {
    window: &'a Window,
    shade: &'a str,
    folder: Option<PathBuf>,
}

impl Camera<'_> {
    async fn take(&self, name: &str) {
        let png = self.window.photograph().await;
        assert!(png.starts_with(b"\x89PNG"), "{name} can be photographed");
        if let Some(folder) = &self.folder {
            std::fs::write(folder.join(format!("{name}-{}.png", self.shade)), png).expect("the photograph is kept");
        }
    }
}
