//! Whether a name still leads to the file that was opened under it.
//!
//! A sync client, a cleaner or another computer can delete, rename or exchange a file that is in use. Whoever has it open goes on
//! reading and writing what nobody will find again, and is told nothing of it. So which file a name leads to is noted when it is
//! opened, and looked up again before anything is vouched for. That is a question to the file system and never a second handle:
//! closing one would give up SQLite's locks on the file.

use crate::lock::lock;
use crate::store::loss::Loss;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use file_id::FileId;

use crate::store::error::Error;
use crate::store::files::sidecars::with_sidecars;

/// Which file or folder a name leads to: device and inode, or the file id on Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What has the name.
    named: FileId,
    /// Where that leads, if it is a link.
    target: Option<FileId>,
}

impl Identity {
    /// Looks it up; `None` where the name leads nowhere.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        match look_up(path) {
            Ok((identity, _)) => Ok(Some(identity)),
            Err(error) if leads_nowhere(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn leads_nowhere(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The identity, and the length of the file.
fn look_up(path: &Path) -> io::Result<(Identity, u64)> {
    let found = fs::symlink_metadata(path)?;
    let named = id_of(path, &found)?;
    if !found.is_symlink() {
        return Ok((Identity { named, target: None }, found.len()));
    }
    let target = fs::metadata(path)?;
    Ok((Identity { named, target: Some(id_of(path, &target)?) }, target.len()))
}

#[cfg(unix)]
fn id_of(_path: &Path, found: &fs::Metadata) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(FileId::new_inode(found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn id_of(path: &Path, _found: &fs::Metadata) -> io::Result<FileId> {
    file_id::get_file_id(path)
}

/// A database and what SQLite keeps beside it, as they were when it was opened. What was not there then is not looked for.
#[derive(Debug)]
struct Opened {
    files: Vec<(PathBuf, Identity)>,
    /// The database's length, as it was last seen.
    length: u64,
}

impl Opened {
    fn now(database: &Path) -> Self {
        let files = with_sidecars(database).filter_map(|path| Some((path.clone(), Identity::of(&path).ok()??)));
        Self { files: files.collect(), length: 0 }
    }

    fn loss(&mut self, database: &Path) -> Option<Loss> {
        for (path, opened) in &self.files {
            let name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match look_up(path) {
                Ok((found, _)) if found != *opened => return Some(Loss::Exchanged(name())),
                Ok((_, length)) if path == database => {
                    if length < self.length {
                        return Some(Loss::WrittenOver(name()));
                    }
                    self.length = length;
                }
                Err(error) if leads_nowhere(&error) => return Some(Loss::Gone(name())),
                // The rest is well, or cannot be told, such as in a folder that must not be looked into: that is no change.
                Ok(_) | Err(_) => {}
            }
        }
        None
    }
}

/// The databases that the writer has open. Everybody in this process who opens one of them by its name asks here: SQLite would
/// join another file to the log of the one that is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held(Arc<Mutex<BTreeMap<PathBuf, Opened>>>);

impl Held {
    /// Notes what was just opened under this name.
    pub(crate) fn note(&self, database: &Path) {
        self.all().insert(database.to_owned(), Opened::now(database));
    }

    /// It is not open any more.
    pub(crate) fn forget(&self, database: &Path) {
        self.all().remove(database);
    }

    /// None is open any more.
    pub(crate) fn forget_all(&self) {
        self.all().clear();
    }

    /// What became of it; `None` while all is well, and for what is not open.
    pub(crate) fn loss(&self, database: &Path) -> Option<Loss> {
        self.all().get_mut(database)?.loss(database)
    }

    /// [`Held::loss`] as an error.
    pub(crate) fn check(&self, database: &Path) -> Result<(), Error> {
        self.loss(database).map_or(Ok(()), |loss| Err(Error::Exchanged(loss)))
    }

    /// True when a name leads to a file that is open as part of this database.
    pub(crate) fn is_ours(&self, database: &Path, name: &Path) -> bool {
        let all = self.all();
        let opened = all.get(database).and_then(|opened| opened.files.iter().find(|(path, _)| path == name));
        opened.is_some_and(|(_, opened)| Identity::of(name).is_ok_and(|found| found == Some(*opened)))
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Opened>> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with a log, as noted when it was opened; what is done to it, and what that is called.
    #[test]
    fn what_became_of_a_file_is_told() {
        type Deed = fn(&Path);
        let deeds: [(&str, Deed); 8] = [
            ("nothing", |_| {}),
            ("it grows", |folder| fs::write(folder.join("a.db"), b"longer").unwrap()),
            ("it is cut", |folder| fs::write(folder.join("a.db"), b"").unwrap()),
            ("it is deleted", |folder| fs::remove_file(folder.join("a.db")).unwrap()),
            ("its log is deleted", |folder| fs::remove_file(folder.join("a.db-wal")).unwrap()),
            ("a folder has its name", |folder| {
                fs::rename(folder.join("a.db"), folder.join("b.db")).unwrap();
                fs::create_dir(folder.join("a.db")).unwrap();
            }),
            ("a copy has its name", |folder| {
                fs::rename(folder.join("a.db"), folder.join("b.db")).unwrap();
                fs::copy(folder.join("b.db"), folder.join("a.db")).unwrap();
            }),
            ("all are deleted", |folder| fs::remove_dir_all(folder).unwrap()),
        ];
        let told = deeds.map(|(name, deed)| {
            let home = tempfile::tempdir().unwrap();
            let folder = home.path().join("data");
            fs::create_dir(&folder).unwrap();
            let database = folder.join("a.db");
            fs::write(&database, b"long").unwrap();
            fs::write(folder.join("a.db-wal"), b"log").unwrap();
            let held = Held::default();
            held.note(&database);
            assert_eq!(held.loss(&database), None, "{name}: nothing was done yet");
            deed(&folder);
            format!("{name}: {}", held.loss(&database).map_or("well".to_owned(), |loss| loss.to_string()))
        });
        expect_test::expect![[r#"
            nothing: well
            it grows: well
            it is cut: Another program wrote over a.db while it was in use
            it is deleted: The file a.db was deleted, moved or renamed while it was in use
            its log is deleted: The file a.db-wal was deleted, moved or renamed while it was in use
            a folder has its name: Another file was put in the place of a.db while that was in use
            a copy has its name: Another file was put in the place of a.db while that was in use
            all are deleted: The file a.db was deleted, moved or renamed while it was in use"#]]
        .assert_eq(&told.join("\n"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_told_from_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let (name, real) = (folder.path().join("a.db"), folder.path().join("real.db"));
        fs::write(&name, b"x").unwrap();
        let file = Identity::of(&name).unwrap();
        fs::rename(&name, &real).unwrap();
        std::os::unix::fs::symlink(&real, &name).unwrap();
        let link = Identity::of(&name).unwrap();
        assert_ne!(link, file, "SQLite would look for the log beside the other name");
        assert!(link.is_some(), "but it leads somewhere");
        fs::remove_file(&real).unwrap();
        assert_eq!(Identity::of(&name).unwrap(), None, "now it does not");
    }
}
