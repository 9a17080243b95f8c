//! How long a start takes.

use std::{path::Path, time::Instant};

use crate::{
    Bench, Outcome, Part, dataset,
    figures::{grouped, median, milliseconds, ms},
    load,
    report::{Findings, Table},
    serve::Serving,
};

pub(crate) const PART: Part = Part {
    name: "start",
    title: "Start",
    about: "
From starting `calltrail serve` until it says that it takes callbacks, and until the first callback is answered 200, which is after
its commit. Records are started in turns, five times, and the median is shown. The files are in the system's memory, as they are
after a restart of the program and not of the machine.
",
    measure,
};

const ROUNDS: usize = 5;

fn measure(bench: &Bench) -> Outcome<Findings> {
    let sizes: Vec<u64> = std::iter::once(0).chain(bench.data_sets.sizes().iter().copied()).collect();
    let mut times: Vec<Vec<[f64; 2]>> = vec![Vec::new(); sizes.len()];
    for _ in 0..ROUNDS {
        for (&calls, times) in sizes.iter().zip(&mut times) {
            times.push(if calls == 0 {
                one_start(bench.data_sets.temporary()?.path(), 10_000)?
            } else {
                one_start(&bench.data_sets.folder(calls)?, calls)?
            });
        }
    }
    let mut findings = Findings::default();
    let mut table = Table::new(&["calls", "ready", "first answer"]);
    for (&calls, times) in sizes.iter().zip(&times) {
        let [ready, answered] =
            [0, 1].map(|which| median(&times.iter().filter_map(|times| times.get(which).copied()).collect::<Vec<_>>()));
        table.row(vec![grouped(calls), ms(ready), ms(answered)]);
        if calls > 0 {
            let what = format!("start to first answer with {} calls", grouped(calls));
            findings.aim(what, "under 1 s", ms(answered), answered < 1_000.0);
        }
    }
    findings.tables.push(table);
    Ok(findings)
}

/// Milliseconds until it was ready, and until the first answer. The callback is the first one of a data set of this size, so that
/// a record that has it already only counts a repeat.
fn one_start(folder: &Path, calls: u64) -> Outcome<[f64; 2]> {
    let delivery = dataset::deliveries(calls)?.next().ok_or("there is no delivery")?;
    let begin = Instant::now();
    let (serving, ready) = Serving::start(folder)?;
    let request = load::request(&delivery, serving.token());
    let answered = serving.post(&request)?;
    let took = begin.elapsed();
    serving.stop()?;
    if !answered {
        return Err("the first callback was not answered 200".into());
    }
    Ok([milliseconds(ready), milliseconds(took)])
}
