//! The app in its window, with WebKitWebDriver at the other end.

use crate::hook::Hook;
use crate::screen::{PATIENCE, Process, Screen};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::future::Future;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The built window.
pub(crate) fn program() -> PathBuf {
    let path =
        std::env::var_os("CALLTRAIL_DESKTOP").expect("CALLTRAIL_DESKTOP names the built window (cargo xtask e2e)");
    PathBuf::from(path)
}

/// The address of a session bus that is not there.
pub(crate) const NO_BUS: &str = "disabled:";

/// A home of its own for everything that is started, so that nothing of the person who tests is read or changed.
pub(crate) fn at_home(command: &mut Command, home: &Path, display: &str, bus: &str) {
    command
        .env("DISPLAY", display)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .env("CALLTRAIL_KEY_STORE", "file")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("CALLTRAIL_LOG");
}

/// An open window on an empty record.
pub(crate) struct Window {
    client: Client,
    _driver: Process,
    pub(crate) screen: Screen,
    home: TempDir,
}

impl Window {
    /// Opens the app in the light theme.
    pub(crate) async fn open() -> Window {
        Window::open_in("Adwaita", NO_BUS).await
    }

    /// Opens the app under this GTK theme, from which the page takes light or dark, with this session bus.
    pub(crate) async fn open_in(theme: &str, bus: &str) -> Window {
        Window::open_with(theme, bus, &[]).await
    }

    /// The same, started with more arguments.
    pub(crate) async fn open_with(theme: &str, bus: &str, more: &[&str]) -> Window {
        let screen = Screen::new();
        let home = tempfile::tempdir().expect("a temporary home");
        let port = free_port();
        let log = std::fs::File::create(home.path().join("driver.log")).expect("a log");
        let mut driver = Command::new("WebKitWebDriver");
        driver.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        at_home(&mut driver, home.path(), &screen.display, bus);
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").env("GTK_THEME", theme);
        driver.stdout(Stdio::null()).stderr(log);
        let driver = Process(driver.spawn().expect("WebKitWebDriver is installed (cargo xtask setup --test)"));
        wait_for_port(port);
        let folder = home.path().join("record");
        let mut arguments = vec![json!("--data-dir"), json!(folder), json!("--hook"), json!("127.0.0.1:0")];
        arguments.extend(more.iter().map(|argument| json!(argument)));
        let options = json!({ "binary": program(), "args": arguments });
        let capabilities = serde_json::Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = timely("opening the window", builder.connect(&format!("http://127.0.0.1:{port}"))).await;
        Window { client, _driver: driver, screen, home }
    }

    /// Where the record lies.
    pub(crate) fn folder(&self) -> PathBuf {
        self.home.path().join("record")
    }

    /// Its home, for files of the test's own.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The element that fits the selector, as soon as it is there.
    pub(crate) async fn find(&self, selector: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        timely(selector, wait.for_element(Locator::Css(selector))).await
    }

    /// The element with this test id, as soon as it is there.
    pub(crate) async fn see(&self, id: &str) -> Element {
        self.find(&format!("[data-testid={id}]")).await
    }

