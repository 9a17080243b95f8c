//! The command line `calltrail`: everything that Calltrail does without a window.

mod cli;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: calltrail::Allocator = calltrail::Allocator;

fn main() -> ExitCode {
    cli::run()
}
