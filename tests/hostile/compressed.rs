//! Compressed bodies: one gzip or deflate is unpacked, no further than a body may be long; everything else is refused unread.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use flate2::{Compression, write};

use super::{PATIENCE, memory_kib, serve_with_usual_files, statuses, talk};
use crate::{
    durability::load::{digest, kept},
    listener::{call_query, end_call},
};

/// Codings that are not read, and how each is told.
const REFUSED: [(&str, &str); 12] = [
    ("Content-Encoding: br", "br"),
    ("Content-Encoding: BR", "br"),
    ("Content-Encoding: zstd", "zstd"),
    ("Content-Encoding: compress", "compress"),
    ("Content-Encoding: gzip, gzip", "gzip+gzip"),
    ("Content-Encoding: gzip, identity, br", "gzip+identity+br"),
    ("Content-Encoding: deflate\r\nContent-Encoding: gzip", "deflate+gzip"),
    ("Content-Encoding: gzip;q=1", "gzip;q=1"),
    ("Content-Encoding: aes128gcm", "aes128gcm"),
    ("Content-Encoding: \u{e9}", "é"),
    ("Content-Encoding: *", "*"),
    ("Content-Encoding: identity;q=0", "identity;q=0"),
];

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = write::GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(body).expect("into memory");
    packed.finish().expect("into memory")
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut packed = write::ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(body).expect("into memory");
    packed.finish().expect("into memory")
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut packed = write::DeflateEncoder::new(Vec::new(), Compression::best());
    packed.write_all(body).expect("into memory");
    packed.finish().expect("into memory")
}

#[test]
fn what_is_packed_otherwise_is_refused_before_it_is_sent() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    for (coding, told) in REFUSED {
        let mut stream = TcpStream::connect(serve.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        // Nothing of the body is ever sent, so an answer that waited for it would not come.
        let head = format!("POST {hook} HTTP/1.1\r\nHost: x\r\n{coding}\r\nContent-Length: 200000\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer, and the end of the connection");
        assert_eq!(statuses(&answer), [415], "{coding:?}: {answer}");
        assert!(answer.contains("compressed bodies are not taken"), "{coding:?} is told why: {answer}");
        let told = if told.is_ascii() { format!("({told})") } else { "(?)".to_owned() };
        assert!(answer.contains(&told) || answer.contains("(??)"), "{coding:?} is told which: {answer}");
        assert!(answer.to_lowercase().contains("accept-encoding: gzip, deflate"), "and what is taken: {answer}");
    }
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    assert!(kept(&data_dir).is_empty(), "what was refused is not kept");
}

#[test]
fn a_bomb_is_refused_without_being_unpacked() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    let zeros = vec![0; 64 * 1024 * 1024];
    let bombs = [
        ("gzip", gzip(&zeros)),
        ("x-gzip", gzip(&zeros)),
        ("deflate", zlib(&zeros)),
        ("deflate", deflate(&zeros)),
        ("gzip", gzip(&vec![b' '; 256 * 1024 + 1])),
        // Many small ones in a row.
        ("gzip", gzip(&vec![b' '; 64 * 1024]).repeat(50)),
        ("gzip", gzip(b"").repeat(10_000)),
    ];
    let before = memory_kib(serve.id());
    for (coding, packed) in &bombs {
        let length = packed.len();
        let head = format!(
            "POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
        );
        let answer = talk(serve.address, &[head.as_bytes(), packed].concat());
        let want = if *packed == gzip(b"").repeat(10_000) { 400 } else { 413 };
        assert_eq!(statuses(&answer), [want], "{length} bytes of {coding}: {answer}");
    }
    // What is too long before it is unpacked is not even read.
    let head =
        format!("POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 10737418240\r\n\r\n");
    assert_eq!(statuses(&talk(serve.address, head.as_bytes())), [413], "10 GiB of gzip");
    let grown = memory_kib(serve.id()).saturating_sub(before);
    assert!(grown < 8 * 1024, "nothing is unpacked further than a body may be long: {grown} KiB more");
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
}

#[test]
fn what_a_relay_packed_is_kept_as_it_was_sent() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let mut want = std::collections::BTreeSet::new();
    let long = format!("{}{}", end_call("long"), " ".repeat(200 * 1024));
    type Pack = fn(&[u8]) -> Vec<u8>;
    let gzip: Pack = gzip;
    for (name, coding, pack) in [
        ("gzip", "gzip", gzip),
        ("capitals", "GZip", gzip),
        ("x-gzip", "x-gzip", gzip),
        ("spaces", "\tgzip ", gzip),
        ("identity", "identity, gzip", gzip),
        ("comma", ",gzip", gzip),
        ("zlib", "deflate", zlib),
        ("raw deflate", "deflate", deflate),
        ("a header that was left", "gzip", <[u8]>::to_vec),
        ("another one", "deflate", <[u8]>::to_vec),
        ("none", "", <[u8]>::to_vec),
        ("no coding", "identity", <[u8]>::to_vec),
        ("no coding, in capitals", "IDENTITY", <[u8]>::to_vec),
    ] {
        let body = end_call(name);
        let answer = serve.post(&call_query(), &[("Content-Encoding", coding)], &pack(body.as_bytes()));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        want.insert(digest(body.as_bytes()));
    }
    let answer = serve.post(&call_query(), &[("Content-Encoding", "gzip")], &gzip(long.as_bytes()));
    assert_eq!(answer.status, 200, "200 KiB of text are few packed: {}", answer.body);
    want.insert(digest(long.as_bytes()));
    for (name, coding, pack) in [("padded gzip", "gzip", gzip), ("padded zlib", "deflate", zlib)] {
        let body = end_call(name);
        let padded = [pack(body.as_bytes()), vec![0; 4096]].concat();
        let answer = serve.post(&call_query(), &[("Content-Encoding", coding)], &padded);
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        want.insert(digest(body.as_bytes()));
    }
    let again = serve.post(&call_query(), &[], end_call("gzip").as_bytes());
    assert_eq!(again.status, 200, "the same, sent again as it is, is the same delivery");
    for (name, packed) in [
        ("cut off", gzip(end_call("cut").as_bytes())[..40].to_vec()),
        ("something behind it", [gzip(end_call("behind").as_bytes()), b"garbage".to_vec()].concat()),
        ("something behind zeros", [gzip(end_call("behind").as_bytes()), b"\0\0garbage".to_vec()].concat()),
        ("no gzip", b"not packed at all".to_vec()),
    ] {
        let answer = serve.post(&call_query(), &[("Content-Encoding", "gzip")], &packed);
        assert_eq!(answer.status, 400, "{name}: {}", answer.body);
        assert!(answer.body.contains("cannot be unpacked"), "{name} is told why: {}", answer.body);
    }
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    assert_eq!(kept(&data_dir), want, "the bodies themselves are kept");
}
