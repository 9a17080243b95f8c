//! `cargo xtask bench …`: the benchmarks, in release mode; they write `benches/README.md`.

use crate::command::{Outcome, cargo, must};
use crate::packages;

/// Runs the parts that are named, or all; the program itself says what it does not know.
pub(crate) fn bench(words: &[&str]) -> Outcome {
    packages::set_up(packages::For::Benching)?;
    must(cargo().args(["bench", "--locked", "--package", "calltrail", "--bench", "suite", "--"]).args(words))
}
