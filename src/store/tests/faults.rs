//! Every call that the store makes to the storage fails, once and for ever: nobody is told what is not so, and when the
//! fault ends the same store goes on.
//!
//! A run takes a sample of the calls; `CALLTRAIL_FAULTS=all` takes every one, a number in its place so many of each kind, and
//! `CALLTRAIL_SEED` takes others.

mod trial;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use calltrail_faults::{Call, Fault, Vfs, Why, room};

use crate::store::files::archive_file;
use crate::store::files::paths::Files;
use crate::store::options::{Mutant, Options};
use crate::store::tests::environment::{SEED, number, time_is_up};
use crate::store::tests::script::some;
use trial::{Told, Trial};

/// Deliveries that are sent in each trial.
const DELIVERIES: usize = 200;
/// Calls of a kind that fail in each way, unless the environment says how many.
const SAMPLED: u64 = 8;
/// Moments of each trial at which the power is cut.
const CUTS: usize = 5;
/// Trials that run at a time.
const THREADS: usize = 2;

/// About so many faults of a kind of call for each way to fail, with the same distance between them.
fn faults(call: Call, calls: u64, seed: u64, sampled: u64) -> Vec<Fault> {
    let step = (calls / sampled.max(1)).max(1);
    let mut faults = Vec::new();
    for (way, (lasting, why)) in
        [(false, Why::Io), (false, Why::Full), (true, Why::Io), (true, Why::Full)].into_iter().enumerate()
    {
        // Each way begins elsewhere, so that together they meet more of the calls.
        let offset =
            seed.wrapping_mul(2_654_435_761).wrapping_add(u64::try_from(way).expect("a small number") * 7) % step;
        faults.extend((1 + offset..=calls).step_by(usize::try_from(step).expect("a small number")).map(|nth| Fault {
            call: Some(call),
            nth,
            lasting,
            why,
        }));
    }
    faults
}

/// Tries each fault in a record of its own.
fn tried(trial: &Trial, faults: &[Fault]) -> Vec<(Fault, Told)> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut told = Vec::new();
        while let Some(fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !time_is_up()) {
            told.push((*fault, trial.run(Some(*fault))));
        }
        told
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no trial panics")).collect()
    })
}

/// What senders were told, in a line.
fn summary(told: &[&Told]) -> String {
    format!(
        "{} tried, {} met, opening refused {}, answered with an error {} (kept all the same {}), attempts until an answer \
         after the fault {} at most, wrong {}",
        told.len(),
        told.iter().filter(|told| told.refused > 0).count(),
        told.iter().filter(|told| told.refused_opening).count(),
        told.iter().map(|told| told.errors).sum::<usize>(),
        told.iter().map(|told| told.kept_all_the_same).sum::<usize>(),
        told.iter().map(|told| told.attempts).max().unwrap_or(0),
        told.iter().filter(|told| !told.wrong.is_empty()).count(),
    )
}

/// Fails with the first of those trials in which something was wrong.
fn expect_none_wrong(told: &[(Fault, Told)], seed: u64) {
    let wrong: Vec<_> = told.iter().filter(|(_, told)| !told.wrong.is_empty()).collect();
    let shown: Vec<_> = wrong.iter().take(8).map(|(fault, told)| (fault, &told.wrong)).collect();
    assert!(wrong.is_empty(), "seed {seed}: {} of {} faults: {shown:#?}", wrong.len(), told.len());
}

#[test]
fn every_call_may_fail_and_the_same_store_goes_on() {
    let seed = number(SEED).unwrap_or(5);
    let sampled = match std::env::var("CALLTRAIL_FAULTS").as_deref() {
        Ok("all") => u64::MAX,
        Ok(number) => number.parse().expect("`all` or a number"),
        Err(_) => SAMPLED,
    };
    let trial = Trial { deliveries: some(seed, DELIVERIES), mutant: None, seed, autocheckpoint: 20, cuts: CUTS };
    let began = Instant::now();
    let calm = trial.run(None);
    assert_eq!((calm.errors, calm.refused), (0, 0), "nothing fails without a fault: {calm:?}");
    let mut faults: Vec<_> =
        (Call::ALL.into_iter().zip(calm.calls)).flat_map(|(call, calls)| faults(call, calls, seed, sampled)).collect();
    // In any order, so that a run that ends early has tried some of each kind.
    faults.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let told = tried(&trial, &faults);
    for call in Call::ALL {
        let of: Vec<_> = told.iter().filter(|(fault, _)| fault.call == Some(call)).map(|(_, told)| told).collect();
        println!("CALLTRAIL_FAULTS, {call:?}: {}", summary(&of));
    }
    println!(
        "CALLTRAIL_FAULTS: {} tried in {:.1} s, seed {seed}; a run of all would fail each of {} of {} calls of the script",
        told.len(),
        began.elapsed().as_secs_f64(),
        faults.len() / 4,
        calm.calls.iter().sum::<u64>(),
    );
    expect_none_wrong(&told, seed);
}

#[test]
fn a_switch_to_the_write_ahead_log_that_fails_is_an_error() {
    let mut refused = 0;
    for (call, nth) in [Call::Sync, Call::Delete].into_iter().flat_map(|call| (1..=12).map(move |nth| (call, nth))) {
        let folder = room().expect("a temporary folder");
        let vfs = Vfs::new().expect("a VFS can be registered");
        vfs.arm(Fault { call: Some(call), nth, lasting: false, why: Why::Io });
        let files = Files::of(folder.path(), Some(vfs.name()));
        match archive_file::open_writer(&files, &Options::default()) {
            Err(_) => refused += 1,
            // The file's header says how it is written: 2 is the write-ahead log.
            Ok(_connection) => {
                let header = std::fs::read(files.archive()).expect("the archive is a file");
                assert_eq!(header[18], 2, "{call:?} {nth} fails: the archive says that it has a log and has none");
            }
        }
    }
    assert!(refused > 5, "most of these faults keep the archive from being opened: {refused}");
}

/// What was found by these tests, and mended.
#[test]
fn faults_that_once_did_harm() {
    // A log that is seldom folded back keeps what was done to it.
    let trial = Trial { deliveries: some(5, 130), mutant: None, seed: 5, autocheckpoint: 4_000, cuts: 20 };
    let calm = trial.run(None);
    let syncs = calm.calls[3];
    let lasting = |call, nth| Fault { call: Some(call), nth, lasting: true, why: Why::Io };
    let mut faults = Vec::new();
    // A new opening took a commit for good whose sync had failed, and committed behind it.
    faults.extend((0..8).map(|turn| lasting(Call::Sync, syncs / 3 + turn * 2)));
    // Neither the new projection nor the old one could be attached, and lists stayed behind.
    faults.extend((18..=24).map(|nth| lasting(Call::Open, nth)));
    expect_none_wrong(&tried(&trial, &faults), trial.seed);
}

#[test]
fn a_store_that_answers_before_the_commit_is_found() {
    // What could not be stored waits and is stored when the fault is over, so only a cut in between shows what was not there yet.
    let trial =
        Trial { deliveries: some(5, 60), mutant: Some(Mutant::AnswerEarly), seed: 5, autocheckpoint: 20, cuts: 200 };
    let calls = trial.run(None).calls;
    let writes = calls[1] / 2;
    let told = trial.run(Some(Fault { call: Some(Call::Write), nth: writes, lasting: true, why: Why::Full }));
    assert!(told.wrong.iter().any(|wrong| wrong.contains("lost")), "what was answered is not there: {told:?}");
}
