//! What is kept of rooms that have ended is what counting would find, and goes when more is told of them.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::store;
use crate::store::rows::RoomRow;
use crate::traffic;

fn all_rooms(folder: &Path) -> Vec<RoomRow> {
    let mut rooms = Vec::new();
    let all = open_reader(folder).each_room(&Filter::default(), NOW, |row| {
        rooms.push(row);
        Ok(ControlFlow::Continue(()))
    });
    all.unwrap();
    rooms
}

/// What the only projection says.
fn number(folder: &Path, statement: &str) -> i64 {
    let projection = Connection::open(folder.join("projection-1.db")).unwrap();
    projection.query_row(statement, [], |row| row.get(0)).unwrap()
}

/// Waits until every room that has ended is counted; answers how many counts are kept.
fn kept(folder: &Path) -> i64 {
    let began = Instant::now();
    while number(folder, "select count(*) from room where uncounted = 1") > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody counts");
        std::thread::sleep(Duration::from_millis(5));
    }
    number(folder, "select count(*) from room where users is not null")
}

fn change(folder: &Path, statement: &str) {
    Connection::open(folder.join("projection-1.db")).unwrap().execute(statement, []).unwrap();
}

#[test]
fn kept_counts_are_what_counting_finds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let day: Vec<_> = traffic::fortnight(3, traffic::STORY_START_MS, 14, 100).take(4_000).collect();
    record_all(&store, &day);
    store.require_complete().unwrap();
    let kept = kept(folder.path());
    let all = number(folder.path(), "select count(*) from room");
    let ended = number(folder.path(), "select count(*) from room where ended_ms is not null");
    assert!(kept > 10, "{ended} of {all} rooms have ended, {kept} are kept");
    store.close().unwrap();

    assert!(store::verify(folder.path()).unwrap().is_sound(), "the kept counts are checked");
    let with_kept = all_rooms(folder.path());
    change(folder.path(), "update room set users = null, stays = null, peak = null");
    assert_eq!(all_rooms(folder.path()), with_kept, "each row says the same");
    change(folder.path(), "update room set users = 1, stays = 1, peak = 99 where ended_ms is not null");
    assert_eq!(store::verify(folder.path()).unwrap().differing, ["room"], "a wrong count is found");
}

#[test]
fn what_comes_later_is_counted_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let at_ms = NOW - 3_600_000;
    let read = || {
        let page = store.read(|reader| reader.rooms(&Filter::default(), &PageRequest::default(), NOW)).unwrap();
        let room = &page.rows[0];
        (room.users, room.stays, room.peak, room.inside, room.ended_ms.is_some())
    };
    record(&store, &rooms::live(at_ms, "Enter", "ann+bob"));
    record(&store, &rooms::destroyed(at_ms + 2_000));
    store.require_complete().unwrap();
    assert_eq!(kept(folder.path()), 1, "it has ended");
    assert_eq!(read(), (2, 2, 2, 0, true), "two were in it");

    record(&store, &rooms::live(at_ms + 1_000, "Enter", "cleo"));
    assert_eq!(read(), (3, 3, 3, 0, true), "one is told of late");
    assert_eq!(kept(folder.path()), 1, "it is counted again");
    assert_eq!(read(), (3, 3, 3, 0, true), "and the same");

    record(&store, &rooms::live(at_ms + 3_000, "Enter", "dan"));
    assert_eq!(read(), (4, 4, 3, 1, false), "the room has begun again");
    assert_eq!(kept(folder.path()), 0, "a room that goes on is counted by whoever reads it");
    store.close().unwrap();
}
