//! Who is let in, and what is told to whom: the key, its file, browsers, strangers and other users.

use std::{
    fs::{self, File},
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use super::{Endpoint, endpoint, file, held, write_endpoint};
use crate::{
    commands::{Folder, Ran},
    process::{self, Serve, ready},
    support::{calltrail, request},
};

/// A server that answers everything alike; it lives as long as the test.
fn answering(answer: &'static str) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("it is bound").to_string();
    thread::spawn(move || {
        for mut stream in socket.incoming().flatten() {
            let mut request = [0; 4096];
            let _ = std::io::Read::read(&mut stream, &mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn who_is_not_the_holder_is_told_nothing() {
    const KEY: &str = "00112233445566778899aabbccddeeff";
    let folder = Folder::new();
    let _store = held(&folder);
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").to_string();
    let stranger = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    for (address, says) in [(closed, "the connection was refused"), (stranger, "does not take the key")] {
        write_endpoint(&folder, &address, KEY, std::process::id());
        let complaint = folder.bad(1, &["app", "add", "7"]);
        assert!(complaint.contains(says) && complaint.contains(&address), "{says:?} is missing from: {complaint}");
        assert!(!complaint.contains(KEY), "a complaint shows no key: {complaint}");
    }
    write_endpoint(&folder, "192.0.2.7:80", KEY, std::process::id());
    let complaint = folder.bad(1, &["app", "add", "7"]);
    assert!(complaint.contains("not what Calltrail writes"), "only this computer is asked: {complaint}");
    fs::write(file(&folder), format!("{KEY} {{")).expect("it can be changed");
    let complaint = folder.bad(1, &["app", "add", "7"]);
    assert!(complaint.contains("not what Calltrail writes") && !complaint.contains(KEY), "{complaint}");
}

#[test]
fn only_the_key_opens_and_no_browser_has_any_business_there() {
    let folder = Folder::new();
    let serve = Serve::start(&folder.data());
    let Endpoint { address, key } = endpoint(&folder);
    let ask = |path: &str, headers: &[(&str, &str)]| request(&address, "GET", path, headers, b"").status;
    let bearer = format!("Bearer {key}");
    let own = ("Authorization", bearer.as_str());
    assert_eq!(ask("/api/apps", &[own]), 200, "with the key");
    let (port, other) = (address.rsplit(':').next().expect("a port"), "Bearer 00000000000000000000000000000000");
    let cookie = format!("calltrail_{port}={key}");
    for (status, path, headers, why) in [
        (401, "/api/apps", vec![], "no key"),
        (401, "/api/apps", vec![("Authorization", other)], "another key"),
        (401, "/api/apps", vec![("Authorization", "Bearer ")], "an empty key"),
        (401, "/api/apps", vec![("Authorization", key.as_str())], "a key without a scheme"),
        (401, "/api/apps", vec![own, ("Authorization", other)], "two keys"),
        (401, &format!("/?key={key}"), vec![], "a key in the address"),
        (403, "/api/apps", vec![("Cookie", &cookie)], "a cookie"),
        (403, "/api/apps", vec![own, ("Cookie", "a=b")], "a cookie beside the key"),
        (403, "/api/apps", vec![own, ("Origin", "http://evil.example")], "another page"),
        (403, "/api/apps", vec![own, ("Origin", &format!("http://{address}"))], "a page that says it is ours"),
        (403, "/api/apps", vec![own, ("Origin", "null")], "a page without a name"),
        (403, "/", vec![own, ("Sec-Fetch-Site", "none")], "a visit"),
        (403, "/api/apps", vec![own, ("Sec-Fetch-Mode", "cors")], "a page that asks for data"),
        (421, "/api/apps", vec![own, ("Host", "evil.example")], "two hosts"),
        (400, "/api/apps", vec![own, ("Upgrade", "websocket"), ("Connection", "upgrade")], "another protocol"),
    ] {
        assert_eq!(ask(path, &headers), status, "{why}");
    }
    let listener = request(&serve.address.to_string(), "GET", "/api/apps", &[own], b"");
    assert_eq!(listener.status, 404, "the public listener knows neither the API nor the key");

    write_endpoint(&folder, &address, "00000000000000000000000000000000", serve.id());
    let complaint = folder.bad(1, &["app", "add", "7"]);
    assert!(complaint.contains("does not take the key"), "the file was changed: {complaint}");
    assert!(!complaint.contains("00000000"), "and is not repeated: {complaint}");
}

#[test]
fn the_key_is_nowhere_but_in_its_file() {
    let folder = Folder::new();
    let log = folder.path("log");
    let mut command = process::command(&folder.data(), &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
    command.env("CALLTRAIL_LOG", "trace").stderr(File::create(&log).expect("a file"));
    let serve = ready(command.spawn().expect("it starts"));
    let Endpoint { address, key } = endpoint(&folder);
    let mut seen = Vec::new();
    for args in [&["app", "add", "7"][..], &["app", "remove", "8"], &["doctor"], &["verify"]] {
        let ran: Ran = folder.command(args).env("CALLTRAIL_LOG", "trace").output().expect("it starts").into();
        seen.push((format!("{args:?}"), format!("{}{}", ran.out, ran.err)));
    }
    for headers in [&[][..], &[("Authorization", "Bearer x")], &[("Origin", "null")]] {
        seen.push((format!("{headers:?}"), request(&address, "GET", "/api/apps", headers, b"").body));
    }
    let bearer = format!("Bearer {key}");
    for path in ["/api/settings", "/api/status", "/api/connection"] {
        seen.push((path.to_owned(), request(&address, "GET", path, &[("Authorization", &bearer)], b"").body));
    }
    seen.push(("the web page".to_owned(), serve.web.clone().expect("it has one")));
    drop(serve);
    seen.push(("the log".to_owned(), fs::read_to_string(&log).expect("the log")));
    for entry in fs::read_dir(folder.data()).expect("the folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_file() && !entry.ends_with("calltrail.api") {
            let text = String::from_utf8_lossy(&fs::read(&entry).expect("a file")).into_owned();
            seen.push((entry.display().to_string(), text));
        }
    }
    assert!(seen.iter().any(|(_, text)| text.contains(&address)), "the search finds what is there: the address");
    for (name, text) in seen {
        assert!(!text.contains(&key), "{name} shows the key: {text}");
    }
}

/// Only root can run a command as somebody else.
#[cfg(unix)]
#[test]
fn the_record_of_another_user_is_said_to_be_that() {
    use std::os::unix::fs::PermissionsExt as _;
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let can = Command::new("setpriv").args(nobody).arg("true").output().is_ok_and(|tried| tried.status.success());
    if !can {
        eprintln!("skipped: only root can run the program as a user without rights");
        return;
    }
    let folder = Folder::new();
    let program = PathBuf::from(folder.path("calltrail"));
    fs::copy(calltrail().get_program(), &program).expect("room for the program");
    allow(program.parent().expect("a folder"), 0o755);
    let serve = Serve::start(&folder.data());
    let Endpoint { key, .. } = endpoint(&folder);
    allow(&folder.data(), 0o755);
    for open in [&[][..], &["calltrail.lock", "calltrail.holder"]] {
        for name in open {
            allow(&folder.data().join(name), 0o666);
        }
        let mut command = Command::new("setpriv");
        command.args(nobody).arg(&program).arg("--data-dir").arg(folder.data()).args(["app", "add", "7"]);
        let ran: Ran = command.env_remove("CALLTRAIL_LOG").output().expect("it starts").into();
        assert_eq!(ran.code, Some(1), "{}", ran.out);
        assert!(ran.err.contains("belongs to another user"), "{open:?} may be read: {}", ran.err);
        assert!(!ran.err.contains(&key), "{}", ran.err);
    }
    drop(serve);
}
