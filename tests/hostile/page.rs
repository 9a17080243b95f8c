//! A hostile page in a real browser, on another port of this machine, with the cookie of somebody who is signed in: it reads
//! nothing and changes nothing.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc::{Sender, channel},
    thread,
    time::Duration,
};

use super::Serve;
use crate::{listener::end_call, process::APP};

/// A browser starts slowly where many things run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tries everything that a page can, and posts what succeeded to its own server.
const PAGE: &str = r#"<!doctype html>
<meta charset="utf-8">
<iframe name="frame"></iframe>
<script type="module">
const hook = "HOOK", web = "WEB", call = `CALL`, app = '{"id":"1400007777"}';
const succeeded = [];
const attempt = async (name, work) => {
  try {
    const got = await work();
    if (got) succeeded.push(`${name}: ${got}`);
  } catch {}
};
const read = async (url, options = {}) => {
  const answer = await fetch(url, { credentials: "include", ...options });
  return answer.type === "opaque" ? "" : `${answer.status} ${await answer.text()}`;
};
const load = (tag, attribute, url) => new Promise((resolve) => {
  const element = document.createElement(tag);
  element.onload = () => resolve("loaded");
  element.onerror = () => resolve("");
  element[attribute] = url;
  document.body.append(element);
});
const socket = (url) => new Promise((resolve) => {
  const socket = new WebSocket(url.replace("http:", "ws:"));
  socket.onopen = () => resolve("open");
  socket.onerror = () => resolve("");
});
const events = (url) => new Promise((resolve) => {
  const events = new EventSource(url, { withCredentials: true });
  events.onopen = () => resolve("open");
  events.onerror = () => { events.close(); resolve(""); };
});
const form = (url, name, value) => new Promise((resolve) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url, target: "frame", enctype: "text/plain" });
  const input = Object.assign(document.createElement("input"), { name, value });
  form.append(input);
  document.body.append(form);
  document.querySelector("iframe").onload = () => resolve("");
  form.submit();
});

// Whoever looks at this page has opened Calltrail before: the cookie is there.
await attempt("sign in", () => read(`${web}KEY`, { mode: "no-cors" }));
for (const [at, url, body] of [["hook", hook, call], ["apps", `${web}/api/apps`, app], ["calls", `${web}/api/calls`, "{}"]]) {
  await attempt(`${at}: post without asking`, () => read(url, { method: "POST", mode: "no-cors", body }));
  await attempt(`${at}: post`, () => read(url, { method: "POST", body }));
  const headers = { "content-type": "application/json" };
  await attempt(`${at}: post JSON`, () => read(url, { method: "POST", headers, body }));
  await attempt(`${at}: put`, () => read(url, { method: "PUT", body }));
  await attempt(`${at}: delete`, () => read(url, { method: "DELETE" }));
  await attempt(`${at}: get`, () => read(url));
  await attempt(`${at}: get without asking`, () => read(url, { mode: "no-cors" }));
  navigator.sendBeacon(url, body);
  await attempt(`${at}: form`, () => form(url, body.slice(0, -1) + ',"x":"', '"}'));
  await attempt(`${at}: image`, () => load("img", "src", url));
  await attempt(`${at}: script`, () => load("script", "src", url));
  await attempt(`${at}: socket`, () => socket(url));
  await attempt(`${at}: events`, () => events(url));
}
await fetch("/done", { method: "POST", body: JSON.stringify(succeeded) });
</script>
"#;

/// Serves the page, and passes on what it reports.
fn answer(stream: TcpStream, page: &str, reports: &Sender<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if first.starts_with("POST /done ") {
        // Whoever waits for it may have given up.
        let _ = reports.send(String::from_utf8_lossy(&body).into_owned());
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    reader.into_inner().write_all([head.as_bytes(), page.as_bytes()].concat().as_slice())
}

/// Chromium without a window; ended when dropped.
struct Browser {
    child: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    fn open(address: SocketAddr) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let program = env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
        let mut command = Command::new(program);
        command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]);
        command.arg(format!("--user-data-dir={}", profile.path().display())).arg(format!("http://{address}/"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self { child: child.expect("chromium is one of the packages that the tests need"), _profile: profile }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Both fail where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_hostile_page_in_a_browser_reads_and_changes_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(&home.path().join("data"), &[]);
    let web = serve.web.clone().expect("it has a web page");
    let (base, _) = web.split_once("/?key=").expect("its address holds the key");
    let hook =
        format!("http://{}{}?SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall", serve.address, serve.path);
    let page = PAGE
        .replace("HOOK", &hook)
        .replace("WEB", base)
        .replace("KEY", web.strip_prefix(base).expect("the same address"))
        .replace("CALL", &end_call("planted by a page"));
    let server = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = server.local_addr().expect("bound");
    let (reports, reported) = channel();
    // It ends with the test program.
    thread::spawn(move || {
        for stream in server.incoming().flatten() {
            let (page, reports) = (page.clone(), reports.clone());
            thread::spawn(move || answer(stream, &page, &reports));
        }
    });
    let browser = Browser::open(address);
    let succeeded = reported.recv_timeout(PATIENCE).expect("the page comes to its end");
    drop(browser);
    assert_eq!(succeeded, "[]", "nothing that the page tried succeeded");
    let refusals = serve.api("/api/refusals");
    let tried = refusals["counts"]["browser"].as_u64().unwrap_or_default();
    assert!(tried >= 4, "the browser did send the callbacks, and they were refused: {refusals}");
    assert_eq!(serve.api("/api/deliveries")["rows"], serde_json::json!([]), "none of them is in the record");
    assert_eq!(serve.api("/api/apps").as_array().map(Vec::len), Some(1), "no application was added");
}
