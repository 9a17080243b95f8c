//! Each screen, light and dark: files where `CALLTRAIL_SCREENSHOTS` names a folder (`cargo xtask screenshots`), else only
//! the proof that each screen can be shown.

use crate::hook::Hook;
use crate::window::{NO_BUS, Window};
use calltrail::traffic;
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
    window.click("nav-settings").await;
    window.see("app-row").await;
    camera.take("settings").await;
}

/// Three days of an office until last midnight, the calls and rooms of a story, and one callback of somebody else's app.
fn seed(hook: &Hook) {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the clock is right").as_secs();
    let now = i64::try_from(seconds).expect("the clock is right") * 1000;
    hook.traffic(traffic::fortnight(7, now - now % DAY_MS - 3 * DAY_MS, 3, 24));
    hook.traffic(
        traffic::story(7).into_iter().filter(|delivery| delivery.received_ms < traffic::STORY_START_MS + DAY_MS / 8),
    );
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
