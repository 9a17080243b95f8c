//! Power cuts at random moments of a tape, visited in one walk.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::disk::{Disk, Mode};
use crate::image::Image;
use crate::tape::{Entry, Tape};

/// One moment at which the power goes.
#[derive(Debug)]
pub struct Crash<'a, 't> {
    /// How many events of the tape came before it.
    pub at: usize,
    /// What was acknowledged before it, in order.
    pub acked: &'a [u64],
    seed: u64,
    disk: &'a Disk<'t>,
}

impl Crash<'_, '_> {
    /// The files as the next start finds them; the same for the same tape, seed, moment and mode.
    pub fn image(&self, mode: Mode) -> Image {
        let mode_number = Mode::ALL.iter().take_while(|other| **other != mode).count();
        self.disk.image(mode, &mut dice(self.seed, self.at * Mode::ALL.len() + mode_number))
    }
}

impl Tape {
    /// So many random moments of the tape, in order; some may come twice. All are after the files that were there when the
    /// recording began were put on it, one by one: a file without its log is nothing that the power can leave behind.
    pub fn moments(&self, seed: u64, count: usize) -> Vec<usize> {
        let mut dice = dice(seed, 0);
        let first = self.entries.iter().take_while(|entry| matches!(entry, Entry::Found { .. })).count();
        let mut moments: Vec<_> = (0..count).map(|_| dice.random_range(first..=self.entries.len())).collect();
        moments.sort_unstable();
        moments
    }

    /// Plays the tape once and stops at each of the moments, which are in order.
    pub fn sweep(&self, seed: u64, moments: &[usize], mut visit: impl FnMut(&Crash<'_, '_>)) {
        let mut disk = Disk::of(self.device);
        let mut acked = Vec::new();
        let mut played = 0;
        for &at in moments {
            for (number, entry) in self.entries.iter().enumerate().take(at).skip(played) {
                disk.play(entry, &mut dice(seed, number));
                if let Entry::Ack(id) = entry {
                    acked.push(*id);
                }
            }
            played = played.max(at);
            visit(&Crash { at, acked: &acked, seed, disk: &disk });
        }
    }
}

/// Dice of their own for every decision, so that one image can be made again without all those before it.
fn dice(seed: u64, number: usize) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(u64::try_from(number).unwrap_or(u64::MAX));
    dice
}
