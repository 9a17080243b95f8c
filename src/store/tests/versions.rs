//! Archives of earlier versions: taken over, read from, and saved from where they are damaged.

use std::fs;

use rusqlite::{Connection, params};

use super::*;
use crate::store::archive::content::Request;
use crate::store::coverage::{End, Fetched, Up};
use crate::store::delivery::{Digest, Origin};
use crate::store::files::archive_file;
use crate::store::{self, maintenance::salvage};
use crate::traffic;

const VERSION_1: &str = include_str!("../../../migrations/0001_archive.sql");
const VERSION_2: &str = include_str!("../../../migrations/0002_projection_elsewhere.sql");
/// What version 1 had in the same file; version 2 drops it.
const PROJECTED: &str = "create table call (app text)";

/// What an earlier version would have written of these deliveries, in the order of their receipt.
fn of_version(version: i64, folder: &Path, deliveries: &[Delivery]) {
    let archive = Connection::open(folder.join("calltrail.db")).unwrap();
    archive.pragma_update(None, "application_id", 0x4374_724C).unwrap();
    archive.execute_batch(VERSION_1).unwrap();
    archive.execute_batch(PROJECTED).unwrap();
    if version == 2 {
        archive.execute_batch(VERSION_2).unwrap();
    }
    archive.pragma_update(None, "user_version", version).unwrap();
    for delivery in deliveries {
        let digest = digest_of(delivery);
        let headers = serde_json::to_string(&delivery.headers).unwrap();
        let known = archive.prepare("select 1 from delivery where digest = ?1").unwrap().exists([digest.0]).unwrap();
        if known {
            archive
                .execute(
                    "insert into receipt (digest, received_ms, remote, query, headers) values (?1, ?2, ?3, ?4, ?5)",
                    params![digest.0, delivery.received_ms, delivery.remote, delivery.query, headers],
                )
                .unwrap();
            continue;
        }
        let Delivery { received_ms, source, app, remote, method, query, body, .. } = delivery;
        archive
            .execute(
                "insert into delivery (digest, received_ms, source, app, remote, method, query, headers, body)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![digest.0, received_ms, source.code(), app, remote, method, query, headers, body],
            )
            .unwrap();
    }
    archive
        .execute(
            "insert into quarantine (digest, received_ms, app, remote, method, query, headers, body, family, command, verdict, reason)
             values (zeroblob(32), 1, '7', '', 'POST', 'SdkAppid=7', '[]', x'7b7d', 'unknown', '', 'foreign_app', 'why')",
            [],
        )
        .unwrap();
}

#[test]
fn an_archive_without_entries_is_taken_over_and_takes_them_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, &with_repeats());
    store.require_complete().unwrap();
    let before = store.read(Reader::dump).unwrap();
    store.close().unwrap();
    let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute_batch("drop table entry; drop table up; drop table fetched; pragma user_version = 3").unwrap();
    drop(archive);
    let store = Store::open(folder.path(), "a test").unwrap();
    store.require_complete().unwrap();
    assert_eq!(store.read(Reader::dump).unwrap(), before, "nothing is lost");
    assert!(folder.path().join("calltrail.before-5.db").exists(), "a copy was made before");
    let edit = store::entry::Edit {
        subject: store::entry::Subject::User("u".to_owned()),
        field: "name".to_owned(),
        value: "Ann".into(),
    };
    assert_eq!(store.edit(&store::entry::Author::default(), 1, &[edit]).unwrap().len(), 1, "and entries are taken");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound());
}

#[test]
fn an_archive_that_knows_nothing_of_its_completeness_is_taken_over_and_learns_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, &with_repeats());
    let subject = store::entry::Subject::User("u".to_owned());
    let edit = store::entry::Edit { subject, field: "name".to_owned(), value: "Ann".into() };
    store.edit(&store::entry::Author::default(), 1, &[edit]).unwrap();
    store.require_complete().unwrap();
    let before = store.read(Reader::dump).unwrap();
    store.close().unwrap();
    let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute_batch("drop table up; drop table fetched; pragma user_version = 4").unwrap();
    drop(archive);
    let old = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("calltrail.db"), old.path().join("copy.db")).unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    store.require_complete().unwrap();
    assert_eq!(store.read(Reader::dump).unwrap(), before, "nothing is lost");
    assert!(folder.path().join("calltrail.before-5.db").exists(), "a copy was made before");
    let up = up(1, 10, 20, None);
    store.put_up(vec![up.clone()]).unwrap();
    let saved = store.restore(&old.path().join("copy.db")).unwrap();
    assert_eq!((saved.new, saved.altered), (0, 0), "a copy of the earlier version can be brought back: {saved:?}");
    assert_eq!(store.read(|reader| reader.up_since(i64::MIN)).unwrap(), [up], "and takes nothing away");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound());
}

