//! The record: can it be read, is the file sound, what is in it, and when did the last callback come?

use std::path::Path;

use calltrail::{
    clock::Clock,
    store::{self, Reader},
};

use super::Finding;
use crate::cli::output::counted;

pub(super) fn look(folder: &Path) -> Vec<Finding> {
    let mut findings = match store::health(folder) {
        Ok(Some(health)) => of_file(&health),
        Ok(None) => return vec![Finding::note("record", "there is none yet; the first start makes it")],
        Err(error) => return vec![Finding::bad("record", error.to_string())],
    };
    match Reader::open(folder) {
        Ok(reader) => {
            findings.push(projection(&reader));
            findings.extend(of_content(&reader));
        }
        Err(error @ store::Error::Outdated) => findings.push(Finding::note("projection", error.to_string())),
        Err(error) => findings.push(Finding::bad("projection", error.to_string())),
    }
    findings
}

fn projection(reader: &Reader) -> Finding {
    const WHAT: &str = "projection";
    match reader.to_come() {
        Ok(0) => Finding::good(WHAT, "calls, rooms and stays are those of this version"),
        Ok(missing) => Finding::note(
            WHAT,
            format!(
                "calls, rooms and stays are being derived from the archive: {} to come, and exports wait until then",
                counted(missing, "delivery is", "deliveries are")
            ),
        ),
        Err(error) => Finding::bad(WHAT, error.to_string()),
    }
}

fn of_file(health: &store::Health) -> Vec<Finding> {
    let size = format!("version {} of the database, {}, SQLite {}", health.version, size(health.bytes), health.sqlite);
    let check = if health.faults.is_empty() {
        Finding::good("integrity", "SQLite's quick check found nothing wrong")
    } else {
        let found = health.faults.join("; ");
        Finding::bad("integrity", format!("SQLite's quick check found: {found}. `calltrail verify` says what to do"))
    };
    vec![Finding::good("record", size), check]
}

fn of_content(reader: &Reader) -> Vec<Finding> {
    let overview = match reader.overview() {
        Ok(overview) => overview,
        Err(error) => return vec![Finding::bad("contents", error.to_string())],
    };
    let counts = [
        counted(overview.calls, "call", "calls"),
        counted(overview.rooms, "room", "rooms"),
        counted(overview.deliveries, "delivery", "deliveries"),
    ];
    let quarantine = match (overview.quarantined, overview.quarantine_dropped) {
        (0, 0) => Finding::good("quarantine", "empty"),
        (waiting, 0) => Finding::note("quarantine", format!("{waiting} waiting; Deliveries in the window says why")),
        (waiting, gone) => {
            Finding::note("quarantine", format!("{waiting} waiting, and {gone} older ones had to make room for them"))
        }
    };
    let last = match overview.last_received_ms {
        Some(at_ms) => {
            Finding::good("last callback", format!("{} ago", age(Clock::system().now_ms().saturating_sub(at_ms))))
        }
        None => Finding::note("last callback", "none has come yet"),
    };
    vec![Finding::good("contents", counts.join(", ")), quarantine, last]
}

pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes < MIB { format!("{} KiB", bytes.div_ceil(KIB)) } else { format!("{} MiB", bytes.div_ceil(MIB)) }
}

/// A span of time (milliseconds) in its largest unit; what lies in the future is now.
pub(super) fn age(ms: i64) -> String {
    let seconds = u64::try_from(ms / 1000).unwrap_or(0);
    match seconds {
        0..120 => counted(seconds, "second", "seconds"),
        120..7_200 => counted(seconds / 60, "minute", "minutes"),
        7_200..172_800 => counted(seconds / 3_600, "hour", "hours"),
        _ => counted(seconds / 86_400, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_sizes_are_for_people() {
        for (ms, want) in [
            (-5, "0 seconds"),
            (1_000, "1 second"),
            (119_999, "119 seconds"),
            (120_000, "2 minutes"),
            (7_200_000, "2 hours"),
            (172_800_000, "2 days"),
        ] {
            assert_eq!(age(ms), want, "{ms} ms");
        }
        assert_eq!(size(1), "1 KiB", "a size is rounded up");
        assert_eq!(size(3 * 1024 * 1024), "3 MiB", "and in the unit that fits");
    }
}
