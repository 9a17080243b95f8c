//! Each screen, light and dark: files where `CALLTRAIL_SCREENSHOTS` names a folder (`cargo xtask screenshots`), else only
//! the proof that each screen can be shown.

use crate::window::Window;
use calltrail::traffic;
use std::path::PathBuf;
use std::time::Duration;

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
    let window = Window::open_in(theme).await;
    let camera = Camera { window: &window, shade, folder: std::env::var_os("CALLTRAIL_SCREENSHOTS").map(PathBuf::from) };
    window.see("first-run").await;
    assert_eq!(
        window.run("return document.documentElement.dataset.theme").await,
        shade,
        "the page follows the desktop's own light or dark"
    );
    camera.take("first-run").await;
    window.take_in(traffic::APP).await.traffic(traffic::story(7));
    for (screen, row, detail) in
        [("calls", "call-row", "call-detail"), ("rooms", "room-row", "room-detail"), ("deliveries", "delivery-row", "delivery-detail")]
    {
        window.click(&format!("nav-{screen}")).await;
        window.see(row).await;
        camera.take(screen).await;
        window.click_on(&format!("[data-testid={row}]:nth-child(3)")).await;
        window.see(detail).await;
        camera.take(&format!("{screen}-detail")).await;
    }
    window.click("nav-settings").await;
    window.see("app-row").await;
    camera.take("settings").await;
}

struct Camera<'a> {
    window: &'a Window,
    shade: &'a str,
    folder: Option<PathBuf>,
}

impl Camera<'_> {
    async fn take(&self, name: &str) {
        // Until what was loaded is painted and has come to rest.
        tokio::time::sleep(Duration::from_millis(600)).await;
        let png = self.window.photograph().await;
        assert!(png.starts_with(b"\x89PNG"), "{name} can be photographed");
        if let Some(folder) = &self.folder {
            std::fs::write(folder.join(format!("{name}-{}.png", self.shade)), png).expect("the photograph is kept");
        }
    }
}
