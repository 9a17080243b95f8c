//! Projections filled beside the writer: after an upgrade, on request, and to be looked at first.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::callback::reason::Reason;
use crate::store::files::projection_file::{self, Position};
use crate::store::files::{archive_file, paths::Files};
use crate::store::projection::catch_up::{self, CatchUp};
use crate::store::{self, Error, Options, condition::State};
use crate::traffic;

/// Everything that misses something is filled beside the writer, however little it is.
fn beside() -> Options {
    Options { at_once: Some(-1), ..Options::held_by("a test") }
}

fn projections(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .filter(|path| !path.ends_with("calltrail.db"))
        .collect();
    found.sort();
    found
}

/// The one projection of a record that is at rest.
fn projection(folder: &Path) -> Connection {
    let found = projections(folder);
    assert_eq!(found.len(), 1, "one projection is left: {found:?}");
    Connection::open(&found[0]).unwrap()
}

fn wait_for(store: &Store, what: &str, is_so: impl Fn(&State) -> bool) -> State {
    let began = Instant::now();
    loop {
        let state = store.condition();
        if is_so(&state) {
            return state;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{what} takes too long: {state:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder with a closed record of these deliveries.
fn kept(deliveries: &[Delivery]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, deliveries);
    store.close().unwrap();
    folder
}

/// An upgrade whose tables are others: the projection in use is of no use to this program.
fn with_other_tables(folder: &Path) {
    projection(folder).execute("update applied set made_with = 'an older version'", []).unwrap();
}

#[test]
fn a_projection_whose_removal_a_power_cut_has_undone_is_removed_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "first").unwrap();
    record_all(&store, &crate::traffic::story(3));
    store.rebuild().unwrap();
    let before = store.read(Reader::dump).unwrap();
    store.close().unwrap();
    assert_eq!(projections(folder.path()), [folder.path().join("projection-2.db")], "the second one is in use");
    std::fs::copy(folder.path().join("projection-2.db"), folder.path().join("projection-1.db")).unwrap();

    let store = Store::open(folder.path(), "second").unwrap();
    assert_eq!(
        projections(folder.path()),
        [folder.path().join("projection-2.db")],
        "the one before is no candidate, and goes"
    );
    store.rebuild().unwrap();
    assert_eq!(store.read(Reader::dump).unwrap(), before, "the next one has a number of its own");
    store.close().unwrap();
}

#[test]
fn an_upgrade_fills_a_second_projection_while_callbacks_arrive() {
    let deliveries = traffic::story(7);
    let (before, after) = deliveries.split_at(deliveries.len() / 2);
    let folder = kept(before);
    with_other_tables(folder.path());
    assert!(matches!(Reader::open(folder.path()), Err(Error::Outdated)), "nobody reads tables of another version");
    let store = Store::open_with(folder.path(), beside()).unwrap();
    record_all(&store, after);
    wait_for(&store, "filling", |state| state.rebuilding.is_none());
    // Whatever was recorded meanwhile is in it, and what comes now is applied at once.
    let more = traffic::story(8);
    record_all(&store, &more);
    let all: Vec<_> = deliveries.iter().chain(&more).cloned().collect();
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&all), "the record is what follows from all deliveries");
    store.close().unwrap();
    assert_eq!(projections(folder.path()).len(), 1, "the old one is gone");
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and it equals a replay");
}

#[test]
fn filling_goes_on_where_it_was_when_the_process_ended() {
    // The first start is ended at once. Where a quick machine had filled everything by then, a longer record is taken.
    let starts = [12, 48, 192].into_iter().map(|stories| starts_until_filled((0..stories).flat_map(traffic::story)));
    assert!(starts.into_iter().any(|starts| starts > 1), "the first start was not given the time to finish");
}

