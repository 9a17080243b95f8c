//! A whole story of seeded traffic, in any order and with any repetition, is one record, and so is its rebuild.

use super::*;
use crate::traffic;
use proptest::{prelude::*, sample::Index};

/// A story shuffled, with some of its deliveries sent again later.
fn shuffled_story() -> impl Strategy<Value = (u64, Vec<Delivery>)> {
    let again = prop::collection::vec((any::<Index>(), 0..60_000_i64), 0..40);
    (any::<u64>(), again).prop_flat_map(|(seed, again)| {
        let mut deliveries = traffic::story(seed);
        let more: Vec<Delivery> = again
            .iter()
            .map(|(pick, delay)| {
                let delivery = pick.get(&deliveries);
                Delivery { received_ms: delivery.received_ms + delay, ..delivery.clone() }
            })
            .collect();
        deliveries.extend(more);
        (Just(seed), Just(deliveries).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn any_order_of_a_story_gives_the_same_record((seed, shuffled) in shuffled_story()) {
        let (as_it_came, rebuilt) = with(&shuffled, |store| {
            let as_it_came = store.read(Reader::dump).unwrap();
            store.rebuild().unwrap();
            (as_it_came, store.read(Reader::dump).unwrap())
        });
        let in_order = with(&traffic::story(seed), |store| store.read(Reader::dump).unwrap());
        prop_assert!(as_it_came == in_order, "seed {}: the order of arrival and repeats change nothing", seed);
        prop_assert!(as_it_came == rebuilt, "seed {}: a rebuild gives the same as one by one", seed);
    }
}
