//! Who writes on this installation: a person, by an id that stays and a name that may change, and the installation itself.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Config, Error, update};

/// Who writes, as `config.json` keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The person's id, random.
    #[serde(default)]
    pub id: String,
    /// What the person wants to be called; none until it was said.
    #[serde(default)]
    pub name: Option<String>,
    /// The installation's id, random.
    #[serde(default)]
    pub device: String,
}

impl Author {
    /// Who writes in this data folder; made at the first time.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        match Config::load(folder)?.and_then(|config| config.author) {
            Some(author) if !author.id.is_empty() && !author.device.is_empty() => Ok(author),
            _ => Self::change(folder, |_| {}),
        }
    }

    /// Says what the person wants to be called; an empty name takes it back.
    pub fn rename(folder: &Path, name: &str) -> Result<Self, Error> {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        Self::change(folder, |author| author.name = name)
    }

    fn change(folder: &Path, change: impl FnOnce(&mut Self)) -> Result<Self, Error> {
        Config::load_or_create(folder)?;
        let config = update(folder, |config| {
            let author = config.author.get_or_insert_default();
            for id in [&mut author.id, &mut author.device] {
                if id.is_empty() {
                    *id = hex::encode(rand::random::<[u8; 8]>());
                }
            }
            change(author);
        })?;
        Ok(config.author.unwrap_or_default())
    }

    /// What the person is called: until it was said, as on this computer.
    pub fn called(&self) -> String {
        let of_system = || ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
        self.name.clone().or_else(of_system).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_writes_keeps_the_id_and_may_change_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let first = Author::of(folder.path()).unwrap();
        assert_eq!((first.id.len(), first.device.len(), &first.name), (16, 16, &None), "made at the first time");
        assert_eq!(Author::of(folder.path()).unwrap(), first, "and kept");
        let named = Author::rename(folder.path(), " Ann ").unwrap();
        assert_eq!((named.called().as_str(), &named.id), ("Ann", &first.id), "another name, the same person");
        assert_eq!(Author::rename(folder.path(), " ").unwrap(), first, "taken back");
    }
}
