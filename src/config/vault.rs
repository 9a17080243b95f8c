//! Where the secrets of the applications are kept: the operating system's key store, or a file where there is none.
//!
//! `config.json` says which secrets the key store holds (their names, never their texts), so that a key store that cannot be
//! read is told from a secret that was never set.

mod file;
mod keystore;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Config, folder};
use crate::secret::{Secret, Unusable};

pub use file::FILE_NAME;

/// `file` in it keeps secrets out of the operating system's key store: for machines without a person, and for tests.
pub const ENVIRONMENT: &str = "CALLTRAIL_KEY_STORE";

/// Which secret of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecretKind)]
pub enum Kind {
    /// The SDKSecretKey, with which calls of Tencent's REST API are signed.
    SecretKey,
    /// The token of Live callbacks, which their `Sign` is made with.
    LiveToken,
    /// The key of RTC Engine callbacks, which their `Sign` is made with.
    RtcKey,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::SecretKey, Self::LiveToken, Self::RtcKey];

    /// As the API and the files spell it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SecretKey => "secret_key",
            Self::LiveToken => "live_token",
            Self::RtcKey => "rtc_key",
        }
    }

    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SecretKey => "SDKSecretKey",
            Self::LiveToken => "Live token",
            Self::RtcKey => "RTC key",
        }
    }
}

/// Which places may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyStore {
    /// The operating system's key store, and the file where that cannot be used. [`ENVIRONMENT`] can say otherwise.
    #[default]
    Auto,
    /// The file alone.
    File,
}

/// Where a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the operating system's key store.
    KeyStore,
    /// In the file [`FILE_NAME`] of the data folder, readable by its owner alone.
    File,
}

/// Where new secrets go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The place.
    pub place: Place,
    /// For people: why it is not the key store. Nothing where it is, or where nobody wants it to be.
    pub because: Option<String>,
}

/// What of the key store is ours. It stands in `config.json` and holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What tells this installation's entries from those of another one of the same user: 32 random hexadecimal digits.
    #[serde(default)]
    installation: String,
    /// `<app>/<kind>` of each secret that is in the key store.
    #[serde(default)]
    entries: BTreeSet<String>,
}

impl Held {
    /// Whether there is nothing to write down.
    pub(super) fn is_empty(&self) -> bool {
        self.installation.is_empty() && self.entries.is_empty()
    }

    /// The user name of an entry in the key store.
    fn user(&self, name: &str) -> String {
        format!("{}/{name}", self.installation)
    }
}

/// Why a secret could not be read or kept. No sentence holds any part of a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings, or the files themselves.
    #[error(transparent)]
    Config(#[from] super::Error),
    /// The file is there and is not what Calltrail writes.
    #[error(
        "The file {path} with the secrets of your apps cannot be understood (line {line}). Until it can, callbacks that may be \
         signed wait in quarantine, and Tencent cannot be asked anything. Correct the file, or delete it and enter the secrets \
         again.",
        path = path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line where reading ended. What stands there is not repeated: it may be a secret.
        line: usize,
    },
    /// What stands in the file is no secret.
    #[error(
        "The {kind} of app {app} in {path} cannot be used. {why} Until then, callbacks that may be signed with it wait in \
         quarantine.",
        kind = kind.name(), path = path.display()
    )]
    Unusable {
        /// Whose secret.
        app: String,
        /// Which one.
        kind: Kind,
        /// The file.
        path: PathBuf,
        /// Why not.
        why: Unusable,
    },
    /// The key store holds it and cannot be asked.
    #[error(
        "The {kind} of app {app} is in this computer's key store, which does not give it: {why} Unlock the key store and start \
         Calltrail again, or enter the secret again.",
        kind = kind.name()
    )]
    Unreadable {
        /// Whose secret.
        app: String,
        /// Which one.
        kind: Kind,
        /// What is in the way, as a sentence.
        why: String,
    },
}

impl Error {
    /// The sentence for a secret that only the key store has.
    fn of_key_store(app: &str, kind: Kind, why: &keystore::Trouble) -> Self {
        Self::Unreadable { app: app.to_owned(), kind, why: why.to_string() }
    }
}

/// The secrets of one installation. Cheap to clone. Every question may block for some seconds while the key store is silent,
/// so none may be asked on an asynchronous thread.
#[derive(Clone, Debug)]
pub struct Vault {
    data_dir: PathBuf,
    file_only: bool,
}

impl Vault {
    /// The vault of a data folder. Reads nothing yet.
    pub fn open(data_dir: &Path, store: KeyStore) -> Self {
        let forced = std::env::var_os(ENVIRONMENT).is_some_and(|value| value == "file");
        Self { data_dir: data_dir.to_owned(), file_only: forced || store == KeyStore::File }
    }

    /// Whether a secret is set; asks no key store.
    pub fn is_set(&self, app: &str, kind: Kind) -> Result<bool, Error> {
        Ok(self.held()?.entries.contains(&name(app, kind)) || file::has(&self.data_dir, app, kind)?)
    }

