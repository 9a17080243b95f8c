//! The settings outlive their folder: what lies beside the record and is needed after the next start is remembered, and put back
//! when a cleaner, a sync client or a person takes it away while Calltrail runs.
//!
//! The record is written again by the store, which calls [`Settings::put_back`] before anything is answered. Without the settings
//! the next start would make another callback address, and whatever Tencent sends would be turned away.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use tokio::{sync::watch, time::timeout};
use zeroize::Zeroizing;

use crate::{
    config::{self, Config, folder, vault},
    lock::lock,
    store::Identity,
};

/// What is remembered.
const FILES: [&str; 2] = [config::FILE_NAME, vault::FILE_NAME];
/// How often it is looked whether they are there.
const LOOK: Duration = Duration::from_secs(1);
/// How a file is called that was found in a folder that took the place of the one in use.
const FOUND: &str = "found";

/// The settings of a running service. Cheap to clone.
#[derive(Clone)]
pub(super) struct Settings(Arc<Remembering>);

struct Remembering {
    folder: PathBuf,
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    /// The folder that they were read in.
    folder: Option<Identity>,
    files: BTreeMap<&'static str, Kept>,
}

type Stamp = (Option<Identity>, u64, Option<SystemTime>);

#[derive(Clone)]
struct Kept {
    /// What tells without reading whether the file is another one.
    stamp: Stamp,
    bytes: Zeroizing<Vec<u8>>,
}

impl Settings {
    /// Reads them.
    pub(super) fn of(folder: &Path) -> Self {
        let settings = Self(Arc::new(Remembering { folder: folder.to_owned(), remembered: Mutex::default() }));
        settings.look();
        settings
    }

    /// Looks again and again, until the service closes.
    pub(super) async fn watch(self, mut closing: watch::Receiver<bool>) {
        while timeout(LOOK, closing.wait_for(|closing| *closing)).await.is_err() {
            let settings = self.clone();
            if tokio::task::spawn_blocking(move || settings.look()).await.is_err() {
                tracing::error!("the settings could not be looked after because of a fault");
            }
        }
    }

    fn look(&self) {
        if let Err(error) = self.put_back() {
            tracing::warn!(%error, "the settings went away and could not be put back yet; it is tried again");
        }
    }

    /// Remembers what has changed, and writes what went away with its file or its folder.
    pub(super) fn put_back(&self) -> Result<(), config::Error> {
        let Remembering { folder, remembered } = &*self.0;
        let mut remembered = lock(remembered);
        // While there is no folder, the record makes it again.
        let Some(found) = Identity::of(folder).ok().flatten() else { return Ok(()) };
        let is_another = remembered.folder.is_some_and(|known| known != found);
        for name in FILES {
            remembered.look_after(folder, name, is_another)?;
        }
        remembered.folder = Some(found);
        Ok(())
    }
}

impl Remembered {
    fn look_after(&mut self, folder: &Path, name: &'static str, is_another: bool) -> Result<(), config::Error> {
        let path = folder.join(name);
        let known = self.files.get(name).cloned();
        match (read(&path, known.as_ref().map(|kept| &kept.stamp)), known) {
            // What lies in another folder is not what this service runs with.
            (Found::Changed(found), Some(known)) if is_another && found.bytes != known.bytes => {
                tracing::warn!(name, "the data folder was exchanged; the settings in use are put back");
                folder::write_atomically(&folder.join(format!("{name}.{FOUND}")), &found.bytes)?;
                folder::write_atomically(&path, &known.bytes)
            }
            (Found::Gone, Some(known)) => {
                tracing::warn!(name, "the settings went away while they were in use; they are put back");
                folder::write_atomically(&path, &known.bytes)
            }
            (Found::Changed(found), _) => {
                // Half of a file is not worth remembering.
                if name != config::FILE_NAME || serde_json::from_slice::<Config>(&found.bytes).is_ok() {
                    self.files.insert(name, found);
                }
                Ok(())
            }
            (Found::Gone | Found::AsBefore, _) => Ok(()),
        }
    }
}

enum Found {
    Changed(Kept),
    AsBefore,
    Gone,
}

fn read(path: &Path, known: Option<&Stamp>) -> Found {
    let stamp = match fs::metadata(path) {
        Ok(found) => (Identity::of(path).ok().flatten(), found.len(), found.modified().ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Found::Gone,
        Err(_) => return Found::AsBefore,
    };
    if known == Some(&stamp) {
        return Found::AsBefore;
    }
    match fs::read(path) {
        Ok(bytes) => Found::Changed(Kept { stamp, bytes: Zeroizing::new(bytes) }),
        Err(_) => Found::AsBefore,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies in a folder, as text.
    fn contents(folder: &Path) -> String {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let line = |path: &PathBuf| {
            let text = String::from_utf8(fs::read(path).unwrap()).unwrap();
            let token = text.split('"').find(|part| part.starts_with("token-")).unwrap_or(&text);
            format!("{} {token}", path.file_name().unwrap().to_string_lossy())
        };
        names.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    fn write(folder: &Path, token: &str) {
        fs::create_dir_all(folder).unwrap();
        let config = Config { token: format!("token-{token}"), ..Config::new() };
        fs::write(folder.join(config::FILE_NAME), serde_json::to_vec(&config).unwrap()).unwrap();
    }

    #[test]
    fn settings_outlive_what_happens_to_their_files() {
        type Deed = fn(&Path);
        let deeds: [(&str, Deed); 6] = [
            ("nothing", |_| {}),
            ("the file is deleted", |folder| fs::remove_file(folder.join(config::FILE_NAME)).unwrap()),
            ("all files are", |folder| {
                fs::remove_file(folder.join(config::FILE_NAME)).unwrap();
                fs::remove_file(folder.join(vault::FILE_NAME)).unwrap();
            }),
            ("a setting is changed", |folder| write(folder, "changed")),
            ("the folder is made anew", |folder| {
                fs::remove_dir_all(folder).unwrap();
                fs::create_dir(folder).unwrap();
            }),
            ("another folder takes its place", |folder| {
                fs::rename(folder, folder.with_extension("before")).unwrap();
                write(folder, "theirs");
            }),
        ];
        let after = deeds.map(|(name, deed)| {
            let home = tempfile::tempdir().unwrap();
            let folder = home.path().join("data");
            write(&folder, "ours");
            fs::write(folder.join(vault::FILE_NAME), b"{}").unwrap();
            let settings = Settings::of(&folder);
            deed(&folder);
            settings.put_back().unwrap();
            settings.put_back().unwrap();
            format!("{name}: {}", contents(&folder))
        });
        expect_test::expect![[r#"
            nothing: config.json token-ours, secrets.json {}
            the file is deleted: config.json token-ours, secrets.json {}
            all files are: config.json token-ours, secrets.json {}
            a setting is changed: config.json token-changed, secrets.json {}
            the folder is made anew: config.json token-ours, secrets.json {}
            another folder takes its place: config.json token-ours, config.json.found token-theirs, secrets.json {}"#]]
        .assert_eq(&after.join("\n"));
    }

    #[test]
    fn without_a_folder_nothing_is_made() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data");
        write(&folder, "ours");
        let settings = Settings::of(&folder);
        fs::remove_dir_all(&folder).unwrap();
        settings.put_back().unwrap();
        assert!(!folder.exists(), "the record is made first");
    }
}
