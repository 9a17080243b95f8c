//! How long a test goes on that could go on for ever. All of them understand the same variables, so that one chore can run
//! them short or long, and give each its share of the time.

use std::{
    env,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// After this moment, in Unix seconds, every such test ends early.
const UNTIL: &str = "CALLTRAIL_UNTIL";
/// A number that makes the choices of chance the same again.
const SEED: &str = "CALLTRAIL_SEED";

/// The length of one test.
pub(crate) struct Length {
    variable: &'static str,
    rounds: usize,
    until: Option<SystemTime>,
    seed: u64,
    began: Instant,
}

impl Length {
    /// So many rounds as the variable says, or the usual number.
    pub(crate) fn of(variable: &'static str, usual: usize) -> Self {
        let rounds = number(variable).and_then(|rounds| usize::try_from(rounds).ok()).unwrap_or(usual);
        let until = number(UNTIL).map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
        let seed = number(SEED).unwrap_or_else(rand::random);
        Self { variable, rounds, until, seed, began: Instant::now() }
    }

    /// The rounds, as long as there is time.
    pub(crate) fn rounds(&self) -> impl Iterator<Item = usize> {
        let until = self.until;
        (0..self.rounds).take_while(move |_| until.is_none_or(|until| SystemTime::now() < until))
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

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}
