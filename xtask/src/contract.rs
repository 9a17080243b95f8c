//! `cargo xtask contract`: Schemathesis asks `calltrail serve` everything that its OpenAPI document allows and forbids. Nothing
//! leaves this computer: Tencent is the sandbox, and what would go elsewhere is sent to a proxy that is not there.

use crate::command::{Outcome, must, output, program, root};
use crate::python;
use crate::run::member;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The application of the samples.
const APP: &str = "1400123456";
/// Its SDKSecretKey, which the sandbox has too.
const KEY: &str = "5c3d9e0f7a1b4826c0d5e9f3a7b1c4d8e2f6a0b4c8d2e6f0a4b8c2d6e0f4a8b2";
/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";
/// The demo puts another record in the place of the one that is asked, so it is asked for by itself.
const DEMO: [&str; 3] = ["demo", "begin_demo", "end_demo"];

/// Asks everything; `cargo xtask contract`, and a step of the tests.
pub(crate) fn contract() -> Outcome {
    if !cfg!(unix) {
        eprintln!("The API is only compared with its document where Python's environments are as on Linux.");
        return Ok(());
    }
    let folder = root().join(".xtask/contract");
    let list = root().join("tests/contract/requirements.txt");
    let schemathesis = python::programs(&list, &folder.join("python"))?.join("schemathesis");
    let record = folder.join("record");
    if record.exists() {
        fs::remove_dir_all(&record).map_err(|why| format!("{} could not be emptied: {why}.", record.display()))?;
    }
    fs::create_dir_all(&record).map_err(|why| format!("{} could not be made: {why}.", record.display()))?;
    let served = Served::start(&record)?;
    served.fill()?;
    let ask = |words: Vec<&str>| {
        let mut command = Command::new(&schemathesis);
        command.arg("--config-file").arg(root().join("tests/contract/schemathesis.toml"));
        command.args(["run", &format!("{}/api/openapi.json", served.web), "--checks", "all"]).args(words);
        // The key stays out of what is printed.
        must(command.current_dir(&folder).env("CALLTRAIL_KEY", &served.key).env("NO_PROXY", "127.0.0.1"))
    };
    ask(DEMO.iter().flat_map(|id| ["--exclude-operation-id", id]).collect())?;
    let demo = DEMO.iter().flat_map(|id| ["--include-operation-id", id]);
    ask(demo.chain(["--phases", "coverage", "--max-examples", "1"]).collect())
}

/// A record that is served, and a Tencent for it.
struct Served {
    _serve: Running,
    _sandbox: Running,
    /// Where callbacks arrive.
    hook: String,
    /// The beginning of the API's addresses.
    web: String,
    /// The access key.
    key: String,
}

impl Served {
    fn start(folder: &Path) -> Result<Served, String> {
        let key_file = folder.join("demo.key");
        fs::write(&key_file, KEY).map_err(|why| format!("{} could not be written: {why}.", key_file.display()))?;
        let mut sandbox = calltrail()?;
        sandbox
            .args(["sandbox", "--json", "--listen", "127.0.0.1:0", "--app", APP, "--secret-key-file"])
            .arg(&key_file);
        let (sandbox, told) = Running::start(&mut sandbox)?;
        let tencent = member(&told, "url").ok_or_else(|| format!("the sandbox said `{told}`."))?;
        let data = folder.join("data");
        let mut add = calltrail()?;
        add.arg("--data-dir").arg(&data).args(["app", "add", APP, "--label", "Samples", "--region", tencent]);
        output(add.arg("--secret-key-file").arg(&key_file)).ok_or("the application could not be added.")?;
        let mut serve = calltrail()?;
        serve.arg("--data-dir").arg(&data).args(["serve", "--json", "--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
        let (serve, told) = Running::start(&mut serve)?;
        let unreadable = || format!("`calltrail serve` said `{told}`.");
        let (web, key) = member(&told, "web").and_then(|web| web.split_once("/?key=")).ok_or_else(unreadable)?;
        let hook = member(&told, "hook").ok_or_else(unreadable)?;
        Ok(Served { hook: hook.to_owned(), web: web.to_owned(), key: key.to_owned(), _serve: serve, _sandbox: sandbox })
    }

    /// Posts every sample of a callback.
    fn fill(&self) -> Outcome {
        let folder = root().join("tests/fixtures/samples");
        let index = fs::read_to_string(folder.join("INDEX.json")).map_err(|why| format!("the samples: {why}."))?;
        let mut file = None;
        for line in index.lines() {
            file = member(line, "file").or(file);
            let query = member(line, "query").filter(|query| query.contains(APP));
            if let (Some(query), Some(file)) = (query, file) {
                let body = fs::read(folder.join(file)).map_err(|why| format!("{file} could not be read: {why}."))?;
                post(&self.hook, query, &body).map_err(|why| format!("{file} could not be posted: {why}."))?;
            }
        }
        Ok(())
    }
}

/// Posts a callback and reads the answer to its end, whatever it is.
fn post(hook: &str, query: &str, body: &[u8]) -> std::io::Result<()> {
    let address = hook.trim_start_matches("http://");
    let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    let mut stream = TcpStream::connect(host)?;
    let length = body.len();
    write!(
        stream,
        "POST {path}?{query} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}

/// The program, with secrets in files and no way out.
fn calltrail() -> Result<Command, String> {
    let mut command = Command::new(program("calltrail")?);
    command.env("CALLTRAIL_KEY_STORE", "file").env("TZ", "UTC").env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, NOWHERE);
    }
    Ok(command)
}

/// A program that is ended with this one's interest in it.
struct Running(Child);

impl Running {
    /// Starts it and waits for its first line.
    fn start(command: &mut Command) -> Result<(Running, String), String> {
        let said = crate::command::line(command);
        eprintln!("+ {said}");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|why| format!("`{said}` could not be started: {why}."))?;
        let stdout = child.stdout.take();
        let running = Running(child);
        let mut line = String::new();
        stdout.and_then(|stdout| BufReader::new(stdout).read_line(&mut line).ok());
        if line.is_empty() { Err(format!("`{said}` ended before it was ready.")) } else { Ok((running, line)) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail where it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
