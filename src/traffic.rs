//! Believable deliveries from a seed, for tests, benchmarks and the demo. Pure: the same seed gives the same bytes
//! (ChaCha8, whose stream does not change between versions of its crate).
//!
//! A [`story`] holds everything that can happen, once or twice; a [`fortnight`] is an office at work, as long as wanted. A
//! [`Scenario`] is one of them or a single call or room by its name, for any application ([`Stage`]) and any time.

mod call;
mod callkit;
mod cast;
mod conference;
mod dice;
mod live;
mod mishap;
mod names;
mod post;
mod rtc;
mod scenario;
#[cfg(test)]
mod tests;

use crate::callback::{Callback, Query, delivery::Delivery, parse};
use cast::Fate;
use dice::Dice;
use post::Post;

pub use cast::Cast;
pub use scenario::Scenario;

/// The application that traffic belongs to where no other is named.
pub const APP: &str = "1400000000";

/// When a story begins: 2025-10-09 08:53:20 UTC.
pub const STORY_START_MS: i64 = 1_760_000_000_000;

/// One hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// How many of a hundred calls begin in each hour of the day, by the clock of UTC; the sum is 100.
const HOURS: [u32; 24] = [0, 0, 0, 0, 0, 1, 2, 5, 10, 12, 12, 9, 6, 9, 11, 10, 7, 3, 1, 1, 1, 0, 0, 0];

/// One day in milliseconds.
const DAY_MS: i64 = 24 * HOUR_MS;

/// Whose traffic it is, and who takes part in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The application (SDKAppID) that every delivery names.
    pub app: String,
    /// Who calls.
    pub cast: Cast,
}

impl Default for Stage {
    fn default() -> Self {
        Self { app: APP.to_owned(), cast: Cast::Awkward }
    }
}

/// What a delivery is, as the listener will read it: its family, command and facts.
pub fn read(delivery: &Delivery) -> Callback {
    parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body)
}

/// Some hundred deliveries in the order of their receipt: calls of both versions with every fate, group calls with late
/// joiners, live rooms with several lives, conference rooms, RTC Engine rooms, lost ends, repeats, broken JSON, odd times.
pub fn story(seed: u64) -> Vec<Delivery> {
    story_on(&Stage::default(), seed, STORY_START_MS)
}

/// [`story`] of any application, from any time on (Unix milliseconds).
pub fn story_on(stage: &Stage, seed: u64, start_ms: i64) -> Vec<Delivery> {
    let mut dice = Dice::new(seed, 0);
    let mut post = Post::new(stage, &mut dice);
    let mut at = start_ms;
    for fate in Fate::ALL {
        callkit::single(&mut post, at, fate);
        call::single(&mut post, at + 7_000, fate);
        at += 600_000;
    }
    callkit::group(&mut post, at);
    call::group(&mut post, at + 30_000);
    call::endless(&mut post, at + 60_000);
    callkit::endless(&mut post, at + 90_000);
    at += HOUR_MS;
    live::room(&mut post, at);
    conference::room(&mut post, at + 40_000);
    rtc::room(&mut post, at + 80_000);
    rtc::room(&mut post, at + 120_000);
    at += 4 * HOUR_MS;
    mishap::odd_times(&mut post, at);
    mishap::same_millisecond(&mut post, at + 60_000);
    mishap::not_understood(&mut post, at + 120_000);
    let mut deliveries = post.into_deliveries();
    mishap::repair_needed(&mut dice, &mut deliveries);
    mishap::repeats(&mut dice, &mut deliveries);
    in_order(deliveries)
}

/// [`story`] as a receiver tells it whose clock was off by so many milliseconds (behind: negative) for a while.
pub fn story_under_a_wrong_clock(seed: u64, off_ms: i64) -> Vec<Delivery> {
    let mut deliveries = story(seed);
    mishap::wrong_clock(&mut deliveries, off_ms);
    in_order(deliveries)
}

