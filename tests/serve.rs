//! `calltrail serve` from outside: what it prints, how it stops, what it says when something is in the way.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    thread,
    time::Duration,
};

use calltrail::store::Reader;

use super::process::{APP, Sender, Serve, command, end_call, ready, with_few_files};

#[test]
fn the_callback_url_stays_the_same_over_restarts() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let first = Serve::start(&data_dir);
    assert_eq!(first.web, None, "`--no-web` has none");
    assert!(!first.path.ends_with('/'), "Tencent's console takes the URL as it is: {}", first.path);
    let token = first.path.strip_prefix("/hook/").expect("the hook").to_owned();
    assert_eq!(token.len(), 32, "128 random bits");
    first.kill();
    let second = ready(command(&data_dir, &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]).spawn().expect("starts"));
    assert_eq!(second.path, format!("/hook/{token}"), "it is registered at Tencent");
    let web = second.web.as_deref().expect("a web page");
    assert!(web.starts_with("http://127.0.0.1:") && web.contains("key="), "on loopback, with a key: {web}");
}

/// The disk with the log is full, or the terminal went away.
#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_ends_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a disk without room");
    let mut command = command(home.path(), &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
    let serve = ready(command.env("CALLTRAIL_LOG", "trace").stderr(full).spawn().expect("it starts"));
    for call in ["a", "b", "c"] {
        let answer = serve.post(&format!("SdkAppid={APP}"), &[], end_call(call).as_bytes());
        assert_eq!(answer.status, 200, "{call}: {}", answer.body);
    }
    assert_eq!(serve.api("/api/calls")["rows"].as_array().map(Vec::len), Some(3), "all are kept, and can be read");
}

#[cfg(unix)]
#[test]
fn a_polite_stop_under_load_loses_nothing_and_is_quick() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let (address, path) = (serve.address, serve.path.clone());
    let senders: Vec<_> = (0..4)
        .map(|n| {
            let path = path.clone();
            thread::spawn(move || {
                let mut wire = Sender::connect(address, &path).expect("it listens");
                (0..)
                    .map_while(|call| wire.post(&end_call(&format!("s{n}-{call}"))).ok())
                    .filter(|status| *status == 200)
                    .count()
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(300));
    let (status, took) = serve.terminate();
    let answered: usize = senders.into_iter().map(|sender| sender.join().expect("a sender")).sum();
    assert!(status.success(), "asked to stop, it stops without an error: {status}");
    assert!(took < Duration::from_secs(5), "whoever shuts down does not wait: {took:?}");
    let left: Vec<String> = files(&data_dir);
    assert!(left.iter().any(|name| name.ends_with(".db")), "the record is one file: {left:?}");
    assert!(!left.iter().any(|name| name.ends_with("-wal")), "it was closed, not left: {left:?}");
    let overview = Reader::open(&data_dir).and_then(|reader| reader.overview()).expect("readable");
    assert!(answered > 0, "there was load");
    assert!(overview.deliveries >= u64::try_from(answered).expect("a count"), "{answered} answered, {overview:?} kept");
}

#[cfg(unix)]
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[cfg(unix)]
#[test]
fn senders_get_in_although_strangers_take_every_file() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
    // It has 23 open when nobody is connected.
    let serve = ready(with_few_files(26, &home.path().join("data"), &arguments).spawn().expect("starts"));
    let mut strangers = Vec::new();
    for stranger in 1..=120 {
        let mut wire = TcpStream::connect(serve.address).expect("the port is open");
        wire.write_all(b"POST / HTTP/1.1\r\nX-Slow: ").expect("sent");
        strangers.push(wire);
        if stranger % 20 == 0 {
            let mut sender = Sender::connect(serve.address, &serve.path).expect("it listens");
            let status = sender.post(&end_call(&format!("among-{stranger}"))).expect("an answer");
            assert_eq!(status, 200, "among {stranger} connections that hold on to theirs, with 26 files in all");
        }
    }
}

#[test]
fn a_taken_port_is_named_and_waited_for() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let other = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address: SocketAddr = other.local_addr().expect("bound");
    let mut child =
        command(&home.path().join("data"), &["--hook", &address.to_string(), "--no-web"]).spawn().expect("starts");
    let mut stderr = child.stderr.take().expect("piped");
    let mut said = vec![0; 64];
    stderr.read_exact(&mut said).expect("it says what is in the way");
    drop(other);
    let serve = ready(child);
    assert_eq!(serve.address, address, "the same port as soon as it is free");
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains(&format!("{address} is taken")), "it names the address: {said}");
    let mut sender = Sender::connect(serve.address, &serve.path).expect("it listens");
    assert_eq!(sender.post(&end_call("late")).expect("an answer"), 200, "and callbacks arrive");
}
