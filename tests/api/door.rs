//! The door of `calltrail serve`, over real sockets: DNS rebinding, other pages, other ports, and the key.

use std::{net::SocketAddr, time::Duration};

use calltrail::api::web::{self, AccessKey};
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpListener, net::TcpStream, task::JoinHandle};

use super::desk::{Desk, talk};

struct Door {
    desk: Desk,
    address: SocketAddr,
    key: String,
    served: JoinHandle<std::io::Result<()>>,
}

impl Door {
    async fn open() -> Self {
        let desk = Desk::open().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let key = AccessKey::random();
        let url = key.url(address);
        let key_text = url.rsplit('=').next().unwrap().to_owned();
        let served = tokio::spawn(web::serve(listener, desk.router.clone(), key, desk.closing.subscribe()));
        Self { desk, address, key: key_text, served }
    }

    /// The status line and the rest of the answer to a request with these header lines.
    async fn ask(&self, request_line: &str, headers: &str, body: &str) -> (u16, String) {
        let headers = headers.replace("PORT", &self.address.port().to_string()).replace("KEY", &self.key);
        let request_line = request_line.replace("PORT", &self.address.port().to_string()).replace("KEY", &self.key);
        let length = body.len();
        let request =
            format!("{request_line} HTTP/1.1\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
        let answer = talk(self.address, &request).await;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no HTTP answer to {request}: {answer}")), answer)
    }

    async fn close(self) {
        self.desk.close().await;
        self.served.await.expect("no panic").expect("an orderly end");
    }
}

const OWN: &str = "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=KEY\r\n";

#[tokio::test]
async fn the_printed_address_leaves_a_strict_cookie_that_opens_everything() {
    let door = Door::open().await;
    let (status, welcome) = door.ask("GET /?key=KEY", "host: 127.0.0.1:PORT\r\n", "").await;
    assert_eq!(status, 303, "the key leaves the address bar");
    let lower = welcome.to_lowercase();
    assert!(lower.contains("\r\nlocation: /\r\n"), "the next page is the user interface: {welcome}");
    let port = door.address.port();
    let cookie = format!("set-cookie: calltrail_{port}={}; httponly; samesite=strict; path=/\r\n", door.key);
    assert!(lower.contains(&cookie), "the cookie is kept from scripts and from other sites: {welcome}");

    for headers in [
        OWN,
        "host: localhost:PORT\r\ncookie: a=b; calltrail_PORT=KEY\r\n",
        "host: [::1]:PORT\r\nauthorization: Bearer KEY\r\n",
    ] {
        let (status, answer) = door.ask("GET /api/status", headers, "").await;
        assert_eq!(status, 200, "with {headers:?} the record is open: {answer}");
    }
    for (line, headers, why) in [
        ("GET /api/status", "host: 127.0.0.1:PORT\r\n", "no key"),
        (
            "GET /api/status",
            "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=00000000000000000000000000000000\r\n",
            "a wrong key",
        ),
        ("GET /api/status", "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=\r\n", "an empty key"),
        ("GET /api/status", "host: 127.0.0.1:PORT\r\ncookie: calltrailx=KEY\r\n", "another cookie"),
        ("GET /api/status?key=KEY", "host: 127.0.0.1:PORT\r\n", "the key opens only the first page"),
        ("GET /?key=wrong", "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=KEY\r\n", "a wrong key in the address"),
        ("GET /", "host: 127.0.0.1:PORT\r\naccept: text/html\r\n", "no key for the page"),
    ] {
        let (status, answer) = door.ask(line, headers, "").await;
        assert_eq!(status, 401, "{why}: {answer}");
        assert!(answer.contains("content-security-policy"), "refusals are hardened as well: {answer}");
    }
    let (_, page) = door.ask("GET /", "host: 127.0.0.1:PORT\r\naccept: text/html,*/*\r\n", "").await;
    assert!(page.contains("Please open the address"), "a person is told what to do: {page}");
    door.close().await;
}

#[tokio::test]
async fn other_pages_and_other_names_are_refused() {
    let door = Door::open().await;
    let app = r#"{"id":"1400007777"}"#;
    let json = "content-type: application/json\r\n";
    let hosts = [
        "evil.example:PORT",
        "evil.example",
        "localhost.evil.example:PORT",
        "127.0.0.1.evil.example:PORT",
        "localhost:1",
        "127.0.0.1",
        "localhost",
        "localhost.:PORT",
        "0.0.0.0:PORT",
        "2130706433:PORT",
        "0x7f000001:PORT",
        "127.1:PORT",
        "[::]:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "evil@127.0.0.1:PORT",
        "127.0.0.1:PORT.evil.example",
        "",
    ];
    for host in hosts {
        let headers = format!("host: {host}\r\ncookie: calltrail_PORT=KEY\r\n");
        let (status, answer) = door.ask("GET /api/calls", &headers, "").await;
        assert!(matches!(status, 400 | 421), "host {host:?} is not ours: {answer}");
        let (status, answer) = door.ask("POST /api/apps", &format!("{headers}{json}"), app).await;
        assert!(matches!(status, 400 | 421), "host {host:?} may not change anything: {answer}");
    }
    let pages = [
        ("origin: null\r\n", "a sandboxed page"),
        ("origin: https://evil.example\r\n", "another site"),
        ("origin: http://localhost:1\r\n", "another port of this machine"),
        ("origin: https://127.0.0.1:PORT\r\n", "another scheme"),
        ("origin: http://localhost:PORT\r\n", "another name of this machine than the request's"),
        ("origin: http://127.0.0.1:PORT.evil.example\r\n", "a name that begins like ours"),
        ("origin: http://127.0.0.1:PORT\r\norigin: https://evil.example\r\n", "two origins"),
        ("sec-fetch-site: cross-site\r\n", "another site, without saying which"),
        ("sec-fetch-site: same-site\r\n", "another port, without saying which"),
    ];
    for (headers, why) in pages {
        for (line, kind, body) in [
            ("POST /api/apps", json, app),
            ("POST /api/apps", "content-type: text/plain\r\n", app),
            ("POST /api/apps", "content-type: application/x-www-form-urlencoded\r\n", "id=1400007777"),
            ("DELETE /api/apps/1400000000", "", ""),
            ("OPTIONS /api/apps", "access-control-request-method: POST\r\n", ""),
            ("GET /api/calls", "", ""),
        ] {
            let (status, answer) = door.ask(line, &format!("{OWN}{headers}{kind}"), body).await;
            assert_eq!(status, 403, "{line} for {why}: {answer}");
            assert!(!answer.to_lowercase().contains("access-control-"), "no page is ever given leave: {answer}");
        }
    }
    for (line, headers, why) in [
        ("GET /api/calls", "host: 127.0.0.1:PORT\r\nhost: evil.example\r\ncookie: calltrail_PORT=KEY\r\n", "two hosts"),
        ("GET /api/calls", "cookie: calltrail_PORT=KEY\r\n", "no host"),
        ("GET http://evil.example/api/calls", OWN, "another host in the request line"),
        (
            "GET /api/changes",
            "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=KEY\r\nupgrade: websocket\r\nconnection: upgrade\r\n",
            "an upgrade",
        ),
        (
            "POST /api/apps",
            "host: 127.0.0.1:PORT\r\ncookie: calltrail_PORT=KEY\r\ncontent-type: text/plain\r\n",
            "a simple request without an origin",
        ),
    ] {
        let (status, answer) = door.ask(line, headers, app).await;
        assert!((400..500).contains(&status), "{why}: {answer}");
    }
    let apps = door.desk.get("/api/apps").await.json;
    assert_eq!(apps.as_array().unwrap().len(), 1, "none of that has changed anything: {apps}");

    let own_page = format!("{OWN}{json}origin: http://127.0.0.1:PORT\r\nsec-fetch-site: same-origin\r\n");
    let (status, answer) = door.ask("POST /api/apps", &own_page, app).await;
    assert_eq!(status, 200, "our own page may: {answer}");
    door.close().await;
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_end() {
    let door = Door::open().await;
    let mut half = TcpStream::connect(door.address).await.unwrap();
    half.write_all(b"GET /api/status HTTP/1.1\r\nhost: 127").await.unwrap();
    let changes = format!(
        "GET /api/changes?after=0 HTTP/1.1\r\nhost: {}\r\ncookie: calltrail_PORT={}\r\n\r\n",
        door.address, door.key
    );
    let mut waiting = TcpStream::connect(door.address).await.unwrap();
    waiting.write_all(changes.as_bytes()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(15), door.close()).await.expect("the end comes within seconds");
    let mut rest = Vec::new();
    // A reset is as good an end as an orderly one.
    let _ = half.read_to_end(&mut rest).await;
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "half a request is never answered with data");
}
