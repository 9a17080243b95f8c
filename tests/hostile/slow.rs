//! Slow attacks: whoever holds connections open takes nothing from those who send callbacks.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use calltrail::listener::Limits;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    join,
    net::{TcpSocket, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use super::{
    PATIENCE, TENCENTS_PATIENCE,
    crowd::Crowd,
    good::{Habit, Tally, post_until},
    memory_kib, serve_with_usual_files, sockets, statuses,
};
use crate::{
    durability::load::kept,
    listener::{Behaviour, Running, Shelf, TOKEN, call_query, end_call, wire::Wire},
    process::Serve,
    support::environment::number,
};

/// What a crowd may cost, in KiB.
const MOST_MEMORY_KIB: u64 = 50 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callbacks_get_through_a_crowd_of_slow_connections() {
    let size = number("CALLTRAIL_CROWD").map_or(600, |size| usize::try_from(size).expect("a crowd"));
    let time = Duration::from_millis(4000 + u64::try_from(size * 8).expect("a crowd"));
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    let mut kept_open = Wire::open(serve.address).await;
    kept_open.post(&hook, "", end_call("before").as_bytes()).await;
    assert_eq!(kept_open.answer().await.map(|answer| answer.status), Some(200), "a sender before the crowd");
    let (sockets_before, memory_before) = (sockets(serve.id()), memory_kib(serve.id()));

    let (alone, _) = good_requests(&serve, "alone", Duration::from_secs(2)).await;
    let crowd = Crowd::against(&serve, size);
    let (good, memory) = good_requests(&serve, "among", time).await;
    let (resting, seen) = (Instant::now(), crowd.rest());
    while sockets(serve.id()) > sockets_before && resting.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(20)).await;
    }
    let closed_after = resting.elapsed();
    let grown = memory.saturating_sub(memory_before);
    eprintln!(
        "CALLTRAIL_CROWD: {size} slow attackers opened {} connections in {} s and lost {}; of {} callbacks {} failed; p99 {} ms \
         (alone {} ms); {grown} KiB more memory; all closed {:.1} s after the attack",
        seen.opened.load(Ordering::Relaxed),
        time.as_secs(),
        seen.lost.load(Ordering::Relaxed),
        good.took.len() + good.failed.len(),
        good.failed.len(),
        good.p99().as_millis(),
        alone.p99().as_millis(),
        closed_after.as_secs_f32(),
    );
    assert!(seen.opened.load(Ordering::Relaxed) >= size, "each of them came: {seen:?}");
    assert_eq!(good.failed, Vec::<String>::new(), "no callback is lost to a crowd");
    assert!(good.took.len() > 20, "{} callbacks are no proof", good.took.len());
    // Where other things run at the same time, it is slow without a crowd as well.
    let patience = TENCENTS_PATIENCE + 10 * alone.p99();
    assert!(good.p99() < patience, "Tencent would not have waited: {:?}, {:?} alone", good.p99(), alone.p99());
    assert!(grown < MOST_MEMORY_KIB, "a crowd costs little memory, not {grown} KiB");
    // Ten seconds of the limit and what a busy machine takes to notice.
    assert!(closed_after < Duration::from_secs(45), "whoever does nothing is closed, after {closed_after:?} here");

    kept_open.post(&hook, "", end_call("after").as_bytes()).await;
    let still = kept_open.answer().await.map(|answer| answer.status);
    assert_eq!(still, Some(200), "the sender that was silent meanwhile still has its connection");
    drop(crowd);
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    let expected = alone.took.len() + good.took.len() + 2;
    assert_eq!(kept(&data_dir).len(), expected, "what was answered is in the record, and nothing of the crowd");
}

/// Two senders at work for a while, and the most memory that the program had meanwhile, in KiB.
async fn good_requests(serve: &Serve, name: &str, time: Duration) -> (Tally, u64) {
    let (stop, stopped) = watch::channel(false);
    let watching = async {
        let began = Instant::now();
        let mut most = 0;
        while began.elapsed() < time {
            most = most.max(memory_kib(serve.id()));
            sleep(Duration::from_millis(50)).await;
        }
        stop.send_replace(true);
        most
    };
    let keeps = post_until(serve, name, Habit::Keeps, stopped.clone());
    let opens = post_until(serve, name, Habit::Opens, stopped);
    let (keeps, opens, most) = join!(keeps, opens, watching);
    let mut tally = keeps.expect("a sender");
    tally.extend(opens.expect("a sender"));
    (tally, most)
}

/// A sender whose end of the connection holds few answers; what does not fit stays with the other side. It has proved itself,
/// because others get one answer only.
async fn narrow(running: &Running) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("before it is connected");
    let mut stream = socket.connect(running.address).await.expect("it listens");
    let (query, body) = (call_query(), end_call("narrow"));
    let request =
        format!("POST /hook/{TOKEN}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = [0; 1024];
    let read = stream.read(&mut answer).await.expect("an answer");
    assert_eq!(statuses(&String::from_utf8_lossy(&answer[..read])), [200], "it is kept open for what comes");
    stream
}

const SMALL: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn whoever_never_reads_is_not_answered_for_ever() {
    let limits = Limits { body: Duration::from_millis(600), ..Limits::default() };
    let running = Running::with(limits, Shelf::new(Behaviour::Keeps)).await;
    let mut stream = narrow(&running).await;
    let asking = async {
        let requests = SMALL.repeat(1000);
        while stream.write_all(&requests).await.is_ok() {}
    };
    timeout(PATIENCE, asking).await.expect("its answers fill no memory: it is closed");
    let answered = running.refused("unknown_path");
    assert!(answered < 300_000, "only as many are answered as the system holds for it, not {answered}");
}

#[tokio::test]
async fn whoever_reads_late_gets_all_its_answers() {
    let running = Running::with(Limits::default(), Shelf::new(Behaviour::Keeps)).await;
    let count = 100_000;
    let (mut reading, mut writing) = narrow(&running).await.into_split();
    let asking = tokio::spawn(async move {
        writing.write_all(&SMALL.repeat(count - 1)).await?;
        writing.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
        // The connection ends with both halves, so this one waits for the other.
        Ok::<_, std::io::Error>(writing)
    });
    let mut seen = 0;
    while running.refused("unknown_path") > seen || seen == 0 {
        seen = running.refused("unknown_path");
        sleep(Duration::from_millis(300)).await;
    }
    assert!(seen < u64::try_from(count).expect("a count"), "all {count} were answered at once: that was no test");
    let mut answers = String::new();
    timeout(PATIENCE, reading.read_to_string(&mut answers)).await.expect("it goes on").expect("to its end");
    let _writing = asking.await.expect("no panic").expect("everything was taken");
    assert_eq!(statuses(&answers).len(), count, "each request has its answer");
}

#[tokio::test]
async fn strangers_get_one_answer() {
    let running = Running::with(Limits::default(), Shelf::new(Behaviour::Keeps)).await;
    let foreign = format!("POST /hook/{TOKEN}?SdkAppid=7 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}");
    for request in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", &foreign] {
        let mut wire = Wire::open(running.address).await;
        wire.send(request.repeat(1000)).await;
        let answer = wire.answer().await.expect("an answer");
        assert_eq!(answer.header("connection"), "close", "{request:?} is told that this was all: {answer:?}");
        assert!(wire.answer().await.is_none(), "{request:?} is not answered again");
    }
    assert_eq!(running.refused("unknown_path"), 1, "nor even looked at");
}
