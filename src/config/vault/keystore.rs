//! The operating system's key store: Keychain, Credential Manager, or the Secret Service of a desktop.
//!
//! It is asked on a thread of its own and not waited for longer than [`PATIENCE`]: it may show a dialog that nobody sees, and
//! without a session bus some ask in vain for minutes.

use std::{
    sync::{Mutex, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use keyring::{Entry, Error};

use crate::{lock::lock, secret::Secret};

/// What our entries are filed under.
const SERVICE: &str = "calltrail";
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Threads that are still asking although nobody waits for them any more.
static LATE: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// What is in the way, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// The file was asked for.
    #[error("Calltrail was told not to use it.")]
    NotWanted,
    /// There is none that could be used.
    #[error("There is none that Calltrail can use ({0}).")]
    NotThere(String),
    /// It says nothing.
    #[error("It did not answer within {} seconds; it may be locked and ask for its password in another window.", PATIENCE.as_secs())]
    Silent,
    /// It says no.
    #[error("It refused ({0}).")]
    Refused(String),
    /// It has no such entry any more.
    #[error("The entry is not there any more; it was removed, or this data folder came from another computer.")]
    Lost,
}

impl Trouble {
    /// Why a secret is not in the key store, unless nobody wanted it there.
    pub(super) fn reason(&self) -> Option<String> {
        (*self != Self::NotWanted).then(|| self.to_string())
    }
}

/// Whether there is one that can be used.
pub(super) fn is_there() -> Result<(), Trouble> {
    ask(|| Ok(())).map(|_: Option<()>| ())
}

/// The entry of this user name.
pub(super) fn get(user: String) -> Result<Option<Secret>, Trouble> {
    ask(move || Entry::new(SERVICE, &user)?.get_password().map(Secret::from))
}

/// Makes or changes the entry of this user name.
pub(super) fn put(user: String, secret: Secret) -> Result<(), Trouble> {
    ask(move || Entry::new(SERVICE, &user)?.set_password(secret.expose())).map(|_| ())
}

/// Removes the entry of this user name, if it is there.
pub(super) fn remove(user: String) -> Result<(), Trouble> {
    ask(move || Entry::new(SERVICE, &user)?.delete_credential()).map(|_| ())
}

/// Whether a question is still open that nobody waits for any more.
pub(super) fn is_waiting() -> bool {
    let mut late = lock(&LATE);
    late.retain(|thread| !thread.is_finished());
    !late.is_empty()
}

/// Asks and waits; nothing where there is no such entry.
fn ask<T: Send + 'static>(
    question: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<Option<T>, Trouble> {
    if is_waiting() {
        // One question at a time is enough for a key store that is silent, and for the person in front of its dialog.
        return Err(Trouble::Silent);
    }
    let (tell, told) = mpsc::sync_channel(1);
    let asking = thread::Builder::new().name("key store".to_owned()).spawn(move || {
        let answer = match Entry::store_status() {
            Ok(()) => question().map(Some).or_else(explained),
            Err(error) => Err(Trouble::NotThere(plain(error))),
        };
        // Whoever asked may have stopped waiting.
        let _ = tell.send(answer);
    });
    let asking = asking.map_err(|error| Trouble::NotThere(error.to_string()))?;
    match told.recv_timeout(PATIENCE) {
        Ok(answer) => answer,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            lock(&LATE).push(asking);
            Err(Trouble::Silent)
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Trouble::Refused("it failed inside".to_owned())),
    }
}

fn explained<T>(error: Error) -> Result<Option<T>, Trouble> {
    match error {
        Error::NoEntry => Ok(None),
        Error::NoDefaultStore => Err(Trouble::NotThere(plain(&error))),
        other => Err(Trouble::Refused(plain(&other))),
    }
}

/// What the key store says, in one line and without what some of its errors carry: entries and the secret's own bytes.
fn plain(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry is not a text".to_owned(),
        Error::Ambiguous(_) => "there are several entries of that name".to_owned(),
        other => other.to_string().trim_end_matches('.').replace(['\n', '\r'], " "),
    }
}
