//! Commands beside a running `serve`: reading ones work, and those that write what its API does not are told who writes.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use calltrail::store::Store;
use serde_json::Value;

use super::{APP, Folder, samples};
use crate::process::Serve;

#[test]
fn posted_samples_become_the_same_record_as_imported_ones() {
    let folder = Folder::new();
    let serve = Serve::with_web(&folder.data(), &[APP]);
    for sample in samples::all() {
        let headers: Vec<(&str, &str)> =
            sample.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = serve.post(&sample.query, &headers, sample.body.as_bytes());
        assert_eq!(answer.status, 200, "{} is taken; the answer was {}", sample.name, answer.body);
    }
    let record = folder.record();
    assert_eq!(record, Folder::with_samples().record(), "the way in makes no difference");
    serve.kill();
    assert_eq!(folder.record(), record, "what was read beside it is what is there afterwards");
}

#[test]
fn one_process_writes_and_the_others_are_told_which() {
    let folder = Folder::with_samples();
    let serve = Serve::with_web(&folder.data(), &[]);
    let file = folder.path("samples.jsonl");
    let (backup, key) = (folder.path("backup.db"), folder.write("key", "123654"));
    folder.good(&["backup", &backup]);
    let with_key = ["app", "add", APP, "--rtc-key-file", &key];
    for args in [&["import", &file][..], &with_key, &["rebuild"], &["restore", &backup]] {
        let complaint = folder.bad(1, args);
        let holder = format!("calltrail serve (process {})", serve.id());
        assert!(complaint.contains(&holder), "{args:?} names the process: {complaint}");
    }
    for args in [&["export", "calls"][..], &["app", "list"], &["verify"]] {
        folder.good(args);
    }
    let report = folder.run(&["doctor"]).out;
    assert!(report.contains("calltrail serve"), "doctor says who is at work: {report}");
    serve.kill();
    folder.good(&["rebuild"]);
}

#[cfg(unix)]
#[test]
fn a_server_that_stands_still_is_not_well() {
    let folder = Folder::with_samples();
    let serve = Serve::with_web(&folder.data(), &[]);
    let path = folder.data().join("config.json");
    let mut settings: Value = serde_json::from_slice(&fs::read(&path).expect("the settings")).expect("JSON");
    settings["hook"] = serve.address.to_string().into();
    fs::write(&path, settings.to_string()).expect("they can be changed");
    assert!(folder.good(&["doctor"]).contains("is answered by calltrail serve"), "it is well");
    signal("STOP", serve.id());
    let ran = folder.run(&["doctor"]);
    signal("CONT", serve.id());
    assert_eq!(ran.code, Some(1), "not all is well: {}", ran.out);
    assert!(ran.out.contains("BAD  hook") && ran.out.contains("no answer came"), "and why: {}", ran.out);
}

#[cfg(unix)]
pub(super) fn signal(name: &str, id: u32) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status();
    assert!(sent.expect("the kill command").success(), "the process {id} can be told SIG{name}");
}

#[cfg(unix)]
#[test]
fn a_terminal_that_goes_away_is_a_wish_to_stop() {
    let folder = Folder::new();
    for name in ["HUP", "QUIT", "INT", "TERM"] {
        let serve = Serve::start(&folder.data());
        signal(name, serve.id());
        let status = serve.ended();
        assert_eq!(status.code(), Some(0), "SIG{name} ends it as asked: {status}");
        assert!(!folder.data().join("calltrail.db-wal").exists(), "SIG{name}: the record was closed, not left");
    }
}

/// `nohup calltrail serve &` outlives the terminal.
#[cfg(target_os = "linux")]
#[test]
fn who_is_to_outlive_the_terminal_does() {
    let folder = Folder::new();
    let mut nohup = std::process::Command::new("nohup");
    nohup.arg(crate::support::calltrail().get_program());
    let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
    let serve = crate::process::ready(
        crate::process::with_arguments(nohup, &folder.data(), &arguments).spawn().expect("the command starts"),
    );
    signal("HUP", serve.id());
    let answer = serve.post("sdkappid=1400000000", &[], b"{}");
    assert_eq!(answer.status, 200, "it goes on: {}", answer.body);
    let (status, _) = serve.terminate();
    assert_eq!(status.code(), Some(0), "and stops when it is asked to: {status}");
}

