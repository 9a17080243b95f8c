//! `calltrail.api`: where a running Calltrail takes commands, and the key that they show. Its owner alone can read it.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process,
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{durable_file, secret::Secret, store, unfinished::SETTINGS};

/// Where one process takes commands.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// On this computer.
    pub address: SocketAddr,
    /// What a command shows.
    pub key: Secret,
    /// Who wrote it: another process that holds the record now is reached elsewhere, or not at all.
    process: u32,
    /// The version of Calltrail that it is.
    pub version: String,
}

/// What the file says.
#[derive(Serialize, Deserialize)]
struct Said<Text> {
    address: SocketAddr,
    key: Text,
    process: u32,
    version: Text,
}

/// Why it cannot be told from the file where commands are taken.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It could not be read.
    #[error(transparent)]
    Unread(#[from] io::Error),
    /// It is not what Calltrail writes. What stands there is not repeated: there is a key in it.
    #[error("it is not what Calltrail writes")]
    NotUnderstood,
}

impl Endpoint {
    /// Of this process.
    pub(super) fn of_this_process(address: SocketAddr, key: Secret) -> Self {
        Self { address, key, process: process::id(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }

    /// Writes it beside the lock of a data folder, which this process holds.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let said = Said {
            address: self.address,
            key: self.key.expose(),
            process: self.process,
            version: self.version.as_str(),
        };
        durable_file::write(SETTINGS, &file(folder), &Zeroizing::new(serde_json::to_vec(&said)?))
    }

    /// What the file of a data folder says; nothing where there is none. It is worth something only while the record is held,
    /// and by whom it [is of](Self::is_of).
    pub fn read(folder: &Path) -> Result<Option<Self>, Unusable> {
        let bytes = match fs::read(file(folder)) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let said: Said<String> = serde_json::from_slice(&bytes).map_err(|_| Unusable::NotUnderstood)?;
        let key = Secret::from(said.key);
        // Whatever else it names is not where Calltrail is, and would only get to know what is asked.
        let is_plain = !key.expose().is_empty() && key.expose().bytes().all(|letter| letter.is_ascii_alphanumeric());
        if !said.address.ip().is_loopback() || !is_plain {
            return Err(Unusable::NotUnderstood);
        }
        Ok(Some(Self { address: said.address, key, process: said.process, version: said.version }))
    }

    /// Whether the holder of a record, as [`store::held_by`] names it, wrote this.
    pub fn is_of(&self, holder: &str) -> bool {
        holder.ends_with(&format!("(process {})", self.process))
    }
}

/// The file in a data folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join(store::COMMANDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn what_was_written_is_read_and_the_key_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Endpoint::read(folder.path()).unwrap().is_none(), "there is no file yet");
        let endpoint = Endpoint::of_this_process("127.0.0.1:4711".parse().unwrap(), KEY.to_owned().into());
        endpoint.write(folder.path()).unwrap();
        let read = Endpoint::read(folder.path()).unwrap().unwrap();
        assert_eq!((read.address, read.key.expose()), (endpoint.address, KEY), "as it was written");
        assert!(read.is_of(&format!("calltrail serve (process {})", process::id())), "this process wrote it");
        assert!(!read.is_of(&format!("calltrail serve (process 1{})", process::id())), "and no other");
        let shown = format!("{read:?}");
        assert!(!shown.contains(KEY), "{shown} must not show the key");
    }

    #[test]
    fn what_leads_elsewhere_is_not_believed_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        for (address, key) in [("192.0.2.7:80", KEY), ("127.0.0.1:80", ""), ("127.0.0.1:80", "planted\\r\\nx: y")] {
            let text = format!(r#"{{"address":"{address}","key":"{key}","process":1,"version":"1"}}"#);
            fs::write(file(folder.path()), &text).unwrap();
            let why = Endpoint::read(folder.path()).expect_err(&text).to_string();
            assert!(!why.contains("planted") && !why.contains(KEY), "{why}");
        }
        fs::write(file(folder.path()), format!("{KEY}{{")).unwrap();
        let why = Endpoint::read(folder.path()).expect_err("no JSON").to_string();
        assert!(!why.contains(KEY), "{why}");
    }
}
