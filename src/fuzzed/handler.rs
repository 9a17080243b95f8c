//! The whole way of a request over a real socket into a real record: 200 means that it is in the record, byte for byte.
//!
//! One record serves many inputs; then it is closed, proven, and replaced by a new one.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::request::Request;
use crate::{
    callback::Callback,
    clock::Clock,
    config::{App, Apps, Keys, Kind},
    listener::{Limits, Listener, Sink, sink},
    lock::lock,
    secret::Secret,
    store::{
        Reader, Store,
        delivery::{Delivery, Digest, Place},
    },
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// The application of the samples, without keys.
const APP: &str = "1400123456";
/// Another one, whose callbacks must be signed.
pub(super) const SIGNED_APP: &str = "1400654321";
/// When everything is received, Unix milliseconds: when the signatures of the samples are valid.
const NOW_MS: i64 = 1_760_000_000_000;
/// So many requests go into one record.
const TOGETHER: u64 = 3_000;
/// Decided by the connection and not by a fuzzer: with these the server would see another body than the one that is compared.
const OURS: [&str; 6] = ["connection", "content-length", "expect", "host", "transfer-encoding", "upgrade"];
/// What the listener may answer.
const STATUSES: [u16; 7] = [200, 400, 403, 413, 414, 415, 431];

static DESK: Mutex<Option<Desk>> = Mutex::new(None);

/// Posts any request.
pub(super) fn check(bytes: &[u8]) {
    let mut desk = lock(&DESK);
    // Taken out, so that what follows a failed check begins anew.
    let mut open = desk.take().unwrap_or_else(Desk::open);
    open.post(&Request::of(bytes));
    if open.posted < TOGETHER {
        *desk = Some(open);
    } else {
        open.close();
    }
}

/// Closes the record that is open, and proves it.
#[cfg(test)]
pub(super) fn finish() {
    lock(&DESK).take().into_iter().for_each(Desk::close);
}

/// A listener with a record behind it, and one connection to it.
struct Desk {
    runtime: tokio::runtime::Runtime,
    listener: Listener,
    shelf: Arc<Shelf>,
    stream: TcpStream,
    folder: tempfile::TempDir,
    posted: u64,
}

/// The record, and what it was given last.
struct Shelf {
    store: Store,
    last: Mutex<Option<(Delivery, Callback, Place)>>,
}

impl Sink for Shelf {
    fn record(&self, delivery: Delivery, callback: Callback, place: Place, done: sink::Done) -> Result<(), sink::Full> {
        *lock(&self.last) = Some((delivery.clone(), callback.clone(), place.clone()));
        Sink::record(&self.store, delivery, callback, place, done)
    }
}

impl Desk {
    #[expect(clippy::expect_used, reason = "without a folder and a socket nothing can be tried at all")]
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("data"), "the fuzzer").expect("a new record opens");
        let shelf = Arc::new(Shelf { store, last: Mutex::default() });
        let keys = Keys::default();
        keys.set(SIGNED_APP, Kind::LiveToken, Some(Secret::from("demo-token".to_owned())));
        keys.set(SIGNED_APP, Kind::RtcKey, Some(Secret::from("demoKey0123456789".to_owned())));
        let apps = Apps::new(vec![App::new(APP, ""), App::new(SIGNED_APP, "")]);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let given: Arc<dyn Sink> = Arc::<Shelf>::clone(&shelf);
        // What a slow disk is answered is not looked for here.
        let limits = Limits { answer: Duration::from_secs(60), ..Limits::default() };
        let port = ([127, 0, 0, 1], 0).into();
        let (token, clock) = (TOKEN.to_owned(), Clock::from_fn(|| NOW_MS));
        let listener = runtime.block_on(Listener::start_within(limits, port, token, apps, keys, given, clock));
        let stream = connect(&listener);
        Self { runtime, listener, shelf, stream, folder, posted: 0 }
    }

    fn post(&mut self, request: &Request) {
        self.posted += 1;
        *self.last() = None;
        let (status, answer) = self.ask(&written(request));
        let told = || String::from_utf8_lossy(&answer).into_owned();
        assert!(STATUSES.contains(&status), "the answer {status} to {request:?}: {}", told());
        assert!(answer.len() < 2_000, "an answer has less than 2,000 bytes: {}", told());
        let Some((delivery, callback, place)) = self.last().take() else {
            assert_ne!(status, 200, "what is answered with success was given to the record: {request:?}");
            return;
        };
        let names_coding = |line: &Vec<u8>| line.to_ascii_lowercase().starts_with(b"content-encoding");
        if !request.head.iter().any(names_coding) {
            assert_eq!(delivery.body, request.body, "the body goes into the record as it was sent");
        }
        if callback.is_before() {
            return;
        }
        assert_eq!(status == 200, place == Place::Archive, "{status} was answered for {place:?}: {}", told());
        let digest = Digest::of(&delivery.app, &callback, &delivery.body);
        let row = self.shelf.store.read(|reader| reader.raw_delivery(&digest)).ok().flatten();
        let kept = row.as_ref().map(|row| crate::callback::lasting_body(callback.family, &row.body).into_owned());
        let sent = crate::callback::lasting_body(callback.family, &delivery.body).into_owned();
        assert_eq!(kept, Some(sent), "{status} was answered, and the record holds what was sent");
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<(Delivery, Callback, Place)>> {
        lock(&self.shelf.last)
    }

    /// Sends a request on the connection, or on a new one where the last answer ended it.
    fn ask(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        if let Some(answer) = exchange(&mut self.stream, request) {
            if answer.1.windows(17).any(|part| part.eq_ignore_ascii_case(b"connection: close")) {
                self.stream = connect(&self.listener);
            }
            return answer;
        }
        self.stream = connect(&self.listener);
        let answer = exchange(&mut self.stream, request);
        self.stream = connect(&self.listener);
        answer.unwrap_or_default()
    }

    /// Stops everything and proves the record: it is sound, and a replay gives the same rows.
    fn close(self) {
        let Self { runtime, listener, shelf, stream, folder, .. } = self;
        drop(stream);
        runtime.block_on(listener.stop());
        drop(runtime);
        let data = shelf.store.folder().to_owned();
        let one_by_one = shelf.store.read(Reader::dump).map_err(|error| error.to_string());
        let rebuilt = shelf.store.rebuild().and_then(|_| shelf.store.read(Reader::dump));
        let same = one_by_one == rebuilt.map_err(|error| error.to_string());
        let closed = Arc::into_inner(shelf).map(|shelf| shelf.store.close());
        let is_sound = matches!(closed, Some(Ok(()))) && verified(&data);
        if !(same && is_sound) {
            let kept = folder.keep();
            assert!(same, "a replay gives other rows; the record is kept in {}", kept.display());
            assert!(is_sound, "the record is not sound; it is kept in {}", kept.display());
        }
    }
}

