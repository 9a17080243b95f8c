//! Another program locks the record's files, as a database browser does when a row is edited in it. A moment costs nobody
//! anything; when it takes longer, senders are told to try again, and what they sent is stored all the same.

use std::{
    path::Path,
    sync::mpsc::{Sender, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    assert_allows, assert_not_saved, assert_sound,
    load::{Answers, asked, repeats},
    wait_until,
};
use crate::process::{APP, Serve, end_call};

/// Tencent waits so long for an answer.
const ANSWERED: Duration = Duration::from_secs(2);

/// A lock for writing on one of the files, given back when dropped.
struct Lock {
    release: Sender<()>,
    holder: Option<JoinHandle<()>>,
}

impl Lock {
    fn take(file: &Path) -> Self {
        let (release, released) = channel();
        let (taken, ready) = channel();
        let file = file.to_owned();
        let holder = thread::spawn(move || {
            let other = Connection::open(file).expect("it is a database");
            other.busy_timeout(Duration::from_secs(10)).expect("a time limit");
            other.execute_batch("begin immediate").expect("nobody else writes for so long");
            taken.send(()).expect("the test waits");
            // Whether it is told to or forgotten: it ends.
            let _ = released.recv();
            other.execute_batch("rollback").expect("nothing was written");
        });
        ready.recv().expect("the lock is taken");
        Self { release, holder: Some(holder) }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.release.send(());
        if let Some(holder) = self.holder.take() {
            let _ = holder.join();
        }
    }
}

/// Posts at once from senders of their own; answers with which status and after how long each was answered.
fn posted_at_once(serve: &Serve, name: &str, count: usize) -> (Answers, Vec<(u16, Duration)>) {
    let post = |n: usize| {
        let mut answers = Answers::default();
        let began = Instant::now();
        let status = answers.post_to(serve, &format!("{name}-{n}"));
        (answers, (status, began.elapsed()))
    };
    let (mut all, mut told) = (Answers::default(), Vec::new());
    thread::scope(|scope| {
        let senders: Vec<_> = (0..count).map(|n| scope.spawn(move || post(n))).collect();
        for sender in senders {
            let (answers, one) = sender.join().expect("a sender");
            all.extend(answers);
            told.push(one);
        }
    });
    (all, told)
}

#[test]
fn a_lock_of_a_second_costs_nobody_an_answer() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let mut answers = Answers::default();
    for file in ["calltrail.db", "projection-1.db"] {
        let lock = Lock::take(&data_dir.join(file));
        let unlocking = thread::spawn(move || {
            thread::sleep(Duration::from_secs(1));
            drop(lock);
        });
        // Also enough at once to be pressure.
        let (more, told) = posted_at_once(&serve, file, 20);
        unlocking.join().expect("it is given back");
        for (status, took) in told {
            assert_eq!(status, 200, "{file}: whoever waits a second for a lock can still be answered, after {took:?}");
            assert!(took < ANSWERED, "{file}: an answer in time: {took:?}");
        }
        answers.extend(more);
    }
    drop(serve.last_words());
    answers.assert_all_kept_once(&data_dir, "after the locks");
}

#[test]
fn a_lock_on_what_can_be_made_anew_costs_nobody_an_answer() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let mut answers = Answers::default();
    answers.post_to(&serve, "before");
    let lock = Lock::take(&data_dir.join("projection-1.db"));
    let until = Instant::now() + Duration::from_secs(4);
    for round in 0.. {
        if Instant::now() > until {
            break;
        }
        let (more, told) = posted_at_once(&serve, &format!("round-{round}"), 5);
        answers.extend(more);
        assert!(told.iter().all(|(status, took)| *status == 200 && *took < ANSWERED), "all are kept: {told:?}");
    }
    drop(lock);
    drop(serve.last_words());
    answers.assert_all_kept_once(&data_dir, "after the lock");
}

#[test]
fn whoever_writes_during_a_long_lock_is_told_and_writes_again_when_it_is_gone() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::with_web(&data_dir, &[]);
    let lock = Lock::take(&data_dir.join("calltrail.db"));
    assert_not_saved(&serve.name("007", "James"), "locked");
    drop(lock);
    wait_until("a name is saved again", Duration::from_secs(5), || {
        (serve.name("007", "James").status == 200).then_some(())
    });
    drop(serve.last_words());
    assert_sound(&data_dir, "after the lock");
}

