//! How long senders wait for their answers while something else goes on: nothing, an export, a rebuild, passing them on.

use std::{
    fs,
    net::SocketAddr,
    ops::{ControlFlow, Range},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use calltrail::{
    clock::Clock,
    config::Keys,
    export::{self, Around, Format, Kind, Request},
    forward::Forwarding,
    store::{self, Reader, Store},
    subscription::Ours,
    traffic,
};
use rusqlite::Connection;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    Bench, Outcome, Part, dataset,
    figures::{grouped, median, ms, times_as},
    load::{Load, Measured},
    report::{Findings, Table},
    server::{Server, TOKEN},
};

pub(crate) const PART: Part = Part {
    name: "latency",
    title: "Answers while something else goes on",
    about: "
300 callbacks a second arrive over 64 connections, whatever became of those before them, for ten seconds at a time, at a record
that is large already: alone, while calls are exported as CSV, one export after another, while the record is rebuilt, and while they are
passed on to another address, which takes them or where nobody listens. A callback that has to wait for a connection has waited since
it was due. The five are measured in turns, three times; each figure is the median of the three.
",
    measure,
};

const CONNECTIONS: usize = 64;
const PER_SECOND: u32 = 300;
const SECONDS: usize = 10;
const WARM_UP: usize = 600;
const ROUNDS: usize = 3;
/// How long a rebuild may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// What goes on beside the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Export,
    Rebuild,
    /// Callbacks go on to an address that takes them.
    Forward,
    /// Or that does not.
    ForwardDown,
}

const ALL: [(Beside, &str); 5] = [
    (Beside::Nothing, "alone"),
    (Beside::Export, "while an export runs"),
    (Beside::Rebuild, "while a rebuild runs"),
    (Beside::Forward, "while they are passed on"),
    (Beside::ForwardDown, "while they are passed on in vain"),
];
/// By how much passing on may slow the slowest answers down.
const FORWARD_TIMES: f64 = 1.2;

fn measure(bench: &Bench) -> Outcome<Findings> {
    let calls = bench.large()?;
    let record = bench.data_sets.copy(calls)?;
    let paced = usize::try_from(PER_SECOND)? * SECONDS;
    let load = Load::new(dataset::later(1).take((WARM_UP + paced) * ROUNDS * ALL.len()), TOKEN);
    let mut windows = (0..).step_by(WARM_UP + paced).map(|from| from..from + WARM_UP + paced);
    let mut found: Vec<Vec<[f64; 3]>> = vec![Vec::new(); ALL.len()];
    let mut turned_away = 0;
    for _ in 0..ROUNDS {
        for ((beside, _), found) in ALL.iter().zip(&mut found) {
            let window = windows.next().unwrap_or_default();
            let measured = one_window(record.path(), &load, window, *beside)?;
            turned_away += measured.turned_away;
            found.push([measured.times.percentile(50), measured.times.percentile(99), measured.times.slowest()]);
        }
    }
    let mut findings = Findings::default();
    let mut table = Table::new(&["", "p50", "p99", "slowest", "p99, of alone"]);
    let middle = |rounds: &[[f64; 3]], which: usize| {
        median(&rounds.iter().filter_map(|figures| figures.get(which).copied()).collect::<Vec<_>>())
    };
    let alone = found.first().map_or(0.0, |rounds| middle(rounds, 1));
    for ((beside, name), rounds) in ALL.iter().zip(&found) {
        let [p50, p99, slowest] = [0, 1, 2].map(|which| middle(rounds, which));
        table.row(vec![(*name).to_owned(), ms(p50), ms(p99), ms(slowest), format!("{:.1}", times_as(p99, alone))]);
        if matches!(beside, Beside::Forward | Beside::ForwardDown) {
            let times = times_as(p99, alone);
            let (aim, measured) = (format!("at most {FORWARD_TIMES} times alone"), format!("{times:.2} times"));
            findings.aim(format!("p99 of answers, {name}"), &aim, measured, times <= FORWARD_TIMES);
            continue;
        }
        let limit = if *beside == Beside::Nothing { 25.0 } else { 50.0 };
        findings.aim(format!("p99 of answers, {name}"), &format!("under {limit} ms"), ms(p99), p99 < limit);
    }
    findings.tables.push(table);
    findings.note(format!("The record held {} calls.", grouped(calls)));
    if turned_away > 0 {
        findings.note(format!("{turned_away} callbacks were answered 503."));
    }
    Ok(findings)
}