fn verified(data: &Path) -> bool {
    crate::store::verify(data).is_ok_and(|verified| verified.is_sound())
}

#[expect(clippy::expect_used, reason = "without a connection nothing can be tried at all")]
fn connect(listener: &Listener) -> TcpStream {
    let address = listener.handle().address().expect("port 0 is always free");
    let stream = TcpStream::connect(address).expect("it listens");
    let set = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(60))));
    set.expect("a socket takes its settings");
    stream
}

/// The request as it goes over the wire.
fn written(request: &Request) -> Vec<u8> {
    let mut bytes = [b"POST /hook/".as_slice(), TOKEN.as_bytes(), b"?", &request.query, b" HTTP/1.1\r\n"].concat();
    for line in &request.head {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        if !OURS.contains(&&*name) {
            bytes.extend_from_slice(line);
            bytes.extend_from_slice(b"\r\n");
        }
    }
    bytes.extend_from_slice(format!("Host: hook\r\nContent-Length: {}\r\n\r\n", request.body.len()).as_bytes());
    bytes.extend_from_slice(&request.body);
    bytes
}

/// The status and the whole answer; nothing where the connection ended without one.
fn exchange(stream: &mut TcpStream, request: &[u8]) -> Option<(u16, Vec<u8>)> {
    // A server that refuses a head does not wait for the body.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        answer.extend_from_slice(part.get(..read)?);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(answer.get(..end)?).to_ascii_lowercase();
        let length = head.split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
        if answer.len() >= end + 4 + length.unwrap_or(0_usize) {
            return Some((head.split(' ').nth(1)?.parse().ok()?, answer));
        }
    }
}
