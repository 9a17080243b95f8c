//! A port that cannot be opened: which one, why and what to do is said, it is tried again, and no other is taken in its place.

use std::{
    io::{BufRead as _, BufReader},
    net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    process::Child,
};

use crate::{
    listener::{call_query, end_call},
    process::{command, ready},
};

/// The first line that a program says which waits for its port. It is ended then.
fn complaint(mut child: Child) -> String {
    let mut said = String::new();
    BufReader::new(child.stderr.take().expect("piped")).read_line(&mut said).expect("standard error");
    assert_eq!(child.try_wait().expect("a child"), None, "it does not give up after: {said}");
    child.kill().expect("it runs");
    let rest = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&rest.stdout), "", "it is not ready, and so prints no address");
    said
}

#[test]
fn an_address_that_is_not_there_is_named_and_waited_for() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    // From the block for documentation: no adapter has it.
    let child = command(&data_dir, &["--hook", "192.0.2.1:8787", "--no-web"]).spawn().expect("it starts");
    let said = complaint(child);
    for part in ["no address 192.0.2.1 now", "Connect the network adapter", "keeps trying this address"] {
        assert!(said.contains(part), "{part:?} is missing from: {said}");
    }
}

#[test]
fn a_port_that_needs_rights_is_named_with_the_way_around() {
    if TcpListener::bind("127.0.0.1:81").is_ok() {
        eprintln!("skipped: this user may open every port");
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let child = command(&data_dir, &["--hook", "127.0.0.1:81", "--no-web"]).spawn().expect("it starts");
    let said = complaint(child);
    for part in ["may not open 127.0.0.1:81", "Ports below 1024 need a permission"] {
        assert!(said.contains(part), "{part:?} is missing from: {said}");
    }
}

#[test]
fn ipv6_alone_is_enough() {
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("skipped: this computer has no IPv6");
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = ready(command(&data_dir, &["--hook", "[::1]:0", "--web", "[::1]:0"]).spawn().expect("it starts"));
    assert!(serve.address.is_ipv6(), "the address as asked for: {}", serve.address);
    let v4 = SocketAddr::from(([127, 0, 0, 1], serve.address.port()));
    assert!(TcpStream::connect(v4).is_err(), "and no other");
    assert_eq!(serve.post(&call_query(), &[], end_call("six").as_bytes()).status, 200, "callbacks arrive");
    assert_eq!(serve.api("/api/deliveries")["rows"].as_array().map(Vec::len), Some(1), "and so does the web page");
}
