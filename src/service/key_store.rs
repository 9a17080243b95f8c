//! A key store that had not answered when Calltrail started, because it asks a person for its password, for example.

use std::time::Duration;

use tokio::{sync::watch, time::sleep};

use crate::config::{Apps, Keys, Vault};

/// How often it is looked whether it has answered.
const STEP: Duration = Duration::from_secs(1);

/// Reads the keys again once the key store has answered. Where it answers at once (also to say no), there is nothing to do.
pub(super) async fn wait(keys: Keys, vault: Vault, apps: Apps, mut closing: watch::Receiver<bool>) {
    while vault.is_waiting() {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => return,
            () = sleep(STEP) => {}
        }
        if vault.is_waiting() {
            continue;
        }
        let (keys, vault, apps) = (keys.clone(), vault.clone(), apps.list());
        match tokio::task::spawn_blocking(move || keys.reload(&vault, &apps)).await {
            Ok(true) => tracing::info!("the key store has answered; signatures are checked again"),
            Ok(false) => tracing::warn!("the key store has answered, and not all keys could be read"),
            Err(error) => tracing::error!(%error, "the keys could not be read again"),
        }
    }
}