fn up(id: u128, from_ms: i64, to_ms: i64, ended: Option<End>) -> Up {
    Up { id: uuid::Uuid::from_u128(id), from_ms, to_ms, ended }
}

fn fetched(product: &str, at_ms: i64, records: u64) -> Fetched {
    Fetched { app: "1400".to_owned(), product: product.to_owned(), from_ms: 0, to_ms: at_ms, at_ms, records }
}

#[test]
fn what_two_records_know_of_their_completeness_becomes_one_in_any_order() {
    let [here, there] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let ups = [
        vec![up(1, 10, 70, None), up(2, 100, 150, Some(End::Stopped))],
        vec![up(1, 10, 60, Some(End::Slept)), up(2, 100, 90, None), up(3, 200, 260, Some(End::ClockSet))],
    ];
    let read =
        [vec![fetched("call", 50, 3), fetched("call", 50, 3)], vec![fetched("call", 50, 3), fetched("call-v1", 60, 0)]];
    for (folder, n) in [(&here, 0), (&there, 1)] {
        let store = Store::open(folder.path(), "a test").unwrap();
        store.put_up(ups[n].clone()).unwrap();
        store.put_fetched(read[n].clone()).unwrap();
        store.close().unwrap();
        // A backup holds them too.
        store::backup(folder.path(), &folder.path().join("copy.db")).unwrap();
    }
    let whole = |reader: &Reader| Ok((reader.up_since(i64::MIN)?, reader.fetched_since(i64::MIN)?));
    let mut unions = Vec::new();
    for (folder, other) in [(&here, &there), (&there, &here)] {
        let store = Store::open(folder.path(), "a test").unwrap();
        for _ in 0..2 {
            let saved = store.restore(&other.path().join("copy.db")).unwrap();
            assert_eq!((saved.altered, saved.unreadable), (0, 0), "{saved:?}");
            unions.push(store.read(whole).unwrap());
        }
        store.close().unwrap();
        assert!(store::verify(folder.path()).unwrap().is_sound());
    }
    let wanted = (
        vec![up(1, 10, 70, None), up(2, 100, 150, Some(End::Stopped)), up(3, 200, 260, Some(End::ClockSet))],
        vec![fetched("call", 50, 3), fetched("call-v1", 60, 0)],
    );
    for union in unions {
        assert_eq!(union, wanted, "the longest of each, once");
    }
}

#[test]
fn a_period_that_a_bit_turned_over_in_says_nothing_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    store.put_up(vec![up(1, 10, 20, None), up(2, 30, 40, None)]).unwrap();
    store.put_fetched(vec![fetched("call", 50, 3)]).unwrap();
    store.close().unwrap();
    let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute_batch("update up set to_ms = 999 where up_no = 2; update fetched set records = 4").unwrap();
    drop(archive);
    assert_eq!(store::verify(folder.path()).unwrap().altered, ["up 2", "fetched 1"]);
    let store = Store::open(folder.path(), "a test").unwrap();
    assert_eq!(store.read(|reader| reader.up_since(i64::MIN)).unwrap(), [up(1, 10, 20, None)]);
    assert_eq!(store.read(|reader| reader.fetched_since(i64::MIN)).unwrap(), []);
    store.put_up(vec![up(2, 30, 40, None)]).unwrap();
    assert_eq!(
        store.read(|reader| reader.up_since(i64::MIN)).unwrap().len(),
        2,
        "what is written again is right again"
    );
    store.close().unwrap();
}

/// Deliveries of which some come again, one of them earlier and with another query than its first copy.
fn with_repeats() -> Vec<Delivery> {
    let mut deliveries = traffic::story(80);
    let late = deliveries[3].clone();
    deliveries.push(Delivery {
        received_ms: late.received_ms - 5_000,
        query: format!("{}&OptPlatform=Web", late.query),
        ..late.clone()
    });
    deliveries.push(Delivery { received_ms: late.received_ms + 9_000, ..late });
    deliveries.push(Delivery { body: b"\xff\x00 no text".to_vec(), ..deliveries[0].clone() });
    deliveries
}

fn digest_of(delivery: &Delivery) -> Digest {
    Digest::of(&delivery.app, &stored::parse(delivery), &delivery.body)
}

