//! `cargo xtask fuzz`: any bytes into every border, guided by what they reach, for a bounded time.

use crate::command::{Outcome, cargo, line, must, output, root, succeeds};
use crate::tool::Tool;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const CARGO_FUZZ: Tool = Tool { name: "fuzz", version: "0.13.2" };
/// How long each target runs unless it is said.
const SECONDS: u64 = 60;
/// The longest input in bytes, and the most memory in MB.
const BOUNDS: [&str; 2] = ["-max_len=8192", "-rss_limit_mb=512"];

/// What is to be run.
#[derive(Debug, PartialEq, Eq)]
struct Wanted<'a> {
    seconds: u64,
    /// One target, or all.
    target: Option<&'a str>,
}

/// What became of one target.
struct Run {
    target: String,
    inputs: u64,
    per_second: u64,
    /// How many places of the code were reached.
    reached: u64,
    /// The files of inputs that did not hold.
    crashes: Vec<PathBuf>,
    /// It ended as it should: by the time.
    ended_well: bool,
}

/// `cargo xtask fuzz [--seconds N] [TARGET]`.
pub(crate) fn fuzz(words: &[&str]) -> Outcome {
    let wanted = read(words)?;
    let targets = targets()?;
    let chosen: Vec<&String> =
        targets.iter().filter(|target| wanted.target.is_none_or(|wanted| wanted == *target)).collect();
    if chosen.is_empty() {
        return Err(format!("there is no such target. The targets are: {}.", targets.join(", ")));
    }
    CARGO_FUZZ.set_up()?;
    let programs = build()?;
    let runs = chosen
        .into_iter()
        .map(|target| run(target, &programs.join(target), wanted.seconds))
        .collect::<Result<Vec<_>, _>>()?;
    println!("\n{}", table(&runs));
    runs.iter().flat_map(|run| &run.crashes).for_each(|file| show(file));
    let failed: Vec<&str> = runs.iter().filter(|run| !run.ended_well).map(|run| run.target.as_str()).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("{} did not hold.", failed.join(", "))) }
}

fn read<'a>(words: &[&'a str]) -> Result<Wanted<'a>, String> {
    let number = |text: &str| text.parse().map_err(|_| format!("--seconds wants a number, not `{text}`."));
    match *words {
        [] => Ok(Wanted { seconds: SECONDS, target: None }),
        ["--seconds", seconds] => Ok(Wanted { seconds: number(seconds)?, target: None }),
        [target] => Ok(Wanted { seconds: SECONDS, target: Some(target) }),
        ["--seconds", seconds, target] | [target, "--seconds", seconds] => {
            Ok(Wanted { seconds: number(seconds)?, target: Some(target) })
        }
        _ => Err("usage: cargo xtask fuzz [--seconds N] [TARGET]".to_owned()),
    }
}

/// The names of the targets.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(|why| format!("{} cannot be read: {why}.", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Everything that is made while fuzzing: no part of the repository.
fn made() -> PathBuf {
    root().join("target/fuzz")
}

/// Builds all targets; answers the folder of their programs.
fn build() -> Result<PathBuf, String> {
    // cargo-fuzz would write a new lock file without a word.
    if !succeeds(cargo().args(["tree", "--locked", "--depth", "0", "--manifest-path", "fuzz/Cargo.toml"])) {
        return Err("fuzz/Cargo.lock does not fit Cargo.toml. Copy Cargo.lock over it, then run \
                    `cargo tree --manifest-path fuzz/Cargo.toml`, and commit it."
            .to_owned());
    }
    let version = output(Command::new("rustc").arg("-vV")).unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not name its host.")?;
    // The flags that count what is reached are for a nightly compiler; this lets the stable one take them.
    let mut command = cargo();
    command.args(["fuzz", "build", "--fuzz-dir", "fuzz", "--sanitizer", "none", "--target-dir"]).arg(made());
    must(command.env("RUSTC_BOOTSTRAP", "1"))?;
    Ok(made().join(host).join("release"))
}

