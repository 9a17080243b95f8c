//! A process that does not run for a while: stopped by a signal, or with the whole computer. Whatever arrives meanwhile is read and
//! recorded when it runs again; whoever sent nothing is closed all the same.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{PATIENCE, serve_with_usual_files, sockets, statuses};
use crate::{
    durability::load::{digest, kept},
    listener::{call_query, end_call},
};

/// Longer than any of the deadlines.
const STOPPED: Duration = Duration::from_millis(6_500);
/// So far into their five seconds those are that have begun.
const BEGUN: Duration = Duration::from_millis(2_000);

/// A sender whose request comes in two parts, the second one while nothing runs.
struct Late {
    name: String,
    stream: TcpStream,
    body: Vec<u8>,
    rest: Vec<u8>,
}

impl Late {
    /// Sends as much of the request as this and keeps the rest back.
    fn begin(address: SocketAddr, hook: &str, name: &str, body: String, now: impl Fn(usize, usize) -> usize) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let head = format!("POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut request = [head.as_bytes(), body.as_bytes()].concat();
        let rest = request.split_off(now(head.len(), body.len()));
        let mut late = Self { name: name.to_owned(), stream, body: body.into_bytes(), rest: request };
        late.go_on();
        Self { rest, ..late }
    }

    fn go_on(&mut self) {
        self.stream.write_all(&std::mem::take(&mut self.rest)).expect("the system takes it");
    }

    fn answer(&mut self) -> String {
        let mut answer = [0; 4096];
        match self.stream.read(&mut answer) {
            Ok(read) => String::from_utf8_lossy(&answer[..read]).into_owned(),
            Err(error) => error.to_string(),
        }
    }
}

fn signal(id: u32, name: &str) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status().expect("the kill command");
    assert!(sent.success(), "{id} takes {name}");
}

#[test]
fn what_arrives_while_nothing_runs_is_read_and_recorded() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    let (address, before) = (serve.address, sockets(serve.id()));
    let large = |name: &str| {
        let call = end_call(name);
        format!("{}{}", call, " ".repeat(200 * 1024 - call.len()))
    };
    let begin = |name: &str, body: String, now: fn(usize, usize) -> usize| Late::begin(address, &hook, name, body, now);
    let mut late: Vec<Late> = (0..2)
        .flat_map(|n| {
            let name = |what: &str| format!("{what} {n}");
            [
                begin(&name("opened, silent"), end_call(&name("silent")), |_, _| 0),
                begin(&name("a byte of the head"), end_call(&name("byte")), |_, _| 1),
                begin(&name("half a head"), end_call(&name("head")), |head, _| head / 2),
                begin(&name("a head"), end_call(&name("whole head")), |head, _| head),
                begin(&name("half a body"), end_call(&name("body")), |head, body| head + body / 2),
                begin(&name("a large body, not begun"), large(&name("large")), |head, _| head),
                begin(&name("a large body, half of it"), large(&name("larger")), |head, body| head + body / 2),
            ]
        })
        .collect();
    let mut idle = TcpStream::connect(address).expect("it listens");
    idle.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let began = Instant::now();
    while sockets(serve.id()) < before + late.len() + 1 {
        assert!(began.elapsed() < PATIENCE, "all are taken");
        sleep(Duration::from_millis(10));
    }
    sleep(BEGUN);
    // One that has proved itself and is silent, and one that was opened last.
    let mut proved = begin("a sender that keeps its connection", end_call("proved"), |head, body| head + body);
    assert_eq!(statuses(&proved.answer()), [200], "it is known now");
    let again = end_call("proved again");
    proved.rest =
        format!("POST {hook} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{again}", again.len()).into_bytes();
    let mut bodies = vec![proved.body.clone()];
    proved.body = again.into_bytes();
    late.push(proved);

    signal(serve.id(), "-STOP");
    late.iter_mut().for_each(Late::go_on);
    late.extend(
        (0..3).map(|n| {
            begin(&format!("not taken yet {n}"), end_call(&format!("not taken {n}")), |head, body| head + body)
        }),
    );
    sleep(STOPPED);
    signal(serve.id(), "-CONT");

    let answers: Vec<(String, String)> = late.iter_mut().map(|late| (late.name.clone(), late.answer())).collect();
    // Where other things use the disk, one may have waited longer for it than Tencent would have. It is recorded all the same.
    let is_read = |answer: &str| statuses(answer) == [200] || answer.contains("storage unavailable");
    let lost: Vec<_> = answers.iter().filter(|(_, answer)| !is_read(answer)).collect();
    assert!(lost.is_empty(), "{} of {} were not read: {lost:?}", lost.len(), late.len());
    let closed = idle.read(&mut [0; 16]);
    assert!(matches!(closed, Ok(0)), "whoever sent nothing is closed, and not for ever waited for: {closed:?}");
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    bodies.extend(late.into_iter().map(|late| late.body));
    let want = bodies.iter().map(|body| digest(body)).collect();
    assert_eq!(kept(&data_dir), want, "all of it is in the record");
}
