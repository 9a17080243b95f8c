//! Order and repetition do not matter: random traffic, shuffled and repeated, gives the same rows; so does a rebuild.

use super::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// The bodies of Tencent's samples that tell of calls and rooms, which share a few ids and so meet in the fold.
fn samples() -> Vec<Delivery> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples");
    let index: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("INDEX.json")).unwrap()).unwrap();
    let requests = index.as_array().unwrap().iter().filter(|entry| entry["kind"] == "callback-request");
    requests
        .enumerate()
        .map(|(n, entry)| {
            let body = std::fs::read_to_string(folder.join(entry["file"].as_str().unwrap())).unwrap();
            let query = entry["query"].as_str().unwrap_or("sdkappid=1400123456");
            delivery(1_760_000_700_000 + i64::try_from(n).unwrap(), query, &body)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_and_any_repetition_gives_the_same_record(picks in prop::collection::vec((any::<Index>(), 0..5_000_i64), 1..120)) {
        let samples = samples();
        let story: Vec<Delivery> = picks
            .iter()
            .map(|(pick, delay)| {
                let sample = pick.get(&samples);
                Delivery { received_ms: sample.received_ms + delay, ..sample.clone() }
            })
            .collect();
        let sorted = {
            let mut sorted = story.clone();
            sorted.sort_by(|a, b| (a.received_ms, &a.body).cmp(&(b.received_ms, &b.body)));
            sorted
        };
        let (shuffled, rebuilt) = with(&story, |store| {
            let shuffled = store.read(Reader::dump).unwrap();
            store.rebuild().unwrap();
            (shuffled, store.read(Reader::dump).unwrap())
        });
        prop_assert_eq!(&shuffled, &with(&sorted, |store| store.read(Reader::dump).unwrap()), "the order of arrival");
        prop_assert_eq!(&shuffled, &rebuilt, "a rebuild gives the same as one by one");
    }
}
