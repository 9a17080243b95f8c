//! Cargo's other tools, which come from crates.io when they are missing.

use crate::command::{Outcome, cargo, must, output};

/// `cargo <name>`, in the version that this repository is tested with.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl Tool {
    /// Whether it can be run, in any version.
    pub(crate) fn is_there(&self) -> bool {
        output(cargo().args([self.name, "--version"])).is_some()
    }

    /// Installs it where it is missing.
    pub(crate) fn set_up(&self) -> Outcome {
        if self.is_there() {
            return Ok(());
        }
        let package = format!("cargo-{}@{}", self.name, self.version);
        // It runs for a moment and is built for minutes: without optimisation for half as long.
        must(cargo().args(["install", "--debug", "--locked", &package]).env("CARGO_PROFILE_DEV_DEBUG", "0"))
    }
}
