//! The listener's port: does Calltrail answer there, is it free, or does somebody else have it?

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use calltrail::store;

use super::Finding;

const WHAT: &str = "hook";
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn look(address: SocketAddr, folder: &Path) -> Finding {
    let holder = store::is_held(folder).then(|| store::held_by(folder));
    if address.port() == 0 {
        return Finding::note(WHAT, "takes any free port, so there is none to look at");
    }
    match (TcpListener::bind(address), holder) {
        (Ok(_), None) => {
            Finding::note(WHAT, format!("{address} is free, and Calltrail is not running, so callbacks are not taken"))
        }
        (Ok(_), Some(holder)) => Finding::note(
            WHAT,
            format!("{address} is free: {holder} is running and takes callbacks elsewhere, or not at all"),
        ),
        (Err(error), holder) if error.kind() == io::ErrorKind::AddrInUse => taken(address, holder),
        (Err(error), _) => Finding::bad(WHAT, format!("{address} cannot be used: {error}")),
    }
}

fn taken(address: SocketAddr, holder: Option<String>) -> Finding {
    match (answers_like_calltrail(address), holder) {
        (true, Some(holder)) => Finding::good(WHAT, format!("{address} is answered by {holder}")),
        (true, None) => {
            Finding::bad(WHAT, format!("{address} is answered by a Calltrail that keeps its record in another folder"))
        }
        (false, _) => {
            let who = owner(address).unwrap_or_else(|| "another program".to_owned());
            Finding::bad(
                WHAT,
                format!("{address} is held by {who}; stop it, or start Calltrail with another --hook address"),
            )
        }
    }
}

/// Asks `/healthz`, which answers `ok` and nothing else.
fn answers_like_calltrail(address: SocketAddr) -> bool {
    let ask = || -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    ask().is_ok_and(|answer| {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        head.starts_with("HTTP/1.1 200") && body.trim() == "ok"
    })
}

/// The program that listens at a port, as far as this user may know it.
#[cfg(target_os = "linux")]
fn owner(address: SocketAddr) -> Option<String> {
    let socket = format!("socket:[{}]", listening_inode(address.port())?);
    let is_number = |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.parse::<u32>().is_ok());
    let mut processes = std::fs::read_dir("/proc").ok()?.flatten().filter(|entry| is_number(&entry.file_name()));
    processes.find_map(|process| {
        let path = process.path();
        let open = std::fs::read_dir(path.join("fd")).ok()?;
        let has_it = open
            .flatten()
            .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|link| link.as_os_str() == socket.as_str()));
        let name = std::fs::read_to_string(path.join("comm")).ok().filter(|_| has_it)?;
        Some(format!("{} (process {})", name.trim(), process.file_name().to_string_lossy()))
    })
}

#[cfg(not(target_os = "linux"))]
fn owner(_address: SocketAddr) -> Option<String> {
    None
}

/// The socket that listens at a port, from the kernel's table (proc_net_tcp: local address, state 0A, inode).
#[cfg(target_os = "linux")]
fn listening_inode(port: u16) -> Option<String> {
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| {
        let text = std::fs::read_to_string(table).ok()?;
        text.lines().skip(1).find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, local, _, "0A", _, _, _, _, _, inode, ..] = fields.as_slice() else { return None };
            let (_, hex) = local.rsplit_once(':')?;
            (u16::from_str_radix(hex, 16) == Ok(port)).then(|| (*inode).to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Mark;

    #[test]
    fn a_port_is_free_or_somebody_has_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked = std::thread::spawn(move || {
            // Whoever has the port is no Calltrail: it takes the question and hangs up.
            drop(listener.accept());
            listener
        });
        let finding = look(address, folder.path());
        assert_eq!(finding.mark, Mark::Bad, "another program has the port: {finding}");
        if cfg!(target_os = "linux") {
            let process = format!("(process {})", std::process::id());
            assert!(finding.says.contains(&process), "it is named: {finding}");
        }
        drop(asked.join().expect("it was asked"));
        let finding = look(address, folder.path());
        assert_eq!(finding.mark, Mark::Note, "a free port is no fault: {finding}");
    }
}
