//! Abuse of the protocol over raw sockets, on the real program: each is refused or closed, nothing of it is kept, and the
//! program does not notice.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use calltrail::store::Reader;
use expect_test::{Expect, expect};

use super::{PATIENCE, serve_with_usual_files, statuses, talk};
use crate::{
    durability::load::kept,
    listener::{call_query, end_call},
    process::Serve,
};

/// The program under attack.
struct Target {
    serve: Serve,
    home: tempfile::TempDir,
}

impl Target {
    fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        Self { serve: serve_with_usual_files(&home.path().join("data")), home }
    }

    /// The address of the hook with a query as Tencent's.
    fn hook(&self) -> String {
        format!("{}?{}", self.serve.path, call_query())
    }

    /// A whole POST with these header lines (each with its line end) and this body, and no wish to go on.
    fn post(&self, headers: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n", self.hook());
        [head.as_bytes(), body].concat()
    }

    /// What each is answered, as lines of `name: statuses`; none of them may be a success.
    fn refuses(&self, cases: &[(&str, Vec<u8>)]) -> String {
        let mut lines = String::new();
        for (name, bytes) in cases {
            let answers = talk(self.serve.address, bytes);
            let statuses = statuses(&answers);
            let refused = statuses.iter().all(|status| (400..500).contains(status));
            assert!(refused, "{name} is refused or closed, not answered {answers}");
            let said: Vec<String> = statuses.iter().map(u16::to_string).collect();
            writeln!(lines, "{name}: {}", if said.is_empty() { "closed".to_owned() } else { said.join(" ") })
                .expect("text");
        }
        lines
    }

    /// Takes a callback as if nothing had been, ends, and holds so many in all.
    fn ends_unharmed(self, kept_before: usize) {
        let answer = self.serve.post(&call_query(), &[], end_call("as if nothing had been").as_bytes());
        assert_eq!(answer.status, 200, "the next sender does not notice");
        let words = self.serve.last_words();
        assert!(!words.contains("panicked") && !words.contains("ERROR"), "nothing broke: {words}");
        let data_dir = self.home.path().join("data");
        assert_eq!(kept(&data_dir).len(), kept_before + 1, "nothing of what was refused is kept");
        let overview = Reader::open(&data_dir).and_then(|reader| reader.overview()).expect("readable");
        assert_eq!(overview.quarantined, 0, "nor put aside");
    }
}

fn matches(lines: &str, want: &Expect) {
    want.assert_eq(lines);
}

