//! Hostile senders: whoever reaches the port may send what they like, as slowly and as often as they like. Tencent's callbacks
//! get through all the same, nothing is kept that was refused, and nothing breaks. `CALLTRAIL_CROWD` and `CALLTRAIL_FLOOD`
//! make the two long ones longer.

mod asleep;
mod bodies;
mod browser;
mod compressed;
mod crowd;
mod good;
mod overload;
mod page;
mod port;
mod protocol;
mod slow;
mod stop;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    time::Duration,
};

use super::process::{self, Serve};

/// Nothing here takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long Tencent waits for an answer.
const TENCENTS_PATIENCE: Duration = Duration::from_secs(2);

/// The real program with as many files as a usual system lets it open.
fn serve_with_usual_files(data_dir: &Path) -> Serve {
    let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
    process::ready(process::with_few_files(1024, data_dir, &arguments).spawn().expect("the command starts"))
}

/// Lets this process, which plays all the senders, open so many files more than a usual system lets it.
fn allow_files(more: usize) {
    let limits = fs::read_to_string("/proc/self/limits").expect("limits");
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("that one");
    let mut words = line.split_whitespace().map(|word| word.parse().unwrap_or(usize::MAX));
    let (soft, hard) = (words.next().expect("the soft limit"), words.next().expect("the hard limit"));
    let wanted = more + 1024;
    if soft >= wanted {
        return;
    }
    assert!(hard >= wanted, "{more} connections need a higher limit of open files than {hard}");
    let id = std::process::id().to_string();
    let mut raise = Command::new("prlimit");
    let raised = raise.args(["--pid", &id, &format!("--nofile={wanted}:")]).status().expect("prlimit is in util-linux");
    assert!(raised.success(), "the limit of open files can be raised to {wanted}");
}

/// Sends bytes on a connection of its own, and answers all that comes back until the other side closes.
fn talk(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    // Whoever refuses may close before it has read everything; what it said before that may be lost with it.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let closed = error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(closed, "it neither answers nor closes ({error}) after {:?}", String::from_utf8_lossy(bytes));
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of each answer in what came back.
fn statuses(answers: &str) -> Vec<u16> {
    let codes = answers.split("HTTP/1.1 ").skip(1);
    codes.map(|answer| answer.get(..3).and_then(|code| code.parse().ok()).expect("a status line")).collect()
}

/// How much memory a process has, in KiB.
fn memory_kib(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// How many sockets a process has open.
fn sockets(id: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{id}/fd")).expect("it runs");
    let targets = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}
