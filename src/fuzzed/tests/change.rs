//! Seeded changes of real inputs: a small fuzzer without guidance, for every run of the tests.

use std::collections::BTreeSet;

use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

/// The longest input, as for the fuzz targets.
const LONGEST: usize = 8_192;
/// Numbers that programs get wrong.
const NUMBERS: [&str; 9] = [
    "0",
    "-1",
    "1e400",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "0.1",
];

/// Makes inputs without end, the same from the same seed.
pub(super) struct Changes {
    dice: ChaCha8Rng,
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
}

impl Changes {
    pub(super) fn new(seed: u64, seeds: Vec<Vec<u8>>, words: BTreeSet<String>) -> Self {
        let words = words.into_iter().map(String::into_bytes).chain(NUMBERS.map(Into::into)).collect();
        Self { dice: ChaCha8Rng::seed_from_u64(seed), seeds, words }
    }

    /// A seed with up to six changes.
    pub(super) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seeds.choose(&mut self.dice).expect("there are seeds").clone();
        for _ in 0..self.dice.random_range(1..=6) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (from, to) = self.range(input.len());
        match self.dice.random_range(0..8) {
            0 => {
                input.splice(from..from, [self.dice.random::<u8>()]);
            }
            1 => {
                input.splice(from..to, []);
            }
            2 => {
                let again = input[from..to].to_vec();
                input.splice(to..to, again);
            }
            3 => {
                let word = self.words.choose(&mut self.dice).expect("there are words").clone();
                input.splice(from..from, word);
            }
            4 => {
                let word = self.words.choose(&mut self.dice).expect("there are words").clone();
                input.splice(from..to, word);
            }
            5 => self.number(input, from),
            6 => {
                let other = self.seeds.choose(&mut self.dice).expect("there are seeds").clone();
                let (first, last) = self.range(other.len());
                input.splice(from..to, other[first..last].iter().copied());
            }
            _ => {
                if let Some(byte) = input.get_mut(from) {
                    *byte ^= 1 << self.dice.random_range(0..8_u32);
                }
            }
        }
    }

    /// Puts another number in the place of the next one.
    fn number(&mut self, input: &mut Vec<u8>, from: usize) {
        let digit = |byte: &u8| byte.is_ascii_digit();
        let Some(first) = input[from..].iter().position(digit).map(|at| from + at) else { return };
        let last = input[first..].iter().position(|byte| !digit(byte)).map_or(input.len(), |at| first + at);
        let number = NUMBERS.choose(&mut self.dice).expect("there are numbers");
        input.splice(first..last, number.bytes());
    }

    /// Two places in an input, mostly near each other.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let from = self.dice.random_range(0..=length);
        let most = if self.dice.random_ratio(1, 8) { length - from } else { (length - from).min(12) };
        (from, from + self.dice.random_range(0..=most))
    }
}
