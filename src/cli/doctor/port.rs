//! The listener's port: is it answered by the Calltrail that holds this record, is it free, or does somebody else have it?

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use calltrail::{listener, store};

use super::Finding;

const WHAT: &str = "hook";
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at the port. `token` is that of the callback URL, as far as it is known.
pub(super) fn look(address: SocketAddr, folder: &Path, token: Option<&str>) -> Finding {
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
        (Err(error), holder) if error.kind() == io::ErrorKind::AddrInUse => taken(address, holder, token),
        (Err(error), _) => Finding::bad(WHAT, format!("{address} cannot be used: {error}")),
    }
}

/// That something answers and that this record is held are two facts; that the one is the other has to be asked.
fn taken(address: SocketAddr, holder: Option<String>, token: Option<&str>) -> Finding {
    let owner = owner(address);
    let is_holder = owner.as_ref().zip(holder.as_ref()).is_some_and(|(owner, holder)| owner.is(holder));
    let who = owner.map_or_else(|| "another program".to_owned(), |owner| owner.to_string());
    let health = health(address);
    if health == Health::Silent {
        return silent(address, holder.filter(|_| is_holder).as_ref().unwrap_or(&who));
    }
    let is_ours = is_holder || token.is_some_and(|token| knows(address, token));
    match (is_ours, health == Health::Ok, holder) {
        (true, _, Some(holder)) => Finding::good(WHAT, format!("{address} is answered by {holder}")),
        (true, _, None) => Finding::good(WHAT, format!("{address} is answered by the Calltrail of this record")),
        (false, true, Some(holder)) => Finding::bad(
            WHAT,
            format!(
                "{address} is answered by {who}, and not by {holder}, which holds this record: it answers like a Calltrail, and does not know this \
                 callback URL. It keeps another record, or has another --hook-token-file. Callbacks that arrive there do not come into this one; \
                 give one of the two another --hook address"
            ),
        ),
        (false, true, None) => Finding::bad(
            WHAT,
            format!(
                "{address} is answered by {who}, which answers like a Calltrail and does not keep this record; no Calltrail is running that does"
            ),
        ),
        (false, false, _) => Finding::bad(
            WHAT,
            format!("{address} is held by {who}; stop it, or start Calltrail with another --hook address"),
        ),
    }
}

/// The operating system makes connections for a process that listens, also while that stands still.
fn silent(address: SocketAddr, who: &str) -> Finding {
    let patience = PATIENCE.as_secs();
    Finding::bad(
        WHAT,
        format!(
            "{address} is held by {who}, and no answer came within {patience} seconds: it stands still, or has far too much to do, and \
             callbacks are not taken. If it was stopped, let it go on; otherwise end it and start Calltrail again"
        ),
    )
}

/// What comes of asking `/healthz`, which answers `ok` and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// As Calltrail answers.
    Ok,
    /// Something else, or the end of the connection.
    Other,
    /// Nothing, for as long as was waited.
    Silent,
}

fn health(address: SocketAddr) -> Health {
    match get(address, "/healthz") {
        Ok(answer) => {
            let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
            if head.starts_with("HTTP/1.1 200") && body.trim() == "ok" { Health::Ok } else { Health::Other }
        }
        // How it is called that the time is up differs between systems.
        Err(error) if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => Health::Silent,
        Err(_) => Health::Other,
    }
}

/// Asks what only the listener with this token knows. One that says the same whatever it is asked does not know it.
fn knows(address: SocketAddr, token: &str) -> bool {
    let says = |path: &str, status: &str| get(address, path).is_ok_and(|answer| answer.starts_with(status));
    let nobodys = listener::own_path(&format!("not {token}"));
    says(&listener::own_path(token), "HTTP/1.1 405") && says(&nobodys, "HTTP/1.1 404")
}

fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&listener::reachable(address), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // In one piece: whoever stands between may take the first one for all.
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The program that listens at a port.
struct Owner {
    pid: u32,
    name: String,
}

impl Owner {
    /// True for the process that holds a record, as it described itself.
    fn is(&self, holder: &str) -> bool {
        holder.ends_with(&format!("(process {})", self.pid))
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (process {})", self.name, self.pid)
    }
}

