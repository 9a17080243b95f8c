//! Quitting under load: whatever was answered with success is in the record after the window was closed.

use crate::hook::{Hook, SAMPLE_APP};
use crate::screen::PATIENCE;
use crate::window::Window;
use crate::x11;
use calltrail::store::{self, Reader, Store};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const QUERY: &str = "SdkAppid=1400123456&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json";
const SENDERS: u64 = 4;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn closing_the_window_loses_no_answered_delivery() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    let answered = AtomicU64::new(0);
    std::thread::scope(|senders| {
        for sender in 0..SENDERS {
            let (hook, answered) = (hook.clone(), &answered);
            senders.spawn(move || send_until_refused(&hook, sender, answered));
        }
        let patience = Instant::now() + PATIENCE;
        while answered.load(Ordering::SeqCst) < 40 {
            assert!(Instant::now() < patience, "callbacks should be answered");
            std::thread::sleep(Duration::from_millis(10));
        }
        x11::close(&window.screen.display, &window.screen.window("– Calltrail$"));
    });
    window.screen.wait_for(0, "– Calltrail$");
    closed(&window.folder());
    let kept = kept(&window.folder());
    let answered = answered.load(Ordering::SeqCst);
    assert!(kept >= answered, "{answered} callbacks were answered with success, {kept} are in the record");
}

/// Different calls, one after the other, until nobody listens any more.
fn send_until_refused(hook: &Hook, sender: u64, answered: &AtomicU64) {
    for number in 0.. {
        let body = format!(
            r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallRecord":{{"CallId":"quit-{sender}-{number}","Caller_Account":"alice","MediaType":"Audio","CallType":"SingleCall","StartTime":1760000000,"EndTime":1760000064,"AcceptTime":1760000004,"CallResult":"NormalEnd","CalleeList_Account":["alice","bob"],"RoomId":"r","RoomIdType":2}},"EventTime":1760000064250}}"#
        );
        match hook.post(QUERY, &[], body.as_bytes()) {
            Ok((200, _)) => answered.fetch_add(1, Ordering::SeqCst),
            _ => return,
        };
    }
}

/// Waits until the app has let go of the record, and looks at how it left it.
fn closed(folder: &Path) {
    let patience = Instant::now() + PATIENCE;
    while store::is_held(folder) {
        assert!(Instant::now() < patience, "the app should have let go of the record");
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = std::fs::metadata(folder.join("calltrail.db-wal")).map_or(0, |data| data.len());
    assert_eq!(log, 0, "the record was closed in good order: nothing is left in its write-ahead log");
}

/// How many deliveries are in the record.
fn kept(folder: &Path) -> u64 {
    let store = Store::open(folder, "the test").expect("the record is free");
    let kept = store.read(Reader::overview).expect("the record can be read").deliveries;
    store.close().expect("the record closes");
    kept
}
