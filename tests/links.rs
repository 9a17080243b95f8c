//! Links that refresh, at the port of a real `calltrail serve`.

use std::{
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    process::{Serve, end_call},
    support::{Answer, request},
};

const QUERY: &str = "SdkAppid=1400000000&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json&ClientIP=1.2.3.4";

/// Changes something by the API and answers what it says then.
fn change(serve: &Serve, path: &str, body: &Value) -> Value {
    let answer = refused(serve, path, body);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

fn refused(serve: &Serve, path: &str, body: &Value) -> Answer {
    let (authority, key) = serve.web();
    let headers = [("Authorization", &*format!("Bearer {key}")), ("Content-Type", "application/json")];
    request(authority, "POST", path, &headers, body.to_string().as_bytes())
}

/// Opens the port of the links: a free one, which somebody else may take in the same moment.
fn switched_on(serve: &Serve) -> Value {
    for _ in 0..20 {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
        let links = change(serve, "/api/links/switch", &json!({ "on": true, "port": free.port() }));
        if links["open"] == true {
            return links;
        }
    }
    panic!("no port stays free");
}

/// Follows a link, as a spreadsheet does; `None` where nobody is at the port.
fn follow(address: &str, method: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    let rest = address.strip_prefix("http://").expect("plain HTTP");
    let (authority, path) = rest.split_at(rest.find('/').expect("a path"));
    std::net::TcpStream::connect(authority).ok()?;
    Some(request(authority, method, path, headers, b""))
}

fn status(address: &str, method: &str, headers: &[(&str, &str)]) -> u16 {
    follow(address, method, headers).expect("the port is open").status
}

fn plan(name: &str, kind: &str) -> Value {
    json!({ "name": name, "view": { "kind": kind, "format": "csv", "tz": "utc", "columns": ["call_id", "result"] } })
}

#[test]
fn a_spreadsheet_loads_a_list_again_and_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    assert_eq!(serve.post(QUERY, &[], end_call("one").as_bytes()).status, 200);
    let links = serve.api("/api/links");
    assert_eq!((&links["on"], &links["open"], &links["links"]), (&json!(false), &json!(false), &json!([])));
    change(&serve, "/api/links", &plan("For Anna", "calls"));
    let links = switched_on(&serve);
    let address = links["links"][0]["address"].as_str().expect("an address").to_owned();
    assert_eq!(links["links"][0]["used_ms"], Value::Null);

    let file = follow(&address, "GET", &[]).expect("the port is open");
    assert_eq!((file.status, file.body.as_str()), (200, "call_id,result\r\none,normal_end\r\n"));
    assert_eq!(serve.post(QUERY, &[], end_call("two").as_bytes()).status, 200);
    let file = follow(&address, "GET", &[]).expect("the port is open");
    assert_eq!(file.body.lines().count(), 3, "what came since is in it: {}", file.body);
    let workbook = follow(&address.replace(".csv", ".xlsx"), "GET", &[]).expect("the port is open");
    assert!(workbook.status == 200 && workbook.body.starts_with("PK"), "the same as a workbook");
    assert!(serve.api("/api/links")["links"][0]["used_ms"].is_i64(), "it is told when it was loaded");

    // Another key, and no key.
    let renewed = change(&serve, "/api/links/renew", &json!({ "id": 1 }));
    let renewed = renewed["links"][0]["address"].as_str().expect("an address").to_owned();
    assert_eq!((status(&address, "GET", &[]), status(&renewed, "GET", &[])), (404, 200));
    assert_eq!(change(&serve, "/api/links/remove", &json!({ "id": 1 }))["links"], json!([]));
    assert_eq!(status(&renewed, "GET", &[]), 404);
    change(&serve, "/api/links/switch", &json!({ "on": false }));
    assert!(follow(&renewed, "GET", &[]).is_none(), "the port is closed");
}

