//! Which files go, and which stay.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_a_dead_process_left_goes_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name);
    let running = EXPORT.begin(folder.path()).expect("a file");
    let leftovers = [".calltrail-abc123.part", ".calltrail-ABCxyz.part"];
    let foreign = [
        ".calltrail-abc123",       // settings
        ".calltrail-abc12.part",   // no name of ours
        ".calltrail-abc1234.part", //
        ".calltrail-ab-123.part",
        "calltrail-abc123.part",
        ".calltrail-abc123.part.csv",
        ".backup-abc123",
        "calls.csv",
    ];
    for name in leftovers.iter().chain(&foreign) {
        fs::write(place(name), "call data").expect("a file");
    }
    fs::create_dir(place(".calltrail-folder.part")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(place("calls.csv"), place(".calltrail-linked.part")).expect("a link");

    let next = EXPORT.begin(folder.path()).expect("another file");
    let left = names(folder.path());
    for name in leftovers {
        assert!(!left.contains(&name.to_owned()), "{name} is a leftover: {left:?}");
    }
    for name in foreign.iter().copied().chain([".calltrail-folder.part"]) {
        assert!(left.contains(&name.to_owned()), "{name} is not ours to delete: {left:?}");
    }
    assert!(running.path().exists() && next.path().exists(), "what somebody still writes stays");
    drop((running, next));
    assert_eq!(names(folder.path()).len(), left.len() - 2, "what was given up is gone");
}

#[test]
fn a_copy_goes_with_what_lies_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in [".backup-abc123", ".backup-abc123-journal", ".backup-abc123-wal", "calltrail-2025-03-06T031906Z.db"] {
        fs::write(folder.path().join(name), "deliveries").expect("a file");
    }
    BACKUP.clear(folder.path());
    assert_eq!(names(folder.path()), ["calltrail-2025-03-06T031906Z.db"], "the finished one stays");
}

#[test]
fn what_lies_elsewhere_is_found_by_its_note() {
    let (data, target) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let running = EXPORT.begin(target.path()).expect("a file");
    let note = noted(data.path(), running.path()).expect("a note");
    let dead = target.path().join(".calltrail-abc123.part");
    let innocent = target.path().join("calls.csv");
    let unplugged = "/nowhere/at/all/.calltrail-abc123.part";
    for (name, place) in [
        (".unfinished-aaaaa1", dead.to_str().expect("UTF-8")),
        (".unfinished-aaaaa2", innocent.to_str().expect("UTF-8")),
        (".unfinished-aaaaa3", unplugged),
        (".unfinished-aaaaa4", ""),
    ] {
        fs::write(data.path().join(name), place).expect("a note");
    }
    fs::write(&dead, "call data").expect("a file");
    fs::write(&innocent, "call data").expect("a file");
    clear_noted(data.path());
    assert!(!dead.exists(), "what the dead one wrote is gone");
    assert!(innocent.exists(), "a note cannot name just any file");
    assert!(running.path().exists() && note.path().exists(), "what is still written stays, and its note");
    let mut want =
        vec![".unfinished-aaaaa3".to_owned(), note.path().file_name().unwrap().to_string_lossy().into_owned()];
    want.sort();
    assert_eq!(names(data.path()), want, "a drive that is away may come back; the other notes are done with");
    drop(note);
    assert_eq!(names(data.path()), [".unfinished-aaaaa3"], "a note goes with what it was for");
}

#[test]
fn many_who_begin_and_clear_at_once_take_nothing_from_each_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::thread::scope(|scope| {
        for n in 0..4 {
            let folder = folder.path();
            scope.spawn(move || {
                for m in 0..50 {
                    let mut file = EXPORT.begin(folder).expect("a file");
                    file.write_all(b"whole").expect("it takes text");
                    file.persist(folder.join(format!("{n}-{m}.csv"))).expect("it is still there");
                }
            });
        }
    });
    assert_eq!(names(folder.path()).len(), 200, "each has its place, and nothing else is left");
}
