//! What Tencent is asked in the background, as long as the service runs.

use std::sync::Weak;

use tokio::sync::watch;

use crate::{
    backfill::{self, Backfill},
    clock::Turns,
    config::Apps,
    store::Store,
    subscription::{Subscriptions, WATCH_EVERY},
};

/// Looks whether Tencent still has what was set here, until the service closes. The record is only told that there is news; it is
/// not held open for that. `woken` tells of a reason to look sooner.
pub(super) async fn watch(
    subscriptions: Subscriptions,
    apps: Apps,
    store: Weak<Store>,
    woken: watch::Receiver<()>,
    mut closing: watch::Receiver<bool>,
) {
    let news = || {
        if let Some(store) = store.upgrade() {
            store.announce();
        }
    };
    tokio::select! {
        _ = closing.wait_for(|closing| *closing) => {}
        () = subscriptions.watch(apps, Turns::new(WATCH_EVERY, woken), news) => {}
    }
}

/// Fetches the call records that Tencent has, and those of calls that fell silent, until the service closes. `woken` tells of a reason to do it sooner.
pub(super) async fn fetch(
    backfill: Backfill,
    apps: Apps,
    woken: watch::Receiver<()>,
    mut closing: watch::Receiver<bool>,
) {
    tokio::select! {
        _ = closing.wait_for(|closing| *closing) => {}
        () = backfill.keep_up(apps.clone(), Turns::new(backfill::EVERY, woken.clone())) => {}
        () = backfill.ask_for_silent(apps, Turns::new(backfill::LOOK_EVERY, woken)) => {}
    }
    backfill.cancel_all();
}
