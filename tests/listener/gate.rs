//! What is refused before anything is kept, with its status and its count.

use calltrail::store::delivery::Place;

use super::{
    APP, Behaviour, Running, Shelf, TOKEN, call_query, end_call,
    wire::{Wire, post},
};

#[tokio::test]
async fn everything_but_the_hook_is_a_bare_404() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    let wrong = TOKEN.replace('0', "f");
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/favicon.ico"),
        ("GET", "/api/status"),
        ("POST", "/api/status"),
        ("GET", "/hook/"),
        ("POST", &format!("/hook/{wrong}")),
        ("GET", &format!("/hook/{wrong}")),
        ("POST", "/healthz"),
        ("GET", "/healthz/"),
    ] {
        let mut wire = Wire::open(running.address).await;
        wire.send(format!("{method} {path} HTTP/1.1\r\nHost: x\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n")).await;
        let answer = wire.answer().await.expect("an answer");
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{method} {path} tells nothing");
        assert_eq!(answer.header("content-type"), "", "{method} {path} has nothing to describe");
    }
    assert_eq!(running.refused("unknown_path"), 9, "each was counted");
    let mut wire = Wire::open(running.address).await;
    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let health = wire.answer().await.expect("an answer");
    assert_eq!((health.status, health.body.as_str()), (200, "ok"), "whoever watches the listener may ask");
}