#[test]
fn the_port_of_the_links_leads_to_nothing_else() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    change(&serve, "/api/links", &plan("For Anna", "calls"));
    let links = switched_on(&serve);
    let address = links["links"][0]["address"].as_str().expect("an address");
    let (start, rest) = address.split_at(address.find("/links/").expect("a path"));
    let key = rest.split('/').nth(2).expect("a key");
    let (_, web_key) = serve.web();
    let bearer = format!("Bearer {web_key}");
    for path in [
        "/",
        "/api/status",
        "/api/links",
        "/index.html",
        "/links",
        "/links/",
        "/links//calls.csv",
        "/hook/x",
        "/links/../api/status",
    ] {
        let answer = follow(&format!("{start}{path}"), "GET", &[("Authorization", &bearer)]).expect("the port is open");
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
    }
    for file in ["rooms.csv", "calls", "calls.exe", "calls.csv/", "calls.csv/x", "deliveries.csv"] {
        assert_eq!(status(&format!("{start}/links/{key}/{file}"), "GET", &[]), 404, "{file}");
    }
    assert_eq!(status(&format!("{start}/links/{}/calls.csv", "0".repeat(32)), "GET", &[]), 404);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"] {
        assert_eq!(status(address, method, &[]), 405, "{method}");
    }
    assert_eq!(status(address, "HEAD", &[]), 200);
    let of_pages: [&[(&str, &str)]; 4] = [
        &[("Origin", "http://evil.example")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Upgrade", "websocket")],
    ];
    for headers in of_pages {
        assert!([400, 403].contains(&status(address, "GET", headers)), "{headers:?}");
    }
    assert_eq!(status(address, "GET", &[("Sec-Fetch-Site", "none")]), 200, "a person may try it in a browser");
    assert_eq!(serve.last_words().matches(key).count(), 0, "no log has a key");
}

#[test]
fn a_workbook_loads_all_its_links_at_once_and_mine_is_mine() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    let missed = end_call("missed").replace("NormalEnd", "NotAnswer").replace("1741231142", "0");
    assert_eq!(serve.post(QUERY, &[], missed.as_bytes()).status, 200);
    // Whoever was called is one of ours, so whoever called is called back.
    let ours = json!({ "edits": [{ "subject": ["user", "bob"], "field": "ours", "value": true }] });
    change(&serve, "/api/entries", &ours);
    let me = serve.api("/api/me");
    let me = json!({ "id": me["id"], "name": "Ann" });
    let keys = json!([{ "app": "1400000000", "call_id": "missed" }]);
    change(&serve, "/api/cases", &json!({ "cases": keys, "set": { "assignee": me } }));
    let mine = json!({ "kind": "cases", "format": "csv", "tz": "utc", "columns": ["counterpart"], "filter": { "assignee": "me" } });
    change(&serve, "/api/links", &json!({ "name": "Mine", "view": mine }));
    let links = switched_on(&serve);
    let address = links["links"][0]["address"].as_str().expect("an address");
    let all: Vec<Option<Answer>> = thread::scope(|scope| {
        let asked: Vec<_> = (0..12).map(|_| scope.spawn(|| follow(address, "GET", &[]))).collect();
        asked.into_iter().map(|asked| asked.join().expect("no panic")).collect()
    });
    for file in all {
        let file = file.expect("the port is open");
        assert_eq!((file.status, file.body.as_str()), (200, "counterpart\r\nalice\r\n"));
    }
    let (authority, key) = serve.web();
    let bearer = format!("Bearer {key}");
    let path = "/api/export/cases.csv?assignee=me&columns=counterpart";
    let download = request(authority, "GET", path, &[("Authorization", &bearer)], b"");
    assert_eq!(download.body, "counterpart\r\nalice\r\n", "a download of the same list is the same");
    let (hook, web) = (serve.address.port(), authority.rsplit(':').next().expect("a port").to_owned());
    for port in [hook, web.parse().expect("a port")] {
        let answer = refused(&serve, "/api/links/switch", &json!({ "on": true, "port": port }));
        assert_eq!((answer.status, &answer.json()["problem"]["code"]), (400, &json!("link_port_ours")), "{port}");
    }
}

#[test]
fn a_taken_port_is_told_and_tried_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    let other = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = other.local_addr().expect("an address").port();
    let links = change(&serve, "/api/links/switch", &json!({ "on": true, "port": port }));
    assert_eq!(
        (&links["on"], &links["open"], &links["failed"]["reason"]),
        (&json!(true), &json!(false), &json!("taken"))
    );
    drop(other);
    let began = Instant::now();
    while serve.api("/api/links")["open"] != true {
        assert!(began.elapsed() < Duration::from_secs(30), "it is not tried again");
        thread::sleep(Duration::from_millis(100));
    }
    for (body, code) in [
        (json!({ "on": true, "port": 80 }), "link_port_unusable"),
        (json!({ "on": false, "port": 1023 }), "link_port_unusable"),
        (json!({ "on": true, "port": 70_000 }), "body_unusable"),
        (json!({ "port": port }), "body_unusable"),
    ] {
        let answer = refused(&serve, "/api/links/switch", &body);
        assert_eq!((answer.status, &answer.json()["problem"]["code"]), (400, &json!(code)), "{body}");
    }
}
