//! Unpacks the packages and starts what is in them, on an empty folder.

use crate::Outcome;
use crate::run::{Running, on_path, said};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take for what it does in a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the window is left alone once it takes callbacks.
const SETTLING: Duration = Duration::from_secs(5);

/// The command and the window, unpacked and started.
pub(crate) fn smoke(debs: &[PathBuf]) -> Outcome {
    let home = tempfile::tempdir().map_err(|why| format!("a temporary folder: {why}"))?;
    let root = home.path().join("root");
    for deb in debs {
        said(Command::new("dpkg-deb").arg("-x").arg(deb).arg(&root))?;
    }
    let start = |name: &str| at_home(Command::new(root.join("usr/bin").join(name)), home.path());
    let record = home.path().join("record");
    try_command(&|| start("calltrail"), &record, &record)?;
    println!("the command: it started, answered and ended, and is content");
    try_window(&|| start("calltrail-desktop"), home.path())
}

/// A program that finds nothing of whoever runs this.
pub(crate) fn at_home(mut command: Command, home: &Path) -> Command {
    for (name, folder) in
        [("HOME", ""), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
    {
        command.env(name, home.join(folder));
    }
    command.env("CALLTRAIL_KEY_STORE", "file").env("DBUS_SESSION_BUS_ADDRESS", "disabled:").env("NO_AT_BRIDGE", "1");
    command
}

/// `serve` on a record that is not there yet takes callbacks and shows its pages, ends when it is asked to, and leaves a record
/// that `doctor` finds nothing wrong with. `record` is the folder as the program sees it, `seen` as this process does.
pub(crate) fn try_command(start: &dyn Fn() -> Command, record: &Path, seen: &Path) -> Outcome {
    let mut serve = start();
    serve.arg("--data-dir").arg(record).args(["serve", "--json", "--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
    let mut running = Running(serve.stdout(Stdio::piped()).spawn().map_err(|why| format!("calltrail serve: {why}"))?);
    let mut line = String::new();
    let output = running.0.stdout.take().ok_or("calltrail serve has no output")?;
    BufReader::new(output).read_line(&mut line).map_err(|why| format!("calltrail serve: {why}"))?;
    let said_by_it: Value =
        serde_json::from_str(&line).map_err(|why| format!("calltrail serve said `{line}`: {why}"))?;
    let url = |name: &str| said_by_it.get(name).and_then(Value::as_str).unwrap_or_default();
    let (hook, _) = parts(url("hook"))?;
    let health = get(hook, "/healthz", "")?;
    let body = health.split_once("\r\n\r\n").map(|(_, body)| body.trim());
    if !health.starts_with("HTTP/1.1 200") || body != Some("ok") {
        return Err(format!("/healthz was answered by `{health}`."));
    }
    let (web, path) = parts(url("web"))?;
    // The key of the printed address becomes a cookie.
    let let_in = get(web, &path, "")?;
    let cookie = header(&let_in, "set-cookie").split(';').next().unwrap_or_default();
    let page = get(web, "/", cookie)?;
    if !page.starts_with("HTTP/1.1 200") || !page.contains("<html") {
        return Err(format!("the page was answered by `{}`.", page.lines().next().unwrap_or_default()));
    }
    let ended = running.end(PATIENCE).map_err(|why| format!("calltrail serve: {why}"))?;
    if !ended.success() {
        return Err(format!("calltrail serve ended with {ended}."));
    }
    // The port of the settings may be somebody else's on this machine, which is none of the package's faults.
    at_free_port(&seen.join("config.json"))?;
    let told = said(start().arg("--data-dir").arg(record).arg("doctor"))?;
    if told.ends_with("All is well.\n") { Ok(()) } else { Err(format!("calltrail doctor said:\n{told}")) }
}

/// The address and the path of a URL on this computer.
fn parts(url: &str) -> Outcome<(SocketAddr, String)> {
    let mut parts = url.splitn(4, '/').skip(2);
    let host = parts.next().unwrap_or_default();
    let address = host.parse().map_err(|why| format!("calltrail serve: `{host}`: {why}"))?;
    let path = parts.next().unwrap_or_default();
    Ok((address, format!("/{}", path.split('#').next().unwrap_or_default())))
}

fn at_free_port(config: &Path) -> Outcome {
    let in_the_way = |why: String| format!("{}: {why}", config.display());
    let text = fs::read_to_string(config).map_err(|why| in_the_way(why.to_string()))?;
    let mut settings: Value = serde_json::from_str(&text).map_err(|why| in_the_way(why.to_string()))?;
    let hook = settings.get_mut("hook").ok_or_else(|| in_the_way("there is no hook".to_owned()))?;
    *hook = Value::String(free_address()?.to_string());
    fs::write(config, settings.to_string()).map_err(|why| in_the_way(why.to_string()))
}

fn free_address() -> Outcome<SocketAddr> {
    let taken = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    taken.map_err(|why| format!("a free port: {why}"))
}

/// The window takes callbacks, on a display that nobody has to look at.
fn try_window(start: &dyn Fn() -> Command, home: &Path) -> Outcome {
    let version = said(start().arg("--version"))?;
    if !on_path("Xvfb") {
        println!("the window: {}; it was not opened, because Xvfb is not installed", version.trim());
        return Ok(());
    }
    let screen = ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"];
    let display = Command::new("Xvfb").args(screen).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut display = Running(display.map_err(|why| format!("Xvfb: {why}"))?);
    let mut number = String::new();
    let output = display.0.stdout.take().ok_or("Xvfb has no output")?;
    BufReader::new(output).read_line(&mut number).map_err(|why| format!("Xvfb: {why}"))?;
    let hook = free_address()?;
    let mut window = start();
    window.arg("--data-dir").arg(home.join("record of the window")).args(["--hook", &hook.to_string()]);
    window.env("DISPLAY", format!(":{}", number.trim())).env("GDK_BACKEND", "x11");
    let mut window = Running(window.spawn().map_err(|why| format!("calltrail-desktop: {why}"))?);
    let began = Instant::now();
    while !get(hook, "/healthz", "").is_ok_and(|health| health.starts_with("HTTP/1.1 200")) {
        if let Ok(Some(status)) = window.0.try_wait() {
            return Err(format!("calltrail-desktop ended with {status} before it took callbacks."));
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("calltrail-desktop took no callbacks within {} s.", PATIENCE.as_secs()));
        }
        thread::sleep(Duration::from_millis(50));
    }
    // It takes callbacks before it is whole: until then a signal ends it at once, as it does any program.
    thread::sleep(SETTLING);
    let ended = window.end(PATIENCE).map_err(|why| format!("calltrail-desktop: {why}"))?;
    if !ended.success() {
        return Err(format!("calltrail-desktop ended with {ended}."));
    }
    println!("the window: it opened, took callbacks, and ended");
    Ok(())
}

/// What stands in a header of an answer; empty where there is none.
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let lines = answer.split("\r\n\r\n").next().unwrap_or_default().lines();
    let mut fields = lines.filter_map(|line| line.split_once(": "));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
}

/// The whole answer.
fn get(address: SocketAddr, path: &str, cookie: &str) -> Outcome<String> {
    let asked = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    asked().map_err(|why| format!("{address}{path}: {why}"))
}