    /// How many elements fit the selector now.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        timely(selector, self.client.find_all(Locator::Css(selector))).await.len()
    }

    /// Clicks what has this test id.
    pub(crate) async fn click(&self, id: &str) {
        timely(id, self.see(id).await.click()).await;
    }

    /// Clicks what fits the selector.
    pub(crate) async fn click_on(&self, selector: &str) {
        timely(selector, self.find(selector).await.click()).await;
    }

    /// Clicks the n-th of those that fit the selector, counted from nought.
    pub(crate) async fn click_nth(&self, selector: &str, n: usize) {
        self.find(selector).await;
        let all = timely(selector, self.client.find_all(Locator::Css(selector))).await;
        let chosen = all.get(n).unwrap_or_else(|| panic!("{selector}: {} of them, and the {n}th is wanted", all.len()));
        timely(selector, chosen.click()).await;
    }

    /// Waits until exactly so many elements fit the selector.
    pub(crate) async fn see_count(&self, selector: &str, count: usize) {
        let patience = Instant::now() + PATIENCE;
        loop {
            let found = self.count(selector).await;
            if found == count {
                return;
            }
            assert!(Instant::now() < patience, "{selector}: {count} are wanted, {found} are there");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Chooses from a list by the value of the choice.
    pub(crate) async fn choose(&self, id: &str, value: &str) {
        timely(id, self.see(id).await.select_by_value(value)).await;
    }

    /// Fails when a text is anywhere in the page: in what it shows or hides, in a field, or in what it remembers.
    pub(crate) async fn never_shows(&self, secret: &str) {
        let fields = "return JSON.stringify([...document.querySelectorAll('input, textarea, select')].map((field) => field.value))";
        let memory =
            "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state])";
        let page = timely("the page's source", self.client.source()).await;
        assert!(page.contains("</body>"), "the source is that of a whole page");
        for (place, text) in [
            ("the page", page),
            ("its fields", self.run(fields).await.to_string()),
            ("its memory", self.run(memory).await.to_string()),
        ] {
            assert!(!text.contains(secret), "{place} should not hold {secret}");
        }
    }

    /// Types into a field.
    pub(crate) async fn write(&self, id: &str, text: &str) {
        timely(id, self.see(id).await.send_keys(text)).await;
    }

    /// Presses a key where the keyboard is, while others are held down.
    pub(crate) async fn press(&self, held: &[Key], key: impl Into<char>) {
        let held: Vec<char> = held.iter().copied().map(char::from).collect();
        let key = key.into();
        let down = held.iter().chain([&key]).map(|&value| KeyAction::Down { value });
        let up = [&key].into_iter().chain(held.iter().rev()).map(|&value| KeyAction::Up { value });
        let presses = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), |all, one| all.then(one));
        timely("a key", self.client.perform_actions(presses)).await;
    }

    /// Presses the keys that quit. The window may be gone before its driver can say that they were pressed.
    pub(crate) async fn quit_by_keys(&self) {
        let key = |value: char| (KeyAction::Down { value }, KeyAction::Up { value });
        let ((hold, let_go), (down, up)) = (key(Key::Control.into()), key('q'));
        let presses = KeyActions::new("keyboard".to_owned()).then(hold).then(down).then(up).then(let_go);
        let _ = tokio::time::timeout(Duration::from_secs(5), self.client.perform_actions(presses)).await;
    }

    /// Types a text where the keyboard is.
    pub(crate) async fn type_text(&self, text: &str) {
        for key in text.chars() {
            self.press(&[], key).await;
        }
    }

    /// Waits until an expression of the page is true.
    pub(crate) async fn until(&self, expression: &str) {
        let patience = Instant::now() + PATIENCE;
        while self.run(&format!("return ({expression}) === true")).await != true {
            assert!(Instant::now() < patience, "this should have become true: {expression}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The text shown in what fits the selector.
    pub(crate) async fn text(&self, selector: &str) -> String {
        timely(selector, self.find(selector).await.text()).await
    }

    /// A script's answer.
    pub(crate) async fn run(&self, script: &str) -> Value {
        timely(script, self.client.execute(script, vec![])).await
    }

    /// What the API answers to the page.
    pub(crate) async fn api(&self, path: &str) -> Value {
        let script = "const [path, done] = arguments; fetch(path).then((answer) => answer.json()).then(done, (why) => done(String(why)));";
        timely(path, self.client.execute_async(script, vec![json!(path)])).await
    }

    /// A header of what the API answers to the page; all of the answer without one.
    pub(crate) async fn header(&self, path: &str, name: &str) -> String {
        let script = "const [path, name, done] = arguments; fetch(path).then(async (answer) => done(answer.headers.get(name) ?? `${answer.status} ${await answer.text()}`)).catch((why) => done(String(why)));";
        let answer = timely(path, self.client.execute_async(script, vec![json!(path), json!(name)])).await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// A photograph of the page, as PNG, once everything that was changed before is painted.
    pub(crate) async fn photograph(&self) -> Vec<u8> {
        let painted = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));";
        timely("painting", self.client.execute_async(painted, vec![])).await;
        timely("a photograph", self.client.screenshot()).await
    }

    /// Opens the settings, and returns when their first parts are there: what is below stays where it is clicked then.
    pub(crate) async fn open_settings(&self) {
        self.click("nav-settings").await;
        self.see("connection").await;
        self.see("settings-hook-url").await;
    }

    /// Chooses a language in the settings, and returns when the window is in it: with this tag in its page.
    pub(crate) async fn speak(&self, language: &str, tag: &str) {
        self.open_settings().await;
        self.click(&format!("language-{language}")).await;
        self.find(&format!("html[lang={tag}] [data-testid=nav-settings]")).await;
    }

    /// Adds an application through the settings, and answers the callback address that they show.
    pub(crate) async fn take_in(&self, app: &str) -> Hook {
        self.open_settings().await;
        self.write("app-add-id", app).await;
        self.click("app-add-save").await;
        self.find(&format!("[data-testid=app-row][data-app='{app}']")).await;
        let field = self.see("settings-hook-url").await;
        let url = timely("the callback address", field.prop("value")).await.expect("the field has a value");
        Hook::new(&url)
    }
}

/// A command's answer; a command that never answers fails the test instead of stopping it for ever. WebKit's driver says no more
/// than which kind of error it is, and that is not in the error's `Display`.
async fn timely<T, E: std::fmt::Debug>(what: &str, work: impl Future<Output = Result<T, E>>) -> T {
    let limit = PATIENCE + Duration::from_secs(5);
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(why)) => panic!("{what}: {why:?}"),
        Err(_) => panic!("{what}: no answer in {limit:?}"),
    }
}

/// A port that was free a moment ago: WebKitWebDriver cannot choose one itself.
fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    socket.local_addr().expect("it has an address").port()
}

fn wait_for_port(port: u16) {
    let patience = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < patience, "WebKitWebDriver should listen on port {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
