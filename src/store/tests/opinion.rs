//! A second opinion of the record: a reference model, written from the rules and not from the store, against the folds in
//! memory and against the store itself, over random histories and over every order of a few stories.

mod histories;
mod memory;
mod model;
mod mutants;
mod sqlite;
mod stories;

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::store::tests::environment::{SEED, number, time_is_up};

use crate::callback::delivery::{Delivery, Digest, Source};
use crate::callback::facts::Facts;
use crate::callback::{self, Callback, Query};
use crate::store::{Reader, Store};
use histories::history;
use model::{Record, Witnesses};

/// A delivery and how the parser, which is not under test here, understands it.
#[derive(Clone, Debug)]
struct Arrived {
    delivery: Delivery,
    callback: Callback,
    digest: Digest,
}

impl Arrived {
    fn of(delivery: Delivery) -> Self {
        let callback = match delivery.source {
            Source::Backfill => callback::parse_fetched(&delivery.body),
            Source::Callback => callback::parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body),
        };
        let digest = Digest::of(&delivery.app, &callback, &delivery.body);
        Self { delivery, callback, digest }
    }

    /// The id of the call or the room that it tells of.
    fn told_of(&self) -> Option<String> {
        self.callback.facts.as_ref().map(|facts| match facts {
            Facts::Call(event) => event.call_id.clone(),
            Facts::Room(event) => event.room_id.clone(),
        })
    }
}

/// The first seed of a run.
fn first_seed() -> u64 {
    number(SEED).unwrap_or(1)
}

/// When a history is read: mostly long after, sometimes at once, so that what depends on the clock is seen as well.
fn read_at(seed: u64) -> i64 {
    let later = [4_000, 250_000, 304_000, 86_400_000, 86_403_500, 400_000_000];
    histories::START_MS + later[usize::try_from(seed % 6).expect("small")]
}

/// Leaves deliveries out as long as the two opinions still differ.
fn smallest(mut history: Vec<Arrived>, differs: &dyn Fn(&[Arrived]) -> bool) -> Vec<Arrived> {
    let mut n = 0;
    while n < history.len() {
        let mut fewer = history.clone();
        fewer.remove(n);
        if differs(&fewer) {
            (history, n) = (fewer, 0);
        } else {
            n += 1;
        }
    }
    history
}

/// A history as a person reads it.
fn told(history: &[Arrived]) -> String {
    let line = |arrived: &Arrived| {
        let Delivery { received_ms, query, body, source, .. } = &arrived.delivery;
        let (body, digest) = (String::from_utf8_lossy(body), &arrived.digest.hex()[..6]);
        format!("  {digest} received {received_ms} {} {query}\n         {}", source.code(), body.trim())
    };
    history.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What two opinions say differently.
fn difference(model: &Record, store: &Record) -> String {
    let (rules, found) = (lines(model), lines(store));
    let only = |these: &[String], those: &[String], who: &str| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(|line| format!("{who}: {line}")).collect()
    };
    [only(&rules, &found, "rules"), only(&found, &rules, "store")].concat().join("\n")
}

/// A record row by row.
fn lines(record: &Record) -> Vec<String> {
    let mut lines: Vec<String> = record.calls.iter().map(|row| format!("{row:?}")).collect();
    lines.extend(record.members.iter().map(|row| format!("{row:?}")));
    lines.extend(record.sources.iter().map(|row| format!("sources {row:?}")));
    lines.extend(record.stays.iter().map(|row| format!("{row:?}")));
    lines.extend(record.rooms.iter().map(|row| format!("{row:?}")));
    lines.extend(record.details.iter().map(|row| format!("details {row:?}")));
    lines.extend(record.readings.iter().map(|row| format!("reading {row:?}")));
    lines
}

/// The same deliveries in another order.
fn shuffled(history: &[Arrived], seed: u64) -> Vec<Arrived> {
    use rand::{SeedableRng as _, seq::SliceRandom as _};
    let mut other = history.to_vec();
    other.shuffle(&mut rand_chacha::ChaCha8Rng::seed_from_u64(seed ^ 0x5eed));
    other
}

