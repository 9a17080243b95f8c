//! The power goes at random moments while deliveries are recorded: nothing that was answered is lost, the file is sound.
//!
//! The real store writes through a VFS that records what reaches the disk and when it is durable; the tape then gives the
//! files as the next start may find them. `CALLTRAIL_IMAGES` asks for more of them, `CALLTRAIL_SEED` for others.

mod recording;

use std::time::Instant;

use calltrail_faults::{Crash, Device, Mode, room};

use crate::store::options::Mutant;
use crate::store::tests::environment::{SEED, number, time_is_up};
use crate::store::tests::inspection::{Found, inspect, is_archive, reopen};
use recording::{Recording, Script};

/// Images of a run.
const IMAGES: usize = 5_000;
/// Images of one recording; more of them come from more recordings.
const IMAGES_EACH: usize = 1_000;
/// Deliveries of one recording. Short recordings have small files, and so more images can be looked at in the same time.
const DELIVERIES: usize = 400;
/// One image of so many is also opened by the store itself, which takes as long as many looks by SQLite alone. An odd number,
/// so that it meets images of every mode.
const REOPENED: usize = 49;
/// Threads that look at images.
const LOOKERS: usize = 2;

/// What the images of a run showed.
#[derive(Debug, Default)]
struct Toll {
    images: usize,
    reopened: usize,
    lost: usize,
    corrupt: usize,
    /// The first faults, in words.
    faults: Vec<String>,
}

impl Toll {
    fn note(&mut self, found: Found, crash: &Crash<'_, '_>, mode: Mode, mutant: Option<Mutant>) {
        let fault = match found {
            Found::Sound => return,
            Found::Lost(count) => {
                self.lost += 1;
                format!("{count} of {} acknowledged deliveries are lost", crash.acked.len())
            }
            Found::Corrupt(why) => {
                self.corrupt += 1;
                why
            }
        };
        if mutant.is_none() && self.faults.len() < 3 {
            // Senders are threads, so no other run gives the same tape: what was found is kept for whoever looks into it.
            let folder = tempfile::tempdir().expect("a temporary folder").keep();
            crash.image(mode).write_to(&folder).expect("the image can be kept");
            self.faults.push(format!("at event {}, {mode:?}, kept in {}: {fault}", crash.at, folder.display()));
        }
    }

    fn add(&mut self, other: Self) {
        self.images += other.images;
        self.reopened += other.reopened;
        self.lost += other.lost;
        self.corrupt += other.corrupt;
        self.faults.extend(other.faults);
    }
}

/// Cuts the power at so many moments of a recording and looks at every image.
fn look(recording: &Recording, seed: u64, images: usize) -> Toll {
    let mutant = recording.script.mutant;
    let looker = |number: usize| {
        let folder = room().expect("a temporary folder");
        let seed = seed.wrapping_mul(31).wrapping_add(u64::try_from(number).expect("a small number"));
        let moments = recording.tape.moments(seed, images / LOOKERS / Mode::ALL.len());
        let mut toll = Toll::default();
        recording.tape.sweep(seed, &moments, |crash| {
            for mode in Mode::ALL {
                let mut image = crash.image(mode);
                toll.images += 1;
                if mutant.is_none() && toll.images % REOPENED == 0 {
                    image.write_to(folder.path()).expect("the image can be written");
                    toll.note(reopen(folder.path(), crash.acked, &recording.digests), crash, mode, mutant);
                    toll.reopened += 1;
                }
                image.files.retain(|name, _| is_archive(name));
                image.write_to(folder.path()).expect("the image can be written");
                toll.note(inspect(folder.path(), crash.acked, &recording.digests), crash, mode, mutant);
            }
        });
        toll
    };
    std::thread::scope(|scope| {
        let lookers: Vec<_> = (0..LOOKERS).map(|number| scope.spawn(move || looker(number))).collect();
        let mut toll = Toll::default();
        lookers.into_iter().for_each(|looker| toll.add(looker.join().expect("the looker ends")));
        toll
    })
}

/// One recording after the other. Every second one begins with what a power cut left of the one before it; and SQLite writes
/// its log in another way for each kind of device.
fn recordings(seed: u64) -> impl Iterator<Item = Recording> {
    let mut before: Option<Recording> = None;
    let devices = [Device::Bare, Device::PowerSafe, Device::PowerSafe, Device::Bare].into_iter().cycle();
    (seed..).zip(devices).map(move |(seed, device)| {
        let script = Script { seed, deliveries: DELIVERIES, device, mutant: None };
        if let Some(before) = before.take() {
            return before.again(script);
        }
        let recording = Recording::new(script);
        before = Some(recording.clone());
        recording
    })
}

#[test]
fn nothing_that_was_answered_is_lost_in_a_power_cut() {
    let seed = number(SEED).unwrap_or(3);
    let wanted = number("CALLTRAIL_IMAGES").map_or(IMAGES, |count| usize::try_from(count).expect("a countable number"));
    let (mut toll, mut acked, mut events) = (Toll::default(), 0, 0);
    let (mut looking, began) = (std::time::Duration::ZERO, Instant::now());
    for recording in recordings(seed) {
        let seed = recording.script.seed;
        acked += recording.acked();
        events += recording.tape.entries.len();
        let looked = Instant::now();
        toll.add(look(&recording, seed, IMAGES_EACH.min(wanted - toll.images)));
        looking += looked.elapsed();
        assert!(toll.faults.is_empty(), "seed {seed}: {:#?}", toll.faults);
        if toll.images + LOOKERS * Mode::ALL.len() > wanted || time_is_up() {
            break;
        }
    }
    println!(
        "CALLTRAIL_IMAGES: {} images of power cuts, seed {seed}, of {acked} acknowledged deliveries ({events} events), {} of them opened by the store: {} lost, \
         {} corrupt; {:.0} images/s, {:.1} s with recording",
        toll.images,
        toll.reopened,
        toll.lost,
        toll.corrupt,
        f64::from(u32::try_from(toll.images).expect("a countable number")) / looking.as_secs_f64(),
        began.elapsed().as_secs_f64(),
    );
    assert!(2 * toll.reopened * REOPENED >= toll.images, "the store opened its share: {toll:?}");
}

/// A store that breaks its promise, under the same eyes.
fn catch_panic(mutant: Mutant) -> Toll {
    let script = Script { seed: 3, deliveries: 200, device: Device::PowerSafe, mutant: Some(mutant) };
    let toll = look(&Recording::new(script), 3, 2_000);
    println!("power cuts, {mutant:?}: {} images, {} lost, {} corrupt", toll.images, toll.lost, toll.corrupt);
    toll
}

#[test]
fn the_cuts_find_a_store_that_does_not_wait_for_the_disk() {
    let toll = catch_panic(Mutant::Normal);
    assert!(toll.lost > 0, "synchronous=NORMAL answers what is not on disk: {toll:?}");
}

#[test]
fn the_cuts_find_a_store_that_never_syncs() {
    let toll = catch_panic(Mutant::Off);
    assert!(toll.lost > 0 && toll.corrupt > 0, "synchronous=OFF loses and damages: {toll:?}");
}

#[test]
fn the_cuts_find_a_store_that_answers_before_the_commit() {
    let toll = catch_panic(Mutant::AnswerEarly);
    assert!(toll.lost > 0, "what was answered before its commit can be lost: {toll:?}");
}

#[test]
fn the_cuts_find_a_journal_whose_removal_is_not_durable() {
    let toll = catch_panic(Mutant::DeleteJournal);
    assert!(toll.lost > 0, "the journal comes back and takes a commit with it: {toll:?}");
}