#[test]
fn a_start_clears_away_what_killed_processes_left() {
    let folder = Folder::new();
    drop(Serve::start(&folder.data()));
    let (data, elsewhere) = (folder.data(), folder.path("elsewhere"));
    std::fs::create_dir(&elsewhere).expect("a folder");
    let part = format!("{elsewhere}/.calltrail-abc123.part");
    let (demo, mine) = (data.join("demo-abc123"), data.join("demo-notes-of-mine"));
    std::fs::write(&part, "call data").expect("a file");
    std::fs::write(data.join(".unfinished-abc123"), &part).expect("a note");
    std::fs::write(data.join(".calltrail-abc123"), "settings").expect("a file");
    std::fs::write(data.join(".calltrail-notes"), "somebody's").expect("a file");
    std::fs::create_dir(&demo).expect("a folder");
    std::fs::create_dir(&mine).expect("a folder");
    let serve = Serve::start(&data);
    for gone in [part.into(), data.join(".unfinished-abc123"), data.join(".calltrail-abc123"), demo] {
        assert!(!gone.exists(), "{} is a leftover", gone.display());
    }
    for stays in [&data.join(".calltrail-notes"), &mine] {
        assert!(stays.exists(), "{} is somebody's own", stays.display());
    }
    drop(serve);
}

#[test]
fn a_weak_token_is_refused() {
    let folder = Folder::new();
    let file = folder.write("token", "s3cr3t\n");
    let complaint = folder.bad(1, &["serve", "--no-web", "--hook", "127.0.0.1:0", "--hook-token-file", &file]);
    assert!(complaint.contains("16 to 128 characters"), "the reason is told: {complaint}");
    assert!(!complaint.contains("s3cr3t"), "the token itself is not: {complaint}");
}

/// Settings with another address for callbacks.
fn with_hook(folder: &Folder, address: SocketAddr) {
    let path = folder.data().join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).expect("the settings")).expect("JSON");
    config["hook"] = address.to_string().into();
    fs::write(&path, config.to_string()).expect("they can be changed");
}

/// What `doctor` says of the port.
fn hook_line(folder: &Folder) -> String {
    let report = folder.run(&["doctor"]).out;
    report.lines().find(|line| line.contains(" hook ")).unwrap_or_else(|| panic!("no line of it: {report}")).to_owned()
}

/// A server that does something with each connection; it lives as long as the test.
fn answering(answer: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("it is bound");
    thread::spawn(move || socket.incoming().flatten().for_each(answer));
    address
}

#[test]
fn doctor_asks_whose_record_answers_at_the_port() {
    let (one, other) = (Folder::with_samples(), Folder::new());
    let others = Serve::with_web(&other.data(), &[]);
    with_hook(&one, others.address);
    let says = hook_line(&one);
    assert!(says.starts_with("BAD") && says.contains("does not keep this record"), "nobody holds this record: {says}");
    {
        // Somebody holds it, and does not answer there.
        let _held = Store::open(&one.data(), "a window").expect("nobody else writes it");
        let says = hook_line(&one);
        assert!(says.starts_with("BAD"), "both are there and have nothing to do with each other: {says}");
        let holder = format!("not by a window (process {})", std::process::id());
        assert!(says.contains(&holder), "who does not get the callbacks: {says}");
        if cfg!(target_os = "linux") {
            assert!(says.contains(&format!("(process {}), and", others.id())), "and who does: {says}");
        }
    }
    let ours = Serve::with_web(&one.data(), &[]);
    with_hook(&one, ours.address);
    let holder = format!("is answered by calltrail serve (process {})", ours.id());
    let says = hook_line(&one);
    assert!(says.starts_with("ok") && says.contains(&holder), "its own listener: {says}");

    // Behind a proxy of the same computer it is another process that has the port.
    let behind = ours.address;
    let proxy = answering(move |mut inside| {
        let mut outside = TcpStream::connect(behind).expect("it listens");
        let (mut answers, mut back) = (outside.try_clone().expect("a handle"), inside.try_clone().expect("a handle"));
        let answering = thread::spawn(move || drop(io::copy(&mut answers, &mut back)));
        let mut request = [0; 4096];
        if let Ok(read) = inside.read(&mut request) {
            let _ = outside.write_all(&request[..read]);
        }
        let _ = answering.join();
    });
    with_hook(&one, proxy);
    let says = hook_line(&one);
    assert!(says.starts_with("ok") && says.contains(&holder), "who answers behind it is asked: {says}");
    let refusals = ours.api("/api/refusals");
    assert!(refusals["counts"]["method"].is_null(), "that somebody asked is no refusal: {refusals}");

    // One that is well, and says the same to whoever asks for anything else.
    let flatterer = answering(|mut stream| {
        let mut request = [0; 4096];
        let read = stream.read(&mut request).unwrap_or(0);
        let is_health = request[..read].starts_with(b"GET /healthz");
        let answer = if is_health { "HTTP/1.1 200 OK\r\n\r\nok" } else { "HTTP/1.1 405 No\r\n\r\n" };
        let _ = stream.write_all(answer.as_bytes());
    });
    with_hook(&one, flatterer);
    let says = hook_line(&one);
    assert!(says.starts_with("BAD") && says.contains("does not know this callback URL"), "it knows nothing: {says}");
    ours.kill();
    others.kill();
}
