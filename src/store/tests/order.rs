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

/// The same deliveries, shuffled and some of them repeated, as the draws say.
fn shuffled(story: &[Delivery], draws: &[(Index, i64)]) -> Vec<Delivery> {
    let mut shuffled = story.to_vec();
    for (n, (pick, delay)) in draws.iter().enumerate() {
        let repeated = pick.get(story);
        shuffled.push(Delivery { received_ms: repeated.received_ms + delay, ..repeated.clone() });
        let (a, b) = (pick.index(shuffled.len()), n % shuffled.len());
        shuffled.swap(a, b);
    }
    shuffled
}

/// The record of a story, and the record after everything derived was dropped and replayed.
fn records(story: &[Delivery]) -> (String, String) {
    with(story, |store| {
        let one_by_one = store.read(Reader::dump).unwrap();
        store.read(|reader| Ok((lists::check_counters(reader), lists::check_segments(reader)))).unwrap();
        store.rebuild().unwrap();
        (one_by_one, store.read(Reader::dump).unwrap())
    })
}

fn same_in_any_order(story: &[Delivery], draws: &[(Index, i64)]) -> Result<(), TestCaseError> {
    let mut other = shuffled(story, draws);
    let (record, rebuilt) = records(&other);
    prop_assert_eq!(&record, &rebuilt, "a rebuild gives the same as one by one");
    other.sort_by(|a, b| (a.received_ms, &a.body, &a.query).cmp(&(b.received_ms, &b.body, &b.query)));
    prop_assert_eq!(&record, &records(&other).0, "the order of arrival does not matter");
    other.dedup();
    prop_assert_eq!(&record, &records(&other).0, "nor does repetition");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn seeded_traffic_in_any_order(seed: u64, draws in prop::collection::vec((any::<Index>(), 0..5_000_i64), 40..120)) {
        same_in_any_order(&crate::traffic::story(seed), &draws)?;
    }

    #[test]
    fn seeded_traffic_under_a_wrong_clock_in_any_order(
        seed: u64,
        days in -4_000..800_i64,
        draws in prop::collection::vec((any::<Index>(), -200_000_000..5_000_i64), 20..60),
    ) {
        same_in_any_order(&crate::traffic::story_under_a_wrong_clock(seed, days * 86_400_000), &draws)?;
    }

    #[test]
    fn tencents_samples_in_any_order(draws in prop::collection::vec((any::<Index>(), -5_000..5_000_i64), 40..120)) {
        same_in_any_order(&samples(), &draws)?;
    }
}