/// Runs something for each number on two threads and says how far it came. Each is good for `each` histories.
fn on_two_threads(variable: &str, numbers: Range<u64>, each: u64, run: impl Fn(u64) + Sync) {
    let (begin, done, run) = (Instant::now(), AtomicU64::new(0), &run);
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (numbers, done) = (numbers.clone(), &done);
            scope.spawn(move || {
                for number in numbers.filter(|number| number % 2 == half).take_while(|_| !time_is_up()) {
                    run(number);
                    done.fetch_add(each, Ordering::Relaxed);
                }
            });
        }
    });
    let (done, seconds) = (done.into_inner(), begin.elapsed().as_secs_f64());
    println!(
        "{variable}: {done} histories from seed {} on in {seconds:.1} s, each as the rules have it",
        numbers.start * each
    );
}

/// A panic that shows a history in which the rules and the store differ.
fn report(seed: u64, now_ms: i64, history: &[Arrived], model: &Record, store: &Record) -> ! {
    panic!(
        "CALLTRAIL_SEED={seed}, read at {now_ms}: the rules and the store differ\n{}\n{}",
        told(history),
        difference(model, store)
    )
}

#[test]
fn the_folds_agree_with_the_model_in_any_order() {
    let (first, histories) = (first_seed(), number("CALLTRAIL_HISTORIES").unwrap_or(200_000));
    on_two_threads("CALLTRAIL_HISTORIES", first..first + histories, 1, |seed| {
        let now_ms = read_at(seed);
        let model = |history: &[Arrived]| model::record(history, now_ms).of_folds();
        let folds = |history: &[Arrived]| memory::record(history, now_ms).of_folds();
        let history = history(seed);
        let want = model(&history);
        for arrival in [shuffled(&history, seed), history] {
            if folds(&arrival) != want {
                let least = smallest(arrival, &|history| folds(history) != model(history));
                report(seed, now_ms, &least, &model(&least), &folds(&least));
            }
        }
    });
}

/// Histories that share one store, so that there is one file to make for many of them.
const TOGETHER: u64 = 200;

/// What the store makes of histories that are recorded together; and all derived tables as text, before and after a rebuild.
fn stored(histories: &[Vec<Arrived>], record: impl FnOnce(&Store), now_ms: i64) -> (Vec<Record>, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path(), "a test").expect("a new record opens");
    record(&store);
    let found = sqlite::read(&store, histories, now_ms);
    let dumped = store.read(Reader::dump).expect("the projection can be read");
    store.rebuild().expect("the projection is rebuilt");
    let rebuilt = store.read(Reader::dump).expect("the projection can be read");
    store.close().expect("the record closes");
    (found, dumped, rebuilt)
}

#[test]
fn the_store_agrees_with_the_model_and_with_its_rebuild() {
    let (first, stores) =
        (first_seed() / TOGETHER, number("CALLTRAIL_SQLITE_HISTORIES").unwrap_or(10_000).div_ceil(TOGETHER));
    on_two_threads("CALLTRAIL_SQLITE_HISTORIES", first..first + stores, TOGETHER, |nth| {
        let seeds = nth * TOGETHER..(nth + 1) * TOGETHER;
        let now_ms = read_at(nth);
        let histories: Vec<_> = seeds.clone().map(history).collect();
        let (found, dumped, rebuilt) = stored(&histories, |store| sqlite::record(store, &histories, nth), now_ms);
        let witnesses = Witnesses::of(&histories.concat());
        for ((seed, history), found) in seeds.zip(&histories).zip(found) {
            let (want, found) = (model::record_among(history, &witnesses, now_ms).sorted(), found.sorted());
            if found != want {
                let alone = |history: &[Arrived]| {
                    let only = [history.to_vec()];
                    stored(&only, |store| sqlite::record(store, &only, seed), now_ms).0[0].clone().sorted()
                };
                let differs = |history: &[Arrived]| alone(history) != model::record(history, now_ms).sorted();
                if differs(history) {
                    let least = smallest(history.clone(), &differs);
                    report(seed, now_ms, &least, &model::record(&least, now_ms).sorted(), &alone(&least));
                }
                report(seed, now_ms, history, &want, &found);
            }
        }
        assert_eq!(dumped, rebuilt, "CALLTRAIL_SEED={}: a rebuild gives the same rows", nth * TOGETHER);
        if nth.is_multiple_of(10) {
            let again = stored(&histories, |store| sqlite::record(store, &histories, nth + 1_000_000), now_ms).1;
            assert_eq!(
                dumped,
                again,
                "CALLTRAIL_SEED={}: another order of arrival gives the same rows",
                nth * TOGETHER
            );
        }
    });
}
