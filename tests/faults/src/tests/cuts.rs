//! A power cut loses nothing that was acknowledged with safe settings, and the images show it where they are not safe.

use std::path::Path;

use super::{insert, open, stored};
use crate::{Device, Entry, FileId, Image, Mode, Tape, Vfs, room};

const SAFE: &str = "pragma synchronous = extra; pragma journal_mode = wal; pragma synchronous = full;";

/// Records rows one by one, each acknowledged after its commit.
fn recorded(device: Device, settings: &str, rows: u64) -> Tape {
    let folder = room().unwrap();
    let vfs = Vfs::recording(folder.path(), device).unwrap();
    let connection = open(&vfs, folder.path(), &format!("{settings} pragma wal_autocheckpoint = 20")).unwrap();
    for id in 0..rows {
        insert(&connection, id).unwrap();
        vfs.ack(id);
    }
    connection.close().unwrap();
    assert_eq!(stored(folder.path()).unwrap().len(), usize::try_from(rows).unwrap(), "the real file has every row");
    vfs.take_tape()
}

/// How many images lost an acknowledged row, and how many are corrupt.
fn harm(tape: &Tape, seed: u64, moments: usize) -> (u32, u32) {
    let folder = room().unwrap();
    let (mut lost, mut corrupt) = (0, 0);
    tape.sweep(seed, &tape.moments(seed, moments), |crash| {
        for mode in Mode::ALL {
            crash.image(mode).write_to(folder.path()).unwrap();
            match stored(folder.path()) {
                Ok(ids) => lost += u32::from(!crash.acked.iter().all(|id| ids.contains(id))),
                Err(_) => corrupt += 1,
            }
        }
    });
    (lost, corrupt)
}

#[test]
fn synced_commits_survive_every_cut() {
    for device in [Device::Bare, Device::PowerSafe] {
        let tape = recorded(device, SAFE, 150);
        let closed = |entry: &Entry| matches!(entry, Entry::Delete { name, .. } if name == "a.db-wal");
        assert!(tape.entries.iter().any(closed), "the tape tells of the end too");
        assert_eq!(harm(&tape, 1, 60), (0, 0), "{device:?}: nothing is lost, nothing is corrupt");
    }
}

#[test]
fn a_commit_that_is_not_synced_is_lost_in_some_image() {
    let (lost, corrupt) =
        harm(&recorded(Device::Bare, "pragma journal_mode = wal; pragma synchronous = normal;", 150), 2, 60);
    assert!(lost > 10, "synchronous=NORMAL answers before the WAL is synced: {lost} images");
    assert_eq!(corrupt, 0, "but it never damages the file");
}

#[test]
fn without_syncs_some_image_is_corrupt() {
    let (lost, corrupt) =
        harm(&recorded(Device::Bare, "pragma journal_mode = wal; pragma synchronous = off;", 150), 3, 60);
    assert!(lost > 10 && corrupt > 0, "synchronous=OFF keeps no order: {lost} lost, {corrupt} corrupt");
}

#[test]
fn a_removed_journal_comes_back_where_its_folder_was_not_synced() {
    let (lost, _) =
        harm(&recorded(Device::Bare, "pragma journal_mode = delete; pragma synchronous = full;", 60), 4, 60);
    assert!(lost > 0, "the journal takes back a commit that was acknowledged");
    let (lost, corrupt) =
        harm(&recorded(Device::Bare, "pragma journal_mode = delete; pragma synchronous = extra;", 60), 5, 60);
    assert_eq!((lost, corrupt), (0, 0), "EXTRA syncs the folder too");
}

const A: FileId = FileId(0);

/// The image of file `a` at the end of a tape.
fn at_end(entries: Vec<Entry>, seed: u64, mode: Mode) -> Image {
    end_of(&Tape { entries, device: Device::Bare }, seed, mode)
}

fn end_of(tape: &Tape, seed: u64, mode: Mode) -> Image {
    let mut image = Image::default();
    tape.sweep(seed, &[tape.entries.len()], |crash| image = crash.image(mode));
    image
}

fn create() -> Entry {
    Entry::Create { file: A, name: "a".to_owned() }
}

fn write(offset: usize, bytes: &[u8]) -> Entry {
    Entry::Write { file: A, offset, bytes: bytes.to_vec() }
}

#[test]
fn what_was_synced_stays_and_the_rest_depends_on_the_mode() {
    let sync = Entry::Sync { file: A };
    let story = || vec![create(), write(0, b"old"), sync.clone(), write(0, b"new"), write(3, b"er")];
    let content = |mode, seed| at_end(story(), seed, mode).files["a"].clone();
    assert_eq!(content(Mode::Nothing, 1), b"old", "nothing after the sync reached the disk");
    assert_eq!(content(Mode::Everything, 1), b"newer", "all of it did");
    let halves: std::collections::BTreeSet<_> = (0..50).map(|seed| content(Mode::Half, seed)).collect();
    let want = [&b"new"[..], b"newer", b"old", b"older"].map(<[u8]>::to_vec);
    assert_eq!(halves.into_iter().collect::<Vec<_>>(), want, "each write for itself");
    assert!(at_end(vec![create(), write(0, b"x")], 1, Mode::Nothing).files.is_empty(), "a name that was never synced");
    let removed = Entry::Delete { name: "a".to_owned(), synced: false };
    let with =
        |synced| at_end([story(), vec![Entry::Delete { name: "a".to_owned(), synced }]].concat(), 1, Mode::Nothing);
    assert_eq!(with(false).files["a"], b"old", "a name that was removed without a sync comes back");
    assert!(with(true).files.is_empty(), "with a sync of its folder it does not");
    let other = vec![removed, Entry::Create { file: FileId(1), name: "b".to_owned() }, Entry::Sync { file: FileId(1) }];
    let names: Vec<_> = at_end([story(), other].concat(), 1, Mode::Nothing).files.into_keys().collect();
    assert_eq!(names, ["b"], "the sync of another file settles the names");
}