/// How often a record of these deliveries was opened, and closed at once, until its new projection had all of them.
fn starts_until_filled(deliveries: impl Iterator<Item = Delivery>) -> usize {
    let deliveries: Vec<_> = deliveries.collect();
    let folder = kept(&deliveries);
    with_other_tables(folder.path());
    let (mut starts, mut low) = (0, i64::MAX);
    loop {
        let store = Store::open_with(folder.path(), beside()).unwrap();
        starts += 1;
        let name = projections(folder.path());
        assert!(name[0].ends_with("projection-2.db"), "it goes on with the same file: {name:?}");
        store.close().unwrap();
        let now: i64 = projection(folder.path()).query_row("select low from applied", [], |row| row.get(0)).unwrap();
        assert!(now <= low, "nothing that was done is done again");
        low = now;
        if low == 0 {
            break;
        }
        let reader = open_reader(folder.path());
        let exported = reader.each_call(&Filter::default(), NOW, |_| Ok(std::ops::ControlFlow::Continue(())));
        assert!(matches!(exported, Err(Error::Rebuilding { .. })), "an export that would miss calls is refused");
        assert!(reader.calls(&Filter::default(), &PageRequest::default(), NOW).is_ok(), "a list shows what there is");
    }
    let store = Store::open_with(folder.path(), beside()).unwrap();
    wait_for(&store, "filling", |state| state.rebuilding.is_none());
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&deliveries), "the record is whole");
    store.close().unwrap();
    starts
}

#[test]
fn a_candidate_that_came_into_use_is_left_to_the_projector() {
    let folder = kept(&traffic::story(1));
    let files = Files::of(folder.path(), None);
    // Whoever fills it has read these before it came into use, and comes too late with them.
    let mut connection = projection_file::open_to_fill(&files, 1).unwrap();
    let of_candidate = || CatchUp::of_candidate(&files, 1).unwrap();
    let read = || catch_up::read_newer(&connection, 0);
    let (first, again) = (read(), read());
    assert!(first.as_ref().is_ok_and(|slice| !slice.is_empty()), "there is something to apply");
    for (slice, mut filling) in [(first, of_candidate()), (again, of_candidate())] {
        let added = filling.add(&mut connection, &mut std::iter::once(slice));
        assert!(matches!(added, Err(Error::Interrupted)), "it is given up: {added:?}");
        let stepped = filling.steps(&mut connection, catch_up::LARGE_SLICE, &|_| false);
        assert!(matches!(stepped, Err(Error::Interrupted)), "also step by step: {stepped:?}");
    }
    drop(connection);
    assert!(store::verify(folder.path()).unwrap().is_sound(), "nothing is counted twice");
}

#[test]
fn a_candidate_that_is_filled_does_not_hold_up_the_archives_log() {
    let folder = kept(&traffic::story(1));
    let files = Files::of(folder.path(), None);
    let archive = files.connect_existing(&files.archive(), std::time::Duration::ZERO).unwrap();
    projection_file::create(&files, 2, &archive, Position::before_all(&archive).unwrap()).unwrap();
    // A commit that is still in the log.
    archive_file::set_fact(&archive, "a test", "was here").unwrap();

    let mut connection = projection_file::open_to_fill(&files, 2).unwrap();
    let mut slice = Some(catch_up::read_newer(&connection, 0));
    let mut held_up = None;
    let mut slices = std::iter::from_fn(|| {
        let checkpointed = archive.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, bool>(0));
        held_up = Some(checkpointed.unwrap());
        slice.take()
    });
    CatchUp::of_candidate(&files, 2).unwrap().add(&mut connection, &mut slices).unwrap();
    assert_eq!(held_up, Some(false), "while slices come, the whole log can be checkpointed");
    assert_ne!(Position::read(&connection).unwrap().high, 0, "and the slice is applied");
}

#[test]
fn a_rebuild_while_callbacks_arrive_misses_none() {
    let (old, new) = (traffic::story(1), traffic::story(2));
    let folder = kept(&old);
    let store = Store::open(folder.path(), "a test").unwrap();
    std::thread::scope(|scope| {
        let recording = scope.spawn(|| record_all(&store, &new));
        while !recording.is_finished() {
            assert_eq!(store.rebuild().unwrap().faults, 0, "every delivery can be applied");
        }
    });
    let all: Vec<_> = old.iter().chain(&new).cloned().collect();
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&all), "what arrived meanwhile is in it");
    store.close().unwrap();
}

