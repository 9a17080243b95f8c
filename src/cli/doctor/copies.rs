//! The copies of the archive: rolling backups, and damaged archives that were put aside.

use std::path::Path;

use calltrail::{
    clock::Clock,
    store::{self, AsideKind, Backup, SetAside},
};

use super::{
    Finding,
    record::{age, size},
};
use crate::cli::output::counted;

/// Backups are made daily; twice that, in milliseconds, is a day that was missed.
const OLD: i64 = 2 * 24 * 3_600_000;

pub(super) fn look(folder: &Path) -> Vec<Finding> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let (damaged, exchanged): (Vec<_>, Vec<_>) =
        store::set_aside(folder).into_iter().partition(|aside| aside.kind == AsideKind::Damaged);
    let mut found = vec![backups(&store::backups(folder), Clock::system().now_ms()), put_aside(&damaged)];
    found.extend(went_away(&exchanged));
    found
}

/// `backups` come newest first.
fn backups(backups: &[Backup], now_ms: i64) -> Finding {
    const WHAT: &str = "backups";
    let Some(newest) = backups.first() else {
        return Finding::note(
            WHAT,
            "none yet; Calltrail makes one each day while it runs, once there is something to keep",
        );
    };
    let count = u64::try_from(backups.len()).unwrap_or(u64::MAX);
    let old = now_ms.saturating_sub(newest.at_ms);
    let says = format!("{}, the newest {} ago ({})", counted(count, "backup", "backups"), age(old), size(newest.bytes));
    if old > OLD {
        return Finding::note(WHAT, format!("{says}; Calltrail makes one each day while it runs"));
    }
    Finding::good(WHAT, says)
}

fn put_aside(damaged: &[SetAside]) -> Finding {
    const WHAT: &str = "damage";
    let count = u64::try_from(damaged.len()).unwrap_or(u64::MAX);
    let archives = counted(count, "damaged archive was", "damaged archives were");
    if damaged.is_empty() {
        return Finding::good(WHAT, "no damaged archive was ever put aside");
    }
    if damaged.iter().any(|aside| aside.saved.is_none()) {
        return Finding::note(
            WHAT,
            format!("{archives} put aside; Calltrail saves what can be read of it while it runs"),
        );
    }
    if damaged.iter().any(|aside| !aside.seen) {
        return Finding::note(
            WHAT,
            format!("{archives} put aside and saved; the window tells what could be read of it"),
        );
    }
    Finding::good(WHAT, format!("{archives} put aside, and what could be read of it is in the record"))
}

/// Files of the record that went away or were exchanged while Calltrail ran; nothing to say where none did.
fn went_away(exchanged: &[SetAside]) -> Option<Finding> {
    const WHAT: &str = "names";
    let newest = exchanged.last()?;
    let count = u64::try_from(exchanged.len()).unwrap_or(u64::MAX);
    let says = format!(
        "{} while Calltrail ran, and the record was written again from what was still open. The last time: {}",
        counted(count, "file of the record was taken away", "files of the record were taken away"),
        newest.why
    );
    if exchanged.iter().all(|aside| aside.seen) {
        return Some(Finding::good(WHAT, says));
    }
    Some(Finding::note(
        WHAT,
        format!(
            "{says}. See whether a program that synchronizes or cleans up, or another computer, works in the data folder"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calltrail::store::Saved;
    use expect_test::expect;

    #[test]
    fn how_safe_the_archive_is_can_be_read() {
        let at = |at_ms| Backup { name: String::new(), at_ms, bytes: 2048 };
        let aside = |saved, seen| SetAside {
            name: String::new(),
            at_ms: 0,
            kind: AsideKind::Damaged,
            why: String::new(),
            saved,
            seen,
        };
        let gone = |seen| SetAside { kind: AsideKind::WentAway, why: "It was deleted".to_owned(), ..aside(None, seen) };
        let saved = Some(Saved::default());
        let findings = [
            backups(&[], 0),
            backups(&[at(0)], OLD),
            backups(&[at(0), at(-1)], OLD + 1),
            put_aside(&[]),
            put_aside(&[aside(None, true), aside(saved, false)]),
            put_aside(&[aside(saved, false)]),
            put_aside(&[aside(saved, true)]),
            went_away(&[gone(false)]).unwrap(),
            went_away(&[gone(true), gone(true)]).unwrap(),
        ];
        let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
        expect![[r#"
            note backups        none yet; Calltrail makes one each day while it runs, once there is something to keep
            ok   backups        1 backup, the newest 2 days ago (2 KiB)
            note backups        2 backups, the newest 2 days ago (2 KiB); Calltrail makes one each day while it runs
            ok   damage         no damaged archive was ever put aside
            note damage         2 damaged archives were put aside; Calltrail saves what can be read of it while it runs
            note damage         1 damaged archive was put aside and saved; the window tells what could be read of it
            ok   damage         1 damaged archive was put aside, and what could be read of it is in the record
            note names          1 file of the record was taken away while Calltrail ran, and the record was written again from what was still open. The last time: It was deleted. See whether a program that synchronizes or cleans up, or another computer, works in the data folder
            ok   names          2 files of the record were taken away while Calltrail ran, and the record was written again from what was still open. The last time: It was deleted"#]]
        .assert_eq(&text.join("\n"));
    }
}
