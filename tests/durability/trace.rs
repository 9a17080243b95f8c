//! System calls of a running process that fail as long as a test wants.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::process::Serve;

/// A tracer that makes system calls fail; they work again when it is dropped.
pub(super) struct Failing(Child);

impl Failing {
    /// Lets calls of a process fail from now on, such as `fsync:error=EIO`. Where that cannot be done, says so and answers
    /// nothing.
    pub(super) fn attach(serve: &Serve, calls: &str, error: &str) -> Option<Self> {
        let id = serve.id().to_string();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
        strace.args(["-e", &format!("inject={calls}:error={error}"), "-p", &id]);
        let mut strace = match strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() {
            Ok(strace) => strace,
            Err(why) => {
                eprintln!("skipped: strace, which makes system calls fail, cannot be started ({why})");
                return None;
            }
        };
        let mut said = String::new();
        BufReader::new(strace.stderr.as_mut().expect("piped")).read_line(&mut said).expect("standard error");
        if said.contains("attached") {
            return Some(Self(strace));
        }
        eprintln!("skipped: strace may not look into another process here ({})", said.trim());
        strace.kill().expect("it still runs, or has just ended");
        strace.wait().expect("it ends");
        None
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        // Asked politely, it lets the process go on undisturbed.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}
