//! Slow attackers: connections that are held and never finished, opened again as soon as they are lost.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

use super::{Serve, allow_files};

/// How an attacker holds a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Header after header, never the last.
    SlowHead,
    /// To the right address, byte after byte, never the last.
    SlowBody,
    /// Asks on and on for what is not there, and never reads an answer.
    NeverReads,
    /// Says nothing at all.
    Silent,
}

impl Way {
    /// Six of ten are slow with the head, two with the body, one does not read, one says nothing.
    fn of(member: usize) -> Self {
        match member % 10 {
            0..6 => Self::SlowHead,
            6 | 7 => Self::SlowBody,
            8 => Self::NeverReads,
            _ => Self::Silent,
        }
    }

    fn begins(self, path: &str) -> Vec<u8> {
        match self {
            Self::SlowHead => b"POST /hook/ HTTP/1.1\r\nHost: x\r\n".to_vec(),
            Self::SlowBody => format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n").into_bytes(),
            Self::NeverReads => b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000),
            Self::Silent => Vec::new(),
        }
    }

    fn goes_on(self, path: &str) -> Vec<u8> {
        match self {
            Self::SlowHead => b"X-More: y\r\n".to_vec(),
            Self::SlowBody => b" ".to_vec(),
            Self::NeverReads | Self::Silent => self.begins(path),
        }
    }
}

/// Many of them.
pub(super) struct Crowd {
    members: Vec<JoinHandle<()>>,
    rest: watch::Sender<bool>,
    seen: Arc<Seen>,
}

/// What they saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Connections that were opened.
    pub(super) opened: AtomicUsize,
    /// Connections that the other side ended.
    pub(super) lost: AtomicUsize,
}

impl Crowd {
    /// Sends so many against a program. They come within seconds, and whoever is thrown out comes back.
    pub(super) fn against(serve: &Serve, size: usize) -> Self {
        allow_files(size);
        let (rest, resting) = watch::channel(false);
        let seen = Arc::<Seen>::default();
        // About five hundred new connections a second, however many they are.
        let pause = Duration::from_millis(u64::try_from(size * 2).expect("a crowd"));
        let members = (0..size).map(|member| {
            let one = Member {
                way: Way::of(member),
                address: serve.address,
                path: serve.path.clone(),
                pause,
                resting: resting.clone(),
                seen: Arc::clone(&seen),
            };
            tokio::spawn(one.attack(Duration::from_millis(u64::try_from(member).expect("a count"))))
        });
        Self { members: members.collect(), rest, seen }
    }

    /// From now on they hold what they have, and do nothing more.
    pub(super) fn rest(&self) -> &Seen {
        self.rest.send_replace(true);
        &self.seen
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.members.iter().for_each(JoinHandle::abort);
    }
}

struct Member {
    way: Way,
    address: SocketAddr,
    path: String,
    pause: Duration,
    resting: watch::Receiver<bool>,
    seen: Arc<Seen>,
}

impl Member {
    async fn attack(mut self, after: Duration) {
        sleep(after).await;
        while !*self.resting.borrow() {
            if let Ok(mut stream) = self.open().await {
                self.seen.opened.fetch_add(1, Ordering::Relaxed);
                tokio::select! {
                    () = hold(&mut stream, self.way, &self.path) => {}
                    // The connection stays as it is until the other side has had enough.
                    () = hold_still(&mut self.resting) => {}
                }
                self.seen.lost.fetch_add(1, Ordering::Relaxed);
            }
            sleep(self.pause).await;
        }
    }

    async fn open(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if self.way == Way::NeverReads {
            // What does not fit here stays with the other side.
            socket.set_recv_buffer_size(4096)?;
        }
        socket.connect(self.address).await
    }
}

/// Waits for the word to rest, and then for ever.
async fn hold_still(resting: &mut watch::Receiver<bool>) {
    // An error means that nobody is left who could say it.
    let _ = resting.wait_for(|resting| *resting).await;
    std::future::pending().await
}

/// Holds a connection until the other side ends it.
async fn hold(stream: &mut TcpStream, way: Way, path: &str) {
    let mut bytes = way.begins(path);
    let mut answer = [0; 1024];
    loop {
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
        bytes = way.goes_on(path);
        if way == Way::NeverReads {
            continue;
        }
        tokio::select! {
            read = stream.read(&mut answer) => if !matches!(read, Ok(1..)) { return },
            () = sleep(Duration::from_millis(500)) => {}
        }
    }
}
