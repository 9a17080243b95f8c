//! One fault and a record of its own: the script is sent, the fault comes and goes, and what was said is held to.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use calltrail_faults::{Call, Device, Fault, Mode, Vfs, room};

use crate::store::delivery::{Delivery, Digest, Place};
use crate::store::options::Mutant;
use crate::store::tests::inspection::{Found, inspect, reopen};
use crate::store::tests::script::{digest, parse};
use crate::store::{Error, Options, Reader, Store};

/// Deliveries that are sent before one waits for their answers.
const BURST: usize = 5;
/// Answers with an error after which a lasting fault ends, so that the rest of the script finds a sound disk.
const ENDURED: usize = 15;
/// Attempts that a delivery has when the fault is over. The first may meet what the fault left behind.
const ATTEMPTS: usize = 3;
/// The turn at which the projection is made anew.
const REBUILT: usize = 20;
/// How long the projection may take to come to what was archived while the disk failed.
const CATCHING_UP: Duration = Duration::from_secs(12);
/// A sender that waits longer was forgotten.
const PATIENCE: Duration = Duration::from_secs(20);

/// The kind that SQLite takes every disk for. On the other one it leaves a piece of padding without a sync, which a failing
/// sync can tear out of the log; no caller could mend that.
const DEVICE: Device = Device::PowerSafe;

/// What is sent, to which store.
pub(super) struct Trial {
    pub(super) deliveries: Vec<Delivery>,
    pub(super) mutant: Option<Mutant>,
    pub(super) seed: u64,
    /// Pages of log after which it is folded back.
    pub(super) autocheckpoint: u32,
    /// Moments at which the power is cut afterwards, apart from the end.
    pub(super) cuts: usize,
}

/// What the senders were told, and what was found afterwards.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Calls of each kind that the script made, in the order of [`Call::ALL`].
    pub(super) calls: [u64; 5],
    /// Calls that the fault refused.
    pub(super) refused: u64,
    /// The record could not be opened at first.
    pub(super) refused_opening: bool,
    /// Deliveries that were answered with an error.
    pub(super) errors: usize,
    /// Those among them that were in the archive before they were sent again.
    pub(super) kept_all_the_same: usize,
    /// Attempts that a delivery needed after the end of the fault, at most.
    pub(super) attempts: usize,
    /// What must not be, in words.
    pub(super) wrong: Vec<String>,
}

/// The record under trial.
struct Record<'a> {
    store: Store,
    vfs: &'a Arc<Vfs>,
    told: &'a mut Told,
}

impl Trial {
    /// Sends the script to a new record while the fault lasts.
    pub(super) fn run(&self, fault: Option<Fault>) -> Told {
        let folder = room().expect("a temporary folder");
        let vfs = Arc::new(Vfs::recording(folder.path(), DEVICE).expect("a VFS can be registered"));
        let mut told = Told::default();
        if let Some(fault) = fault {
            vfs.arm(fault);
        }
        if let Some(store) = self.opened(folder.path(), &vfs, &mut told) {
            let mut record = Record { store, vfs: &vfs, told: &mut told };
            let unanswered = self.send_script(&mut record);
            record.told.kept_all_the_same = kept(folder.path(), &unanswered, &self.digests(), &mut record.told.wrong);
            // What happens once may still be to come, and lies in wait for the end.
            if fault.is_some_and(|fault| fault.lasting) || !unanswered.is_empty() {
                vfs.disarm();
            }
            self.send_again(&mut record, unanswered);
            catch_up(&mut record);
            if let Some(failing) = record.store.condition().failing {
                record.told.wrong.push(format!("the store says that it fails when it does not: {failing:?}"));
            }
            // A fault may wait for the last calls, which closing makes; then the next start has more to do.
            let closed = record.store.close();
            if let Err(error) = closed
                && told.refused == vfs.refused()
            {
                told.wrong.push(format!("closing fails without a fault: {error}"));
            }
        }
        told.refused = vfs.refused();
        told.calls = Call::ALL.map(|call| vfs.counted(Some(call)));
        vfs.disarm();
        self.hold_to(folder.path(), &vfs, &mut told);
        told
    }

    fn opened(&self, folder: &Path, vfs: &Vfs, told: &mut Told) -> Option<Store> {
        let options = Options {
            vfs: Some(vfs.name().to_owned()),
            mutant: self.mutant,
            autocheckpoint: Some(self.autocheckpoint),
            ..Options::held_by("a test")
        };
        for _ in 0..2 {
            match Store::open_with(folder, options.clone()) {
                Ok(store) => return Some(store),
                Err(error) if vfs.refused() == 0 => {
                    told.wrong.push(format!("opening fails without a fault: {error}"));
                    return None;
                }
                Err(_) => {
                    told.refused_opening = true;
                    vfs.disarm();
                }
            }
        }
        told.wrong.push("the record does not open when the fault is over".to_owned());
        None
    }

