//! The benchmarks: measures Calltrail and writes `benches/README.md`. `cargo xtask bench` runs it; that file says how to read it.

mod bare;
mod crowd;
mod dataset;
mod export;
mod figures;
mod ingest;
mod latency;
mod load;
mod machine;
mod memory;
mod options;
mod people;
mod queries;
mod questions;
mod rebuild;
mod report;
mod samples;
mod serve;
mod server;
mod size;
mod start;

use std::{
    error::Error,
    process::ExitCode,
    time::{Duration, Instant},
};

use calltrail::store::{self, Store};

use dataset::DataSets;
use machine::Run;
use options::Options;
use report::{Findings, Report};

#[global_allocator]
static ALLOCATOR: calltrail::Allocator = calltrail::Allocator;

type Fault = Box<dyn Error + Send + Sync>;
type Outcome<T> = Result<T, Fault>;

/// One thing that is measured.
struct Part {
    /// As the command line names it.
    name: &'static str,
    /// As the README calls it.
    title: &'static str,
    /// For the README: what is measured, and how.
    about: &'static str,
    measure: fn(&Bench) -> Outcome<Findings>,
}

/// In the order of the README. What only reads a data set comes before what changes it.
static PARTS: [Part; 9] = [
    ingest::PART,
    latency::PART,
    queries::PART,
    people::PART,
    export::PART,
    rebuild::PART,
    size::PART,
    memory::PART,
    start::PART,
];

/// What the parts work with.
struct Bench {
    options: Options,
    data_sets: DataSets,
}

impl Bench {
    /// The data set that stands for a large record where one is enough: the largest of at most a million calls.
    fn large(&self) -> Outcome<u64> {
        let sizes = self.data_sets.sizes();
        let large = sizes.iter().copied().filter(|size| *size <= 1_000_000).max().or(sizes.iter().copied().min());
        Ok(large.ok_or("there is no data set to measure with")?)
    }
}

/// How long the lists may take to show everything that was answered.
const CATCHING_UP: Duration = Duration::from_secs(900);

/// Waits until calls, rooms and stays follow from everything that is archived: under pressure they come after the answers.
fn until_whole(store: &Store) -> Outcome<()> {
    let deadline = Instant::now() + CATCHING_UP;
    loop {
        match store.require_complete() {
            Err(store::Error::Rebuilding { .. }) if Instant::now() < deadline => {}
            whole => return Ok(whole?),
        }
    }
}

fn main() -> ExitCode {
    let failed = match run() {
        Ok(failed) => failed,
        Err(why) => vec![why.to_string()],
    };
    for why in &failed {
        eprintln!("bench: {why}");
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the parts that were asked for; answers what went wrong in those that failed. The others' figures are kept.
fn run() -> Outcome<Vec<String>> {
    let options = Options::read(std::env::args().skip(1))?;
    let data_sets = DataSets::open(&options.calls)?;
    let run = Run::of_now(data_sets.home());
    let bench = Bench { options, data_sets };
    let mut report = Report::read()?;
    let mut failed = Vec::new();
    for part in PARTS.iter().filter(|part| bench.options.wants(part.name)) {
        println!("\n== {}: {}", part.name, part.title);
        let begin = Instant::now();
        match (part.measure)(&bench) {
            Ok(findings) => report.put(part.name, &run, findings)?,
            Err(why) => failed.push(format!("{} could not be measured: {why}", part.name)),
        }
        println!("== {}: {:.0} s", part.name, begin.elapsed().as_secs_f64());
    }
    failed.extend(bench.data_sets.left_out().iter().cloned());
    println!("\nThe figures are in benches/README.md.");
    Ok(failed)
}