/// Opens the record, sends one window of callbacks, and closes it.
fn one_window(folder: &Path, load: &Load, window: Range<usize>, beside: Beside) -> Outcome<Measured> {
    let store = Arc::new(Store::open(folder, "the benchmark")?);
    let server = Server::start(Arc::clone(&store))?;
    let stop = AtomicBool::new(false);
    let begun = AtomicBool::new(false);
    let measured = thread::scope(|scope| {
        let other = scope.spawn(|| match beside {
            Beside::Nothing => {
                begun.store(true, Ordering::Release);
                Ok(())
            }
            Beside::Export => export_until(folder, &store, &begun, &stop),
            Beside::Rebuild => rebuild_until(&store, &begun, &stop),
            Beside::Forward => forward_until(folder, &store, &begun, &stop, true),
            Beside::ForwardDown => forward_until(folder, &store, &begun, &stop, false),
        });
        let measured = wait_for(&begun).and_then(|()| send(load, server.address(), window));
        stop.store(true, Ordering::Release);
        other.join().map_err(|_| "what went on beside the answers ended by a fault")??;
        measured
    });
    server.stop();
    close(store)?;
    remove_unfinished(folder)?;
    measured
}

/// Closes the record once nobody reads from it any more.
fn close(mut store: Arc<Store>) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match Arc::try_unwrap(store) {
            Ok(store) => return Ok(store.close()?),
            Err(_) if Instant::now() > deadline => return Err("the record is still in use".into()),
            Err(shared) => store = shared,
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn send(load: &Load, address: SocketAddr, window: Range<usize>) -> Outcome<Measured> {
    let paced = window.start + WARM_UP..window.end;
    load.send_at(address, CONNECTIONS, PER_SECOND, window.start..window.start + WARM_UP)?;
    load.send_at(address, CONNECTIONS, PER_SECOND, paced)
}

fn wait_for(begun: &AtomicBool) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    while !begun.load(Ordering::Acquire) {
        if Instant::now() > deadline {
            return Err("what should go on beside the answers did not begin".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Exports all calls again and again.
fn export_until(folder: &Path, store: &Store, begun: &AtomicBool, stop: &AtomicBool) -> Outcome<()> {
    let reader = Reader::open(folder)?;
    let request = Request { meta: true, ..Request::of(Kind::Calls, Format::Csv) };
    let progress = |_| if stop.load(Ordering::Acquire) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    while !stop.load(Ordering::Acquire) {
        begun.store(true, Ordering::Release);
        let now_ms = chrono::Utc::now().timestamp_millis();
        let around = Around { folder: folder.to_owned(), ours: Vec::new(), now_ms };
        match export::to_file(&reader, &request, &around, &folder.join("calls.csv"), &progress) {
            Ok(_) | Err(export::Error::Cancelled) => {}
            // Callbacks were answered and are not in the lists yet; an export waits for them, here as in the product.
            Err(export::Error::Store(store::Error::Rebuilding { .. })) => match store.require_complete() {
                Ok(()) | Err(store::Error::Rebuilding { .. }) => {}
                Err(error) => return Err(error.into()),
            },
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Reads the whole archive again into a projection that nobody uses, and again when that is done.
fn rebuild_until(store: &Store, begun: &AtomicBool, stop: &AtomicBool) -> Outcome<()> {
    while !stop.load(Ordering::Acquire) {
        store.begin_review()?;
        begun.store(true, Ordering::Release);
        while store.condition().rebuilding.is_some() && !stop.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(5));
        }
        store.decline_review()?;
    }
    Ok(())
}

/// Passes what comes on, to somebody who takes it or to nobody.
fn forward_until(folder: &Path, store: &Arc<Store>, begun: &AtomicBool, stop: &AtomicBool, taken: bool) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let target = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}/callback", target.local_addr()?);
    if taken {
        runtime.spawn(async move { axum::serve(target, axum::Router::new().fallback(|| async {})).await });
    } else {
        drop(target);
    }
    let forwarding = Forwarding::open(folder, store, Clock::system(), Keys::default(), Ours::default())?;
    forwarding.add(traffic::APP, &url, true, false)?;
    let (closing, closed) = watch::channel(false);
    let running = runtime.spawn(forwarding.clone().run(closed));
    begun.store(true, Ordering::Release);
    while !stop.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(5));
    }
    closing.send_replace(true);
    runtime.block_on(running)?;
    for standing in forwarding.list()? {
        forwarding.remove(standing.target.no)?;
    }
    Ok(())
}

/// A rebuild that was not finished would go on at the next start, in the middle of another window.
fn remove_unfinished(folder: &Path) -> Outcome<()> {
    let archive = Connection::open(folder.join("calltrail.db"))?;
    let used: String = archive.query_row("select value from meta where key = 'projection'", [], |row| row.get(0))?;
    let used = format!("projection-{used}.db");
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("projection-") && !name.starts_with(&used) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