#[test]
fn what_is_turned_away_during_a_long_lock_is_stored_when_it_is_gone() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::with_web(&data_dir, &[]);
    let mut answers = Answers::default();
    answers.post_to(&serve, "before");
    for file in ["calltrail.db"] {
        let lock = Lock::take(&data_dir.join(file));
        let until = Instant::now() + Duration::from_secs(4);
        let mut refused = 0;
        for round in 0.. {
            if Instant::now() > until {
                break;
            }
            let (more, told) = posted_at_once(&serve, &format!("{file}-{round}"), 5);
            answers.extend(more);
            for (status, took) in told {
                assert_eq!(status, 503, "{file}: what is not on disk is not acknowledged");
                assert!(took < ANSWERED, "{file}: also that is said in time: {took:?}");
                refused += 1;
            }
            assert_allows(&serve, "while the record is locked");
        }
        let condition = serve.api("/api/condition");
        assert!(condition["waiting"].as_u64().is_some_and(|waiting| waiting > 0), "{file}: they wait: {condition}");
        assert_eq!(condition["turned_away"], 0, "{file}: there was room for all of them: {condition}");
        if cfg!(target_os = "linux") {
            assert_eq!(condition["locked"]["by"]["pid"], std::process::id(), "{file}: who has the lock: {condition}");
            let program = condition["locked"]["by"]["program"].as_str().unwrap_or_default();
            assert!(!program.is_empty(), "{file}: its program is named: {condition}");
        }
        drop(lock);
        // No new callback comes and nobody starts anything anew.
        wait_until(&format!("{file}: all {refused} are stored"), Duration::from_secs(6), || {
            answers.are_all_kept(&data_dir).then_some(())
        });
        let well = wait_until("the condition says that all is well", Duration::from_secs(6), || {
            let condition = serve.api("/api/condition");
            (condition["failing"].is_null() && condition["waiting"] == 0).then_some(condition)
        });
        assert!(well["locked"].is_null(), "{file}: no lock is spoken of any more: {well}");
    }
    // Its sender comes again, as ever: that is a repeat.
    assert_eq!(answers.post_to(&serve, "calltrail.db-0-0"), 200, "a delivery that was refused and is stored now");
    drop(serve.last_words());
    assert_sound(&data_dir, "after the locks");
    answers.assert_kept(&data_dir, "after the locks");
    assert_eq!(repeats(&data_dir), 1, "one came again, and nothing else was stored twice");
    assert!(asked(&data_dir) >= 1, "what asked for permission is kept too");
    let record = Connection::open(data_dir.join("calltrail.db")).expect("the archive");
    let count = |sql: &str| record.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let in_order = format!(
        "select count(*) from (select received_ms, lag(received_ms, 1, 0) over (order by delivery_id) as before from delivery where app = '{APP}') where before > received_ms + 1000"
    );
    assert_eq!(count(&in_order), 0, "they were stored in the order in which they came");
}

#[test]
fn what_waits_for_a_lock_has_a_last_chance_at_the_stop() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let mut answers = Answers::default();
    let serve = Serve::start(&data_dir);
    let lock = Lock::take(&data_dir.join("calltrail.db"));
    assert_eq!(answers.post_to(&serve, "waits"), 503, "the record is locked");
    let unlocking = thread::spawn(move || {
        thread::sleep(Duration::from_millis(600));
        drop(lock);
    });
    let said = serve.last_words();
    unlocking.join().expect("it is given back");
    assert!(!said.contains("lost"), "nothing is: {said}");
    answers.assert_all_kept_once(&data_dir, "after the stop");

    let serve = Serve::start(&data_dir);
    let lock = Lock::take(&data_dir.join("calltrail.db"));
    for n in 0..3 {
        let mut lost = Answers::default();
        assert_eq!(lost.post_to(&serve, &format!("lost-{n}")), 503, "the record is locked");
    }
    let began = Instant::now();
    let said = serve.last_words();
    assert!(began.elapsed() < Duration::from_secs(8), "whoever shuts down does not wait: {:?}", began.elapsed());
    assert!(said.contains("lost=3"), "what is lost is said, with its number: {said}");
    drop(lock);
    answers.assert_kept(&data_dir, "what was acknowledged is there");
}

#[test]
fn what_waits_may_be_of_another_application() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = Serve::start(&data_dir);
    let lock = Lock::take(&data_dir.join("calltrail.db"));
    let foreign = serve.post("SdkAppid=7&CallbackCommand=Call.CallbackAfterEndCall", &[], end_call("x").as_bytes());
    assert_eq!(foreign.status, 403, "whose it is does not depend on locks: {}", foreign.body);
    drop(lock);
    let record = Connection::open(data_dir.join("calltrail.db")).expect("the archive");
    let quarantined = |sql: &str| record.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    wait_until("it is in quarantine", Duration::from_secs(6), || {
        (quarantined("select count(*) from quarantine") == 1).then_some(())
    });
    drop(serve.last_words());
    assert_eq!(quarantined("select sum(repeats) from quarantine"), 0, "once");
}
