//! Tencent, played by the sandbox: all that the window is told of it is its address and a key.

use crate::window::Window;
use calltrail::clock::Clock;
use calltrail::sandbox::{Options, Pace, Report, Sandbox, SandboxApp};
use calltrail::secret::Secret;
use calltrail::tencent::{Configuration, Product};
use calltrail::traffic::Scenario;

/// The SDKSecretKey of every application here.
const KEY: &str = "7d1f0e2c3b4a5968778695a4b3c2d1e07d1f0e2c3b4a5968778695a4b3c2d1e0";

/// Tencent's side with one application.
pub(crate) struct Tencent {
    sandbox: Sandbox,
    app: &'static str,
}

impl Tencent {
    /// Starts it.
    pub(crate) async fn start(app: &'static str) -> Tencent {
        let apps = vec![SandboxApp::new(app, Secret::from(KEY.to_owned()))];
        let listen = "127.0.0.1:0".parse().expect("an address");
        let options = Options { listen, apps, seed: 5, clock: Clock::system() };
        Tencent { sandbox: Sandbox::start(options).await.expect("a free port"), app }
    }

    /// Opens the form of the application, which is in the settings already, and enters the address and the key.
    pub(crate) async fn introduce(&self, window: &Window) {
        window.open_settings().await;
        window.click_on(&format!("[data-testid=app-row][data-app='{}'] [data-testid=app-edit]", self.app)).await;
        window.choose("app-region", "other").await;
        window.write("app-host", &self.sandbox.url()).await;
        window.write("secret-key", KEY).await;
        assert_eq!(
            window.run("return document.querySelector('[data-testid=secret-key]').type").await,
            "password",
            "nobody reads the key over a shoulder"
        );
        window.click("secrets-save").await;
        window.find("[data-testid=app-told] .told").await;
        self.keep_secret(window).await;
        window.click("app-form-close").await;
    }

    /// Opens the page of a product, which asks Tencent about it when it was never asked.
    pub(crate) async fn open(&self, window: &Window, product: Product) {
        window.click("nav-callbacks").await;
        window.click_on(&format!("[data-testid=product-card][data-product='{product}'] footer a")).await;
    }

    /// The key is nowhere in the page: not in its text, not in a field, not in what it remembers.
    pub(crate) async fn keep_secret(&self, window: &Window) {
        window.never_shows(KEY).await;
    }

    /// What is stored for a product.
    pub(crate) fn stored(&self, product: Product) -> Option<Configuration> {
        self.sandbox.configuration(self.app, product)
    }

    /// Somebody else sets this at Tencent's console.
    pub(crate) fn elsewhere(&self, product: Product, configuration: Configuration) {
        self.sandbox.configure(self.app, product, Some(configuration)).expect("the app is known");
    }

    /// Something happens at the customer; each callback that was asked for has been answered when this returns.
    pub(crate) async fn play(&self, scenario: Scenario) -> Report {
        self.sandbox.play(self.app, scenario, Pace::Instant).await.expect("it is played")
    }
}