#[test]
fn a_fault_in_one_delivery_marks_it_and_goes_on() {
    let deliveries = traffic::story(3);
    let folder = kept(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    let poisoned =
        store.read(|reader| reader.calls(&Filter::default(), &PageRequest::default(), NOW)).unwrap().rows[0].clone();
    store.close().unwrap();
    // The next projection is there already, empty and with a trap in it, as if the process had ended right after it was made.
    let applied: (i64, i64) = Connection::open(folder.path().join("calltrail.db"))
        .unwrap()
        .query_row("select (select max(delivery_id) from delivery), (select max(receipt_id) from receipt)", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    std::fs::copy(folder.path().join("projection-1.db"), folder.path().join("projection-2.db")).unwrap();
    let trap = Connection::open(folder.path().join("projection-2.db")).unwrap();
    // The dictionaries stay: they say nothing of what is there.
    for table in
        ["outcome", "doubt", "call", "member", "room", "room_event", "room_detail", "stay", "counter", "call_segment"]
    {
        trap.execute(&format!("delete from {table}"), []).unwrap();
    }
    trap.execute("update applied set low = ?1, high = ?1, receipts = ?2", applied).unwrap();
    trap.execute_batch(&format!(
        "create trigger fault before insert on call when new.call_id = '{}' begin select raise(abort, 'a fault'); end",
        poisoned.call_id
    ))
    .unwrap();
    drop(trap);
    with_other_tables_of(&folder.path().join("projection-1.db"));
    let store = Store::open_with(folder.path(), beside()).unwrap();
    wait_for(&store, "filling", |state| state.rebuilding.is_none());
    let faults = Filter { verdict: Some("fault".to_owned()), ..Filter::default() };
    let told = store.read(|reader| reader.deliveries(&faults, &PageRequest::default(), NOW)).unwrap().rows;
    assert!(!told.is_empty(), "the deliveries of the poisoned call are marked");
    let calls = store.read(|reader| reader.count_calls(&Filter::default(), NOW)).unwrap();
    let all = with(&deliveries, |store| store.read(|reader| reader.count_calls(&Filter::default(), NOW)).unwrap());
    assert_eq!(calls, all - 1, "every other call is there");
    assert_eq!(store.rebuild().unwrap().faults, 0, "the next rebuild tries them again");
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&deliveries), "and the record is whole");
    store.close().unwrap();
}

fn with_other_tables_of(path: &Path) {
    Connection::open(path).unwrap().execute("update applied set made_with = 'an older version'", []).unwrap();
}

/// A record that older rules have read: they did not understand the commands of one family.
fn read_by_older_rules(folder: &Path) -> usize {
    let file = projection(folder);
    file.execute("update applied set rules = 0", []).unwrap();
    file.execute_batch(
        "insert into word (word) values ('no such command');
         insert or ignore into kind (list, kind_0, kind_1, kind_2, kind_3)
             select list, 'unknown_command', kind_1, kind_2, kind_3 from kind where list = 'outcome' and kind_1 = 'room';",
    )
    .unwrap();
    file.execute(
        "update outcome set reason_no = (select word_no from word where word = 'no such command'),
             kind_no = (select unknown.kind_no from kind join kind as unknown using (list, kind_1, kind_2, kind_3)
                 where kind.kind_no = outcome.kind_no and unknown.kind_0 = 'unknown_command')
         where kind_no in (select kind_no from kind where list = 'outcome' and kind_1 = 'room')",
        [],
    )
    .unwrap()
}

#[test]
fn a_newer_reading_waits_until_a_person_accepts_it() {
    let deliveries = traffic::story(4);
    let folder = kept(&deliveries);
    let changed = read_by_older_rules(folder.path());
    let before = open_reader(folder.path()).dump().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let state = wait_for(&store, "comparing", |state| state.review.is_some());
    let review = state.review.unwrap();
    assert_eq!(usize::try_from(review.deliveries).unwrap(), changed, "it says how many would be read differently");
    assert_eq!(review.examples.len(), changed.min(200), "and shows them");
    assert_eq!(review.examples[0].before.verdict, "unknown_command", "as they are read now");
    assert_eq!(Reason::sentence(review.examples[0].before.reason.as_ref()), "no such command", "and why");
    assert!(review.examples[0].after.verdict != "unknown_command", "and as they would be");
    assert_eq!(review.calls, 0, "no call changes");
    assert_eq!(store.read(Reader::dump).unwrap(), before, "nothing changes before it is accepted");
    let more = traffic::story(5);
    record_all(&store, &more);
    assert!(store.accept_review(), "it waits");
    let all: Vec<_> = deliveries.iter().chain(&more).cloned().collect();
    let began = Instant::now();
    while store.read(Reader::dump).unwrap() != wanted(&all) {
        assert!(began.elapsed() < Duration::from_secs(60), "accepted, it is put into use with all that came meanwhile");
    }
    assert!(!store.accept_review(), "it waits no more");
    store.close().unwrap();
}

