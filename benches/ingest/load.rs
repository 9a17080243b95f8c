//! The load generator: callbacks as HTTP/1.1 over keep-alive connections, each sending its next when the last is answered.

use std::{
    net::SocketAddr,
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
    runtime,
    task::JoinSet,
};

use crate::Outcome;

/// Requests ready to be sent, byte for byte.
pub(crate) struct Load {
    requests: Arc<Vec<Vec<u8>>>,
    warm_up: usize,
}

/// What one measurement found.
pub(crate) struct Measured {
    took: Duration,
    /// From the first byte sent to the last byte of the answer, sorted; only of answers that say success.
    times: Vec<Duration>,
    /// Which requests were answered with success, those of the warm-up among them.
    pub(crate) kept: Vec<usize>,
    /// How many were answered 503: the store did not keep up.
    pub(crate) turned_away: usize,
}

/// One answer: to which request, after how long, and whether it says success.
type Answer = (usize, Duration, bool);

impl Load {
    /// Writes the requests down; the first `warm_up` of them are sent, but not measured.
    pub(crate) fn new(deliveries: &[Delivery], token: &str, warm_up: usize) -> Self {
        let requests = deliveries.iter().map(|delivery| request(delivery, token)).collect();
        Self { requests: Arc::new(requests), warm_up }
    }

    /// Sends all of them over so many connections. Any answer but 200 and 503 is an error.
    pub(crate) fn send(&self, address: SocketAddr, connections: usize) -> Outcome<Measured> {
        let clients = runtime::Builder::new_current_thread().enable_io().build()?;
        clients.block_on(async {
            let mut open = Vec::new();
            for _ in 0..connections {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                open.push(stream);
            }
            let (open, before) = self.send_range(open, 0, self.warm_up).await?;
            let begin = Instant::now();
            let (_, answers) = self.send_range(open, self.warm_up, self.requests.len()).await?;
            let took = begin.elapsed();
            let mut times: Vec<Duration> = answers.iter().filter(|answer| answer.2).map(|answer| answer.1).collect();
            times.sort_unstable();
            let turned_away = answers.len() - times.len();
            let kept = before.iter().chain(&answers).filter(|answer| answer.2).map(|answer| answer.0).collect();
            Ok(Measured { took, times, kept, turned_away })
        })
    }

    /// Every connection takes the next request from one counter until all are sent.
    async fn send_range(&self, open: Vec<TcpStream>, from: usize, to: usize) -> Outcome<(Vec<TcpStream>, Vec<Answer>)> {
        let next = Arc::new(AtomicUsize::new(from));
        let mut clients = JoinSet::new();
        for mut stream in open {
            let (requests, next) = (Arc::clone(&self.requests), Arc::clone(&next));
            clients.spawn(async move {
                let mut answers = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(at).filter(|_| at < to) else { break };
                    let begin = Instant::now();
                    let success = exchange(&mut stream, request).await.map_err(|error| error.to_string())?;
                    answers.push((at, begin.elapsed(), success));
                }
                Ok::<_, String>((stream, answers))
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

impl Measured {
    /// Answers that say success per second, over all connections.
    pub(crate) fn per_second(&self) -> f64 {
        u32::try_from(self.times.len()).map_or(0.0, f64::from) / self.took.as_secs_f64()
    }

    /// So many of a hundred answers took at most so long.
    pub(crate) fn percentile(&self, of_100: usize) -> Duration {
        let at = (self.times.len() * of_100).div_ceil(100).saturating_sub(1);
        self.times.get(at).copied().unwrap_or_default()
    }
}

fn request(delivery: &Delivery, token: &str) -> Vec<u8> {
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
