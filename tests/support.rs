//! What every test from outside needs: the command, the fixtures, and one request over loopback.

pub(crate) mod environment;
pub(crate) mod length;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

/// The command, ready for arguments; it sees no settings of the person who runs the tests, and not that person's key store.
pub(crate) fn calltrail() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calltrail"));
    command.env_remove("CALLTRAIL_LOG").env("TZ", "UTC").env("CALLTRAIL_KEY_STORE", "file");
    command
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
    let end = position(&answer, b"\r\n\r\n").unwrap_or(answer.len());
    let (head, body) = (String::from_utf8_lossy(&answer[..end]), answer.get(end + 4..).unwrap_or_default());
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, body: String::from_utf8_lossy(&unchunked(&head, body)).into_owned() }
}

/// Where some bytes begin.
fn position(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

/// The body, whichever way its length was told. It may be no text, as a workbook is.
fn unchunked(head: &str, body: &[u8]) -> Vec<u8> {
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_vec();
    }
    let (mut whole, mut rest) = (Vec::new(), body);
    while let Some(line) = position(rest, b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..line]);
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        let from = line + 2;
        whole.extend_from_slice(&rest[from..from + size]);
        rest = rest.get(from + size + 2..).unwrap_or_default();
    }
    whole
}
