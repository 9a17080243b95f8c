//! How much memory `calltrail serve` takes.

use std::{path::Path, thread::sleep, time::Duration};

use crate::{
    Bench, Outcome, Part, dataset,
    figures::{bytes, grouped, number, times_as},
    load::Load,
    queries::until_idle,
    questions::QUESTIONS,
    report::{Findings, Table},
    samples::Samples,
    serve::{Memory, Serving},
};

pub(crate) const PART: Part = Part {
    name: "memory",
    title: "Memory",
    about: "
Memory in use (resident set) of the real `calltrail serve`, a process of its own: with an empty record, after callbacks came in as
fast as they were answered over 64 connections, with large records once nothing is left to be done in the background, and after every question of the window was asked ten
times. `peak` is the most that the kernel saw until then. Memory is not to depend on how many calls there are: SQLite's page caches are
bounded, and a small record does not fill them.
",
    measure,
};

const CONNECTIONS: usize = 64;
/// How often each question is asked.
const TIMES: usize = 10;
/// How long a process rests before it counts as idle.
const REST: Duration = Duration::from_secs(3);
/// How much more memory a large record may take than a small one.
const FLAT: f64 = 1.25;

fn measure(bench: &Bench) -> Outcome<Findings> {
    let mut findings = Findings::default();
    let mut table = Table::new(&["calls", "", "in use", "peak"]);
    let mut row = |calls: u64, what: &str, memory: Memory| {
        table.row(vec![grouped(calls), what.to_owned(), bytes(memory.now), bytes(memory.peak)]);
    };
    let empty = bench.data_sets.temporary()?;
    let (idle, loaded, rested) = under_load(empty.path(), bench.options.requests)?;
    row(0, "idle", idle);
    row(0, "after callbacks", loaded);
    row(0, "three seconds later", rested);
    let mut seen = Vec::new();
    for &calls in bench.data_sets.sizes() {
        let (idle, asked) = when_asked(&bench.data_sets.folder(calls)?)?;
        row(calls, "idle", idle);
        row(calls, "after all questions", asked);
        seen.push((calls, idle, asked));
    }
    findings.tables.push(table);
    if let (Some(small), Some(large)) = (seen.first(), seen.last())
        && small.0 < large.0
    {
        for (what, small, large) in [("idle", small.1, large.1), ("after all questions", small.2, large.2)] {
            let ratio = times_as(number(large.now), number(small.now));
            let what = format!("memory {what}, largest record to smallest");
            findings.aim(what, &format!("at most {FLAT} times"), format!("{ratio:.2} times"), ratio <= FLAT);
        }
    }
    Ok(findings)
}

/// At rest with an empty record, right after callbacks, and a while later.
fn under_load(folder: &Path, requests: usize) -> Outcome<(Memory, Memory, Memory)> {
    let (serving, _) = Serving::start(folder)?;
    let load = Load::new(dataset::later(2).take(requests), serving.token());
    sleep(REST);
    let idle = serving.memory()?;
    load.send(serving.hook(), CONNECTIONS, 0..0, 0..requests)?;
    let loaded = serving.memory()?;
    sleep(REST);
    let rested = serving.memory()?;
    serving.stop()?;
    Ok((idle, loaded, rested))
}

/// At rest, and after every question.
fn when_asked(folder: &Path) -> Outcome<(Memory, Memory)> {
    let (serving, _) = Serving::start(folder)?;
    until_idle(folder)?;
    sleep(REST);
    let idle = serving.memory()?;
    let mut samples = Samples::gather(&mut |address| serving.get(address))?;
    for question in QUESTIONS {
        for _ in 0..TIMES {
            // That a question cannot be asked is told by the part that measures its time.
            let _ = serving.get(&(question.address)(&mut samples));
        }
    }
    let asked = serving.memory()?;
    serving.stop()?;
    Ok((idle, asked))
}
