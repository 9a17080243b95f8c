//! The file itself: who may open it, what it holds after a restart, and what verify says.

use super::*;
use crate::callback::codes::Verdict;
use crate::callback::reason::Reason;
use crate::store::archive::content::{self, Request};
use crate::store::{self, Error, delivery::Digest};

const MISSED: &str = r#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{"CallId":"c","Caller_Account":"alice","StartTime":1760000000,"EndTime":1760000030,"AcceptTime":0,"CallResult":"NotAnswer","CalleeList_Account":["bob"]},"EventTime":1760000030250}"#;

fn missed() -> Delivery {
    v2(1_760_000_030_250, "Call.CallbackAfterEndCall", MISSED)
}

#[test]
fn one_process_writes_and_the_message_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "calltrail serve").unwrap();
    let Err(Error::Held { holder, .. }) = Store::open(folder.path(), "calltrail rebuild") else {
        panic!("a second writer must be refused");
    };
    assert!(holder.starts_with("calltrail serve (process "), "the holder is named: {holder}");
    assert!(store::is_held(folder.path()), "others can ask who holds the record");
    store.close().unwrap();
    assert!(!store::is_held(folder.path()), "closing gives the record free");
    Store::open(folder.path(), "again").unwrap().close().unwrap();
}

#[test]
fn a_restart_finds_everything_and_verify_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    assert_eq!(record(&store, &missed()), Recorded::New, "the first copy is new");
    assert_eq!(record(&store, &missed()), Recorded::Repeat, "the second is counted");
    let before = store.read(Reader::dump).unwrap();
    store.close().unwrap();

    assert_eq!(open_reader(folder.path()).dump().unwrap(), before, "the file holds what was answered");
    let verified = store::verify(folder.path()).unwrap();
    assert!(verified.is_sound(), "nothing is wrong with it: {verified:?}");
    let store = Store::open(folder.path(), "second").unwrap();
    assert_eq!(store.rebuild().unwrap().deliveries, 1, "one distinct delivery is replayed");
    assert_eq!(store.read(Reader::dump).unwrap(), before, "a rebuild gives the same rows");
    store.close().unwrap();
}

#[test]
fn verify_finds_a_changed_row_and_a_changed_body() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    record(&store, &missed());
    store.close().unwrap();
    let open = |name: &str| rusqlite::Connection::open(folder.path().join(name)).unwrap();
    open("projection-1.db").execute("update call set answered_ms = 1", []).unwrap();
    assert_eq!(store::verify(folder.path()).unwrap().differing, ["call"], "the call is not what the archive gives");
    open("projection-1.db").execute("update call_segment set texts = x'00'", []).unwrap();
    let differing = store::verify(folder.path()).unwrap().differing;
    assert_eq!(differing, ["call", "call_segment"], "a search would not find the call");
    let archive = open("calltrail.db");
    let content: Vec<u8> = archive.query_row("select content from delivery", [], |row| row.get(0)).unwrap();
    let Request { remote, method, query, headers, body } = Request::unpack(&content);
    let body = String::from_utf8(body).unwrap().replace("bob", "eve").into_bytes();
    let changed = Delivery { remote, method, query, headers, body, ..missed() };
    archive.execute("update delivery set content = ?1", [content::pack(&changed)]).unwrap();
    assert_eq!(store::verify(folder.path()).unwrap().altered.len(), 1, "the body does not give its digest");
}

#[test]
fn a_request_that_cannot_be_unpacked_stops_nothing_and_a_backup_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    record(&store, &missed());
    let told = store.read(Reader::dump).unwrap();
    store.close().unwrap();
    let backup = folder.path().join("copy.db");
    store::backup(folder.path(), &backup).unwrap();
    let archive = rusqlite::Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute("update delivery set content = x'28b52ffd00'", []).unwrap();
    drop(archive);

    let store = Store::open(folder.path(), "second").unwrap();
    record(&store, &v2(1_760_000_040_250, "Call.CallbackAfterEndCall", &MISSED.replace("\"c\"", "\"d\"")));
    store.rebuild().unwrap();
    let overview = store.read(Reader::overview).unwrap();
    assert_eq!((overview.deliveries, overview.calls), (2, 1), "what it told is not known; everything else is");
    store.restore(&backup).unwrap();
    assert!(store.read(Reader::dump).unwrap().contains(told.lines().find(|line| line.contains("alice")).unwrap()));
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "it is what it was");
}

