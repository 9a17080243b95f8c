//! What the listener checks signatures with, in memory: no delivery waits for the key store.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{App, Kind, Vault};
use crate::secret::Secret;

/// How a secret of an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It was never set.
    None,
    /// It is set.
    Set,
    /// It is set, and could not be read.
    Unreadable,
}

/// What a signature is checked with.
#[derive(Clone, Debug)]
pub enum Check {
    /// No key is set, so nothing is checked.
    Off,
    /// This key.
    With(Secret),
    /// A key is set and could not be read, so nothing can be said of a signature.
    Unreadable,
}

/// The keys of our applications, shared by the listener and the API. Cheap to clone; a change is seen by the next delivery.
#[derive(Clone, Debug, Default)]
pub struct Keys(Arc<RwLock<HashMap<(String, Kind), Key>>>);

#[derive(Clone, Debug)]
enum Key {
    /// The listener checks with it.
    Checks(Secret),
    /// It is set; the listener has no use for it, so it is not here.
    Elsewhere,
    /// It is set and could not be read.
    Unreadable,
}

impl Keys {
    /// Reads the keys of these applications. Blocks, for some seconds where the key store is silent.
    pub fn load(vault: &Vault, apps: &[App]) -> Self {
        let keys = Self::default();
        keys.reload(vault, apps);
        keys
    }

    /// Reads all keys again, and says whether all could be read. Blocks.
    pub fn reload(&self, vault: &Vault, apps: &[App]) -> bool {
        let mut read = HashMap::new();
        for app in apps {
            for kind in Kind::ALL {
                match vault.get(&app.id, kind) {
                    Ok(Some(secret)) => drop(read.insert((app.id.clone(), kind), Key::of(kind, secret))),
                    Ok(None) => {}
                    Err(why) => {
                        tracing::warn!(app = app.id, kind = kind.code(), %why, "a secret could not be read");
                        read.insert((app.id.clone(), kind), Key::Unreadable);
                    }
                }
            }
        }
        let all_well = !read.values().any(|key| matches!(key, Key::Unreadable));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = read;
        all_well
    }

    /// Takes a secret that was just kept, or that none is set any more.
    pub fn set(&self, app: &str, kind: Kind, secret: Option<Secret>) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match secret {
            Some(secret) => keys.insert((app.to_owned(), kind), Key::of(kind, secret)),
            None => keys.remove(&(app.to_owned(), kind)),
        };
    }

    /// How a secret is.
    pub fn state(&self, app: &str, kind: Kind) -> KeyState {
        match self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(app.to_owned(), kind)) {
            None => KeyState::None,
            Some(Key::Checks(_) | Key::Elsewhere) => KeyState::Set,
            Some(Key::Unreadable) => KeyState::Unreadable,
        }
    }

    /// What signatures of this application are checked with.
    pub fn check(&self, app: &str, kind: Kind) -> Check {
        match self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(app.to_owned(), kind)) {
            None | Some(Key::Elsewhere) => Check::Off,
            Some(Key::Checks(secret)) => Check::With(secret.clone()),
            Some(Key::Unreadable) => Check::Unreadable,
        }
    }
}

impl Key {
    fn of(kind: Kind, secret: Secret) -> Self {
        match kind {
            Kind::SecretKey => Self::Elsewhere,
            Kind::LiveToken | Kind::RtcKey => Self::Checks(secret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KeyStore, vault};

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    #[test]
    fn a_change_is_seen_by_the_listener_and_none_is_shown() {
        let keys = Keys::default();
        let listener = keys.clone();
        assert!(matches!(listener.check("1", Kind::RtcKey), Check::Off), "no key, no check");
        keys.set("1", Kind::RtcKey, Some(secret("planted-rtc-key")));
        keys.set("1", Kind::SecretKey, Some(secret("planted-sdk-key")));
        assert!(
            matches!(listener.check("1", Kind::RtcKey), Check::With(key) if key.expose() == "planted-rtc-key"),
            "the next delivery is checked"
        );
        assert!(matches!(listener.check("2", Kind::RtcKey), Check::Off), "another app's key is another key");
        assert!(matches!(listener.check("1", Kind::LiveToken), Check::Off), "and so is another kind");
        assert_eq!(keys.state("1", Kind::SecretKey), KeyState::Set, "that it is set can be told");
        assert!(!format!("{keys:?}").contains("planted"), "nothing shows a key: {keys:?}");
        keys.set("1", Kind::RtcKey, None);
        assert_eq!(keys.state("1", Kind::RtcKey), KeyState::None, "it is forgotten");
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_what_is_not_set() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let vault = Vault::open(home.path(), KeyStore::File);
        vault.put("1", Kind::LiveToken, &secret("planted-token")).expect("kept");
        let apps = [App::new("1", "")];
        let keys = Keys::load(&vault, &apps);
        assert_eq!(keys.state("1", Kind::LiveToken), KeyState::Set, "read from the file");
        assert_eq!(keys.state("1", Kind::RtcKey), KeyState::None, "never set");
        std::fs::write(home.path().join(vault::FILE_NAME), "{ \"1\": \"planted-token\"").expect("damaged");
        assert!(!keys.reload(&vault, &apps), "it says that not all could be read");
        assert_eq!(keys.state("1", Kind::LiveToken), KeyState::Unreadable, "who could say that it is not set?");
        assert!(matches!(keys.check("1", Kind::LiveToken), Check::Unreadable), "so nothing passes unchecked");
    }
}