/// Each receipt of an archive: digest, moment, query.
fn receipts(folder: &Path) -> Vec<(String, i64, String)> {
    let archive = Connection::open(folder.join("calltrail.db")).unwrap();
    let mut statement = archive
        .prepare(
            "select digest, received_ms, content from delivery union all
             select digest, receipt.received_ms, receipt.content from receipt join delivery using (delivery_id)",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let query = Request::unpack(row.get_ref("content")?.as_blob()?).query;
        Ok((Digest(row.get("digest")?).hex(), row.get("received_ms")?, query))
    });
    let mut found: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    found.sort();
    found
}

/// Which receipts of which records an archive holds.
fn origins(folder: &Path) -> Vec<(Vec<u8>, i64)> {
    let archive = Connection::open(folder.join("calltrail.db")).unwrap();
    let mut statement = archive
        .prepare(
            "select origin, numbered.n
             from (select origin_no, n from delivery union all select origin_no, n from receipt) as numbered
             join origin using (origin_no) order by 1, 2",
        )
        .unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_archive_of_each_earlier_version_is_taken_over_whole() {
    let deliveries = with_repeats();
    let new = tempfile::tempdir().unwrap();
    let store = Store::open(new.path(), "a test").unwrap();
    record_all(&store, &deliveries);
    store.close().unwrap();
    for version in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        of_version(version, folder.path(), &deliveries);
        let before = fs::read(folder.path().join("calltrail.db")).unwrap();
        let store = Store::open(folder.path(), "a test").unwrap();
        assert_eq!(
            store.read(Reader::dump).unwrap(),
            wanted(&deliveries),
            "version {version}: what follows is the same"
        );
        assert_eq!(store.read(Reader::overview).unwrap().quarantined, 1, "version {version}: quarantine is kept");
        record(&store, &traffic::story(81)[0]);
        store.close().unwrap();
        assert!(store::verify(folder.path()).unwrap().is_sound(), "version {version}: it is sound");
        let kept = receipts(folder.path());
        assert!(receipts(new.path()).iter().all(|one| kept.contains(one)), "version {version}: each receipt is kept");
        let numbers: Vec<i64> = origins(folder.path()).into_iter().map(|(_, n)| n).collect();
        let old = i64::try_from(numbers.len()).unwrap() - 1;
        assert!((1..=old).all(|n| numbers.contains(&n)), "version {version}: the old ones are numbered without holes");
        let copy = folder.path().join("calltrail.before-5.db");
        assert_eq!(fs::read(copy).unwrap().len(), before.len(), "version {version}: the copy of before is there");
    }
}

#[test]
fn a_damaged_archive_of_an_earlier_version_is_put_aside_and_saved_from() {
    let deliveries = with_repeats();
    for version in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        of_version(version, folder.path(), &deliveries);
        let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
        // What a bit that turned over does to a word.
        archive
            .execute_batch(
                "pragma ignore_check_constraints = on; update delivery set source = 'cbllback' where delivery_id = 5",
            )
            .unwrap();
        drop(archive);
        let store = Store::open(folder.path(), "a test").unwrap();
        record(&store, &traffic::story(85)[0]);
        let noted = store::set_aside(folder.path());
        assert_eq!(noted.len(), 1, "version {version}: callbacks are kept in a new one");
        let aside = folder.path().join("damaged").join(&noted[0].name).join("calltrail.db");
        let saved = store.restore(&aside).unwrap();
        assert_eq!((saved.altered, saved.unreadable), (0, 0), "version {version}: all of it can be read: {saved:?}");
        let all: Vec<_> = deliveries.iter().chain(&traffic::story(85)[..1]).cloned().collect();
        assert_eq!(store.read(Reader::dump).unwrap(), wanted(&all), "version {version}: and is brought over");
        store.close().unwrap();
    }
}

#[test]
fn a_digest_that_a_bit_turned_over_in_is_mended_from_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let story = &traffic::story(86)[..30];
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, story);
    store.close().unwrap();
    let backup = folder.path().join("copy.db");
    store::backup(folder.path(), &backup).unwrap();
    let before = (receipts(folder.path()), origins(folder.path()));
    let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
    let changed = archive.execute(
        "update delivery set digest = cast(substr(digest, 1, 31) || x'00' as blob) where delivery_id in (3, 9)",
        [],
    );
    assert_eq!(changed.unwrap(), 2);
    drop(archive);
    assert_eq!(store::verify(folder.path()).unwrap().altered.len(), 2, "it is noticed");
    let store = Store::open(folder.path(), "a test").unwrap();
    store.restore(&backup).unwrap();
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "it is what it was");
    assert_eq!((receipts(folder.path()), origins(folder.path())), before, "and nothing is there twice");
}

