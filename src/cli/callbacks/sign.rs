//! `callbacks sign`: whether Tencent signs Live callbacks and Calltrail checks it.

use std::path::Path;

use calltrail::{
    config::{App, KeyStore, Keys, Vault},
    store::Store,
    subscription::{AtTencent, Signing, Subscriptions},
};
use clap::ValueEnum;

use crate::cli::{Fault, output};

/// On or off.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Switch {
    /// Tencent signs with a token, and only what is signed with it enters the record
    On,
    /// Nothing is signed or checked
    Off,
}

/// Switches it. The token here is what a running Calltrail checks with, and it reads it only at its start: so, like
/// `app add --live-token-file`, this is refused while one runs, and its window or page does it instead.
pub(super) async fn run(folder: &Path, app: &str, switch: Switch, subscriptions: &Subscriptions) -> Result<(), Fault> {
    let holder = folder.to_owned();
    let store = blocking(move || Store::open(&holder, "calltrail callbacks sign")).await??;
    let (vault, ours) = (Vault::open(folder, KeyStore::Auto), [App::new(app, "")]);
    let keys = blocking(move || Keys::load(&vault, &ours)).await?;
    let switched = subscriptions.sign_live(app, matches!(switch, Switch::On), &keys).await;
    blocking(move || store.close()).await??;
    output::print(&told(app, switch, &switched?))
}

/// What is so now. Tencent was asked again after the change; it may have stopped answering.
fn told(app: &str, switch: Switch, now: &Signing) -> String {
    let asked_again = match (now.at_tencent, &now.why) {
        (AtTencent::Unknown, Some(why)) => format!(" Tencent could not be asked again, though. {why}"),
        _ => String::new(),
    };
    match switch {
        Switch::On => format!(
            "Tencent signs the Live callbacks of {app} now, and Calltrail checks it: what is not signed waits in quarantine. The \
             token is kept with the app's other secrets.{asked_again}\n"
        ),
        Switch::Off => format!(
            "Tencent no longer signs the Live callbacks of {app}, and Calltrail takes them unchecked. The token is \
             forgotten.{asked_again}\n"
        ),
    }
}

/// Files and key stores are asked on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|fault| Fault::Failed(fault.to_string()))
}
