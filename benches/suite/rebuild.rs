//! How fast the record is made anew from its archive.

use std::time::Instant;

use calltrail::store::Store;

use crate::{
    Bench, Outcome, Part,
    figures::{grouped, median, number, rounded},
    report::{Findings, Table},
    size,
};

pub(crate) const PART: Part = Part {
    name: "rebuild",
    title: "Rebuild",
    about: "
All deliveries of the archive are read, understood and folded again into a second projection, which is put into use: what
`calltrail rebuild` does, and what a new version with other tables does by itself at its first start. Records of up to 100,000 calls
are rebuilt three times, and the median is shown; larger ones once.
",
    measure,
};

const LEAST: f64 = 50_000.0;
const SMALL: u64 = 100_000;

fn measure(bench: &Bench) -> Outcome<Findings> {
    let mut findings = Findings::default();
    let mut table = Table::new(&["calls", "deliveries", "took", "deliveries/s"]);
    for &calls in bench.data_sets.sizes() {
        let folder = bench.data_sets.folder(calls)?;
        bench.data_sets.must_have_room(size::of(&folder)?.projection)?;
        let store = Store::open(&folder, "the benchmark")?;
        let (mut rates, mut replayed) = (Vec::new(), 0);
        for _ in 0..if calls > SMALL { 1 } else { 3 } {
            let begin = Instant::now();
            let rebuilt = store.rebuild()?;
            replayed = rebuilt.deliveries;
            rates.push(number(replayed) / begin.elapsed().as_secs_f64());
            if rebuilt.faults > 0 {
                return Err(format!("{} deliveries could not be applied", rebuilt.faults).into());
            }
        }
        store.close()?;
        let rate = median(&rates);
        let took = format!("{:.1} s", number(replayed) / rate);
        table.row(vec![grouped(calls), grouped(replayed), took, rounded(rate)]);
        let what = format!("rebuild of {} calls, deliveries a second", grouped(calls));
        findings.aim(what, "at least 50,000", rounded(rate), rate >= LEAST);
    }
    findings.tables.push(table);
    Ok(findings)
}
