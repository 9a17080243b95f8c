//! `config.json`: addresses, token and apps (their secrets are in the [`vault`]), beside the database so that a damaged database turns no callback away.

pub mod apps;
pub mod author;
pub mod desktop;
pub mod fit;
pub mod folder;
pub mod keys;
pub mod notify;
pub mod vault;

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{encoding, lock::lock};

pub use apps::{App, AppChange, Apps};
pub use author::Author;
pub use desktop::{Desktop, OnClose};
pub use folder::default_data_dir;
pub use keys::{KeyState, Keys};
pub use notify::{Notify, TimeOfDay};
pub use vault::{KeyStore, Kind, Vault};

/// The file's name in the data folder.
pub const FILE_NAME: &str = "config.json";

/// Where Tencent's callbacks arrive unless the user says otherwise.
pub const DEFAULT_HOOK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8787);
/// Where `calltrail serve` offers its web page unless the user says otherwise.
pub const DEFAULT_WEB: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8788);

/// The settings that the listener needs before the store is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The address at which the listener takes callbacks.
    #[serde(default = "default_hook")]
    pub hook: SocketAddr,
    /// The address at which `calltrail serve` offers the web page and the API.
    #[serde(default = "default_web")]
    pub web: SocketAddr,
    /// The secret part of the callback URL: 32 hexadecimal digits, made on first start, the same ever after.
    #[serde(default)]
    pub token: String,
    /// The address by which Tencent reaches the listener (a tunnel's or a proxy's), for showing only.
    #[serde(default)]
    pub public_url: Option<String>,
    /// The applications that are ours.
    #[serde(default)]
    pub apps: Vec<App>,
    /// Which secrets of theirs the operating system's key store holds; the secrets themselves are never in this file.
    #[serde(default, skip_serializing_if = "vault::Held::is_empty")]
    pub key_store: vault::Held,
    /// Who writes on this installation; none until somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// How the desktop app behaves around its window.
    #[serde(default, skip_serializing_if = "Desktop::is_default")]
    pub desktop: Desktop,
    /// What a newer Calltrail wrote and this one does not know: kept, so that going back loses no setting.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn default_hook() -> SocketAddr {
    DEFAULT_HOOK
}

fn default_web() -> SocketAddr {
    DEFAULT_WEB
}

/// Why the settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is there and is not what Calltrail writes.
    #[error(
        "The settings file {path} cannot be understood ({why}). It holds the secret of your callback address and the list of \
         your apps; the call record itself is not affected. Correct the file or put a copy back. If you delete it, Calltrail \
         makes a new one with a new callback address, which must then be set at Tencent, and your apps must be added again.",
        path = path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with the line where that is known.
        why: String,
    },
    /// The file or its folder could not be read or written.
    #[error("{what} {path} did not work: {source}. Check that the folder exists, is yours and has room.", path = path.display())]
    Io {
        /// What was tried, as the beginning of a sentence.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The token would not protect the callback address.
    #[error(
        "The token of the callback address must have 16 to 128 characters, only letters, digits, - and _. A shorter one could \
         be guessed, and anybody who knows it can write into the record."
    )]
    WeakToken,
    /// The operating system names no home for the data.
    #[error("The data folder of this user is not known to the operating system. Name one with --data-dir.")]
    NoHome,
}

impl Config {
    /// Reads the settings of this data folder, or makes them (with a new token) where there are none.
    pub fn load_or_create(data_dir: &Path) -> Result<Self, Error> {
        if let Some(config) = Self::load(data_dir)? {
            if !config.token.is_empty() {
                return Ok(config);
            }
            // A file written by hand need not name a token; an empty one would let everybody in.
            return update(data_dir, |config| {
                if config.token.is_empty() {
                    config.token = new_token();
                }
            });
        }
        let config = Self::new();
        config.save(data_dir)?;
        Ok(config)
    }

    /// Reads the settings of this data folder; nothing where there are none yet.
    pub fn load(data_dir: &Path) -> Result<Option<Self>, Error> {
        let path = data_dir.join(FILE_NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Io { what: "Reading the settings file", path, source }),
        };
        // A person's editor may have saved it in another encoding than it was written in.
        match serde_json::from_slice::<Self>(&encoding::to_utf8(&text)) {
            Ok(mut config) if config.token.is_empty() || is_strong(&config.token) => {
                for app in &mut config.apps {
                    app.id = App::read_id(&app.id).unwrap_or_else(|| std::mem::take(&mut app.id));
                }
                Ok(Some(config))
            }
            Ok(_) => Err(Error::Damaged { path, why: Error::WeakToken.to_string() }),
            Err(why) => Err(Error::Damaged { path, why: why.to_string() }),
        }
    }

    /// Writes the settings in one step: whoever reads the file sees the old or the new one, whole.
    pub fn save(&self, data_dir: &Path) -> Result<(), Error> {
        let path = data_dir.join(FILE_NAME);
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|why| Error::Damaged { path: path.clone(), why: why.to_string() })?;
        text.push(b'\n');
        folder::make(data_dir)?;
        folder::write_atomically(&path, &text)
    }

    /// Fresh settings with a new token.
    pub fn new() -> Self {
        Self {
            hook: DEFAULT_HOOK,
            web: DEFAULT_WEB,
            token: new_token(),
            public_url: None,
            apps: Vec::new(),
            key_store: vault::Held::default(),
            author: None,
            desktop: Desktop::default(),
            other: Map::new(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads the settings, changes them and writes them; changes of one process wait for each other, so that none is lost.
pub fn update(data_dir: &Path, change: impl FnOnce(&mut Config)) -> Result<Config, Error> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = lock(&ONE_AT_A_TIME);
    let mut config = Config::load(data_dir)?.unwrap_or_default();
    change(&mut config);
    config.save(data_dir)?;
    Ok(config)
}

/// 128 random bits as 32 hexadecimal digits.
fn new_token() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// Whether a token can stand in a URL as it is and is too long to be guessed.
pub fn is_strong(token: &str) -> bool {
    (16..=128).contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests;
