//! Connections: kept for senders that proved themselves, closed for whoever is slow, never so many that nobody gets in.

use std::time::{Duration, Instant};

use calltrail::listener::Limits;

use super::{
    Behaviour, Running, Shelf, TOKEN, call_query, end_call,
    wire::{Wire, post},
};

fn hook() -> String {
    format!("/hook/{TOKEN}?{}", call_query())
}

/// Limits that make a test short.
fn short() -> Limits {
    Limits {
        head: Duration::from_millis(600),
        body: Duration::from_millis(600),
        idle: Duration::from_secs(60),
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_sender_keeps_its_connection_over_its_silences() {
    let running = Running::with(short(), Shelf::new(Behaviour::Keeps)).await;
    let mut sender = Wire::open(running.address).await;
    for call in 0..3 {
        sender.post(&hook(), "", end_call(&format!("silence-{call}")).as_bytes()).await;
        assert_eq!(sender.answer().await.map(|answer| answer.status), Some(200), "call {call} on the same connection");
        assert!(
            sender.stays_open(Duration::from_millis(1500)).await,
            "silence must not close it: Call callbacks are not retried"
        );
    }
    let mut stranger = Wire::open(running.address).await;
    stranger.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(stranger.answer().await.map(|answer| answer.status), Some(200), "a stranger is answered once");
    stranger.closed().await;
}

#[tokio::test]
async fn whoever_is_slow_is_closed() {
    let running = Running::with(short(), Shelf::new(Behaviour::Keeps)).await;
    let began = Instant::now();
    let mut silent = Wire::open(running.address).await;
    let mut headers = Wire::open(running.address).await;
    let dripping = async {
        headers.send("POST / HTTP/1.1\r\nHost: x\r\n").await;
        while headers.stays_open(Duration::from_millis(50)).await && began.elapsed() < Duration::from_secs(10) {
            headers.send("X: y\r\n").await;
        }
        began.elapsed()
    };
    assert!(dripping.await < Duration::from_secs(5), "a header now and then buys no time");
    silent.closed().await;
    let mut body = Wire::open(running.address).await;
    body.send(format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow", hook())).await;
    assert_eq!(body.answer().await.map(|answer| answer.status), Some(408), "a body that does not come");
    body.closed().await;
    assert_eq!(running.refused("body_timeout"), 1, "and it is counted");
}

#[tokio::test]
async fn strangers_give_way_to_senders() {
    let limits = Limits { connections: 8, ..Limits::default() };
    let running = Running::with(limits, Shelf::new(Behaviour::Keeps)).await;
    let mut sender = Wire::open(running.address).await;
    sender.post(&hook(), "", end_call("first").as_bytes()).await;
    assert_eq!(sender.answer().await.map(|answer| answer.status), Some(200), "a sender that proved itself");
    let mut strangers = Vec::new();
    for _ in 0..40 {
        let mut stranger = Wire::open(running.address).await;
        stranger.send("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
        strangers.push(stranger);
        if strangers.len() % 10 == 0 {
            let answer =
                post(running.address, &hook(), "", end_call(&format!("n-{}", strangers.len())).as_bytes()).await;
            assert_eq!(answer.status, 200, "a new sender gets in between {} strangers", strangers.len());
        }
    }
    strangers[0].closed().await;
    sender.post(&hook(), "", end_call("second").as_bytes()).await;
    assert_eq!(sender.answer().await.map(|answer| answer.status), Some(200), "and the first one was not pushed out");
}

#[tokio::test]
async fn when_all_are_busy_a_newcomer_is_told_so() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let running = Running::with(limits, Shelf::new(Behaviour::Slow(Duration::from_millis(1200)))).await;
    let mut busy = Vec::new();
    for call in 0..2 {
        let mut wire = Wire::open(running.address).await;
        wire.post(&hook(), "", end_call(&format!("busy-{call}")).as_bytes()).await;
        busy.push(wire);
    }
    // Both requests are with the store before the third sender comes.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let began = Instant::now();
    let answer = post(running.address, &hook(), "", end_call("third").as_bytes()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "come back in a second: {answer:?}");
    assert!(began.elapsed() < Duration::from_millis(700), "it is told at once, not after {:?}", began.elapsed());
    for mut wire in busy {
        assert_eq!(wire.answer().await.map(|answer| answer.status), Some(200), "what was in flight is finished");
    }
    assert_eq!(running.refused("overload"), 1, "and it is counted");
}

#[tokio::test]
async fn a_stop_answers_what_is_in_flight_and_frees_the_port() {
    let shelf = Shelf::new(Behaviour::Slow(Duration::from_millis(500)));
    let running = Running::over(shelf.clone()).await;
    let address = running.address;
    let mut idle = Wire::open(address).await;
    idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(idle.answer().await.is_some(), "this one is idle afterwards");
    let mut unused = Wire::open(address).await;
    let mut busy = Wire::open(address).await;
    busy.post(&hook(), "", end_call("last").as_bytes()).await;
    while shelf.given().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let began = Instant::now();
    let handle = running.listener.handle();
    running.listener.stop().await;
    assert!(
        began.elapsed() < Duration::from_millis(2500),
        "a stop is quick when nobody is slow: {:?}",
        began.elapsed()
    );
    assert_eq!(busy.answer().await.map(|answer| answer.status), Some(200), "the callback in flight was answered");
    idle.closed().await;
    unused.closed().await;
    std::net::TcpListener::bind(address).expect("the port is free for the next process");
    assert!(handle.refusals().counts.is_empty(), "the handle still answers");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_whoever_hangs() {
    let limits = Limits { drain: Duration::from_millis(500), ..Limits::default() };
    let running = Running::with(limits, Shelf::new(Behaviour::Keeps)).await;
    let mut hanging = Wire::open(running.address).await;
    hanging.send(format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", hook())).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    running.listener.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2), "the drain is bounded: {:?}", began.elapsed());
    hanging.closed().await;
}
