//! Fills a record from a seed, through the store's own queue, in the order of receipt, hour by hour.

use std::{
    collections::HashSet,
    path::Path,
    time::{Duration, Instant},
};

use calltrail::{
    callback::delivery::Delivery,
    store::{Store, delivery::Place},
    traffic,
};
use serde::{Deserialize, Serialize};

use super::queue::{FULL, Waiting};
use crate::{
    Outcome, crowd,
    figures::{count, grouped, number, rounded},
    until_whole,
};

const SEED: u64 = 1;
/// A data set ends before 2026-10-01, 00:00 UTC.
pub(crate) const END_MS: i64 = 1_790_812_800_000;
const DAY_MS: i64 = 86_400_000;
/// A small record is a team's last days, a large one its last years.
const CALLS_PER_DAY: u64 = 900;
const DAYS: u64 = 1_111;

/// What a data set holds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) calls: u64,
    /// Distinct deliveries.
    pub(crate) deliveries: u64,
    /// Bytes of what was sent: bodies, queries and headers, those of repeats included.
    pub(crate) received_bytes: u64,
    /// How long recording them took, in seconds, until calls, rooms and stays followed from all of them.
    pub(crate) seconds: f64,
}

/// Callbacks that no data set holds, of the same office.
pub(crate) fn later(seed: u64) -> impl Iterator<Item = Delivery> {
    let customers = crowd::customers(1_000_000);
    traffic::fortnight(SEED + 1 + seed, END_MS, 3_650, 4_000)
        .map(move |delivery| crowd::with_customers(delivery, customers))
}

/// The deliveries of a data set, in the order of their receipt; more than are needed.
pub(crate) fn deliveries(calls: u64) -> Outcome<impl Iterator<Item = Delivery>> {
    let per_day = (calls / DAYS).max(CALLS_PER_DAY);
    let days = calls.div_ceil(per_day) + 1;
    let start_ms = END_MS - i64::try_from(days)? * DAY_MS;
    let customers = crowd::customers(calls);
    Ok(traffic::fortnight(SEED, start_ms, u32::try_from(days)?, u32::try_from(per_day)?)
        .map(move |delivery| crowd::with_customers(delivery, customers)))
}

/// Records deliveries until they tell of so many calls.
pub(super) fn fill(folder: &Path, calls: u64) -> Outcome<Facts> {
    println!("  filling a record of {} calls in {}", grouped(calls), folder.display());
    let store = Store::open(folder, "the benchmark")?;
    let waiting = Waiting::default();
    let mut told = HashSet::new();
    let (begin, mut news, mut sent, mut received_bytes) = (Instant::now(), Instant::now(), 0_u64, 0);
    for delivery in deliveries(calls)? {
        if let Some(call_id) = crowd::call_id(&delivery.body) {
            told.insert(crowd::number(call_id));
        }
        if count(told.len()) > calls {
            break;
        }
        received_bytes += received(&delivery);
        let callback = traffic::read(&delivery);
        let place = waiting.place()?;
        store.record(delivery, callback, Place::Archive, move |kept| place.free(kept)).map_err(|_| FULL)?;
        sent += 1;
        if news.elapsed() > Duration::from_secs(10) {
            news = Instant::now();
            let rate = rounded(number(sent) / begin.elapsed().as_secs_f64());
            println!("    {} calls, {} deliveries, {rate} a second", grouped(count(told.len())), grouped(sent));
        }
    }
    waiting.until_empty()?;
    until_whole(&store)?;
    let seconds = begin.elapsed().as_secs_f64();
    let overview = store.read(|reader| reader.overview())?;
    store.close()?;
    if overview.calls != calls {
        return Err(format!("{calls} calls were told, but the record holds {}", overview.calls).into());
    }
    Ok(Facts { calls, deliveries: overview.deliveries, received_bytes, seconds })
}

fn received(delivery: &Delivery) -> u64 {
    let headers: usize = delivery.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    count(delivery.body.len() + delivery.query.len() + headers)
}
