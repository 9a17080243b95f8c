//! A list of steps: each is named and timed, and the first that fails ends the list.

use crate::command::Outcome;
use std::time::{Duration, Instant};

/// The steps that have passed so far.
pub(crate) struct Steps {
    passed: Vec<(String, Duration)>,
    began: Instant,
}

impl Steps {
    pub(crate) fn new() -> Steps {
        Steps { passed: Vec::new(), began: Instant::now() }
    }

    /// Runs one step. The error names it.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> Outcome {
        eprintln!("\n=== {name}");
        let began = Instant::now();
        let outcome = work();
        let took = began.elapsed();
        match outcome {
            Ok(()) => {
                eprintln!("=== {name}: passed in {:.1} s", took.as_secs_f32());
                self.passed.push((name.to_owned(), took));
                Ok(())
            }
            Err(why) => {
                eprintln!("=== {name}: FAILED after {:.1} s", took.as_secs_f32());
                println!("\n{}\n{} passed, 1 failed", self.table(), self.passed.len());
                Err(format!("step `{name}`: {why}"))
            }
        }
    }

    /// Prints the times and how many passed.
    pub(crate) fn finish(self) {
        println!("\n{}\n{} passed, 0 failed", self.table(), self.passed.len());
    }

    fn table(&self) -> String {
        let width = self.passed.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max("altogether".len());
        let row = |name: &str, took: Duration| format!("{name:width$} {:>7.1} s\n", took.as_secs_f32());
        let rows: String = self.passed.iter().map(|(name, took)| row(name, *took)).collect();
        rows + &row("altogether", self.began.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_passed_and_names_what_failed() {
        let mut steps = Steps::new();
        assert_eq!(steps.step("format", || Ok(())), Ok(()), "a step that passes");
        assert!(steps.table().starts_with("format "), "it is in the table: {}", steps.table());
        let failed = steps.step("clippy", || Err("a lint".to_owned()));
        assert_eq!(failed, Err("step `clippy`: a lint".to_owned()), "the error names the step");
        assert_eq!(steps.passed.len(), 1, "a failed step is not among the passed ones");
    }
}
