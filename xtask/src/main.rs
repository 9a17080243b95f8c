//! `cargo xtask`: the chores of the repository. Only the standard library, so that it compiles in a second on a fresh clone.

mod behind;
mod bench;
mod command;
mod contract;
mod deny;
mod display;
mod e2e;
mod fuzz;
mod node;
mod openapi;
mod package;
mod packages;
mod python;
mod readers;
mod run;
mod soak;
mod steps;
mod test;
mod tool;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <chore>

  run [-- ARGS]           install what is missing, build the interface and open the desktop app;
                          without a display: `calltrail serve` with a demo app
  test                    install what is missing and run every check and test
  setup [--test]          only install what is missing (--test: for the tests too)
  e2e [-- ARGS]           only the tests of the real desktop window
  screenshots [--out DIR] photograph each screen, light and dark (default docs/screenshots)
  soak [--minutes N]      the tests of durability, attacks and truth at their full lengths, in release mode (hours);
                          with --minutes each part gets its share of the time
  fuzz [--seconds N] [TARGET]
                          any bytes into each border (or one), a minute each; installs cargo-fuzz
  deny [--advisories DIR] bans, licences and sources of dependencies; with a copy of RustSec's database, or with
                          CALLTRAIL_ADVISORY_DB, what is known to be wrong with them; installs cargo-deny
  bench [PART…]           measure everything, or these parts, and write benches/README.md: ingest, latency, queries, export,
                          rebuild, size, memory, start; --calls 10000,1000000 says how large the records are
  contract                ask the API everything that its OpenAPI document allows and forbids; installs Schemathesis
  readers                 read exports of nasty data with openpyxl, pandas, DuckDB, pyarrow and LibreOffice; installs them
  package [--smoke] [--debootstrap] [--profile dev] [--out DIR]
                          a release as .deb, .rpm and an archive of the command (default target/packages); --smoke starts
                          what is in them, --debootstrap installs and removes them in a fresh Debian
  openapi                 refresh ui/openapi.json and the TypeScript types made from it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run", rest @ ..] => run::run(after_dashes(rest)),
        // Not for people: the other half of `run` without a display.
        ["greet"] => run::greet(),
        ["test"] => test::test(),
        ["setup"] => packages::set_up(packages::For::Running),
        ["setup", "--test"] => packages::set_up(packages::For::Testing),
        ["e2e", rest @ ..] => e2e::e2e(after_dashes(rest)),
        ["screenshots"] => e2e::screenshots(None),
        ["screenshots", "--out", folder] => e2e::screenshots(Some(folder)),
        ["soak"] => soak::soak(None),
        ["soak", "--minutes", minutes] => match minutes.parse() {
            Ok(minutes) => soak::soak(Some(minutes)),
            Err(_) => Err(format!("--minutes wants a number, not `{minutes}`.")),
        },
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["deny"] => deny::deny(None),
        ["deny", "--advisories", folder] => deny::deny(Some(folder)),
        ["bench", rest @ ..] => bench::bench(after_dashes(rest)),
        ["contract"] => test::contract(),
        ["readers"] => readers::readers(),
        ["package", rest @ ..] => package::package(rest),
        ["openapi"] => openapi::refresh(),
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        other => {
            eprint!("cargo xtask does not know `{}`.\n\n{USAGE}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// `run -- --hook …` and `run --hook …` mean the same.
fn after_dashes<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    match words {
        ["--", rest @ ..] => rest,
        all => all,
    }
}