#[test]
fn heads_that_break_the_rules() {
    let target = Target::start();
    let hook = target.hook();
    let body = end_call("smuggled");
    let length = format!("Content-Length: {}\r\n", body.len());
    let line = |line: &str| format!("{line}\r\nHost: x\r\nConnection: close\r\n{length}\r\n{body}").into_bytes();
    let with = |headers: &str| target.post(&format!("{length}{headers}"), body.as_bytes());
    let many: String = (0..101).fold(String::new(), |many, n| many + &format!("X-{n}: y\r\n"));
    let lines = target.refuses(&[
        ("101 headers", with(&many)),
        ("a header line of 64 KiB", with(&format!("X: {}\r\n", "y".repeat(64 * 1024)))),
        ("a header name of 64 KiB", with(&format!("{}: y\r\n", "X".repeat(64 * 1024)))),
        ("a header that goes on in the next line", with("X: y\r\n z\r\n")),
        ("a header without a name", with(": y\r\n")),
        ("a header with a space before the colon", with("Content-Length : 5\r\n")),
        ("a header without a colon", with("X\r\n")),
        ("a header with a NUL", with("X: a\0b\r\n")),
        ("a header with a bare line feed", with("X: a\rb\r\n")),
        ("no host", format!("POST {hook} HTTP/1.1\r\nConnection: close\r\n{length}\r\n{body}").into_bytes()),
        ("two hosts", with("Host: y\r\n")),
        ("two hosts that are the same", with("Host: x\r\n")),
        ("HTTP/0.9", format!("POST {hook}\r\n\r\n").into_bytes()),
        ("HTTP/1.2", line(&format!("POST {hook} HTTP/1.2"))),
        ("HTTP/2.0", line(&format!("POST {hook} HTTP/2.0"))),
        ("no version at all", line(&format!("POST {hook} FTP/1.1"))),
        ("the beginning of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        ("the beginning of TLS", b"\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03\r\n\r\n\r\n".to_vec()),
        ("the beginning of SSH", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n".to_vec()),
        ("the beginning of SMB", b"\0\0\0\x85\xffSMBr\0\0\0\0\x18S\xc8\0\0\r\n\r\n".to_vec()),
        ("4,000 NUL bytes", vec![0; 4_000]),
        ("40,000 empty lines", b"\r\n".repeat(40_000)),
        ("a method that is none", line(&format!("P\0ST {hook} HTTP/1.1"))),
        ("a method of 40,000 letters", line(&format!("{} {hook} HTTP/1.1", "P".repeat(40_000)))),
        ("a method that nobody knows", line(&format!("FROB {hook} HTTP/1.1"))),
        ("a method in small letters", line(&format!("post {hook} HTTP/1.1"))),
        ("CONNECT", line("CONNECT evil.example:443 HTTP/1.1")),
        ("TRACE", line(&format!("TRACE {hook} HTTP/1.1"))),
        ("the asterisk", line("OPTIONS * HTTP/1.1")),
        ("a query of 64 KiB", line(&format!("POST {hook}&x={} HTTP/1.1", "y".repeat(64 * 1024)))),
        ("20,000 keys in a query", line(&format!("POST {hook}{} HTTP/1.1", "&a=".repeat(20_000)))),
        ("a space in the path", line(&format!("POST {hook} x HTTP/1.1"))),
        ("a byte that is no ASCII in the path", line("POST /hook/\u{e9} HTTP/1.1")),
        ("%00 in the token", line("POST /hook/%00 HTTP/1.1")),
        ("%00 after the token", line(&format!("POST {} HTTP/1.1", hook.replace('?', "%00?")))),
        ("a way up and back", line(&format!("POST /x/..{hook} HTTP/1.1"))),
        ("a way up from the hook", line("POST /hook/../healthz HTTP/1.1")),
        ("a way up, hidden", line("POST /hook/%2e%2e/healthz HTTP/1.1")),
        ("a slash, hidden", line(&format!("POST {} HTTP/1.1", hook.replacen("/hook/", "/hook%2f", 1)))),
        ("a backslash", line(&format!("POST {} HTTP/1.1", hook.replacen("/hook/", "\\hook\\", 1)))),
        ("the hook in capitals", line(&format!("POST {} HTTP/1.1", hook.replacen("/hook/", "/HOOK/", 1)))),
        ("the API", line("GET /api/status HTTP/1.1")),
        ("another file", line("GET /../../etc/passwd HTTP/1.1")),
        ("another host in the address", line("POST http://evil.example/api/apps HTTP/1.1")),
        ("another scheme", line("POST file:///hook/x HTTP/1.1")),
    ]);
    matches(
        &lines,
        &expect![[r#"
        101 headers: 431
        a header line of 64 KiB: 431
        a header name of 64 KiB: 431
        a header that goes on in the next line: 400
        a header without a name: 400
        a header with a space before the colon: 400
        a header without a colon: 400
        a header with a NUL: 400
        a header with a bare line feed: 400
        no host: 400
        two hosts: 400
        two hosts that are the same: 400
        HTTP/0.9: 400
        HTTP/1.2: 400
        HTTP/2.0: 400
        no version at all: 400
        the beginning of HTTP/2: closed
        the beginning of TLS: 400
        the beginning of SSH: 400
        the beginning of SMB: 400
        4,000 NUL bytes: 400
        40,000 empty lines: 431
        a method that is none: 400
        a method of 40,000 letters: 405
        a method that nobody knows: 405
        a method in small letters: 405
        CONNECT: 404
        TRACE: 405
        the asterisk: 404
        a query of 64 KiB: 431
        20,000 keys in a query: 431
        a space in the path: 400
        a byte that is no ASCII in the path: 404
        %00 in the token: 404
        %00 after the token: 404
        a way up and back: 404
        a way up from the hook: 404
        a way up, hidden: 404
        a slash, hidden: 404
        a backslash: 400
        the hook in capitals: 404
        the API: 404
        another file: 404
        another host in the address: 404
        another scheme: 400
    "#]],
    );
    target.ends_unharmed(0);
}

#[test]
fn bodies_whose_end_is_unclear() {
    let target = Target::start();
    let body = end_call("unclear");
    let chunked = |chunks: &str| target.post("Transfer-Encoding: chunked\r\n", chunks.as_bytes());
    let with = |headers: &str| target.post(headers, body.as_bytes());
    let lines = target.refuses(&[
        ("a length that is no number", with("Content-Length: x\r\n")),
        ("a length below zero", with("Content-Length: -1\r\n")),
        ("a length with a plus", with(&format!("Content-Length: +{}\r\n", body.len()))),
        ("a length in hex", with("Content-Length: 0x10\r\n")),
        ("a length over 2^64", with("Content-Length: 99999999999999999999999\r\n")),
        ("two lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n")),
        ("two lengths in one", with("Content-Length: 5, 6\r\n")),
        ("a body that ends too soon", target.post("Content-Length: 100000\r\n", b"")),
        ("a chunk size that is no number", chunked("zz\r\n{}\r\n0\r\n\r\n")),
        ("a chunk size below zero", chunked("-2\r\n{}\r\n0\r\n\r\n")),
        ("a chunk size over 2^64", chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n")),
        ("a chunk size of 2^64-1", chunked("ffffffffffffffff\r\n{}\r\n0\r\n\r\n")),
        ("a chunk shorter than its size", chunked("3\r\n{}\r\n0\r\n\r\n")),
        ("a chunk longer than its size", chunked("1\r\n{}\r\n0\r\n\r\n")),
        ("a chunk extension of 64 KiB", chunked(&format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(64 * 1024)))),
        ("a trailer of 64 KiB", chunked(&format!("2\r\n{{}}\r\n0\r\nX: {}\r\n\r\n", "x".repeat(64 * 1024)))),
        ("200,000 chunks of nothing but extensions", chunked(&"1;x\r\n \r\n".repeat(200_000))),
        ("chunks and gzip", target.post("Transfer-Encoding: gzip, chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n")),
        ("chunked twice", target.post("Transfer-Encoding: chunked, chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n")),
        ("chunked, but not last", target.post("Transfer-Encoding: chunked, gzip\r\n", b"2\r\n{}\r\n0\r\n\r\n")),
        ("an encoding that nobody knows", target.post("Transfer-Encoding: x\r\n", b"2\r\n{}\r\n0\r\n\r\n")),
        ("chunked with a tab", target.post("Transfer-Encoding: \x0bchunked\r\n", b"2\r\n{}\r\n0\r\n\r\n")),
        (
            "chunks in HTTP/1.0",
            format!(
                "POST {} HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n",
                target.hook()
            )
            .into_bytes(),
        ),
    ]);
    matches(
        &lines,
        &expect![[r#"
        a length that is no number: 400
        a length below zero: 400
        a length with a plus: 400
        a length in hex: 400
        a length over 2^64: 400
        two lengths: 400
        two lengths in one: 400
        a body that ends too soon: 408
        a chunk size that is no number: 400
        a chunk size below zero: 400
        a chunk size over 2^64: 400
        a chunk size of 2^64-1: 408
        a chunk shorter than its size: 400
        a chunk longer than its size: 400
        a chunk extension of 64 KiB: 400
        a trailer of 64 KiB: 400
        200,000 chunks of nothing but extensions: 400
        chunks and gzip: 415
        chunked twice: 415
        chunked, but not last: 400
        an encoding that nobody knows: 400
        chunked with a tab: 400
        chunks in HTTP/1.0: 400
    "#]],
    );
    target.ends_unharmed(0);
}

#[test]
fn what_is_odd_and_legal_is_taken() {
    let target = Target::start();
    let (hook, body) = (target.hook(), end_call("chunked"));
    let chunks = format!("{:x};name=value\r\n{body}\r\n0\r\nX-Trailer: y\r\n\r\n", body.len());
    let keys = "&a=".repeat(5_000);
    let long = "y".repeat(16 * 1024);
    let plain = |id: &str, target: &str, headers: &str| {
        let body = end_call(id);
        let length = body.len();
        format!(
            "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .into_bytes()
    };
    let cases = [
        ("chunks with extensions and a trailer", target.post("Transfer-Encoding: chunked\r\n", chunks.as_bytes())),
        ("a query of 16 KiB", plain("query", &format!("{hook}&x={long}"), "")),
        ("5,000 keys in a query", plain("keys", &format!("{hook}{keys}"), "")),
        ("60 headers", plain("headers", &hook, &(0..60).map(|n| format!("X-{n}: y\r\n")).collect::<String>())),
        ("the absolute form", plain("absolute", &format!("http://evil.example{hook}"), "")),
        ("two slashes", plain("slashes", &format!("/{hook}"), "")),
        ("slashes everywhere", plain("everywhere", &hook.replace('/', "//").replacen('?', "//?", 1), "")),
        ("a prefix that a proxy left", plain("prefix", &format!("/calls{hook}"), "")),
        ("letters as codes", plain("codes", &hook.replacen("/hook/", "/%68%6Fok/", 1), "")),
        ("a dot", plain("dot", &format!("/.{hook}"), "")),
        ("two question marks", plain("questions", &hook.replacen('?', "?from=tunnel?", 1), "")),
        (
            "what Node's fetch sends",
            plain("node", &hook, "Sec-Fetch-Mode: cors\r\nUser-Agent: node\r\nAccept-Language: *\r\n"),
        ),
        ("what a relay passes on", plain("relay", &hook, "Cookie: session=1\r\nReferer: https://x.example/\r\n")),
        ("a way up below the token", plain("below", &hook.replacen('?', "/../../api?", 1), "")),
        ("empty lines before it", [b"\r\n\r\n".to_vec(), plain("lines", &hook, "")].concat()),
        ("another protocol is offered", plain("h2c", &hook, "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")),
        ("HTTP/1.0 without a host", {
            let body = end_call("old");
            format!("POST {hook} HTTP/1.0\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
        }),
        ("ranges", plain("ranges", &hook, &format!("Range: bytes=0-{}\r\n", ",0-".repeat(5_000)))),
    ];
    for (name, bytes) in &cases {
        let answers = talk(target.serve.address, bytes);
        assert!(!answers.contains("HTTP/1.1 101"), "{name}: no other protocol is spoken");
        assert_eq!(statuses(&answers.replace("HTTP/1.0", "HTTP/1.1")), [200], "{name}: {answers}");
    }
    target.ends_unharmed(cases.len());
}

#[test]
fn a_hundred_requests_at_once_are_a_hundred_answers() {
    let target = Target::start();
    let hook = target.hook();
    let mut bytes = String::new();
    for n in 0..100 {
        let body = end_call(&format!("pipelined-{n}"));
        // Each third one is refused, which must not shift the answers of the others.
        let path = if n % 3 == 2 { "/hook/wrong" } else { hook.as_str() };
        let last = if n == 99 { "Connection: close\r\n" } else { "" };
        write!(bytes, "POST {path} HTTP/1.1\r\nHost: x\r\n{last}Content-Length: {}\r\n\r\n{body}", body.len())
            .expect("text");
    }
    let answers = statuses(&talk(target.serve.address, bytes.as_bytes()));
    let want: Vec<u16> = (0..100).map(|n| if n % 3 == 2 { 404 } else { 200 }).collect();
    assert_eq!(answers, want, "each is answered, in order");
    target.ends_unharmed(67);
}

#[test]
fn both_lengths_mean_chunks_and_nothing_hides_in_the_rest() {
    let target = Target::start();
    // A proxy that goes by the length would take this for one request. Nothing is gained: each request is checked by itself.
    let hidden = "GET /api/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let chunks = format!("2\r\n{{}}\r\n0\r\n\r\n{hidden}");
    for (n, order) in [
        "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n",
    ]
    .iter()
    .enumerate()
    {
        let headers = order.replace("LENGTH", &chunks.len().to_string());
        let bytes = format!("POST {}&n={n} HTTP/1.1\r\nHost: x\r\n{headers}\r\n{chunks}", target.hook());
        let answers = statuses(&talk(target.serve.address, bytes.as_bytes()));
        assert!(answers == [200, 404] || answers == [200] || answers == [400], "{order:?}: {answers:?}");
    }
    target.ends_unharmed(1);
}

#[test]
fn whoever_asks_before_sending_is_told_to_go_on_or_not_to() {
    let target = Target::start();
    let body = end_call("expected");
    let ask = |path: &str, headers: &str| {
        let mut stream = TcpStream::connect(target.serve.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        let mut first = [0; 25];
        stream.read_exact(&mut first).expect("an answer although no body was sent");
        (stream, String::from_utf8_lossy(&first).into_owned())
    };
    let (mut stream, first) = ask(&target.hook(), "");
    assert_eq!(first, "HTTP/1.1 100 Continue\r\n\r\n", "go on");
    stream.write_all(body.as_bytes()).expect("sent");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("an answer");
    assert_eq!(statuses(&rest), [200], "and then it is kept: {rest}");
    for (path, headers, want) in [
        ("/hook/wrong", "", "HTTP/1.1 404"),
        (target.hook().as_str(), "Origin: null\r\n", "HTTP/1.1 403"),
        (&target.hook(), "Content-Encoding: br\r\n", "HTTP/1.1 415"),
    ] {
        let (_, first) = ask(path, headers);
        assert!(first.starts_with(want), "the body is not even asked for: {first}");
    }
    target.ends_unharmed(1);
}