/// An office at work: `calls_per_day` calls a day over `days` days from `start_ms` (Unix milliseconds) on, by the hours of a
/// working day, with a few rooms each day. Made hour by hour, so that any number of calls fits into memory.
pub fn fortnight(seed: u64, start_ms: i64, days: u32, calls_per_day: u32) -> impl Iterator<Item = Delivery> {
    let stage = Stage::default();
    hours(days)
        .flat_map(move |(hour, share)| one_hour(&stage, seed, start_ms, hour, hourly(calls_per_day, hour % 24, share)))
}

/// The last days of an office as they look at `now_ms`: by the hours of UTC, quiet on Saturdays and Sundays, nothing that began
/// earlier than `days` ago, and what goes on now without its end.
fn office(stage: &Stage, seed: u64, now_ms: i64, days: u32, calls_per_day: u32) -> Vec<Delivery> {
    let first = now_ms - i64::from(days) * DAY_MS;
    let midnight = first - first.rem_euclid(DAY_MS);
    let hours = hours(days + 1).filter(|(hour, _)| hour_ms(midnight, *hour) >= first);
    let deliveries = hours.flat_map(|(hour, share)| {
        let calls = if is_weekend(hour_ms(midnight, hour)) { calls_per_day / 4 } else { calls_per_day };
        one_hour(stage, seed, midnight, hour, hourly(calls, hour % 24, share))
    });
    in_order(deliveries.filter(|delivery| delivery.received_ms <= now_ms).collect())
}

/// The first of January 1970 was a Thursday.
const fn is_weekend(at_ms: i64) -> bool {
    matches!(at_ms.div_euclid(DAY_MS).rem_euclid(7), 2 | 3)
}

/// The hours of so many days, counted on, each with its share of the day's calls.
fn hours(days: u32) -> impl Iterator<Item = (u64, u32)> {
    (0..u64::from(days)).flat_map(|day| (0_u64..).zip(HOURS).map(move |(hour, share)| (day * 24 + hour, share)))
}

/// When an hour begins.
fn hour_ms(start_ms: i64, hour: u64) -> i64 {
    start_ms + i64::try_from(hour).unwrap_or_default() * HOUR_MS
}

/// How many of a day's calls begin in an hour: its share, and in the tenth hour also what rounding left over.
fn hourly(calls_per_day: u32, hour_of_day: u64, share: u32) -> u32 {
    let of = |share: u32| u32::try_from(u64::from(calls_per_day) * u64::from(share) / 100).unwrap_or(u32::MAX);
    let left_over = calls_per_day - HOURS.into_iter().map(of).sum::<u32>();
    of(share) + if hour_of_day == 10 { left_over } else { 0 }
}

fn one_hour(stage: &Stage, seed: u64, start_ms: i64, hour: u64, calls: u32) -> Vec<Delivery> {
    let mut dice = Dice::new(seed, hour + 1);
    let begin = hour_ms(start_ms, hour);
    let mut post = Post::new(stage, &mut dice);
    for _ in 0..calls {
        let at = begin + post.dice().between(0, HOUR_MS - 1);
        one_call(&mut post, at);
    }
    match hour % 24 {
        9 => conference::room(&mut post, begin),
        14 => rtc::room(&mut post, begin),
        18 => live::room(&mut post, begin),
        _ => {}
    }
    let mut deliveries = post.into_deliveries();
    mishap::some_repeats(&mut dice, &mut deliveries);
    in_order(deliveries)
}

/// Most calls are of the second version, one in ten is a group's, and one in two hundred loses its end.
fn one_call(post: &mut Post<'_>, at: i64) {
    let fate = Fate::any(post.dice());
    match (post.dice().below(200), post.dice().below(10)) {
        (0, _) => call::endless(post, at),
        (1, _) => callkit::endless(post, at),
        (2..20, _) => call::group(post, at),
        (_, 0..3) => callkit::single(post, at, fate),
        _ => call::single(post, at, fate),
    }
}

fn in_order(mut deliveries: Vec<Delivery>) -> Vec<Delivery> {
    deliveries.sort_by_key(|delivery| delivery.received_ms);
    deliveries
}
