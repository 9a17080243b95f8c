//! What is packed of the calls of an hour is what its rows say, and goes when one of its calls changes.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::store;
use crate::store::rows::{Comparison, Figures};
use crate::traffic;
use crate::zone::Zone;

const HOUR: i64 = 3_600_000;
const UNPACKED: &str =
    "select count(*) from call_hour where calls is null and hour < (select max(received_ms) / 3600000 from outcome)";

/// Waits until every hour that is over is packed; answers how many are.
pub(super) fn packed(store: &Store) -> i64 {
    let number = |statement: &str| {
        store.read(|reader| Ok(reader.connection().query_row(statement, [], |row| row.get::<_, i64>(0))?)).unwrap()
    };
    let began = Instant::now();
    while number(UNPACKED) > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody packs");
        std::thread::sleep(Duration::from_millis(5));
    }
    number("select count(*) from call_hour where calls is not null")
}

fn change(folder: &Path, statement: &str) {
    Connection::open(folder.join("projection-1.db")).unwrap().execute(statement, []).unwrap();
}

/// Figures of periods that begin and end within hours, at them and never, and of some kinds.
fn asked(reader: &Reader, begin: i64, now: i64) -> Vec<Figures> {
    let said = |text: &str| Some(text.to_owned());
    let all = Filter::default();
    let filters = [
        all.clone(),
        Filter { from: Some(begin + 3 * HOUR), to: Some(begin + 50 * HOUR), ..all.clone() },
        Filter { from: Some(begin + 10 * HOUR + 1_234_567), to: Some(begin + 90 * HOUR + 1), ..all.clone() },
        Filter { from: Some(begin + 10 * HOUR + 1), to: Some(begin + 10 * HOUR + 1_900_000), ..all.clone() },
        Filter { from: Some(begin - HOUR), result: said("normal_end,interrupt"), ..all.clone() },
        Filter { result: said("ringing,unknown"), ..all.clone() },
        Filter { media: said("audio"), call_type: said("group"), ..all.clone() },
        Filter { app: said("no such application"), ..all },
    ];
    let zones = ["UTC", "Asia/Kathmandu", "Australia/Lord_Howe"].map(|name| Zone::read(name).unwrap());
    let mut figures = Vec::new();
    for zone in &zones {
        for filter in &filters {
            figures.push(reader.figures(filter, zone, Some(Comparison::Before), now).unwrap());
        }
    }
    figures
}

#[test]
fn figures_of_packed_calls_are_those_of_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let begin = traffic::STORY_START_MS;
    let mut deliveries: Vec<_> = traffic::fortnight(3, begin, 14, 100).take(4_000).collect();
    // Some calls are never told to have ended.
    deliveries.extend(traffic::story(7).into_iter().step_by(3));
    let now = deliveries.iter().map(|delivery| delivery.received_ms).max().unwrap() + 1_000;
    record_all(&store, &deliveries);
    store.require_complete().unwrap();
    assert!(packed(&store) > 20, "many hours are packed");
    store.close().unwrap();

    assert!(store::verify(folder.path()).unwrap().is_sound(), "what is packed is checked");
    let of_packed = asked(&open_reader(folder.path()), begin, now);
    assert!(of_packed[0].calls > 100 && of_packed[0].people.len() > 10, "there is much to count");
    change(folder.path(), "update call_hour set calls = null, members = null where hour % 3 = 0");
    assert_eq!(asked(&open_reader(folder.path()), begin, now), of_packed, "some hours are read row by row");
    change(folder.path(), "update call_hour set calls = null, members = null");
    assert_eq!(asked(&open_reader(folder.path()), begin, now), of_packed, "every call is");

    change(
        folder.path(),
        "update call_hour set calls = x'', members = x'' where hour = (select min(hour) from call_hour)",
    );
    assert_eq!(store::verify(folder.path()).unwrap().differing, ["call_hour"], "what is packed wrongly is found");
    change(folder.path(), "delete from call_hour where hour = (select min(hour) from call_hour)");
    assert_eq!(store::verify(folder.path()).unwrap().differing, ["call_hour"], "and an hour that is missing");
}

#[test]
fn a_call_that_changes_is_counted_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let days: Vec<_> = traffic::fortnight(5, traffic::STORY_START_MS, 3, 40).collect();
    let now = days.iter().map(|delivery| delivery.received_ms).max().unwrap() + 1_000;
    let count = || store.read(|reader| reader.figures(&Filter::default(), &Zone::utc(), None, now)).unwrap();
    // In two halves that hold the same calls: the second one changes those of the first.
    let (first, second): (Vec<_>, Vec<_>) = days.iter().enumerate().partition(|(n, _)| n % 2 == 0);
    for half in [first, second] {
        record_all(&store, &half.into_iter().map(|(_, delivery)| delivery.clone()).collect::<Vec<_>>());
        store.require_complete().unwrap();
        let at_once = count();
        packed(&store);
        assert_eq!(count(), at_once, "packing changes nothing");
    }
    let whole = count();
    store.close().unwrap();
    with(&days, |other| {
        let once = other.read(|reader| reader.figures(&Filter::default(), &Zone::utc(), None, now)).unwrap();
        assert_eq!(whole, once, "as if all had come at once");
    });
}
