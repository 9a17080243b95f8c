//! A client that sends exactly what it is told, byte by byte, and reads one answer.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Nothing in these tests takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection to the listener.
pub(crate) struct Wire(TcpStream);

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The head as sent, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default()
    }
}

impl Wire {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the listener takes connections");
        stream.set_nodelay(true).expect("a connected socket");
        Self(stream)
    }

    /// Sends bytes; an error is the listener's right to close.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Sends a POST with these extra header lines (each with its line end).
    pub(crate) async fn post(&mut self, path: &str, headers: &str, body: &[u8]) {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: hook.example\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
        self.send([head.as_bytes(), body].concat()).await;
    }

    /// Reads one answer; nothing when the connection closed without one.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        timeout(PATIENCE, self.read_answer()).await.expect("an answer, or the end of the connection")
    }

    async fn read_answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).expect("an ASCII head").to_lowercase();
        let status = head.get(9..12).and_then(|code| code.parse().ok()).expect("a status line");
        let mut answer = Answer { status, head, body: String::new() };
        let length = answer.header("content-length").parse().expect("every answer says how long it is");
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        answer.body = String::from_utf8(body).expect("a text body");
        Some(answer)
    }

    /// All that comes until the listener closes the connection.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        // An end without a goodbye is an end as well.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("the listener closes this connection");
        rest
    }

    /// Waits until the listener closes the connection.
    pub(crate) async fn closed(&mut self) {
        let rest = async {
            let mut buffer = [0; 1024];
            while matches!(self.0.read(&mut buffer).await, Ok(1..)) {}
        };
        timeout(PATIENCE, rest).await.expect("the listener closes this connection");
    }

    /// Whether the listener has not closed the connection within this time.
    pub(crate) async fn stays_open(&mut self, time: Duration) -> bool {
        timeout(time, self.0.read_u8()).await.is_err()
    }
}

/// Posts on a connection of its own and reads the answer.
pub(crate) async fn post(address: SocketAddr, path: &str, headers: &str, body: &[u8]) -> Answer {
    let mut wire = Wire::open(address).await;
    wire.post(path, headers, body).await;
    wire.answer().await.expect("an answer")
}
