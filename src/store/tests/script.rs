//! The deliveries that the durability tests send.

use crate::callback::{self, Query};
use crate::store::delivery::{Delivery, Digest};
use crate::traffic;

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
