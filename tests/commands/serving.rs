//! A running `calltrail serve`, and callbacks posted to it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use serde_json::Value;

use super::{Folder, samples::Sample};

/// The process; killed by its id when a test ends early.
pub(super) struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    /// The callback URL.
    pub(super) hook: String,
    /// The URL of the web page, unless there is none.
    pub(super) web: Option<String>,
}

impl Serving {
    /// Starts `calltrail serve --json` on free ports and waits until it says that it is ready.
    pub(super) fn start(folder: &Folder, args: &[&str]) -> Self {
        let all: Vec<&str> = ["serve", "--json", "--hook", "127.0.0.1:0"].into_iter().chain(args.iter().copied()).collect();
        let mut child = folder.command(&all).stdout(Stdio::piped()).spawn().expect("the command starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output is ours"));
        let mut line = String::new();
        out.read_line(&mut line).expect("its output is text");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("one line of JSON says that it is ready, not {line:?}"));
        Self {
            child,
            out,
            hook: ready["hook"].as_str().expect("the callback URL").to_owned(),
            web: ready["web"].as_str().map(str::to_owned),
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Posts a callback and answers the status line and the body.
    pub(super) fn post(&self, sample: &Sample) -> (String, String) {
        let (address, path) = self.hook.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an HTTP URL");
        let mut stream = TcpStream::connect(address).expect("the listener listens");
        let headers: String = sample.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        write!(
            stream,
            "POST /{path}?{} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{}",
            sample.query,
            sample.body.len(),
            sample.body
        )
        .expect("the listener takes the request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the listener answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
    }

    /// Asks it to stop as a service manager does, and answers how it ended and what else it printed.
    #[cfg(unix)]
    pub(super) fn stop(mut self) -> (ExitStatus, String) {
        let told = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().expect("kill is there");
        assert!(told.success(), "the process is there to be told");
        let status = self.child.wait().expect("it ends");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("its output is text");
        (status, rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Already ended after `stop`; there is nothing to kill then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