#[tokio::test]
async fn each_refusal_has_its_status_and_its_count_and_keeps_nothing() {
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    let body = end_call("refused");
    for (headers, status, reason) in [
        ("Origin: https://evil.example\r\n", 403, "browser"),
        ("Sec-Fetch-Site: cross-site\r\n", 403, "browser"),
        ("Sec-Fetch-Site: none\r\nCookie: a=b\r\n", 403, "browser"),
        ("Content-Encoding: gzip, gzip\r\n", 415, "encoding"),
        ("Content-Encoding: br\r\n", 415, "encoding"),
    ] {
        let before = running.refused(reason);
        let answer = post(running.address, &hook, headers, body.as_bytes()).await;
        let detail = running.listener.handle().refusals().last[0].detail.clone();
        let told = if status == 415 {
            headers.trim_start_matches("Content-Encoding: ").trim().replace(", ", "+")
        } else {
            String::new()
        };
        assert_eq!(detail, told, "{headers:?}: what it was is said");
        assert_eq!(answer.status, status, "{headers:?}: {answer:?}");
        assert_eq!(running.refused(reason), before + 1, "{headers:?} is counted as {reason}");
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let mut wire = Wire::open(running.address).await;
        wire.send(format!("{method} {hook} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).await;
        let answer = wire.answer().await.expect("an answer");
        assert_eq!((answer.status, answer.header("allow")), (405, "post"), "{method}: {answer:?}");
    }
    assert!(shelf.given().is_empty(), "nothing of these reaches the archive");
    let refusals = running.listener.handle().refusals();
    assert_eq!(refusals.last.len(), 10, "and each is remembered");
    for refusal in &refusals.last {
        assert_eq!(refusal.path, "/hook/…", "the token is nobody's business: {refusal:?}");
        assert_eq!(refusal.remote, "127.0.0.1", "who it was: {refusal:?}");
    }
}

#[tokio::test]
async fn a_body_may_be_256_kib_and_not_a_byte_more() {
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    let largest = vec![b' '; 256 * 1024];
    assert_eq!(post(running.address, &hook, "", &largest).await.status, 200, "exactly the limit is taken");
    assert_eq!(shelf.given()[0].0.body.len(), 256 * 1024, "and kept whole");
    let larger = vec![b' '; 256 * 1024 + 1];
    let answer = post(running.address, &hook, "", &larger).await;
    assert_eq!((answer.status, answer.header("connection")), (413, "close"), "one byte more is not: {answer:?}");

    // Announced only: the answer comes although not a byte of the body does.
    let mut wire = Wire::open(running.address).await;
    wire.send(format!("POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n")).await;
    assert_eq!(wire.answer().await.expect("an answer").status, 413, "the length alone decides");

    // Not announced: the reading stops at the limit.
    let mut wire = Wire::open(running.address).await;
    wire.send(format!("POST {hook} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")).await;
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    for _ in 0..8 {
        wire.send(&chunk).await;
    }
    assert_eq!(wire.answer().await.expect("an answer").status, 413, "chunks are counted");
    assert_eq!(running.refused("too_large"), 3, "all three are counted");
    assert_eq!(shelf.given().len(), 1, "and none of them was kept");
}

#[tokio::test]
async fn odd_but_legal_requests_are_taken() {
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let long = format!("{}&x={}", call_query(), "y".repeat(8 * 1024));
    let body = end_call("odd");
    for (path, headers, why) in [
        (format!("/hook/{TOKEN}?{long}"), "", "a query of 8 KiB"),
        (format!("/hook/{TOKEN}/below/it?{}", call_query()), "", "a path below the hook"),
        (format!("/hook/{TOKEN}?{}", call_query()), "Content-Type: text/xml\r\n", "any content type"),
        (format!("/hook/{TOKEN}?{}", call_query()), "Content-Encoding: identity\r\n", "an encoding that is none"),
        (format!("http://hook.example/hook/{TOKEN}?{}", call_query()), "", "the absolute form that proxies use"),
    ] {
        assert_eq!(post(running.address, &path, headers, body.as_bytes()).await.status, 200, "{why}");
    }
    let mut wire = Wire::open(running.address).await;
    wire.send(format!("POST /hook/{TOKEN}?SdkAppid={APP} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"))
        .await;
    assert_eq!(wire.answer().await.expect("an answer").status, 200, "a chunked body");
    assert_eq!(shelf.given().len(), 6, "all of them were kept");
    assert!(shelf.given()[0].0.query.ends_with("yyyy"), "the long query with its end");
}

#[tokio::test]
async fn what_is_not_http_is_answered_or_closed_and_stops_nothing() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    let many = (0..101).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    for (name, bytes) in [
        ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("101 headers", format!("POST / HTTP/1.1\r\nHost: x\r\n{many}\r\n").into_bytes()),
        ("a header of 64 KiB", format!("POST / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(65536)).into_bytes()),
        ("a length that is no number", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n".to_vec()),
        ("zeros", vec![0; 64]),
    ] {
        let mut wire = Wire::open(running.address).await;
        wire.send(bytes).await;
        let status = wire.answer().await.map_or(400, |answer| answer.status);
        assert!((400..500).contains(&status), "{name} was answered with {status}");
        wire.closed().await;
    }
    assert!(running.refused("not_http") >= 5, "it is counted: {:?}", running.listener.handle().refusals().counts);
    let mut wire = Wire::open(running.address).await;
    wire.send(format!("POST /hook/{TOKEN} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")).await;
    assert_eq!(wire.answer().await.map(|answer| answer.status), Some(400), "a chunk size that is no number");
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    assert_eq!(post(running.address, &hook, "", b"{}").await.status, 200, "the next sender does not notice");
}

#[tokio::test]
async fn what_was_spoken_instead_of_http_is_named() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    let hello = [b"\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03".as_slice(), &[0x5a; 200]].concat();
    let proxied = format!("POST /hook/{TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}");
    let version_2 = [b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".as_slice(), &[127; 12], proxied.as_bytes()].concat();
    for (name, bytes, want) in [
        ("a TLS hello", hello.clone(), "tls"),
        ("the first byte of one", b"\x16".to_vec(), "tls"),
        ("PROXY protocol", format!("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n{proxied}").into_bytes(), "proxy_protocol"),
        ("PROXY protocol of no address", format!("PROXY UNKNOWN\r\n{proxied}").into_bytes(), "proxy_protocol"),
        ("PROXY protocol 2", version_2, "proxy_protocol"),
        ("h2c", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(), "http2"),
        ("SSH", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".to_vec(), "ssh"),
        ("SOCKS", b"\x05\x01\x00".to_vec(), "socks"),
        ("zeros", vec![0; 64], ""),
        ("a head that is broken", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n".to_vec(), ""),
    ] {
        let before = running.refused("not_http");
        let mut wire = Wire::open(running.address).await;
        wire.send(bytes).await;
        wire.closed().await;
        assert_eq!(running.refused("not_http"), before + 1, "{name} is counted");
        assert_eq!(running.listener.handle().refusals().last[0].detail, want, "{name} is named");
    }
    let mut h2c = Wire::open(running.address).await;
    h2c.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let answer = h2c.rest().await;
    let (settings, goodbye) = (b"\0\0\0\x04\0\0\0\0\0", b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0d");
    assert_eq!(
        answer,
        [settings.as_slice(), goodbye].concat(),
        "HTTP/2 is told in its own words that HTTP/1.1 is wanted"
    );
}

#[tokio::test]
async fn what_programs_and_relays_send_is_not_taken_for_a_page() {
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    for (n, headers) in [
        "accept: */*\r\naccept-language: *\r\nsec-fetch-mode: cors\r\nuser-agent: node\r\naccept-encoding: gzip, deflate\r\n",
        "Cookie: session=planted\r\nAuthorization: Basic planted\r\n",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-User: ?1\r\n",
        "Sec-CH-UA: \"Chromium\"\r\nSec-GPC: 1\r\nDNT: 1\r\nUpgrade-Insecure-Requests: 1\r\n",
        "User-Agent: Mozilla/5.0 (X11)\r\nReferer: https://relay.example/\r\nX-Requested-With: XMLHttpRequest\r\n",
        "Access-Control-Request-Method: POST\r\nPing-From: https://x.example\r\n",
    ]
    .iter()
    .enumerate()
    {
        let body = end_call(&format!("program {n}"));
        assert_eq!(post(running.address, &hook, headers, body.as_bytes()).await.status, 200, "{headers:?}");
    }
    let given = shelf.given();
    assert_eq!(given.len(), 6, "all of them are kept");
    assert!(!format!("{given:?}").contains("planted"), "without what is somebody's secret");
}

#[tokio::test]
async fn an_address_that_was_changed_on_the_way_still_leads_here() {
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let query = call_query();
    for (path, why) in [
        (format!("//hook/{TOKEN}?{query}"), "a slash too many"),
        (format!("/hook//{TOKEN}?{query}"), "in the middle"),
        (format!("/hook/{TOKEN}//?{query}"), "at the end"),
        (format!("/%68ook/{TOKEN}?{query}"), "a letter as its code"),
        (format!("/prefix/hook/{TOKEN}?{query}"), "a prefix that the proxy left in place"),
        (format!("http://hook.example//hook/{TOKEN}?{query}"), "the absolute form"),
        (format!("/hook/{TOKEN}?from=tunnel?{query}"), "a query that there was already"),
        (format!("/hook/{TOKEN}??{query}"), "a question mark that there was already"),
        (format!("/hook/{TOKEN}?from=tunnel%3F{query}"), "a question mark as its code"),
        (format!("/hook/{TOKEN}?{query}&to=x?from=tunnel"), "something behind it"),
        (format!("/hook/{TOKEN}?SdkAppid={APP}?from=tunnel"), "something behind the application"),
    ] {
        assert_eq!(post(running.address, &path, "", end_call(why).as_bytes()).await.status, 200, "{why}: {path}");
        let given = shelf.given();
        let (delivery, callback, place) = given.last().expect("it was kept");
        assert_eq!((delivery.app.as_str(), place), (APP, &Place::Archive), "{why}: it is known whose it is");
        assert_eq!(callback.command, "Call.CallbackAfterEndCall", "{why}: and what it is");
    }
}

#[tokio::test]
async fn whoever_watches_may_ask_for_the_head_alone() {
    let running = Running::over(Shelf::new(Behaviour::Keeps)).await;
    for path in ["/healthz", "//healthz", "/healthz?x=y"] {
        let mut wire = Wire::open(running.address).await;
        wire.send(format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        let answer = String::from_utf8(wire.rest().await).expect("text").to_lowercase();
        assert!(
            answer.starts_with("http/1.1 200 ") && answer.ends_with("\r\n\r\n"),
            "{path}: a head and no body: {answer:?}"
        );
    }
    assert!(running.listener.handle().refusals().counts.is_empty(), "nothing of it was refused");
}

#[tokio::test]
async fn the_headers_of_a_packed_body_do_not_describe_the_unpacked_one() {
    use std::io::Write as _;
    let shelf = Shelf::new(Behaviour::Keeps);
    let running = Running::over(shelf.clone()).await;
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    let body = end_call("packed");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(body.as_bytes()).expect("into memory");
    let packed = packed.finish().expect("into memory");
    assert_eq!(post(running.address, &hook, "Content-Encoding: gzip\r\nX-Relay: y\r\n", &packed).await.status, 200);
    let delivery = shelf.given()[0].0.clone();
    assert_eq!(delivery.body, body.into_bytes(), "the body itself is kept, as an import would bring it back");
    assert_eq!(delivery.headers, [("x-relay".to_owned(), "y".to_owned())], "and nothing that is not so");
}
