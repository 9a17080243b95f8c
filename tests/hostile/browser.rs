//! What a browser sends when another site uses it against this machine, as raw requests to the listener and to the API: other
//! pages, forms, images, preflights, sockets, and names that resolve to this machine (DNS rebinding). All of it is refused, to the
//! listener with its right token and to the API with the right cookie, and no page is ever given leave to read.

use super::{Serve, statuses, talk};
use crate::{listener::end_call, process::APP};

/// One request that a page of another site can cause.
struct Attack {
    name: &'static str,
    method: &'static str,
    /// The `Host`, with `PORT` for the port of what is attacked.
    host: &'static str,
    /// Further header lines, with `HOST` for that.
    headers: &'static str,
}

const fn page(name: &'static str, method: &'static str, headers: &'static str) -> Attack {
    Attack { name, method, host: "127.0.0.1:PORT", headers }
}

/// A page that was loaded from a foreign name, which then led to this machine: for the browser it is the same origin.
const fn rebound(name: &'static str, host: &'static str) -> Attack {
    Attack { name, method: "POST", host, headers: "Origin: http://HOST\r\nSec-Fetch-Site: same-origin\r\n" }
}

const ATTACKS: &[Attack] = &[
    page("another site", "POST", "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n"),
    page("a sandboxed page", "POST", "Origin: null\r\nSec-Fetch-Site: cross-site\r\n"),
    page("an old browser's page", "POST", "Origin: https://evil.example\r\n"),
    page("a page of a file", "POST", "Origin: file://\r\n"),
    page("an extension", "POST", "Origin: chrome-extension://abcdefghijklmnopabcdefghijklmnop\r\n"),
    page("another port", "POST", "Origin: http://127.0.0.1:1\r\nSec-Fetch-Site: same-site\r\n"),
    page("another scheme", "POST", "Origin: https://HOST\r\n"),
    page("another name of this machine", "POST", "Origin: http://localhost:1\r\n"),
    page("an origin with a path", "POST", "Origin: http://HOST/\r\n"),
    page("an origin with a user", "POST", "Origin: http://HOST@evil.example\r\n"),
    page("an origin that begins like ours", "POST", "Origin: http://HOST.evil.example\r\n"),
    page("an origin in capitals", "POST", "ORIGIN: HTTP://EVIL.EXAMPLE\r\n"),
    page("an empty origin", "POST", "Origin:\r\n"),
    page("two origins", "POST", "Origin: http://HOST\r\nOrigin: https://evil.example\r\n"),
    page("two origins in one", "POST", "Origin: http://HOST https://evil.example\r\n"),
    page("an origin of odd bytes", "POST", "Origin: \u{e9}\r\n"),
    page("no origin, another site", "POST", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"),
    page("no origin, another port", "POST", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n"),
    page("a site that nobody knows", "POST", "Sec-Fetch-Site: x\r\n"),
    page("two sites", "POST", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n"),
    page(
        "a form",
        "POST",
        "Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Mode: navigate\r\n",
    ),
    page(
        "a form with files",
        "POST",
        "Origin: https://evil.example\r\nContent-Type: multipart/form-data; boundary=x\r\n",
    ),
    page("a form of plain text", "POST", "Origin: null\r\nContent-Type: text/plain\r\n"),
    page("a form of plain JSON", "POST", "Origin: null\r\nContent-Type: application/json\r\n"),
    page(
        "a beacon",
        "POST",
        "Origin: https://evil.example\r\nContent-Type: text/plain;charset=UTF-8\r\nPriority: u=6\r\n",
    ),
    page(
        "the ping of a link",
        "POST",
        "Origin: null\r\nContent-Type: text/ping\r\nPing-From: https://evil.example\r\n",
    ),
    page("a report", "POST", "Origin: https://evil.example\r\nContent-Type: application/reports+json\r\n"),
    page("a preflight", "OPTIONS", "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n"),
    page(
        "a preflight to a private network",
        "OPTIONS",
        "Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Private-Network: true\r\n",
    ),
    page("a fetch that deletes", "DELETE", "Origin: https://evil.example\r\n"),
    page("a fetch that puts", "PUT", "Origin: https://evil.example\r\nContent-Type: application/json\r\n"),
    page("a fetch that patches", "PATCH", "Origin: https://evil.example\r\nContent-Type: application/json\r\n"),
    page("an image", "GET", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"),
    page("a script", "GET", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n"),
    page("a frame", "GET", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"),
    page("a prefetch", "GET", "Sec-Fetch-Site: cross-site\r\nSec-Purpose: prefetch\r\n"),
    page("a stream of events", "GET", "Origin: https://evil.example\r\nAccept: text/event-stream\r\n"),
    page("a fetch that reads", "GET", "Origin: https://evil.example\r\nSec-Fetch-Mode: cors\r\n"),
    page("a question for the head", "HEAD", "Origin: https://evil.example\r\n"),
    page(
        "a WebSocket",
        "GET",
        "Origin: https://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \
         dGhlIHNhbXBsZSBub25jZQ==\r\n",
    ),
    page(
        "a WebSocket without an origin",
        "GET",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    ),
    page("two hosts", "POST", "Host: evil.example\r\n"),
    rebound("a foreign name", "evil.example:PORT"),
    rebound("a foreign name without a port", "evil.example"),
    rebound("a foreign name that begins like ours", "localhost.evil.example:PORT"),
    rebound("a foreign name that ends like ours", "evil.localhost:PORT"),
    rebound("an address in a foreign name", "127.0.0.1.nip.example:PORT"),
    rebound("our name with another port", "localhost:1"),
    rebound("our name with a dot", "localhost.:PORT"),
    rebound("our address with a dot", "127.0.0.1.:PORT"),
    rebound("our address as a number", "2130706433:PORT"),
    rebound("our address in hex", "0x7f.0.0.1:PORT"),
    rebound("our address in octal", "0177.0.0.1:PORT"),
    rebound("our address in short", "127.1:PORT"),
    rebound("another address of this machine", "127.0.0.2:PORT"),
    rebound("any address", "0.0.0.0:PORT"),
    rebound("any address of IPv6", "[::]:PORT"),
    rebound("our address in IPv6", "[::ffff:127.0.0.1]:PORT"),
    rebound("our address in long IPv6", "[0:0:0:0:0:0:0:1]:PORT"),
    rebound("our address with a zone", "[::1%25lo]:PORT"),
    rebound("a user before our address", "evil@127.0.0.1:PORT"),
    rebound("an empty name", ""),
];

impl Attack {
    /// The request as bytes, to this path at this port.
    fn on(&self, port: u16, path: &str, more: &str, body: &str) -> String {
        let host = self.host.replace("PORT", &port.to_string());
        let headers = self.headers.replace("HOST", &host);
        let length = body.len();
        let method = self.method;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{more}{headers}\r\n{body}"
        )
    }
}

/// Sends it and sees it refused.
fn is_refused(serve_at: std::net::SocketAddr, request: &str, what: &str) {
    let answer = talk(serve_at, request.as_bytes());
    let statuses = statuses(&answer);
    let refused = statuses.len() == 1 && (400..500).contains(&statuses[0]);
    assert!(refused, "{what} is refused, not answered {answer}");
    let lower = answer.to_lowercase();
    for leave in ["access-control-", "set-cookie", "upgrade:", "location:"] {
        assert!(!lower.contains(leave), "{what} is given nothing with its refusal: {answer}");
    }
}

#[test]
fn no_page_of_another_site_gets_anything_or_leaves_anything() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::with_web(&data_dir, &[]);
    let web = serve.web.as_deref().and_then(|web| web.strip_prefix("http://")).expect("it has a web page").to_owned();
    let (authority, key) = web.split_once("/?key=").expect("its address holds the key");
    let door: std::net::SocketAddr = authority.parse().expect("an address");
    let cookie = format!("Cookie: calltrail_{}={key}\r\n", door.port());
    let call = end_call("planted");
    let hook = format!("{}?SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall", serve.path);
    let app = r#"{"id":"1400007777"}"#;
    for attack in ATTACKS {
        let name = attack.name;
        is_refused(serve.address, &attack.on(serve.address.port(), &hook, "", &call), &format!("{name} at the hook"));
        for (path, body) in [("/api/apps", app), ("/api/calls", ""), ("/api/changes?after=0", "")] {
            is_refused(door, &attack.on(door.port(), path, &cookie, body), &format!("{name} at {path}"));
        }
    }
    let visit = "Host: 127.0.0.1:PORT\r\nConnection: close\r\n".replace("PORT", &door.port().to_string());
    for (line, headers, why) in [
        ("GET /api/calls", "", "no key"),
        ("GET /api/calls", "Cookie: calltrail_1=x; other=y\r\n", "a cookie without the key"),
        (&format!("GET /api/calls?key={key}"), "", "the key in an address of data"),
        (
            &format!("GET /api/calls?key={key}"),
            "Referer: https://evil.example/\r\nSec-Fetch-Site: cross-site\r\n",
            "the key in a link of another site",
        ),
        ("GET /?key=00000000000000000000000000000000", "Sec-Fetch-Site: cross-site\r\n", "a guessed key"),
        (&format!("POST /?key={key}"), "Content-Length: 0\r\n", "the key in a form"),
        (
            "GET /",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n",
            "a link without the key",
        ),
    ] {
        is_refused(door, &format!("{line} HTTP/1.1\r\n{visit}{headers}\r\n"), why);
    }
    assert_eq!(serve.api("/api/deliveries")["rows"], serde_json::json!([]), "no row of all that");
    assert_eq!(serve.api("/api/apps").as_array().map(Vec::len), Some(1), "no application either");
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
}

#[test]
fn whoever_is_not_let_in_gets_one_answer_and_nothing_to_hold_on_to() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(&home.path().join("data"), &[]);
    let web = serve.web.as_deref().and_then(|web| web.strip_prefix("http://")).expect("it has a web page");
    let (authority, _) = web.split_once("/?key=").expect("its address holds the key");
    let door = authority.parse().expect("an address");
    for (line, host) in [("HEAD /", authority), ("GET /api/calls", authority), ("HEAD /", "evil.example")] {
        let requests = format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(100);
        let answers = talk(door, requests.as_bytes());
        assert!(statuses(&answers).len() <= 1, "{line} at {host}: one answer and the end, not {answers}");
    }
}
