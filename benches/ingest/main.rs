//! Durable answers per second: the real listener and store against the same listener that answers without keeping anything.
//!
//! `cargo bench --bench ingest [-- --requests N]`. The load generator runs in the same process, on the same processors.

mod load;

use std::{
    collections::HashSet,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use calltrail::{
    callback::{
        Callback, Query,
        delivery::{Delivery, Digest},
        parse,
    },
    clock::Clock,
    config::{App, Apps, Keys},
    listener::{
        Archive, Listener,
        archive::{Done, Full},
    },
    store::{
        Store,
        delivery::{Place, Recorded},
    },
    traffic,
};
use load::{Load, Measured};
use tokio::runtime::Runtime;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Keep-alive connections at once.
const CONNECTIONS: [usize; 2] = [64, 256];
/// Requests of one measurement, where the command line does not say.
const REQUESTS: usize = 60_000;
/// Requests before each measurement that are not counted.
const WARM_UP: usize = 2_000;
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// What each is compared with: takes every delivery and answers at once, as if it were safe.
struct Immediate;

impl Archive for Immediate {
    fn record(&self, _: Delivery, _: Callback, _: Place, done: Done) -> Result<(), Full> {
        done(Ok(Recorded::New));
        Ok(())
    }
}

fn main() -> Outcome<()> {
    let requests = requested(std::env::args())?;
    let deliveries: Vec<Delivery> =
        traffic::fortnight(1, traffic::STORY_START_MS, 3_650, 4_000).take(WARM_UP + requests).collect();
    let load = Load::new(&deliveries, TOKEN, WARM_UP);
    let digests: Vec<Digest> = deliveries.iter().map(digest).collect();
    println!(
        "{requests} callbacks each time; times in milliseconds; answers that say success, and how many were turned away"
    );
    println!("connections  kept       answers/s     p50     p99  turned away  kept / not kept");
    for connections in CONNECTIONS {
        let kept = with_store(&load, connections, &digests)?;
        print_row(connections, "on disk", &kept, "");
        let not_kept = measure(Arc::new(Immediate), &load, connections)?;
        print_row(connections, "not at all", &not_kept, &format!("{:17.2}", kept.per_second() / not_kept.per_second()));
    }
    Ok(())
}

fn requested(mut args: impl Iterator<Item = String>) -> Outcome<usize> {
    match args.find(|arg| arg == "--requests") {
        Some(_) => Ok(args.next().ok_or("--requests needs a number")?.parse()?),
        None => Ok(REQUESTS),
    }
}

fn digest(delivery: &Delivery) -> Digest {
    let callback = parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body);
    Digest::of(&delivery.app, &callback, &delivery.body)
}

/// Measures with a fresh store on the disk that the program was built on, and counts afterwards what it holds.
fn with_store(load: &Load, connections: usize, digests: &[Digest]) -> Outcome<Measured> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let store = Arc::new(Store::open(folder.path(), "the benchmark")?);
    let measured = measure(Arc::clone(&store), load, connections)?;
    let held = store.read(|reader| reader.overview())?.deliveries;
    let answered = measured.kept.iter().filter_map(|at| digests.get(*at)).collect::<HashSet<_>>().len();
    if held < u64::try_from(answered)? {
        return Err(
            format!("{answered} distinct callbacks were answered with success, but the store holds {held}").into()
        );
    }
    Ok(measured)
}

/// Starts a listener on a free port, sends everything over so many connections, and stops it.
fn measure(archive: Arc<impl Archive>, load: &Load, connections: usize) -> Outcome<Measured> {
    let server = Runtime::new()?;
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let apps = Apps::new(vec![App::new(traffic::APP, "the benchmark")]);
    let listener =
        server.block_on(Listener::start(anywhere, TOKEN.to_owned(), apps, Keys::default(), archive, Clock::system()));
    let address = listener.handle().address().ok_or("no port is free")?;
    let measured = load.send(address, connections);
    server.block_on(listener.stop());
    server.shutdown_timeout(Duration::from_secs(1));
    measured
}

fn print_row(connections: usize, kept: &str, measured: &Measured, ratio: &str) {
    let milliseconds = |of_100| measured.percentile(of_100).as_secs_f64() * 1_000.0;
    let (p50, p99) = (milliseconds(50), milliseconds(99));
    println!(
        "{connections:11}  {kept:10} {:10.0}  {p50:6.2}  {p99:6.2}  {:11}{ratio}",
        measured.per_second(),
        measured.turned_away
    );
}
