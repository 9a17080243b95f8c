//! How long a test goes on that could go on for ever. All of them understand the same variables, so that one chore can run
//! them short or long, and give each its share of the time.

use std::time::Instant;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::environment::{SEED, number, time_is_up};

/// The length of one test.
pub(crate) struct Length {
    variable: &'static str,
    rounds: usize,
    seed: u64,
    began: Instant,
}

impl Length {
    /// So many rounds as the variable says, or the usual number.
    pub(crate) fn of(variable: &'static str, usual: usize) -> Self {
        let rounds = number(variable).and_then(|rounds| usize::try_from(rounds).ok()).unwrap_or(usual);
        let seed = number(SEED).unwrap_or(1);
        Self { variable, rounds, seed, began: Instant::now() }
    }

    /// The rounds, as long as there is time.
    pub(crate) fn rounds(&self) -> impl Iterator<Item = usize> {
        (0..self.rounds).take_while(|_| !time_is_up())
    }

    /// Chance for one round: the same for the same seed and round.
    pub(crate) fn chance(&self, round: usize) -> ChaCha8Rng {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        chance.set_stream(u64::try_from(round).expect("a count"));
        chance
    }

    /// What a failing test prints so that it can be run again.
    pub(crate) fn again(&self) -> String {
        format!("run it again with {SEED}={}", self.seed)
    }

    /// Says how far it came.
    pub(crate) fn report(&self, done: usize, survived: &str) {
        let took = self.began.elapsed().as_secs_f32();
        eprintln!(
            "{}: {done} of {} rounds in {took:.1} s (seed {}): {survived}",
            self.variable, self.rounds, self.seed
        );
    }
}