#[test]
fn a_newer_file_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path(), "first").unwrap().close().unwrap();
    let path = folder.path().join("calltrail.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("pragma user_version = 99").unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(folder.path(), "older"), Err(Error::Newer { found: 99, .. })), "said in plain words");
    assert_eq!(std::fs::read(&path).unwrap(), before, "not a byte was changed");
}

#[test]
fn another_programs_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    rusqlite::Connection::open(folder.path().join("calltrail.db"))
        .unwrap()
        .execute_batch("create table theirs (x)")
        .unwrap();
    assert!(matches!(Store::open(folder.path(), "us"), Err(Error::Foreign(_))), "it is not ours to change");
}

#[test]
fn quarantined_deliveries_wait_and_are_released_with_their_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    let delivery = missed();
    let callback = crate::callback::parse(&Query::parse(&delivery.query), &[], &delivery.body);
    let foreign =
        Place::Quarantine { verdict: Verdict::ForeignApp, reason: Reason::ForeignApp { app: "not ours".to_owned() } };
    for _ in 0..3 {
        let recorded = store.record_now(delivery.clone(), callback.clone(), foreign.clone()).unwrap();
        assert_eq!(recorded, Recorded::Quarantined, "a foreign app does not reach the archive");
    }
    let overview = store.read(Reader::overview).unwrap();
    assert_eq!(
        (overview.deliveries, overview.quarantined, overview.calls),
        (0, 1, 0),
        "one row, however often it came"
    );
    assert_eq!(store.release_app("1").unwrap(), 1, "adding the app moves it");
    let row = store
        .read(|reader| reader.deliveries(&Filter::default(), &PageRequest::default(), NOW))
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(
        (row.received_ms, row.repeats, row.quarantined),
        (delivery.received_ms, 2, false),
        "time and repeats are kept"
    );
    assert_eq!(store.read(Reader::overview).unwrap().calls, 1, "and the call is in the record");
    store.close().unwrap();
}

#[test]
fn adding_an_app_proves_nothing_of_a_signature() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    let delivery = missed();
    let callback = crate::callback::parse(&Query::parse(&delivery.query), &[], &delivery.body);
    let mut digests = Vec::new();
    for verdict in [Verdict::ForeignApp, Verdict::BadSignature, Verdict::StaleSignature, Verdict::AppConflict] {
        let body =
            String::from_utf8(delivery.body.clone()).unwrap().replace(r#""c""#, &format!("{:?}", verdict.code()));
        let delivery = Delivery { body: body.into_bytes(), ..delivery.clone() };
        let waits = Place::Quarantine { verdict, reason: Reason::Sentence { text: "why".to_owned() } };
        store.record_now(delivery.clone(), callback.clone(), waits).unwrap();
        digests.push((verdict, Digest::of(&delivery.app, &callback, &delivery.body)));
    }
    assert_eq!(store.release_app("1").unwrap(), 1, "the app was all that kept the first one out");
    store.close().unwrap();
    let store = Store::open(folder.path(), "again").unwrap();
    for (verdict, digest) in digests {
        let waits = verdict != Verdict::ForeignApp;
        assert_eq!(store.release(&digest).unwrap(), waits, "{verdict:?}: a person releases what still waits");
    }
    let overview = store.read(Reader::overview).unwrap();
    assert_eq!((overview.deliveries, overview.quarantined), (4, 0), "then it is in the archive");
    assert_eq!(overview.calls, 4, "and in the record");
    store.close().unwrap();
}

