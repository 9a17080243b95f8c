//! The real program as its users run it: `calltrail serve` in a folder of its own, asked over loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The command, ready for arguments; it sees no settings of the person who runs the tests.
pub(crate) fn calltrail() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calltrail"));
    command.env_remove("CALLTRAIL_LOG").env("TZ", "UTC");
    command
}

/// Runs the command to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    calltrail().args(arguments).arg("--data-dir").arg(folder).output().expect("the command can be run")
}

/// A fixture's path.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: not JSON: {}", self.body))
    }
}

/// A running `calltrail serve`, killed by id when dropped.
pub(crate) struct Serve {
    child: Child,
    /// The callback address, token included.
    pub(crate) hook: String,
    web: String,
}

impl Serve {
    /// Starts it on free ports and waits until it is ready.
    pub(crate) fn start(folder: &Path, apps: &[&str]) -> Self {
        let mut command = calltrail();
        command
            .args(["serve", "--json", "--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(folder);
        for app in apps {
            command.args(["--app", app]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("serve starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("it prints one line");
        let ready: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: not the ready line: {line:?}"));
        let address = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        Self { hook: address("hook"), web: address("web"), child }
    }

    /// Posts a callback.
    pub(crate) fn post(&self, query: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let (authority, path) = split(&self.hook);
        request(authority, "POST", &format!("{path}?{query}"), headers, body)
    }

    /// Asks the API.
    pub(crate) fn api(&self, path: &str) -> Value {
        let (authority, rest) = split(&self.web);
        let key = rest.split("key=").nth(1).expect("the web address holds the key");
        let answer = request(authority, "GET", path, &[("Authorization", &format!("Bearer {key}"))], b"");
        assert_eq!(answer.status, 200, "the API answers {path}: {}", answer.body);
        answer.json()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without any warning, as a power cut of the process would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

/// One request on a connection of its own.
pub(crate) fn request(authority: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(authority).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream.write_all(b"\r\n").expect("the head ends");
    // A server that refuses early may close before it has read the body.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, body: unchunked(head, body) }
}

/// The body, whichever way its length was told.
fn unchunked(head: &str, body: &str) -> String {
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}
