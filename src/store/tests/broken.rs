//! Bodies that earlier versions could not read: they come back by reading the archive again, and stay what they were in it.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::callback::Callback;
use crate::callback::codes::Verdict;
use crate::callback::reason::Reason;
use crate::store;

/// The end of call `id` with a room that is no valid text.
fn broken(id: &str, room: &[u8]) -> Delivery {
    let body = format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"{id}","EventTime":1760000030250,"CallRecord":{{"Caller_Account":"alice","CallResult":"Cancel","StartTime":1760000000,"EndTime":1760000030,"RoomId":"?"}}}}"#
    );
    let (before, after) = body.split_once('?').expect("a room");
    let whole = [before.as_bytes(), room, after.as_bytes()].concat();
    // Nothing but the body says the command.
    Delivery { body: whole, ..delivery(1_760_000_030_250, "SdkAppid=1", "") }
}

fn all() -> Vec<Delivery> {
    let rooms: [&[u8]; 5] = [br"Room \ud83d", b"two\nlines", b"\x01", b"\xe5\xbc", br"\x"];
    rooms.iter().enumerate().map(|(n, room)| broken(&format!("c{n}"), room)).collect()
}

/// What a version made of a delivery that read no more than the query.
fn unread(delivery: &Delivery) -> Callback {
    let callback = callback::parse(&Query::parse(&delivery.query), &delivery.headers, b"{");
    assert_eq!((callback.verdict, callback.command.as_str()), (Verdict::Unparsable, ""), "it knew no command");
    callback
}

/// A record as such a version left it, at rest.
fn kept_before(deliveries: &[Delivery]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    for delivery in deliveries {
        let recorded = store.record_now(delivery.clone(), unread(delivery), Place::Archive).unwrap();
        assert_eq!(recorded, Recorded::New, "each is another");
    }
    store.close().unwrap();
    // Its rules made no call of any of them.
    Connection::open(folder.path().join("projection-1.db"))
        .unwrap()
        .execute_batch(
            "update applied set rules = 2;
             insert or ignore into word (word) values ('The body is not JSON.');
             update kind set kind_0 = 'unparsable' where list = 'outcome';
             update outcome set reason_no = (select word_no from word where word = 'The body is not JSON.'), command_no = 0,
                 event_ms = null, call_no = null, room_no = null;
             delete from call; delete from member; delete from call_segment; delete from counter;",
        )
        .unwrap();
    folder
}

#[test]
fn what_could_not_be_read_before_comes_back_by_reading_again() {
    let deliveries = all();
    let folder = kept_before(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    let began = Instant::now();
    let review = loop {
        assert!(began.elapsed() < Duration::from_secs(60), "what a newer reading would change is found");
        match store.condition().review {
            Some(review) => break review,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert_eq!((review.deliveries, review.calls), (5, 5), "each of them is a call");
    assert!(review.examples.iter().all(|one| one.before.verdict == "unparsable"), "{:?}", review.examples);
    assert!(review.examples.iter().all(|one| one.after.verdict == "repaired"
        && Reason::sentence(one.after.reason.as_ref()).starts_with("The body was not valid JSON")));
    assert!(store.accept_review(), "a person accepts it");
    while store.read(Reader::overview).unwrap().calls < 5 {
        assert!(began.elapsed() < Duration::from_secs(60), "it is put into use");
        std::thread::sleep(Duration::from_millis(5));
    }
    for delivery in &deliveries {
        assert_eq!(record(&store, delivery), Recorded::Repeat, "what comes again is a repeat: {delivery:?}");
    }
    let again = deliveries.iter().map(|one| absorbed(one, 1)).collect();
    let imported = store.absorb(again).unwrap();
    assert_eq!(imported, [Recorded::Repeat; 5], "and so is what is imported again");
    let overview = store.read(Reader::overview).unwrap();
    assert_eq!((overview.deliveries, overview.calls), (5, 5), "nothing is there twice");
    store.close().unwrap();
    let verified = store::verify(folder.path()).unwrap();
    assert!(verified.is_sound(), "none of them counts as altered: {verified:?}");
}

#[test]
fn the_two_digests_of_a_delivery_are_one_delivery_when_records_are_united() {
    let deliveries = all();
    for (first, second) in [(true, false), (false, true)] {
        let kept = |by_now: bool| {
            let folder = kept_before(if by_now { &[] } else { &deliveries });
            let store = Store::open(folder.path(), "a test").unwrap();
            record_all(&store, if by_now { &deliveries } else { &[] });
            store.rebuild().unwrap();
            store.close().unwrap();
            folder
        };
        let (own, other) = (kept(first), kept(second));
        let store = Store::open(own.path(), "a test").unwrap();
        let saved = store.restore(&other.path().join("calltrail.db")).unwrap();
        assert_eq!(
            (saved.new, saved.altered),
            (0, 0),
            "the other record has nothing new and nothing altered: {saved:?}"
        );
        let overview = store.read(Reader::overview).unwrap();
        assert_eq!((overview.deliveries, overview.calls), (5, 5), "nothing is there twice");
        store.close().unwrap();
        assert!(store::verify(own.path()).unwrap().is_sound(), "and the record is sound");
    }
}

#[test]
fn what_waits_in_quarantine_is_known_and_released_readable() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let quarantine =
        || Place::Quarantine { verdict: Verdict::ForeignApp, reason: Reason::ForeignApp { app: "foreign".to_owned() } };
    for delivery in all() {
        let callback = unread(&delivery);
        store.record_now(delivery.clone(), callback, quarantine()).unwrap();
        store.record_now(delivery.clone(), stored::parse(&delivery), quarantine()).unwrap();
    }
    assert_eq!(store.read(Reader::overview).unwrap().quarantined, 5, "a repeat waits with what it repeats");
    assert_eq!(store.release_app("1").unwrap(), 5, "they are released");
    let overview = store.read(Reader::overview).unwrap();
    assert_eq!((overview.deliveries, overview.calls), (5, 5), "and read");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "the record is sound");
}

#[test]
fn tries_of_one_event_with_a_broken_text_are_one_delivery() {
    let event = |sent_at: u32, user: &str| {
        let body = format!(
            r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":{sent_at},"EventInfo":{{"RoomId":1434.0,"EventTs":1760000000,"UserId":"{user}","Reason":1}}}}"#
        );
        let headers = vec![("SdkAppId".to_owned(), "1".to_owned())];
        Delivery { app: "1".to_owned(), headers, ..delivery(1_760_000_000_000, "", &body) }
    };
    for user in [r"\ud83d", "a\nb", r"\x"] {
        let tries = [event(1_760_000_000, user), event(1_760_000_005, user)];
        with(&tries, |store| {
            let overview = store.read(Reader::overview).unwrap();
            assert_eq!((overview.deliveries, overview.rooms), (1, 1), "{user:?}: the second try is a repeat");
            let rooms =
                store.read(|reader| reader.rooms(&Filter::default(), &PageRequest::default(), NOW)).unwrap().rows;
            assert_eq!((rooms[0].room_id.as_str(), rooms[0].room_id_type.as_str()), ("1434", "number"), "{user:?}");
        });
    }
}
