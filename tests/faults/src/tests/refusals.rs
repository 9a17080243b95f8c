//! Calls fail when they are told to, as the storage would, and at no other time.

use rusqlite::{Connection, ErrorCode};

use super::{insert, open, stored};
use crate::{Call, Device, Entry, Fault, Vfs, Why, room};

const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 5";

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

#[test]
fn a_fault_fails_its_call_once_and_what_was_refused_is_not_kept() {
    let folder = room().unwrap();
    let vfs = Vfs::recording(folder.path(), Device::PowerSafe).unwrap();
    let connection = open(&vfs, folder.path(), SETTINGS).unwrap();
    insert(&connection, 1).unwrap();
    for (number, (call, why, want)) in [
        (Call::Write, Why::Io, ErrorCode::SystemIoFailure),
        (Call::Write, Why::Full, ErrorCode::DiskFull),
        (Call::Sync, Why::Io, ErrorCode::SystemIoFailure),
        (Call::Sync, Why::Full, ErrorCode::DiskFull),
    ]
    .into_iter()
    .enumerate()
    {
        let id = 10 + u64::try_from(number).unwrap();
        vfs.arm(Fault { call: Some(call), nth: 1, lasting: false, why });
        assert_eq!(code(&insert(&connection, id).unwrap_err()), Some(want), "{call:?} fails with {why:?}");
        assert_eq!(vfs.refused(), u64::try_from(number).unwrap() + 1, "once");
        insert(&connection, id + 100).unwrap();
    }
    let failed_syncs =
        |entries: &[Entry]| entries.iter().filter(|entry| matches!(entry, Entry::SyncFailed { .. })).count();
    connection.close().unwrap();
    assert_eq!(failed_syncs(&vfs.take_tape().entries), 2, "the tape tells which syncs failed");
    assert_eq!(stored(folder.path()).unwrap(), [1, 110, 111, 112, 113], "the file is sound and has what was answered");
}

#[test]
fn a_lasting_fault_ends_when_it_is_disarmed() {
    let folder = room().unwrap();
    let vfs = Vfs::new().unwrap();
    let connection = open(&vfs, folder.path(), SETTINGS).unwrap();
    vfs.arm(Fault { call: None, nth: 3, lasting: true, why: Why::Io });
    let failed = (0..6).filter(|id| insert(&connection, *id).is_err()).count();
    assert!(failed >= 5, "every commit from the third call on fails: {failed}");
    vfs.disarm();
    insert(&connection, 7).unwrap();
}

#[test]
fn opening_cutting_and_removing_can_fail_too() {
    let folder = room().unwrap();
    let vfs = Vfs::new().unwrap();
    let fail = |call| vfs.arm(Fault { call: Some(call), nth: 1, lasting: false, why: Why::Io });
    fail(Call::Open);
    let refused = open(&vfs, folder.path(), SETTINGS).map(drop).unwrap_err();
    assert_eq!(code(&refused), Some(ErrorCode::CannotOpen), "the database cannot be opened");
    let connection = open(&vfs, folder.path(), SETTINGS).unwrap();
    insert(&connection, 1).unwrap();
    fail(Call::Truncate);
    let refused = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap_err();
    assert_eq!(code(&refused), Some(ErrorCode::SystemIoFailure), "the WAL cannot be cut");
    connection.query_row("pragma journal_mode = delete", [], |_| Ok(())).unwrap();
    fail(Call::Delete);
    let refused = insert(&connection, 2).unwrap_err();
    assert_eq!(code(&refused), Some(ErrorCode::SystemIoFailure), "the journal cannot be removed");
    insert(&connection, 3).unwrap();
    let counted: u64 = Call::ALL.iter().map(|call| vfs.counted(Some(*call))).sum();
    assert_eq!(counted, vfs.counted(None), "every call is of one kind");
    assert!(Call::ALL.iter().all(|call| vfs.counted(Some(*call)) > 0), "and all kinds were counted");
}

#[test]
fn several_stand_beside_each_other_and_one_that_is_gone_leaves_its_connections_working() {
    let folders = [room().unwrap(), room().unwrap()];
    let [first, second] = [Vfs::new().unwrap(), Vfs::new().unwrap()];
    let one = open(&first, folders[0].path(), SETTINGS).unwrap();
    let two = open(&second, folders[1].path(), SETTINGS).unwrap();
    first.arm(Fault { call: Some(Call::Write), nth: 1, lasting: true, why: Why::Full });
    assert!(insert(&one, 1).is_err(), "the first fails");
    insert(&two, 1).unwrap();
    first.disarm();
    let name = first.name().to_owned();
    drop(first);
    insert(&one, 2).unwrap();
    let gone = Connection::open_with_flags_and_vfs(folders[0].path().join("a.db"), Default::default(), name.as_str());
    assert!(gone.is_err(), "nobody opens through it any more");
}
