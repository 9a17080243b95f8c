//! Durable answers per second: the real listener and store, against the same listener that keeps nothing, and against SQLite alone.

use std::{collections::HashSet, ops::Range, sync::Arc, time::Instant};

use calltrail::{callback::delivery::Delivery, store::Store};

use crate::{
    Bench, Outcome, Part,
    bare::{self, Row},
    dataset,
    figures::{count, grouped, median, ms, number, rounded, times_as},
    load::{Load, Measured},
    report::{Findings, Table},
    server::{Immediate, Server, TOKEN},
    until_whole,
};

pub(crate) const PART: Part = Part {
    name: "ingest",
    title: "Durable answers per second",
    about: "
Callbacks are sent over keep-alive connections, each sending its next one when the last is answered. `on disk` is Calltrail: each
answer follows the commit that holds the callback. Where many wait at once, calls, rooms and stays follow as soon as it eases:
`in lists/s` is the rate from the first callback sent until all of them are in the lists. `not kept` is the same
server without a store: it reads and understands each callback, and answers at once. `SQLite alone` is no server: the same rows
go into the archive's table, one commit (WAL, `synchronous=FULL`) for as many rows as there are connections. The three are
measured in turns, three times; each figure is the median of the three. Sender and server share the machine's processors.
",
    measure,
};

const CONNECTIONS: [usize; 3] = [1, 64, 256];
const ROUNDS: usize = 3;
/// Requests before each measurement that are not counted.
const WARM_UP: usize = 2_000;
/// A single connection waits for the disk each time, so it gets one request where many get so many.
const SHARE_OF_ONE: usize = 12;

/// What is sent, in both forms.
struct Sent {
    load: Load,
    rows: Vec<Row>,
}

/// Rate, median and 99th percentile of one measurement, and the rate until all are in the lists (0 where there are none).
type Figures = [f64; 4];

pub(crate) fn measure(bench: &Bench) -> Outcome<Findings> {
    let deliveries: Vec<Delivery> = dataset::later(0).take(WARM_UP + bench.options.requests).collect();
    let sent = Sent {
        load: Load::new(deliveries.iter().cloned(), TOKEN),
        rows: deliveries.iter().map(Row::of).collect::<Outcome<_>>()?,
    };
    let mut table =
        Table::new(&["connections", "", "answers/s", "p50", "p99", "of not kept", "of SQLite alone", "in lists/s"]);
    let mut findings = Findings::default();
    for connections in CONNECTIONS {
        let requests = if connections == 1 { bench.options.requests / SHARE_OF_ONE } else { bench.options.requests };
        let range = WARM_UP..WARM_UP + requests;
        let (mut on_disk, mut not_kept, mut alone) = (Vec::new(), Vec::new(), Vec::new());
        let mut turned_away = 0;
        for _ in 0..ROUNDS {
            let (measured, in_lists) = with_store(bench, &sent, connections, range.clone())?;
            turned_away += measured.turned_away;
            on_disk.push(figures(&measured, in_lists));
            let server = Server::start(Arc::new(Immediate))?;
            let measured = sent.load.send(server.address(), connections, 0..WARM_UP, range.clone());
            server.stop();
            not_kept.push(figures(&measured?, 0.0));
            let folder = bench.data_sets.temporary()?;
            let rows = sent.rows.get(range.clone()).unwrap_or_default();
            let committed = bare::commit(folder.path(), rows, connections)?;
            let [p50, p99] = [50, 99].map(|of_100| committed.times.percentile(of_100));
            alone.push([committed.per_second, p50, p99, 0.0]);
        }
        // Each round against its own neighbours: what else the machine does changes slowly.
        let [of_not_kept, of_alone] = [ratio(&on_disk, &not_kept), ratio(&on_disk, &alone)];
        let ratios = [format!("{of_not_kept:.2}"), format!("{of_alone:.2}")];
        table.row(row(connections, "on disk", &on_disk, ratios));
        table.row(row(connections, "not kept", &not_kept, Default::default()));
        table.row(row(connections, "SQLite alone", &alone, Default::default()));
        if let Some(least) = match connections {
            64 => Some(0.5),
            256 => Some(0.6),
            _ => None,
        } {
            let what = format!("answers at {connections} connections, of those of a server that keeps nothing");
            findings.aim(what, &format!("at least {least}"), format!("{of_not_kept:.2}"), of_not_kept >= least);
            let p99 = middle(&on_disk, 2);
            findings.aim(format!("p99 at {connections} connections"), "under 25 ms", ms(p99), p99 < 25.0);
        }
        if turned_away > 0 {
            findings.note(format!("At {connections} connections {turned_away} callbacks were answered 503."));
        }
    }
    findings.tables.push(table);
    findings.note(format!(
        "{} callbacks each time ({} with one connection), after {WARM_UP} that are not counted.",
        grouped(count(bench.options.requests)),
        grouped(count(bench.options.requests / SHARE_OF_ONE))
    ));
    Ok(findings)
}

/// Measures with a fresh store, and counts afterwards what it holds; answers also how many callbacks a second came into its lists.
fn with_store(bench: &Bench, sent: &Sent, connections: usize, range: Range<usize>) -> Outcome<(Measured, f64)> {
    let folder = bench.data_sets.temporary()?;
    let store = Arc::new(Store::open(folder.path(), "the benchmark")?);
    let server = Server::start(Arc::clone(&store))?;
    let begin = Instant::now();
    let measured = sent.load.send(server.address(), connections, 0..WARM_UP, range);
    let whole = until_whole(&store);
    let took = begin.elapsed().as_secs_f64();
    server.stop();
    let measured = measured?;
    whole?;
    let in_lists = number(count(measured.kept.len())) / took;
    let held = store.read(|reader| reader.overview())?.deliveries;
    let answered: HashSet<_> = measured.kept.iter().filter_map(|at| Some(sent.rows.get(*at)?.digest())).collect();
    if held < count(answered.len()) {
        let answered = answered.len();
        return Err(format!("{answered} callbacks were answered with success, but the store holds {held}").into());
    }
    Ok((measured, in_lists))
}

fn figures(measured: &Measured, in_lists: f64) -> Figures {
    [measured.per_second(), measured.times.percentile(50), measured.times.percentile(99), in_lists]
}

fn middle(rounds: &[Figures], which: usize) -> f64 {
    median(&rounds.iter().filter_map(|figures| figures.get(which).copied()).collect::<Vec<_>>())
}

fn ratio(rounds: &[Figures], of: &[Figures]) -> f64 {
    let ratios: Vec<f64> = rounds.iter().zip(of).map(|(figures, of)| times_as(figures[0], of[0])).collect();
    median(&ratios)
}

fn row(connections: usize, what: &str, rounds: &[Figures], [of_not_kept, of_alone]: [String; 2]) -> Vec<String> {
    let [rate, p50, p99, in_lists] = [0, 1, 2, 3].map(|which| middle(rounds, which));
    let in_lists = if in_lists > 0.0 { rounded(in_lists) } else { String::new() };
    vec![connections.to_string(), what.to_owned(), rounded(rate), ms(p50), ms(p99), of_not_kept, of_alone, in_lists]
}
