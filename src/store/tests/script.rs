//! The deliveries that the durability tests send, and the numbers that the environment sets for them.

use crate::callback::{self, Query};
use crate::store::delivery::{Delivery, Digest};
use crate::traffic;

/// A number from the environment, for longer runs and for runs that shall be the same.
pub(super) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("the variable holds a number"))
}

/// Deliveries of all kinds: a story that has everything once, then an office at work.
pub(super) fn some(seed: u64, count: usize) -> Vec<Delivery> {
    let day = traffic::fortnight(seed, traffic::STORY_START_MS, 14, 1_000);
    traffic::story(seed).into_iter().chain(day).take(count).collect()
}

pub(super) fn parse(delivery: &Delivery) -> callback::Callback {
    callback::parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body)
}

/// The delivery's name in the archive.
pub(super) fn digest(delivery: &Delivery) -> Digest {
    Digest::of(&delivery.app, &parse(delivery), &delivery.body)
}
