//! A stop in the middle of an attack, and the next start: nobody who holds a connection holds up the end or the port.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::{PATIENCE, statuses};
use crate::{
    durability::load::kept,
    listener::{call_query, end_call},
    process::{Sender, Serve, command, ready},
};

#[test]
fn a_stop_among_attackers_is_quick_and_the_port_is_free_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let (address, path) = (serve.address, serve.path.clone());
    let open = |bytes: String| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        stream.write_all(bytes.as_bytes()).expect("sent");
        stream
    };
    let mut attackers = Vec::new();
    for _ in 0..20 {
        attackers.push(open(String::new()));
        attackers.push(open("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_owned()));
        attackers.push(open(format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")));
    }
    let mut sender = Sender::connect(address, &path).expect("it listens");
    assert_eq!(sender.post(&end_call("before")).expect("an answer"), 200, "a sender among them");
    // The head and half of the body are there when the stop comes; the rest follows afterwards.
    let body = end_call("in flight");
    let (half, rest) = body.split_at(body.len() / 2);
    let query = call_query();
    let mut late =
        open(format!("POST {path}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{half}", body.len()));
    // Whoever came later is answered, so what came before has been taken.
    assert_eq!(sender.post(&end_call("before the stop")).expect("an answer"), 200, "the same sender");
    let stopping = std::thread::spawn(move || serve.terminate());
    wait_for_refusal(address);
    late.write_all(rest.as_bytes()).expect("the connection is still there");
    let mut answer = String::new();
    late.read_to_string(&mut answer).expect("an answer, and the end");
    assert_eq!(statuses(&answer), [200], "what was in flight is answered: {answer}");
    let (status, took) = stopping.join().expect("it was asked");
    assert_eq!(status.code(), Some(0), "a stop that was asked for is no failure");
    assert!(took < Duration::from_secs(5), "attackers get three seconds and no more: {took:?}");
    assert_eq!(kept(&data_dir).len(), 3, "what was answered is kept");

    let began = Instant::now();
    let hook = address.to_string();
    let again = ready(command(&data_dir, &["--hook", &hook, "--no-web"]).spawn().expect("it starts"));
    assert_eq!((again.address, again.path.as_str()), (address, path.as_str()), "the address that Tencent knows");
    let answer = again.post(&query, &[], end_call("after").as_bytes());
    assert_eq!(answer.status, 200, "callbacks arrive again");
    assert!(began.elapsed() < Duration::from_secs(5), "a restart is a short gap, not {:?}", began.elapsed());
}

/// Waits until the port is closed: the word to stop has been heard.
fn wait_for_refusal(address: std::net::SocketAddr) {
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < PATIENCE, "the port is closed at once when the stop begins");
        std::thread::sleep(Duration::from_millis(5));
    }
}
