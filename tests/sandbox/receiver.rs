//! Somebody who takes callbacks, remembers them, and answers what a test wants.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use calltrail::callback::{Query, reply};
use serde_json::Value;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    /// The path with the query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn query(&self) -> Query {
        Query::parse(self.target.split_once('?').map_or("", |(_, query)| query))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The command of its query.
    pub(crate) fn command(&self) -> String {
        let query = self.query();
        query.get("command").or_else(|| query.get("CallbackCommand")).unwrap_or_default().to_owned()
    }
}

/// What is answered to the n-th request, from 0: a status and a body; nothing at all for `None`.
type Answers = dyn Fn(usize, &Got) -> Option<(u16, String)> + Send + Sync;

pub(crate) struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    /// Answers every request as its family wants it.
    pub(crate) fn good() -> Self {
        Self::answering(|_, got| {
            let family = calltrail::callback::parse(&got.query(), &got.headers, &got.body).family;
            Some((200, reply::success(family).to_owned()))
        })
    }

    pub(crate) fn answering(answers: impl Fn(usize, &Got) -> Option<(u16, String)> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let got = Arc::new(Mutex::new(Vec::new()));
        let (kept, answers): (_, Arc<Answers>) = (Arc::clone(&got), Arc::new(answers));
        // It lives as long as the test program; nobody has to wait for it.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answers) = (Arc::clone(&kept), Arc::clone(&answers));
                thread::spawn(move || serve(stream, &kept, &*answers));
            }
        });
        Self { url, got }
    }

    /// An address of this receiver.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What has come so far.
    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().expect("no test fails in it").clone()
    }

    /// What has come once there are so many: a sender that does not wait may be ahead of who reads.
    pub(crate) fn got_at_least(&self, count: usize) -> Vec<Got> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let got = self.got();
            if got.len() >= count || Instant::now() > deadline {
                assert!(got.len() >= count, "{} of {count} requests have come", got.len());
                return got;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Got>>, answers: &Answers) {
    let Some(got) = read(&stream) else { return };
    let answer = {
        let mut kept = kept.lock().expect("no test fails in it");
        kept.push(got.clone());
        answers(kept.len() - 1, &got)
    };
    match answer {
        Some((status, body)) => {
            let head =
                format!("HTTP/1.1 {status} Some words\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // Who does not wait for the answer does not read it either.
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
        // Silence, until the sender goes away.
        None => drop(stream.read(&mut [0; 1])),
    }
}

fn read(stream: &TcpStream) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Got { target, headers, body })
}
