//! The real `calltrail serve` as a child process, and a sender that keeps its connection.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::support::{Answer, calltrail, request};

pub(crate) const APP: &str = "1400000000";

/// A running `calltrail serve`; killed when dropped, so that a failing test leaves nothing behind.
pub(crate) struct Serve {
    child: Child,
    /// What it says on standard error; read all the time, because a program whose words nobody reads would wait.
    errors: Option<JoinHandle<String>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The path with the token.
    pub(crate) path: String,
    /// The web page with its key; nothing with `--no-web`.
    pub(crate) web: Option<String>,
}

/// The command with what every test needs.
pub(crate) fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    with_arguments(calltrail(), data_dir, arguments)
}

/// The same with at most so many open files.
#[cfg(unix)]
pub(crate) fn with_few_files(files: u32, data_dir: &Path, arguments: &[&str]) -> Command {
    with_limit(&format!("-n {files}"), data_dir, arguments)
}

/// The same with what `ulimit` is told, such as `-n 24`.
#[cfg(unix)]
pub(crate) fn with_limit(limit: &str, data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit {limit}; exec \"$0\" \"$@\"")]).arg(calltrail().get_program());
    with_arguments(command, data_dir, arguments)
}

/// A program that runs `calltrail`, with the arguments that every test needs.
pub(crate) fn with_arguments(mut command: Command, data_dir: &Path, arguments: &[&str]) -> Command {
    command.args(["serve", "--json", "--data-dir"]).arg(data_dir).args(["--app", APP]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for the one line that says that it is ready.
pub(crate) fn ready(child: Child) -> Serve {
    started(child).unwrap_or_else(|refusal| panic!("it did not become ready: {refusal:?}"))
}

/// Why it did not start.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it said on standard error.
    pub(crate) said: String,
}

/// Waits until it is ready, or has ended because something was in its way.
pub(crate) fn started(mut child: Child) -> Result<Serve, Refusal> {
    let mut line = String::new();
    let stdout = child.stdout.take().expect("piped");
    BufReader::new(stdout).read_line(&mut line).expect("standard output");
    let Ok(told) = serde_json::from_str::<Value>(&line) else {
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("standard error");
        return Err(Refusal { code: child.wait().expect("it ends").code(), said });
    };
    let hook = told["hook"].as_str().expect("the callback URL").strip_prefix("http://").expect("plain HTTP").to_owned();
    let (address, path) = hook.split_at(hook.find('/').expect("a path"));
    let web = told["web"].as_str().map(str::to_owned);
    // A test that reads it itself has taken it.
    let errors = child.stderr.take().map(|mut stderr| {
        thread::spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).expect("standard error");
            said
        })
    });
    Ok(Serve { child, errors, address: address.parse().expect("an address"), path: path.to_owned(), web })
}

impl Serve {
    /// Starts it without a web page on any free port and waits until it is ready.
    pub(crate) fn start(data_dir: &Path) -> Self {
        ready(command(data_dir, &["--hook", "127.0.0.1:0", "--no-web"]).spawn().expect("the command starts"))
    }

    /// Starts it with a web page too, and with these applications.
    pub(crate) fn with_web(data_dir: &Path, apps: &[&str]) -> Self {
        let mut command = command(data_dir, &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
        for app in apps {
            command.args(["--app", app]);
        }
        ready(command.spawn().expect("the command starts"))
    }

    /// Posts a callback on a connection of its own.
    pub(crate) fn post(&self, query: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        request(&self.address.to_string(), "POST", &format!("{}?{query}", self.path), headers, body)
    }

    /// Asks the API, with the key that was printed.
    pub(crate) fn api(&self, path: &str) -> Value {
        let (authority, key) = self.web();
        let answer = request(authority, "GET", path, &[("Authorization", &format!("Bearer {key}"))], b"");
        assert_eq!(answer.status, 200, "the API answers {path}: {}", answer.body);
        answer.json()
    }

    /// Names a person, as somebody at the screen does.
    pub(crate) fn name(&self, user: &str, name: &str) -> Answer {
        let (authority, key) = self.web();
        let edit = json!({ "subject": ["user", user], "field": "name", "value": name });
        let headers = [("Authorization", &*format!("Bearer {key}")), ("Content-Type", "application/json")];
        request(authority, "POST", "/api/entries", &headers, json!({ "edits": [edit] }).to_string().as_bytes())
    }

    /// Where its web page is, and the key to it.
    pub(crate) fn web(&self) -> (&str, &str) {
        let web = self.web.as_deref().and_then(|web| web.strip_prefix("http://")).expect("it has a web page");
        web.split_once("/?key=").expect("its address holds the key")
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a warning, as a crash would (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it ends");
    }

    /// Waits until it ends and says how.
    #[cfg(unix)]
    pub(crate) fn ended(mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// Asks it to end (SIGTERM) and says how it ended and after how long.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> (ExitStatus, Duration) {
        self.asked_to_end()
    }

    /// Ends it politely and says what it said on standard error since the start.
    #[cfg(unix)]
    pub(crate) fn last_words(mut self) -> String {
        let errors = self.errors.take().expect("nobody else reads it");
        self.asked_to_end();
        errors.join().expect("it was read")
    }

    #[cfg(unix)]
    fn asked_to_end(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("the kill command");
        assert!(sent.success(), "the process {id} can be asked to end");
        (self.child.wait().expect("it ends"), began.elapsed())
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // Both fail where a test has ended it already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A sender with one connection that it keeps.
pub(crate) struct Sender {
    stream: TcpStream,
    path: String,
}

impl Sender {
    pub(crate) fn connect(address: SocketAddr, path: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let path = format!("{path}?SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json");
        Ok(Self { stream, path })
    }

    /// Posts a body and reads the status of the whole answer.
    pub(crate) fn post(&mut self, body: &str) -> io::Result<u16> {
        let request = format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", self.path, body.len());
        self.stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let mut piece = [0; 1024];
        loop {
            if let Some(status) = complete(&answer) {
                return Ok(status);
            }
            match self.stream.read(&mut piece)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => answer.extend_from_slice(&piece[..more]),
            }
        }
    }
}

/// The status of an answer that has arrived to its last byte.
fn complete(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let head = head.to_ascii_lowercase();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    (body.len() >= length).then(|| head.get(9..12)?.parse().ok())?
}

/// The end of a call, unlike any other.
pub(crate) fn end_call(id: &str) -> String {
    format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"{id}","EventTime":1741231146000,"CallRecord":{{"Caller_Account":"alice","MediaType":"video","CallType":"SingleCall","StartTime":1741231140,"EndTime":1741231146,"AcceptTime":1741231142,"CallResult":"NormalEnd","CalleeList_Account":["bob"],"RoomId":"7","RoomIdType":1}}}}"#
    )
}
