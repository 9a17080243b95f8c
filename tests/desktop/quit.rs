//! Quitting under load, by whatever way: what was answered with success is in the record afterwards.

use crate::hook::{Hook, SAMPLE_APP};
use crate::screen::PATIENCE;
use crate::window::Window;
use crate::x11;
use calltrail::store::{self, Reader, Store};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const QUERY: &str = "SdkAppid=1400123456&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json";
const SENDERS: u64 = 4;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn closing_the_window_loses_no_answered_delivery_where_that_is_quitting() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    window.click("on-close-quit").await;
    window.find("[data-testid=on-close-quit][aria-checked=true]").await;
    let load = Load::on(&hook).await;
    x11::close(&window.screen.display, &window.screen.window("– Calltrail$"));
    window.screen.wait_for(0, "– Calltrail$");
    load.assert_kept(&window.folder());
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn the_keys_that_quit_lose_no_answered_delivery() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    let load = Load::on(&hook).await;
    window.quit_by_keys().await;
    window.screen.wait_for(0, "– Calltrail$");
    load.assert_kept(&window.folder());
}

/// Senders that post until nobody listens any more.
struct Load {
    answered: Arc<AtomicU64>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins, and returns when it is well under way.
    async fn on(hook: &Hook) -> Load {
        let answered = Arc::<AtomicU64>::default();
        let senders = (0..SENDERS).map(|sender| {
            let (hook, answered) = (hook.clone(), Arc::clone(&answered));
            std::thread::spawn(move || send_until_refused(&hook, sender, &answered))
        });
        let load = Load { senders: senders.collect(), answered: Arc::clone(&answered) };
        let patience = Instant::now() + PATIENCE;
        while answered.load(Ordering::SeqCst) < 40 {
            assert!(Instant::now() < patience, "callbacks should be answered");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        load
    }

    /// Waits for its end, and fails where something that was answered is not in the record.
    fn assert_kept(self, folder: &Path) {
        for sender in self.senders {
            sender.join().expect("no sender panics");
        }
        closed(folder);
        let (kept, answered) = (kept(folder), self.answered.load(Ordering::SeqCst));
        assert!(kept >= answered, "{answered} callbacks were answered with success, {kept} are in the record");
    }
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
pub(crate) fn closed(folder: &Path) {
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
