//! The command line `calltrail`: everything that Calltrail does without a window.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
