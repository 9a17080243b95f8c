//! `cargo xtask run`: from a fresh clone to an open window, or to the same thing in a browser where there is no display.

use crate::command::{Outcome, cargo, must, program, root, turn_into};
use crate::{display, node, packages};
use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// The application of the demonstration without a display.
const DEMO_APP: &str = "1400000000";

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    if !display::named() {
        eprintln!("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened.");
        announce();
        node::build()?;
        must(cargo().args(["build", "--bin", "calltrail"]))?;
        return serve(arguments);
    }
    packages::set_up(packages::For::Running)?;
    node::build()?;
    must(cargo().args(["build", "--workspace"]))?;
    if !display::answers()? {
        eprintln!("The display that DISPLAY or WAYLAND_DISPLAY names does not answer, so no window can be opened.");
        announce();
        return serve(arguments);
    }
    let mut window = Command::new(program("calltrail-desktop")?);
    display::spare_graphics(&mut window);
    turn_into(window.args(arguments))
}

fn announce() {
    eprintln!("Starting `calltrail serve` with a demo app instead; its pages open in any browser on this machine.");
}

/// The headless command with a demo application, in a data folder of its own.
fn serve(arguments: &[&str]) -> Outcome {
    let mut command = Command::new(program("calltrail")?);
    command.arg("serve").arg("--data-dir").arg(root().join(".xtask/demo"));
    command.args(["--app", &format!("{DEMO_APP}=Demo"), "--json"]).args(arguments).stdout(greeter()?);
    turn_into(&mut command)
}

/// A second process of this program, to which `calltrail serve` prints its addresses.
fn greeter() -> Result<Stdio, String> {
    let failed = |why: io::Error| format!("xtask could not be started a second time: {why}.");
    let (addresses, serve) = io::pipe().map_err(failed)?;
    let own = std::env::current_exe().map_err(failed)?;
    Command::new(own).arg("greet").stdin(addresses).spawn().map_err(failed)?;
    Ok(serve.into())
}

/// Says where `calltrail serve` can be reached, once it has said so itself.
pub(crate) fn greet() -> Outcome {
    let mut ready = String::new();
    io::stdin().read_line(&mut ready).map_err(|why| format!("`calltrail serve` cannot be understood: {why}."))?;
    if let Some(hook) = member(&ready, "hook") {
        print!("{}", greeting(hook, member(&ready, "web"), now()));
    }
    Ok(())
}

/// One text member of the line `{"hook":"…","web":"…"}`; addresses need no escapes.
pub(crate) fn member<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.split_once(&format!("\"{name}\":"))?.1.trim_start().strip_prefix('"')?;
    value.split_once('"').map(|(text, _)| text)
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// What a newcomer sees: both addresses, and a line that makes a first call appear.
fn greeting(hook: &str, web: Option<&str>, now: u64) -> String {
    let open = web.map_or(String::new(), |web| format!("\n  Open in a browser     {web}"));
    format!(
        "\nCalltrail is running without a window. Ctrl-C stops it.\n{open}\n  Callback address      {hook}\n\n\
         To make a first call appear, paste this in another terminal:\n\n{}\n\n",
        sample_call(hook, now)
    )
}

/// A complete `Call.CallbackAfterEndCall`: a video call that began two minutes ago, was answered and talked for a minute.
fn sample_call(hook: &str, now: u64) -> String {
    let (started, accepted, ended) = (now - 120, now - 114, now - 54);
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{{"CallId":"demo-{now}","Caller_Account":"alice","MediaType":"Video","CallType":"SingleCall","StartTime":{started},"AcceptTime":{accepted},"EndTime":{ended},"CallResult":"NormalEnd","CalleeList_Account":["alice","bob"],"RoomId":"demo-room","RoomIdType":2}},"EventTime":{ended}250}}"#
    );
    format!(
        "curl -sS -H 'Content-Type: application/json' -d '{body}' \\\n  '{hook}?SdkAppid={DEMO_APP}&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json&ClientIP=127.0.0.1&OptPlatform=Web'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ready_line() {
        let line = r#"{"hook":"http://127.0.0.1:8787/hook/ab","web":"http://127.0.0.1:8788/?key=cd"}"#;
        assert_eq!(member(line, "hook"), Some("http://127.0.0.1:8787/hook/ab"), "the callback address");
        assert_eq!(member(line, "web"), Some("http://127.0.0.1:8788/?key=cd"), "the address of the pages");
        assert_eq!(member(r#"{"hook":"x","web":null}"#, "web"), None, "no pages are served with --no-web");
    }

    #[test]
    fn the_curl_line_is_complete_and_quoted_for_a_shell() {
        let line = sample_call("http://127.0.0.1:8787/hook/ab", 1_760_000_120);
        assert_eq!(line.matches('\'').count() % 2, 0, "every quote is closed: {line}");
        assert!(
            line.contains(r#""StartTime":1760000000,"AcceptTime":1760000006,"EndTime":1760000066"#),
            "the times follow each other: {line}"
        );
        assert!(
            line.contains("'http://127.0.0.1:8787/hook/ab?SdkAppid=1400000000&"),
            "it goes to the demo app: {line}"
        );
    }
}