/// The program that listens at an address, as far as this user may know it.
#[cfg(target_os = "linux")]
fn owner(address: SocketAddr) -> Option<Owner> {
    let socket = format!("socket:[{}]", listening_inode(address)?);
    std::fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let pid = process.file_name().to_str()?.parse().ok()?;
        let path = process.path();
        let open = std::fs::read_dir(path.join("fd")).ok()?;
        let has_it = open
            .flatten()
            .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|link| link.as_os_str() == socket.as_str()));
        let name = std::fs::read_to_string(path.join("comm")).ok().filter(|_| has_it)?;
        Some(Owner { pid, name: name.trim().to_owned() })
    })
}

#[cfg(not(target_os = "linux"))]
fn owner(_address: SocketAddr) -> Option<Owner> {
    None
}

/// The socket that listens at an address, from the kernel's tables: the one at the address itself, or else the one at every
/// address. Another one may have the same port at another address.
#[cfg(target_os = "linux")]
fn listening_inode(address: SocketAddr) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| std::fs::read_to_string(table).unwrap_or_default());
    let sockets = || tables.iter().flat_map(|table| table.lines().filter_map(listening));
    let wanted = [address.ip(), Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
    wanted.iter().find_map(|ip| {
        let at = SocketAddr::new(*ip, address.port());
        sockets().find(|(local, _)| *local == at).map(|(_, inode)| inode)
    })
}

/// The address and inode of a socket that listens, from a line of the kernel's table (proc_net_tcp: local address, state 0A,
/// inode). An address is printed as words of 32 bits in the machine's own order.
#[cfg(target_os = "linux")]
fn listening(line: &str) -> Option<(SocketAddr, String)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, local, _, "0A", _, _, _, _, _, inode, ..] = fields.as_slice() else { return None };
    let (ip, port) = local.rsplit_once(':')?;
    let word = |at: usize| u32::from_str_radix(ip.get(at..at + 8)?, 16).ok().map(u32::to_ne_bytes);
    let ip: IpAddr = if ip.len() == 8 {
        Ipv4Addr::from(word(0)?).into()
    } else {
        let words = [word(0)?, word(8)?, word(16)?, word(24)?];
        let bytes: [u8; 16] = words.concat().try_into().ok()?;
        Ipv6Addr::from(bytes).to_canonical()
    };
    Some((SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?), (*inode).to_owned()))
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
        let finding = look(address, folder.path(), None);
        assert_eq!(finding.mark, Mark::Bad, "another program has the port: {finding}");
        if cfg!(target_os = "linux") {
            let process = format!("(process {})", std::process::id());
            assert!(finding.says.contains(&process), "it is named: {finding}");
        }
        drop(asked.join().expect("it was asked"));
        let finding = look(address, folder.path(), None);
        assert_eq!(finding.mark, Mark::Note, "a free port is no fault: {finding}");
    }

    #[test]
    fn a_port_at_which_nothing_answers_is_bad_whoever_has_it() {
        // Connections are made by the system and wait; the process that should take them never does.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let ours = format!("calltrail serve (process {})", std::process::id());
        for holder in [Some(ours), Some("calltrail serve (process 1)".to_owned()), None] {
            let finding = taken(address, holder.clone(), Some("0123456789abcdef"));
            assert_eq!(finding.mark, Mark::Bad, "{holder:?}: {finding}");
            assert!(finding.says.contains("no answer came within 2 seconds"), "{holder:?} is told why: {finding}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_same_port_at_another_address_is_another_socket() {
        let one = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = one.local_addr().expect("it is bound").port();
        // Another program may have this port at the second address; then there is nothing to tell apart.
        let Ok(_other) = TcpListener::bind(("127.0.0.2", port)) else { return };
        let inode = |ip: &str| listening_inode(SocketAddr::new(ip.parse().expect("an address"), port));
        assert!(inode("127.0.0.1").is_some() && inode("127.0.0.2").is_some(), "both are found");
        assert_ne!(inode("127.0.0.1"), inode("127.0.0.2"), "each at its own address");
        assert_eq!(inode("127.0.0.3"), None, "and nobody at a third one");
        let v6 =
            "   0: 00000000000000000000000001000000:2254 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 77 1";
        let (at, inode) = listening(v6).expect("a socket that listens");
        assert_eq!(
            (at.to_string().as_str(), inode.as_str()),
            ("[::1]:8788", "77"),
            "the words are in the machine's order"
        );
    }
}