#[test]
fn a_newer_reading_can_be_declined_and_asked_for_again() {
    let folder = kept(&traffic::story(4));
    read_by_older_rules(folder.path());
    let store = Store::open(folder.path(), "a test").unwrap();
    let before = store.read(Reader::dump).unwrap();
    wait_for(&store, "comparing", |state| state.review.is_some());
    assert!(store.decline_review().unwrap(), "it is dropped");
    assert_eq!(projections(folder.path()).len(), 1, "with its file");
    assert_eq!(store.read(Reader::dump).unwrap(), before, "nothing has changed");
    store.begin_review().unwrap();
    wait_for(&store, "comparing", |state| state.review.is_some());
    store.close().unwrap();
}

#[test]
fn a_newer_reading_that_changes_nothing_is_not_worth_a_question() {
    let deliveries = traffic::story(6);
    let folder = kept(&deliveries);
    projection(folder.path()).execute("update applied set rules = 0", []).unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    wait_for(&store, "comparing", |_| {
        projections(folder.path()).len() == 1 && !folder.path().join("projection-1.db").exists()
    });
    assert_eq!(store.condition().review, None, "nobody is asked");
    assert_eq!(store.read(Reader::dump).unwrap(), wanted(&deliveries), "the record is the same");
    store.close().unwrap();
}

#[test]
fn a_projection_that_is_gone_garbled_or_of_another_archive_is_made_anew() {
    let deliveries = traffic::story(9);
    let want = wanted(&deliveries);
    let other = kept(&traffic::story(10));
    type Harm = fn(&Path, &Path);
    let harms: [(&str, Harm); 4] = [
        ("gone", |file, _| std::fs::remove_file(file).unwrap()),
        ("empty", |file, _| std::fs::write(file, b"").unwrap()),
        ("garbled", |file, _| std::fs::write(file, vec![0x5a; 40_000]).unwrap()),
        ("of another archive", |file, other| assert!(std::fs::copy(other, file).unwrap() > 0, "there is one")),
    ];
    for (name, harm) in harms {
        let folder = kept(&deliveries);
        harm(&folder.path().join("projection-1.db"), &other.path().join("projection-1.db"));
        let store = Store::open(folder.path(), "a test").unwrap();
        assert_eq!(store.read(Reader::dump).unwrap(), want, "{name}: the archive gives it again");
        store.close().unwrap();
    }
}

/// A projection gets its last indexes when it is whole, and the process may end before.
#[test]
fn a_projection_that_lacks_indexes_does_not_come_into_use() {
    let deliveries = traffic::story(12);
    let folder = kept(&deliveries);
    let begun = projection(folder.path());
    begun.execute_batch("drop index member_user; drop index member_kind").unwrap();
    drop(begun);
    let archive = Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute("delete from meta where key = 'projection'", []).unwrap();
    drop(archive);
    let store = Store::open(folder.path(), "a test").unwrap();
    let of_user = |user: &str| {
        let filter = Filter { user: Some(user.to_owned()), ..Filter::default() };
        store.read(|reader| reader.calls(&filter, &PageRequest::default(), NOW)).unwrap().rows.len()
    };
    assert!(of_user("alice") > 0, "a list that reads by them finds its rows");
    let indexes = projection(folder.path()).query_row(
        "select count(*) from sqlite_schema where name in ('member_user', 'member_kind')",
        [],
        |row| row.get::<_, i64>(0),
    );
    assert_eq!(indexes.unwrap(), 2, "they are there");
    store.close().unwrap();
}

#[test]
fn an_application_that_was_not_found_at_first_is_found_when_it_is_read_again() {
    let delivery = traffic::story(7).into_iter().find(|one| one.query.contains("Call.CallbackAfterEndCall")).unwrap();
    // As versions archived it that did not look behind a second question mark.
    let query = format!("from=tunnel?{}", delivery.query);
    let archived = Delivery { app: String::new(), query, ..delivery.clone() };
    let folder = kept(std::slice::from_ref(&archived));
    let store = Store::open(folder.path(), "a test").unwrap();
    let calls = |store: &Store| store.read(|reader| reader.dump()).unwrap();
    let told = calls(&store);
    assert!(told.contains(&delivery.app), "it is known whose it is: {told}");
    assert!(!told.contains("no_app"), "and so it is applied: {told}");
    store.rebuild().unwrap();
    assert_eq!(calls(&store), told, "a rebuild says the same");
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "what is archived keeps its digest");
    let unnamed = Delivery { query: delivery.query.replace("SdkAppid", "x"), ..archived };
    assert!(wanted(&[unnamed]).contains("no_app"), "whose it is must be said");
}