    /// Sends everything once; answers which were not acknowledged.
    fn send_script(&self, record: &mut Record<'_>) -> Vec<usize> {
        let mut unanswered = Vec::new();
        let numbers: Vec<_> = (0..self.deliveries.len()).collect();
        for (turn, burst) in numbers.chunks(BURST).enumerate() {
            unanswered.extend(self.send(record, burst));
            if turn % 8 == 7 {
                // Whether a question is answered is not at stake here; that it harms nothing is.
                let _ = record.store.read(Reader::overview);
            }
            if turn == REBUILT {
                let _ = record.store.rebuild();
            }
            if unanswered.len() >= ENDURED {
                record.vfs.disarm();
            }
        }
        record.told.errors = unanswered.len();
        record.told.refused = record.vfs.refused();
        unanswered
    }

    /// Sends what was not acknowledged as its sender would, now that the fault is over.
    fn send_again(&self, record: &mut Record<'_>, mut unanswered: Vec<usize>) {
        for attempt in 1..=ATTEMPTS {
            if unanswered.is_empty() {
                return;
            }
            record.told.attempts = attempt;
            unanswered = unanswered.chunks(BURST).flat_map(|burst| self.send(record, burst)).collect();
        }
        if !unanswered.is_empty() {
            record.told.wrong.push(format!("{} deliveries are refused after the end of the fault", unanswered.len()));
        }
    }

    /// Sends some deliveries and waits for all answers; answers which were not acknowledged.
    fn send(&self, record: &mut Record<'_>, burst: &[usize]) -> Vec<usize> {
        let (answer, answers) = channel();
        for &number in burst {
            let (vfs, answer, delivery) = (Arc::clone(record.vfs), answer.clone(), &self.deliveries[number]);
            let done = move |outcome: Result<_, Error>| {
                if outcome.is_ok() {
                    vfs.ack(u64::try_from(number).expect("a small number"));
                }
                // Nobody waits for an answer that came too late; that it did was noted.
                let _ = answer.send((number, outcome.map(drop)));
            };
            if record.store.record(delivery.clone(), parse(delivery), Place::Archive, done).is_err() {
                record.told.wrong.push(format!("delivery {number} is turned away by a queue that is not full"));
            }
        }
        drop(answer);
        let mut refused = burst.to_vec();
        loop {
            match answers.recv_timeout(PATIENCE) {
                Ok((number, Ok(()))) => refused.retain(|other| *other != number),
                Ok((number, Err(error))) => {
                    if error.to_string().contains("a fault while recording") {
                        record.told.wrong.push(format!("recording delivery {number} panicked"));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return refused,
                Err(RecvTimeoutError::Timeout) => {
                    record.told.wrong.push(format!("some of the deliveries {burst:?} were never answered"));
                    return refused;
                }
            }
        }
    }

    fn digests(&self) -> Vec<Digest> {
        self.deliveries.iter().map(digest).collect()
    }

    /// Everything was acknowledged in the end, so everything must be there: in the files, and after power cuts.
    fn hold_to(&self, folder: &Path, vfs: &Vfs, told: &mut Told) {
        let digests = self.digests();
        let tape = vfs.take_tape();
        let cut = room().expect("a temporary folder");
        let mut moments = tape.moments(self.seed, self.cuts);
        moments.push(tape.entries.len());
        tape.sweep(self.seed, &moments, |crash| {
            for mode in [Mode::Nothing, Mode::Half, Mode::Torn] {
                crash.image(mode).write_to(cut.path()).expect("the image can be written");
                note(inspect(cut.path(), crash.acked, &digests), &format!("{mode:?} at event {}", crash.at), told);
            }
        });
        let mut acked = Vec::new();
        tape.sweep(self.seed, &[tape.entries.len()], |crash| acked = crash.acked.to_vec());
        note(inspect(folder, &acked, &digests), "in the files", told);
        note(reopen(folder, &acked, &digests), "after the next start", told);
    }
}

/// Waits until lists show what is archived.
fn catch_up(record: &mut Record<'_>) {
    let began = Instant::now();
    loop {
        match record.store.read(Reader::lag) {
            Ok(0) => return,
            _ if began.elapsed() < CATCHING_UP => std::thread::sleep(Duration::from_millis(20)),
            other => {
                record.told.wrong.push(format!("the projection stays behind after the end of the fault: {other:?}"));
                return;
            }
        }
    }
}

fn note(found: Found, place: &str, told: &mut Told) {
    match found {
        Found::Sound => {}
        Found::Lost(count) => told.wrong.push(format!("{count} acknowledged deliveries are lost, {place}")),
        Found::Corrupt(why) => told.wrong.push(format!("{why}, {place}")),
    }
}

/// How many of these deliveries the archive has.
fn kept(folder: &Path, numbers: &[usize], digests: &[Digest], wrong: &mut Vec<String>) -> usize {
    if numbers.is_empty() {
        return 0;
    }
    let ids: Vec<_> = numbers.iter().map(|number| u64::try_from(*number).expect("a small number")).collect();
    match inspect(folder, &ids, digests) {
        Found::Sound => numbers.len(),
        Found::Lost(missing) => numbers.len() - missing,
        Found::Corrupt(why) => {
            wrong.push(format!("{why}, while the fault lasts"));
            0
        }
    }
}
