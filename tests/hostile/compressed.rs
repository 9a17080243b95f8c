//! Compressed bodies are refused unread: what is not unpacked cannot burst.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::{PATIENCE, memory_kib, serve_with_usual_files, statuses};
use crate::{
    durability::load::kept,
    listener::{call_query, end_call},
};

/// How every coding may be announced.
const CODINGS: [&str; 20] = [
    "Content-Encoding: gzip",
    "Content-Encoding: GZip",
    "Content-Encoding: x-gzip",
    "Content-Encoding: br",
    "Content-Encoding: BR",
    "Content-Encoding: zstd",
    "Content-Encoding: deflate",
    "Content-Encoding: compress",
    "Content-Encoding: \tgzip ",
    "Content-Encoding: gzip, gzip",
    "Content-Encoding: identity, gzip",
    "Content-Encoding: gzip, identity",
    "Content-Encoding: identity\r\nContent-Encoding: gzip",
    "Content-Encoding: ,gzip",
    "Content-Encoding: gzip;q=1",
    "Content-Encoding: aes128gcm",
    "Content-Encoding: \u{e9}",
    "content-encoding: gzip",
    "Content-Encoding: *",
    "Content-Encoding: identity;q=0",
];

#[test]
fn a_compressed_body_is_refused_before_it_is_sent() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    let before = memory_kib(serve.id());
    for coding in CODINGS {
        let mut stream = TcpStream::connect(serve.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        // Nothing of the body is ever sent, so an answer that waited for it would not come.
        let head = format!("POST {hook} HTTP/1.1\r\nHost: x\r\n{coding}\r\nContent-Length: 200000\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer, and the end of the connection");
        assert_eq!(statuses(&answer), [415], "{coding:?}: {answer}");
        assert!(answer.contains("compressed bodies are not taken"), "{coding:?} is told why: {answer}");
    }
    // 10 MiB of zeros, as small as gzip makes them.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 10 * 1024 * 1024]).expect("into memory");
    let packed = packed.finish().expect("into memory");
    for length in [packed.len().to_string(), "10737418240".to_owned()] {
        let head =
            format!("POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
        let answer = super::talk(serve.address, &[head.as_bytes(), &packed].concat());
        let want = if length == packed.len().to_string() { 415 } else { 413 };
        assert_eq!(statuses(&answer), [want], "a length of {length}: {answer}");
    }
    let grown = memory_kib(serve.id()).saturating_sub(before);
    assert!(grown < 4 * 1024, "nothing is unpacked: {grown} KiB more");

    for plain in ["", "Content-Encoding: identity\r\n", "Content-Encoding: IDENTITY\r\n", "Content-Encoding:\r\n"] {
        let headers: Vec<(&str, &str)> = plain.trim_end().split_once(':').into_iter().collect();
        let body = end_call(&format!("plain {plain:?}").replace(['"', '\\'], ""));
        let answer = serve.post(&call_query(), &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{plain:?} is no coding: {}", answer.body);
    }
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    assert_eq!(kept(&data_dir).len(), 4, "what was refused is not kept");
}