/// Runs one target until its time is over, or something does not hold.
fn run(target: &str, program: &Path, seconds: u64) -> Result<Run, String> {
    let folder = |name: &str| {
        let folder = made().join(name).join(target);
        let failed = |why| format!("{} cannot be made: {why}.", folder.display());
        fs::create_dir_all(&folder).map(|()| folder.clone()).map_err(failed)
    };
    let (corpus, artifacts, scratch) = (folder("corpus")?, folder("artifacts")?, scratch(target)?);
    let found = root().join("tests/fixtures/fuzz").join(target);
    let log = made().join(format!("{target}.log"));
    let file = File::create(&log).map_err(|why| format!("{} cannot be written: {why}.", log.display()))?;
    let mut command = Command::new(program);
    command
        .args(BOUNDS)
        .args([format!("-max_total_time={seconds}"), format!("-timeout={}", patience(target))])
        .args(["-print_final_stats=1".to_owned(), format!("-dict={}", corpus.with_extension("dict").display())])
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg(&corpus)
        .args(found.is_dir().then_some(found))
        .env("CALLTRAIL_FUZZ_SEEDS", &corpus)
        .env("TMPDIR", &scratch)
        .stdout(Stdio::null())
        .stderr(file);
    eprintln!("+ {}", line(&command));
    let status = command.status().map_err(|why| format!("{} could not be started: {why}.", program.display()))?;
    let text = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    if status.success() {
        // What could not be removed lies in a folder for temporary files.
        let _ = fs::remove_dir_all(&scratch);
    } else {
        eprintln!(
            "{}\nThe whole log is {}; a record that was open is in {}.",
            end_of(&text),
            log.display(),
            scratch.display()
        );
    }
    let (inputs, per_second, reached) = figures(&text);
    Ok(Run {
        target: target.to_owned(),
        inputs,
        per_second,
        reached,
        crashes: crashes(&text),
        ended_well: status.success(),
    })
}

/// Seconds that one input may take, also on a machine that does other things; the handler proves its record now and then.
fn patience(target: &str) -> u64 {
    if target == "handler" { 120 } else { 10 }
}

/// Where records of a target go: into memory where there is such a folder, because nothing is learnt from syncing a disk.
fn scratch(target: &str) -> Result<PathBuf, String> {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = base.join(format!("calltrail-fuzz-{}-{target}", std::process::id()));
    fs::create_dir_all(&folder)
        .map(|()| folder.clone())
        .map_err(|why| format!("{} cannot be made: {why}.", folder.display()))
}

/// Inputs, inputs per second, and places reached, as libFuzzer says them at its end.
fn figures(log: &str) -> (u64, u64, u64) {
    let after = |line: &str, name: &str| -> Option<u64> {
        let rest = line.split_once(name)?.1.trim_start();
        rest.split_whitespace().next()?.parse().ok()
    };
    let last = |name: &str| log.lines().rev().find_map(|line| after(line, name)).unwrap_or(0);
    (last("stat::number_of_executed_units:"), last("stat::average_exec_per_sec:"), last("cov: "))
}

/// The files that libFuzzer has written for inputs that did not hold.
fn crashes(log: &str) -> Vec<PathBuf> {
    log.lines()
        .filter_map(|line| line.split_once("Test unit written to "))
        .map(|(_, path)| path.trim().into())
        .collect()
}

fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(40)).copied().collect::<Vec<_>>().join("\n")
}

fn table(runs: &[Run]) -> String {
    let row = |run: &Run| {
        let Run { target, inputs, per_second, reached, crashes, .. } = run;
        format!("{target:14} {inputs:>12} {per_second:>10} {reached:>8} {:>7}\n", crashes.len())
    };
    let head = format!("{:14} {:>12} {:>10} {:>8} {:>7}\n", "target", "inputs", "per second", "reached", "crashes");
    head + &runs.iter().map(row).collect::<String>()
}

/// An input that did not hold, in a form that can be kept.
fn show(file: &Path) {
    let bytes = fs::read(file).unwrap_or_default();
    println!("{}\n  b\"{}\"", file.display(), bytes.escape_ascii());
    println!(
        "  Kept in tests/fixtures/fuzz/<target>/ under a name that says what it shows, it is tried in every test run."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_either_order() {
        assert_eq!(read(&[]), Ok(Wanted { seconds: SECONDS, target: None }), "every target for a minute");
        let wanted = Ok(Wanted { seconds: 5, target: Some("fold") });
        assert_eq!(read(&["--seconds", "5", "fold"]), wanted, "as the usage says it");
        assert_eq!(read(&["fold", "--seconds", "5"]), wanted, "or the other way round");
        assert!(read(&["--seconds", "long"]).is_err(), "a time is a number");
        assert!(read(&["a", "b"]).is_err(), "one target at a time");
    }

    #[test]
    fn the_last_words_of_libfuzzer_are_understood() {
        let log = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#900\tNEW    cov: 345 ft: 700 corp: 9/1Kb\n\
                   panicked\nartifact_prefix='x/'; Test unit written to x/crash-1\nstat::number_of_executed_units: 901\n\
                   stat::average_exec_per_sec:     450\n";
        assert_eq!(figures(log), (901, 450, 345), "how far it came");
        assert_eq!(crashes(log), [PathBuf::from("x/crash-1")], "what it found");
        assert!(crashes("stat::number_of_executed_units: 3").is_empty(), "nothing found");
    }

    #[test]
    fn every_target_is_found() {
        assert!(
            targets().is_ok_and(|targets| targets.contains(&"callback".to_owned())),
            "the folder of the targets is read"
        );
    }
}
