//! The same deliveries in any order and any number give the same rows.

use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use super::request::Request;
use crate::{
    callback::{
        Callback,
        delivery::{Delivery, Digest, Source},
        parse_fetched,
    },
    store::in_memory::Inputs,
};

/// Stands between two deliveries.
pub(super) const BETWEEN: u8 = 0x1e;
/// Deliveries that are looked at: what goes wrong between twelve goes wrong between fewer.
const MOST: usize = 12;
/// When the first is received, Unix milliseconds: shortly after the events of the samples.
const FIRST_MS: i64 = 1_760_000_700_000;
/// What a query says of a record that was fetched and not posted.
pub(super) const FETCHED: &[u8] = b"fetched";

type Arrived = (Delivery, Callback);

/// Folds any deliveries as they are told, in another order, and with repeats.
pub(super) fn check(bytes: &[u8]) {
    let story: Vec<Arrived> = bytes.split(|byte| *byte == BETWEEN).take(MOST).zip(0..).map(arrived).collect();
    let rows = rows(&story);
    let mut other = story;
    other.reverse();
    assert_eq!(self::rows(&other), rows, "backwards");
    let mut dice = ChaCha8Rng::from_seed(Sha256::digest(bytes).into());
    for n in 0..other.len() {
        // A repeat comes later than what it repeats.
        let Some((mut delivery, callback)) = other.get(n).filter(|_| dice.random()).cloned() else { continue };
        delivery.received_ms += dice.random_range(1..5_000);
        other.push((delivery, callback));
    }
    other.shuffle(&mut dice);
    assert_eq!(self::rows(&other), rows, "in another order, some of them repeated");
}

fn arrived((bytes, n): (&[u8], i64)) -> Arrived {
    let request = Request::of(bytes);
    let fetched = request.query == FETCHED;
    let (source, callback) =
        if fetched { (Source::Backfill, parse_fetched(&request.body)) } else { (Source::Callback, request.parse()) };
    let delivery = Delivery {
        received_ms: FIRST_MS + n * 1_000,
        source,
        remote: String::new(),
        method: "POST".to_owned(),
        app: if fetched { "1400123456".to_owned() } else { request.app() },
        query: request.query(),
        headers: request.headers(),
        body: request.body,
    };
    (delivery, callback)
}

fn rows(story: &[Arrived]) -> String {
    let arrived = story
        .iter()
        .map(|(delivery, callback)| (delivery, callback, Digest::of(&delivery.app, callback, &delivery.body)));
    let mut inputs = Inputs::of(arrived);
    inputs.put_in_order();
    inputs.rows()
}