#[test]
fn a_copy_of_each_version_can_be_brought_back() {
    let deliveries = with_repeats();
    for version in [1, 2] {
        let (old, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        of_version(version, old.path(), &deliveries);
        let store = Store::open(folder.path(), "a test").unwrap();
        let backup = old.path().join("calltrail.db");
        let saved = store.restore(&backup).unwrap();
        assert_eq!((saved.altered, saved.unreadable, saved.quarantined), (0, 0, 1), "version {version}: {saved:?}");
        assert_eq!(store.read(Reader::dump).unwrap(), wanted(&deliveries), "version {version}: all of it");
        let again = store.restore(&backup).unwrap();
        assert_eq!((again.new, again.repeats), (0, 0), "version {version}: once is enough: {again:?}");
        store.close().unwrap();
    }
}

#[test]
fn deliveries_are_found_on_the_pages_of_each_version() {
    let deliveries = with_repeats();
    let mut wanted: Vec<Digest> = deliveries.iter().map(digest_of).collect();
    wanted.sort();
    wanted.dedup();
    for version in 1..=archive_file::known_version() {
        let folder = tempfile::tempdir().unwrap();
        match version {
            1 | 2 => of_version(version, folder.path(), &deliveries),
            _ => {
                let store = Store::open(folder.path(), "a test").unwrap();
                record_all(&store, &deliveries);
                store.close().unwrap();
            }
        }
        let mut found = Vec::new();
        let mut take = |digest: Digest, delivery: Delivery| {
            if digest.is_of(&delivery.app, &stored::parse(&delivery), &delivery.body) {
                found.push(digest);
            }
            Ok(())
        };
        salvage::each_delivery(&folder.path().join("calltrail.db"), &mut take).unwrap();
        found.sort();
        found.dedup();
        assert_eq!(found, wanted, "version {version}");
    }
}

#[test]
fn each_opening_numbers_its_receipts_under_an_origin_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let story = traffic::story(82);
    for part in [&story[..20], &story[10..40]] {
        let store = Store::open(folder.path(), "a test").unwrap();
        record_all(&store, part);
        store.close().unwrap();
    }
    // Nothing came: there is no origin without a receipt.
    Store::open(folder.path(), "a test").unwrap().close().unwrap();
    let numbers = origins(folder.path());
    let mut records: Vec<&Vec<u8>> = numbers.iter().map(|(record, _)| record).collect();
    records.dedup();
    assert_eq!(records.len(), 2, "two openings that wrote");
    for record in records {
        let of_it: Vec<i64> = numbers.iter().filter(|(other, _)| other == record).map(|(_, n)| *n).collect();
        let all = 1..=i64::try_from(of_it.len()).unwrap();
        assert_eq!(of_it, all.collect::<Vec<_>>(), "from 1 without holes");
    }
}

#[test]
fn what_another_record_received_is_taken_once_and_keeps_its_origin() {
    let story = traffic::story(83);
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::open(first.path(), "a test").unwrap();
    record_all(&store, &story);
    store.close().unwrap();
    let store = Store::open(second.path(), "a test").unwrap();
    record(&store, &story[0]);
    store.restore(&first.path().join("calltrail.db")).unwrap();
    let origin = Origin { record: [7; 8], n: 3 };
    let received = Received { origin: Some(origin), ..absorbed(&traffic::story(84)[0], 0) };
    assert_eq!(store.absorb(vec![received.clone()]).unwrap(), [Recorded::New], "it is new here");
    let own = store.read(|reader| reader.raw_with_origin(&digest_of(&story[0]))).unwrap().unwrap().1.unwrap();
    let invented = Origin { n: Origin::LAST, ..own };
    let one = Received { origin: Some(invented), ..absorbed(&traffic::story(84)[1], 0) };
    store.absorb(vec![one]).unwrap();
    record(&store, &traffic::story(84)[2]);
    assert_eq!(store.absorb(vec![received]).unwrap(), [Recorded::Repeat], "and then it is not");
    store.close().unwrap();
    let (theirs, ours) = (origins(first.path()), origins(second.path()));
    let missing: Vec<_> = theirs.iter().filter(|one| !ours.contains(one)).collect();
    assert!(missing.len() <= 1, "what the second had received itself keeps its own name: {missing:?}");
    assert!(ours.contains(&(vec![7; 8], 3)), "what was absorbed has the name that it came with");
    let last = ours.iter().filter(|(record, _)| record == &own.record).map(|(_, n)| *n).max();
    assert!(last.is_some_and(|n| n < 10), "nobody else gives this record's numbers: {last:?}");
}
