//! A port that is taken: said clearly, tried again, never another one.

use std::time::Duration;

use calltrail::{
    clock::Clock,
    config::{App, Apps, Keys},
    listener::{Limits, Listener, ListenerState, PortClosed},
};

use super::{
    APP, Behaviour, NOW_MS, Running, Shelf, TOKEN, any_port, call_query, end_call,
    wire::{Wire, post},
};

#[tokio::test]
async fn a_taken_port_is_tried_until_it_is_free() {
    let other = std::net::TcpListener::bind(any_port()).expect("a free port");
    let address = other.local_addr().expect("bound");
    let limits =
        Limits { retry_first: Duration::from_millis(20), retry_most: Duration::from_millis(50), ..Limits::default() };
    let apps = Apps::new(vec![App::new(APP, "")]);
    let clock = Clock::from_fn(|| NOW_MS);
    let listener = Listener::start_within(
        limits,
        address,
        TOKEN.to_owned(),
        apps,
        Keys::default(),
        Shelf::new(Behaviour::Keeps),
        clock,
    )
    .await;
    let handle = listener.handle();
    let ListenerState::Retrying { address: wanted, why, since_ms } = handle.state() else {
        panic!("the port is taken: {:?}", handle.state());
    };
    assert_eq!((wanted, since_ms), (address, NOW_MS), "which one, and since when");
    let why = why.to_string();
    assert!(why.contains(&address.to_string()) && why.contains("taken"), "it names the address: {why}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(handle.address(), None, "no other port is opened in its place");
    drop(other);
    assert_eq!(handle.listening().await, Some(address), "as soon as it is free, it is ours");
    let answer = post(address, &format!("/hook/{TOKEN}?{}", call_query()), "", b"{}").await;
    assert_eq!(answer.status, 200, "and callbacks arrive");
    listener.stop().await;
}

#[tokio::test]
async fn a_stop_ends_the_trying() {
    let other = std::net::TcpListener::bind(any_port()).expect("a free port");
    let address = other.local_addr().expect("bound");
    let apps = Apps::default();
    let listener = Listener::start(
        address,
        TOKEN.to_owned(),
        apps,
        Keys::default(),
        Shelf::new(Behaviour::Keeps),
        Clock::system(),
    )
    .await;
    let handle = listener.handle();
    listener.stop().await;
    assert_eq!(handle.listening().await, None, "nobody tries any more");
}

#[tokio::test]
async fn a_port_that_is_opened_again_is_the_same_and_breaks_nothing_off() {
    let shelf = Shelf::new(Behaviour::Slow(Duration::from_millis(300)));
    let running = Running::over(shelf.clone()).await;
    let handle = running.listener.handle();
    let path = format!("/hook/{TOKEN}?{}", call_query());
    let mut before = Wire::open(running.address).await;
    before.post(&path, "", end_call("before").as_bytes()).await;
    // What nobody has taken yet goes with the port.
    while shelf.given().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    handle.reopen();
    assert_eq!(before.answer().await.map(|answer| answer.status), Some(200), "what was sent before is answered");
    let answer = post(running.address, &path, "", end_call("after").as_bytes()).await;
    assert_eq!(answer.status, 200, "and the same address takes callbacks");
    assert_eq!(handle.address(), Some(running.address), "which is said");
    running.listener.stop().await;
}

#[tokio::test]
async fn a_pause_refuses_everybody_and_ends_when_it_is_taken_back() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    let handle = running.listener.handle();
    let path = format!("/hook/{TOKEN}?{}", call_query());
    let mut kept = Wire::open(running.address).await;
    kept.post(&path, "", end_call("before").as_bytes()).await;
    assert_eq!(kept.answer().await.map(|answer| answer.status), Some(200), "a sender that keeps its connection");
    let until_ms = NOW_MS + 3_600_000;
    let open = handle.state();
    handle.pause(Some(until_ms));
    handle.moved_from(&open).await;
    let ListenerState::Retrying { why, .. } = handle.state() else {
        panic!("the port is closed: {:?}", handle.state());
    };
    assert_eq!(why, PortClosed::Paused { until_ms }, "which is said, and until when");
    let knocked = tokio::net::TcpStream::connect(running.address).await;
    assert!(knocked.is_err(), "the operating system refuses, so that the sender knows at once");
    kept.post(&path, "", end_call("meanwhile").as_bytes()).await;
    assert_eq!(kept.answer().await.map(|answer| answer.status), None, "also on a connection that was kept");
    handle.pause(None);
    assert_eq!(handle.listening().await, Some(running.address), "the same address is open again");
    let answer = post(running.address, &path, "", end_call("after").as_bytes()).await;
    assert_eq!(answer.status, 200, "and takes callbacks");
    running.listener.stop().await;
}

#[tokio::test]
async fn a_pause_ends_by_itself_and_at_a_stop() {
    let clock = Clock::system();
    let start = || {
        let (shelf, token) = (Shelf::new(Behaviour::Keeps), TOKEN.to_owned());
        Listener::start(any_port(), token, Apps::default(), Keys::default(), shelf, Clock::system())
    };
    let listener = start().await;
    let handle = listener.handle();
    let open = handle.state();
    handle.pause(Some(clock.now_ms() + 100));
    handle.moved_from(&open).await;
    assert!(handle.is_paused(), "for a tenth of a second");
    assert_eq!(handle.listening().await, handle.address(), "nobody has to end it");
    assert_eq!(handle.state(), open, "it is the address that Tencent knows");
    handle.pause(Some(clock.now_ms() + 3_600_000));
    handle.moved_from(&open).await;
    listener.stop().await;
    assert_eq!(handle.listening().await, None, "a stop does not wait for the end of a pause");
}
