//! `calltrail rebuild` killed at any moment: the next start goes on with what it had done.

use std::{
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use rand::Rng as _;
use rusqlite::{Connection, OpenFlags};

use super::{assert_sound, fill, load::Answers, projections, wait_until};
use crate::{
    process::Serve,
    support::{calltrail, length::Length},
};

/// More than a start catches up at once, so that the rest is filled in the background.
const DELIVERIES: usize = 6_000;

#[test]
fn a_killed_rebuild_is_gone_on_with_by_the_next_start() {
    let length = Length::of("CALLTRAIL_REBUILDS", 4);
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    fill(&data_dir, DELIVERIES);
    let whole = rebuild(&data_dir, None);
    let (mut killed, mut gone_on) = (0, 0);
    for round in length.rounds() {
        let before = projections(&data_dir);
        rebuild(&data_dir, Some(whole.mul_f64(length.chance(round).random_range(0.05..=0.95))));
        let begun = projections(&data_dir).into_iter().find(|n| !before.contains(n) && is_begun(&data_dir, *n));
        let serve = Serve::start(&data_dir);
        let mut answers = Answers::default();
        assert_eq!(answers.post_to(&serve, &format!("r{round}")), 200, "round {round}: filling keeps nobody waiting");
        let left = wait_until("one projection is left", Duration::from_secs(60), || {
            Some(projections(&data_dir)).filter(|left| left.len() == 1)
        });
        serve.kill();
        if let Some(begun) = begun {
            assert_eq!(
                left,
                [begun],
                "round {round}: the one that was begun is used, not a new one ({})",
                length.again()
            );
            gone_on += 1;
        }
        assert_sound(&data_dir, &format!("round {round} ({})", length.again()));
        let lost = answers.ok.difference(&super::load::kept(&data_dir)).count();
        assert_eq!(lost, 0, "round {round}: what was answered meanwhile is kept");
        killed += 1;
    }
    assert!(gone_on > 0, "no kill fell into a rebuild ({})", length.again());
    length.report(killed, &format!("{gone_on} rebuilds were gone on with; a whole one takes {whole:?}"));
}

/// Runs `calltrail rebuild`, to its end or for this long; answers how long it ran.
fn rebuild(data_dir: &Path, life: Option<Duration>) -> Duration {
    let began = Instant::now();
    let mut command = calltrail();
    command.arg("rebuild").arg("--data-dir").arg(data_dir).stdout(Stdio::null());
    let mut child = command.spawn().expect("it starts");
    match life {
        None => assert!(child.wait().expect("it ends").success(), "nothing is in its way"),
        Some(life) => {
            thread::sleep(life);
            child.kill().expect("it still runs, or has just ended");
            child.wait().expect("it ends");
        }
    }
    began.elapsed()
}

/// True for a projection whose tables were committed before the kill.
fn is_begun(data_dir: &Path, number: u64) -> bool {
    let path = data_dir.join(format!("projection-{number}.db"));
    let count = || {
        let projection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        projection.query_row("select count(*) from applied", [], |row| row.get::<_, i64>(0))
    };
    count() == Ok(1)
}
