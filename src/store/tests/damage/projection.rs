//! Damaged projections: made anew from the archive, while callbacks are kept.

use super::*;

#[test]
fn a_projection_that_is_found_damaged_by_a_reader_is_made_anew() {
    let deliveries = traffic::story(52);
    let folder = kept(&deliveries);
    let want = wanted(&deliveries);
    let store = Store::open(folder.path(), "a test").unwrap();
    store.start_maintenance().unwrap();
    let projection = folder.path().join("projection-1.db");
    let length = usize::try_from(fs::metadata(&projection).unwrap().len()).unwrap();
    overwrite(&projection, 4096, &vec![0xa5; length - 4096]);
    let began = Instant::now();
    // No delivery comes that would make the projector meet it.
    loop {
        let found = store.read(Reader::dump);
        if found.as_ref().ok() == Some(&want) {
            break;
        }
        let state = store.condition();
        assert!(began.elapsed() < Duration::from_secs(60), "it stays damaged: {state:?} {found:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and the record is sound");
}

#[test]
fn a_projection_whose_log_was_cut_is_made_anew_although_nobody_comes() {
    let deliveries = traffic::story(53);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    record_all(&store, &deliveries);
    let want = store.read(Reader::dump).unwrap();
    OpenOptions::new().write(true).open(folder.path().join("projection-1.db-wal")).unwrap().set_len(0).unwrap();
    let began = Instant::now();
    while folder.path().join("projection-1.db").exists() || store.read(Reader::dump).ok().as_ref() != Some(&want) {
        assert!(began.elapsed() < Duration::from_secs(60), "it is not noticed: {:?}", store.condition());
        std::thread::sleep(Duration::from_millis(20));
    }
    store.close().unwrap();
    assert!(store::verify(folder.path()).unwrap().is_sound(), "and the record is sound");
}

/// Seen once in many runs of the test above: the file opened, and SQLite said "no such table".
/// Harms the projection at the start and while it is in use: either way another one is made, and nobody notices.
fn made_anew_after(harm: impl Fn(&Path)) {
    let (old, new) = (traffic::story(45), traffic::story(49));
    for harmed_at_start in [false, true] {
        let folder = kept(&old);
        let projection = folder.path().join("projection-1.db");
        if harmed_at_start {
            harm(&projection);
        }
        let store = Store::open(folder.path(), "a test").unwrap();
        if !harmed_at_start {
            harm(&projection);
        }
        assert_eq!(kept_by(&store, &new), new.len(), "no sender notices");
        let began = Instant::now();
        while store.require_complete().is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "filling takes too long: {:?}", store.condition());
        }
        assert_eq!(store::set_aside(folder.path()), [], "the archive is not suspected");
        let all: Vec<_> = old.iter().chain(&new).cloned().collect();
        assert_eq!(store.read(Reader::dump).unwrap(), wanted(&all), "and all of it is shown");
        store.close().unwrap();
        assert!(store::verify(folder.path()).unwrap().is_sound(), "nothing is left of it");
    }
}

#[test]
fn a_projection_that_has_lost_tables_is_made_anew() {
    made_anew_after(|projection| lose(projection, "'outcome'"));
}

#[test]
fn a_projection_whose_columns_have_other_names_is_made_anew() {
    // A bit that turns over in the statement of a table is no damage to SQLite.
    made_anew_after(|projection| {
        let projection = rusqlite::Connection::open(projection).unwrap();
        projection.pragma_update(None, "writable_schema", "ON").unwrap();
        let flip = "update sqlite_schema set sql = replace(sql, 'room_id ', 'rnom_id ') where name = 'room'";
        assert_eq!(projection.execute(flip, []).unwrap(), 1, "one table has another column now");
        projection.pragma_update(None, "schema_version", 1_000).unwrap();
    });
}