    /// A secret, or nothing where none is set.
    pub fn get(&self, app: &str, kind: Kind) -> Result<Option<Secret>, Error> {
        let (held, name) = (self.held()?, name(app, kind));
        let in_file = || file::get(&self.data_dir, app, kind);
        if !held.entries.contains(&name) {
            return in_file();
        }
        let trouble = match self.ask(|| keystore::get(held.user(&name))) {
            // Earlier versions kept what nobody sees with it.
            Ok(Some(secret)) => return Ok(Some(Secret::read(secret.expose()).unwrap_or(secret))),
            Ok(None) => keystore::Trouble::Lost,
            Err(trouble) => trouble,
        };
        // Whoever wrote it into the file by hand wants it to be used.
        in_file()?.map(Some).ok_or_else(|| Error::of_key_store(app, kind, &trouble))
    }

    /// Keeps a secret instead of the one that was set before, and says where.
    pub fn put(&self, app: &str, kind: Kind, secret: &Secret) -> Result<Kept, Error> {
        let name = name(app, kind);
        let because = match self.put_into_key_store(&name, secret) {
            Ok(()) => {
                file::remove(&self.data_dir, app, kind)?;
                return Ok(Kept { place: Place::KeyStore, because: None });
            }
            Err(Refusal::Settings(error)) => return Err(error.into()),
            Err(Refusal::KeyStore(trouble)) => trouble.reason(),
        };
        file::put(&self.data_dir, app, kind, secret)?;
        // Only now, so that a secret is always somewhere; an older one in the key store is no longer asked for.
        self.change_held(|held| held.entries.remove(&name))?;
        Ok(Kept { place: Place::File, because })
    }

    fn put_into_key_store(&self, name: &str, secret: &Secret) -> Result<(), Refusal> {
        if self.file_only {
            return Err(Refusal::KeyStore(keystore::Trouble::NotWanted));
        }
        keystore::is_there().map_err(Refusal::KeyStore)?;
        let held = self.change_held(|held| {
            if held.installation.is_empty() {
                held.installation = hex::encode(rand::random::<[u8; 16]>());
            }
        });
        let user = held.map_err(Refusal::Settings)?.user(name);
        keystore::put(user, secret.clone()).map_err(Refusal::KeyStore)?;
        self.change_held(|held| held.entries.insert(name.to_owned())).map_err(Refusal::Settings)?;
        Ok(())
    }

    /// Forgets a secret wherever it is, and says whether there was one.
    pub fn remove(&self, app: &str, kind: Kind) -> Result<bool, Error> {
        let (held, name) = (self.held()?, name(app, kind));
        let was_in_file = file::remove(&self.data_dir, app, kind)?;
        if !held.entries.contains(&name) {
            return Ok(was_in_file);
        }
        if let Err(why) = self.ask(|| keystore::remove(held.user(&name))) {
            // Nobody asks for this entry again; that it may still lie there is worth a line.
            tracing::warn!(app, kind = kind.code(), %why, "a secret could not be removed from the key store");
        }
        self.change_held(|held| held.entries.remove(&name))?;
        Ok(true)
    }

    /// Where a new secret would go now. Asks the key store whether it is there.
    pub fn place(&self) -> Kept {
        match self.ask(keystore::is_there) {
            Ok(()) => Kept { place: Place::KeyStore, because: None },
            Err(trouble) => Kept { place: Place::File, because: trouble.reason() },
        }
    }

    /// The file that is used where there is no key store, whether or not it is there.
    pub fn file(&self) -> PathBuf {
        self.data_dir.join(FILE_NAME)
    }

    /// How many secrets are in the key store and in the file.
    pub fn count(&self) -> Result<(usize, usize), Error> {
        Ok((self.held()?.entries.len(), file::count(&self.data_dir)?))
    }

    /// Whether the key store was asked and has not answered yet: it may be showing a dialog to a person.
    pub fn is_waiting(&self) -> bool {
        keystore::is_waiting()
    }

    fn ask<T>(&self, question: impl FnOnce() -> Result<T, keystore::Trouble>) -> Result<T, keystore::Trouble> {
        if self.file_only { Err(keystore::Trouble::NotWanted) } else { question() }
    }

    fn held(&self) -> Result<Held, Error> {
        Ok(Config::load(&self.data_dir)?.map(|config| config.key_store).unwrap_or_default())
    }

    /// Changes what is said of the key store; where that is nothing new, the settings file is left alone.
    fn change_held<T>(&self, change: impl Fn(&mut Held) -> T) -> Result<Held, super::Error> {
        let mut held = Config::load(&self.data_dir)?.map(|config| config.key_store).unwrap_or_default();
        let before = held.clone();
        change(&mut held);
        if held == before {
            return Ok(held);
        }
        folder::make(&self.data_dir)?;
        let config = super::update(&self.data_dir, |config| {
            change(&mut config.key_store);
        })?;
        Ok(config.key_store)
    }
}

/// Why the key store did not take a secret.
enum Refusal {
    KeyStore(keystore::Trouble),
    Settings(super::Error),
}

/// How an entry is named within an installation.
fn name(app: &str, kind: Kind) -> String {
    format!("{app}/{}", kind.code())
}

#[cfg(test)]
mod tests;