#[test]
fn a_sync_that_failed_wrote_some_of_it_and_the_next_one_no_more() {
    let story = vec![
        create(),
        Entry::Sync { file: A },
        write(0, b"1"),
        write(1, b"2"),
        Entry::SyncFailed { file: A },
        write(2, b"3"),
        Entry::Sync { file: A },
    ];
    let found: std::collections::BTreeSet<_> =
        (0..50).map(|seed| at_end(story.clone(), seed, Mode::Everything).files["a"].clone()).collect();
    let want = [[0, 0, b'3'], [0, b'2', b'3'], [b'1', 0, b'3'], *b"123"].map(|bytes| bytes.to_vec());
    assert_eq!(found.into_iter().collect::<Vec<_>>(), want, "each write before it for itself, the one after it always");
}

#[test]
fn torn_writes_mix_new_old_and_garbled_sectors() {
    let entries = vec![create(), write(0, &[b'o'; 2048]), Entry::Sync { file: A }, write(100, &[b'n'; 1000])];
    for device in [Device::Bare, Device::PowerSafe] {
        let tape = Tape { device, entries: entries.clone() };
        let (mut new, mut old, mut garbled, mut beside) = (0, 0, 0, 0);
        for seed in 0..200 {
            let content = end_of(&tape, seed, Mode::Torn).files["a"].clone();
            assert_eq!(content.len(), 2048, "a write inside the file does not change its size");
            assert!(content[1536..].iter().all(|byte| *byte == b'o'), "the last sector was not written to");
            beside += u32::from(content[..100].iter().any(|byte| *byte != b'o'));
            match &content[512..1024] {
                sector if sector.iter().all(|byte| *byte == b'n') => new += 1,
                sector if sector.iter().all(|byte| *byte == b'o') => old += 1,
                _ => garbled += 1,
            }
        }
        assert!(new > 20 && old > 20 && garbled > 5, "all three happen: {new} new, {old} old, {garbled} garbled");
        assert_eq!(beside > 0, device == Device::Bare, "{device:?}: bytes beside a write are damaged {beside} times");
    }
}

#[test]
fn an_image_can_be_made_again_and_replaces_what_was_in_the_folder() {
    let tape = recorded(Device::Bare, SAFE, 20);
    let images = || {
        let mut images = Vec::new();
        tape.sweep(7, &tape.moments(7, 10), |crash| images.extend(Mode::ALL.map(|mode| crash.image(mode))));
        images
    };
    assert!(images() == images(), "the seed decides alone");
    let folder = room().unwrap();
    std::fs::write(folder.path().join("a.db-shm"), b"of the old process").unwrap();
    images().last().unwrap().write_to(folder.path()).unwrap();
    assert!(!Path::exists(&folder.path().join("a.db-shm")), "the WAL index is not part of an image");
}

#[test]
fn files_that_were_there_before_are_part_of_the_disk() {
    let folder = room().unwrap();
    open(&Vfs::new().unwrap(), folder.path(), SAFE).unwrap().close().unwrap();
    let vfs = Vfs::recording(folder.path(), Device::Bare).unwrap();
    let connection = open(&vfs, folder.path(), SAFE).unwrap();
    insert(&connection, 5).unwrap();
    vfs.ack(5);
    connection.close().unwrap();
    let tape = vfs.take_tape();
    assert!(matches!(tape.entries.first(), Some(Entry::Found { .. })), "its content is on the tape");
    assert_eq!(harm(&tape, 8, 40), (0, 0), "and in every image");
}

#[test]
fn the_power_never_goes_before_all_files_are_found() {
    let left = room().unwrap();
    let left_open = open(&Vfs::new().unwrap(), left.path(), SAFE).unwrap();
    insert(&left_open, 5).unwrap();
    let folder = room().unwrap();
    for name in ["a.db", "a.db-wal"] {
        std::fs::copy(left.path().join(name), folder.path().join(name)).unwrap();
    }
    let vfs = Vfs::recording(folder.path(), Device::Bare).unwrap();
    open(&vfs, folder.path(), SAFE).unwrap().close().unwrap();
    let tape = vfs.take_tape();
    // A file without its log, which no power cut can leave behind, would be taken for damage.
    let first = tape.moments(9, 1_000).first().copied();
    tape.sweep(9, first.as_slice(), |crash| {
        let image = crash.image(Mode::Everything);
        for name in ["a.db", "a.db-wal"] {
            assert!(image.files.contains_key(name), "{name} is there at event {}", crash.at);
        }
    });
}
