//! Chance that can be repeated: every decision of the traffic comes from here.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded source of decisions.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed; each stream is a sequence of its own, so that hours do not depend on each other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from 0 up to, and without, `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0.random_range(0..end.max(1))
    }

    /// A number from `first` to `last`, both possible.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        self.0.random_range(first..=last.max(first))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        from[self.0.random_range(0..N)]
    }

    /// So many different elements, in random order; fewer when there are fewer.
    pub(super) fn some<T: Copy>(&mut self, count: usize, from: &[T]) -> Vec<T> {
        let mut rest = from.to_vec();
        let mut taken = Vec::new();
        while taken.len() < count && !rest.is_empty() {
            taken.push(rest.swap_remove(self.0.random_range(0..rest.len())));
        }
        taken
    }

    /// Sixteen random bytes as Tencent writes a call's id.
    pub(super) fn uuid(&mut self) -> String {
        let hex = hex::encode(self.0.random::<[u8; 16]>());
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default().to_owned());
        parts.join("-")
    }
}
