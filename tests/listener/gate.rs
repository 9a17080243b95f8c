//! What is refused before anything is kept, with its status and its count.

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
        ("Cookie: a=b\r\n", 403, "browser"),
        ("Content-Encoding: gzip\r\n", 415, "encoding"),
        ("Content-Encoding: br\r\n", 415, "encoding"),
    ] {
        let before = running.refused(reason);
        let answer = post(running.address, &hook, headers, body.as_bytes()).await;
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
