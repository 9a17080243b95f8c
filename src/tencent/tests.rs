//! The client against answers that are written by hand: what is odd about them is told, and no secret with it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use super::*;
use crate::{clock::Clock, secret::Secret};

const KEY: &str = "planted-key-of-a-test-0123456789abcdef";
/// 2023-11-14 22:13:20 UTC.
const NOW_MS: i64 = 1_700_000_000_000;

/// What a server was asked: request lines with their addresses, and bodies.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A server that gives these answers, one a connection, and then no more.
fn server(answers: Vec<String>) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut reader = BufReader::new(stream.try_clone().expect("two handles"));
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).expect("a request line");
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a header");
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            noted.lock().expect("no panic").push((first, String::from_utf8(body).expect("text")));
            stream.write_all(answer.as_bytes()).expect("an answer is sent");
        }
    });
    (base, asked)
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

fn ok(body: &str) -> String {
    http("200 OK", "", body)
}

fn tencent() -> Tencent {
    Tencent::new(Clock::from_fn(|| NOW_MS)).expect("connections can be made")
}

fn client(tencent: &Tencent, base: &str) -> Client {
    let hosts = Hosts::of("1400000000", base).expect("loopback is allowed");
    tencent.client(Account {
        app: "1400000000".to_owned(),
        administrator: ADMINISTRATOR.to_owned(),
        key: Secret::from(KEY.to_owned()),
        hosts,
    })
}

#[tokio::test]
async fn a_request_carries_the_common_parameters_and_a_fresh_password() {
    let (base, asked) = server(vec![ok(
        r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","Response":{"Url":"https://a.example","CallbackCommandList":["X"]}}"#,
    )]);
    let found =
        client(&tencent(), &base).configuration(Product::Call).await.expect("an answer").expect("a configuration");
    assert_eq!(
        (found.url.as_str(), found.actions.as_slice()),
        ("https://a.example", ["X".to_owned()].as_slice()),
        "read"
    );
    let (line, body) = asked.lock().expect("no panic").remove(0);
    assert_eq!(body, "{}", "a body is never empty (page 68926)");
    let (path, query) = line.trim().split_once('?').expect("a query");
    assert_eq!(path, "POST /v4/call_config/get_callback", "the path of page 68937");
    let query = query.trim_end_matches(" HTTP/1.1");
    let value =
        |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).expect(name).1.into_owned();
    assert_eq!((value("sdkappid"), value("identifier")), ("1400000000".into(), "administrator".into()), "who asks");
    assert_eq!(value("contenttype"), "json", "page 68926");
    assert!(value("random").parse::<u32>().is_ok(), "random is a number of 32 bits: {query}");
    let key = Secret::from(KEY.to_owned());
    let checked = usersig::check(&value("usersig"), "1400000000", &key, "administrator", NOW_MS / 1_000);
    assert_eq!(checked, Ok(()), "the password is the one of this key and this moment");
}

#[tokio::test]
async fn an_answer_that_is_not_tencents_says_so_and_shows_no_secret() {
    let redirect = http("302 Found", "Location: https://elsewhere.example/\r\n", "");
    for (answer, why) in [
        (ok("<html>Welcome</html>"), "the answer is not JSON"),
        (ok("{}"), "the answer has no error code"),
        (http("502 Bad Gateway", "", "nginx"), "HTTP status 502"),
        (redirect, "HTTP status 302"),
    ] {
        let (base, _) = server(vec![answer]);
        let error = client(&tencent(), &base).configuration(Product::Live).await.expect_err(why);
        let text = format!("{error} {error:?}");
        assert!(text.contains(why), "{why}: {text}");
        for secret in [KEY, "usersig", "eJ"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

#[tokio::test]
async fn nobody_there_is_told_without_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = client(&tencent(), &base).configuration(Product::Room).await.expect_err("nobody listens");
    let text = format!("{error} {error:?}");
    assert!(text.contains("could not be reached") && text.contains("127.0.0.1"), "the host is named: {text}");
    assert!(!text.contains("usersig") && !text.contains(KEY), "and nothing else of the address: {text}");
}

#[tokio::test]
async fn only_a_fault_of_tencents_own_is_asked_again() {
    let refused = |code: i64| ok(&format!(r#"{{"ActionStatus":"FAIL","ErrorCode":{code},"ErrorInfo":"x"}}"#));
    let (base, asked) = server(vec![refused(100_001), refused(100_301)]);
    let found = client(&tencent(), &base).configuration(Product::Call).await.expect("the second time it works");
    assert_eq!(
        (found, asked.lock().expect("no panic").len()),
        (None, 2),
        "100001 is Tencent's fault, 100301 is an answer"
    );
    let (base, asked) = server(vec![refused(100_002), refused(0)]);
    let wanted = Configuration { url: "ftp://x".into(), actions: Vec::new() };
    let error = client(&tencent(), &base).configure(Product::Call, &wanted).await.expect_err("refused");
    assert_eq!(
        (error.tencent_code(), asked.lock().expect("no panic").len()),
        (Some(100_002), 1),
        "the same would be refused again"
    );
}

#[tokio::test]
async fn a_deployment_without_update_is_deleted_and_set() {
    let answer = |code: i64| ok(&format!(r#"{{"ErrorCode":{code},"ErrorInfo":""}}"#));
    let (base, asked) = server([100_300, 60_009, 0, 0].map(answer).into());
    let wanted = Configuration { url: "https://a.example".into(), actions: vec!["X".into()] };
    client(&tencent(), &base).configure(Product::Live, &wanted).await.expect("it is set in the end");
    let asked = asked.lock().expect("no panic");
    let paths: Vec<&str> = asked.iter().filter_map(|(line, _)| line.split(['/', '?']).nth(3)).collect();
    assert_eq!(paths, ["set_callback", "update_callback", "delete_callback", "set_callback"], "protocol.md 9.6");
}

#[tokio::test]
async fn a_wrong_clock_is_seen_in_the_date_of_an_answer() {
    let dated = |date: &str| http("200 OK", &format!("Date: {date}\r\n"), r#"{"errorCode":999,"errorMessage":""}"#);
    let tencent = tencent();
    for (date, want) in [
        ("Tue, 14 Nov 2023 22:13:00 GMT", None),
        ("Tue, 14 Nov 2023 22:03:20 GMT", Some(600)),
        ("Tue, 14 Nov 2023 23:13:20 GMT", Some(-3_600)),
    ] {
        let (base, _) = server(vec![dated(date)]);
        let found = client(&tencent, &base).configuration(Product::CallV1).await.expect("an answer");
        assert_eq!(found, None, "999 says that nothing is configured");
        assert_eq!(tencent.clock_offset_s(), want, "{date}: a minute is tolerated, ahead is positive");
    }
}
