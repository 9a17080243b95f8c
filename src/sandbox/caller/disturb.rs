//! Which deliveries are repeated, change places, are signed badly or given up: chance, by a seed.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::{super::Faults, percent};
use crate::callback::delivery::Delivery;

/// A delivery on its way.
#[derive(Clone, Debug)]
pub(super) struct Post {
    /// When it is sent, in milliseconds from the beginning of the scenario.
    pub(super) at_ms: i64,
    pub(super) delivery: Delivery,
    /// It is signed with a wrong key, where its family signs.
    pub(super) bad_signature: bool,
    /// Its sender does not wait for the answer.
    pub(super) gives_up: bool,
}

/// The deliveries of a scenario with the faults that were asked for.
pub(super) fn disturbed(
    deliveries: Vec<Delivery>,
    begin_ms: i64,
    faults: &Faults,
    chance: &mut ChaCha8Rng,
) -> Vec<Post> {
    let mut posts = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        let at_ms = delivery.received_ms - begin_ms;
        let again = percent(chance, faults.duplicates).then(|| delivery.clone());
        for delivery in std::iter::once(delivery).chain(again) {
            let bad_signature = percent(chance, faults.bad_signatures);
            posts.push(Post { at_ms, delivery, bad_signature, gives_up: percent(chance, faults.gives_up) });
        }
    }
    disorder(&mut posts, faults.disorder, chance);
    posts
}

/// Lets deliveries change places with others at most `window` further on. The times of sending stay in order.
fn disorder(posts: &mut [Post], window: usize, chance: &mut ChaCha8Rng) {
    if window < 2 {
        return;
    }
    let times: Vec<i64> = posts.iter().map(|post| post.at_ms).collect();
    for piece in posts.chunks_mut(window) {
        for place in (1..piece.len()).rev() {
            piece.swap(place, chance.random_range(0..=place));
        }
    }
    for (post, at_ms) in posts.iter_mut().zip(times) {
        post.at_ms = at_ms;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::traffic::Scenario;

    fn posts(faults: &Faults, seed: u64) -> Vec<Post> {
        let deliveries = Scenario::GroupCall.play(1, "1400000000", 0);
        disturbed(deliveries, 0, faults, &mut ChaCha8Rng::seed_from_u64(seed))
    }

    fn bodies(posts: &[Post]) -> Vec<&[u8]> {
        posts.iter().map(|post| post.delivery.body.as_slice()).collect()
    }

    #[test]
    fn without_faults_everything_goes_out_once_and_in_order() {
        let deliveries = Scenario::GroupCall.play(1, "1400000000", 0);
        let posts = posts(&Faults::default(), 1);
        assert_eq!(bodies(&posts), deliveries.iter().map(|it| it.body.as_slice()).collect::<Vec<_>>(), "the same");
        assert!(posts.iter().all(|post| !post.bad_signature && !post.gives_up), "nothing is wrong with any");
    }

    #[test]
    fn disorder_loses_nothing_and_is_the_same_for_a_seed() {
        let faults = Faults { disorder: 4, duplicates: 100, ..Faults::default() };
        let (first, again, other) = (posts(&faults, 1), posts(&faults, 1), posts(&faults, 2));
        assert_eq!(bodies(&first), bodies(&again), "the same seed, the same disorder");
        assert_ne!(bodies(&first), bodies(&other), "another seed, another");
        let plain = posts(&Faults { duplicates: 100, ..Faults::default() }, 1);
        assert_ne!(bodies(&first), bodies(&plain), "it is a disorder");
        let sorted = |posts: &[Post]| {
            let mut bodies: Vec<Vec<u8>> = posts.iter().map(|post| post.delivery.body.clone()).collect();
            bodies.sort();
            bodies
        };
        assert_eq!(sorted(&first), sorted(&plain), "nothing is lost, everything is there twice");
        assert!(first.is_sorted_by_key(|post| post.at_ms), "they are sent one after the other");
    }
}
