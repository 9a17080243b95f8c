//! Looks in the background whether Tencent still has what was set here, as long as the service runs.

use std::sync::Weak;

use tokio::sync::watch;

use crate::{
    config::Apps,
    store::Store,
    subscription::{Subscriptions, WATCH_EVERY},
};

/// Watches until the service closes. The record is only told that there is news; it is not held open for that.
pub(super) async fn watch(
    subscriptions: Subscriptions,
    apps: Apps,
    store: Weak<Store>,
    mut closing: watch::Receiver<bool>,
) {
    let news = || {
        if let Some(store) = store.upgrade() {
            store.announce();
        }
    };
    tokio::select! {
        _ = closing.wait_for(|closing| *closing) => {}
        () = subscriptions.watch(apps, WATCH_EVERY, news) => {}
    }
}
