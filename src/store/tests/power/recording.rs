//! Deliveries recorded by the real store, with everything that reached the disk on a tape.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use calltrail_faults::{Device, Entry, Image, Mode, Tape, Vfs, room};

use crate::store::delivery::{Delivery, Digest, Place};
use crate::store::options::Mutant;
use crate::store::tests::inspection::{Found, inspect};
use crate::store::tests::script::{digest, parse, some};
use crate::store::{Options, Store};

/// Threads that send at a time, so that commits are shared in changing numbers.
const SENDERS: usize = 4;
/// Pages of WAL after which it is folded back: often, because that is where the order of syncs matters most.
const AUTOCHECKPOINT: u32 = 40;

/// What is recorded.
#[derive(Clone, Copy)]
pub(super) struct Script {
    pub(super) seed: u64,
    pub(super) deliveries: usize,
    pub(super) device: Device,
    pub(super) mutant: Option<Mutant>,
}

/// What was recorded.
#[derive(Clone)]
pub(super) struct Recording {
    pub(super) script: Script,
    pub(super) tape: Tape,
    /// Acknowledgement `n` names the delivery with digest `n`.
    pub(super) digests: Vec<Digest>,
}

impl Recording {
    /// Records into a new folder.
    pub(super) fn new(script: Script) -> Self {
        let folder = room().expect("a temporary folder");
        Self::into_folder(folder.path(), script, Vec::new(), &[])
    }

    /// Starts again after a power cut at a random moment of this recording, and records on.
    pub(super) fn again(&self, script: Script) -> Self {
        let folder = room().expect("a temporary folder");
        let mut acked = Vec::new();
        self.tape.sweep(script.seed, &self.tape.moments(script.seed, 1), |crash| {
            let image = crash.image(Mode::Torn);
            self.must_be_sound(&image, crash.acked);
            image.write_to(folder.path()).expect("the image can be written");
            acked = crash.acked.to_vec();
        });
        Self::into_folder(folder.path(), script, self.digests.clone(), &acked)
    }

    /// What a recording begins with is looked at itself: otherwise a fault in it would be taken for one of what follows.
    fn must_be_sound(&self, image: &Image, acked: &[u64]) {
        let folder = room().expect("a temporary folder");
        image.write_to(folder.path()).expect("the image can be written");
        let found = inspect(folder.path(), acked, &self.digests);
        if !matches!(found, Found::Sound) {
            let kept = tempfile::tempdir().expect("a temporary folder").keep();
            image.write_to(&kept).expect("the image can be kept");
            panic!(
                "seed {}: what the next recording would begin with, kept in {}: {found:?}",
                self.script.seed,
                kept.display()
            );
        }
    }

    /// How many acknowledgements there were.
    pub(super) fn acked(&self) -> usize {
        self.tape.entries.iter().filter(|entry| matches!(entry, Entry::Ack(_))).count()
    }

    fn into_folder(folder: &Path, script: Script, mut digests: Vec<Digest>, acked: &[u64]) -> Self {
        let vfs = Arc::new(Vfs::recording(folder, script.device).expect("a VFS can be registered"));
        acked.iter().for_each(|id| vfs.ack(*id));
        let options = Options {
            vfs: Some(vfs.name().to_owned()),
            mutant: script.mutant,
            autocheckpoint: Some(AUTOCHECKPOINT),
            // The logs are folded back on both threads, and some batches are only archived at first.
            long_log: Some(i64::from(AUTOCHECKPOINT) / 2),
            ..Options::held_by("a test")
        };
        let store = Store::open_with(folder, options).expect("the record opens");
        let deliveries: Vec<_> = (digests.len()..).zip(some(script.seed, script.deliveries)).collect();
        digests.extend(deliveries.iter().map(|(_, delivery)| digest(delivery)));
        std::thread::scope(|scope| {
            for sender in 0..SENDERS {
                let mine: Vec<_> = deliveries.iter().skip(sender).step_by(SENDERS).collect();
                let (store, vfs) = (&store, &vfs);
                scope.spawn(move || send(store, vfs, &mine));
            }
            store.rebuild().expect("the projection is made anew while deliveries arrive");
        });
        store.close().expect("the record closes");
        Self { script, tape: vfs.take_tape(), digests }
    }
}

/// Sends deliveries in bursts of changing size, and waits for the answers of a burst before the next.
fn send(store: &Store, vfs: &Arc<Vfs>, deliveries: &[&(usize, Delivery)]) {
    let mut rest = deliveries;
    for size in (1..=6).cycle() {
        let (burst, later) = rest.split_at(size.min(rest.len()));
        if burst.is_empty() {
            return;
        }
        rest = later;
        let (answer, answers) = channel();
        for (number, delivery) in burst {
            let (vfs, answer, id) = (Arc::clone(vfs), answer.clone(), u64::try_from(*number).expect("a small number"));
            let done = move |outcome: Result<_, _>| {
                if outcome.is_ok() {
                    vfs.ack(id);
                }
                answer.send(outcome.is_ok()).expect("the sender waits");
            };
            store.record(delivery.clone(), parse(delivery), Place::Archive, done).expect("the queue has room");
        }
        drop(answer);
        assert!(answers.iter().all(|stored| stored), "nothing fails, so every delivery is acknowledged");
    }
}
