//! One window per data folder.

use crate::screen::{Bus, Process};
use crate::window::{NO_BUS, Window, at_home, program};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts the app once more on the display of a window that is open already.
pub(crate) fn start(beside: &Window, folder: &Path, bus: &str) -> Process {
    start_with(beside, folder, bus, &[])
}

/// The same with more arguments.
pub(crate) fn start_with(beside: &Window, folder: &Path, bus: &str, more: &[&str]) -> Process {
    let mut command = Command::new(program());
    command.arg("--data-dir").arg(folder).args(["--hook", "127.0.0.1:0"]).args(more).stderr(Stdio::piped());
    at_home(&mut command, beside.home(), &beside.screen.display, bus);
    Process(command.spawn().expect("the program starts"))
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_second_start_gives_way_and_another_folder_opens_beside_it() {
    let bus = Bus::new();
    let window = Window::open_in("Adwaita", &bus.address).await;
    window.see("first-run").await;
    let mut second = start(&window, &window.folder().join("../record"), &bus.address);
    assert_eq!(
        second.exit_code(),
        0,
        "the second start hands over to the first, also when the folder is written differently"
    );
    window.screen.wait_for(1, "– Calltrail$");
    let mut linked = start_with(&window, &window.folder(), &bus.address, &["calltrail://call/1400123456/a%2Fb"]);
    assert_eq!(linked.exit_code(), 0, "a link is handed over as well");
    window.until("location.hash.includes('open=1400123456%3Aa%2Fb')").await;
    let _other = start(&window, &window.home().join("other"), &bus.address);
    window.screen.wait_for(2, "– Calltrail$");
    let status = window.api("/api/status").await;
    assert_eq!(status["hook"]["state"], "listening", "the first goes on as if nothing had happened: {status}");
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_second_start_on_the_same_folder_says_who_holds_it() {
    let window = Window::open().await;
    window.see("first-run").await;
    let mut second = start(&window, &window.folder(), NO_BUS);
    // There is no session bus here, so it cannot ask the first to come forward; it says so in a dialog and in the terminal.
    let dialog = window.screen.window("Calltrail could not start");
    window.screen.answer(&dialog, None);
    assert_eq!(second.exit_code(), 1, "a second start is no success");
    let mut said = String::new();
    second.0.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    assert!(said.contains("Calltrail's desktop window"), "the sentence names who holds the record: {said}");
    let status = window.api("/api/status").await;
    assert_eq!(status["hook"]["state"], "listening", "the first goes on as if nothing had happened: {status}");
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn without_a_display_the_headless_command_is_named() {
    let home = tempfile::tempdir().expect("a temporary home");
    let mut command = Command::new(program());
    command.arg("--data-dir").arg(home.path().join("record"));
    at_home(&mut command, home.path(), "", NO_BUS);
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "no window, no success");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("calltrail serve"), "the sentence says what to do instead: {said}");
}
