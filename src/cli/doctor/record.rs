//! The record: can it be read, is the file sound, what is in it, and when did the last callback come?

use std::path::Path;

use calltrail::{
    callback::span::in_words,
    clock::{Age, Clock, SLACK_MS},
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
    match reader.lag() {
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
    let now_ms = Clock::system().now_ms();
    let mut findings = vec![Finding::good("contents", counts.join(", ")), quarantine];
    findings.push(match reader.last_received_until(now_ms.saturating_add(SLACK_MS)) {
        Ok(proof_ms) => last_callback(proof_ms, overview.last_received_ms, now_ms),
        Err(error) => Finding::bad("last callback", error.to_string()),
    });
    findings.extend(reader.clock_off_ms(now_ms).unwrap_or_default().map(clock));
    findings
}

/// `proof_ms`: the last one that was not received in the future. `last_ms`: the last one by whatever clock.
fn last_callback(proof_ms: Option<i64>, last_ms: Option<i64>, now_ms: i64) -> Finding {
    const WHAT: &str = "last callback";
    let Some(last_ms) = last_ms else { return Finding::note(WHAT, "none has come yet") };
    let ago = |at_ms: i64| format!("{} ago", age(now_ms.saturating_sub(at_ms)));
    match (proof_ms, Age::of(last_ms, now_ms)) {
        (Some(at_ms), Age::Past(_)) => Finding::good(WHAT, ago(at_ms)),
        (proof_ms, Age::Future(ahead) | Age::Past(ahead)) => {
            let before = proof_ms.map(|at_ms| format!("{}; ", ago(at_ms))).unwrap_or_default();
            Finding::note(
                WHAT,
                format!(
                    "{before}one is dated {} in the future: this computer's clock was ahead when it came, or is behind now",
                    age(ahead)
                ),
            )
        }
    }
}

/// What is late may have been held back; what is early cannot be.
fn clock(off_ms: i64) -> Finding {
    const WHAT: &str = "clock";
    let away = in_words(off_ms / 1_000);
    if off_ms < 0 {
        let says = format!("this computer's clock is {away} behind those who sent the last callbacks; set it");
        return Finding::bad(WHAT, says);
    }
    let says = format!(
        "this computer's clock seems to be {away} ahead of those who sent the last callbacks; set it, unless something on the way \
         held them back for so long"
    );
    Finding::note(WHAT, says)
}

pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes < MIB { format!("{} KiB", bytes.div_ceil(KIB)) } else { format!("{} MiB", bytes.div_ceil(MIB)) }
}

/// A span of time (milliseconds) in its largest unit.
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
    fn a_callback_from_the_future_is_not_the_last_one() {
        const DAY: i64 = 86_400_000;
        for (proof_ms, last_ms, want) in [
            (None, None, "none has come yet"),
            (Some(0), Some(0), "2 minutes ago"),
            (Some(0), Some(3 * DAY), "2 minutes ago; one is dated 2 days in the future"),
            (None, Some(800 * DAY), "one is dated 799 days in the future"),
        ] {
            let found = last_callback(proof_ms, last_ms, 120_000);
            assert!(found.says.starts_with(want), "{proof_ms:?}, {last_ms:?}: {found}");
        }
    }

    #[test]
    fn a_wrong_clock_is_told_with_its_direction() {
        assert!(clock(-3_600_000).says.contains("1 hour behind"), "{}", clock(-3_600_000));
        assert!(clock(2 * 31_536_000_000).says.contains("2 years ahead"), "{}", clock(2 * 31_536_000_000));
    }

    #[test]
    fn ages_and_sizes_are_for_people() {
        for (ms, want) in [
            (0, "0 seconds"),
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
