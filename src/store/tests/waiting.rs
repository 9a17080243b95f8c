//! Deliveries that cannot be stored when they come: they wait, are stored when that is possible, and are bounded.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use calltrail_faults::{Call, Fault, Vfs, Why, room};

use crate::store::condition::State;
use crate::store::delivery::{Delivery, Place, Recorded};
use crate::store::options::Bound;
use crate::store::options::Options;
use crate::store::tests::script::{parse, some};
use crate::store::{Error, Reader, Store};

const PATIENCE: Duration = Duration::from_secs(20);

fn opened(folder: &Path, vfs: &Vfs, deliveries: usize) -> Store {
    let bound = Bound { deliveries, bytes: 1 << 20 };
    let options = Options { vfs: Some(vfs.name().to_owned()), waiting: Some(bound), ..Options::held_by("a test") };
    Store::open_with(folder, options).expect("a new record opens")
}

/// Hands a delivery over; nothing when there is no room for it.
fn send(store: &Store, delivery: &Delivery, place: Place) -> Option<Receiver<Result<Recorded, Error>>> {
    let (answer, answered) = channel();
    let done = move |outcome| answer.send(outcome).expect("the test waits");
    store.record(delivery.clone(), parse(delivery), place, done).ok().map(|()| answered)
}

fn until(store: &Store, what: &str, is_so: impl Fn(&State) -> bool) -> State {
    let began = Instant::now();
    loop {
        let state = store.condition();
        if is_so(&state) {
            return state;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}: {state:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_cannot_be_stored_waits_and_what_finds_no_room_is_counted() {
    let faults = [
        (Some(Call::Write), Why::Full),
        (Some(Call::Write), Why::Io),
        (Some(Call::Sync), Why::Io),
        (None, Why::Full),
        (None, Why::Io),
    ];
    for (call, why) in faults {
        let folder = room().expect("a temporary folder");
        let vfs = Vfs::new().expect("a VFS can be registered");
        let store = opened(folder.path(), &vfs, 3);
        let deliveries = some(5, 8);
        let when = format!("{call:?} {why:?}");
        vfs.arm(Fault { call, nth: 1, lasting: true, why });
        for delivery in &deliveries[..3] {
            let answer = send(&store, delivery, Place::Archive).expect("there is room").recv_timeout(PATIENCE);
            assert!(matches!(answer, Ok(Err(Error::Commit(_)))), "{when}: its sender is told to try again: {answer:?}");
        }
        assert!(send(&store, &deliveries[3], Place::Archive).is_none(), "{when}: no more can wait");
        let state = until(&store, &when, |state| state.waiting == 3);
        assert!(state.failing.is_some() && state.locked.is_none(), "{when}: why is told: {state:?}");
        assert_eq!(state.turned_away, 1, "{when}: what is not kept is counted");
        vfs.disarm();
        // Nothing new comes, and nothing is started anew.
        let state = until(&store, &when, |state| state.waiting == 0);
        assert_eq!(
            (state.failing, state.turned_away),
            (None, 1),
            "{when}: all is well again, and the loss is not hidden"
        );
        let next = send(&store, &deliveries[4], Place::Archive).expect("there is room again").recv_timeout(PATIENCE);
        assert!(matches!(next, Ok(Ok(Recorded::New))), "{when}: {next:?}");
        let again = send(&store, &deliveries[0], Place::Archive).expect("there is room").recv_timeout(PATIENCE);
        assert!(matches!(again, Ok(Ok(Recorded::Repeat))), "{when}: its sender comes again: {again:?}");
        let overview = store.read(Reader::overview).expect("the record can be read");
        assert_eq!(overview.deliveries, 4, "{when}: each of them once");
        store.close().expect("it closes");
    }
}
