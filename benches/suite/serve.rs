//! The real program, started as a person starts it: `calltrail serve`.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use calltrail::traffic;
use serde::Deserialize;
use serde_json::Value;

use crate::{Outcome, machine};

/// How long a stop may take before the process is killed.
const LAST_WORDS: Duration = Duration::from_secs(20);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The command, ready for arguments; it sees no settings of the person who runs it.
pub(crate) fn calltrail(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calltrail"));
    command.env_remove("CALLTRAIL_LOG").env("TZ", "UTC").env("CALLTRAIL_KEY_STORE", "file");
    command.args([OsStr::new("--data-dir"), folder.as_os_str()]).args(arguments);
    command
}

/// `calltrail serve` while it runs; killed when dropped, if it was not stopped.
pub(crate) struct Serving {
    child: Child,
    hook: SocketAddr,
    token: String,
    web: SocketAddr,
    cookie: String,
}

/// What `--json` prints.
#[derive(Deserialize)]
struct Addresses {
    hook: String,
    web: String,
}

/// Bytes of memory that a process has in use, and had at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl Serving {
    /// Starts it on a folder and waits until it says that it takes callbacks; answers also how long that took.
    pub(crate) fn start(folder: &Path) -> Outcome<(Self, Duration)> {
        let anywhere = "127.0.0.1:0";
        let words = ["serve", "--json", "--hook", anywhere, "--web", anywhere, "--app", traffic::APP];
        let begin = Instant::now();
        let mut child = calltrail(folder, &words).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let told = child.stdout.take().map(first_line).ok_or("its output is not read")?;
        let took = begin.elapsed();
        match told.and_then(|line| addresses(&line)) {
            Ok((hook, token, web, cookie)) => Ok((Self { child, hook, token, web, cookie }, took)),
            Err(why) => {
                child.kill()?;
                child.wait()?;
                Err(format!("`calltrail serve` did not start: {why}").into())
            }
        }
    }

    /// Where callbacks arrive.
    pub(crate) fn hook(&self) -> SocketAddr {
        self.hook
    }

    /// The secret part of the callback address.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Sends a request that is already written down to the callback address; answers whether it was answered 200.
    pub(crate) fn post(&self, request: &[u8]) -> Outcome<bool> {
        let mut stream = TcpStream::connect(self.hook)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request)?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status == *b"HTTP/1.1 200")
    }

    /// Asks the API, as the web page does.
    pub(crate) fn get(&self, path: &str) -> Outcome<Value> {
        let mut stream = TcpStream::connect(self.web)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (web, cookie) = (self.web, &self.cookie);
        let head = format!("GET {path} HTTP/1.1\r\nHost: {web}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let text = String::from_utf8(answer)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or("an answer without an end of its head")?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("{path} was answered: {text}").into());
        }
        Ok(serde_json::from_str(body)?)
    }

    pub(crate) fn memory(&self) -> Outcome<Memory> {
        memory(self.child.id()).ok_or_else(|| "this system does not tell how much memory a process has".into())
    }

    /// Asks it to stop, as a person does, and waits for the end.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let deadline = Instant::now() + LAST_WORDS;
        while asked.success() && Instant::now() < deadline {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            sleep(Duration::from_millis(5));
        }
        Err("`calltrail serve` did not stop when it was asked to".into())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // What went wrong before is what is told.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// How much memory a process has, from the kernel; nothing for one that has ended.
pub(crate) fn memory(process: u32) -> Option<Memory> {
    let file = format!("/proc/{process}/status");
    let bytes = |name| machine::kernel_bytes(&machine::field(&file, name)?);
    Some(Memory { now: bytes("VmRSS")?, peak: bytes("VmHWM")? })
}

fn first_line(output: impl std::io::Read) -> Outcome<String> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line)
}

/// The callback address with its token, and the web page's address with the cookie that opens it.
fn addresses(line: &str) -> Outcome<(SocketAddr, String, SocketAddr, String)> {
    let Addresses { hook, web } = serde_json::from_str(line)?;
    let split = |url: &str, at: &str| {
        let (address, secret) = url.strip_prefix("http://")?.split_once(at)?;
        Some((address.parse::<SocketAddr>().ok()?, secret.to_owned()))
    };
    let (hook, token) = split(&hook, "/hook/").ok_or("the callback address has another form")?;
    let (web, key) = split(&web, "/?key=").ok_or("the web address has another form")?;
    let cookie = format!("calltrail_{}={key}", web.port());
    Ok((hook, token, web, cookie))
}
