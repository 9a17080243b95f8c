//! The load generator: callbacks as HTTP/1.1 over keep-alive connections.

use std::{
    net::SocketAddr,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use calltrail::callback::delivery::Delivery;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    runtime::{self, Runtime},
    task::JoinSet,
    time::sleep_until,
};

use crate::{
    Fault, Outcome,
    figures::{Times, count, number},
};

/// Requests ready to be sent, byte for byte.
pub(crate) struct Load(Arc<Vec<Vec<u8>>>);

/// What one measurement found.
pub(crate) struct Measured {
    took: Duration,
    /// From the first byte sent to the last byte of the answer; only of answers that say success.
    pub(crate) times: Times,
    /// Which requests were answered with success.
    pub(crate) kept: Vec<usize>,
    /// How many were answered 503: the store did not keep up.
    pub(crate) turned_away: usize,
}

/// When requests are sent.
#[derive(Clone, Copy)]
enum Pace {
    /// Each connection sends its next request when the last is answered.
    Closed,
    /// The request that is the n-th from `first` is due n times `every` after `begin`, whatever became of those before it. A
    /// request that has to wait for a connection has waited since it was due.
    Fixed { begin: Instant, every: Duration, first: usize },
}

/// One answer: to which request, after how long, and whether it says success.
type Answer = (usize, Duration, bool);

impl Load {
    /// Writes the requests down.
    pub(crate) fn new(deliveries: impl Iterator<Item = Delivery>, token: &str) -> Self {
        Self(Arc::new(deliveries.map(|delivery| request(&delivery, token)).collect()))
    }

    /// Sends `warm_up` and then, measured, `range`, as fast as so many connections get their answers. Any answer but 200 and 503
    /// is an error.
    pub(crate) fn send(
        &self,
        address: SocketAddr,
        connections: usize,
        warm_up: Range<usize>,
        range: Range<usize>,
    ) -> Outcome<Measured> {
        clients()?.block_on(async {
            let open = connect(address, connections).await?;
            let (open, before) = self.send_range(open, warm_up, Pace::Closed).await?;
            let begin = Instant::now();
            let (_, answers) = self.send_range(open, range, Pace::Closed).await?;
            let mut measured = Measured::of(&answers, begin.elapsed());
            measured.kept.extend(before.iter().filter(|answer| answer.2).map(|answer| answer.0));
            Ok(measured)
        })
    }

    /// Sends `range`, so many a second.
    pub(crate) fn send_at(
        &self,
        address: SocketAddr,
        connections: usize,
        per_second: u32,
        range: Range<usize>,
    ) -> Outcome<Measured> {
        clients()?.block_on(async {
            let open = connect(address, connections).await?;
            let (begin, every) = (Instant::now(), Duration::from_secs(1) / per_second);
            let pace = Pace::Fixed { begin, every, first: range.start };
            let (_, answers) = self.send_range(open, range, pace).await?;
            Ok(Measured::of(&answers, begin.elapsed()))
        })
    }

    /// Every connection takes the next request from one counter until all are sent.
    async fn send_range(
        &self,
        open: Vec<TcpStream>,
        range: Range<usize>,
        pace: Pace,
    ) -> Outcome<(Vec<TcpStream>, Vec<Answer>)> {
        let next = Arc::new(AtomicUsize::new(range.start));
        let mut clients = JoinSet::new();
        for mut stream in open {
            let (requests, next) = (Arc::clone(&self.0), Arc::clone(&next));
            clients.spawn(async move {
                let mut answers = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(at).filter(|_| at < range.end) else { break };
                    let begin = pace.turn(at).await;
                    let success = exchange(&mut stream, request).await?;
                    answers.push((at, begin.elapsed(), success));
                }
                Ok::<_, Fault>((stream, answers))
            });
        }
        let (mut open, mut answers) = (Vec::new(), Vec::new());
        while let Some(client) = clients.join_next().await {
            let (stream, more) = client??;
            open.push(stream);
            answers.extend(more);
        }
        Ok((open, answers))
    }
}

impl Pace {
    /// Waits until a request is due; answers from when on it counts.
    async fn turn(self, at: usize) -> Instant {
        let now = Instant::now();
        let Self::Fixed { begin, every, first } = self else { return now };
        let due = begin + every * u32::try_from(at - first).unwrap_or(u32::MAX);
        if due <= now {
            return due;
        }
        // The timer's own lateness is not the server's.
        sleep_until(due.into()).await;
        Instant::now()
    }
}

impl Measured {
    fn of(answers: &[Answer], took: Duration) -> Self {
        let successes = || answers.iter().filter(|answer| answer.2);
        Self {
            took,
            times: Times::new(successes().map(|answer| answer.1).collect()),
            kept: successes().map(|answer| answer.0).collect(),
            turned_away: answers.len() - successes().count(),
        }
    }

    /// Answers that say success per second, over all connections.
    pub(crate) fn per_second(&self) -> f64 {
        number(count(self.times.len())) / self.took.as_secs_f64()
    }
}

fn clients() -> Outcome<Runtime> {
    Ok(runtime::Builder::new_current_thread().enable_all().build()?)
}

async fn connect(address: SocketAddr, connections: usize) -> Outcome<Vec<TcpStream>> {
    let mut open = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        open.push(stream);
    }
    Ok(open)
}

/// A delivery as Tencent would send it.
pub(crate) fn request(delivery: &Delivery, token: &str) -> Vec<u8> {
    let mark = if delivery.query.is_empty() { "" } else { "?" };
    let mut head = format!("POST /hook/{token}{mark}{} HTTP/1.1\r\nHost: localhost\r\n", delivery.query);
    for (name, value) in &delivery.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", delivery.body.len()));
    let mut request = head.into_bytes();
    request.extend_from_slice(&delivery.body);
    request
}

/// Sends a request and reads its answer to the end: true for 200, false for 503.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> Outcome<bool> {
    stream.write_all(request).await?;
    let mut answer = Vec::with_capacity(512);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err("the listener closed the connection in the middle of an answer".into());
        }
        let Some(end_of_head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(answer.get(..end_of_head).unwrap_or_default()).to_ascii_lowercase();
        let success = head.starts_with("http/1.1 200");
        if !success && !head.starts_with("http/1.1 503") {
            return Err(format!("an answer was neither 200 nor 503: {head}").into());
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.ok_or("an answer has no length")?.trim().parse()?;
        if answer.len() >= end_of_head + 4 + length {
            return Ok(success);
        }
    }
}
