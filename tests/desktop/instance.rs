//! One window per data folder.

use crate::screen::Process;
use crate::window::{Window, at_home, program};
use std::io::Read;
use std::process::{Command, Stdio};

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_second_start_on_the_same_folder_says_who_holds_it() {
    let window = Window::open().await;
    window.see("first-run").await;
    let mut command = Command::new(program());
    command.arg("--data-dir").arg(window.folder()).stderr(Stdio::piped());
    at_home(&mut command, window.home(), &window.screen.display);
    let mut second = Process(command.spawn().expect("the program starts"));
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
    at_home(&mut command, home.path(), "");
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "no window, no success");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("calltrail serve"), "the sentence says what to do instead: {said}");
}