#[test]
fn an_earlier_copy_that_comes_later_speaks_for_the_delivery() {
    // No event time: the time of receipt stands in for it, so the earliest receipt must decide, whenever it comes.
    let body = MISSED.replace(r#","EventTime":1760000030250"#, "");
    let late = v2(1_760_000_060_000, "Call.CallbackAfterEndCall", &body);
    let early = Delivery {
        received_ms: late.received_ms - 20_000,
        query: late.query.replace("Android", "iOS"),
        ..late.clone()
    };
    let dump = |deliveries: &[Delivery]| with(deliveries, |store| store.read(Reader::dump).unwrap());
    assert_eq!(
        dump(&[early.clone(), late.clone()]),
        dump(&[late.clone(), early]),
        "the order of receipt does not matter"
    );
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap() {
    let calls: Vec<_> = (0..25)
        .map(|n| {
            // Five calls share each start, so that pages end between rows of one time.
            let body = MISSED
                .replace(r#""CallId":"c""#, &format!(r#""CallId":"c{n:02}""#))
                .replace("1760000000,", &format!("{},", 1_760_000_000 + n / 5));
            v2(1_760_000_030_250, "Call.CallbackAfterEndCall", &body)
        })
        .collect();
    with(&calls, |store| {
        let mut seen = Vec::new();
        let mut request = PageRequest { limit: Some(4), total: Some(true), ..PageRequest::default() };
        loop {
            let page = store.read(|reader| reader.calls(&Filter::default(), &request, NOW)).unwrap();
            assert_eq!(page.total, Some(25), "the total counts all rows, not a page");
            seen.extend(page.rows.into_iter().map(|call| call.call_id));
            request.cursor = page.next;
            if request.cursor.is_none() {
                break;
            }
        }
        let mut want: Vec<_> = (0..25).map(|n| (-(n / 5), format!("c{n:02}"))).collect();
        want.sort();
        assert_eq!(seen, want.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), "newest first, ties by id, each once");
    });
}

#[test]
fn digests_leave_out_what_changes_between_retries() {
    let rtc = |ts: i64| {
        let body = format!(
            r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":{ts},"EventInfo":{{"RoomId":1,"EventMsTs":1760000000000,"UserId":"a"}}}}"#
        );
        let callback = crate::callback::parse(&Query::parse(""), &[], body.as_bytes());
        Digest::of("1", &callback, body.as_bytes())
    };
    assert_eq!(rtc(1), rtc(2), "CallbackTs is the time of sending");
}

#[test]
fn a_delivery_whose_projection_fails_is_kept_and_leaves_its_neighbours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    // The fault: a trigger that the next rebuild drops together with its table.
    rusqlite::Connection::open(folder.path().join("projection-1.db"))
        .unwrap()
        .execute_batch(
            "create trigger fault before insert on call when new.call_id = 'poison'
             begin select raise(abort, 'a fault'); end",
        )
        .unwrap();
    let named = |id: &str| {
        let body = MISSED.replace(r#""CallId":"c""#, &format!(r#""CallId":"{id}""#));
        v2(1_760_000_030_250, "Call.CallbackAfterEndCall", &body)
    };
    let (done, answers) = std::sync::mpsc::channel();
    for id in ["a", "poison", "b"] {
        let (delivery, done) = (named(id), done.clone());
        let callback = callback::parse(&Query::parse(&delivery.query), &[], &delivery.body);
        store.record(delivery, callback, Place::Archive, move |outcome| done.send(outcome.is_ok()).unwrap()).unwrap();
    }
    assert!((0..3).all(|_| answers.recv().unwrap()), "all three are in the archive, so all three are acknowledged");
    let told = |store: &Store| {
        let rows =
            store.read(|reader| reader.deliveries(&Filter::default(), &PageRequest::default(), NOW)).unwrap().rows;
        let mut told: Vec<_> = rows.into_iter().map(|row| format!("{}:{}", row.call_id, row.verdict)).collect();
        told.sort();
        told.join(" ")
    };
    assert_eq!(told(&store), ":fault a:applied b:applied", "the fault is a verdict of its own");
    let rebuilt = store.rebuild().unwrap();
    assert_eq!((rebuilt.deliveries, rebuilt.faults), (3, 0), "the rebuild tries it again");
    assert_eq!(told(&store), "a:applied b:applied poison:applied", "and now it is in the record");
    store.close().unwrap();
}
