//! More callbacks than can be kept: what is answered with success is kept, what is not is told so quickly, and when the rush is
//! over everything is as before.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use calltrail::{
    callback::Callback,
    listener::{Sink, sink},
    store::delivery::{Delivery, Place, Recorded},
};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{TENCENTS_PATIENCE, allow_files, memory_kib, serve_with_usual_files};
use crate::{
    durability::load::{digest, kept},
    listener::{Running, TOKEN, call_query, end_call, wire::Wire},
    support::environment::number,
};

/// Senders at one time: twice as many as connections are taken.
const SENDERS: usize = 512;
/// What a rush may take, in KiB.
const MOST_MEMORY_KIB: u64 = 300 * 1024;

/// What one sender saw.
#[derive(Debug, Default)]
struct Seen {
    /// Bodies that were answered with success.
    ok: Vec<String>,
    /// How long it took to be told to try again.
    shed: Vec<Duration>,
    /// Requests whose connection was closed without an answer.
    closed: usize,
}

impl Seen {
    fn extend(&mut self, other: Self) {
        self.ok.extend(other.ok);
        self.shed.extend(other.shed);
        self.closed += other.closed;
    }

    /// The time within which nine of ten refusals came.
    fn shed_p90(&self) -> Duration {
        let mut shed = self.shed.clone();
        shed.sort_unstable();
        shed.get(shed.len() * 9 / 10).copied().unwrap_or_default()
    }
}

/// All senders at once, as fast as they are answered, for so long.
async fn rush(address: SocketAddr, hook: &str, time: Duration) -> Seen {
    allow_files(SENDERS);
    let until = Instant::now() + time;
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        senders.spawn(post_on_and_on(address, hook.to_owned(), sender, until));
    }
    let mut all = Seen::default();
    while let Some(seen) = senders.join_next().await {
        all.extend(seen.expect("a sender"));
    }
    all
}

async fn post_on_and_on(address: SocketAddr, hook: String, sender: usize, until: Instant) -> Seen {
    let mut seen = Seen::default();
    let mut wire = None;
    for call in 0.. {
        if Instant::now() >= until {
            break;
        }
        let mut open = match wire.take() {
            Some(open) => open,
            None => Wire::open(address).await,
        };
        let body = end_call(&format!("rush-{sender}-{call}"));
        let began = Instant::now();
        open.post(&hook, "", body.as_bytes()).await;
        match open.answer().await {
            Some(answer) if answer.status == 200 => {
                seen.ok.push(body);
                wire = Some(open);
            }
            Some(answer) => {
                assert_eq!(
                    (answer.status, answer.header("retry-after")),
                    (503, "1"),
                    "it says to try again: {answer:?}"
                );
                seen.shed.push(began.elapsed());
                wire = (answer.header("connection") != "close").then_some(open);
                sleep(Duration::from_millis(50)).await;
            }
            None => {
                seen.closed += 1;
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_costs_no_answered_callback_and_little_memory() {
    let seconds = number("CALLTRAIL_FLOOD").unwrap_or(3);
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let serve = serve_with_usual_files(&data_dir);
    let hook = format!("{}?{}", serve.path, call_query());
    let flood = tokio::spawn({
        let (address, hook) = (serve.address, hook.clone());
        async move { rush(address, &hook, Duration::from_secs(seconds)).await }
    });
    let mut memory = 0;
    while !flood.is_finished() {
        memory = memory.max(memory_kib(serve.id()));
        sleep(Duration::from_millis(50)).await;
    }
    let seen = flood.await.expect("no sender failed");
    let began = Instant::now();
    let after = timeout(Duration::from_secs(2), async {
        let mut wire = Wire::open(serve.address).await;
        wire.post(&hook, "", end_call("after").as_bytes()).await;
        wire.answer().await.map(|answer| answer.status)
    });
    assert_eq!(after.await, Ok(Some(200)), "the rush is over, and so is its trouble");
    eprintln!(
        "CALLTRAIL_FLOOD: {SENDERS} senders for {seconds} s: {} kept, {} told to try again ({} ms for 90 % of them), {} closed; \
         {memory} KiB of memory; back after {} ms",
        seen.ok.len(),
        seen.shed.len(),
        seen.shed_p90().as_millis(),
        seen.closed,
        began.elapsed().as_millis()
    );
    assert!(memory < MOST_MEMORY_KIB, "memory is bounded: {memory} KiB");
    assert!(seen.ok.len() > 100, "only {} were kept: that is no service", seen.ok.len());
    assert!(seen.shed_p90() < TENCENTS_PATIENCE, "who is not taken learns it soon: {:?}", seen.shed_p90());
    let words = serve.last_words();
    assert!(!words.contains("panicked"), "nothing broke: {words}");
    let kept = kept(&data_dir);
    let lost = seen.ok.iter().filter(|body| !kept.contains(&digest(body.as_bytes()))).count();
    assert_eq!(lost, 0, "of {} that were answered with success", seen.ok.len());
}

/// A record on a slow disk: few wait, and each takes its time.
struct SlowDisk {
    queue: SyncSender<(Delivery, sink::Done)>,
    kept: Arc<Mutex<BTreeSet<Vec<u8>>>>,
}

impl SlowDisk {
    fn new(waiting: usize, each: Duration) -> Self {
        let (queue, jobs) = sync_channel(waiting);
        let kept = Arc::<Mutex<BTreeSet<Vec<u8>>>>::default();
        let shelf = Arc::clone(&kept);
        thread::spawn(move || Self::write(&jobs, &shelf, each));
        Self { queue, kept }
    }

    fn write(jobs: &Receiver<(Delivery, sink::Done)>, kept: &Mutex<BTreeSet<Vec<u8>>>, each: Duration) {
        while let Ok((delivery, done)) = jobs.recv() {
            thread::sleep(each);
            kept.lock().expect("not poisoned").insert(delivery.body);
            done(Ok(Recorded::New));
        }
    }
}

impl Sink for SlowDisk {
    fn record(&self, delivery: Delivery, _: Callback, _: Place, done: sink::Done) -> Result<(), sink::Full> {
        self.queue.try_send((delivery, done)).map_err(|_| sink::Full)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_disk_is_slow_the_rest_is_told_at_once() {
    let disk = Arc::new(SlowDisk::new(16, Duration::from_millis(10)));
    let running = Running::over(disk.clone()).await;
    let hook = format!("/hook/{TOKEN}?{}", call_query());
    let seen = rush(running.address, &hook, Duration::from_secs(2)).await;
    let kept = disk.kept.lock().expect("not poisoned").clone();
    let lost = seen.ok.iter().filter(|body| !kept.contains(body.as_bytes())).count();
    assert_eq!(lost, 0, "success means kept, for each of {}", seen.ok.len());
    assert!(
        !seen.ok.is_empty() && seen.shed.len() > seen.ok.len(),
        "most of it was too much: {} {}",
        seen.ok.len(),
        seen.shed.len()
    );
    assert!(seen.shed_p90() < TENCENTS_PATIENCE, "who is not taken learns it soon: {:?}", seen.shed_p90());
    let told = u64::try_from(seen.shed.len()).expect("a count");
    let closed = u64::try_from(seen.closed).expect("a count");
    let refused = running.refused("not_stored") + running.refused("overload");
    // Whoever's connection broke before the answer came may have been counted too.
    assert!((told..=told + closed).contains(&refused), "a person can see how many: {refused} of {told} and {closed}");
    let after = crate::listener::wire::post(running.address, &hook, "", end_call("after").as_bytes()).await;
    assert_eq!(after.status, 200, "when the rush is over, it goes on: {after:?}");
}
