//! `cargo xtask soak`: the tests of durability, attacks and truth at their full lengths, in release mode.

use crate::command::{Outcome, cargo, must};
use crate::packages;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One test program's tests, and the variable that makes them long.
struct Part {
    what: &'static str,
    /// Which test program: the library's own or the one from outside.
    target: &'static [&'static str],
    tests: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const LIBRARY: &[&str] = &["--lib"];
const OUTSIDE: &[&str] = &["--test", "main"];

/// The longest last, because with a limit each gets an equal share of what is left, and what it does not use is for the others.
const PARTS: [Part; 6] = [
    Part {
        what: "system calls of SQLite that fail",
        target: LIBRARY,
        tests: "store::tests::faults",
        variables: &[("CALLTRAIL_FAULTS", "all")],
    },
    Part {
        what: "hostile senders",
        target: OUTSIDE,
        tests: "hostile",
        variables: &[("CALLTRAIL_CROWD", "3000"), ("CALLTRAIL_FLOOD", "60")],
    },
    Part {
        what: "damaged files",
        target: OUTSIDE,
        tests: "durability::damage",
        variables: &[("CALLTRAIL_DAMAGES", "2000"), ("CALLTRAIL_DAMAGED_PROJECTIONS", "500")],
    },
    Part { what: "kill -9", target: OUTSIDE, tests: "durability::kill", variables: &[("CALLTRAIL_KILLS", "10000")] },
    Part {
        what: "power cuts",
        target: LIBRARY,
        tests: "store::tests::power",
        variables: &[("CALLTRAIL_IMAGES", "1000000")],
    },
    Part {
        what: "the second opinion",
        target: LIBRARY,
        tests: "store::tests::opinion",
        variables: &[("CALLTRAIL_HISTORIES", "1000000"), ("CALLTRAIL_SQLITE_HISTORIES", "1000000")],
    },
];

/// Runs all parts, however one of them ends; `minutes` bounds the time of all together, once they are built.
pub(crate) fn soak(minutes: Option<u64>) -> Outcome {
    packages::set_up(packages::For::Testing)?;
    for target in [LIBRARY, OUTSIDE] {
        build(target)?;
    }
    let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let mut table = String::new();
    let mut failed = Vec::new();
    for (at, part) in PARTS.iter().enumerate() {
        let left = u32::try_from(PARTS.len() - at).unwrap_or(1);
        let share = until.map(|until| until.saturating_duration_since(Instant::now()) / left);
        let began = Instant::now();
        let (succeeded, said) = part.run(&["--", "--nocapture", "--test-threads", "2", part.tests], share)?;
        let passed =
            succeeded && said.iter().any(|line| ran_something(line)) && !said.iter().any(|line| tried_nothing(line));
        let verdict = if passed { "passed" } else { "FAILED" };
        table.push_str(&format!("{verdict} {}, {:.1} s\n", part.what, began.elapsed().as_secs_f32()));
        said.iter().for_each(|line| table.push_str(&format!("       {line}\n")));
        if !passed {
            failed.push(part.what);
        }
    }
    println!("\n{table}");
    if failed.is_empty() { Ok(()) } else { Err(format!("{} did not pass.", failed.join(", "))) }
}

fn tests(target: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["test", "--release", "--locked", "--package", "calltrail"]).args(target);
    command
}

fn build(target: &[&str]) -> Outcome {
    must(tests(target).arg("--no-run"))
}

impl Part {
    /// Runs `cargo test` with these arguments; answers whether it passed, and the lines that say how far it came.
    fn run(&self, arguments: &[&str], share: Option<Duration>) -> Result<(bool, Vec<String>), String> {
        let mut command = tests(self.target);
        command.args(arguments);
        command.envs(self.variables.iter().copied());
        if let Some(share) = share {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            command.env("CALLTRAIL_UNTIL", (now + share).as_secs().to_string());
        }
        let settings: Vec<String> = self.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        eprintln!("+ {} {}", settings.join(" "), crate::command::line(&command));
        said(&mut command)
    }
}

/// Shows what a command prints, and keeps the summary lines: they begin with the name of a variable, or count the tests.
fn said(command: &mut Command) -> Result<(bool, Vec<String>), String> {
    let line = crate::command::line(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|why| format!("`{line}` could not be started: {why}."))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors = thread::spawn(move || stderr.map(summary).unwrap_or_default());
    let mut lines = stdout.map(summary).unwrap_or_default();
    lines.extend(errors.join().unwrap_or_default());
    let status = child.wait().map_err(|why| format!("the end of `{line}` is not known: {why}."))?;
    Ok((status.success(), lines))
}

fn summary(output: impl Read) -> Vec<String> {
    let lines = BufReader::new(output).lines().map_while(Result::ok).inspect(|line| eprintln!("{line}"));
    lines.filter(|line| is_summary(line)).collect()
}

fn is_summary(line: &str) -> bool {
    line.starts_with("CALLTRAIL_") || line.starts_with("test result: ")
}

/// Whether a loop that was to run until its time was over did not come to its first round.
fn tried_nothing(line: &str) -> bool {
    let counted = line.strip_prefix("CALLTRAIL_").and_then(|line| line.split_once(": "));
    counted.is_some_and(|(name, said)| !name.contains(',') && said.starts_with("0 "))
}

/// A name that no test has would pass, too.
fn ran_something(line: &str) -> bool {
    line.starts_with("test result: ok.") && !line.contains(" 0 passed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_summary_from_the_rest() {
        assert!(is_summary("CALLTRAIL_KILLS: 50 of 50 rounds in 7.1 s (seed 1): all kept"), "how far a loop came");
        assert!(is_summary("test result: ok. 1 passed; 0 failed"), "how many tests there were");
        assert!(!is_summary("test durability::kill ... ok"), "the rest is shown and not kept");
        assert!(ran_something("test result: ok. 10 passed; 0 failed"), "ten tests");
        assert!(!ran_something("test result: ok. 0 passed; 0 failed"), "a part whose tests were renamed");
        assert!(tried_nothing("CALLTRAIL_FAULTS: 0 tried in 0.3 s"), "its time was over before it began");
        assert!(!tried_nothing("CALLTRAIL_KILLS: 50 of 50 rounds in 7.1 s"), "fifty");
        assert!(!tried_nothing("CALLTRAIL_FAULTS, Truncate: 0 tried, 0 met"), "one kind of several");
    }
}
