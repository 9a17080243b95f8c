//! `kill -9` while people write: whatever was answered with success is there after the next start, and nothing else is.

use std::{
    collections::BTreeSet,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    ops::ControlFlow,
    path::Path,
    thread,
    time::Duration,
};

use calltrail::store::Reader;
use rand::Rng as _;

use super::{assert_sound, load::Load};
use crate::{process::Serve, support::length::Length};

/// People who write at one time, and senders beside them.
const WRITERS: usize = 4;
const SENDERS: usize = 2;
/// Rounds on one record before it is looked at and a new one is begun.
const TOGETHER: usize = 10;

/// What was written, and what of it was answered.
#[derive(Default)]
struct Written {
    asked: BTreeSet<String>,
    ok: BTreeSet<String>,
}

#[test]
fn kill_9_while_people_write_loses_no_answered_entry() {
    let length = Length::of("CALLTRAIL_KILLS", 20);
    let mut rounds = length.rounds().peekable();
    let (mut killed, mut answered) = (0, 0);
    while rounds.peek().is_some() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let data_dir = home.path().join("data");
        let mut all = Written::default();
        for round in rounds.by_ref().take(TOGETHER) {
            let life = Duration::from_secs_f64(10_f64.powf(length.chance(round).random_range(-2.0..-0.5)));
            let written = written_and_killed(&data_dir, round, life);
            all.asked.extend(written.asked);
            all.ok.extend(written.ok);
            killed += 1;
        }
        let when = format!("after {killed} kills ({})", length.again());
        assert_sound(&data_dir, &when);
        let kept = kept(&data_dir);
        let lost = all.ok.difference(&kept).count();
        assert_eq!(lost, 0, "{when}: of {} answered entries, {lost} are lost", all.ok.len());
        assert_eq!(kept.difference(&all.asked).count(), 0, "{when}: nothing is there that nobody wrote");
        answered += all.ok.len();
    }
    assert!(answered > killed, "only {answered} answers in {killed} rounds: nobody wrote");
    length.report(killed, &format!("{answered} entries were answered, all of them were kept"));
}

/// Starts the process, lets people write in it while callbacks come, and kills it.
fn written_and_killed(data_dir: &Path, round: usize, life: Duration) -> Written {
    let serve = Serve::with_web(data_dir, &[]);
    let (authority, key) = serve.web();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (authority, key) = (authority.to_owned(), key.to_owned());
            thread::spawn(move || write(&authority, &key, &format!("r{round}-w{writer}")))
        })
        .collect();
    let load = Load::start(&serve, SENDERS, &format!("r{round}"));
    thread::sleep(life);
    serve.kill();
    load.until_broken();
    let mut all = Written::default();
    for writer in writers {
        let written = writer.join().expect("a writer");
        all.asked.extend(written.asked);
        all.ok.extend(written.ok);
    }
    all
}

/// Writes names until the connection breaks.
fn write(authority: &str, key: &str, name: &str) -> Written {
    let mut written = Written::default();
    for n in 0.. {
        let said = format!("{name}-{n}");
        written.asked.insert(said.clone());
        let body = format!(r#"{{"edits":[{{"subject":["user","{name}"],"field":"name","value":"{said}"}}]}}"#);
        match post(authority, key, &body) {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") && answer.ends_with("]}") => written.ok.insert(said),
            // It was killed before or while it answered.
            Ok(answer) if answer.is_empty() || answer.starts_with("HTTP/1.1 200") => break,
            Ok(answer) => panic!("this is no answer to an edit: {answer}"),
            Err(_) => break,
        };
    }
    written
}

fn post(authority: &str, key: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(authority)?;
    let head = format!(
        "POST /api/entries HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What the log of entries says, read as another process reads it.
fn kept(data_dir: &Path) -> BTreeSet<String> {
    let reader = Reader::open(data_dir).expect("the record can be read");
    let mut kept = BTreeSet::new();
    let add = |entry: calltrail::store::entry::Entry| {
        kept.insert(entry.value.as_str().unwrap_or_default().to_owned());
        Ok(ControlFlow::Continue(()))
    };
    reader.each_entry(add).expect("to its end");
    kept
}
