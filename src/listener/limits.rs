//! How much the listener takes and how long it waits.

use std::time::Duration;

/// The listener's bounds. The defaults are the product's; tests make them short.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections; one more makes an idle one give way.
    pub connections: usize,
    /// Body size in bytes.
    pub body_bytes: u64,
    /// From the first byte of a request (or from the connection's beginning) to the end of its head.
    pub head: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// From the end of the body to the answer. Tencent waits 2 seconds in all (protocol.md 5.3).
    pub answer: Duration,
    /// How long somebody else may take to decide about what asks for permission.
    pub decision: Duration,
    /// How long a connection may stay silent that an authentic request came on: Call and Live callbacks are lost when it
    /// closes under them. Others are closed after their first answer.
    pub idle: Duration,
    /// How long the requests in flight have to finish at a stop.
    pub drain: Duration,
    /// The first wait before a taken port is tried again; each wait is twice the one before, up to `retry_most`.
    pub retry_first: Duration,
    /// The longest wait between two tries.
    pub retry_most: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: connections_for(open_files()),
            body_bytes: 256 * 1024,
            head: Duration::from_secs(5),
            body: Duration::from_secs(5),
            answer: Duration::from_millis(1500),
            decision: Duration::from_millis(1200),
            idle: Duration::from_secs(15 * 60),
            drain: Duration::from_secs(3),
            retry_first: Duration::from_millis(250),
            retry_most: Duration::from_secs(5),
        }
    }
}

/// The most connections, where the process may open enough files.
const MOST_CONNECTIONS: usize = 256;
/// Files that the database, the web page and the window need.
const FILES_FOR_OTHERS: usize = 96;

/// How many connections leave enough files for the database: without those no callback could be kept at all.
fn connections_for(open_files: Option<usize>) -> usize {
    let spare = open_files.map_or(MOST_CONNECTIONS, |files| files.saturating_sub(FILES_FOR_OTHERS));
    spare.clamp(16, MOST_CONNECTIONS)
}

/// The process's soft limit of open files, where the system tells it through a file.
fn open_files() -> Option<usize> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_limit_leaves_room_for_the_database() {
        let table = "Limit                     Soft Limit           Hard Limit           Units\n\
                     Max open files            256                  524288               files\n";
        assert_eq!(soft_limit(table), Some(256), "the soft limit is the one that binds");
        assert_eq!(connections_for(Some(256)), 160, "the rest is for the database and the window");
        assert_eq!(connections_for(Some(1024)), 256, "the usual limit allows them all");
        assert_eq!(connections_for(Some(20)), 16, "and a tiny one still lets some callbacks in");
        assert_eq!(connections_for(soft_limit("Max open files unlimited unlimited files")), 256, "no limit");
    }
}
